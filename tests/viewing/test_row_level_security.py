"""The second barrier, under the role of the web process: rows of another campus do not exist, whatever is asked."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction
from django.db.models import Model, QuerySet
from psycopg import sql

from mingjian.base.ticks import day_of
from mingjian.console.migrating import WEB_PRIVILEGES
from mingjian.duty.models import Shift
from mingjian.people import acts, consoles, scope, training
from mingjian.people.capacity import Acting, first_capacity
from mingjian.people.models import Body, LapseNotice
from mingjian.people.qualification import Kind
from mingjian.people.training import Certificate
from mingjian.registry.models import Camera, Hold
from mingjian.regulation.systems import SystemClass
from mingjian.viewing import leases, queries, usecases
from mingjian.viewing.models import Attachment, Concern, HoldDecision, Objection, ViewingApplication, ViewingSession

# Rows that belong to no campus: who there is, how the university is made up, keys that are hashes, the host's own.
NOT_OF_A_CAMPUS = {
    "django_session",
    "django_migrations",
    "media_revocation",
    "people_appointment",
    "people_body",
    "people_campus",
    "people_jurisdiction",
    "people_leaverlist",
    "people_person",
    "people_ruling",
    "people_secondfactor",
    "people_signinnoise",
    "people_specialowner",
    "people_university",
    "people_websession",
    "registry_planrevision",
    "registry_recordedroot",
    "registry_reportcursor",
    "registry_rollup",
    "registry_volume",
}
# Fenced off too, by person and post and by no campus: former passwords, tables on their way in, complaints, queries.
OF_NOBODY_ELSE = {
    "people_formerpassword",
    "people_importrun",
    "oversight_complaint",
    "oversight_complaintact",
    "oversight_inquiry",
    "oversight_inquiryact",
}
FENCED = sorted({table for table, _ in WEB_PRIVILEGES} - NOT_OF_A_CAMPUS - OF_NOBODY_ELSE)


@pytest.fixture
def story(walk: Any) -> Any:
    """One row in every fenced table, all of Lingshui: a session with two viewers, a clue and a principal's consent."""
    consoles.add_console(name="席位一", campus="lingshui", actor=acts.SHELL, clock=walk.clock)
    first, second = walk.approved("student"), walk.approved("friend")
    session = walk.shown(first)
    walk.admit(session, second)
    usecases.allow_more(session=session, limit=4, reason="同案", acting=walk.acting("principal"), clock=walk.clock)
    usecases.mark_clue(
        session=session,
        camera_id=str(session.cameras.all()[0].pk),
        at_90k=session.start_90k,
        note="",
        acting=walk.acting("operator"),
        clock=walk.clock,
    )
    HoldDecision.objects.create(
        application=first,
        hold=first.holds.all()[0],
        outcome="kept",
        decider=walk.people["reviewer"],
        capacity="reviewer@security-office-campus",
        reason="案件未结",
        decided_at_90k=walk.clock.utc(),
        keep_until_90k=walk.clock.utc() + 1,
    )
    signed = training.enter(
        person=walk.people["operator"],
        body=Body.objects.get(pk="security-office-campus"),
        certificate=Certificate(kind=Kind.PLEDGE, held_on=day_of(walk.clock.utc()), document="承诺书"),
        recorded_by=None,
        actor=acts.SHELL,
        clock=walk.clock,
    )
    LapseNotice.objects.create(qualification=signed, body=signed.body, step=30, told_at_90k=walk.clock.utc())
    decision = first.decisions.get()
    Objection.objects.create(
        application=first,
        refusal=decision,
        applicant=first.applicant,
        first_decider=decision.decider,
        reason="已报案",
        filed_at_90k=walk.clock.utc(),
    )
    Concern.objects.create(
        application=first,
        tie="of_the_body",
        reason="涉及受理机构",
        declared_by=first.applicant,
        declared_at_90k=walk.clock.utc(),
    )
    Attachment.objects.create(
        application=first,
        place=1,
        name="车棚.jpg",
        kind="jpeg",
        size_bytes=1,
        sha256="0" * 64,
        given_sha256="0" * 64,
        added_by=walk.people["student"],
        added_at_90k=walk.clock.utc(),
    )
    return walk


@pytest.fixture(autouse=True)
def given_back(db: None) -> Iterator[None]:
    """Leave no scope behind for the next test on this connection."""
    yield
    scope.leave()


def seen(tables: list[str] = FENCED) -> dict[str, int]:
    """Count with raw SQL what the database shows."""
    with connection.cursor() as cursor:
        found = {}
        for table in tables:
            cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)))
            found[table] = cursor.fetchone()[0]
    return found


@contextmanager
def as_web(story: Any, request: pytest.FixtureRequest, name: str) -> Iterator[Acting]:
    """Act as somebody under the runtime role."""
    acting: Acting = story.acting(name)
    request.getfixturevalue("runtime_role")
    with scope.of(acting):
        yield acting


@pytest.mark.article("A07.2.0")
def test_every_table_of_a_campus_is_fenced_for_everybody(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
        assert {name for (name,) in cursor.fetchall()} == {*FENCED, *OF_NOBODY_ELSE}


def test_nothing_exists_without_a_scope(story: Any, request: pytest.FixtureRequest) -> None:
    request.getfixturevalue("runtime_role")

    assert set(seen().values()) == {0}
    for nonsense in ("|", "machine ", "MACHINE", "%|lingshui", "lingshui", "|lingshui", "' OR true --"):
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('mingjian.scope', %s, false)", [nonsense])
        assert set(seen().values()) == {0}, nonsense


@pytest.mark.article("A07.2.0")
def test_own_campus_sees_every_row_and_another_campus_none(story: Any, request: pytest.FixtureRequest) -> None:
    panjin = story.acting("other_reviewer")
    with as_web(story, request, "reviewer"):
        assert min(seen().values()) >= 1
        assert seen()["registry_camera"] == 2
    scope.enter(panjin)
    assert {table: count for table, count in seen().items() if count} == {"registry_camera": 1}


def test_member_of_the_university_sees_what_is_their_own_and_no_camera(
    story: Any, request: pytest.FixtureRequest
) -> None:
    friend, unit = story.acting("friend"), story.acting("unit_manager")
    with as_web(story, request, "student") as student:
        assert [row.applicant_id for row in ViewingApplication.objects.all()] == [student.person.pk]
        found = seen()
        assert found["viewing_sessionviewer"] == found["viewing_applicationdecision"] == 1
        assert found["registry_hold"] == found["viewing_viewingapplication_holds"] == 2
        assert (found["registry_camera"], found["duty_shift"], found["people_console"]) == (0, 0, 0)
    with scope.of(friend):
        assert [row.applicant_id for row in ViewingApplication.objects.all()] == [friend.person.pk]
    with scope.of(unit):
        assert set(seen().values()) == {0}


@pytest.mark.article("A07.3.1")
def test_unit_sees_what_came_through_it_and_its_own_cameras_only(
    story: Any, request: pytest.FixtureRequest, register: Any
) -> None:
    register(name="书库", owner="library", system_class=SystemClass.UNIT)
    story.submitted(unit="library")
    with as_web(story, request, "unit_manager"):
        assert [camera.name for camera in Camera.objects.all()] == ["书库"]
        assert [row.unit_id for row in ViewingApplication.objects.all()] == ["library"]
        assert (seen()["viewing_viewingsession"], seen()["duty_shift"]) == (0, 0)


def test_page_that_forgot_its_filter_shows_nothing_foreign(story: Any, request: pytest.FixtureRequest) -> None:
    everything: list[QuerySet[Any]] = [
        model.objects.all() for model in (Camera, Hold, Shift, ViewingApplication, ViewingSession)
    ]
    story.acting("other_reviewer")

    with as_web(story, request, "other_reviewer"):
        found: list[Model] = [row for rows in everything for row in rows.all()]

    assert [str(row) for row in found] == ["盘锦东门"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE registry_camera SET name = 'x' WHERE campus = 'lingshui'",
        "UPDATE registry_hold SET released_at_90k = 1",
        "UPDATE duty_shift SET ended_at_90k = started_at_90k",
        "UPDATE viewing_viewingsession SET revocation_reason = 'x'",
    ],
)
def test_rows_of_another_campus_cannot_be_changed(story: Any, request: pytest.FixtureRequest, statement: str) -> None:
    with as_web(story, request, "other_reviewer"), connection.cursor() as cursor:
        cursor.execute(statement)
        assert cursor.rowcount == 0


def test_no_row_is_moved_or_made_across_the_fence(story: Any, request: pytest.FixtureRequest) -> None:
    with as_web(story, request, "other_reviewer") as acting:
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            Camera.objects.update(campus="lingshui", owner="security-office-campus")
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            Shift.objects.create(person=story.people["operator"], campus_id="lingshui", started_at_90k=1)
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            ViewingSession.objects.create(
                person=story.people["friend"],
                campus_id="lingshui",
                start_90k=0,
                end_90k=1,
                purpose="x",
                articles=[],
                issued_by=acting.person,
                issued_at_90k=0,
                valid_until_90k=1,
            )


@pytest.mark.article("A15.1.1a")
def test_applicant_sees_that_a_search_was_made_and_not_what_it_marked(
    story: Any, request: pytest.FixtureRequest
) -> None:
    application = story.approved()
    session = story.open(application)
    story.mark(session)
    story.close(session)

    with as_web(story, request, "student"):
        held = ViewingApplication.objects.get(pk=application.pk).sessions.get()
        assert (held.result, held.segments.count(), held.grants.count()) == ("no_clue", 0, 0)


@pytest.mark.article("A15.1.3b")
def test_whoever_lost_the_post_is_told_so_and_not_an_error(story: Any, request: pytest.FixtureRequest) -> None:
    session = story.open(story.approved())
    former = Acting(story.people["operator"], None, ())
    request.getfixturevalue("runtime_role")
    with scope.of(former):
        refused = leases.permission(acting=former, wanted_id=str(session.pk), now_90k=story.clock.utc())
        assert [reason.code for reason in getattr(refused, "reasons", ())][:1] == ["session.no_operator"]


def test_hold_kept_for_an_applicant_is_not_theirs_to_release(story: Any, request: pytest.FixtureRequest) -> None:
    with as_web(story, request, "student"):
        assert Hold.objects.update(released_at_90k=1) == 0


def test_applicant_applies_and_withdraws_under_the_runtime_role(story: Any, request: pytest.FixtureRequest) -> None:
    with as_web(story, request, "student") as student:
        sent = usecases.submit(acting=student, wish=story.wish(), clock=story.clock)
        # The number goes on after those the applicant cannot see.
        assert sent.number == 3
        shown = queries.access_own_application(person=student.person, application_id=str(sent.pk))
        assert (len(shown.holds.all()), len(shown.cameras.all())) == (2, 0)
        usecases.withdraw(application=sent, version=1, actor=acts.of(student), clock=story.clock)
        assert sent.holds.count() == 2


def test_holder_of_a_session_plays_its_cameras_wherever_they_stand(story: Any, request: pytest.FixtureRequest) -> None:
    session = usecases.issue_session(
        person=story.people["friend"],
        cameras=list(Camera.objects.filter(campus="panjin")),
        start_90k=1,
        end_90k=2,
        purpose="演示",
        valid_until_90k=story.clock.utc() + 1,
        issued_by=None,
        actor=acts.SHELL,
        clock=story.clock,
    )
    with as_web(story, request, "friend") as friend:
        given = leases.permission(acting=friend, wanted_id=str(session.pk), now_90k=story.clock.utc())
        assert [camera.name for camera in Camera.objects.all()] == ["盘锦东门"]
    assert getattr(given, "camera_ids", ()) == tuple(str(camera.pk) for camera in session.cameras.all())


def test_scope_ends_with_its_block_also_when_the_transaction_breaks(story: Any, request: pytest.FixtureRequest) -> None:
    with as_web(story, request, "reviewer"):
        with pytest.raises(ProgrammingError), transaction.atomic(), scope.machine(), connection.cursor() as cursor:
            assert seen()["registry_camera"] == 3
            cursor.execute("SELECT nonsense")
        assert seen()["registry_camera"] == 2
        with scope.machine():
            assert seen()["registry_camera"] == 3
        assert seen()["registry_camera"] == 2


def test_request_leaves_no_scope_behind_not_even_after_an_error(story: Any, client: Any, monkeypatch: Any) -> None:
    client.post("/sign-in/", {"username": "reviewer", "password": "correct horse battery"})
    for path, status in (("/viewing-register/", 200), ("/viewing-desk/nowhere/", 404), ("/nowhere/", 404)):
        assert client.get(path).status_code == status
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('mingjian.scope', true)")
            assert cursor.fetchone() == ("machine",), path


def test_capacity_chosen_decides_what_the_database_shows(story: Any, request: pytest.FixtureRequest) -> None:
    tier_1 = story.acting("tier_1")
    request.getfixturevalue("runtime_role")
    with scope.of(tier_1):
        assert seen()["registry_camera"] == 3
    with scope.of(Acting(tier_1.person, None, ())):
        assert set(seen().values()) == {0}
    assert first_capacity(tier_1.person, now_90k=story.clock.utc()).campuses == tier_1.campuses
