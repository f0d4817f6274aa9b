"""A post is lent for a time: told in the ledger, over by itself, taken back at will, never wider and never on."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from mingjian.base import ticks
from mingjian.base.clock import SimulatedClock, SystemClock
from mingjian.people import accounts, acts, appointing, delegating, governing, leaving
from mingjian.people.appointing import AppointingError
from mingjian.people.capacity import Acting, acting_under, appointments_of, first_capacity
from mingjian.people.delegating import Loan
from mingjian.people.governing import Proposal
from mingjian.people.models import Appointment, Person, WebSession
from mingjian.people.queries import deciders_of
from mingjian.people.routing import RuleRefused
from mingjian.regulation.posts import Post

PASSWORD = "correct horse battery"
OFFICE, SCHOOL = "security-office-campus", "security-office"
DAY_90K = 86_400 * ticks.TICKS_PER_S
Hire = Callable[..., Person]
Written = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def staff(hire: Hire, clock: SimulatedClock) -> dict[str, Person]:
    return {
        "reviewer": hire("qian", "钱审核", ("reviewer", OFFICE), clock=clock),
        "guard": hire("li", "李值班", ("operator", OFFICE), clock=clock),
        "leader": hire("zheng", "郑带班", ("duty_leader", OFFICE), clock=clock),
        "head": hire("wu", "吴处长", ("principal", OFFICE), clock=clock),
        "tier1": hire("sun", "孙处长", ("principal", SCHOOL), clock=clock),
        "supervisor": hire("chu", "褚监督", ("manager", SCHOOL), clock=clock),
    }


def own(person: Person, clock: SimulatedClock) -> Acting:
    held = person.appointments.get(delegated_from__isnull=True)
    return acting_under(person, appointment_id=held.pk, now_90k=clock.utc())


def lend(
    staff: dict[str, Person], clock: SimulatedClock, *, by: str = "reviewer", to: str = "guard", days: int = 7
) -> Appointment:
    loan = Loan(to=staff[to], since_90k=clock.utc(), until_90k=clock.utc() + days * DAY_90K, reason="出差")
    return delegating.delegate(loan=loan, acting=own(staff[by], clock), clock=clock)


def as_delegate(lent: Appointment, clock: SimulatedClock) -> Acting:
    return acting_under(lent.person, appointment_id=lent.pk, now_90k=clock.utc())


@pytest.mark.article("A14.c", "A07.2.0")
def test_post_is_lent_with_an_entry_and_each_act_says_for_whom(
    staff: dict[str, Person], clock: SimulatedClock, written: Written
) -> None:
    lent = lend(staff, clock)
    acting = as_delegate(lent, clock)

    assert (acting.post, acting.on_behalf_of) == (Post.REVIEWER, staff["reviewer"])
    assert acting.label.endswith("（代钱审核）")
    with transaction.atomic():
        acts.record(kind="people.proved", actor=acts.of(acting), subject="x", facts={}, at_90k=clock.utc())
    told, done = written()
    assert (told["kind"], told["articles"]) == ("people.delegated", ["A07.2.0", "A14.c"])
    assert told["facts"]["person"] == str(staff["guard"].pk)
    assert done["facts"] == {"on_behalf_of": str(staff["reviewer"].pk)}


@pytest.mark.article("A08.a")
def test_head_lends_the_post_as_an_acting_head_who_lends_nothing_on(
    staff: dict[str, Person], clock: SimulatedClock
) -> None:
    lent = lend(staff, clock, by="head", to="leader")
    assert lent.post == Post.ACTING_PRINCIPAL

    loan = Loan(to=staff["guard"], since_90k=clock.utc(), until_90k=clock.utc() + 1, reason="x")
    with pytest.raises(RuleRefused) as refused:
        delegating.delegate(loan=loan, acting=as_delegate(lent, clock), clock=clock)
    assert [reason.code for reason in refused.value.decision.reasons] == ["delegating.further"]


@pytest.mark.article("A14.c", "A07.2.0")
@pytest.mark.parametrize(
    ("by", "to", "days", "code"),
    [
        ("guard", "leader", 7, "delegating.named"),
        ("reviewer", "reviewer", 7, "delegating.oneself"),
        ("reviewer", "tier1", 7, "delegating.no_colleague"),
        ("reviewer", "guard", 31, "delegating.too_long"),
    ],
)
def test_refusal_is_recorded_with_its_article(
    staff: dict[str, Person], clock: SimulatedClock, written: Written, by: str, to: str, days: int, code: str
) -> None:
    with pytest.raises(RuleRefused):
        lend(staff, clock, by=by, to=to, days=days)

    (act,) = written()
    assert (act["kind"], act["facts"]["codes"]) == ("people.refused", [code])
    assert not Appointment.objects.filter(delegated_from__isnull=False).exists()


def test_who_holds_the_post_already_is_lent_nothing(staff: dict[str, Person], clock: SimulatedClock) -> None:
    lend(staff, clock)
    with pytest.raises(AppointingError) as refused:
        lend(staff, clock)
    assert refused.value.code == "people.already_appointed"


def test_delegation_ends_by_itself_at_its_instant(staff: dict[str, Person], clock: SimulatedClock) -> None:
    lent = lend(staff, clock)
    clock.advance(7 * DAY_90K - 1)
    assert as_delegate(lent, clock).appointment == lent
    clock.advance(1)
    assert as_delegate(lent, clock).appointment is None


def test_delegation_is_taken_back_with_its_sessions(
    staff: dict[str, Person], clock: SimulatedClock, written: Written
) -> None:
    lent = lend(staff, clock)
    session = WebSession.objects.create(
        key_hash="0" * 64, person=lent.person, appointment=lent, device="", begun_at_90k=0, seen_at_90k=0
    )
    delegating.revoke(lent=lent, reason="已回校", acting=own(staff["reviewer"], clock), clock=clock)
    session.refresh_from_db()

    assert session.ended_at_90k == clock.utc()
    assert as_delegate(lent, clock).appointment is None
    assert written()[-1]["kind"] == "people.delegation_revoked"
    with pytest.raises(AppointingError):
        delegating.revoke(lent=lent, reason="再收", acting=own(staff["reviewer"], clock), clock=clock)


def test_end_of_the_delegators_post_ends_what_was_lent_also_what_is_to_come(
    staff: dict[str, Person], clock: SimulatedClock
) -> None:
    lent = lend(staff, clock)
    loan = Loan(to=staff["leader"], since_90k=clock.utc() + DAY_90K, until_90k=clock.utc() + 2 * DAY_90K, reason="出差")
    later = delegating.delegate(loan=loan, acting=own(staff["reviewer"], clock), clock=clock)
    source = own(staff["reviewer"], clock).appointment
    assert source is not None
    appointing.end_appointment(appointment=source, reason="调离", actor=acts.SHELL, clock=clock)

    assert as_delegate(lent, clock).appointment is None
    clock.advance(DAY_90K)
    assert as_delegate(later, clock).appointment is None


@pytest.mark.parametrize("what", ["suspend", "withhold", "close"])
def test_delegate_can_do_no_more_than_the_delegator_could_now(
    staff: dict[str, Person], clock: SimulatedClock, what: str
) -> None:
    lent = lend(staff, clock)
    reviewer = staff["reviewer"]
    if what == "suspend":
        accounts.suspend(person=reviewer, reason="停职", actor=acts.SHELL, clock=clock)
    elif what == "withhold":
        accounts.renew_password(person=reviewer, reason="遗忘", actor=acts.SHELL, clock=clock)
    else:
        leaving.close_account(person=reviewer, actor=acts.SHELL, clock=clock)

    assert as_delegate(lent, clock).appointment is None
    assert lent not in appointments_of(staff["guard"], now_90k=clock.utc())


@pytest.mark.article("A14.c")
def test_delegate_of_who_is_concerned_is_nobody_else(staff: dict[str, Person], clock: SimulatedClock) -> None:
    lend(staff, clock)
    concerned = [staff["reviewer"].pk, staff["head"].pk]

    found = deciders_of(campus="lingshui", concerned=[], now_90k=clock.utc())
    assert found == {staff["reviewer"].pk, staff["guard"].pk, staff["head"].pk}
    assert deciders_of(campus="lingshui", concerned=concerned, now_90k=clock.utc()) == set()


@pytest.mark.article("A07.1.1")
def test_nobody_decides_on_the_own_proposal_by_anothers_hand(staff: dict[str, Person], clock: SimulatedClock) -> None:
    proposal = Proposal(topic="objection_period", reason="试行", value=10)
    ruling = governing.propose(proposal=proposal, acting=own(staff["tier1"], clock), clock=clock)
    lent = lend(staff, clock, by="tier1", to="supervisor")
    with pytest.raises(RuleRefused) as refused:
        governing.confirm(ruling=ruling, remark="", acting=as_delegate(lent, clock), clock=clock)
    assert [reason.code for reason in refused.value.decision.reasons] == ["governing.own_proposal"]
    governing.turn_down(ruling=ruling, remark="重提", acting=own(staff["tier1"], clock), clock=clock)

    on_behalf = governing.propose(proposal=proposal, acting=as_delegate(lent, clock), clock=clock)
    with pytest.raises(RuleRefused):
        governing.confirm(ruling=on_behalf, remark="", acting=own(staff["tier1"], clock), clock=clock)


def test_delegate_neither_appoints_nor_dismisses_the_delegator(staff: dict[str, Person], clock: SimulatedClock) -> None:
    from mingjian.people import personnel

    lent = lend(staff, clock, by="head", to="leader")
    for person, allowed in ((staff["head"], False), (staff["leader"], False), (staff["guard"], True)):
        decision = personnel.may_appoint(
            acting=as_delegate(lent, clock), person=person, body=lent.body, post=Post.REVIEWER
        )
        assert decision.allowed is allowed


@pytest.mark.parametrize(
    "change",
    [
        {"until_90k": 1 << 60},
        {"until_90k": None},
        {"post": "principal"},
        {"post": "approver"},
        {"body_id": "panjin-general-affairs"},
        {"appointed_by": None},
        {"since_90k": -1},
        {"delegated_from": None},
    ],
)
def test_database_holds_a_delegation_within_what_it_was_lent_from(
    staff: dict[str, Person], clock: SimulatedClock, change: dict[str, Any]
) -> None:
    source = staff["reviewer"].appointments.get()
    Appointment.objects.filter(pk=source.pk).update(until_90k=clock.utc() + 30 * DAY_90K)
    lent = lend(staff, clock)
    with pytest.raises(IntegrityError), transaction.atomic():
        Appointment.objects.filter(pk=lent.pk).update(**change)


def test_database_lends_nothing_on_and_outlives_no_source(staff: dict[str, Person], clock: SimulatedClock) -> None:
    lent = lend(staff, clock)
    with pytest.raises(IntegrityError), transaction.atomic():
        Appointment.objects.create(
            person=staff["leader"],
            post="reviewer",
            body=lent.body,
            tier=2,
            since_90k=clock.utc(),
            until_90k=clock.utc() + DAY_90K,
            document="x",
            appointed_by=staff["guard"],
            delegated_from=lent,
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Appointment.objects.filter(pk=lent.delegated_from_id).update(until_90k=clock.utc())


def test_post_is_lent_and_taken_back_by_page(hire: Hire) -> None:
    hire("qian", "钱审核", ("reviewer", OFFICE))
    guard = hire("li", "李值班", ("operator", OFFICE))
    outsider = hire("zhao", "赵同学")
    page, today = Client(), ticks.day_of(SystemClock().utc())
    page.post("/sign-in/", {"username": "qian", "password": PASSWORD})
    sent = {"to": str(guard.pk), "until": today.isoformat(), "reason": "出差"}

    assert page.post("/delegations/new/", sent | {"reason": ""}).status_code == 400
    assert page.post("/delegations/new/", sent | {"until": "2020-01-01"}).status_code == 403
    assert "delegating" not in page.get("/delegations/").content.decode()
    refused = page.post("/delegations/new/", sent | {"to": str(outsider.pk)})
    assert (refused.status_code, "第七条" in refused.content.decode()) == (403, True)
    assert page.post("/delegations/new/", sent).status_code == 302
    lent = Appointment.objects.get(delegated_from__isnull=False)
    assert "李值班" in page.get("/delegations/").content.decode()

    theirs = Client()
    theirs.post("/sign-in/", {"username": "li", "password": PASSWORD})
    assert theirs.post(f"/delegations/{lent.pk}/revoke/", {"reason": "x"}).status_code == 404
    theirs.post("/capacity/", {"appointment": str(lent.pk)})
    assert "（代钱审核）" in theirs.get("/delegations/").content.decode()
    assert page.post(f"/delegations/{lent.pk}/revoke/", {"reason": ""}).status_code == 400
    assert page.post(f"/delegations/{lent.pk}/revoke/", {"reason": "已回"}).status_code == 302
    assert first_capacity(guard, now_90k=SystemClock().utc()).post is Post.OPERATOR
