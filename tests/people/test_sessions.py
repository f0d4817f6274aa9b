"""Web sessions: begun afresh, ended for good, and gone when account or password change."""

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client

from mingjian.base.clock import SimulatedClock
from mingjian.people import acts, leaving, queries, session
from mingjian.people.models import Person
from mingjian.people.web_sessions import hash_of

PASSWORD = "correct horse battery"


def sign_in(client: Client, *, password: str = PASSWORD, wanted: str = "") -> int:
    answer = client.post("/sign-in/", {"username": "zhang", "password": password, "next": wanted})
    return answer.status_code


def session_key(client: Client) -> str:
    return client.cookies["mingjian_session"].value


def person_of(key: str) -> Person | None:
    found = session.signed_in_by_key(key)
    return None if found is None else found.acting.person


def test_sign_in_page_begins_a_fresh_session(operator: Person, client: Client) -> None:
    assert sign_in(client) == 302
    first = session_key(client)
    assert person_of(first) == operator
    cookie = client.cookies["mingjian_session"]
    assert (cookie["samesite"], cookie["httponly"], cookie["path"]) == ("Strict", True, "/")

    sign_in(client)

    assert session_key(client) != first
    assert person_of(first) is None
    assert queries.is_revoked(key=hash_of(first))
    assert not queries.is_revoked(key=hash_of(session_key(client)))


@pytest.mark.parametrize("wanted", ["https://example.org/", "//example.org/", "javascript:alert(1)", "\\\\example.org"])
def test_sign_in_page_never_leads_to_another_site(operator: Person, client: Client, wanted: str) -> None:
    answer = client.post("/sign-in/", {"username": "zhang", "password": PASSWORD, "next": wanted})

    assert answer["Location"] == "/"


def test_sign_in_page_leads_where_one_wanted_to_go(operator: Person, client: Client) -> None:
    answer = client.post("/sign-in/", {"username": "zhang", "password": PASSWORD, "next": "/ledger/?kind=duty.x"})

    assert answer["Location"] == "/ledger/?kind=duty.x"


def test_sign_in_page_says_the_same_for_a_wrong_password_and_an_unknown_name(operator: Person, client: Client) -> None:
    wrong = client.post("/sign-in/", {"username": "zhang", "password": "nonsense"})
    unknown = client.post("/sign-in/", {"username": "nobody", "password": "nonsense"})

    assert wrong.status_code == unknown.status_code == 403
    assert "用户名或密码不正确" in wrong.content.decode()
    assert "用户名或密码不正确" in unknown.content.decode()


def test_sign_out_ends_the_session(operator: Person, client: Client) -> None:
    sign_in(client)
    key = session_key(client)

    assert client.post("/sign-out/")["Location"] == "/sign-in/"

    assert person_of(key) is None
    assert client.get("/")["Location"].startswith("/sign-in/")


def test_session_ends_when_the_account_is_closed(operator: Person, client: Client, clock: SimulatedClock) -> None:
    sign_in(client)

    leaving.close_account(person=operator, actor=acts.SHELL, clock=clock)

    assert person_of(session_key(client)) is None


def test_session_ends_when_the_password_changes(operator: Person, client: Client) -> None:
    sign_in(client)

    Person.objects.filter(pk=operator.pk).update(password=make_password("another password"))

    assert person_of(session_key(client)) is None
