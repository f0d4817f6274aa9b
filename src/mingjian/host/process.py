"""One child of the supervisor: what it is, how it is born, and that it cannot outlive us."""

import ctypes
import os
import signal
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path

from mingjian.host.logs import LARGEST_LOG_BYTES
from mingjian.host.placement import RunAs

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


class Stage(IntEnum):
    """The order of birth; death goes the other way. Viewing ends before recording, recording before the database."""

    DATABASE = 0
    CAMERA = 1
    KEEPER = 2
    WORKER = 3
    CLERK = 4
    STREAMING = 5
    WEB = 6


def _nothing() -> None:
    """Most processes need nothing cleared away before they start."""


@dataclass(frozen=True, slots=True)
class ProcessSpec:
    """A process to keep alive. `is_ready` looks from outside and never blocks longer than about a second.

    `before_start` clears what a killed former life left in the way, at every start; it neither blocks nor fails.
    Without a vital one nothing makes sense; of the others a start only tells what is wrong, and keeps trying.
    """

    name: str
    stage: Stage
    command: tuple[str, ...]
    is_ready: Callable[[], bool]
    before_start: Callable[[], None] = _nothing
    environment: Mapping[str, str] = field(default_factory=dict)
    run_as: RunAs | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    stop_timeout_s: float = 8.0
    is_vital: bool = True


def spawn(spec: ProcessSpec, *, log: Path) -> "subprocess.Popen[bytes]":
    """Start the process, its output appended to `log`.

    Call from the main thread only: the kernel ends the child when the thread that made it ends. The child leads a
    process group of its own, so that Ctrl-C at the terminal reaches the supervisor alone, which then stops in order.
    """
    parent = os.getpid()

    def before_exec() -> None:
        die_with(parent, spec.stop_signal)
        signal.pthread_sigmask(signal.SIG_SETMASK, ())

    with log.open("ab") as output:
        return subprocess.Popen(
            spec.command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd="/",
            env={**os.environ, **spec.environment},
            process_group=0,
            preexec_fn=before_exec,
            user=None if spec.run_as is None else spec.run_as.uid,
            group=None if spec.run_as is None else spec.run_as.gid,
            extra_groups=None if spec.run_as is None else [],
        )


def die_with(parent: int, by: signal.Signals) -> None:
    """Ask the kernel to end this process when its parent ends, however that happens; at once if it has already."""
    _libc.prctl(_PR_SET_PDEATHSIG, by, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def bound_log(log: Path) -> None:
    """Keep the last full log beside a new one. Children append, so the file is emptied under them, not replaced."""
    if not log.exists() or log.stat().st_size < LARGEST_LOG_BYTES:
        return
    with log.open("r+b") as full, log.with_suffix(".log.1").open("wb") as kept:
        while chunk := full.read(1 << 20):
            kept.write(chunk)
        full.truncate(0)


def birth_of(pid: int) -> int | None:
    """Return when the process was born (clock ticks since boot), or None when there is none; tells a reused pid."""
    try:
        facts = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return None
    after_name = facts.rpartition(")")[2].split()
    return None if after_name[0] == "Z" else int(after_name[19])
