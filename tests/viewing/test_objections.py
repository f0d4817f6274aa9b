"""A refusal objected to (申请复核): once, in time, answered by another, decided anew by another, the footage held."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404

from mingjian.base.ticks import TICKS_PER_S
from mingjian.people.models import Appointment
from mingjian.people.routing import RuleRefused
from mingjian.viewing import queries, usecases, waiting
from mingjian.viewing.models import ApplicationDecision, Objection, ViewingApplication
from mingjian.viewing.usecases import ViewingError
from mingjian.viewing.words import HoldOutcome, Outcome, ReviewOutcome
from mingjian.viewing.workflow import Stage

DAY_90K = 24 * 3600 * TICKS_PER_S


def refused(walk: Any) -> ViewingApplication:
    return walk.decide(walk.submitted(), outcome=Outcome.REFUSED)  # type: ignore[no-any-return]


def anew(application: ViewingApplication) -> ViewingApplication:
    return ViewingApplication.objects.get(pk=application.pk)


def objected(walk: Any, application: ViewingApplication, by: str = "student") -> ViewingApplication:
    usecases.object_to_refusal(
        application=application,
        version=anew(application).version,
        reason="当晚确有失窃，已报案",
        acting=walk.acting(by),
        clock=walk.clock,
    )
    return anew(application)


def reviewed(
    walk: Any, application: ViewingApplication, outcome: ReviewOutcome, by: str = "principal", article: str = "A14.b"
) -> ViewingApplication:
    usecases.review(
        application=application,
        version=anew(application).version,
        outcome=outcome,
        reason="另有报案回执",
        article=article,
        acting=walk.acting(by),
        clock=walk.clock,
    )
    return anew(application)


def release(walk: Any, application: ViewingApplication) -> None:
    usecases.settle_holds(
        application=application,
        hold_ids=[str(hold.pk) for hold in application.holds.all()],
        outcome=HoldOutcome.RELEASED,
        reason="无需继续保存",
        keep_days=1,
        acting=walk.acting("principal"),
        clock=walk.clock,
    )


@pytest.mark.article("A14.c")
def test_footage_stays_until_the_objection_is_answered(walk: Any) -> None:
    application = refused(walk)
    walk.clock.advance(7 * DAY_90K - 1)
    application = objected(walk, application)
    walk.clock.advance(400 * DAY_90K)

    assert application.stage == Stage.OBJECTED
    with pytest.raises(RuleRefused) as early:
        release(walk, application)
    assert early.value.decision.reasons[0].code == "holding.still_needed"

    application = reviewed(walk, application, ReviewOutcome.UPHELD)
    assert (application.stage, application.ended_at_90k) == (Stage.UPHELD, walk.clock.utc())
    release(walk, application)
    assert not application.holds.filter(released_at_90k__isnull=True).exists()


@pytest.mark.article("A14.c")
def test_period_ends_with_its_last_instant(walk: Any, written: Any) -> None:
    application = refused(walk)
    walk.clock.advance(7 * DAY_90K)

    with pytest.raises(RuleRefused) as late:
        objected(walk, application)

    assert late.value.decision.reasons[0].code == "objecting.too_late"
    assert (written()[-1]["kind"], anew(application).stage) == ("viewing.refused", Stage.REFUSED)
    assert not Objection.objects.exists()


def test_acts_are_written_with_reason_and_article(walk: Any, written: Any) -> None:
    reviewed(walk, objected(walk, refused(walk)), ReviewOutcome.UPHELD)
    filed, answered = written()[-2:]

    assert (filed["kind"], filed["facts"]["reason"]) == ("viewing.objection_filed", "当晚确有失窃，已报案")
    assert (answered["kind"], answered["articles"]) == ("viewing.objection_upheld", ["A14.b"])
    assert answered["actor"]["id"] == str(walk.people["principal"].pk)


@pytest.mark.article("A14.c")
def test_who_refused_neither_answers_nor_decides_anew(walk: Any) -> None:
    application = objected(walk, refused(walk))

    with pytest.raises(RuleRefused) as own:
        reviewed(walk, application, ReviewOutcome.UPHELD, by="reviewer")
    assert own.value.decision.reasons[0].code == "deciding.refused_before"

    application = reviewed(walk, application, ReviewOutcome.REOPENED)
    assert (application.stage, application.final_decision, application.ended_at_90k) == (Stage.SUBMITTED, None, None)
    for outcome in Outcome:
        with pytest.raises(RuleRefused) as again:
            walk.decide(application, by="reviewer", outcome=outcome)
        assert again.value.decision.reasons[0].code == "deciding.refused_before"
    application = walk.decide(application, by="principal")
    decision = application.final_decision
    assert (application.stage, decision.outcome) == (Stage.APPROVED, Outcome.APPROVED)
    assert walk.open(application).application_id == application.pk


def test_objection_is_answered_once_and_there_is_no_second(walk: Any) -> None:
    application = reviewed(walk, objected(walk, refused(walk)), ReviewOutcome.REOPENED)
    with pytest.raises(ViewingError) as twice:
        reviewed(walk, application, ReviewOutcome.UPHELD)
    assert twice.value.code == "viewing.wrong_stage"

    application = walk.decide(application, by="principal", outcome=Outcome.REFUSED)
    assert application.held_until_90k == walk.clock.utc()
    with pytest.raises(RuleRefused) as again:
        objected(walk, application)
    assert again.value.decision.reasons[0].code == "objecting.once_only"


def test_upheld_needs_an_article_and_a_reason(walk: Any) -> None:
    application = objected(walk, refused(walk))

    with pytest.raises(ViewingError) as without:
        reviewed(walk, application, ReviewOutcome.UPHELD, article="")
    assert without.value.code == "viewing.article_missing"
    assert anew(application).stage == Stage.OBJECTED


@pytest.mark.article("A07.1.3b")
def test_tier_1_has_it_decided_anew_where_the_body_has_nobody_else(walk: Any) -> None:
    application = objected(walk, refused(walk))
    with pytest.raises(RuleRefused) as left:
        reviewed(walk, application, ReviewOutcome.REOPENED, by="tier_1")
    assert left.value.decision.reasons[0].code == "objecting.left_to_the_body"

    principal = Appointment.objects.filter(person=walk.people["principal"])
    principal.update(until_90k=walk.clock.utc())
    application = reviewed(walk, application, ReviewOutcome.REOPENED, by="tier_1")
    with pytest.raises(RuleRefused) as supervised:
        walk.decide(application, by="tier_1")
    assert supervised.value.decision.reasons[0].code == "jurisdiction.tier_1_supervises"
    principal.update(until_90k=None)
    assert walk.decide(application, by="principal").stage == Stage.APPROVED


def test_desk_of_who_refused_does_not_wait_for_it(walk: Any) -> None:
    objected(walk, refused(walk))

    def waits(name: str) -> bool:
        told = waiting.told(acting=walk.acting(name), now_90k=walk.clock.utc())
        return "待复核的查阅申请" in {one.words for one in told}

    assert waits("principal")
    assert not waits("reviewer")
    application_id = str(Objection.objects.get().application_id)
    with pytest.raises(Http404):
        queries.access_application(acting=walk.acting("other_reviewer"), application_id=application_id)


def test_database_bars_who_refused(walk: Any) -> None:
    """Neither answering nor deciding anew, whatever code asks for it; nor an objection to somebody else's refusal."""
    application = objected(walk, refused(walk))
    objection = Objection.objects.get()
    refusal = ApplicationDecision.objects.get()
    answer = {"outcome": "reopened", "answer": "再看", "answered_at_90k": objection.filed_at_90k}
    for person in (refusal.decider, application.applicant):
        with pytest.raises(IntegrityError), transaction.atomic():
            Objection.objects.update(reviewer=person, **answer)
    with pytest.raises(IntegrityError), transaction.atomic():
        Objection.objects.update(reviewer=walk.people["principal"], **(answer | {"outcome": "upheld"}))
    with pytest.raises(IntegrityError), transaction.atomic():
        Objection.objects.update(first_decider=walk.people["principal"])

    reviewed(walk, application, ReviewOutcome.REOPENED)
    decision = {
        "application": application,
        "applicant": application.applicant,
        "version": 99,
        "outcome": "approved",
        "capacity": "",
        "decided_at_90k": 1,
        "valid_until_90k": 2,
    }
    barred = walk.people["reviewer"]
    for changes in (
        {"decider": barred, "objection": objection, "barred_decider": barred},
        {"decider": barred, "objection": objection, "barred_decider": walk.people["principal"]},
        {"decider": barred, "objection": objection},
        {"decider": barred},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            ApplicationDecision.objects.create(**(decision | changes))
