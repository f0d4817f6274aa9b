"""The thread that writes one volume's files, so that a slow disk never stands in the way of a camera."""

import contextlib
import logging
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from mingjian.base.clock import Clock
from mingjian.base.ids import RecordingId, RunId
from mingjian.base.ticks import Ticks90k
from mingjian.media.samples import Buffer
from mingjian.recorder.hands import Hire, hire_thread
from mingjian.recordings.errors import RecordingsError
from mingjian.recordings.model import (
    GapCause,
    RecorderEvent,
    RecordingOpened,
    RunEnded,
    RunStarted,
    StreamKey,
)
from mingjian.recordings.volume import Volume
from mingjian.recordings.writer import RecordingWriter

RUN_BOUND_BYTES = 16 << 20
VOLUME_BOUND_BYTES = 192 << 20

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class OpenFile:
    """Create a recording's file. `started` stands with the first file of a run and is told once the file is there."""

    opened: RecordingOpened
    init: bytes
    started: RunStarted | None


@dataclass(frozen=True, slots=True)
class AppendFragment:
    """Append one fragment to a file opened before. `end_90k` is where its last sample ends, in presentation time."""

    recording_id: RecordingId
    run_id: RunId
    buffers: Sequence[Buffer]
    size_bytes: int
    first_pts_90k: int
    first_dts_90k: int
    duration_90k: int
    samples: int
    flags: int
    end_90k: int


@dataclass(frozen=True, slots=True)
class CloseFile:
    """Make a file whole. `ended` stands with the last file of a run and is told once the file is closed."""

    recording_id: RecordingId
    run_id: RunId
    ended: RunEnded | None


@dataclass(frozen=True, slots=True)
class Tell:
    """Let an event pass in its turn, behind the files before it."""

    event: RecorderEvent


Job = OpenFile | AppendFragment | CloseFile | Tell


@dataclass(frozen=True, slots=True)
class RunBroken:
    """The volume let a run down; the run's end has been told, and its later jobs are dropped."""

    run_id: RunId
    code: str


Outcome = RecorderEvent | RunBroken


@dataclass(slots=True)
class _Run:
    """What the thread knows of a run: how much of it is written, how much waits, whether the volume failed it."""

    queued_bytes: int = 0
    stream: StreamKey | None = None
    written_until_90k: int = 0
    is_broken: bool = False


class VolumeWriter:
    """Takes jobs in batches from the tick and gives outcomes back to it; owns every open file of its volume.

    `busy_since_90k` is the monotonic instant at which the job in hand was begun, None while there is none: a disk that
    hangs shows there.

    After any failure the run it befell is broken, its files are abandoned where they stand (no fsync is tried
    again; the keeper salvages what is whole) and the volume is looked at afresh before the next file.
    """

    def __init__(
        self, *, name: str, open_volume: Callable[[], Volume], clock: Clock, hire: Hire["list[Job]"] = hire_thread
    ) -> None:
        self.busy_since_90k: int | None = None
        self._clock = clock
        self._open_volume = open_volume
        self._volume: Volume | None = None
        self._files: dict[RecordingId, RecordingWriter] = {}
        self._runs: dict[RunId, _Run] = {}
        self._outcomes: deque[Outcome] = deque()
        self._lock = threading.Lock()
        self._queued_bytes = 0
        self._hands = hire(f"writer-{name}", self._work)

    def has_room(self, run_id: RunId) -> bool:
        """Say whether more may be queued for this run; no means that the disk is behind and the run must end."""
        run = self._runs.get(run_id)
        return self._queued_bytes < VOLUME_BOUND_BYTES and (run is None or run.queued_bytes < RUN_BOUND_BYTES)

    def written_until_90k(self, run_id: RunId) -> int:
        """Return where what is written of this run ends, 0 when nothing is or the run is over."""
        run = self._runs.get(run_id)
        return 0 if run is None else run.written_until_90k

    @property
    def is_behind(self) -> bool:
        """Say whether so much waits that nothing new should begin here."""
        return self._queued_bytes > VOLUME_BOUND_BYTES // 2

    def submit(self, batch: list[Job]) -> None:
        """Queue jobs. Never blocks; the bound is kept by asking `has_room` before making them."""
        with self._lock:
            for job in batch:
                if isinstance(job, AppendFragment):
                    self._runs.setdefault(job.run_id, _Run()).queued_bytes += job.size_bytes
                    self._queued_bytes += job.size_bytes
        self._hands.give(batch)

    def outcomes(self) -> list[Outcome]:
        """Return what was done since the last call, in order."""
        taken: list[Outcome] = []
        while self._outcomes:
            taken.append(self._outcomes.popleft())
        return taken

    def stop(self, *, timeout_s: float) -> bool:
        """Finish what is queued and end the thread; say whether it did in time. Open files are left to salvage."""
        return self._hands.finish(timeout_s=timeout_s)

    def _work(self, batch: list[Job]) -> Iterator[None]:
        for job in batch:
            if isinstance(job, Tell):
                self._outcomes.append(job.event)
            else:
                self.busy_since_90k = self._clock.monotonic()
                yield
                self._do(job)
        self.busy_since_90k = None

    def _do(self, job: OpenFile | AppendFragment | CloseFile) -> None:
        run_id = job.opened.run_id if isinstance(job, OpenFile) else job.run_id
        with self._lock:
            run = self._runs.setdefault(run_id, _Run())
        if not run.is_broken:
            try:
                self._carry_out(job, run)
            except Exception as error:
                # Whatever it is, it costs one run: the thread stays for the others.
                self._break_off(run_id, run, error)
        if isinstance(job, AppendFragment):
            with self._lock:
                self._queued_bytes -= job.size_bytes
                run.queued_bytes -= job.size_bytes
        elif isinstance(job, CloseFile) and job.ended is not None:
            with self._lock:
                self._runs.pop(run_id, None)

    def _carry_out(self, job: OpenFile | AppendFragment | CloseFile, run: _Run) -> None:
        if isinstance(job, AppendFragment):
            # One piece: hashed and written while it is in the processor's cache, a fifth cheaper than sample by sample.
            self._files[job.recording_id].append(
                [b"".join(job.buffers)],
                first_pts_90k=job.first_pts_90k,
                first_dts_90k=job.first_dts_90k,
                duration_90k=job.duration_90k,
                samples=job.samples,
                flags=job.flags,
            )
            run.written_until_90k = max(run.written_until_90k, job.end_90k)
        elif isinstance(job, OpenFile):
            self._open(job, run)
        else:
            self._outcomes.append(self._files.pop(job.recording_id).close())
            if job.ended is not None:
                self._outcomes.append(job.ended)

    def _open(self, job: OpenFile, run: _Run) -> None:
        if self._volume is None:
            self._volume = self._open_volume()
        opened = job.opened
        self._files[opened.recording_id] = RecordingWriter(
            volume=self._volume,
            stream=opened.stream,
            run_id=opened.run_id,
            recording_id=opened.recording_id,
            init=job.init,
        )
        if job.started is not None:
            run.stream = opened.stream
            run.written_until_90k = job.started.start_90k
            self._outcomes.append(job.started)
        self._outcomes.append(opened)

    def _break_off(self, run_id: RunId, run: _Run, error: Exception) -> None:
        is_foreseen = isinstance(error, RecordingsError | OSError)
        code = error.code if isinstance(error, RecordingsError) else "recordings.write_failed"
        facts = {"run": run_id, "code": code, "reason": str(error)}
        _logger.error("volume let a run down", extra=facts, exc_info=None if is_foreseen else error)
        run.is_broken = True
        self._volume = None
        for recording_id in [key for key, file in self._files.items() if file.run_id == run_id]:
            with contextlib.suppress(OSError):
                self._files.pop(recording_id).abandon()
        if run.stream is not None:
            end_90k = Ticks90k(run.written_until_90k)
            self._outcomes.append(RunEnded(run_id, run.stream, end_90k, GapCause.DISK, code))
        self._outcomes.append(RunBroken(run_id, code))
