"""Who decides on somebody's behalf: what bars the delegator bars the delegate, by rule and by constraint."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from mingjian.people import delegating
from mingjian.people.capacity import Acting, acting_under
from mingjian.people.delegating import Loan
from mingjian.people.routing import RuleRefused
from mingjian.regulation.rules.holding import DAY_90K
from mingjian.viewing import conducting, judging, usecases
from mingjian.viewing.models import ApplicationDecision, ViewingApplication
from mingjian.viewing.words import Outcome


def lend(walk: Any, *, by: str = "reviewer", to: str = "off_shift") -> Acting:
    """Lend the post for a week; return its delegate acting under it."""
    lent = delegating.delegate(
        loan=Loan(to=walk.people[to], since_90k=None, until_90k=walk.clock.utc() + 7 * DAY_90K, reason="出差"),
        acting=walk.acting(by),
        clock=walk.clock,
    )
    return acting_under(lent.person, appointment_id=lent.pk, now_90k=walk.clock.utc())


def refused_by(walk: Any, acting: Acting, application: ViewingApplication) -> list[str]:
    with pytest.raises(RuleRefused) as refused:
        walk.decide(application, acting=acting)
    return [reason.code for reason in refused.value.decision.reasons]


@pytest.mark.article("A14.c")
def test_delegate_decides_and_the_decision_says_for_whom(walk: Any, written: Any) -> None:
    delegate = lend(walk)
    walk.decide(walk.submitted(), acting=delegate)

    decision = ApplicationDecision.objects.get()
    assert (decision.decider, decision.on_behalf_of) == (walk.people["off_shift"], walk.people["reviewer"])
    assert decision.decided_by == "off_shift（代reviewer）"
    (act,) = (act for act in written() if act["kind"] == "viewing.application_approved")
    assert act["facts"]["on_behalf_of"] == str(walk.people["reviewer"].pk)


@pytest.mark.article("A14.c")
def test_application_of_the_delegator_or_of_the_delegate_is_for_somebody_else(walk: Any) -> None:
    delegate = lend(walk)
    assert refused_by(walk, delegate, walk.submitted("reviewer")) == ["deciding.lenders_application"]
    assert refused_by(walk, delegate, walk.submitted("off_shift")) == ["deciding.own_application"]


@pytest.mark.article("A14.c")
def test_refusal_on_somebodys_behalf_bars_both_from_the_objection(walk: Any) -> None:
    delegate = lend(walk)
    refused = walk.decide(walk.submitted(), outcome=Outcome.REFUSED, acting=delegate)
    usecases.object_to_refusal(
        application=refused, version=refused.version, reason="已报案", acting=walk.acting("student"), clock=walk.clock
    )
    objected = ViewingApplication.objects.get(pk=refused.pk)
    now_90k = walk.clock.utc()

    for barred in (delegate, walk.acting("reviewer"), acting_of_own(walk, "off_shift")):
        assert not judging.may_review(acting=barred, application=objected, now_90k=now_90k).allowed
    assert judging.may_review(acting=walk.acting("principal"), application=objected, now_90k=now_90k).allowed


@pytest.mark.article("A15.1.3b")
def test_who_approved_by_anothers_hand_does_not_conduct(walk: Any) -> None:
    delegate = lend(walk, to="operator")
    application = walk.decide(walk.submitted(), acting=delegate)
    operator = acting_of_own(walk, "operator")

    decision = conducting.may_open(acting=operator, application=application, now_90k=walk.clock.utc())
    assert [reason.code for reason in decision.reasons] == ["session.operator_decided"]


def test_database_takes_no_decision_for_the_applicant(walk: Any) -> None:
    walk.approved()
    with pytest.raises(IntegrityError), transaction.atomic():
        ApplicationDecision.objects.update(on_behalf_of=walk.people["student"])


def acting_of_own(walk: Any, name: str) -> Acting:
    person = walk.people[name]
    own = person.appointments.get(delegated_from__isnull=True)
    return acting_under(person, appointment_id=own.pk, now_90k=walk.clock.utc())
