"""Delegations to the letter: what the loan keeps, to whom it may go, whose it is, and its last instants."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.http import Http404

from mingjian.base import ticks
from mingjian.base.clock import SimulatedClock
from mingjian.people import delegating
from mingjian.people.appointing import AppointingError
from mingjian.people.capacity import Acting, acting_under
from mingjian.people.delegating import Loan
from mingjian.people.models import Appointment, Person, Ruling
from mingjian.people.routing import RuleRefused
from mingjian.people.texts import TextError
from mingjian.regulation.posts import Post

OFFICE, SCHOOL = "security-office-campus", "security-office"
DAY_90K = 86_400 * ticks.TICKS_PER_S
Hire = Callable[..., Person]
Written = Callable[[], list[dict[str, Any]]]
MEMBER = Acting(Person(), None, ())


@pytest.fixture
def staff(hire: Hire, clock: SimulatedClock) -> dict[str, Person]:
    return {
        "reviewer": hire("qian", "钱审核", ("reviewer", OFFICE), clock=clock),
        "guard": hire("li", "李值班", ("operator", OFFICE), clock=clock),
        "leader": hire("zheng", "郑带班", ("duty_leader", OFFICE), clock=clock),
        "zhao": hire("zhao", "赵同学", clock=clock),
    }


def own(person: Person, clock: SimulatedClock) -> Acting:
    held = person.appointments.get(delegated_from__isnull=True)
    return acting_under(person, appointment_id=held.pk, now_90k=clock.utc())


def loan(staff: dict[str, Person], clock: SimulatedClock, **changes: Any) -> Loan:
    told = {"to": staff["guard"], "since_90k": None, "until_90k": clock.utc() + 7 * DAY_90K, "reason": "出差"}
    return Loan(**told | changes)


def lend(staff: dict[str, Person], clock: SimulatedClock, **changes: Any) -> Appointment:
    return delegating.delegate(loan=loan(staff, clock, **changes), acting=own(staff["reviewer"], clock), clock=clock)


def test_loan_keeps_from_whom_what_how_long_and_why(
    staff: dict[str, Person], clock: SimulatedClock, written: Written
) -> None:
    before, source = len(written()), staff["reviewer"].appointments.get()
    lent = lend(staff, clock, reason=" 出差 ")
    lent.refresh_from_db()

    assert (lent.person, lent.post, lent.body_id, lent.tier) == (staff["guard"], "reviewer", OFFICE, 2)
    assert (lent.since_90k, lent.until_90k) == (clock.utc(), clock.utc() + 7 * DAY_90K)
    assert (lent.document, lent.appointed_by, lent.delegated_from) == ("出差", staff["reviewer"], source)
    (act,) = written()[before:]
    assert (act["kind"], act["subject"]) == ("people.delegated", f"person:{staff['guard'].pk}")
    assert (act["at_90k"], act["actor"]["id"]) == (clock.utc(), str(staff["reviewer"].pk))
    assert act["facts"] == {
        "appointment": str(lent.pk),
        "from": str(source.pk),
        "person": str(staff["guard"].pk),
        "post": "reviewer",
        "body": OFFICE,
        "since_90k": clock.utc(),
        "until_90k": clock.utc() + 7 * DAY_90K,
        "reason": "出差",
    }
    later = lend(staff, clock, to=staff["leader"], since_90k=clock.utc() + 5)
    assert later.since_90k == clock.utc() + 5


def test_reason_has_so_many_characters_and_a_member_lends_nothing(
    staff: dict[str, Person], clock: SimulatedClock, written: Written
) -> None:
    for reason in ("", "因" * 201):
        with pytest.raises(TextError) as unread:
            lend(staff, clock, reason=reason)
        assert unread.value.facts["field"] == "reason"
    assert lend(staff, clock, reason="因" * 200)
    with pytest.raises(Http404):
        delegating.delegate(loan=loan(staff, clock), acting=MEMBER, clock=clock)
    with pytest.raises(Http404):
        delegating.may_delegate(acting=MEMBER, loan=loan(staff, clock), now_90k=clock.utc())
    before = len(written())
    with pytest.raises(RuleRefused):
        lend(staff, clock, to=staff["zhao"])
    (act,) = written()[before:]
    assert (act["kind"], act["subject"]) == ("people.refused", "page:/delegations/")


@pytest.mark.article("A14.c", "A07.2.0")
def test_post_is_lent_for_so_long_within_what_is_held_and_not_backwards(
    staff: dict[str, Person], clock: SimulatedClock
) -> None:
    now_90k, reviewer = clock.utc(), staff["reviewer"]

    def told(**changes: Any) -> list[str]:
        asked = loan(staff, clock, **changes)
        decision = delegating.may_delegate(acting=own(reviewer, clock), loan=asked, now_90k=now_90k)
        return [] if decision.allowed else [reason.code for reason in decision.reasons]

    assert told() == told(since_90k=now_90k) == told(until_90k=now_90k + 30 * DAY_90K) == []
    assert told(since_90k=now_90k - 1) == ["delegating.term"]
    assert told(until_90k=now_90k) == ["delegating.term"]
    assert told(until_90k=now_90k + 30 * DAY_90K + 1) == ["delegating.too_long"]
    assert told(to=reviewer) == ["delegating.oneself"]
    Ruling.objects.create(
        topic="delegation_longest",
        value=8,
        reason="试验",
        proposed_at_90k=now_90k,
        decided_at_90k=now_90k,
        version=1,
        effective_at_90k=now_90k,
    )
    assert told(until_90k=now_90k + 8 * DAY_90K) == []
    assert told(until_90k=now_90k + 9 * DAY_90K) == ["delegating.too_long"]
    reviewer.appointments.update(until_90k=now_90k + DAY_90K)
    assert told(until_90k=now_90k + DAY_90K) == []
    assert told(until_90k=now_90k + DAY_90K + 1) == ["delegating.wider"]


@pytest.mark.article("A07.2.0")
def test_colleagues_hold_a_post_of_the_same_body_in_their_own_right_and_can_sign_in(
    staff: dict[str, Person], hire: Hire, clock: SimulatedClock
) -> None:
    now_90k, acting = clock.utc(), own(staff["reviewer"], clock)
    hire("other", "盘锦值班", ("operator", "panjin-general-affairs"), clock=clock)
    gone, locked = (hire(name, name, ("operator", OFFICE), clock=clock) for name in ("gone", "locked"))
    Person.objects.filter(pk=gone.pk).update(is_active=False)
    Person.objects.filter(pk=locked.pk).update(suspended_at_90k=1)
    lend(staff, clock, to=staff["guard"])
    staff["guard"].appointments.filter(delegated_from__isnull=True).update(since_90k=now_90k, until_90k=now_90k + 5)

    def found(at_90k: int) -> list[str]:
        return [person.username for person in delegating.colleagues(acting, now_90k=at_90k)]

    assert [found(at) for at in (now_90k - 1, now_90k, now_90k + 4, now_90k + 5)] == [
        ["zheng"],
        ["li", "zheng"],
        ["li", "zheng"],
        ["zheng"],
    ]
    assert list(delegating.colleagues(MEMBER, now_90k=now_90k)) == []


def test_who_stands_apart_is_no_colleague_and_lends_nothing(hire: Hire, clock: SimulatedClock) -> None:
    head = hire("wu", "吴处长", ("principal", SCHOOL), clock=clock)
    auditor = hire("audit", "审计", ("audit_administrator", SCHOOL), clock=clock)
    hire("chu", "褚监督", ("manager", SCHOOL), clock=clock)
    found = delegating.colleagues(own(head, clock), now_90k=clock.utc())
    assert [person.username for person in found] == ["chu"]
    decision = delegating.may_delegate(
        acting=own(head, clock),
        loan=Loan(to=auditor, since_90k=None, until_90k=clock.utc() + 1, reason="x"),
        now_90k=clock.utc(),
    )
    assert [reason.code for reason in decision.reasons] == ["delegating.to_administrator"]


def test_only_some_posts_are_lent_and_what_is_lent_is_not(staff: dict[str, Person], clock: SimulatedClock) -> None:
    def lends(post: Post | None, source: Appointment | None = None) -> bool:
        held = None if post is None else Appointment(post=post.value, tier=2, body_id=OFFICE, delegated_from=source)
        return delegating.lends(Acting(Person(), held, ()))

    assert {post for post in Post if lends(post)} == {
        Post.PRINCIPAL,
        Post.DUTY_LEADER,
        Post.REVIEWER,
        Post.APPROVER,
    }
    assert not lends(None)
    assert not lends(Post.REVIEWER, staff["reviewer"].appointments.get())


def test_what_was_lent_is_its_lenders_to_take_back_and_found_by_both(
    staff: dict[str, Person], clock: SimulatedClock, written: Written
) -> None:
    reviewer, guard = own(staff["reviewer"], clock), own(staff["guard"], clock)
    first = lend(staff, clock, until_90k=clock.utc() + 5)
    second = lend(staff, clock, to=staff["leader"], since_90k=clock.utc() + 3)

    assert list(delegating.access_lent_by_me(acting=reviewer)) == [second, first]
    assert list(delegating.access_lent_to_me(acting=guard)) == [first]
    assert list(delegating.access_lent_by_me(acting=guard)) == list(delegating.access_lent_to_me(acting=reviewer)) == []
    assert delegating.access_own_loan(acting=reviewer, appointment_id=str(first.pk)) == first
    held = staff["guard"].appointments.get(delegated_from__isnull=True)
    for acting, appointment_id in ((guard, first.pk), (reviewer, held.pk), (reviewer, "x")):
        with pytest.raises(Http404):
            delegating.access_own_loan(acting=acting, appointment_id=str(appointment_id))

    clock.advance(4)
    before = len(written())
    for reason in ("", "因" * 201):
        with pytest.raises(TextError) as unread:
            delegating.revoke(lent=first, reason=reason, acting=reviewer, clock=clock)
        assert unread.value.facts["field"] == "reason"
    delegating.revoke(lent=first, reason=" 已回 ", acting=reviewer, clock=clock)
    (act,) = written()[before:]
    assert (act["kind"], act["facts"]["reason"]) == ("people.delegation_revoked", "已回")
    assert (act["at_90k"], act["actor"]["id"]) == (clock.utc(), str(staff["reviewer"].pk))
    clock.advance(7 * DAY_90K - 4)
    for over in (first, second, held):
        with pytest.raises(AppointingError) as refused:
            delegating.revoke(lent=over, reason="x", acting=reviewer, clock=clock)
        assert refused.value.code == "people.not_appointed"


def test_delegating_is_a_transaction_of_its_own(staff: dict[str, Person], clock: SimulatedClock) -> None:
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        lend(staff, clock)
