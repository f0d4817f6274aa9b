"""Signing in by the directory's password, against Debian's slapd, over TLS at once and over StartTLS."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from mingjian.base.clock import SimulatedClock
from mingjian.people import accounts, acts, directory, doors, outside, usecases
from mingjian.people.doors import DoorError, Ldap
from mingjian.people.models import Person
from mingjian.people.usecases import SignInRefusal
from mingjian.regulation.policies import DEFAULTS

CAMPUS_PASSWORD = "campus horse battery"
Written = Callable[[], list[dict[str, Any]]]


def written_for(port: int, authority: Any, secret: Path, *, scheme: str) -> dict[str, str]:
    return {
        "MINGJIAN_LDAP_URL": f"{scheme}://localhost:{port}",
        "MINGJIAN_LDAP_BASE": "dc=campus,dc=test",
        "MINGJIAN_LDAP_BIND_DN": "cn=service,dc=campus,dc=test",
        "MINGJIAN_LDAP_SECRET_FILE": str(secret),
        "MINGJIAN_DOORS_CA_FILE": str(authority.file),
    }


def ldap_of(settings: dict[str, str]) -> Ldap:
    found = doors.read(settings).ldap
    assert found is not None
    return found


@pytest.fixture
def over_tls(running_directory: Any, authority: Any, service_secret: Path) -> dict[str, str]:
    return written_for(running_directory.tls_port, authority, service_secret, scheme="ldaps")


@pytest.fixture
def ldap(over_tls: dict[str, str]) -> Ldap:
    return ldap_of(over_tls)


def test_directory_password_signs_in_and_the_ledger_tells_the_door(
    settings: Any, over_tls: dict[str, str], operator: Person, written: Written
) -> None:
    settings.SIGN_IN_DOORS = over_tls
    client = Client()

    assert client.get("/sign-in/ldap/").status_code == 200
    done = client.post("/sign-in/ldap/", {"username": "zhang", "password": CAMPUS_PASSWORD, "next": "/sessions/"})

    assert (done.status_code, done["Location"]) == (302, "/sessions/")
    assert client.get("/sessions/").status_code == 200
    assert [act["kind"] for act in written()] == ["people.signed_in_by_ldap"]


def test_directory_is_asked_over_start_tls_where_the_address_is_plain(
    running_directory: Any, authority: Any, service_secret: Path
) -> None:
    plain = ldap_of(written_for(running_directory.plain_port, authority, service_secret, scheme="ldap"))

    entry = directory.find(plain, typed="zhang")

    assert entry == directory.Entry("uid=zhang,dc=campus,dc=test", "zhang")
    assert directory.is_right(plain, entry=entry, password=CAMPUS_PASSWORD)
    assert not directory.is_right(plain, entry=entry, password="wrong")


@pytest.mark.parametrize("scheme", ["ldap", "ldaps"])
def test_directory_with_a_certificate_that_has_ended_hears_no_password(
    scheme: str, expired_directory: Any, authority: Any, service_secret: Path
) -> None:
    port = expired_directory.tls_port if scheme == "ldaps" else expired_directory.plain_port
    with pytest.raises(DoorError, match=r"people\.door_certificate"):
        directory.find(ldap_of(written_for(port, authority, service_secret, scheme=scheme)), typed="zhang")


def test_directory_under_a_name_that_its_certificate_lacks_hears_no_password(
    over_tls: dict[str, str],
) -> None:
    elsewhere = over_tls | {"MINGJIAN_LDAP_URL": over_tls["MINGJIAN_LDAP_URL"].replace("localhost", "127.0.0.1")}
    with pytest.raises(DoorError, match=r"people\.door_certificate"):
        directory.find(ldap_of(elsewhere), typed="zhang")


def test_wrong_directory_passwords_lock_the_account_however_its_name_is_typed(
    ldap: Ldap, operator: Person, clock: SimulatedClock, written: Written
) -> None:
    def attempt(typed: str, password: str) -> Any:
        return outside.sign_in_by_directory(ldap=ldap, typed=typed, password=password, clock=clock).refusal

    refusals = [attempt(typed, "wrong") for typed in ("zhang", "ZHANG", "Zhang", "zHANG", "zhang")]

    assert refusals == [SignInRefusal.WRONG] * 4 + [SignInRefusal.LOCKED]
    assert attempt("ZHANG", CAMPUS_PASSWORD) is SignInRefusal.LOCKED
    clock.advance(DEFAULTS.ticks("lock_out_time"))
    assert attempt("ZHANG", CAMPUS_PASSWORD) is None
    kinds = [act["kind"] for act in written()]
    assert kinds == ["people.sign_in_refused_by_ldap"] * 4 + ["people.locked", "people.signed_in_by_ldap"]


@pytest.mark.parametrize("typed", ["*", "zhang)(uid=*", "zh*", "*)(|(uid=*", "zhang\\2a", "twin", "(uid=zhang)", "张"])
def test_typed_name_is_a_name_and_no_filter(typed: str, ldap: Ldap) -> None:
    assert directory.find(ldap, typed=typed) is None


def test_name_with_a_control_character_is_nobodys(ldap: Ldap, operator: Person, clock: SimulatedClock) -> None:
    for typed in ("zhang\x00", "zha\u202eng", ""):
        outcome = outside.sign_in_by_directory(ldap=ldap, typed=typed, password=CAMPUS_PASSWORD, clock=clock)
        assert outcome.refusal is SignInRefusal.UNKNOWN


@pytest.mark.parametrize("password", ["", "\x00", "x" * 257])
def test_empty_password_is_no_password(password: str, ldap: Ldap) -> None:
    assert not directory.is_right(ldap, entry=directory.find(ldap, typed="zhang"), password=password)


def test_directory_makes_no_account_and_opens_none_that_is_shut(
    ldap: Ldap, operator: Person, clock: SimulatedClock
) -> None:
    def refusal(typed: str) -> Any:
        return outside.sign_in_by_directory(ldap=ldap, typed=typed, password=CAMPUS_PASSWORD, clock=clock).refusal

    assert refusal("nobody-here") is SignInRefusal.UNKNOWN
    assert not Person.objects.filter(username="nobody-here").exists()
    accounts.suspend(person=operator, reason="离岗", actor=acts.SHELL, clock=clock)
    assert refusal("zhang") is SignInRefusal.UNKNOWN


def test_a_local_password_is_no_directory_password_and_the_other_way_round(
    ldap: Ldap, operator: Person, clock: SimulatedClock
) -> None:
    local = "correct horse battery"
    by_directory = outside.sign_in_by_directory(ldap=ldap, typed="zhang", password=local, clock=clock)
    by_us = usecases.sign_in(username="zhang", password=CAMPUS_PASSWORD, clock=clock)

    assert (by_directory.refusal, by_us.refusal) == (SignInRefusal.WRONG, SignInRefusal.WRONG)


def test_directory_that_is_down_counts_against_nobody(
    settings: Any, over_tls: dict[str, str], operator: Person, free_port: int
) -> None:
    settings.SIGN_IN_DOORS = over_tls | {"MINGJIAN_LDAP_URL": f"ldaps://localhost:{free_port}"}

    page = Client().post("/sign-in/ldap/", {"username": "zhang", "password": "wrong"})

    assert page.status_code == 503
    assert "people.door_away" in page.content.decode()
    operator.refresh_from_db()
    assert operator.refusals == 0


def test_service_account_with_a_wrong_password_is_told_as_a_setting_at_fault(
    over_tls: dict[str, str], service_secret: Path
) -> None:
    service_secret.write_text("wrong")
    with pytest.raises(DoorError, match="service_bind"):
        directory.find(ldap_of(over_tls), typed="zhang")


def test_page_refuses_a_wrong_password_in_the_words_of_the_local_one(
    settings: Any, over_tls: dict[str, str], operator: Person
) -> None:
    settings.SIGN_IN_DOORS = over_tls
    pages = [
        Client().post("/sign-in/ldap/", {"username": name, "password": "wrong"}) for name in ("zhang", "nobody-at-all")
    ]

    assert [page.status_code for page in pages] == [403, 403]
    assert all("用户名或密码不正确，或账号已锁定" in page.content.decode() for page in pages)
    assert all("wrong" not in page.content.decode() for page in pages)
