"""What people and machines send that they should not: told in words, nothing changed, nothing shown as markup."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.http import Http404
from django.test import Client

from mingjian.base.ticks import TICKS_PER_S, parse_iso
from mingjian.host.home import Home
from mingjian.people import acts
from mingjian.people.routing import RuleRefused
from mingjian.registry import publisher
from mingjian.registry.models import Camera, Hold
from mingjian.viewing import conducting, judging, queries, usecases
from mingjian.viewing.models import ViewingApplication
from mingjian.viewing.usecases import ViewingError
from mingjian.viewing.words import Outcome
from mingjian.viewing.workflow import Stage

DAY_90K = 24 * 3600 * TICKS_PER_S
MARKUP = '<script>alert("x")</script><img src=x onerror=alert(1)>'


def days_ago(days: int, *, minute: int = 0) -> str:
    """Return a time of that day as a page's field takes it."""
    day = datetime.now(ZoneInfo("Asia/Shanghai")) - timedelta(days=days)
    return day.strftime(f"%Y-%m-%dT10:{minute:02}")


def signed_in(username: str) -> Client:
    client = Client()
    client.post("/sign-in/", {"username": username, "password": "correct horse battery"})
    return client


def moved(*names: str) -> None:
    """Let cameras come under another campus, as a correction of the registry would."""
    Camera.objects.filter(name__in=names).update(campus_id="panjin", owner_id="panjin-general-affairs")


def resubmitted(walk: Any, returned: ViewingApplication) -> ViewingApplication:
    usecases.resubmit(
        application=returned,
        version=returned.version,
        reason="只看南门",
        phone="138",
        actor=acts.of(walk.acting("student")),
        clock=walk.clock,
    )
    return ViewingApplication.objects.get(pk=returned.pk)


def test_ten_megabytes_of_text_are_answered_with_words(walk: Any) -> None:
    answer = signed_in("student").post("/viewings/apply/", {"step": "1", "reason": "字" * 3_500_000})

    assert answer.status_code == 413
    assert "太大" in answer.content.decode()
    assert not ViewingApplication.objects.exists()


@pytest.mark.parametrize("field", ["reason", "phone"])
def test_text_beyond_its_length_is_refused_below_the_form_too(walk: Any, field: str) -> None:
    with pytest.raises(ViewingError) as refused:
        walk.submitted(**{field: "字" * 501})
    assert refused.value.code == "viewing.text_too_long"


def test_unseen_characters_are_left_out_before_anything_is_kept(walk: Any, written: Any) -> None:
    application = walk.submitted(reason="黑\x00色\x1b[2J\u202e车\r\n二行", phone="138\x070000")

    assert (application.reason, application.phone) == ("黑色[2J车\n二行", "1380000")
    sent = next(act for act in written() if act["kind"] == "viewing.application_submitted")
    assert sent["facts"]["purpose"] == application.reason


def test_markup_is_text_on_every_page_that_shows_it(walk: Any) -> None:
    application = walk.submitted(reason=MARKUP, phone=MARKUP[:30])
    walk.decide(application, outcome=Outcome.REFUSED, reason=MARKUP)
    pages = {
        "student": ("/viewings/", f"/viewings/{application.pk}/", "/ledger/"),
        "reviewer": ("/viewing-desk/", f"/viewing-desk/{application.pk}/", "/viewing-holds/", "/viewing-register/"),
        "tier_1": ("/ledger/", "/viewing-desk/"),
    }
    for name, paths in pages.items():
        client = signed_in(name)
        for path in paths:
            answer = client.get(path)
            assert answer.status_code == 200, path
            assert b"<script>alert" not in answer.content, path
            assert b"<img src=x" not in answer.content, path
    assert b"&lt;script&gt;alert" in signed_in("reviewer").get(f"/viewing-desk/{application.pk}/").content


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-11-20T11:00", "2026-11-20T10:00"),
        ("2026-11-20T11:00", "2026-11-20T11:00"),
        ("2099-01-01T00:00", "2099-01-01T01:00"),
        ("2016-01-01T00:00", "2026-01-01T00:00"),
        ("2016-01-01T00:00", "2016-01-01T01:00"),
        ("0001-01-01T00:00", "0001-01-01T01:00"),
        ("昨天", "今天"),
        ("9999-12-31T23:00", "9999-12-31T23:59"),
    ],
)
def test_impossible_time_is_refused_by_page_and_nothing_is_held(walk: Any, start: str, end: str) -> None:
    told = {
        "step": "4",
        "incident_kind": "theft",
        "reason": "失窃",
        "place": "lingshui|校门",
        "start": start,
        "end": end,
        "phone": "138",
        "is_true": "on",
        "is_pledged": "on",
    }
    assert signed_in("student").post("/viewings/apply/", told).status_code == 400
    assert not Hold.objects.exists()


@pytest.mark.parametrize(
    ("days", "told"),
    [(1, ""), (50, "以前的录像可能已到期"), (200, "录像多半已到期")],
)
def test_old_time_is_told_of_before_it_is_sent(walk: Any, days: int, told: str) -> None:
    page = (
        signed_in("student")
        .post(
            "/viewings/apply/",
            {
                "step": "3",
                "go": "next",
                "incident_kind": "theft",
                "reason": "失窃",
                "place": "lingshui|校门",
                "start": days_ago(days),
                "end": days_ago(days, minute=59),
                "phone": "138",
                "unit": "",
            },
        )
        .content.decode()
    )
    assert any(word in page for word in ("可能已到期", "多半已到期")) is bool(told)
    assert told in page


def test_two_reviewers_one_decision_and_the_second_is_told(walk: Any) -> None:
    application = walk.submitted()
    first, second = signed_in("reviewer"), signed_in("principal")
    form = {"version": "1", "outcome": "approved", "validity_days": "3"}
    path = f"/viewing-desk/{application.pk}/decide/"

    assert first.post(path, form).status_code == 302
    late = second.post(path, form | {"outcome": "refused", "article": "A14.b", "reason": "不符"})

    assert (late.status_code, "有了变化" in late.content.decode()) == (409, True)
    assert ViewingApplication.objects.get().stage == Stage.APPROVED


@pytest.mark.article("A07.2.0")
def test_application_follows_its_cameras_to_the_campus_they_came_under(walk: Any) -> None:
    application = walk.submitted()
    moved("南门", "南门岗亭")
    with pytest.raises(RuleRefused):
        walk.decide(application)
    with pytest.raises(Http404):
        queries.access_application(acting=walk.acting("other_reviewer"), application_id=str(application.pk))

    sent_again = resubmitted(walk, walk.decide(application, outcome=Outcome.RETURNED))

    assert sent_again.campus_id == "panjin"
    with pytest.raises(RuleRefused):
        walk.decide(sent_again)
    assert walk.decide(sent_again, by="other_reviewer").stage == Stage.APPROVED


@pytest.mark.article("A07.2.0")
def test_application_split_over_campuses_goes_back_and_asks_for_what_is_left(walk: Any) -> None:
    application = walk.submitted()
    moved("南门岗亭")
    for name in ("reviewer", "other_reviewer"):
        with pytest.raises(RuleRefused) as split:
            walk.decide(application, by=name)
        assert split.value.decision.reasons[0].code == "deciding.several_campuses"

    returned = resubmitted(walk, walk.decide(application, outcome=Outcome.RETURNED))

    assert [camera.name for camera in returned.cameras.all()] == ["南门"]
    assert Hold.objects.filter(released_at_90k__isnull=True).count() == 2
    assert walk.decide(returned).stage == Stage.APPROVED


@pytest.mark.article("A07.2.0")
def test_approval_is_not_shown_once_a_camera_came_under_another_campus(walk: Any, written: Any) -> None:
    application = walk.approved()
    moved("南门岗亭")

    with pytest.raises(RuleRefused) as refused:
        walk.open(application)

    assert refused.value.decision.reasons[0] is judging.MOVED
    assert written()[-1]["kind"] == "viewing.refused"


@pytest.mark.article("A07.2.0")
def test_open_session_stops_when_a_camera_comes_under_another_campus(walk: Any) -> None:
    session = walk.open(walk.approved())
    operator = walk.acting("operator")
    assert conducting.may_search(acting=operator, held=session).allowed
    moved("南门")
    for refused in (
        conducting.may_search(acting=operator, held=session),
        conducting.may_go_on(acting=operator, held=session, now_90k=walk.clock.utc()),
    ):
        assert refused.reasons == (judging.MOVED,)


def test_gaps_are_told_without_naming_a_camera(walk: Any, founded: Home) -> None:
    application = walk.submitted()
    # The plan names the cameras, and the volume has nothing of them.
    publisher.publish_pending(founded, clock=walk.clock)

    page = signed_in("student").get(f"/viewings/{application.pk}/").content.decode()
    desk = signed_in("reviewer").get(f"/viewing-desk/{application.pk}/").content.decode()

    assert "部分时段需核实" in page
    assert "南门岗亭" not in page
    assert "南门岗亭" in desk
    assert "没有录像" in desk
    founded.plan.unlink()


def test_others_application_is_not_there(walk: Any) -> None:
    application = walk.submitted()
    with pytest.raises(Http404):
        queries.access_own_application(person=walk.people["friend"], application_id=str(application.pk))
    assert parse_iso("2026-11-22T08:00:00+08:00") == application.submitted_at_90k
