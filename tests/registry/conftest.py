"""A clock that stands still, an operator, a volume, cameras, and a look at what was written for the ledger."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from mingjian.base import ids
from mingjian.base.clock import SimulatedClock
from mingjian.base.ids import VolumeId
from mingjian.base.ticks import parse_iso
from mingjian.grants import sealing, signing
from mingjian.grants.signing import KeyPurpose
from mingjian.host import deployment
from mingjian.host.home import Home
from mingjian.people import acts
from mingjian.people.models import Person
from mingjian.recordings.volume import Volume as DiskVolume
from mingjian.registry import usecases as registry
from mingjian.registry.models import Camera, Volume
from mingjian.registry.networks import CameraNetworks
from mingjian.registry.usecases import CameraPoint


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock(parse_iso("2026-11-22T08:00:00+08:00"))


@pytest.fixture
def operator(hire: Callable[..., Person], clock: SimulatedClock) -> Person:
    return hire("zhang", "张工", ("operator", "security-office-campus"), clock=clock)


@pytest.fixture
def written(db: None) -> Callable[[], list[dict[str, Any]]]:
    """Return the acts written since the fixture was asked for."""

    def read(after: int) -> list[tuple[int, dict[str, Any]]]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT id, body FROM ledger_pending WHERE id > %s ORDER BY id", [after])
            return [(number, json.loads(bytes(body))) for number, body in cursor.fetchall()]

    known = max((number for number, _ in read(0)), default=0)
    return lambda: [act for _, act in read(known)]


@pytest.fixture(scope="session", autouse=True)
def static_files() -> None:
    """Gather static files once, as a start does: pages name them by their hashes."""
    call_command("collectstatic", interactive=False, verbosity=0)


NETWORKS = CameraNetworks.parse(networks="127.0.0.0/8,10.0.0.0/8", ports="554,8000-9000")


@pytest.fixture(scope="session")
def founded() -> Home:
    """The session's home with identity and keys, as the first start leaves it."""
    home: Home = settings.HOME
    for folder in (home.public_keys, home.plan.parent, home.sockets):
        folder.mkdir(parents=True, exist_ok=True)
    deployment.found(home)
    for purpose in KeyPurpose:
        if not signing.has_key(home, purpose=purpose):
            signing.generate(home, purpose=purpose)
    if not (home.secrets / sealing.KEY_FILE).exists():
        sealing.generate_key(home)
    return home


@pytest.fixture
def volume(university: None, founded: Home, tmp_path: Path, clock: SimulatedClock) -> Volume:
    """A volume that is there and registered."""
    volume_id = VolumeId(ids.new_id())
    path = tmp_path / "volume"
    DiskVolume.create(
        path, deployment_id=deployment.load(founded).deployment_id, volume_id=volume_id, budget_bytes=1 << 30
    )
    return registry.register_volume(
        volume_id=volume_id, name=volume_id[:8], path=str(path), budget_bytes=1 << 30, actor=acts.SHELL, clock=clock
    )


@pytest.fixture
def register(volume: Volume, founded: Home, clock: SimulatedClock) -> Callable[..., Camera]:
    """Register a camera; keywords change the point."""

    def make(**changes: Any) -> Camera:
        point = CameraPoint(
            name="南门",
            campus="lingshui",
            building="校门",
            main_address="rtsp://127.0.0.1:8554/main",
            user="admin",
            password="p@ss wörd",
        )
        return registry.register_camera(
            point=replace(point, **changes),
            networks=NETWORKS,
            credential_key=sealing.load_key(founded),
            actor=acts.SHELL,
            clock=clock,
        )

    return make
