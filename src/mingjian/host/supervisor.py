"""The one supervisor: starts processes in order, brings back the dead, stops everything in reverse.

It waits in one thread for signals, so that nothing runs beside it and every child hangs on this thread's life. What
should run is asked anew every two seconds: a plan with another volume or more cameras brings its processes with it.
"""

import json
import logging
import math
import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from mingjian.base import ticks
from mingjian.base.clock import Clock
from mingjian.base.errors import MingjianError
from mingjian.host import process
from mingjian.host.home import Home
from mingjian.host.process import ProcessSpec, Stage

READY_TIMEOUT_S = 60.0
_TICK_S = 2.0
_READY_POLL_S = 0.05
_LIVED_WELL_S = 30.0
_BACKOFF_S = (0.0, 0.25, 0.5, 1.0, 2.0)
_HEARD = (signal.SIGCHLD, signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

_log = logging.getLogger(__name__)


class SupervisorError(MingjianError):
    """A process does not come up: "host.process_ended" or "host.process_not_ready", with its name and log."""


class StopAsked(Exception):
    """A signal asked for the end while processes were still coming up."""


@dataclass(slots=True)
class _Child:
    spec: ProcessSpec
    running: "subprocess.Popen[bytes] | None" = None
    born_at_s: float = 0.0
    started_at_90k: int = 0
    restarts: int = 0
    deaths: int = 0
    deaths_in_a_row: int = 0
    restart_at_s: float = 0.0
    last_exit: int | None = None

    @property
    def is_news(self) -> bool:
        """Say whether a line in the log is due: not for each death of a process that dies every two seconds."""
        return self.deaths_in_a_row <= len(_BACKOFF_S) or self.deaths_in_a_row % 100 == 0


class Supervisor:
    """Keeps the processes of one home. Use as a context manager: leaving it stops everything in order."""

    def __init__(self, *, home: Home, clock: Clock) -> None:
        self._home = home
        self._clock = clock
        self._children: dict[str, _Child] = {}
        self._state_file = home.sockets / "processes.json"
        self._former_mask: set[signal.Signals | int] = set()

    def __enter__(self) -> "Supervisor":
        self._former_mask = set(signal.pthread_sigmask(signal.SIG_BLOCK, _HEARD))
        end_leftovers(self._state_file)
        return self

    def __exit__(self, *reason: object) -> None:
        self._stop_all()
        self._state_file.unlink(missing_ok=True)
        while signal.sigtimedwait(_HEARD, 0) is not None:
            pass  # asked again while stopping
        signal.pthread_sigmask(signal.SIG_SETMASK, self._former_mask)

    def start(self, specs: Sequence[ProcessSpec]) -> list[SupervisorError]:
        """Launch the processes that do not run yet, and wait for all of them as `wait_ready` does."""
        self.launch(specs)
        return self.wait_ready(specs)

    def launch(self, specs: Sequence[ProcessSpec]) -> None:
        """Launch the processes that do not run yet in order of stage, and return at once."""
        for spec in sorted(specs, key=lambda spec: spec.stage):
            if spec.name not in self._children:
                self._adopt(spec)

    def wait_ready(self, specs: Sequence[ProcessSpec]) -> list[SupervisorError]:
        """Return once each of the processes is ready; whatever dies meanwhile is brought back.

        Raises SupervisorError for a vital one, or StopAsked when a signal came first; returns what is wrong with the
        others.
        """
        troubles = []
        deaths = {spec.name: self._children[spec.name].deaths for spec in specs}
        for spec in specs:
            try:
                self._wait_ready(self._children[spec.name], deaths=deaths[spec.name])
            except SupervisorError as trouble:
                if spec.is_vital:
                    raise
                troubles.append(trouble)
        return troubles

    def run_to_end(self, spec: ProcessSpec) -> None:
        """Run a process that does one thing and ends; whatever dies meanwhile is brought back.

        Raises SupervisorError when it ends badly.
        """
        child = _Child(spec)
        self._spawn(child)
        if child.running is None:
            raise AssertionError("spawned above")
        while (status := child.running.poll()) is None:
            self._hear(_READY_POLL_S)
            if self._is_stop_asked:
                child.running.send_signal(spec.stop_signal)
                child.running.wait()
                raise StopAsked
            self._bury_dead()
            self._bring_back()
        if status != 0:
            child.last_exit = status
            raise self._fault("host.process_ended", child)

    def watch(self, wanted: Callable[[], Sequence[ProcessSpec]]) -> None:
        """Keep what is wanted alive until SIGINT, SIGTERM or SIGHUP."""
        self._keep(wanted, until_s=math.inf)

    def watch_for(self, wanted: Callable[[], Sequence[ProcessSpec]], *, seconds: float) -> None:
        """Keep what is wanted alive for so long. Raises StopAsked when a signal came first."""
        self._keep(wanted, until_s=time.monotonic() + seconds)
        if self._is_stop_asked:
            raise StopAsked

    def _keep(self, wanted: Callable[[], Sequence[ProcessSpec]], *, until_s: float) -> None:
        next_look_s = 0.0
        while not self._is_stop_asked and (now_s := time.monotonic()) < until_s:
            if now_s >= next_look_s:
                next_look_s = now_s + _TICK_S
                self._reconcile(wanted())
            self._bury_dead()
            self._bring_back()
            self._hear(self._patience(min(next_look_s, until_s)))

    _is_stop_asked = False

    def _hear(self, timeout_s: float) -> None:
        heard = signal.sigtimedwait(_HEARD, max(timeout_s, 0.0))
        if heard is not None and heard.si_signo != signal.SIGCHLD:
            self._is_stop_asked = True

    def _adopt(self, spec: ProcessSpec) -> _Child:
        child = _Child(spec)
        self._children[spec.name] = child
        self._spawn(child)
        self._write_state()
        return child

    def _spawn(self, child: _Child) -> None:
        log = self._home.logs / f"{child.spec.name}.log"
        process.bound_log(log)
        child.spec.before_start()
        child.running = process.spawn(child.spec, log=log)
        child.born_at_s = time.monotonic()
        child.started_at_90k = self._clock.utc()
        if child.is_news:
            _log.info("process started name=%s pid=%d", child.spec.name, child.running.pid)

    def _wait_ready(self, child: _Child, *, deaths: int) -> None:
        deadline_s = time.monotonic() + READY_TIMEOUT_S
        while not child.spec.is_ready():
            self._hear(_READY_POLL_S)
            if self._is_stop_asked:
                raise StopAsked
            self._bury_dead()
            if child.deaths > deaths:
                raise self._fault("host.process_ended", child)
            self._bring_back()
            if time.monotonic() > deadline_s:
                raise self._fault("host.process_not_ready", child)

    def _fault(self, code: str, child: _Child) -> SupervisorError:
        log = self._home.logs / f"{child.spec.name}.log"
        return SupervisorError(
            code, process=child.spec.name, exit=child.last_exit, log=str(log), last_words=_last_words(log)
        )

    def _reconcile(self, wanted: Sequence[ProcessSpec]) -> None:
        by_name = {spec.name: spec for spec in wanted}
        for name in [name for name in self._children if name not in by_name]:
            self._stop([self._children.pop(name)])
        for spec in wanted:
            if spec.name not in self._children:
                self._adopt(spec)
        for name in self._children:
            process.bound_log(self._home.logs / f"{name}.log")
        self._write_state()

    def _bury_dead(self) -> None:
        for child in self._children.values():
            if child.running is not None and (status := child.running.poll()) is not None:
                self._bury(child, status, time.monotonic())

    def _bring_back(self) -> None:
        now_s = time.monotonic()
        for child in self._children.values():
            if child.running is None and now_s >= child.restart_at_s:
                child.restarts += 1
                self._spawn(child)
                self._write_state()

    def _bury(self, child: _Child, status: int, now_s: float) -> None:
        """Note a death. The first restart is immediate; a process that keeps dying waits up to two seconds."""
        if now_s - child.born_at_s > _LIVED_WELL_S:
            child.deaths_in_a_row = 0
        wait_s = _BACKOFF_S[min(child.deaths_in_a_row, len(_BACKOFF_S) - 1)]
        child.deaths_in_a_row += 1
        child.deaths += 1
        child.restart_at_s = now_s + wait_s
        child.running, child.last_exit = None, status
        if child.is_news:
            _log.warning("process ended name=%s exit=%d restart_in_s=%.2f", child.spec.name, status, wait_s)
        self._write_state()

    def _patience(self, next_look_s: float) -> float:
        waiting = [child.restart_at_s for child in self._children.values() if child.running is None]
        return min([next_look_s, *waiting]) - time.monotonic()

    def _stop_all(self) -> None:
        for stage in sorted(Stage, reverse=True):
            self._stop([child for child in self._children.values() if child.spec.stage is stage])
        self._children.clear()

    def _stop(self, children: Sequence[_Child]) -> None:
        living = [child for child in children if child.running is not None]
        for child in living:
            if child.running is not None:
                child.running.send_signal(child.spec.stop_signal)
        for child in living:
            if child.running is None:
                continue
            try:
                child.running.wait(timeout=child.spec.stop_timeout_s)
            except subprocess.TimeoutExpired:
                _log.error("process does not stop, killed name=%s", child.spec.name)
                child.running.kill()
                child.running.wait()
            _log.info("process stopped name=%s exit=%d", child.spec.name, child.running.returncode)
            child.running = None

    def _write_state(self) -> None:
        state = [_describe(child) for child in self._children.values()]
        draft = self._state_file.with_suffix(".new")
        draft.write_text(json.dumps({"supervisor": os.getpid(), "processes": state}, indent=1), encoding="utf-8")
        draft.replace(self._state_file)


def end_leftovers(state_file: Path) -> None:
    """End what a supervisor left that was killed together with its promise, told by pid and hour of birth."""
    try:
        processes = json.loads(state_file.read_text(encoding="utf-8"))["processes"]
    except (FileNotFoundError, ValueError, KeyError):
        return
    for left in processes:
        pid = left["pid"]
        if pid is None or process.birth_of(pid) != left["birth"]:
            continue
        _log.warning("ending a leftover process name=%s pid=%d", left["name"], pid)
        os.kill(pid, signal.SIGINT if left["name"] == "postgres" else signal.SIGTERM)
        deadline_s = time.monotonic() + 8.0
        while process.birth_of(pid) == left["birth"]:
            if time.monotonic() > deadline_s:
                os.kill(pid, signal.SIGKILL)
            time.sleep(_READY_POLL_S)


def _describe(child: _Child) -> dict[str, object]:
    pid = None if child.running is None else child.running.pid
    return {
        "name": child.spec.name,
        "pid": pid,
        "birth": None if pid is None else process.birth_of(pid),
        "state": "waiting" if pid is None else "running",
        "started_at": ticks.to_iso(child.started_at_90k),
        "restarts": child.restarts,
        "last_exit": child.last_exit,
    }


def _last_words(log: Path) -> str:
    """Return the last two lines of a log: a traceback's end, or a message in both languages."""
    try:
        lines = log.read_bytes()[-4096:].decode(errors="replace").split("\n")
    except FileNotFoundError:
        return ""
    return "\n".join([line.strip()[:400] for line in lines if line.strip()][-2:])
