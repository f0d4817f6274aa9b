"""A clock that stands still, an operator, a volume, cameras, and a look at what was written for the ledger."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from mingjian.base import ids
from mingjian.base.clock import SimulatedClock
from mingjian.base.ids import VolumeId
from mingjian.base.ticks import TICKS_PER_S, parse_iso
from mingjian.duty import usecases as duty
from mingjian.grants import sealing, signing
from mingjian.grants.signing import KeyPurpose
from mingjian.host import deployment
from mingjian.host.home import Home
from mingjian.ledger import payload
from mingjian.people import acts
from mingjian.people.capacity import Acting, first_capacity
from mingjian.people.models import Person
from mingjian.recordings.volume import Volume as DiskVolume
from mingjian.registry import usecases as registry
from mingjian.registry.models import Camera, Volume
from mingjian.registry.networks import CameraNetworks
from mingjian.registry.usecases import CameraPoint
from mingjian.viewing import usecases as viewing
from mingjian.viewing.models import Segment, ViewingApplication, ViewingSession
from mingjian.viewing.usecases import IdCheck, Wish
from mingjian.viewing.words import HoldChoice, Outcome, Result


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
            acts = [(number, json.loads(bytes(body))) for number, body in cursor.fetchall()]
            kept = payload.read(cursor, [one for _, act in acts for one in payload.commitments_in(act["facts"])])
        return [(number, {**act, "facts": payload.filled(act["facts"], kept)}) for number, act in acts]

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


HOUR_90K = 3600 * TICKS_PER_S
SEEN = IdCheck(kind="campus_card", last4="0417", is_pledged=True, are_phones_away=True)


@dataclass
class Walk:
    """The steps of a viewing, and everybody who takes them: one operator on shift, cameras at the gate of Lingshui."""

    people: dict[str, Person]
    clock: SimulatedClock

    def acting(self, name: str) -> Acting:
        return first_capacity(self.people[name], now_90k=self.clock.utc())

    def wish(self, **changes: Any) -> Wish:
        now_90k = self.clock.utc()
        asked = Wish(
            incident_kind="theft",
            reason="自行车在车棚失窃",
            campus="lingshui",
            building="校门",
            start_90k=now_90k - 2 * HOUR_90K,
            end_90k=now_90k - HOUR_90K,
            phone="13800000000",
        )
        return replace(asked, **changes)

    def submitted(self, applicant: str = "student", **changes: Any) -> ViewingApplication:
        return viewing.submit(acting=self.acting(applicant), wish=self.wish(**changes), clock=self.clock)

    def decide(
        self, application: ViewingApplication, by: str = "reviewer", outcome: Outcome = Outcome.APPROVED, **changes: Any
    ) -> ViewingApplication:
        asked = {
            "application": application,
            "version": ViewingApplication.objects.get(pk=application.pk).version,
            "outcome": outcome,
            "reason": "" if outcome is Outcome.APPROVED else "请写明自行车的特征",
            "article": "A14.b" if outcome is Outcome.REFUSED else "",
            "validity_days": 3,
            "acting": self.acting(by),
            "clock": self.clock,
        }
        viewing.decide(**(asked | changes))
        return ViewingApplication.objects.get(pk=application.pk)

    def approved(self, applicant: str = "student", **changes: Any) -> ViewingApplication:
        return self.decide(self.submitted(applicant, **changes))

    def open(self, application: ViewingApplication, by: str = "operator") -> ViewingSession:
        """Open a session: the operator searches."""
        return viewing.open_session(application=application, acting=self.acting(by), clock=self.clock)

    def mark(self, session: ViewingSession, *, start_s: int = 600, seconds: int = 60, by: str = "operator") -> Segment:
        """Mark a segment of the first camera, so many seconds into the window."""
        start_90k = session.start_90k + start_s * TICKS_PER_S
        return viewing.mark_segment(
            session=session,
            camera_id=str(session.cameras.order_by("name")[0].pk),
            start_90k=start_90k,
            end_90k=start_90k + seconds * TICKS_PER_S,
            note="推车出门",
            acting=self.acting(by),
            clock=self.clock,
        )

    def begin_showing(self, session: ViewingSession, by: str = "operator") -> None:
        viewing.begin_showing(session=session, acting=self.acting(by), clock=self.clock)

    def shown(self, application: ViewingApplication) -> ViewingSession:
        """Open, search, mark one segment, go over to showing, and let the applicant in."""
        session = self.open(application)
        self.mark(session)
        self.begin_showing(session)
        self.admit(session, application)
        return ViewingSession.objects.get(pk=session.pk)

    def close(
        self,
        session: ViewingSession,
        result: Result = Result.NO_CLUE,
        hold: HoldChoice = HoldChoice.KEEP,
        by: str = "operator",
    ) -> None:
        viewing.close_session(
            session=session, result=result, note="", hold=hold, acting=self.acting(by), clock=self.clock
        )

    def admit(self, session: ViewingSession, application: ViewingApplication, check: IdCheck = SEEN) -> None:
        viewing.admit(
            session=session, application=application, check=check, acting=self.acting("operator"), clock=self.clock
        )


@pytest.fixture
def walk(hire: Callable[..., Person], operator: Person, register: Callable[..., Camera], clock: SimulatedClock) -> Walk:
    for name in ("南门", "南门岗亭"):
        register(name=name)
    register(name="盘锦东门", campus="panjin")
    people = {"operator": operator}
    posts: dict[str, tuple[tuple[str, str], ...]] = {
        "student": (),
        "friend": (),
        "classmate": (),
        "reviewer": (("reviewer", "security-office-campus"),),
        "principal": (("principal", "security-office-campus"),),
        "unit_manager": (("manager", "library"),),
        "other_reviewer": (("reviewer", "panjin-general-affairs"),),
        "tier_1": (("principal", "security-office"),),
        "off_shift": (("operator", "security-office-campus"),),
    }
    for username, held in posts.items():
        people[username] = hire(username, username, *held, clock=clock)
    duty.start_shift(
        acting=first_capacity(operator, now_90k=clock.utc()), campus="lingshui", actor=acts.SHELL, clock=clock
    )
    return Walk(people, clock)
