"""A crowd of cameras in one process, one for each behaviour: good at first, then as they are named, then good again."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

CAMERAS = Path(__file__).parents[1] / "cameras"
USER, PASSWORD = "operator", "right"
FPS = 10

sys.path.insert(0, str(CAMERAS))

from evil import paper, quirks  # noqa: E402 - found by the line above
from evil.table import BEHAVIOURS  # noqa: E402 - found by the line above
from evil_camera import DEAF  # noqa: E402

__all__ = ["BEHAVIOURS", "DEAF", "Crowd", "crowd", "paper", "quirks"]


class Crowd:
    """`addresses` by the name of the behaviour; `turned_s` the monotonic second of the turn."""

    def __init__(self, process: "subprocess.Popen[str]", addresses: dict[str, str]) -> None:
        self.addresses = addresses
        self.turned_s = 0.0
        self._process = process

    def turn(self) -> None:
        """All misbehave from now on."""
        self._say("turn")
        self.turned_s = time.monotonic()

    def heal(self) -> None:
        """All behave again."""
        self._say("heal")

    def _say(self, command: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(command + "\n")
        self._process.stdin.flush()


@contextmanager
def crowd(names: Sequence[str]) -> Iterator[Crowd]:
    """Run the crowd while the block lasts."""
    words = ["--crowd", ",".join(names), "--fps", str(FPS), "--after", "0", "--user", USER, "--password", PASSWORD]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    command = [sys.executable, str(CAMERAS / "evil_camera.py"), *words]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdout is not None
        try:
            ready, *ports = process.stdout.readline().split()
            assert ready == "ready"
            addresses = {name: f"rtsp://127.0.0.1:{port}/stream" for name, port in zip(names, ports, strict=True)}
            yield Crowd(process, addresses)
        finally:
            process.kill()
