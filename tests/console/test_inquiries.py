"""The auditor's queries through the pages: asked from the ledger, answered by the body, settled or handed over."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from mingjian.console.migrating import apply_privileges
from mingjian.oversight.models import Inquiry, InquiryAct
from mingjian.people import scope
from mingjian.people.models import Person
from mingjian.viewing.words import Outcome
from tests.console.matters import as_the_web, got, leaves, sent, sequenced, version_on

OFFICE, CAMPUS_OFFICE, INSPECTION = "security-office", "security-office-campus", "discipline-inspection"
DAY_90K = 86_400 * 90_000


@pytest.fixture
def world(world: Any, hire: Callable[..., Person]) -> Any:
    apply_privileges()
    for username, name, *held in (
        ("campus_head", "二级负责人", ("principal", CAMPUS_OFFICE)),
        ("supervisor", "监督", ("manager", OFFICE)),
        ("auditor", "审计", ("audit_administrator", OFFICE)),
        ("inspector", "纪检", ("discipline_inspector", INSPECTION)),
    ):
        world.people[username] = hire(username, name, *held)
    return world


def asked(world: Any, *, kind: str, **told: Any) -> Inquiry:
    """Let the auditor ask about the newest entry of a kind."""
    sequenced()
    seq = leaves(kind)[-1]["seq"]
    status, address = sent(
        world.client("auditor"),
        "/inquiries/new/",
        **{"about": f"entry:{seq}", "question": "为什么当日没有交接？", **told},
    )
    assert status == 302, address
    return Inquiry.objects.get(pk=address.strip("/").rpartition("/")[2])


def act(world: Any, row: Inquiry, step: str, *, by: str, text: str = "") -> tuple[int, str]:
    _status, page = got(world.client(by), f"/inquiries/{row.pk}/")
    version = version_on(page) if 'name="version"' in page else row.version
    return sent(world.client(by), f"/inquiries/{row.pk}/act/", step=step, version=version, text=text)


@pytest.mark.article("A18.1")
def test_body_answers_in_time_and_the_auditor_asks_again_and_settles(world: Any) -> None:
    row = asked(world, kind="duty.shift_started", body=CAMPUS_OFFICE)

    assert row.addressee_id == CAMPUS_OFFICE
    assert row.due_at_90k - row.filed_at_90k == 7 * DAY_90K
    page = got(world.client("campus_head"), "/inquiries/")[1]
    assert row.ticket in page
    assert "已逾期" not in page
    assert act(world, row, "answer", by="campus_head", text="当日由带班领导代接")[0] == 302
    assert act(world, row, "ask_again", by="auditor", text="请附交接记录编号")[0] == 302
    assert act(world, row, "answer", by="campus_head", text="见交接记录第 3 号")[0] == 302
    assert act(world, row, "accept", by="auditor")[0] == 302
    row.refresh_from_db()
    assert (row.stage, row.is_open) == ("settled", False)
    assert act(world, row, "ask_again", by="auditor", text="再问")[0] == 409
    told = [leaves(f"oversight.inquiry_{step}") for step in ("asked", "answered", "asked_again", "accepted")]
    assert [len(one) for one in told] == [1, 2, 1, 1]


@pytest.mark.article("A18.1", shows="refused")
def test_nobody_but_the_auditor_asks_and_nobody_else_sees(world: Any) -> None:
    row = asked(world, kind="duty.shift_started", body="library")

    for username in ("victim", "guard", "decider", "supervisor", "campus_head", "inspector"):
        assert got(world.client(username), f"/inquiries/{row.pk}/")[0] == 404
        assert got(world.client(username), "/inquiries/new/?about=entry:1")[0] == 404
        assert sent(world.client(username), "/inquiries/new/", about="entry:1", question="x")[0] == 404
    assert got(world.client("librarian"), f"/inquiries/{row.pk}/")[0] == 200
    # The auditor changes nothing: no answer, no decision on an application.
    assert act(world, row, "answer", by="auditor", text="x")[0] == 403
    application = world.applied()
    assert got(world.client("auditor"), f"/viewing-desk/{application.pk}/")[0] == 404


@pytest.mark.article("A07.1.3b")
def test_conduct_of_the_offices_people_goes_to_inspection_and_exists_for_nobody_there(world: Any) -> None:
    row = asked(world, kind="duty.shift_started", is_about_conduct="on")

    # Entered by the shell, for nobody: what a person did comes next.
    assert row.addressee_id == INSPECTION
    application = world.approved()
    about_the_decider = asked(world, kind="viewing.application_approved", is_about_conduct="on")
    assert (about_the_decider.addressee_id, about_the_decider.concerned_id) == (
        INSPECTION,
        world.people["decider"].pk,
    )
    for username in ("decider", "campus_head", "supervisor", "guard"):
        assert got(world.client(username), f"/inquiries/{about_the_decider.pk}/")[0] == 404
        assert about_the_decider.ticket not in got(world.client(username), "/ledger/")[1]
    refused = sent(
        world.client("auditor"),
        "/inquiries/new/",
        about=f"entry:{leaves('viewing.application_approved')[-1]['seq']}",
        body=CAMPUS_OFFICE,
        is_about_conduct="on",
        question="x",
    )
    assert refused[0] == 403
    assert act(world, about_the_decider, "answer", by="inspector", text="已约谈")[0] == 302
    # What was handed to inspection can be read there, and nothing else of others.
    seq = leaves("viewing.application_approved")[-1]["seq"]
    assert got(world.client("inspector"), f"/ledger/{seq}/")[0] == 200
    submitted = leaves("viewing.application_submitted")[-1]["seq"]
    assert got(world.client("inspector"), f"/ledger/{submitted}/")[0] == 404
    assert application.pk


@pytest.mark.article("A07.1.3b", shows="refused")
def test_nobody_answers_for_the_own_act(world: Any) -> None:
    world.people["decider"].appointments.update(post="principal")
    world.clients.pop("decider", None)
    world.decide(world.applied(), Outcome.APPROVED)
    row = asked(world, kind="viewing.application_approved")

    assert row.addressee_id == CAMPUS_OFFICE
    assert "本人的操作" in got(world.client("decider"), f"/inquiries/{row.pk}/")[1]
    status, page = sent(
        world.client("decider"), f"/inquiries/{row.pk}/act/", step="answer", version=row.version, text="我自己答"
    )
    assert status == 403, page
    assert act(world, row, "answer", by="campus_head", text="已核对材料")[0] == 302


@pytest.mark.article("A18.1")
def test_overdue_queries_show_and_are_handed_to_inspection(world: Any) -> None:
    row = asked(world, kind="duty.shift_started", body="library")
    Inquiry.objects.filter(pk=row.pk).update(due_at_90k=row.filed_at_90k)

    for username in ("auditor", "librarian"):
        page = got(world.client(username), "/inquiries/")[1]
        assert "已逾期" in page
        assert "逾期未答复的疑问单" in page
    assert act(world, row, "hand_over", by="auditor", text="逾期未答")[0] == 302
    assert got(world.client("librarian"), f"/inquiries/{row.pk}/")[0] == 404
    assert act(world, row, "answer", by="inspector", text="已督促")[0] == 302


@pytest.mark.article("A18.1")
def test_query_about_the_application_behind_an_entry_goes_to_the_campus(world: Any) -> None:
    application = world.applied()
    sequenced()
    seq = leaves("viewing.application_submitted")[-1]["seq"]

    page = got(world.client("auditor"), f"/ledger/{seq}/")[1]
    assert f"/inquiries/new/?about=about:{seq}" in page
    assert application.ticket in got(world.client("auditor"), f"/inquiries/new/?about=about:{seq}")[1]
    status, address = sent(world.client("auditor"), "/inquiries/new/", about=f"about:{seq}", question="为何十日未决？")
    assert status == 302, address
    row = Inquiry.objects.get()
    assert (row.subject, row.addressee_id) == (f"application:{application.pk}", CAMPUS_OFFICE)
    for nonsense in ("", "entry:", "entry:x", "about:999999", "camera:1", "own:2026-0001"):
        assert got(world.client("auditor"), f"/inquiries/new/?about={nonsense}")[0] == 404


def seen_by(world: Any, username: str) -> int:
    acting = world.acting(username)
    with as_the_web(), scope.of(acting), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM oversight_inquiry")
        return int(cursor.fetchone()[0])


@pytest.mark.article("A07.1.3b")
def test_database_shows_queries_to_the_auditor_and_to_whom_they_are_put_only(world: Any) -> None:
    asked(world, kind="duty.shift_started", body="library")
    world.approved()
    row = asked(world, kind="viewing.application_approved", is_about_conduct="on")

    assert [seen_by(world, name) for name in ("auditor", "librarian", "inspector")] == [2, 1, 1]
    assert [seen_by(world, name) for name in ("victim", "guard", "decider", "supervisor", "campus_head")] == [0] * 5
    with pytest.raises(IntegrityError, match="nobody concerned"), transaction.atomic():
        InquiryAct.objects.create(
            inquiry=row, step="answer", person=world.people["decider"], capacity="x", text="x", at_90k=1
        )
    with pytest.raises(IntegrityError, match="not_to_the_office_itself"), transaction.atomic():
        Inquiry.objects.filter(pk=row.pk).update(addressee=CAMPUS_OFFICE, addressee_tier=2)
