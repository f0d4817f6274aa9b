"""A real browser signs in at a provider on another site and comes back: strict cookies, policy and all."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from http.client import HTTPConnection
from pathlib import Path

import pytest

from mingjian.host.home import Home
from mingjian.people.models import Person
from tools.browser import opened_browser

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def provider(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An OpenID provider nobody here wrote; under "localhost" it is another site than 127.0.0.1."""
    port = home.media_port
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port)]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline_s = time.monotonic() + 60
        while not _answers(port):
            assert time.monotonic() < deadline_s, "the provider does not come up"
            time.sleep(0.1)
        secret = tmp_path / "oidc.secret"
        secret.write_text("of-the-client")
        secret.chmod(0o600)
        monkeypatch.setenv("MINGJIAN_OIDC_SECRET_FILE", str(secret))
        issuer = f"http://localhost:{port}"
        monkeypatch.setenv("MINGJIAN_OIDC_ISSUER", issuer)
        monkeypatch.setenv("MINGJIAN_OIDC_CLIENT_ID", "mingjian")
        monkeypatch.setenv("MINGJIAN_OIDC_CLAIM", "sub")
        yield issuer
    finally:
        process.terminate()
        process.wait(10)


def test_browser_comes_back_from_another_site_signed_in_and_where_it_wanted_to_go(
    provider: str,
    home: Home,
    hire: Callable[..., Person],
    serving: Callable[[Home], AbstractContextManager[None]],
) -> None:
    hire("student", "学生")
    address = f"http://127.0.0.1:{home.port}"
    with serving(home), opened_browser() as opened:
        page = opened.new_page()
        page.goto(f"{address}/sessions/")
        page.get_by_role("link", name="学校账号（OIDC）登录").click()
        page.wait_for_url(f"{provider}/**")
        page.fill("input[name=sub]", "student")
        page.keyboard.press("Enter")
        page.wait_for_url(f"{address}/sessions/")

        assert page.locator(".capacity").inner_text().startswith("学生")
        (cookie,) = [cookie for cookie in page.context.cookies() if cookie["name"] == "mingjian_session"]
        assert cookie["sameSite"] == "Strict"


def _answers(port: int) -> bool:
    line = HTTPConnection("localhost", port, timeout=2)
    try:
        line.request("GET", "/.well-known/openid-configuration")
        return line.getresponse().status == 200
    except OSError:
        return False
    finally:
        line.close()
