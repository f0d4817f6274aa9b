"""Accounts, passwords and the lock after five wrong ones, against the real database."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from mingjian.base.clock import SimulatedClock
from mingjian.people import acts, leaving, usecases
from mingjian.people.models import Person, SignInNoise
from mingjian.people.passwords import PasswordError
from mingjian.people.usecases import PeopleError, SignInRefusal
from mingjian.regulation.policies import DEFAULTS

PASSWORD = "correct horse battery"
Written = Callable[[], list[dict[str, Any]]]


def test_sign_in_returns_the_person_and_records_it_when_the_password_is_right(
    operator: Person, written: Written, clock: SimulatedClock
) -> None:
    outcome = usecases.sign_in(username="zhang", password=PASSWORD, clock=clock)

    assert outcome.acting is not None
    assert outcome.acting.person == operator
    (act,) = written()
    assert (act["kind"], act["actor"]["capacity"]) == ("people.signed_in", "operator@security-office-campus")
    assert operator.password.startswith("argon2$argon2id$")


def test_sign_in_locks_for_fifteen_minutes_after_the_fifth_wrong_password(
    operator: Person, written: Written, clock: SimulatedClock
) -> None:
    outcomes = [usecases.sign_in(username="zhang", password="wrong", clock=clock) for _ in range(5)]

    assert [outcome.refusal for outcome in outcomes] == [SignInRefusal.WRONG] * 4 + [SignInRefusal.LOCKED]
    clock.advance(DEFAULTS.ticks("lock_out_time") - 1)
    assert usecases.sign_in(username="zhang", password=PASSWORD, clock=clock).refusal is SignInRefusal.LOCKED
    clock.advance(1)
    again = usecases.sign_in(username="zhang", password=PASSWORD, clock=clock).acting
    assert again is not None
    assert again.person == operator
    kinds = [act["kind"] for act in written()]
    assert kinds == ["people.sign_in_refused"] * 4 + ["people.locked", "people.signed_in"]


def test_sign_in_only_counts_when_nobody_has_the_name(
    operator: Person, written: Written, clock: SimulatedClock
) -> None:
    for _ in range(3):
        assert usecases.sign_in(username="nobody", password="x", clock=clock).refusal is SignInRefusal.UNKNOWN
    assert written() == []
    assert usecases.digest_noise(clock=clock) == 0

    clock.advance(usecases.NOISE_BUCKET_90K)

    assert usecases.digest_noise(clock=clock) == 1
    assert not SignInNoise.objects.exists()
    (act,) = written()
    assert (act["kind"], act["facts"]["attempts"]) == ("people.sign_in_noise", 3)


def test_sign_in_finds_nobody_when_the_account_is_closed(operator: Person, clock: SimulatedClock) -> None:
    leaving.close_account(person=operator, actor=acts.SHELL, clock=clock)

    assert usecases.sign_in(username="zhang", password=PASSWORD, clock=clock).refusal is SignInRefusal.UNKNOWN


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"username": "zhang"}, "people.username_taken"),
        ({"password": "short"}, "people.short_password"),
    ],
)
def test_create_person_says_why_not(
    operator: Person, clock: SimulatedClock, changes: dict[str, str], code: str
) -> None:
    asked = {"username": "li", "password": PASSWORD} | changes

    with pytest.raises((PeopleError, PasswordError)) as refused:
        usecases.create_person(display_name="李", actor=acts.SHELL, clock=clock, **asked)

    assert refused.value.code == code


@pytest.mark.parametrize("left", ["caf\u00e9 caf\u00e9 caf\u00e9", "x" * 4000, "12345678"])
def test_whatever_cookie_another_page_of_this_host_left_one_signs_in(operator: Person, left: str) -> None:
    client = Client()
    client.cookies["mingjian_session"] = left

    assert client.post("/sign-in/", {"username": "zhang", "password": "correct horse battery"}).status_code == 302
    assert client.get("/ledger/").status_code == 200


@pytest.mark.parametrize(
    "forged",
    [
        "https://evil.test/",
        "//evil.test/",
        "///evil.test",
        "/\\evil.test",
        "\\\\evil.test",
        "/\t/evil.test",
        "javascript:alert(1)",
        "http:evil.test",
        "https://testserver@evil.test/",
        " //evil.test",
        "",
    ],
)
def test_sign_in_leads_nowhere_else_whatever_the_address_says(operator: Person, client: Client, forged: str) -> None:
    sent = {"username": "zhang", "password": PASSWORD, "next": forged}
    assert client.post("/sign-in/", sent)["Location"] == "/"
    # Nor is somebody led away who is signed in already, or who chooses a capacity.
    assert client.get("/sign-in/", {"next": forged})["Location"] == "/"
    assert client.post("/capacity/", {"appointment": "", "next": forged})["Location"] == "/"
