"""Second factors as acts, with the clock and the key in hand: apps by their codes, passkeys by what a key signs."""

import json
from collections.abc import Callable
from typing import Any

import pyotp
import pytest
from django.db import transaction
from django.http import Http404
from fido2.utils import websafe_encode

from mingjian.base.clock import SimulatedClock
from mingjian.base.ticks import TICKS_PER_S
from mingjian.people import acts, factors
from mingjian.people.accounts import AccountError
from mingjian.people.capacity import Acting, first_capacity
from mingjian.people.factors import FactorError
from mingjian.people.models import Appointment, Person, Revocation, SecondFactor, WebSession
from mingjian.people.passkeys import Site
from mingjian.people.texts import TextError
from tests.people.authenticators import Key

OFFICE = "security-office-campus"
SITE = Site(origin="https://video.example.edu", host="video.example.edu")
ELSEWHERE = Site(origin="https://other.example.edu", host="other.example.edu")
pytestmark = pytest.mark.usefixtures("credential_key")
Hire = Callable[..., Person]
Written = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def me(operator: Person, clock: SimulatedClock) -> Acting:
    return first_capacity(operator, now_90k=clock.utc())


@pytest.fixture
def session(operator: Person) -> WebSession:
    return WebSession.objects.create(key_hash="0" * 64, person=operator, device="", begun_at_90k=0, seen_at_90k=0)


def code(secret: str, clock: SimulatedClock, steps: int = 0) -> str:
    return pyotp.TOTP(secret).at(clock.utc() // TICKS_PER_S + 30 * steps)


def with_app(me: Acting, session: WebSession, clock: SimulatedClock, name: str = " 手机 ") -> tuple[SecondFactor, str]:
    secret = pyotp.random_base32()
    made = factors.add_app(acting=me, session=session, secret=secret, name=name, code=code(secret, clock), clock=clock)
    return made, secret


def with_passkey(me: Acting, session: WebSession, clock: SimulatedClock, key: Key, *, counter: int = 0) -> SecondFactor:
    question = factors.ask_for_passkey(acting=me, site=key.site)
    return factors.add_passkey(
        acting=me,
        session=session,
        site=key.site,
        state=question.state,
        name="钥匙",
        answer=key.made(question, counter=counter),
        clock=clock,
    )


def test_app_is_added_with_its_code_used_up_and_told_without_its_secret(
    me: Acting, session: WebSession, clock: SimulatedClock, written: Written
) -> None:
    before = len(written())
    made, secret = with_app(me, session, clock)

    made.refresh_from_db()
    assert (made.person, made.kind, made.name, made.is_passkey) == (me.person, "app", "手机", False)
    assert (made.added_at_90k, made.used_at_90k, made.removed_at_90k) == (clock.utc(), clock.utc(), None)
    assert made.last_used == clock.utc() // TICKS_PER_S // 30
    (act,) = written()[before:]
    assert (act["kind"], act["subject"], act["at_90k"]) == (
        "people.factor_added",
        f"person:{me.person.pk}",
        clock.utc(),
    )
    assert act["facts"] == {"username": "zhang", "factor": str(made.pk), "kind": "app", "name": "手机"}
    assert act["actor"]["id"] == str(me.person.pk)
    session.refresh_from_db()
    assert session.proved_at_90k == clock.utc()
    with pytest.raises(FactorError) as used_up:
        factors.prove_by_code(acting=me, session=session, code=code(secret, clock), clock=clock)
    assert used_up.value.code == "people.factor_wrong"


def test_app_is_not_added_by_a_wrong_code_or_name_and_no_more_than_eight(
    me: Acting, session: WebSession, clock: SimulatedClock
) -> None:
    with pytest.raises(FactorError) as wrong:
        factors.add_app(acting=me, session=session, secret="A" * 32, name="x", code="x", clock=clock)
    assert wrong.value.code == "people.factor_wrong"
    for name in ("", "名" * 65):
        with pytest.raises(TextError) as unread:
            with_app(me, session, clock, name)
        assert unread.value.facts["field"] == "name"
    assert not SecondFactor.objects.exists()
    for _ in range(8):
        with_app(me, session, clock, "名" * 64)
    with pytest.raises(FactorError) as many:
        with_app(me, session, clock)
    assert many.value.code == "people.factor_too_many"
    SecondFactor.objects.filter(pk=SecondFactor.objects.all()[0].pk).update(removed_at_90k=1)
    with_app(me, session, clock)
    assert factors.standing(me.person).count() == 8


def test_code_proves_once_is_told_and_counts_as_used(
    me: Acting, session: WebSession, clock: SimulatedClock, written: Written
) -> None:
    with_passkey(me, session, clock, Key(SITE))
    other, _ = with_app(me, session, clock, "旧手机")
    made, secret = with_app(me, session, clock)
    clock.advance(60 * TICKS_PER_S)
    before = len(written())

    factors.prove_by_code(acting=me, session=session, code=code(secret, clock), clock=clock)

    made.refresh_from_db()
    other.refresh_from_db()
    assert (made.used_at_90k, made.last_used) == (clock.utc(), clock.utc() // TICKS_PER_S // 30)
    assert other.used_at_90k != clock.utc()
    session.refresh_from_db()
    assert session.proved_at_90k == clock.utc()
    (act,) = written()[before:]
    assert (act["kind"], act["subject"], act["at_90k"]) == ("people.proved", f"person:{me.person.pk}", clock.utc())
    assert act["facts"] == {"username": "zhang", "factor": str(made.pk), "kind": "app", "name": "手机"}
    with pytest.raises(FactorError):
        factors.prove_by_code(acting=me, session=session, code=code(secret, clock), clock=clock)
    SecondFactor.objects.filter(pk=made.pk).update(removed_at_90k=1)
    clock.advance(60 * TICKS_PER_S)
    with pytest.raises(FactorError):
        factors.prove_by_code(acting=me, session=session, code=code(secret, clock), clock=clock)


def test_factor_of_another_proves_nothing(me: Acting, session: WebSession, clock: SimulatedClock, hire: Hire) -> None:
    other = first_capacity(hire("zhao", "赵同学", clock=clock), now_90k=clock.utc())
    theirs = WebSession.objects.create(key_hash="1" * 64, person=other.person, device="", begun_at_90k=0, seen_at_90k=0)
    made, secret = with_app(other, theirs, clock)
    key = Key(SITE)
    with_passkey(other, theirs, clock, key)
    clock.advance(60 * TICKS_PER_S)

    assert not factors.standing(me.person).exists()
    assert factors.ask_for_proof(person=me.person, site=SITE) is None
    with pytest.raises(FactorError):
        factors.prove_by_code(acting=me, session=session, code=code(secret, clock), clock=clock)
    question = factors.ask_for_proof(person=other.person, site=SITE)
    assert question is not None
    with pytest.raises(FactorError):
        factors.prove_by_passkey(
            acting=me, session=session, site=SITE, state=question.state, answer=key.used(question), clock=clock
        )
    with pytest.raises(Http404):
        factors.remove(acting=me, factor_id=str(made.pk), clock=clock)
    session.refresh_from_db()
    assert session.proved_at_90k is None


def test_proof_is_a_transaction_of_its_own(me: Acting, session: WebSession, clock: SimulatedClock) -> None:
    with transaction.atomic():
        with pytest.raises(RuntimeError, match="durable"):
            factors.prove_by_code(acting=me, session=session, code="x", clock=clock)
        with pytest.raises(RuntimeError, match="durable"):
            factors.prove_by_passkey(acting=me, session=session, site=SITE, state={}, answer="{}", clock=clock)


def test_wrong_codes_are_counted_and_lock(
    me: Acting, session: WebSession, clock: SimulatedClock, written: Written
) -> None:
    before = len(written())
    for number in range(5):
        with pytest.raises(FactorError) as wrong:
            factors.prove_by_code(acting=me, session=session, code="x", clock=clock)
        assert (wrong.value.code, Person.objects.get(pk=me.person.pk).refusals) == ("people.factor_wrong", number + 1)
    kinds = [act["kind"] for act in written()[before:]]
    assert kinds == ["people.factor_refused"] * 4 + ["people.locked"]
    session.refresh_from_db()
    assert (session.ended_at_90k, session.proved_at_90k) == (clock.utc(), None)


def test_passkey_is_made_for_its_site_and_proves_there(
    me: Acting, session: WebSession, clock: SimulatedClock, written: Written
) -> None:
    key, before = Key(SITE), len(written())
    made = with_passkey(me, session, clock, key, counter=4)
    made.refresh_from_db()
    assert (made.kind, made.site, made.name, made.last_used) == ("passkey", SITE.host, "钥匙", 4)
    assert (bytes(made.credential_id), made.is_passkey, made.secret) == (key.id, True, "")
    assert [act["facts"]["kind"] for act in written()[before:]] == ["passkey"]

    def prove(counter: int, *, by: Key = key) -> SecondFactor:
        question = factors.ask_for_proof(person=me.person, site=SITE)
        assert question is not None
        factors.prove_by_passkey(
            acting=me,
            session=session,
            site=SITE,
            state=question.state,
            answer=by.used(question, counter=counter),
            clock=clock,
        )
        return SecondFactor.objects.get(pk=made.pk)

    clock.advance(5)
    for counter in (4, 3):
        # Somebody has a copy of it.
        with pytest.raises(FactorError) as copied:
            prove(counter)
        assert copied.value.code == "people.factor_wrong"
    assert Person.objects.get(pk=me.person.pk).refusals == 2
    used = prove(5)
    assert (used.last_used, used.used_at_90k) == (5, clock.utc())
    session.refresh_from_db()
    assert session.proved_at_90k == clock.utc()
    assert prove(0).last_used == 0
    with pytest.raises(FactorError):
        prove(9, by=Key(SITE))
    second = Key(SITE)
    with_passkey(me, session, clock, second)
    assert prove(7, by=second).last_used == 0


def test_key_is_asked_for_where_it_was_made_and_not_made_twice(
    me: Acting, session: WebSession, clock: SimulatedClock, hire: Hire
) -> None:
    key = Key(SITE)
    with_app(me, session, clock)
    assert factors.ask_for_proof(person=me.person, site=SITE) is None
    with_passkey(me, session, clock, key)

    asked = json.loads(factors.ask_for_passkey(acting=me, site=SITE).options)
    assert asked["user"] == {"id": websafe_encode(me.person.pk.bytes), "name": "zhang", "displayName": "张工"}
    assert [one["id"] for one in asked["excludeCredentials"]] == [websafe_encode(key.id)]
    assert not json.loads(factors.ask_for_passkey(acting=me, site=ELSEWHERE).options).get("excludeCredentials")
    question = factors.ask_for_proof(person=me.person, site=SITE)
    assert question is not None
    assert [one["id"] for one in json.loads(question.options)["allowCredentials"]] == [websafe_encode(key.id)]
    assert factors.ask_for_proof(person=me.person, site=ELSEWHERE) is None
    plain = Site(origin="http://video.example.edu", host=SITE.host)
    assert factors.ask_for_proof(person=me.person, site=plain) is None

    thief = first_capacity(hire("zhao", "赵同学", clock=clock), now_90k=clock.utc())
    theirs = WebSession.objects.create(key_hash="1" * 64, person=thief.person, device="", begun_at_90k=0, seen_at_90k=0)
    with pytest.raises(FactorError) as known:
        with_passkey(thief, theirs, clock, key)
    assert known.value.code == "people.factor_known"
    question = factors.ask_for_passkey(acting=thief, site=SITE)
    with pytest.raises(FactorError) as wrong:
        factors.add_passkey(
            acting=thief,
            session=theirs,
            site=SITE,
            state=question.state,
            name="钥匙",
            answer=Key(ELSEWHERE).made(question),
            clock=clock,
        )
    assert wrong.value.code == "people.factor_wrong"


def test_own_factor_is_removed_but_not_the_last_and_not_anothers(
    me: Acting, session: WebSession, clock: SimulatedClock, written: Written
) -> None:
    first, _ = with_app(me, session, clock)
    with pytest.raises(FactorError) as last:
        factors.remove(acting=me, factor_id=str(first.pk), clock=clock)
    assert last.value.code == "people.factor_last"
    second, _ = with_app(me, session, clock, "备用")
    clock.advance(3)
    before = len(written())
    assert factors.remove(acting=me, factor_id=str(first.pk), clock=clock) == first
    first.refresh_from_db()
    assert (first.removed_at_90k, list(factors.standing(me.person))) == (clock.utc(), [second])
    (act,) = written()[before:]
    assert (act["kind"], act["at_90k"], act["facts"]["factor"]) == (
        "people.factor_removed",
        clock.utc(),
        str(first.pk),
    )
    assert act["actor"]["id"] == str(me.person.pk)
    for nothing in (str(first.pk), "x"):
        with pytest.raises(Http404):
            factors.remove(acting=me, factor_id=nothing, clock=clock)


@pytest.mark.article("A08.b")
def test_taken_away_the_posts_are_withheld_by_whom_and_the_sessions_end(
    me: Acting, session: WebSession, clock: SimulatedClock, hire: Hire, written: Written
) -> None:
    admin = hire("admin", "卫系统", ("system_administrator", "security-office"), clock=clock)
    keeper = acts.of(first_capacity(admin, now_90k=clock.utc()))

    def take(reason: str = " 手机遗失 ", actor: acts.Actor = keeper) -> int:
        return factors.take_away(person=me.person, reason=reason, actor=actor, clock=clock)

    with pytest.raises(FactorError) as none:
        take()
    assert none.value.code == "people.factor_missing"
    with_app(me, session, clock)
    with_app(me, session, clock)
    for reason in ("", "因" * 201):
        with pytest.raises(TextError) as unread:
            take(reason)
        assert unread.value.facts["field"] == "reason"
    with pytest.raises(AccountError):
        take(actor=acts.of(me))
    before = len(written())

    assert take() == 2

    assert [one.removed_at_90k for one in SecondFactor.objects.all()] == [clock.utc()] * 2
    held = Appointment.objects.get(person=me.person)
    assert (held.withheld_at_90k, held.withheld_by) == (clock.utc(), admin)
    session.refresh_from_db()
    assert session.ended_at_90k == clock.utc()
    assert Revocation.objects.get(pk=session.pk).reason == "factors_taken_away"
    (act,) = written()[before:]
    assert (act["kind"], act["subject"]) == ("people.factors_taken_away", f"person:{me.person.pk}")
    assert (act["facts"], act["at_90k"]) == ({"username": "zhang", "count": 2, "reason": "手机遗失"}, clock.utc())
    assert act["actor"]["id"] == str(admin.pk)
    with_app(me, session, clock)
    assert take("因" * 200, acts.SHELL) == 1
    assert Appointment.objects.get(person=me.person).withheld_by is None
