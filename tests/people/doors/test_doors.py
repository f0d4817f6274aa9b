"""Which doors the settings open, how a server outside is asked, and what a page says when it cannot be."""

import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from mingjian.people import doors, fetching
from mingjian.people.doors import Door, DoorError
from mingjian.people.fetching import Ask
from mingjian.people.models import Person

LDAP = {"MINGJIAN_LDAP_URL": "ldaps://ldap.campus.test", "MINGJIAN_LDAP_BASE": "dc=campus,dc=test"}


def test_no_setting_opens_no_door(operator: Person) -> None:
    assert doors.read({}) == doors.Doors(None, None, None, ())
    assert [Client().get(f"/sign-in/{name}/").status_code for name in ("cas", "oidc", "ldap")] == [404] * 3
    assert "/sign-in/cas/" not in Client().get("/sign-in/").content.decode()


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ({"MINGJIAN_CAS_URL": "http://cas.campus.test/cas"}, "MINGJIAN_CAS_URL"),
        ({"MINGJIAN_CAS_URL": "https://user:secret@cas.campus.test"}, "MINGJIAN_CAS_URL"),
        ({"MINGJIAN_CAS_URL": "https://cas.campus.test:port/"}, "MINGJIAN_CAS_URL"),
        ({"MINGJIAN_CAS_URL": "https://cas.campus.test/?a=b"}, "MINGJIAN_CAS_URL"),
        ({"MINGJIAN_OIDC_ISSUER": "https://id.campus.test"}, "MINGJIAN_OIDC_CLIENT_ID"),
        ({"MINGJIAN_OIDC_ISSUER": "ftp://id.test", "MINGJIAN_OIDC_CLIENT_ID": "m"}, "MINGJIAN_OIDC_ISSUER"),
        (LDAP | {"MINGJIAN_LDAP_URL": "http://ldap.campus.test"}, "MINGJIAN_LDAP_URL"),
        (LDAP | {"MINGJIAN_LDAP_BASE": ""}, "MINGJIAN_LDAP_BASE"),
        (LDAP | {"MINGJIAN_LDAP_ATTRIBUTE": "uid=*)(cn"}, "MINGJIAN_LDAP_ATTRIBUTE"),
    ],
)
def test_a_setting_at_fault_keeps_its_door_shut_and_no_other(written: dict[str, str], fault: str) -> None:
    sound = {"MINGJIAN_CAS_URL": "https://cas.campus.test"} if "LDAP" in fault else LDAP

    found = doors.read(sound | written)

    assert found.faults == (fault,)
    assert [found.cas, found.oidc, found.ldap].count(None) == 2


def test_sign_in_page_offers_the_doors_that_stand_open_and_carries_where_one_wanted_to_go(
    settings: Any, db: None
) -> None:
    settings.SIGN_IN_DOORS = {"MINGJIAN_CAS_URL": "https://cas.campus.test", **LDAP}

    page = Client().get("/sign-in/", {"next": '/ledger/?kind=a"b'}).content.decode()

    assert 'href="/sign-in/cas/?next=%2Fledger%2F%3Fkind%3Da%22b"' in page
    assert "/sign-in/ldap/?next=" in page
    assert "/sign-in/oidc/" not in page


@pytest.mark.parametrize("url", ["http://127.0.0.1:{other}/", "ftp://127.0.0.1:{port}/", "http://a@127.0.0.1:{port}/"])
def test_fetch_asks_no_host_that_is_not_configured(url: str) -> None:
    hosts = frozenset({"127.0.0.1:9"})
    with pytest.raises(DoorError, match=r"people\.door_answer"):
        fetching.fetch(Ask(Door.CAS, url.format(port=9, other=10), hosts, None))


def test_fetch_follows_no_redirect(saying: Callable[..., Any]) -> None:
    with saying(b"", status=302, headers={"Location": "http://127.0.0.1:1/"}) as url:
        assert fetching.fetch(Ask(Door.CAS, url, frozenset({url[7:]}), None)).status == 302


def test_fetch_reads_no_more_than_its_bound(saying: Callable[..., Any]) -> None:
    with saying(b"x" * (fetching.LONGEST_BYTES + 1)) as url, pytest.raises(DoorError, match="too_long"):
        fetching.fetch(Ask(Door.CAS, url, frozenset({url[7:]}), None))


def test_fetch_waits_no_longer_than_its_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "PATIENCE_S", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as mute:
        host = f"127.0.0.1:{mute.getsockname()[1]}"
        began_s = time.monotonic()
        with pytest.raises(DoorError, match=r"people\.door_away"):
            fetching.fetch(Ask(Door.OIDC, f"http://{host}/", frozenset({host}), None))
    assert time.monotonic() - began_s < 5


@pytest.mark.parametrize(("days", "code"), [(30, None), (-3, "people.door_certificate")])
def test_fetch_trusts_the_campus_authority_but_no_certificate_that_has_ended(
    days: int, code: str | None, authority: Any, saying: Callable[..., Any]
) -> None:
    with saying(b"here", tls=authority.certify("idp", days=days)) as url:
        ask = Ask(Door.OIDC, url, frozenset({url[8:]}), authority.file)
        if code is None:
            assert fetching.fetch(ask).body == b"here"
            return
        with pytest.raises(DoorError, match=code):
            fetching.fetch(ask)


def test_fetch_trusts_no_certificate_of_an_authority_nobody_named(authority: Any, saying: Callable[..., Any]) -> None:
    with saying(b"here", tls=authority.certify("idp")) as url, pytest.raises(DoorError, match="certificate"):
        fetching.fetch(Ask(Door.OIDC, url, frozenset({url[8:]}), None))


@pytest.mark.parametrize("name", ["cas", "oidc"])
def test_a_page_says_what_to_do_while_the_door_is_down_and_the_local_password_still_opens(
    name: str, settings: Any, operator: Person, free_port: int
) -> None:
    server = f"http://127.0.0.1:{free_port}"
    settings.SIGN_IN_DOORS = {
        "MINGJIAN_CAS_URL": server,
        "MINGJIAN_OIDC_ISSUER": server,
        "MINGJIAN_OIDC_CLIENT_ID": "mingjian",
    }
    client = Client()
    page = client.get(f"/sign-in/{name}/")
    if name == "cas":
        # CAS is asked only on the way back.
        state = page["Location"].rpartition("state%3D")[2]
        page = client.get("/sign-in/cas/back/", {"state": state, "ticket": "ST-1"})

    assert page.status_code == 503
    assert "people.door_away" in page.content.decode()
    signed = client.post("/sign-in/", {"username": "zhang", "password": "correct horse battery"})
    assert signed.status_code == 302


def test_a_certificate_at_fault_is_told_to_the_person(
    settings: Any, operator: Person, authority: Any, saying: Callable[..., Any]
) -> None:
    with saying(b"{}", tls=authority.certify("idp", days=-3)) as url:
        settings.SIGN_IN_DOORS = {
            "MINGJIAN_OIDC_ISSUER": url,
            "MINGJIAN_OIDC_CLIENT_ID": "mingjian",
            "MINGJIAN_DOORS_CA_FILE": str(authority.file),
        }
        page = Client().get("/sign-in/oidc/")

    assert page.status_code == 502
    assert "证书不可信或已过期" in page.content.decode()


def test_a_secret_that_others_may_read_is_not_used(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text("s")
    path.chmod(0o644)
    with pytest.raises(DoorError, match=r"people\.door_secret") as raised:
        doors.secret(path, door=Door.OIDC)
    assert str(path) not in str(raised.value)
