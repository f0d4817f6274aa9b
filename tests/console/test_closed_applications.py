"""Applications closed to all but the named: in pages, API, search, the ledger, and in SQL."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from psycopg import sql

from mingjian.console.migrating import apply_privileges
from mingjian.people import scope
from mingjian.people.models import Person
from mingjian.viewing.models import ViewingApplication
from tests.console.matters import as_the_web, got, leaves, sent, sequenced

CAMPUS_OFFICE = "security-office-campus"
OTHERS = ("other_reviewer", "guard", "supervisor", "auditor")


@pytest.fixture
def world(world: Any, hire: Callable[..., Person]) -> Any:
    apply_privileges()
    for username, name, *held in (
        ("head", "负责人", ("principal", CAMPUS_OFFICE)),
        ("other_reviewer", "另一审核人", ("reviewer", CAMPUS_OFFICE)),
        ("supervisor", "监督", ("manager", "security-office")),
        ("auditor", "审计", ("audit_administrator", "security-office")),
    ):
        world.people[username] = hire(username, name, *held)
    return world


def closed(world: Any, row: ViewingApplication, *named: str) -> tuple[int, str]:
    return sent(
        world.client("head"),
        f"/viewing-desk/{row.pk}/restrict/",
        version=ViewingApplication.objects.get(pk=row.pk).version,
        named=[str(world.people[name].pk) for name in named],
        reason="涉密案件",
    )


@pytest.mark.article("A14.c")
def test_closed_application_exists_for_the_named_and_the_applicant_only(world: Any) -> None:
    row = world.approved()
    session = world.opened(row)
    assert closed(world, row, "decider")[0] == 302

    for username in ("head", "decider"):
        status, page = got(world.client(username), f"/viewing-desk/{row.pk}/")
        assert status == 200
        assert "限知事项" in page
    assert got(world.client("victim"), f"/viewings/{row.pk}/")[0] == 200
    for username in OTHERS:
        client = world.client(username)
        for address in (
            f"/viewing-desk/{row.pk}/",
            f"/viewing-sessions/{session.pk}/",
            f"/viewing-sessions/{session.pk}/room/",
            f"/api/v1/desk/applications/{row.pk}/",
            f"/api/v1/sessions/{session.pk}/",
        ):
            assert got(client, address)[0] == 404, (username, address)
        assert str(row.pk) not in got(client, f"/search/?q={row.ticket}")[1]
        assert str(row.pk) not in got(client, "/viewing-desk/")[1]
        assert str(row.pk) not in got(client, "/api/v1/desk/applications/")[1]
        assert "失窃" not in got(client, "/viewing-register/")[1]
        assert str(row.pk) not in got(client, "/viewing-holds/")[1]
        assert closed_by(world, row, username) == 404
    assert closed(world, row)[0] == 302
    assert got(world.client("other_reviewer"), f"/viewing-desk/{row.pk}/")[0] == 200


def closed_by(world: Any, row: ViewingApplication, username: str) -> int:
    return sent(world.client(username), f"/viewing-desk/{row.pk}/restrict/", version=1, reason="x")[0]


@pytest.mark.article("A14.c", shows="refused")
def test_only_the_head_closes_and_only_to_those_who_deal_with_it(world: Any) -> None:
    row = world.applied()

    assert closed_by(world, row, "decider") == 403
    assert closed_by(world, row, "supervisor") == 403
    assert closed(world, row, "victim")[0] == 400
    assert closed_by(world, row, "victim") == 404
    row.refresh_from_db()
    assert row.named_ids is None


@pytest.mark.article("A18.1")
def test_ledger_says_of_a_closed_application_that_there_is_something(world: Any) -> None:
    row = world.approved()
    session = world.opened(row)
    closed(world, row, "decider")
    sequenced()

    (shut,) = leaves("viewing.application_restricted")
    assert str(world.people["decider"].pk) not in str(shut["facts"])
    assert "涉密案件" not in str(shut)
    numbers = {
        leaf["seq"]
        for kind in ("submitted", "approved", "restricted")
        for leaf in leaves(f"viewing.application_{kind}")
    } | {leaf["seq"] for leaf in leaves("viewing.session_opened")}
    assert len(numbers) == 4
    for username in ("supervisor", "auditor", "other_reviewer"):
        client = world.client(username)
        with as_the_web():
            told = client.get("/api/v1/ledger/entries/").json()["items"]
        for entry in (one for one in told if one["seq"] in numbers):
            assert (entry["kind"], entry["actor_name"], entry["articles"], entry["facts"]) == (
                "ledger.sealed",
                "",
                [],
                {},
            )
        page = got(client, "/ledger/")[1]
        assert str(row.pk) not in page
        assert str(session.pk) not in page
        assert f"/ledger/{max(numbers)}/" not in got(client, "/ledger/?kind=viewing.application_restricted")[1]
        assert (
            f"/ledger/{min(numbers)}/"
            not in got(client, "/ledger/?person=victim&kind=viewing.application_submitted")[1]
        )
    with as_the_web():
        own = world.client("victim").get("/api/v1/ledger/entries/").json()["items"]
    assert "viewing.application_submitted" in {entry["kind"] for entry in own}
    named = got(world.client("decider"), "/ledger/?kind=viewing.application_approved")[1]
    assert f"/ledger/{leaves('viewing.application_approved')[0]['seq']}/" in named


@pytest.mark.article("A14.c")
def test_database_hides_what_is_closed_with_all_that_hangs_on_it(world: Any) -> None:
    row = world.approved()
    world.opened(row)
    tables = (
        "viewing_viewingapplication",
        "viewing_viewingsession",
        "viewing_applicationdecision",
        "viewing_viewinggrant",
        "viewing_viewingapplication_cameras",
    )

    def seen(username: str) -> list[int]:
        acting = world.acting(username)
        found = []
        with as_the_web(), scope.of(acting), connection.cursor() as cursor:
            for table in tables:
                cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)))
                found.append(int(cursor.fetchone()[0]))
        return found

    before = seen("other_reviewer")
    assert min(before) >= 1
    closed(world, row, "decider")
    for username in OTHERS:
        assert seen(username) == [0] * len(tables)
    assert seen("decider") == seen("head") == before
    assert seen("victim")[:3] == [1, 1, 1]
