"""The control plane while all cameras of a switch come back: a real demo with PostgreSQL, asked at a steady rate.

Part of `./dev bench start`. Many cameras are registered in one process, on a volume of their own. Questions leave on
time whether or not the last one was answered, and each is timed from the instant it was due, so that a slow answer
cannot hide the ones behind it.
"""

import http.client
import itertools
import json
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from benchmarks.figures import percentile
from benchmarks.system import Demo

_REGISTER = """
import sys
from mingjian.base.clock import SystemClock
from mingjian.cli import django_door
from mingjian.host import kept_settings
from mingjian.host.home import Home
home, (port, count, volume) = Home.from_environ(), sys.argv[1:]
kept_settings.apply(home)
django_door.open_django(home)
from mingjian.demo import cast
from mingjian.grants import sealing
from mingjian.people import acts
from mingjian.registry import publisher, usecases
from mingjian.registry.networks import CameraNetworks
for number in range(int(count)):
    camera = usecases.register_camera(
        point=usecases.CameraPoint(
            name=f"switch {number}", campus=cast.CAMPUS, building="switch", volume_id=volume,
            main_address=f"rtsp://127.0.0.1:{port}/{number}", user="", password="",
        ),
        networks=CameraNetworks.from_environ(), credential_key=sealing.load_key(home),
        actor=acts.SHELL, clock=SystemClock(),
    )
    print(camera.pk)
publisher.publish_pending(home, clock=SystemClock())
"""
_PATIENCE_S = 30.0


def register(demo: Demo, *, port: int, cameras: int, folder: Path) -> tuple[Path, list[str]]:
    """Register the cameras of a rig on a new volume without a limit; return its path and their ids."""
    path = folder / "switch"
    demo.run("volume", "add", str(path), "--name", "switch", "--budget-gb", "0")
    volumes = json.loads(demo.run("volume", "list", "--json"))
    volume_id = next(volume["id"] for volume in volumes if volume["name"] == "switch")
    command = [sys.executable, "-c", _REGISTER, str(port), str(cameras), str(volume_id)]
    done = subprocess.run(command, env=demo.environment, stdout=subprocess.PIPE, text=True, check=True)
    return path, done.stdout.split()


class Answered(NamedTuple):
    """One answer: to what, and how long after it was due."""

    path: str
    ms: float


def print_by_path(name: str, answers: Sequence[Answered]) -> None:
    """Print how long each address took, the middle and the longest."""
    for path in sorted({answer.path for answer in answers}):
        taken_ms = [answer.ms for answer in answers if answer.path == path]
        print(f"{name:<8}{percentile(taken_ms, 0.5):>7.0f} ms {max(taken_ms):>7.0f} ms  {path.split('?')[0]}")


class Asker:
    """Asks addresses in turn, so many times a second, as somebody signed in."""

    def __init__(self, demo: Demo, addresses: Sequence[str], *, session: str, rate: float) -> None:
        self._port, self._session, self._every_s = demo.port, session, 1 / rate
        self._addresses = itertools.cycle(addresses)
        self._over = threading.Event()
        self._taken: list[Answered] = []
        self.refused = 0

    def take(self) -> list[Answered]:
        """Return the answers since the last call."""
        taken, self._taken = self._taken, []
        return taken

    def run(self) -> None:
        """Ask until told to stop."""
        due_s = time.monotonic()
        pool = ThreadPoolExecutor(64)
        while not self._over.wait(max(0.0, due_s - time.monotonic())):
            pool.submit(self._ask, next(self._addresses), due_s)
            due_s += self._every_s
        pool.shutdown(cancel_futures=True)

    def stop(self) -> None:
        """End the questions."""
        self._over.set()

    def _ask(self, path: str, due_s: float) -> None:
        line = http.client.HTTPConnection("127.0.0.1", self._port, timeout=_PATIENCE_S)
        try:
            line.request("GET", path, headers={"Cookie": f"mingjian_session={self._session}"})
            answer = line.getresponse()
            answer.read()
            self.refused += answer.status != http.HTTPStatus.OK
        except OSError:
            self.refused += 1
        finally:
            line.close()
        self._taken.append(Answered(path, (time.monotonic() - due_s) * 1000))
