"""What all tests share: one private PostgreSQL per session, fresh homes, and cameras that really speak RTSP.

The variables of the environment are set while this file is imported, before Django reads its settings; the cluster
itself starts only when the first test asks for it.
"""

import atexit
import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import django
import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher

from mingjian.base.clock import Clock, SystemClock
from mingjian.host import database, secrets
from mingjian.host.database import DatabaseAddress, Role
from mingjian.host.home import Home
from mingjian.host.postgres import Cluster
from rigs.cameras import RunningCamera, launch

CAMERAS = Path(__file__).parent / "cameras"
PATIENCE_S = 60.0
READY = ("Ready.", "demo is ready")


def _session_home() -> Home:
    """A home in a short folder that the database's run-as user may pass through."""
    root = Path(tempfile.mkdtemp(prefix="mj-"))
    root.chmod(0o711)
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    return Home(root=root, bind="127.0.0.1", port=8000, media_port=8001)


_HOME = _session_home()
for _role in Role:
    secrets.ensure(database.password_file(_HOME, _role))
secrets.ensure(_HOME.secrets / "django.key")
_ADDRESS = DatabaseAddress(
    host=str(_HOME.root / "pg"),
    port=5432,
    name="mingjian",
    user=Role.OWNER,
    password_file=database.password_file(_HOME, Role.OWNER),
)
os.environ.update(_ADDRESS.environment())
# Tests arrange as a machine; what a page or a lease does has the scope of who asks, as in the product.
os.environ[database.SCOPE_SETTING] = database.MACHINE_SCOPE
os.environ["MINGJIAN_HOME"] = str(_HOME.root)
# Who has no second factor is not asked for one; what is demanded of everybody has tests of its own.
os.environ["MINGJIAN_SECOND_FACTOR"] = "enrolled"
os.environ["DJANGO_SETTINGS_MODULE"] = "mingjian.console.settings"
django.setup()

from mingjian.people import arriving  # noqa: E402 - needs Django set up
from mingjian.people.attempts import Brake  # noqa: E402

# The same Argon2id, cheap: half the time of these tests went into hashing the passwords of made-up people.
Argon2PasswordHasher.time_cost, Argon2PasswordHasher.memory_cost, Argon2PasswordHasher.parallelism = 1, 1024, 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the journeys last: the browser they share keeps an event loop running, which other tests mind."""
    items.sort(key=lambda item: "journeys" in item.path.parts)


@pytest.fixture(autouse=True)
def fresh_brake(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test signs in from the same address: what one mistypes is not counted against the next."""
    monkeypatch.setattr(arriving, "_BRAKE", Brake())


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """The session's cluster with every role, serving. The owner may create databases, as Django's tests need."""
    cluster = Cluster.of(_HOME)
    assert str(cluster.placement.sockets) == _ADDRESS.host
    with cluster.running({"fsync": "off"}):
        with cluster.connect_as_cluster_role("postgres") as connection:
            connection.execute("ALTER ROLE mingjian_owner CREATEDB")
            # So that a test may go on as the role that pages have, in the transaction that arranged its rows.
            connection.execute("GRANT mingjian_web TO mingjian_owner WITH SET TRUE, INHERIT FALSE")
        yield cluster


@pytest.fixture(scope="session")
def django_db_modify_db_settings(postgres: Cluster) -> None:
    """Start the cluster before pytest-django makes its database."""


@pytest.fixture
def runtime_role(db: None) -> Iterator[None]:
    """Go on under the role and the privileges of the web process, without a scope until somebody enters one."""
    from django.db import connection

    from mingjian.console.migrating import apply_privileges

    apply_privileges()
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE mingjian_web")
        cursor.execute("SET mingjian.scope = ''")
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute("RESET mingjian.scope")


@cache
def default_profile() -> Any:
    """The default profile, read once: a third of what a university cost each test."""
    from mingjian.people import profile

    return profile.read()


@pytest.fixture
def university(db: None) -> None:
    """The campuses and bodies of the default profile, as the first start enters them."""
    from mingjian.people import acts
    from mingjian.people.university import load_profile

    load_profile(profile=default_profile(), actor=acts.SHELL, clock=SystemClock())


@pytest.fixture
def hire(university: None) -> Callable[..., Any]:
    """Open an account and appoint its person: hire("zhang", "张工", ("operator", "security-office-campus"))."""
    from mingjian.people import acts, appointing, usecases
    from mingjian.people.appointing import Term
    from mingjian.regulation.posts import Post

    def make(username: str, name: str, *held: tuple[str, str], clock: Clock | None = None) -> Any:
        now = clock or SystemClock()
        person = usecases.create_person(
            username=username, display_name=name, password="correct horse battery", actor=acts.SHELL, clock=now
        )
        for post, body in held:
            appointing.appoint(
                person=person,
                post=Post(post),
                body=body,
                term=Term(since_90k=0, until_90k=None, document="任命文件"),
                appointed_by=None,
                actor=acts.SHELL,
                clock=now,
            )
        return person

    return make


@pytest.fixture
def act_as() -> Callable[..., Any]:
    """Return how a person acts when there is one appointment, or none."""
    from mingjian.people.capacity import first_capacity

    return lambda person, at_90k=1: first_capacity(person, now_90k=at_90k)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A fresh, empty home with a Django key; two free ports."""
    root = tmp_path / "home"
    made = Home(root=root, bind="127.0.0.1", port=free_port(), media_port=free_port())
    for folder in (made.secrets, made.public_keys, made.sockets, made.volumes, made.logs, made.plan.parent):
        secrets.make_private_folder(folder)
    secrets.ensure(made.secrets / "django.key")
    return made


def free_port() -> int:
    """Return a TCP port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(slots=True)
class Site:
    """One data folder and its two ports; `extra` are settings in the environment."""

    root: Path
    port: int
    media_port: int
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """This process's environment with this site's settings, nothing of the test session's."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("MINGJIAN_", "DJANGO_"))}
        ours = {
            "MINGJIAN_HOME": str(self.root),
            "MINGJIAN_PORT": str(self.port),
            "MINGJIAN_MEDIA_PORT": str(self.media_port),
            "PYTHONUNBUFFERED": "1",
        }
        return kept | ours | self.extra

    def run(self, *words: str, typed: str = "") -> "subprocess.CompletedProcess[str]":
        """Run one command to its end."""
        command = [sys.executable, "-m", "mingjian.cli", *words]
        return subprocess.run(
            command, env=self.environment, input=typed, capture_output=True, text=True, timeout=PATIENCE_S, check=False
        )

    def json(self, *words: str) -> Any:
        """Run a command that answers in JSON, which must succeed."""
        done = self.run(*words, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def start(self, command: str) -> "subprocess.Popen[str]":
        """Start `up` or `demo`."""
        return subprocess.Popen(
            [sys.executable, "-m", "mingjian.cli", command],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def wait_ready(self, running: "subprocess.Popen[str]") -> str:
        """Read what a start prints until it says ready; return it all."""
        return self.wait_for(running, *READY)

    def wait_for(self, running: "subprocess.Popen[str]", *words: str) -> str:
        """Read what a start prints until a line has one of these; return it all."""
        assert running.stdout is not None
        said = ""
        for line in running.stdout:
            said += line
            if any(word in line for word in words):
                return said
        raise AssertionError(said)

    def stop(self, running: "subprocess.Popen[str]") -> None:
        """End what `start` started, in order."""
        running.terminate()
        running.communicate(timeout=PATIENCE_S)

    def until(self, condition: Callable[[], bool], *, patience_s: float = 15.0) -> None:
        """Wait for a condition, not for ever."""
        deadline_s = time.monotonic() + patience_s
        while not condition():
            assert time.monotonic() < deadline_s, "waited too long"
            time.sleep(0.1)

    def processes(self) -> dict[str, int]:
        """Return the pids of the running processes by name."""
        told = json.loads((self.root / "run" / "processes.json").read_text())["processes"]
        return {entry["name"]: entry["pid"] for entry in told if entry["pid"] is not None}


@pytest.fixture(scope="session")
def site_maker() -> Callable[[], Site]:
    """How a room's conftest makes a site of its own."""
    return make_site


@pytest.fixture
def new_site() -> Iterator[Site]:
    """A site never started, in a short folder that the database's borrowed user may pass through."""
    site = make_site()
    yield site
    shutil.rmtree(site.root.parent)


def make_site() -> Site:
    """Return a site never started, in a short folder that the database's borrowed user may pass through."""
    around = Path(tempfile.mkdtemp(prefix="mj-"))
    around.chmod(0o711)
    return Site(root=around / "var", port=free_port(), media_port=free_port())


@pytest.fixture
def gst_camera() -> Iterator[Callable[..., RunningCamera]]:
    """Start cameras of Debian's gst-rtsp-server: gst_camera(codec="h264", user="a", password="b", fps=25, port=…)."""
    with contextlib.ExitStack() as stack:

        def start(*, port: int | None = None, **options: str | int) -> RunningCamera:
            camera = launch(["/usr/bin/python3", str(CAMERAS / "gst_camera.py")], port=port, options=options)
            stack.callback(camera.stop)
            return camera

        yield start


@pytest.fixture
def evil_camera() -> Iterator[Callable[..., RunningCamera]]:
    """Start cameras that misbehave: evil_camera(behaviour="garbage")."""
    with contextlib.ExitStack() as stack:

        def start(*, port: int | None = None, **options: str | int) -> RunningCamera:
            camera = launch([sys.executable, str(CAMERAS / "evil_camera.py")], port=port, options=options)
            stack.callback(camera.stop)
            return camera

        yield start
