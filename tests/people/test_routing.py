"""The guard around every view: what is asked in which order, and what each one who comes without it meets."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.test import Client, RequestFactory
from django.urls import path

from mingjian.base.ticks import TICKS_PER_S
from mingjian.people import routing, scope
from mingjian.people.capacity import Acting
from mingjian.people.models import Appointment, Person, SecondFactor, WebSession
from mingjian.people.proving import ProofNeeded
from mingjian.people.routing import NotSignedIn, Proof, RouteFacts, RuleRefused, SignedIn
from mingjian.people.web_sessions import SEEN_EVERY_90K, hash_of
from mingjian.regulation import articles
from mingjian.regulation.decision import Decision, Reason
from mingjian.regulation.posts import APART, Post

OFFICE = "security-office-campus"
REASON = Reason(rule=articles.A14_C, code="test.refused", text_zh="不行", text_en="No")
Written = Callable[[], list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Told:
    """A rule that answers what it was told to."""

    decision: Decision | None = None
    name: str = "told"

    def ask(self, *, acting: Acting, captured: dict[str, str]) -> Decision | None:
        if captured.get("thing") == "foreign":
            raise Http404
        return self.decision


def view(request: HttpRequest, *, acting: Acting, thing: str = "") -> HttpResponse:
    return HttpResponse(f"{acting.person.username} {thing} {shown()}")


def shown() -> str:
    """Whose rows this connection shows."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('mingjian.scope', true)")
        return str(cursor.fetchone()[0])


@pytest.fixture
def key(operator: Person) -> str:
    """The key of a session of an operator's."""
    client = Client()
    client.post("/sign-in/", {"username": "zhang", "password": "correct horse battery"})
    return str(client.cookies["mingjian_session"].value)


def ask(
    key: str | None = None,
    *,
    method: str = "GET",
    at: str = "/x/?a=1",
    thing: str = "",
    headers: dict[str, str] | None = None,
    declared: dict[str, Any] | None = None,
) -> HttpResponseBase:
    """Declare a route and send one request to it, as nobody or under the session with this key."""
    pattern = routing.route("x/", view, **{"name": "x", "rule": SignedIn()} | (declared or {}))
    request = RequestFactory(headers=headers or {}).generic(method, at)
    request.session = SessionStore(key)
    try:
        return pattern.callback(request, **({"thing": thing} if thing else {}))
    finally:
        scope.leave()


def test_route_says_how_it_was_declared() -> None:
    declared = routing.route("x/", view, name="x", rule=SignedIn(), methods=("GET", "POST"), proof=Proof.IN_SESSION)
    assert routing.facts_of(declared) == RouteFacts("signed_in", ("GET", "POST"), Proof.IN_SESSION)
    assert (declared.name, str(declared.pattern)) == ("x", "x/")
    assert routing.facts_of(routing.route("x/", view, name="x", rule=Told())) == RouteFacts(
        "told", ("GET",), Proof.NONE
    )
    assert routing.facts_of(routing.open_route("y/", view, name="y")) == RouteFacts("anyone", ("GET",), Proof.NONE)
    assert routing.facts_of(path("z/", view)) is None
    assert [routing.is_api(RequestFactory().get(at)) for at in ("/api/v1/me/", "/apiary/", "/x/api/")] == [
        True,
        False,
        False,
    ]


def test_only_the_methods_declared_are_answered(key: str) -> None:
    for methods, method, status in (
        (("GET",), "HEAD", 200),
        (("GET",), "POST", 405),
        (("POST",), "GET", 405),
        (("POST",), "HEAD", 405),
        (("POST",), "POST", 200),
    ):
        allow = None if status == 200 else methods[0]
        answer = ask(key, method=method, declared={"methods": methods})
        assert (answer.status_code, answer.headers.get("Allow")) == (status, allow)

        opened = routing.open_route("x/", lambda _, **captured: HttpResponse(str(captured)), name="x", methods=methods)
        answer = opened.callback(RequestFactory().generic(method, "/x/"), thing="a")
        assert (answer.status_code, answer.headers.get("Allow")) == (status, allow)
        assert status != 200 or answer.content == b"{'thing': 'a'}"


def test_nothing_is_called_by_a_name_that_no_row_can_have(key: str) -> None:
    with pytest.raises(Http404):
        ask(key, thing="a\x00b")
    assert ask(key, thing="ab").status_code == 200


def test_who_is_not_signed_in_is_led_to_sign_in(db: None) -> None:
    back = "/sign-in/?next=%2Fx%2F%3Fa%3D1"
    for method, headers, status, location in (
        ("GET", {}, 302, back),
        ("GET", {"Accept": "text/html,image/png"}, 302, back),
        ("GET", {"Accept": "image/png,*/*"}, 302, back),
        ("POST", {}, 302, "/sign-in/"),
        ("GET", {"Accept": "image/png"}, 401, None),
        ("GET", {"HX-Request": "true"}, 401, None),
        ("GET", {"HX-Request": "true", "Accept": "text/html"}, 401, None),
    ):
        answer = ask(method=method, headers=headers, declared={"methods": ("GET", "POST")})
        assert (answer.status_code, answer.headers.get("Location")) == (status, location)


def test_program_without_a_session_is_told_so(db: None) -> None:
    with pytest.raises(NotSignedIn) as refused:
        ask(at="/api/v1/x/", headers={"HX-Request": "true"})
    assert refused.value.code == "people.not_signed_in"


def test_password_that_works_once_opens_the_way_to_another_and_out(operator: Person, key: str) -> None:
    Person.objects.filter(pk=operator.pk).update(must_change_password=True)

    led = ask(key)
    assert (led.status_code, led.headers["Location"]) == (302, "/password/")
    for name in ("own_password", "sign_out"):
        assert ask(key, declared={"name": name}).status_code == 200
    with pytest.raises(NotSignedIn) as refused:
        ask(key, at="/api/v1/x/")
    assert refused.value.code == "people.password_to_change"


def test_refusal_of_the_rule_is_recorded_and_the_view_not_run(key: str, written: Written) -> None:
    before = len(written())
    with pytest.raises(RuleRefused) as refused:
        ask(key, declared={"rule": Told(Decision(allowed=False, reasons=(REASON,)))})

    assert (str(refused.value), refused.value.decision.reasons) == ("test.refused", (REASON,))
    (act,) = written()[before:]
    assert (act["kind"], act["subject"], act["facts"]["codes"]) == ("people.refused", "page:/x/", ["test.refused"])
    assert act["articles"] == ["A14.c"]
    assert ask(key, declared={"rule": Told(Decision(allowed=True, reasons=(REASON,)))}).status_code == 200
    with pytest.raises(Http404):
        ask(key, thing="foreign", declared={"rule": Told()})
    assert len(written()) == before + 1


def test_view_runs_in_the_scope_of_who_acts_and_what_is_sent_goes_on_with_it(operator: Person, key: str) -> None:
    answer = ask(key, thing="这个")
    said = answer.content.decode().split(" ", 2)
    assert said == ["zhang", "这个", f"{operator.pk}|lingshui,kaifaqu|{OFFICE}|operator"]
    assert shown() == "machine"


def test_page_that_is_opened_is_a_sign_of_the_person(key: str) -> None:
    sessions = WebSession.objects.filter(pk=hash_of(key))
    seen_at_90k = sessions.get().seen_at_90k - SEEN_EVERY_90K
    sessions.update(seen_at_90k=seen_at_90k)
    ask(key, headers={"HX-Request": "true"})
    assert sessions.get().seen_at_90k == seen_at_90k
    ask(key)
    assert sessions.get().seen_at_90k > seen_at_90k


def test_proof_is_asked_for_as_the_route_says(operator: Person, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    sessions = WebSession.objects.filter(pk=hash_of(key))

    def asked() -> set[Proof]:
        return {proof for proof in Proof if ask(key, declared={"proof": proof}).status_code != 200}

    assert asked() == set()
    monkeypatch.setattr(settings, "SECOND_FACTOR", "demanded")
    # Who has none yet could add none, if adding asked for it.
    assert asked() == {Proof.SECOND_FACTOR, Proof.IN_SESSION}
    SecondFactor.objects.create(person=operator, kind="app", name="手机", secret="x", added_at_90k=1)
    assert asked() == {Proof.SECOND_FACTOR, Proof.IN_SESSION, Proof.STANDING_FACTOR}
    sessions.update(proved_at_90k=1)
    assert asked() == {Proof.SECOND_FACTOR, Proof.STANDING_FACTOR}
    sessions.update(proved_at_90k=sessions.get().seen_at_90k + 60 * TICKS_PER_S)
    assert asked() == set()
    sessions.update(proved_at_90k=None)
    led = ask(key, declared={"proof": Proof.SECOND_FACTOR})
    assert (led.status_code, led.headers["Location"]) == (302, "/prove/?next=%2Fx%2F%3Fa%3D1")
    with pytest.raises(ProofNeeded) as needed:
        ask(key, at="/api/v1/x/", declared={"proof": Proof.SECOND_FACTOR})
    assert needed.value.code == "people.proof_needed"


def test_refusal_goes_before_the_question_for_a_proof(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "SECOND_FACTOR", "demanded")
    refusing = Told(Decision(allowed=False, reasons=(REASON,)))
    with pytest.raises(RuleRefused):
        ask(key, declared={"rule": refusing, "proof": Proof.SECOND_FACTOR})


@pytest.mark.parametrize("tier", [1, 2, 3])
def test_rules_open_by_post_and_tier(tier: int) -> None:
    def opened(rule: routing.Rule) -> set[Post]:
        found = set()
        for post in Post:
            held = Appointment(post=post.value, tier=tier, body_id="b")
            try:
                assert rule.ask(acting=Acting(Person(), held, ()), captured={}) is None
            except Http404:
                continue
            found.add(post)
        return found

    in_body = set(Post) - APART
    assert opened(routing.SignedIn()) == set(Post)
    assert opened(routing.Operator()) == {Post.OPERATOR}
    assert opened(routing.OfBody()) == in_body
    assert opened(routing.Staff()) == (set() if tier == 3 else in_body)
    member = Acting(Person(), None, ())
    for rule in (routing.Operator(), routing.OfBody(), routing.Staff()):
        with pytest.raises(Http404):
            rule.ask(acting=member, captured={})
