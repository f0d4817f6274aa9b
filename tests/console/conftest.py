"""A clock that stands still, an operator, a volume, cameras, and a look at what was written for the ledger."""

import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client

from mingjian.base import ids
from mingjian.base.clock import SimulatedClock, SystemClock
from mingjian.base.ids import VolumeId
from mingjian.base.ticks import TICKS_PER_S, parse_iso
from mingjian.duty import usecases as duty
from mingjian.grants import sealing, signing
from mingjian.grants.signing import KeyPurpose
from mingjian.host import deployment
from mingjian.host.home import Home
from mingjian.people import acts
from mingjian.people.capacity import Acting, first_capacity
from mingjian.people.models import Person
from mingjian.recordings.volume import Volume as DiskVolume
from mingjian.registry import usecases as registry
from mingjian.registry.models import Camera, Volume
from mingjian.registry.networks import CameraNetworks
from mingjian.registry.usecases import CameraPoint
from mingjian.viewing import usecases as viewing
from mingjian.viewing.models import ViewingApplication, ViewingSession
from mingjian.viewing.usecases import Wish
from mingjian.viewing.words import Outcome

CLOCK = SystemClock()
HOUR_90K = 3600 * TICKS_PER_S
PASSWORD = "correct horse battery"


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


@pytest.fixture
def outsider(hire: Callable[..., Person], clock: SimulatedClock) -> Person:
    """A member of the university without any appointment."""
    return hire("zhao", "赵同学", clock=clock)


@dataclass
class World:
    """Lingshui and Panjin with a camera each, a victim, a unit's manager, a reviewer, and a guard on shift."""

    people: dict[str, Person]
    camera: Camera
    elsewhere: Camera
    clients: dict[str, Client] = field(default_factory=dict)
    rows: dict[str, ViewingApplication] = field(default_factory=dict)
    held: ViewingSession | None = None

    def acting(self, username: str) -> Acting:
        return first_capacity(self.people[username], now_90k=CLOCK.utc())

    def client(self, username: str) -> Client:
        if username not in self.clients:
            client = self.clients[username] = Client()
            client.post("/sign-in/", {"username": username, "password": PASSWORD})
        return self.clients[username]

    def applied(self, *, unit: str = "", by: str = "victim") -> ViewingApplication:
        now_90k = CLOCK.utc()
        return viewing.submit(
            acting=Acting(self.people[by], None, ()),
            wish=Wish("theft", "失窃", "lingshui", "校门", now_90k - 2 * HOUR_90K, now_90k - HOUR_90K, "138", unit),
            clock=CLOCK,
        )

    def approved(self, *, unit: str = "", by: str = "victim", decider: str = "decider") -> ViewingApplication:
        application = self.applied(unit=unit, by=by)
        if unit:
            viewing.forward(application=application, version=1, acting=self.acting("librarian"), clock=CLOCK)
        self.decide(application, Outcome.APPROVED, by=decider)
        return application

    def decide(self, application: ViewingApplication, outcome: Outcome, *, by: str = "decider") -> None:
        viewing.decide(
            application=application,
            version=ViewingApplication.objects.get(pk=application.pk).version,
            outcome=outcome,
            reason="" if outcome is Outcome.APPROVED else "材料不足",
            article="A14.b" if outcome is Outcome.REFUSED else "",
            validity_days=3,
            acting=self.acting(by),
            clock=CLOCK,
        )

    def opened(self, application: ViewingApplication, *, by: str = "guard") -> ViewingSession:
        return viewing.open_session(application=application, acting=self.acting(by), clock=CLOCK)

    def showing(self, application: ViewingApplication, *, by: str = "guard") -> ViewingSession:
        """Open, mark a segment and go over to showing: whoever is let in now is shown it."""
        held, acting = self.opened(application, by=by), self.acting(by)
        viewing.mark_segment(
            session=held,
            camera_id=str(held.cameras.all()[0].pk),
            start_90k=held.start_90k,
            end_90k=held.end_90k,
            note="",
            acting=acting,
            clock=CLOCK,
        )
        viewing.begin_showing(session=held, acting=acting, clock=CLOCK)
        return held


@pytest.fixture
def world(settings: Any, hire: Callable[..., Person], register: Callable[..., Camera]) -> World:
    """People who sign in at once: how slow a password is to compare is proved elsewhere."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    camera, elsewhere = register(), register(name="盘锦东门", campus="panjin")
    made = World(
        {
            "victim": hire("victim", "失主"),
            "decider": hire("decider", "审核", ("reviewer", "security-office-campus")),
            "guard": hire("guard", "当班", ("operator", "security-office-campus")),
            "librarian": hire("librarian", "馆员", ("manager", "library")),
        },
        camera,
        elsewhere,
    )
    duty.start_shift(acting=made.acting("guard"), campus="lingshui", actor=acts.SHELL, clock=CLOCK)
    return made


@pytest.fixture
def serving() -> Callable[[Home], AbstractContextManager[None]]:
    """Run the web process on the test's database: `with serving(home): …`."""
    return _serving


@contextmanager
def _serving(ports: Home) -> Iterator[None]:
    """Run the web process on the test's database until the block ends."""
    environment = {
        **os.environ,
        "MINGJIAN_HOME": str(settings.HOME.root),
        "MINGJIAN_PORT": str(ports.port),
        "MINGJIAN_MEDIA_PORT": str(ports.media_port),
        "MINGJIAN_PG_NAME": str(connection.settings_dict["NAME"]),
        "MINGJIAN_PG_SCOPE": "",
    }
    command = [sys.executable, "-m", "uvicorn", "mingjian.console.asgi:application", "--port", str(ports.port)]
    process = subprocess.Popen([*command, "--log-level", "warning"], env=environment)
    try:
        deadline = time.monotonic() + 20
        while not _answers(ports.port):
            assert process.poll() is None, "the web process ended"
            assert time.monotonic() < deadline, "the web process does not answer"
            time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.wait(10)


def _answers(port: int) -> bool:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        line.request("GET", "/healthz")
        return line.getresponse().status == 200
    except OSError:
        return False
    finally:
        line.close()
