"""An application from sending to its end: held at once, forwarded by a unit, decided by another of the campus."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.http import Http404
from django.test.utils import CaptureQueriesContext

from mingjian.base.ticks import TICKS_PER_S
from mingjian.people import acts
from mingjian.people.routing import RuleRefused
from mingjian.registry.models import Hold, PlanRevision
from mingjian.viewing import queries, usecases
from mingjian.viewing.models import ApplicationDecision, ViewingApplication
from mingjian.viewing.usecases import ViewingError, sending
from mingjian.viewing.words import Outcome
from mingjian.viewing.workflow import Stage

DAY_90K = 24 * 3600 * TICKS_PER_S


@pytest.mark.article("A15.1.1a")
def test_sending_holds_every_camera_of_the_place_at_once(walk: Any, written: Any) -> None:
    application = walk.submitted()

    held = {hold.camera.name: (hold.start_90k, hold.end_90k) for hold in Hold.objects.select_related("camera")}
    window = (application.start_90k, application.end_90k)
    assert held == {"南门": window, "南门岗亭": window}
    assert application.holds.count() == 2
    assert PlanRevision.objects.filter(cause="hold_placed").count() == 2
    kinds = [act["kind"] for act in written()]
    assert kinds[-3:] == ["viewing.application_submitted", "registry.hold_placed", "registry.hold_placed"]
    assert (application.year, application.number) == (2026, 1)
    assert walk.submitted("friend").ticket == "2026-0002"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"reason": " "}, "viewing.purpose_missing"),
        ({"phone": ""}, "viewing.purpose_missing"),
        ({"building": "没有的楼"}, "viewing.no_camera"),
        ({"start_90k": 5, "end_90k": 5}, "viewing.span_empty"),
        ({"start_90k": 5}, "viewing.span_too_long"),
        ({"end_90k": 1 << 60, "start_90k": (1 << 60) - 9}, "viewing.span_in_future"),
    ],
)
def test_sending_says_why_not_and_leaves_nothing_behind(walk: Any, changes: dict[str, Any], code: str) -> None:
    with pytest.raises(ViewingError) as refused:
        walk.submitted(**changes)

    assert refused.value.code == code
    assert not ViewingApplication.objects.exists()
    assert not Hold.objects.exists()


@pytest.mark.article("A15.1.2b")
def test_one_person_locks_no_more_than_so_much(walk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "MOST_STANDING", 2)
    first = walk.submitted()
    usecases.withdraw(application=first, version=first.version, actor=acts.SHELL, clock=walk.clock)
    walk.submitted()

    with pytest.raises(ViewingError) as refused:
        walk.submitted()
    walk.submitted("friend")
    first.holds.update(released_at_90k=walk.clock.utc())
    walk.submitted()

    assert refused.value.code == "viewing.too_many_standing"
    assert ViewingApplication.objects.filter(applicant=walk.people["student"]).count() == 3
    for _more in range(3):
        walk.submitted("reviewer")


def test_unit_forwards_and_tier_two_decides_after_that(walk: Any) -> None:
    application = walk.submitted(unit="library")
    assert application.stage == Stage.AT_UNIT

    with pytest.raises(ViewingError) as early:
        walk.decide(application)
    usecases.forward(application=application, version=1, acting=walk.acting("unit_manager"), clock=walk.clock)

    assert early.value.code == "viewing.wrong_stage"
    assert walk.decide(application).stage == Stage.APPROVED


@pytest.mark.article("A15.1.2a")
@pytest.mark.parametrize("outcome", list(Outcome))
def test_unit_decides_nothing(walk: Any, written: Any, outcome: Outcome) -> None:
    application = walk.submitted(unit="library")

    with pytest.raises(RuleRefused) as refused:
        walk.decide(application, by="unit_manager", outcome=outcome)

    assert "A15.1.2a" in refused.value.decision.articles
    last = written()[-1]
    assert (last["kind"], last["subject"]) == ("viewing.refused", f"application:{application.pk}")
    assert "A15.1.2a" in last["articles"]
    assert not ApplicationDecision.objects.exists()


@pytest.mark.article("A07.2.0")
@pytest.mark.parametrize("name", ["other_reviewer", "unit_manager", "student", "operator"])
def test_application_does_not_exist_outside_its_scope(walk: Any, name: str) -> None:
    application = walk.submitted()

    with pytest.raises(Http404):
        queries.access_application(acting=walk.acting(name), application_id=str(application.pk))


@pytest.mark.article("A07.1.3b")
def test_tier_one_sees_and_decides_not(walk: Any) -> None:
    application = walk.submitted()

    assert queries.access_application(acting=walk.acting("tier_1"), application_id=str(application.pk)) == application
    with pytest.raises(RuleRefused) as refused:
        walk.decide(application, by="tier_1")
    assert "A07.1.3b" in refused.value.decision.articles


@pytest.mark.article("A14.c")
def test_nobody_decides_the_own_application_by_use_case_or_sql(walk: Any) -> None:
    application = walk.submitted("reviewer")

    with pytest.raises(RuleRefused) as refused:
        walk.decide(application)
    assert "A14.c" in refused.value.decision.articles

    for applicant in ("reviewer", "student"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO viewing_applicationdecision (id, application_id, applicant_id, version, outcome,"
                " decider_id, capacity, reason, article, decided_at_90k, valid_until_90k)"
                " VALUES (gen_random_uuid(), %s, %s, 1, 'approved', %s, '', '', '', 1, 2)",
                [application.pk, walk.people[applicant].pk, walk.people["reviewer"].pk],
            )
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_one_final_decision_and_it_is_on_what_was_read(walk: Any) -> None:
    application = walk.submitted()

    with pytest.raises(ViewingError) as stale:
        walk.decide(application, version=7)
    returned = walk.decide(application, outcome=Outcome.RETURNED)
    usecases.resubmit(
        application=returned,
        version=returned.version,
        reason="黑色捷安特",
        phone="138",
        actor=acts.of(walk.acting("student")),
        clock=walk.clock,
    )
    approved = walk.decide(returned)
    with pytest.raises(ViewingError) as again:
        walk.decide(approved, by="principal", outcome=Outcome.REFUSED)

    assert (stale.value.code, again.value.code) == ("viewing.stale", "viewing.wrong_stage")
    assert approved.reason == "黑色捷安特"
    assert [decision.outcome for decision in approved.decisions.all()] == ["returned", "approved"]
    with pytest.raises(IntegrityError), transaction.atomic():
        ApplicationDecision.objects.create(
            application=approved,
            applicant_id=approved.applicant_id,
            version=99,
            outcome="approved",
            decider=walk.people["principal"],
            decided_at_90k=1,
            valid_until_90k=2,
        )


def test_cameras_are_locked_first_and_by_id(walk: Any) -> None:
    with CaptureQueriesContext(connection) as sent:
        application = walk.submitted()
    returned = walk.decide(application, outcome=Outcome.RETURNED)
    with CaptureQueriesContext(connection) as sent_again:
        usecases.resubmit(
            application=returned,
            version=returned.version,
            reason="黑色捷安特",
            phone="138",
            actor=acts.of(walk.acting("student")),
            clock=walk.clock,
        )

    for queries_sent in (sent, sent_again):
        locks = [
            query["sql"] for query in queries_sent if " FOR UPDATE" in query["sql"] or " FOR NO KEY" in query["sql"]
        ]
        assert locks[0].startswith('SELECT "registry_camera"."id"')
        assert "ORDER BY 1 ASC FOR NO KEY UPDATE" in locks[0]
        assert not any("registry_camera" in lock for lock in locks[1:])


def test_refusal_names_its_article_and_the_hold_stays(walk: Any, written: Any) -> None:
    application = walk.decide(walk.submitted(), outcome=Outcome.REFUSED)

    decision = application.final_decision
    assert (application.stage, decision.article) == (Stage.REFUSED, "A14.b")
    assert written()[-1]["articles"] == ["A14.b"]
    assert not Hold.objects.filter(released_at_90k__isnull=False).exists()


def test_withdrawal_leaves_the_footage_to_the_reviewer(walk: Any) -> None:
    application = walk.submitted()

    usecases.withdraw(application=application, version=1, actor=acts.of(walk.acting("student")), clock=walk.clock)

    assert ViewingApplication.objects.get().stage == Stage.WITHDRAWN
    assert not Hold.objects.filter(released_at_90k__isnull=False).exists()


def test_approval_runs_out_at_its_instant(walk: Any) -> None:
    application = walk.approved()
    until_90k = walk.clock.utc() + 3 * DAY_90K

    assert application.stage_at(now_90k=until_90k - 1) is Stage.APPROVED
    assert application.stage_at(now_90k=until_90k) is Stage.EXPIRED
