"""Cameras enter and leave the registry; what is refused says why; credentials never show again."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from mingjian.base.clock import SimulatedClock
from mingjian.base.errors import MingjianError
from mingjian.grants import sealing
from mingjian.host.home import Home
from mingjian.people import acts
from mingjian.registry import queries, usecases
from mingjian.registry.models import Camera, PlanRevision, Volume
from mingjian.registry.usecases import RegistryError
from mingjian.regulation.systems import SystemClass

Register = Callable[..., Camera]
Written = Callable[[], list[dict[str, Any]]]


def test_register_camera_seals_credentials_and_asks_for_a_plan(
    register: Register, founded: Home, written: Written
) -> None:
    revisions = PlanRevision.objects.count()

    camera = register(sub_address="rtsp://127.0.0.1:8554/sub", is_key_location=True)

    opened = sealing.unseal(camera.sealed_credentials, key=sealing.load_key(founded), context=str(camera.pk))
    assert json.loads(opened) == {"user": "admin", "password": "p@ss wörd"}
    assert PlanRevision.objects.count() == revisions + 1
    act = written()[-1]
    assert (act["kind"], act["subject"]) == ("registry.camera_registered", f"camera:{camera.pk}")
    assert "p@ss" not in json.dumps(act, ensure_ascii=False)


def test_slots_are_small_and_reused_only_after_retirement(register: Register, clock: SimulatedClock) -> None:
    first, second = register(name="甲"), register(name="乙")
    assert (first.slot, second.slot) == (0, 1)

    usecases.retire_camera(camera=first, actor=acts.SHELL, clock=clock)

    assert register(name="丙").slot == 0
    assert first not in queries.cameras_in_operation()
    with pytest.raises(RegistryError) as refused:
        usecases.retire_camera(camera=first, actor=acts.SHELL, clock=clock)
    assert refused.value.code == "registry.camera_retired"


@pytest.mark.article("A21.a")
@pytest.mark.article("A04.p2")
@pytest.mark.article("A04.p1")
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"campus": "moon"}, "registry.campus_unknown"),
        ({"name": " "}, "registry.name_missing"),
        ({"building": ""}, "registry.name_missing"),
        ({"name": "南" * 65}, "registry.name_too_long"),
        ({"purpose": "防" * 201}, "registry.name_too_long"),
        ({"name": "南门\x07"}, "registry.name_unprintable"),
        ({"name": "南门\u202e"}, "registry.name_unprintable"),
        ({"building": "校\u2028门"}, "registry.name_unprintable"),
        ({"name": "南门\udcff"}, "registry.name_unprintable"),
        ({"owner": "moon"}, "registry.owner_unknown"),
        ({"owner": "panjin-general-affairs"}, "registry.owner_elsewhere"),
        ({"owner": "library", "system_class": SystemClass.SCHOOL}, "registry.owner_of_class"),
        ({"owner": "library", "system_class": SystemClass.EXAMINATION}, "registry.special_owner"),
        ({"owner": "secrecy-office", "system_class": SystemClass.SECRECY}, "registry.secrecy_not_recorded"),
        ({"main_address": "http://127.0.0.1/"}, "registry.address_scheme"),
        ({"sub_address": "rtsp://8.8.8.8/"}, "registry.network_not_allowed"),
        ({"volume_id": "00000000-0000-0000-0000-000000000000"}, "registry.no_volume"),
    ],
)
def test_register_camera_says_why_not(register: Register, changes: dict[str, Any], code: str) -> None:
    with pytest.raises(MingjianError) as refused:
        register(**changes)

    assert refused.value.code == code
    assert not Camera.objects.exists()


def test_register_camera_refuses_a_name_taken_on_the_campus(register: Register) -> None:
    register()
    register(campus="panjin")

    with pytest.raises(RegistryError) as refused:
        register()

    assert refused.value.code == "registry.name_taken"


@pytest.mark.parametrize("address", ["rtsp://a:b@10.0.0.1/", "http://10.0.0.1/", "rtsp://10.0.0.1"])
def test_database_refuses_an_address_that_went_around_the_check(register: Register, address: str) -> None:
    camera = register()

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE registry_camera SET main_address = %s WHERE id = %s", [address, camera.pk])


@pytest.mark.article("A02")
def test_point_belongs_to_the_campuss_own_body_unless_a_unit_owns_it(register: Register) -> None:
    gate, reading_room = register(name="南门"), register(name="阅览室", owner="图书馆")

    assert (gate.owner_id, gate.system_class) == ("security-office-campus", "school")
    assert (reading_room.owner_id, reading_room.system_class) == ("library", "unit")
    assert register(name="考场", owner="教学运行保障中心", system_class=SystemClass.EXAMINATION).owner_tier == 3


@pytest.mark.article("A02")
@pytest.mark.parametrize(
    "change",
    [
        "owner_id = 'panjin-general-affairs'",
        "owner_id = 'library'",
        "owner_id = 'library', owner_tier = 3",
        "owner_tier = 3, system_class = 'unit'",
        "campus = 'panjin'",
        "system_class = 'secrecy'",
        "main_address = ''",
        "owner_id = NULL",
    ],
)
def test_database_refuses_an_owner_that_does_not_fit(register: Register, change: str) -> None:
    camera = register()

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE registry_camera SET " + change + " WHERE id = %s", [camera.pk])  # noqa: S608 - ours


@pytest.mark.article("A21.a")
def test_secrecy_point_is_entered_without_an_address_and_never_planned(register: Register) -> None:
    secret = register(
        name="保密室", owner="保密办公室", system_class=SystemClass.SECRECY, main_address="", user="", password=""
    )
    register(name="南门")

    assert secret in queries.cameras_in_operation()
    assert secret not in queries.recorded_cameras()
    assert queries.cameras_of_place(campus="lingshui", building="校门") == [Camera.objects.get(name="南门")]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, "registry.volume_taken"),
        ({"volume_id": "00000000-0000-4000-8000-000000000001"}, "registry.volume_name_taken"),
        ({"volume_id": "00000000-0000-4000-8000-000000000001", "name": "另一卷"}, "registry.volume_path_taken"),
        (
            {"volume_id": "00000000-0000-4000-8000-000000000001", "name": "另一卷", "path": "/v", "budget_bytes": -1},
            "registry.budget_negative",
        ),
        ({"name": "卷\n一"}, "registry.name_unprintable"),
    ],
)
def test_register_volume_says_what_is_taken(
    volume: Volume, clock: SimulatedClock, changes: dict[str, Any], code: str
) -> None:
    again = {"volume_id": str(volume.pk), "name": volume.name, "path": volume.path, "budget_bytes": 0}

    with pytest.raises(RegistryError) as refused:
        usecases.register_volume(**(again | changes), actor=acts.SHELL, clock=clock)

    assert refused.value.code == code
    assert Volume.objects.count() == 1
