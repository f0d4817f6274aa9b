"""Pages in a real browser: axe finds nothing, nothing scrolls sideways, nothing breaks the policy."""

import http.client
import io
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.db import connection
from PIL import Image
from playwright.sync_api import Browser, BrowserContext

from mingjian.base.clock import SystemClock
from mingjian.base.ticks import TICKS_PER_S
from mingjian.duty import usecases as duty
from mingjian.host.home import Home
from mingjian.people import acts
from mingjian.people.capacity import Acting, first_capacity
from mingjian.people.models import Person
from mingjian.registry.models import Camera
from mingjian.viewing import usecases as viewing
from mingjian.viewing.examining import examine
from tools.browser import opened_browser

pytestmark = pytest.mark.django_db(transaction=True)
HOUR_90K = 3600 * TICKS_PER_S
# Language, theme and width do not depend on one another: two looks meet every value of each.
LOOKS = (("zh-hans", "light", 1440), ("en", "dark", 360))


@dataclass(frozen=True, slots=True)
class Site:
    """A web process of ours with two accounts, one page to play and one point's dossier."""

    address: str
    playback: str
    dossier: str


@pytest.fixture
def site(
    operator: Person,
    outsider: Person,
    register: Callable[..., Camera],
    act_as: Callable[..., Acting],
    founded: Home,
    home: Home,
) -> Iterator[Site]:
    clock = SystemClock()
    now_90k = clock.utc()
    cameras = [register(name=name) for name in ("南门", "自行车棚", "图书馆大厅")]
    acting = act_as(operator)
    duty.start_shift(acting=acting, campus="lingshui", actor=acts.of(acting), clock=clock)
    session = viewing.issue_session(
        person=operator,
        cameras=cameras[:2],
        start_90k=now_90k - HOUR_90K,
        end_90k=now_90k,
        purpose="自行车失窃查找",
        valid_until_90k=now_90k + HOUR_90K,
        issued_by=None,
        actor=acts.SHELL,
        clock=clock,
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_sequence(1, 1000)")
    with serving(home):
        yield Site(
            address=f"http://127.0.0.1:{home.port}",
            playback=f"/playback/{session.pk}/",
            dossier=f"/cameras/{cameras[0].pk}/",
        )


@contextmanager
def serving(ports: Home) -> Iterator[None]:
    """Run the web process on the test's database until the block ends."""
    environment = {
        **os.environ,
        "MINGJIAN_HOME": str(settings.HOME.root),
        "MINGJIAN_PORT": str(ports.port),
        "MINGJIAN_MEDIA_PORT": str(ports.media_port),
        "MINGJIAN_PG_NAME": str(connection.settings_dict["NAME"]),
        "MINGJIAN_PG_SCOPE": "",
    }
    command = [sys.executable, "-m", "uvicorn", "mingjian.console.asgi:application", "--port", str(ports.port)]
    process = subprocess.Popen([*command, "--log-level", "warning"], env=environment)
    try:
        deadline = time.monotonic() + 20
        while not answers(ports.port):
            assert process.poll() is None, "the web process ended"
            assert time.monotonic() < deadline, "the web process does not answer"
            time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.wait(10)


def answers(port: int) -> bool:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        line.request("GET", "/healthz")
        return line.getresponse().status == 200
    except OSError:
        return False
    finally:
        line.close()


def enter(browser: Browser, site: Site, username: str) -> BrowserContext:
    """Sign in by hand and return the context that is signed in."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{site.address}/ledger/")
    page.fill("#id_username", username)
    page.fill("#id_password", "correct horse battery")
    page.click("main button")
    assert page.url == f"{site.address}/ledger/"
    page.close()
    return context


def faults(context: BrowserContext, site: Site, path: str, look: tuple[str, str, int]) -> list[str]:
    """Open a page in one look and return everything that one would not show."""
    language, theme, width = look
    context.add_cookies(
        [
            {"name": "mingjian_language", "value": language, "url": site.address},
            {"name": "mingjian_theme", "value": theme, "url": site.address},
        ]
    )
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 900})
    found: list[str] = []
    page.on("pageerror", lambda error: found.append(f"{path}: {error}"))
    page.on("console", lambda told: found.append(f"{path}: {told.text}") if "Content Security" in told.text else None)
    page.goto(f"{site.address}{path}")
    page.wait_for_selector("main h1")
    scroll_width = page.evaluate("document.documentElement.scrollWidth")
    if scroll_width > width:
        found.append(f"{path}: {scroll_width} px wide at {width} ({look})")
    for violation in Axe().run(page).response["violations"]:
        found.append(f"{path}: {violation['id']} {[node['target'] for node in violation['nodes']]} ({look})")
    if language == "en":
        left = page.evaluate("document.body.innerText.match(/[一-鿿]{2,}(?=[^一-鿿]*)/g) || []")
        known = {
            "南门",
            "自行车棚",
            "图书馆大厅",
            "校门",
            "保卫处",
            "张工",
            "赵同学",
            "自行车失窃查找",
            "失窃",
            "误签",
            "任命文件",
            "简体中文",
        }
        found += [f"{path}: untranslated {text}" for text in left if text not in known]
    page.close()
    return found


def apply_twice(outsider: Person, register: Callable[..., Camera]) -> tuple[str, str]:
    """Send two applications, one with a photograph and one whose footage waits for its release; return their ids."""
    register(name="南门")
    clock = SystemClock()
    now_90k = clock.utc()
    wish = viewing.Wish(
        incident_kind="theft",
        reason="失窃",
        campus="lingshui",
        building="校门",
        start_90k=now_90k - HOUR_90K,
        end_90k=now_90k - HOUR_90K // 2,
        phone="138",
    )
    applicant = first_capacity(outsider, now_90k=now_90k)
    drawn = io.BytesIO()
    Image.new("RGB", (64, 48), (90, 120, 90)).save(drawn, format="JPEG")
    photograph = examine(name="bicycle.jpg", content=drawn.getvalue())
    open_one, withdrawn = (
        viewing.submit(acting=applicant, wish=wish, attachments=[photograph], clock=clock) for _ in range(2)
    )
    viewing.withdraw(application=withdrawn, version=1, actor=acts.of(applicant), clock=clock)
    return str(open_one.pk), str(withdrawn.pk)


def test_pages_of_an_application_are_fit_to_be_shown(
    outsider: Person, hire: Callable[..., Person], register: Callable[..., Camera], founded: Home, home: Home
) -> None:
    hire("qian", "张工", ("reviewer", "security-office-campus"))
    hire("feng", "张工", ("manager", "library"))
    open_one, withdrawn = apply_twice(outsider, register)
    found: list[str] = []
    with serving(home), opened_browser() as opened:
        site = Site(address=f"http://127.0.0.1:{home.port}", playback="", dossier="")
        people = {name: enter(opened, site, name) for name in ("qian", "zhao", "feng")}
        pages = (
            ("zhao", "/viewings/apply/"),
            ("zhao", f"/viewings/{open_one}/"),
            ("zhao", f"/viewings/{withdrawn}/"),
            ("qian", "/viewing-desk/"),
            ("qian", f"/viewing-desk/{open_one}/"),
            ("qian", "/viewing-holds/"),
            ("qian", "/viewing-register/"),
            ("feng", "/viewing-desk/"),
            ("feng", "/viewing-desk/assist/"),
        )
        for look in LOOKS:
            for name, path in pages:
                found += faults(people[name], site, path, look)

    assert found == []


def test_every_page_is_fit_to_be_shown(site: Site) -> None:
    found: list[str] = []
    with opened_browser() as opened:
        operator, outsider, nobody = (
            enter(opened, site, "zhang"),
            enter(opened, site, "zhao"),
            opened.new_context(),
        )
        pages = [
            *(
                (operator, path)
                for path in (
                    "/",
                    "/wall/",
                    "/cameras/",
                    site.dossier,
                    "/viewings/",
                    "/ledger/",
                    "/sessions/",
                    "/capacity/",
                    "/articles/",
                    "/matrix/",
                    site.playback,
                )
            ),
            *((outsider, path) for path in ("/", "/wall/", "/viewings/", "/nowhere/")),
            (nobody, "/sign-in/"),
        ]
        for look in LOOKS:
            for context, path in pages:
                found += faults(context, site, path, look)

    assert found == []


def test_pages_about_people_are_fit_to_be_shown(site: Site, operator: Person, hire: Callable[..., Person]) -> None:
    hire("keeper", "Keeper", ("system_administrator", "security-office"))
    hire("head", "Head", ("principal", "security-office-campus"))
    found: list[str] = []
    with opened_browser() as opened:
        keeper, head = enter(opened, site, "keeper"), enter(opened, site, "head")
        pages = [
            (keeper, "/people/"),
            (keeper, "/people/new/"),
            (keeper, f"/people/{operator.pk}/"),
            (head, f"/people/{operator.pk}/"),
            (head, "/people/?q=nobody"),
            (head, "/password/"),
        ]
        for look in LOOKS:
            for context, path in pages:
                found += faults(context, site, path, look)

    assert found == []


def test_wall_takes_points_from_its_tree_and_remembers_them(site: Site) -> None:
    with opened_browser() as opened:
        page = enter(opened, site, "zhang").new_page()
        page.set_viewport_size({"width": 1440, "height": 900})
        page.goto(f"{site.address}/wall/?layout=4")
        page.wait_for_selector(".mj-wall__tile mj-player")

        page.keyboard.press("/")
        page.keyboard.type("车棚")
        fitting = page.locator("a[data-camera]:visible")
        assert fitting.all_inner_texts() == ["自行车棚"]
        page.locator(".mj-wall__tile").nth(3).focus()
        fitting.press("Enter")
        page.locator(".mj-wall__tile").nth(0).focus()
        page.keyboard.press("Delete")
        page.keyboard.press("6")
        page.goto(f"{site.address}/wall/")
        page.wait_for_selector(".mj-wall__tile mj-player")

        labels = [str(tile.get_attribute("aria-label")) for tile in page.locator(".mj-wall__tile").all()]
        assert len(labels) == 16
        assert labels[3].endswith("自行车棚")
        assert page.locator("mj-player").count() == 2
