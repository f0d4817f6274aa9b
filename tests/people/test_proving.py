"""The question for a second factor: when it is due, what its page knows, and what goes on with the answer."""

from collections.abc import Callable
from typing import Any

import pyotp
import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client, RequestFactory

from mingjian.base.clock import SystemClock
from mingjian.base.ticks import TICKS_PER_S
from mingjian.people import factors, policy, proving
from mingjian.people.capacity import first_capacity
from mingjian.people.models import Console, Person, SecondFactor, WebSession
from mingjian.people.passkeys import Question, Site
from mingjian.people.web_sessions import hash_of
from mingjian.regulation.posts import Post
from tests.people.authenticators import Key

PASSWORD = "correct horse battery"
OFFICE = "security-office-campus"
CLOCK = SystemClock()
SITE = Site(origin="http://localhost", host="localhost")
pytestmark = pytest.mark.usefixtures("credential_key")
Hire = Callable[..., Person]


@pytest.fixture
def head(hire: Hire) -> Person:
    return hire("head", "主任", ("principal", OFFICE))


@pytest.fixture
def page(head: Person) -> Client:
    """The head's browser, at a host name for which browsers take passkeys."""
    client = Client(headers={"Host": "localhost"})
    client.post("/sign-in/", {"username": "head", "password": PASSWORD})
    return client


def session_of(client: Client) -> WebSession:
    return WebSession.objects.get(pk=hash_of(client.cookies["mingjian_session"].value))


def with_app(person: Person, client: Client) -> str:
    """Give the person an app; return its secret."""
    secret = pyotp.random_base32()
    factors.add_app(
        acting=first_capacity(person, now_90k=CLOCK.utc()),
        session=session_of(client),
        secret=secret,
        name="手机",
        code=pyotp.TOTP(secret).now(),
        clock=CLOCK,
    )
    return secret


def with_passkey(person: Person, client: Client, site: Site = SITE) -> Key:
    key, acting = Key(site), first_capacity(person, now_90k=CLOCK.utc())
    question = factors.ask_for_passkey(acting=acting, site=site)
    factors.add_passkey(
        acting=acting,
        session=session_of(client),
        site=site,
        state=question.state,
        name="钥匙",
        answer=key.made(question),
        clock=CLOCK,
    )
    return key


def let_proof_age(client: Client) -> None:
    WebSession.objects.filter(pk=session_of(client).pk).update(proved_at_90k=CLOCK.utc() - 600 * TICKS_PER_S)


def next_code(secret: str) -> str:
    return pyotp.TOTP(secret).at(CLOCK.utc() // TICKS_PER_S + 30)


def told(answer: Any, *names: str) -> list[Any]:
    return [answer.context[name] for name in names]


def test_factor_is_due_after_its_time_and_on_a_console_after_a_shift(
    head: Person, page: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    acting, session = first_capacity(head, now_90k=CLOCK.utc()), session_of(page)

    def due() -> tuple[bool, bool]:
        return proving.is_due(acting, under=session), proving.has_proved(acting, under=session)

    assert not proving.has_any(acting)
    assert (proving.is_demanded(acting), due()) == (False, (False, True))
    monkeypatch.setattr(settings, "SECOND_FACTOR", "demanded")
    assert (proving.is_demanded(acting), due()) == (True, (True, False))
    monkeypatch.setattr(settings, "SECOND_FACTOR", "enrolled")
    SecondFactor.objects.create(person=head, kind="app", name="手机", secret="x", added_at_90k=1)
    assert proving.has_any(acting)
    assert (proving.is_demanded(acting), due()) == (True, (True, False))
    session.proved_at_90k = CLOCK.utc() - 590 * TICKS_PER_S
    assert due() == (False, True)
    session.proved_at_90k = CLOCK.utc() - 600 * TICKS_PER_S
    assert due() == (True, True)
    session.console = Console.objects.create(name="主控台", campus_id="lingshui", code_hash="x")
    assert due() == (False, True)
    session.proved_at_90k = CLOCK.utc() - 12 * 3600 * TICKS_PER_S
    assert due() == (True, True)


def test_page_knows_what_the_person_has_and_where_it_works(head: Person, page: Client) -> None:
    names = ("has_any", "has_app", "has_passkey_elsewhere", "refused", "onward", "action", "carried")
    asked = page.get("/prove/?next=/people/")
    assert (asked.status_code, told(asked, *names)) == (
        200,
        [False, False, False, "", "/people/", "/prove/", [("next", "/people/")]],
    )
    assert told(asked, "question", "minutes") == ["", policy.in_force(at_90k=CLOCK.utc()).value("proof_time")]
    with_passkey(head, page, Site(origin="https://other.example.edu", host="other.example.edu"))
    assert told(page.get("/prove/"), *names[:3]) == [True, False, True]
    with_passkey(head, page)
    asked = page.get("/prove/")
    assert told(asked, *names[:3]) == [True, False, False]
    assert '"challenge"' in asked.context["question"]
    with_app(head, page)
    assert told(page.get("/prove/"), *names[:3]) == [True, True, False]


def test_form_that_is_asked_about_comes_back_whole_and_without_what_is_ours(
    head: Person, page: Client, hire: Hire
) -> None:
    zhao = hire("zhao", "赵同学")
    secret = with_app(head, page)
    let_proof_age(page)
    path = f"/people/{zhao.pk}/appoint/"
    sent = {"what": f"{OFFICE}|{Post.OPERATOR}", "document": "12号", "more": ["一", "二"]}

    asked = page.post(f"{path}?x=1", sent | {"csrfmiddlewaretoken": "t"})
    assert (asked.status_code, told(asked, "action", "refused", "onward")) == (403, [f"{path}?x=1", "", ""])
    carried = [("what", sent["what"]), ("document", "12号"), ("more", "一"), ("more", "二")]
    assert asked.context["carried"] == carried
    wrong = page.post(path, sent | {"second_factor_code": "x"})
    assert (wrong.status_code, wrong.context["refused"]) == (403, "people.factor_wrong")
    assert wrong.context["carried"] == carried
    by_key = page.post(path, sent | {"second_factor_passkey": "{}"})
    assert (by_key.status_code, by_key.context["carried"]) == (403, carried)
    # No more than sixteen characters are compared.
    long = page.post(path, sent | {"second_factor_code": " " * 11 + next_code(secret)})
    assert long.status_code == 403
    assert page.post(path, sent | {"second_factor_code": " " * 10 + next_code(secret)}).status_code == 302
    assert Person.objects.get(pk=zhao.pk).appointments.exists()


def test_page_goes_to_the_question_as_a_whole_and_comes_back(head: Person, page: Client) -> None:
    with_app(head, page)
    let_proof_age(page)
    led = page.get("/factors/app/?x=1")
    assert (led.status_code, led["Location"]) == (302, "/prove/?next=%2Ffactors%2Fapp%2F%3Fx%3D1")
    part = page.get("/factors/app/?x=1", headers={"HX-Request": "true"})
    assert (part.status_code, part["HX-Redirect"]) == (200, led["Location"])
    assert "Location" not in part


def test_passkey_proves_by_page_with_the_question_asked_last(head: Person, page: Client) -> None:
    key = with_passkey(head, page)
    let_proof_age(page)

    def asked() -> Question:
        return Question(page.get("/prove/?next=/people/").context["question"], {})

    def answered(answer: str) -> int:
        sent = {"next": "/people/", "second_factor_passkey": answer}
        return int(page.post("/prove/", sent).status_code)

    stale = key.used(asked())
    assert answered(key.used(Question(asked().options, {}))) == 302
    assert session_of(page).proved_at_90k > CLOCK.utc() - 60 * TICKS_PER_S
    # Good for one answer, and only the last question's.
    good = key.used(asked())
    assert (answered(stale), answered(good)) == (403, 403)
    let_proof_age(page)
    head.refresh_from_db()
    assert head.refusals == 2


def test_form_goes_on_with_the_answer_of_a_passkey(head: Person, page: Client, hire: Hire) -> None:
    zhao = hire("zhao", "赵同学")
    key = with_passkey(head, page)
    let_proof_age(page)
    path, sent = f"/people/{zhao.pk}/appoint/", {"what": f"{OFFICE}|{Post.OPERATOR}", "document": "12号"}
    question = Question(page.post(path, sent).context["question"], {})
    assert page.post(path, sent | {"second_factor_passkey": key.used(question)}).status_code == 302
    assert zhao.appointments.exists()


def test_lock_ends_the_session_and_leads_to_the_sign_in_page(head: Person, page: Client) -> None:
    with_app(head, page)
    let_proof_age(page)
    answers = [page.post("/prove/", {"second_factor_code": "x", "next": "/people/"}) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [403] * 4 + [302]
    assert answers[4]["Location"].startswith("/sign-in/")
    assert page.cookies["mingjian_session"].value == ""


@pytest.mark.parametrize(
    ("host", "is_secure", "told"),
    [
        ("localhost:8000", False, ("http://localhost:8000", "localhost")),
        ("localhost", True, ("https://localhost", "localhost")),
        ("[::1]", False, ("http://[::1]", "[::1]")),
        ("[::1]:8000", False, ("http://[::1]:8000", "[::1]")),
    ],
)
def test_site_is_where_the_browser_says_it_is(host: str, *, is_secure: bool, told: tuple[str, str]) -> None:
    request = RequestFactory(headers={"Host": host}).get("/", secure=is_secure)
    assert proving.site_of(request) == Site(*told)


def test_state_is_good_for_one_answer_and_strangers_are_a_bug(db: None) -> None:
    request = RequestFactory().get("/")
    request.session = SessionStore()
    assert proving.take_state(request) == {}
    proving.keep_state(request, {"challenge": "x"})
    assert request.session["passkey_state"] == {"challenge": "x"}
    assert (proving.take_state(request), proving.take_state(request)) == ({"challenge": "x"}, {})
    proving.keep_state(request, None)
    assert proving.take_state(request) == {}
    request.session["passkey_state"] = "x"
    assert proving.take_state(request) == {}
    with pytest.raises(AssertionError):
        proving.signed_in(request)
