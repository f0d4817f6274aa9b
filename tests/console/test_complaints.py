"""Complaints through the pages: whither they go, who may know, and that the ledger does not tell who complained."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from mingjian.console.migrating import apply_privileges
from mingjian.oversight.models import Complaint, ComplaintAct
from mingjian.people import scope
from mingjian.people.models import Person
from tests.console.matters import as_the_web, got, leaves, sent, sequenced, version_on

OFFICE, CAMPUS_OFFICE, INSPECTION = "security-office", "security-office-campus", "discipline-inspection"


@pytest.fixture
def world(world: Any, hire: Callable[..., Person]) -> Any:
    apply_privileges()
    for username, name, *held in (
        ("head", "处长", ("principal", OFFICE)),
        ("supervisor", "监督", ("manager", OFFICE)),
        ("auditor", "审计", ("audit_administrator", OFFICE)),
        ("inspector", "纪检", ("discipline_inspector", INSPECTION)),
        ("colleague", "纪检同事", ("discipline_inspector", INSPECTION)),
    ):
        world.people[username] = hire(username, name, *held)
    return world


def complain(world: Any, *, body: str = "library", person: str = "", by: str = "victim", **told: Any) -> Complaint:
    status, address = sent(
        world.client(by),
        "/complaints/new/",
        **{"conduct": "A14.c", "body": body, "person": person, "text": "三次到馆都被拒绝协助", **told},
    )
    assert status == 302, address
    return Complaint.objects.get(pk=address.strip("/").rpartition("/")[2])


def handle(world: Any, row: Complaint, step: str, *, by: str, **told: Any) -> tuple[int, str]:
    _status, page = got(world.client(by), f"/complaints/{row.pk}/")
    version = version_on(page) if 'name="version"' in page else row.version
    return sent(world.client(by), f"/complaints/{row.pk}/handle/", step=step, version=version, **told)


@pytest.mark.article("A07.1.4")
def test_complaint_about_a_unit_is_answered_by_tier_1_with_date_state_and_reason(world: Any) -> None:
    row = complain(world, person="librarian")

    assert (row.handler_id, row.concerns_first_office, row.stage) == (OFFICE, False, "filed")
    assert row.ticket in got(world.client("supervisor"), "/complaint-desk/")[1]
    assert handle(world, row, "accept", by="supervisor")[0] == 302
    refused = handle(world, row, "answer", by="supervisor", finding="found", text="")
    assert refused[0] == 400
    assert handle(world, row, "answer", by="supervisor", finding="found", text="已责令图书馆改正并道歉")[0] == 302
    status, page = got(world.client("victim"), f"/complaints/{row.pk}/")
    assert status == 200
    assert "已责令图书馆改正并道歉" in page
    assert "属实" in page
    # Who of the office decided is the office's business; the complainant reads the office.
    assert "监督" not in page


@pytest.mark.article("A07.1.3b")
@pytest.mark.parametrize(("body", "person"), [(OFFICE, ""), (CAMPUS_OFFICE, ""), ("library", "guard")])
def test_what_concerns_the_security_office_goes_to_inspection_and_exists_for_nobody_there(
    world: Any, body: str, person: str
) -> None:
    row = complain(world, body=body, person=person)

    assert (row.handler_id, row.concerns_first_office) == (INSPECTION, True)
    for username in ("head", "supervisor", "guard", "decider", "auditor", "librarian"):
        assert got(world.client(username), f"/complaints/{row.pk}/")[0] == 404
        assert handle(world, row, "accept", by=username)[0] == 404
        assert str(row.pk) not in got(world.client(username), f"/search/?q={row.ticket}")[1]
    assert str(row.pk) not in got(world.client("head"), "/complaint-desk/")[1]
    assert handle(world, row, "accept", by="inspector")[0] == 302
    assert "已受理" in got(world.client("victim"), f"/complaints/{row.pk}/")[1]


@pytest.mark.article("A07.1.4")
def test_whom_it_is_about_neither_sees_nor_handles_it_even_at_the_desk(world: Any) -> None:
    about_the_head = complain(world, person="head")
    about_the_inspector = complain(world, body="library", person="inspector")

    assert about_the_head.handler_id == INSPECTION
    assert about_the_inspector.handler_id == OFFICE
    own = complain(world, by="supervisor")
    assert got(world.client("supervisor"), f"/complaints/{own.pk}/")[0] == 200
    assert own.ticket not in got(world.client("supervisor"), "/complaint-desk/")[1]
    assert handle(world, own, "accept", by="supervisor")[0] == 404
    assert handle(world, own, "accept", by="head")[0] == 302


@pytest.mark.article("A07.1.4")
def test_ledger_tells_that_there_was_something_and_neither_who_nor_what(world: Any) -> None:
    row = complain(world, body=OFFICE)
    handle(world, row, "accept", by="inspector")
    sequenced()

    (filed,) = leaves("oversight.complaint_filed")
    told = str(filed)
    victim = world.people["victim"]
    assert str(victim.pk) not in told
    assert victim.display_name not in told
    assert "被拒绝" not in told
    for username in ("head", "auditor", "supervisor"):
        page = got(world.client(username), "/ledger/")[1]
        listed = world.client(username).get("/api/v1/ledger/entries/").json()["items"]
        entry = next(one for one in listed if one["seq"] == filed["seq"])
        assert (entry["kind"], entry["actor"], entry["subject"], entry["facts"]) == ("ledger.sealed", "", "", {})
        assert "提出投诉" not in page.partition("<tbody>")[2]
        assert str(row.pk) not in page
        whole = got(world.client(username), f"/ledger/{filed['seq']}/")[1]
        assert "限知事项" in whole
        assert row.ticket not in whole
        # No filter finds what says nothing.
        narrowed = got(world.client(username), "/ledger/?kind=oversight.complaint_filed")[1]
        assert f"/ledger/{filed['seq']}/" not in narrowed
        assert "限知事项" not in got(world.client(username), f"/search/?q={row.ticket}")[1]
    assert f"/ledger/{filed['seq']}/" in got(world.client("victim"), "/ledger/?kind=oversight.complaint_filed")[1]
    assert f"/ledger/{filed['seq']}/" in got(world.client("inspector"), "/ledger/")[1]


@pytest.mark.article("A07.1.3b")
def test_tier_1_hands_over_what_turns_out_to_concern_it_and_sees_it_no_more(world: Any) -> None:
    row = complain(world)

    assert handle(world, row, "hand_over", by="head", text="涉及本处值班人员")[0] == 302
    assert got(world.client("head"), f"/complaints/{row.pk}/")[0] == 404
    assert handle(world, row, "accept", by="inspector")[0] == 302
    assert "涉及本处值班人员" in got(world.client("victim"), f"/complaints/{row.pk}/")[1]


@pytest.mark.article("A14.c")
def test_restricted_complaint_exists_for_the_named_and_its_complainant_only(world: Any) -> None:
    row = complain(world, body=OFFICE)
    handle(world, row, "accept", by="inspector")
    named = [str(world.people["inspector"].pk)]

    assert got(world.client("colleague"), f"/complaints/{row.pk}/")[0] == 200
    assert handle(world, row, "restrict", by="inspector", named=[str(world.people["victim"].pk)])[0] == 400
    assert handle(world, row, "restrict", by="inspector", named=named)[0] == 302
    assert got(world.client("inspector"), f"/complaints/{row.pk}/")[0] == 200
    assert got(world.client("victim"), f"/complaints/{row.pk}/")[0] == 200
    assert got(world.client("colleague"), f"/complaints/{row.pk}/")[0] == 404
    assert row.ticket not in got(world.client("colleague"), "/complaint-desk/")[1]


def seen_by(world: Any, username: str) -> tuple[int, int]:
    """Count with raw SQL what the database shows of complaints and their steps."""
    acting = world.acting(username)
    with as_the_web(), scope.of(acting), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM oversight_complaint")
        complaints = cursor.fetchone()[0]
        cursor.execute("SELECT count(*) FROM oversight_complaintact")
        return complaints, cursor.fetchone()[0]


@pytest.mark.article("A07.1.3b")
def test_database_shows_a_complaint_to_its_complainant_and_its_handlers_only(world: Any) -> None:
    complain(world, body=OFFICE)
    complain(world, person="librarian")
    complain(world, person="inspector")

    assert seen_by(world, "victim") == (3, 3)
    # All but the one about the person itself, which tier 1 handles.
    assert seen_by(world, "inspector") == (1, 1)
    assert seen_by(world, "head") == seen_by(world, "supervisor") == (2, 2)
    for username in ("guard", "decider", "librarian", "auditor"):
        assert seen_by(world, username) == (0, 0)


@pytest.mark.article("A07.1.4", shows="refused")
def test_database_lets_nobody_concerned_take_a_step_whoever_writes_the_row(world: Any) -> None:
    row = complain(world, person="librarian")

    for username, step in (("librarian", "answer"), ("victim", "accept"), ("supervisor", "withdraw")):
        with pytest.raises(IntegrityError, match="nobody concerned"), transaction.atomic():
            ComplaintAct.objects.create(complaint=row, step=step, person=world.people[username], capacity="x", at_90k=1)
    with pytest.raises(IntegrityError, match="not_to_the_office_itself"), transaction.atomic():
        Complaint.objects.filter(pk=row.pk).update(concerns_first_office=True)
    office = complain(world, body=OFFICE)
    with pytest.raises(IntegrityError, match="concerns it"), transaction.atomic():
        Complaint.objects.filter(pk=office.pk).update(concerns_first_office=False, handler=OFFICE, handler_tier=1)
    with pytest.raises(IntegrityError, match="tier_is_the_bodys"), transaction.atomic():
        Complaint.objects.filter(pk=office.pk).update(handler=OFFICE)
        connection.check_constraints()


def test_complaint_about_oneself_or_nobody_known_is_not_taken(world: Any) -> None:
    form = {"conduct": "A14.c", "body": "library", "text": "x"}
    assert sent(world.client("victim"), "/complaints/new/", **form, person="没有这个人")[0] == 400
    assert sent(world.client("victim"), "/complaints/new/", **form, ticket="2026-9999")[0] == 400
    assert sent(world.client("victim"), "/complaints/new/", **form, person="victim")[0] == 403
    assert Complaint.objects.count() == 0
    # An entry would tell who wanted to complain.
    assert [one for one in leaves("oversight.refused") + leaves("people.refused")] == []


def test_complainant_takes_it_back_and_a_stale_page_changes_nothing(world: Any) -> None:
    row = complain(world)
    handle(world, row, "accept", by="supervisor")

    stale = sent(world.client("victim"), f"/complaints/{row.pk}/withdraw/", version=1)
    assert stale[0] == 409
    assert sent(world.client("victim"), f"/complaints/{row.pk}/withdraw/", version=2)[0] == 302
    assert handle(world, row, "answer", by="supervisor", finding="found", text="x")[0] == 409
    assert sent(world.client("supervisor"), f"/complaints/{row.pk}/withdraw/", version=3)[0] == 404
