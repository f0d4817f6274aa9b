"""A unit helps and sends nothing; tier 2 applies for its work and does not decide on that itself."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404
from django.test import Client

from mingjian.people import acts
from mingjian.people.attempts import Brake
from mingjian.people.routing import RuleRefused
from mingjian.registry.models import Hold
from mingjian.viewing import queries, usecases
from mingjian.viewing.models import ViewingApplication
from mingjian.viewing.pages import assisting
from mingjian.viewing.usecases import ViewingError, sending
from mingjian.viewing.workflow import Stage


def days_ago(days: int, *, minute: int = 0) -> str:
    """Return a time of that day as a page's field takes it."""
    day = datetime.now(ZoneInfo("Asia/Shanghai")) - timedelta(days=days)
    return day.strftime(f"%Y-%m-%dT10:{minute:02}")


def drafted(walk: Any, by: str = "unit_manager", **changes: Any) -> ViewingApplication:
    return usecases.draft(
        applicant=walk.people["student"], wish=walk.wish(**changes), acting=walk.acting(by), clock=walk.clock
    )


def confirmed(walk: Any, application: ViewingApplication) -> ViewingApplication:
    usecases.confirm(
        application=application,
        version=1,
        reason="黑色自行车",
        phone="138",
        acting=walk.acting("student"),
        clock=walk.clock,
    )
    return ViewingApplication.objects.get(pk=application.pk)


def test_help_of_a_unit_is_no_way_around_how_much_one_person_locks(walk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    application = drafted(walk)
    monkeypatch.setattr(sending, "MOST_STANDING", 1)
    walk.submitted()

    with pytest.raises(ViewingError) as refused:
        confirmed(walk, application)

    assert refused.value.code == "viewing.too_many_standing"
    assert Hold.objects.count() == 2


@pytest.mark.article("A15.1.2b")
def test_draft_is_sent_and_held_by_its_applicants_own_pledge(walk: Any, written: Any) -> None:
    application = drafted(walk)
    assert (application.stage, application.pledged_at_90k) == (Stage.DRAFT, None)
    assert not Hold.objects.exists()
    with pytest.raises(Http404):
        queries.access_application(acting=walk.acting("reviewer"), application_id=str(application.pk))

    sent = confirmed(walk, application)

    assert (sent.stage, sent.unit_id) == (Stage.SUBMITTED, "library")
    assert sent.pledged_at_90k == walk.clock.utc()
    assert Hold.objects.count() == 2
    kinds = [(act["kind"], act["facts"].get("drafted_by")) for act in written() if act["kind"].startswith("viewing")]
    manager = str(walk.people["unit_manager"].pk)
    assert kinds == [("viewing.application_drafted", None), ("viewing.application_submitted", manager)]
    assert walk.decide(sent).stage == Stage.APPROVED


@pytest.mark.article("A15.1.2b")
def test_draft_may_be_declined(walk: Any) -> None:
    application = drafted(walk)
    usecases.withdraw(application=application, version=1, actor=acts.of(walk.acting("student")), clock=walk.clock)

    assert ViewingApplication.objects.get().stage == Stage.WITHDRAWN
    with pytest.raises(Http404):
        queries.access_application(acting=walk.acting("reviewer"), application_id=str(application.pk))


@pytest.mark.article("A15.1.2a")
def test_draft_is_neither_decided_nor_sent_without_a_pledge(walk: Any) -> None:
    application = drafted(walk)

    with pytest.raises(RuleRefused) as early:
        walk.decide(application)
    assert early.value.decision.reasons[0].code == "deciding.no_camera"
    with pytest.raises(IntegrityError), transaction.atomic():
        ViewingApplication.objects.update(stage="submitted")
    with pytest.raises(IntegrityError), transaction.atomic():
        ViewingApplication.objects.update(drafted_by=walk.people["student"])


@pytest.mark.article("A15.1.2b")
@pytest.mark.parametrize("by", ["reviewer", "tier_1", "friend"])
def test_only_a_unit_begins_for_somebody(walk: Any, written: Any, by: str) -> None:
    with pytest.raises(RuleRefused) as refused:
        drafted(walk, by=by)

    assert "A15.1.2b" in refused.value.decision.articles
    assert (written()[-1]["kind"], written()[-1]["subject"]) == ("viewing.refused", "campus:lingshui")


@pytest.mark.article("A15.1.1a")
def test_draft_is_confirmed_in_no_capacity_that_does_not_apply(walk: Any, written: Any) -> None:
    application = drafted(walk)
    as_manager = replace(walk.acting("unit_manager"), person=walk.people["student"])

    with pytest.raises(RuleRefused):
        usecases.confirm(
            application=application, version=1, reason="自行车", phone="138", acting=as_manager, clock=walk.clock
        )

    application.refresh_from_db()
    assert (application.stage, Hold.objects.count()) == (Stage.DRAFT, 0)
    assert written()[-1]["kind"] == "viewing.refused"
    assert confirmed(walk, application).stage == Stage.SUBMITTED


def test_user_names_are_not_tried_without_end(walk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assisting, "_BRAKE", Brake(most=2, code="viewing.too_many_names"))
    unit = Client()
    unit.post("/sign-in/", {"username": "unit_manager", "password": "correct horse battery"})
    told = {
        "incident_kind": "theft",
        "reason": "自行车失窃",
        "place": "lingshui|校门",
        "start": days_ago(2),
        "end": days_ago(2, minute=59),
        "phone": "138",
    }

    names = ("nobody-1", "nobody-2", "nobody-3", "student")
    answers = [unit.post("/viewing-desk/assist/", told | {"username": name}).status_code for name in names]

    assert answers == [400, 400, 429, 429]
    assert not ViewingApplication.objects.exists()


@pytest.mark.article("A14.c")
def test_who_began_it_does_not_decide_on_it_in_another_capacity(walk: Any, hire: Any) -> None:
    application = confirmed(walk, drafted(walk))
    ViewingApplication.objects.update(drafted_by=walk.people["reviewer"])

    with pytest.raises(RuleRefused) as refused:
        walk.decide(application)
    assert refused.value.decision.reasons[0].code == "deciding.own_application"


@pytest.mark.article("A15.1.1a")
@pytest.mark.parametrize("name", ["operator", "reviewer", "principal"])
def test_tier_two_applies_for_its_work_on_its_own_campus(walk: Any, written: Any, name: str) -> None:
    application = walk.submitted(name)
    assert application.staff_capacity == f"{'operator' if name == 'operator' else name}@security-office-campus"

    with pytest.raises(RuleRefused) as elsewhere:
        walk.submitted(name, campus="panjin")
    assert elsewhere.value.decision.articles == ("A07.2.0",)
    assert written()[-1]["kind"] == "viewing.refused"


@pytest.mark.article("A14.c")
def test_what_tier_two_asked_for_is_decided_by_another(walk: Any) -> None:
    application = walk.submitted("reviewer")

    with pytest.raises(RuleRefused):
        walk.decide(application)
    assert walk.decide(application, by="principal").stage == Stage.APPROVED


def test_unit_fills_in_and_applicant_confirms_by_page(walk: Any) -> None:
    unit, student = Client(), Client()
    for client, name in ((unit, "unit_manager"), (student, "student")):
        client.post("/sign-in/", {"username": name, "password": "correct horse battery"})
    told = {
        "username": "nobody-there",
        "incident_kind": "theft",
        "reason": "自行车失窃",
        "place": "lingshui|校门",
        "start": days_ago(2),
        "end": days_ago(2, minute=59),
        "phone": "138",
    }
    unknown = unit.post("/viewing-desk/assist/", told)
    assert (unknown.status_code, "不能为这个用户名填写申请" in unknown.content.decode()) == (400, True)
    unit.post("/viewing-desk/assist/", told | {"username": "student"})
    application = ViewingApplication.objects.get()
    tracker = f"/viewings/{application.pk}/"

    assert "请核对、承诺后提交" in student.get(tracker).content.decode()
    unpledged = student.post(f"{tracker}confirm/", {"version": "1", "reason": "改过", "phone": "138"})
    assert (unpledged.status_code, ">\n改过</textarea>" in unpledged.content.decode()) == (400, True)
    pledge = {"is_true": "on", "is_pledged": "on"}
    student.post(f"{tracker}confirm/", {"version": "1", "reason": "改过", "phone": "138"} | pledge)
    application.refresh_from_db()
    assert (application.stage, application.reason) == (Stage.SUBMITTED, "改过")
