"""A real system of its own, started by `mingjian up` as an administrator would, and commands run against it."""

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
from pathlib import Path
from typing import Any

import pytest

PATIENCE_S = 60.0
READY = "Ready."


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
        assert running.stdout is not None
        said = ""
        for line in running.stdout:
            said += line
            if READY in line:
                return said
        raise AssertionError(said)

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


def free_port() -> int:
    """Return a TCP port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def new_site() -> Iterator[Site]:
    """A site never started, in a short folder that the database's borrowed user may pass through."""
    site = _site()
    yield site
    shutil.rmtree(site.root.parent)


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """A site that runs `mingjian up`, cameras on the loopback allowed."""
    site = _site()
    site.extra = {"MINGJIAN_CAMERA_NETWORKS": "127.0.0.0/8", "MINGJIAN_CAMERA_PORTS": "554,1024-65535"}
    running = site.start("up")
    try:
        site.wait_ready(running)
        yield site
    finally:
        running.terminate()
        running.wait(timeout=PATIENCE_S)
        assert running.stdout is not None
        running.stdout.close()
        shutil.rmtree(site.root.parent)


def _site() -> Site:
    around = Path(tempfile.mkdtemp(prefix="mj-"))
    around.chmod(0o711)
    return Site(root=around / "var", port=free_port(), media_port=free_port())
