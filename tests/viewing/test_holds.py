"""Locked footage goes by a reviewer's word only: not before its day, never by itself, and its volume confirms."""

from typing import Any

import pytest
from django.http import Http404

from mingjian.base.ticks import TICKS_PER_S
from mingjian.people import acts
from mingjian.people.routing import RuleRefused
from mingjian.recordings.outbox import Report, ReportKind
from mingjian.registry import queries as registry
from mingjian.registry import reports
from mingjian.registry import usecases as registry_usecases
from mingjian.registry.models import Hold, PlanRevision
from mingjian.registry.usecases import RegistryError
from mingjian.viewing import holding, queries, usecases
from mingjian.viewing.models import HoldDecision, ViewingApplication
from mingjian.viewing.usecases import ViewingError
from mingjian.viewing.words import HoldChoice, HoldOutcome, Outcome, Result
from mingjian.viewing.workflow import Stage

DAY_90K = 24 * 3600 * TICKS_PER_S


def settle(walk: Any, application: ViewingApplication, by: str = "reviewer", **changes: Any) -> list[HoldDecision]:
    asked = {
        "application": application,
        "hold_ids": [str(hold.pk) for hold in application.holds.all()],
        "outcome": HoldOutcome.RELEASED,
        "reason": "无需继续保存",
        "keep_days": 30,
        "acting": walk.acting(by),
        "clock": walk.clock,
    }
    return usecases.settle_holds(**(asked | changes))


def due(walk: Any, by: str = "reviewer") -> list[str]:
    held = queries.access_held(acting=walk.acting(by), now_90k=walk.clock.utc())
    return [one.application.ticket for one in held if one.is_due]


def later(walk: Any, days: int, *, less_90k: int = 0) -> None:
    walk.clock.advance(days * DAY_90K - less_90k)


@pytest.mark.article("A14.c")
def test_refused_footage_is_let_go_after_the_days_to_object_and_not_before(walk: Any, written: Any) -> None:
    application = walk.decide(walk.submitted(), outcome=Outcome.REFUSED)
    later(walk, 7, less_90k=1)
    assert due(walk) == []
    with pytest.raises(RuleRefused) as early:
        settle(walk, application)
    walk.clock.advance(1)
    assert due(walk) == [application.ticket]
    settle(walk, application)

    assert early.value.decision.reasons[0].code == "holding.too_early"
    assert not Hold.objects.filter(released_at_90k__isnull=True).exists()
    assert due(walk) == []
    acts_of_release = [act for act in written() if "hold" in act["kind"]][-3:]
    assert [act["kind"] for act in acts_of_release] == [
        "viewing.holds_released",
        "registry.hold_released",
        "registry.hold_released",
    ]
    assert acts_of_release[0]["facts"]["holds"] == sorted(str(hold.pk) for hold in application.holds.all())
    assert {act["subject"] for act in acts_of_release[1:]} == {f"hold:{hold.pk}" for hold in application.holds.all()}
    assert PlanRevision.objects.filter(cause="hold_released").count() == 2


@pytest.mark.article("A14.c")
def test_footage_of_an_open_application_is_not_let_go(walk: Any) -> None:
    application = walk.approved()

    with pytest.raises(RuleRefused) as refused:
        settle(walk, application)

    assert refused.value.decision.reasons[0].code == "holding.still_needed"
    assert due(walk) == []


def test_unused_approval_is_due_the_moment_it_ends_and_nothing_goes_by_itself(walk: Any) -> None:
    application = walk.approved()
    later(walk, 3)

    assert application.stage_at(now_90k=walk.clock.utc()) is Stage.EXPIRED
    assert due(walk) == [application.ticket]
    later(walk, 400)
    assert not Hold.objects.filter(released_at_90k__isnull=False).exists()
    settle(walk, application)


def test_withdrawn_footage_waits_for_the_reviewer(walk: Any) -> None:
    application = walk.submitted()
    usecases.withdraw(application=application, version=1, actor=acts.of(walk.acting("student")), clock=walk.clock)

    assert due(walk) == [application.ticket]
    assert not Hold.objects.filter(released_at_90k__isnull=False).exists()


@pytest.mark.parametrize(("choice", "days"), [(HoldChoice.KEEP, 30), (HoldChoice.RELEASE, None)])
def test_closing_keeps_for_the_case_or_lets_go_as_the_operator_said(
    walk: Any, choice: HoldChoice, days: int | None
) -> None:
    application = walk.approved()
    session = walk.open(application)
    walk.close(session, Result.CLUE, choice)
    application.refresh_from_db()

    assert Hold.objects.filter(released_at_90k__isnull=True).exists() is (days is not None)
    assert holding.free_from(application, now_90k=walk.clock.utc()) == walk.clock.utc() + (days or 0) * DAY_90K
    later(walk, 30)
    assert due(walk) == ([application.ticket] if days else [])


def test_kept_footage_comes_back_on_its_day_and_goes_no_earlier(walk: Any) -> None:
    application = walk.decide(walk.submitted(), outcome=Outcome.REFUSED)
    later(walk, 7)
    settle(walk, application, outcome=HoldOutcome.KEPT, reason="派出所来电要求保留", keep_days=10)
    assert due(walk) == []
    with pytest.raises(RuleRefused):
        settle(walk, application)
    later(walk, 10)

    assert due(walk) == [application.ticket]
    settle(walk, application)
    assert [one.outcome for one in application.hold_decisions.all()] == ["kept", "kept", "released", "released"]


def test_one_hold_is_let_go_and_the_other_stays(walk: Any) -> None:
    application = walk.decide(walk.submitted(), outcome=Outcome.REFUSED)
    later(walk, 7)
    first, second = application.holds.all()
    settle(walk, application, hold_ids=[str(first.pk)])

    with pytest.raises(ViewingError) as again:
        settle(walk, application, hold_ids=[str(first.pk), str(second.pk)])
    assert again.value.code == "viewing.hold_settled"
    assert Hold.objects.get(released_at_90k__isnull=True) == second
    with pytest.raises(ViewingError) as wordless:
        settle(walk, application, hold_ids=[str(second.pk)], reason=" ")
    assert wordless.value.code == "viewing.hold_reason_missing"


@pytest.mark.article("A07.2.0")
@pytest.mark.parametrize("name", ["other_reviewer", "unit_manager", "student"])
def test_held_footage_of_another_campus_does_not_exist(walk: Any, name: str) -> None:
    application = walk.submitted()

    assert queries.access_held(acting=walk.acting(name), now_90k=walk.clock.utc()) == []
    with pytest.raises(Http404):
        queries.access_held_application(acting=walk.acting(name), application_id=str(application.pk))


@pytest.mark.article("A07.1.3b")
@pytest.mark.parametrize("name", ["tier_1", "operator"])
def test_supervisor_and_operator_see_the_holds_and_settle_none(walk: Any, written: Any, name: str) -> None:
    application = walk.decide(walk.submitted(), outcome=Outcome.REFUSED)
    later(walk, 7)

    assert due(walk, name) == [application.ticket]
    with pytest.raises(RuleRefused):
        settle(walk, application, by=name)
    assert written()[-1]["kind"] == "viewing.refused"


def test_release_is_done_when_the_volume_says_so(walk: Any) -> None:
    application = walk.decide(walk.submitted(), outcome=Outcome.REFUSED)
    later(walk, 7)
    settle(walk, application)
    hold = application.holds.first()
    standing = registry.access_standing_holds(acting=walk.acting("reviewer"))
    assert standing.filter(pk=hold.pk).exists()
    with pytest.raises(RegistryError):
        registry_usecases.release_hold(hold=hold, reason="再来", actor=acts.SHELL, clock=walk.clock)

    told = Report(series="1", report_id=1, kind=ReportKind.HOLD_RELEASED, created_at_90k=5, body={"hold": str(hold.pk)})
    reports._note_hold(told)

    assert Hold.objects.get(pk=hold.pk).release_acknowledged_at_90k == 5
    assert not standing.filter(pk=hold.pk).exists()
