"""An old database, whose points had their owner as a text, comes up to today's without a point being lost."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

BEFORE, AFTER = [("registry", "0003_points")], [("registry", "0005_owned_points")]

pytestmark = pytest.mark.django_db(transaction=True)


def migrate(targets: list[tuple[str, str]]) -> Any:
    executor = MigrationExecutor(connection)
    executor.migrate(targets)
    return MigrationExecutor(connection).loader.project_state(targets).apps


@pytest.fixture
def old() -> Iterator[Any]:
    """The models as they were, on the database as it was; afterwards it is today's again."""
    yield migrate(BEFORE)
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE registry_camera, registry_volume, people_body, people_campus CASCADE")
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def put(apps: Any, *, slot: int, campus: Any, volume: Any, owner: str) -> None:
    apps.get_model("registry", "Camera").objects.create(
        name=f"点位 {slot}",
        campus=campus,
        building="楼",
        owner_text=owner,
        main_address="rtsp://10.0.0.1/x",
        slot=slot,
        volume=volume,
        created_at_90k=1,
    )


@pytest.mark.article("A02")
def test_owners_in_text_become_bodies_and_a_campus_without_one_stops_nothing(
    old: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    campuses, bodies = old.get_model("people", "Campus").objects, old.get_model("people", "Body").objects
    settled = campuses.create(code="a", name="甲校区", name_en="A", place=0)
    bare = campuses.create(code="b", name="乙校区", name_en="B", place=1)
    school = bodies.create(code="school", name="学校", name_en="School", tier=1)
    office = bodies.create(code="office", name="保卫处", name_en="Security", tier=2, parent=school)
    library = bodies.create(code="library", name="图书馆", name_en="Library", tier=3, parent=office)
    for body in (office, library):
        old.get_model("people", "Jurisdiction").objects.create(body=body, campus=settled, tier=body.tier)
    volume = old.get_model("registry", "Volume").objects.create(
        id="0" * 32, name="v", path="/v", budget_bytes=0, created_at_90k=1
    )
    for slot, (campus, owner) in enumerate(((settled, "图书馆"), (settled, "从前的科室"), (bare, "从前的科室"))):
        put(old, slot=slot, campus=campus, volume=volume, owner=owner)

    new = migrate(AFTER)

    cameras = new.get_model("registry", "Camera").objects.order_by("slot")
    assert [(one.owner_id, one.owner_tier, one.system_class) for one in cameras] == [
        ("library", 3, "unit"),
        ("office", 2, "school"),
        ("unnamed-b", 3, "unit"),
    ]
    assert cameras[2].owner.name == "乙校区（责任机构待明确）"
    said = capsys.readouterr().err
    assert "点位 2" in said
    assert "点位 1" not in said
