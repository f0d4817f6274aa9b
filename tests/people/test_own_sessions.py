"""One's own sessions: listed, ended from elsewhere, run idle; and the consoles on which the wall keeps them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from mingjian.base.clock import SystemClock
from mingjian.base.ticks import TICKS_PER_S
from mingjian.people import acts, consoles, devices, session
from mingjian.people.consoles import ConsoleError
from mingjian.people.models import Person, Revocation, WebSession
from mingjian.people.web_sessions import SEEN_EVERY_90K, hash_of
from mingjian.regulation.policies import DEFAULTS

IDLE_S = DEFAULTS.ticks("idle_time") // TICKS_PER_S
MOST_AT_ONCE = DEFAULTS.value("sessions_at_once")

Written = Callable[[], list[dict[str, Any]]]
CLOCK = SystemClock()


def sign_in(client: Client, username: str = "zhang") -> str:
    """Sign in and return the session's key."""
    client.post("/sign-in/", {"username": username, "password": "correct horse battery"})
    return str(client.cookies["mingjian_session"].value)


def age(key: str, seconds: float) -> None:
    """Let the last sign of the person lie so far back."""
    seen_at_90k = CLOCK.utc() - round(seconds * TICKS_PER_S)
    WebSession.objects.filter(pk=hash_of(key)).update(seen_at_90k=seen_at_90k)


def test_sessions_are_listed_and_ended_from_another_machine(operator: Person, client: Client, written: Written) -> None:
    phone = Client(headers={"User-Agent": "<b>Phone</b>"})
    lost = sign_in(phone)
    sign_in(client)
    page = client.get("/sessions/").content.decode()
    assert "&lt;b&gt;Phone&lt;/b&gt;" in page
    assert page.count("/end/") == 2

    assert client.post(f"/sessions/{hash_of(lost)}/end/")["Location"] == "/sessions/"

    assert phone.get("/")["Location"].startswith("/sign-in/")
    assert client.get("/").status_code == 200
    assert Revocation.objects.get(pk=hash_of(lost)).reason == "session_ended"
    assert written()[-1]["kind"] == "people.session_ended"


def test_ninth_machine_ends_the_session_seen_longest_ago(operator: Person, client: Client, written: Written) -> None:
    keys = [sign_in(Client()) for _ in range(MOST_AT_ONCE)]
    age(keys[2], 60)
    assert all(session.signed_in_by_key(key) for key in keys)
    told = [act["kind"] for act in written()].count("people.session_ended")

    keys.append(sign_in(client))

    assert [key for key in keys if session.signed_in_by_key(key) is None] == [keys[2]]
    assert Revocation.objects.get(pk=hash_of(keys[2])).reason == "too_many_sessions"
    ended = [act for act in written() if act["kind"] == "people.session_ended"]
    assert (len(ended), ended[-1]["facts"]["session"]) == (told + 1, hash_of(keys[2]))


def test_session_that_ran_idle_takes_no_room(operator: Person, client: Client, written: Written) -> None:
    for _ in range(MOST_AT_ONCE):
        age(sign_in(Client()), IDLE_S + 1)

    sign_in(client)

    assert "people.session_ended" not in [act["kind"] for act in written()]


def test_ending_this_session_leads_to_the_sign_in_page(operator: Person, client: Client) -> None:
    key = sign_in(client)
    assert client.post(f"/sessions/{hash_of(key)}/end/")["Location"] == "/sign-in/"
    assert session.signed_in_by_key(key) is None


def test_session_of_somebody_else_does_not_exist(operator: Person, hire: Callable[..., Person], client: Client) -> None:
    hire("zhao", "赵同学")
    foreign = sign_in(Client(), "zhao")
    sign_in(client)

    assert client.post(f"/sessions/{hash_of(foreign)}/end/").status_code == 404
    assert session.signed_in_by_key(foreign) is not None


def test_signing_out_stops_what_is_being_served(operator: Person, client: Client) -> None:
    key = sign_in(client)
    client.post("/sign-out/")
    assert Revocation.objects.get(pk=hash_of(key)).reason == "signed_out"


def test_session_runs_idle_at_the_very_instant(operator: Person, client: Client) -> None:
    row = WebSession(seen_at_90k=0)
    assert not session.is_idle(row, now_90k=IDLE_S * TICKS_PER_S - 1)
    assert session.is_idle(row, now_90k=IDLE_S * TICKS_PER_S)

    key = sign_in(client)
    age(key, IDLE_S + 1)
    assert session.signed_in_by_key(key) is None
    assert client.get("/")["Location"].startswith("/sign-in/")


def test_page_keeps_the_session_and_a_page_that_renews_itself_does_not(operator: Person, client: Client) -> None:
    key = sign_in(client)
    long_ago_s = IDLE_S / 2
    age(key, long_ago_s)

    client.get("/cameras/", headers={"HX-Request": "true"})
    assert CLOCK.utc() - WebSession.objects.get().seen_at_90k > SEEN_EVERY_90K
    client.get("/cameras/")
    assert CLOCK.utc() - WebSession.objects.get().seen_at_90k < SEEN_EVERY_90K


def test_console_is_registered_once_with_its_code(operator: Person, client: Client, written: Written) -> None:
    console, code = consoles.add_console(name="主控台", campus="lingshui", actor=acts.SHELL, clock=CLOCK)
    sign_in(client)
    assert client.post("/sessions/console/", {"code": "wrong"}).status_code == 403

    assert client.post("/sessions/console/", {"code": code})["Location"] == "/sessions/"

    cookie = client.cookies["mingjian_console"]
    assert (cookie["samesite"], cookie["httponly"]) == ("Strict", True)
    assert WebSession.objects.get().console == console
    assert client.post("/sessions/console/", {"code": code}).status_code == 403
    assert [act["kind"] for act in written() if "console" in act["kind"]] == [
        "people.console_added",
        "people.console_registered",
    ]
    client.post("/sign-out/")
    assert WebSession.objects.get(pk=hash_of(sign_in(client))).console == console


@pytest.mark.article("A07.2.0")
def test_console_of_another_campus_is_not_registered(operator: Person, client: Client) -> None:
    _console, code = consoles.add_console(name="盘锦主控台", campus="panjin", actor=acts.SHELL, clock=CLOCK)
    sign_in(client)
    assert client.post("/sessions/console/", {"code": code}).status_code == 403
    with pytest.raises(ConsoleError):
        consoles.add_console(name="月球", campus="moon", actor=acts.SHELL, clock=CLOCK)


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140 Safari/537.36 Edg/140",
            "Edge · Windows",
        ),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140 Mobile Safari/537.36", "Chrome · Android"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0", "Firefox · Linux"),
        ("x" * 500, "x" * devices.SHOWN_CHARACTERS),
        ("", ""),
    ],
)
def test_device_is_told_in_two_words(told: str, words: str) -> None:
    assert devices.words_of(told) == words
