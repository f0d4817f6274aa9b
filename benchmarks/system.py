"""A whole system for a benchmark: the demo on free ports, with cameras of one's own, and somebody signed in to it."""

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path

from benchmarks import accounting
from mingjian.demo import cast

READY_TIMEOUT_S = 180.0
PATIENCE_S = 60.0


@dataclass(frozen=True, slots=True)
class Demo:
    """A demo that runs."""

    root: Path
    port: int
    media_port: int
    environment: dict[str, str]

    @property
    def address(self) -> str:
        """Return where its pages are."""
        return f"http://127.0.0.1:{self.port}"

    def run(self, *words: str, typed: str = "") -> str:
        """Run one command."""
        command = [sys.executable, "-m", "mingjian.cli", *words]
        done = subprocess.run(
            command, env=self.environment, input=typed, capture_output=True, text=True, check=True, timeout=60
        )
        return done.stdout

    def pid(self, name: str) -> int:
        """Return the pid of one of its processes."""
        told = json.loads((self.root / "run" / "processes.json").read_text(encoding="utf-8"))
        return next(int(one["pid"]) for one in told["processes"] if one["name"] == name)

    def add_camera(self, address: str, *, name: str, user: str = "", password: str = "", sub: str = "") -> str:
        """Register a camera that is recorded from now on; return its id."""
        account = ("--user", user) if user else ()
        told = self.run(
            *("camera", "add", address, "--name", name, "--building", "北门", "--campus", cast.CAMPUS, "--json"),
            *(("--sub", sub) if sub else ()),
            *account,
            typed=f"{password}\n" if user else "",
        )
        return str(json.loads(told)["id"])

    def wait_recorded(self, cameras: list[str]) -> None:
        """Return once each of these is being recorded. Raises TimeoutError."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            told = json.loads(self.run("status", "--json"))["cameras"]
            recorded = {one["id"] for one in told if one["recorded_today_s"] > 0}
            if recorded >= set(cameras):
                return
            time.sleep(1)
        raise TimeoutError("not every camera is recorded")

    def sign_in(self) -> str:
        """Sign the operator on shift in and return the key of a web session of its own."""
        jar = CookieJar()
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
        with browser.open(f"{self.address}/sign-in/") as page:
            found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.read().decode())
        if found is None:
            raise AssertionError("the sign-in page has a form")
        fields = {
            "username": cast.ON_SHIFT.username,
            "password": cast.PASSWORD,
            "csrfmiddlewaretoken": found[1],
        }
        with browser.open(f"{self.address}/sign-in/", urllib.parse.urlencode(fields).encode()):
            return next(str(cookie.value) for cookie in jar if cookie.name == "mingjian_session")


@contextlib.contextmanager
def running_demo() -> Iterator[Demo]:
    """A demo with its eight drawn cameras, from nothing to its end."""
    with tempfile.TemporaryDirectory(prefix="mj-bench-") as folder:
        Path(folder).chmod(0o711)
        with started(Path(folder) / "var", port=free_port(), media_port=free_port()) as demo:
            yield demo


@contextlib.contextmanager
def started(root: Path, *, port: int, media_port: int) -> Iterator[Demo]:
    """Run the demo of this home, new or known, until the block ends."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("MINGJIAN", "DJANGO"))}
    ports = {"MINGJIAN_PORT": str(port), "MINGJIAN_MEDIA_PORT": str(media_port)}
    demo = Demo(root, port, media_port, {**kept, **ports, "MINGJIAN_HOME": str(root)})
    command = [sys.executable, "-u", "-m", "mingjian.cli", "demo"]
    process = subprocess.Popen(
        command, env=demo.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
    )
    if process.stdout is None:
        raise AssertionError("asked for above")
    try:
        next(line for line in process.stdout if "is ready" in line)
        yield demo
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=90)


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(slots=True)
class Foreign:
    """How many cores everybody but this benchmark and its children keeps busy, since it was last asked."""

    at_s: float = 0.0
    busy_ns: int = 0
    own_ns: int = 0

    def cores(self) -> float:
        """Return the mean since the last call."""
        now = (time.monotonic(), accounting.machine_busy_ns(), accounting.cpu_ns(accounting.descendants()))
        passed_s, busy_ns, own_ns = now[0] - self.at_s, now[1] - self.busy_ns, now[2] - self.own_ns
        self.at_s, self.busy_ns, self.own_ns = now
        return max(0.0, (busy_ns - own_ns) / passed_s / 1e9)
