"""Signing in by the campus's CAS, against django-cas-server in a process of its own."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.test import Client

from mingjian.base.clock import SimulatedClock, SystemClock
from mingjian.people import accounts, acts, begun, cas, leaving, usecases
from mingjian.people.doors import Cas, DoorError
from mingjian.people.models import Person, SignInNoise

PASSWORD = "correct horse battery"
Written = Callable[[], list[dict[str, Any]]]


@pytest.fixture(autouse=True)
def door(settings: Any, cas_url: str) -> None:
    settings.SIGN_IN_DOORS = {"MINGJIAN_CAS_URL": cas_url}


def away(client: Client, browser: Any, *, username: str = "zhang", wanted: str = "/") -> str:
    """Leave for the CAS, sign in there, and return the address that the browser is sent back to."""
    left = client.get("/sign-in/cas/", {"next": wanted})
    assert left.status_code == 302
    return str(browser.sign_in_at_cas(left["Location"], username=username))


def kinds(written: Written) -> list[str]:
    return [act["kind"] for act in written()]


def test_cas_signs_in_the_account_of_its_name_and_tells_the_ledger_by_which_door(
    operator: Person, written: Written, campus_browser: Any
) -> None:
    client = Client()
    back = away(client, campus_browser, wanted="/capacity/?next=/wall/")

    page = client.get(back)

    assert page.status_code == 200
    # A page that leads on, so that the strict cookie of the session goes along.
    assert 'content="0;url=/capacity/?next=/wall/"' in page.content.decode()
    assert client.get("/sessions/").status_code == 200
    (act,) = [act for act in written() if act["kind"].startswith("people.signed_in")]
    assert (act["kind"], act["actor"]["id"]) == ("people.signed_in_by_cas", str(operator.pk))
    assert client.cookies[begun.COOKIE].value == ""


def test_cas_is_told_nothing_but_our_address_and_an_opaque_mark(operator: Person) -> None:
    left = Client().get("/sign-in/cas/", {"next": "/viewings/?secret=yes"})

    (service,) = parse_qs(urlsplit(left["Location"]).query)["service"]
    assert service.startswith("http://testserver/sign-in/cas/back/?state=")
    assert "secret" not in left["Location"]
    cookie = left.cookies[begun.COOKIE]
    assert (cookie["samesite"], cookie["httponly"], cookie["path"]) == ("Lax", True, "/sign-in/")


def test_cas_ticket_is_refused_when_it_is_used_again(operator: Person, written: Written, campus_browser: Any) -> None:
    client = Client()
    back = away(client, campus_browser)
    carried = client.cookies[begun.COOKIE].value
    assert client.get(back).status_code == 200
    thief = Client()
    thief.cookies[begun.COOKIE] = carried

    again = thief.get(back)

    assert again.status_code == 403
    assert "people.door_ticket" in again.content.decode()
    assert thief.get("/sessions/").status_code == 302
    assert kinds(written) == ["people.signed_in_by_cas"]


def test_cas_ticket_is_refused_in_a_browser_that_did_not_ask_for_it(operator: Person, campus_browser: Any) -> None:
    back = away(Client(), campus_browser)
    victim = Client()

    assert victim.get(back).status_code == 403
    # With a sign-in of its own begun, the mark is another.
    victim.get("/sign-in/cas/")
    assert "people.door_stale" in victim.get(back).content.decode()
    assert victim.get("/sessions/").status_code == 302


def test_cas_ticket_for_another_service_is_refused(operator: Person, campus_browser: Any, cas_url: str) -> None:
    foreign = campus_browser.sign_in_at_cas(
        f"{cas_url}/login?{urlencode({'service': 'http://another.test/'})}", username="zhang"
    )
    (ticket,) = parse_qs(urlsplit(foreign).query)["ticket"]
    client = Client()
    service = parse_qs(urlsplit(client.get("/sign-in/cas/")["Location"]).query)["service"][0]

    page = client.get(f"{service}&{urlencode({'ticket': ticket})}")

    assert page.status_code == 403
    assert "people.door_ticket" in page.content.decode()


def test_cas_makes_no_account(operator: Person, campus_browser: Any) -> None:
    client = Client()
    page = client.get(away(client, campus_browser, username="nobody-here"))

    assert page.status_code == 403
    assert "people.door_no_account" in page.content.decode()
    assert not Person.objects.filter(username="nobody-here").exists()
    assert SignInNoise.objects.get().attempts == 1


@pytest.mark.parametrize("shut", ["suspended", "closed", "locked"])
def test_cas_opens_no_account_that_is_shut(shut: str, operator: Person, written: Written, campus_browser: Any) -> None:
    match shut:
        case "suspended":
            accounts.suspend(person=operator, reason="离岗", actor=acts.SHELL, clock=SystemClock())
        case "closed":
            leaving.close_account(person=operator, actor=acts.SHELL, clock=SystemClock())
        case _:
            for _time in range(5):
                usecases.sign_in(username="zhang", password="wrong", clock=SystemClock())
    client = Client()

    page = client.get(away(client, campus_browser))

    assert page.status_code == 403
    assert ("people.door_locked" if shut == "locked" else "people.door_no_account") in page.content.decode()
    assert client.get("/sessions/").status_code == 302
    last = written()[-1]
    assert (last["kind"], last["subject"]) == ("people.sign_in_refused_by_cas", f"person:{operator.pk}")


def test_cas_does_not_mind_a_one_time_password(university: None, campus_browser: Any, clock: SimulatedClock) -> None:
    usecases.open_account(username="zhang", display_name="张工", actor=acts.SHELL, clock=clock)
    client = Client()
    client.get(away(client, campus_browser))

    assert client.get("/sessions/").status_code == 200


@pytest.mark.parametrize(
    "forged", ["//evil.test/", "https://evil.test/", "/\\evil.test", "javascript:alert(1)", "http:///evil.test"]
)
def test_cas_leads_nowhere_else(forged: str, operator: Person, campus_browser: Any) -> None:
    client = Client()
    page = client.get(away(client, campus_browser, wanted=forged)).content.decode()

    assert 'content="0;url=/"' in page
    assert "evil" not in page


def test_cas_names_by_an_attribute_where_the_settings_say_so(
    settings: Any, hire: Callable[..., Person], campus_browser: Any
) -> None:
    settings.SIGN_IN_DOORS = settings.SIGN_IN_DOORS | {"MINGJIAN_CAS_ATTRIBUTE": "mail"}
    hire("li@mail.test", "李工")
    client = Client()

    assert client.get(away(client, campus_browser, username="li")).status_code == 200
    assert client.get("/sessions/").status_code == 200


SUCCESS = "<cas:authenticationSuccess><cas:user>zhang</cas:user>%s</cas:authenticationSuccess>"
AROUND = '<cas:serviceResponse xmlns:cas="http://www.yale.edu/tp/cas">%s</cas:serviceResponse>'


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("", "people.door_answer"),
        ("yes\nzhang\n", "people.door_answer"),
        ("<html>zhang</html>", "people.door_answer"),
        (AROUND % "", "people.door_answer"),
        ((AROUND % (SUCCESS % "")).replace("yale.edu", "evil.test"), "people.door_answer"),
        (AROUND % (SUCCESS % "<cas:user>root</cas:user>"), "people.door_answer"),
        (AROUND % (SUCCESS % "<cas:proxies><cas:proxy>https://p</cas:proxy></cas:proxies>"), "people.door_answer"),
        (AROUND % (SUCCESS % "" + '<cas:authenticationFailure code="X"/>'), "people.door_answer"),
        ('<!DOCTYPE x [<!ENTITY a "zhang">]>' + AROUND % (SUCCESS % ""), "people.door_answer"),
        (AROUND % '<cas:authenticationFailure code="INVALID_TICKET"/>', "people.door_ticket"),
        (AROUND % '<cas:authenticationFailure code="UNAUTHORIZED_SERVICE"/>', "people.door_answer"),
        (
            AROUND % "<cas:authenticationSuccess><cas:user> </cas:user></cas:authenticationSuccess>",
            "people.door_answer",
        ),
        ("<a>" * 100_000, "people.door_answer"),
    ],
)
def test_cas_answer_counts_only_as_the_specification_has_it(body: str, code: str, saying: Callable[..., Any]) -> None:
    with saying(body.encode()) as url, pytest.raises(DoorError) as raised:
        cas.username_of(Cas(f"{url}/", "", None), ticket="ST-1", service="http://testserver/")

    assert raised.value.code == code


@pytest.mark.parametrize("ticket", ["", "ST-1\r\nHost: evil", "ST-\x00", "票", "S" * 513])
def test_cas_is_not_asked_about_what_is_no_ticket(ticket: str) -> None:
    with pytest.raises(DoorError, match=r"people\.door_ticket"):
        cas.username_of(Cas("http://127.0.0.1:9/", "", None), ticket=ticket, service="http://testserver/")


def test_cas_gives_no_second_factor(operator: Person, campus_browser: Any, settings: Any) -> None:
    settings.SECOND_FACTOR = "demanded"
    client = Client()
    client.get(away(client, campus_browser))

    asked = client.post("/shift/start/", {"campus": "lingshui"})

    # The form comes back with the question; nothing was done.
    assert asked.status_code == 403
    assert "还没有添加" in asked.content.decode()
