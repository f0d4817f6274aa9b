"""Viewing goes by the values in force: decisions note their version, and what was told stays as it was told."""

from typing import Any

import pytest
from django.db import transaction

from mingjian.base.ticks import TICKS_PER_S
from mingjian.people import acts, governing, policy
from mingjian.people.routing import RuleRefused
from mingjian.viewing import usecases
from mingjian.viewing.models import ApplicationDecision, ViewingApplication
from mingjian.viewing.usecases import ViewingError
from mingjian.viewing.words import Outcome

DAY_90K = 24 * 3600 * TICKS_PER_S


def rule(walk: Any, **values: int) -> None:
    """Put values into force, as a profile does."""
    with transaction.atomic():
        governing.found(values=values, actor=acts.SHELL, now_90k=walk.clock.utc())


def object_to(walk: Any, application: ViewingApplication) -> None:
    row = ViewingApplication.objects.get(pk=application.pk)
    usecases.object_to_refusal(
        application=row, version=row.version, reason="已报案", acting=walk.acting("student"), clock=walk.clock
    )


def test_decision_notes_the_version_of_the_values_it_used(walk: Any, written: Any) -> None:
    first = walk.decide(walk.submitted(), outcome=Outcome.REFUSED)
    rule(walk, objection_period=14, case_hold=40)
    walk.clock.advance(1)
    second = walk.decide(walk.submitted(), outcome=Outcome.REFUSED)

    noted = [ApplicationDecision.objects.get(application=one).policy_version for one in (first, second)]
    assert noted == [0, 2]
    told = [act["facts"]["policy_version"] for act in written() if act["kind"] == "viewing.application_refused"]
    assert told == noted


@pytest.mark.article("A14.c")
def test_period_that_the_applicant_was_told_is_neither_shortened_nor_prolonged(walk: Any) -> None:
    before = walk.decide(walk.submitted(), outcome=Outcome.REFUSED)
    late = walk.decide(walk.submitted(), outcome=Outcome.REFUSED)
    walk.clock.advance(DAY_90K)
    rule(walk, objection_period=3)
    after = walk.decide(walk.submitted(), outcome=Outcome.REFUSED)

    walk.clock.advance(4 * DAY_90K)
    object_to(walk, before)
    with pytest.raises(RuleRefused) as refused:
        object_to(walk, after)
    assert refused.value.decision.reasons[0].code == "objecting.too_late"
    walk.clock.advance(2 * DAY_90K)
    with pytest.raises(RuleRefused):
        object_to(walk, late)


def test_span_and_holds_of_an_application_follow_the_values(walk: Any) -> None:
    rule(walk, window_longest=1, application_hold=60)
    walk.clock.advance(1)

    application = walk.submitted()

    assert application.held_until_90k == walk.clock.utc() + 60 * DAY_90K
    wish = usecases.Wish(
        incident_kind="theft",
        reason="失窃",
        campus=application.campus_id,
        building=application.building,
        start_90k=application.start_90k - DAY_90K,
        end_90k=application.end_90k,
        phone="138",
    )
    with pytest.raises(ViewingError, match="span_too_long"):
        usecases.submit(acting=walk.acting("student"), wish=wish, attachments=[], clock=walk.clock)


@pytest.mark.parametrize(("wanted", "days"), [(None, 5), (1, 1), (30, 8)])
def test_approval_lasts_as_usual_or_as_asked_up_to_the_longest(walk: Any, wanted: int | None, days: int) -> None:
    rule(walk, approval_usual=5, approval_longest=8)
    walk.clock.advance(1)
    application = walk.submitted()

    decision = usecases.decide(
        application=application,
        version=application.version,
        outcome=Outcome.APPROVED,
        reason="",
        article="",
        validity_days=wanted,
        acting=walk.acting("reviewer"),
        clock=walk.clock,
    )

    assert decision.valid_until_90k == walk.clock.utc() + days * DAY_90K


@pytest.mark.article("A15.1.3a")
@pytest.mark.parametrize(("is_wanted", "is_complete"), [(1, False), (0, True)])
def test_pledge_at_the_desk_is_asked_for_while_the_school_wants_it(
    walk: Any, is_wanted: int, *, is_complete: bool
) -> None:
    rule(walk, pledge_at_desk=is_wanted)
    walk.clock.advance(1)
    check = usecases.IdCheck(kind="campus_card", last4="0417", is_pledged=False, are_phones_away=True)

    assert check.is_complete_by(policy.in_force(at_90k=walk.clock.utc())) is is_complete
