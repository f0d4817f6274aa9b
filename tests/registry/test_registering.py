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
from mingjian.registry.models import Camera, PlanRevision
from mingjian.registry.usecases import RegistryError

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


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"campus": "moon"}, "registry.campus_unknown"),
        ({"name": " "}, "registry.name_missing"),
        ({"building": ""}, "registry.name_missing"),
        ({"owner": ""}, "registry.name_missing"),
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
