"""Simulated cameras as processes of their own, which end when whoever started them does."""

import os
import subprocess
from dataclasses import dataclass

READY_TIMEOUT_S = 20


@dataclass(frozen=True, slots=True)
class RunningCamera:
    """A camera process that listens on loopback. `address` carries no credentials."""

    process: "subprocess.Popen[str]"
    port: int
    address: str

    def stop(self) -> None:
        """End it as a power cut would; safe to repeat."""
        self.process.kill()
        self.process.wait(timeout=READY_TIMEOUT_S)
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()


def launch(command: list[str], *, port: int | None, options: dict[str, str | int]) -> RunningCamera:
    """Start a camera and wait until it listens."""
    arguments = [*command, "--port", str(port or 0)]
    for name, value in options.items():
        arguments += [f"--{name.replace('_', '-')}", str(value)]
    # Nothing of the test's Python may leak into Debian's interpreter.
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
    # A camera ends by itself when the pipe to its standard input breaks, so none outlives a killed test run.
    process = subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)
    assert process.stdout is not None
    for line in process.stdout:
        word, _, number = line.strip().partition(" ")
        if word == "ready":
            listening = int(number or port or 0)
            return RunningCamera(process=process, port=listening, address=f"rtsp://127.0.0.1:{listening}/stream")
    raise AssertionError(f"{arguments} ended with {process.wait()} before it was ready")
