"""The recorder's own time: the last anchor plus time since boot; whatever the wall clock does, it never goes back."""

import fcntl
import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from mingjian.base.clock import Clock
from mingjian.base.errors import MingjianError
from mingjian.base.ticks import TICKS_PER_S, Ticks90k
from mingjian.recorder import ntp
from mingjian.recordings import durable
from mingjian.recordings.disk import SYSTEM, Disk

PAPER = "timeline.json"
PAPER_VERSION = 1
TRUSTED_WITHIN_90K = TICKS_PER_S
REANCHOR_BEYOND_90K = TICKS_PER_S // 10
FORWARD_BOUND_90K = 3_600 * TICKS_PER_S
FIRST_FORWARD_BOUND_90K = 31 * 86_400 * TICKS_PER_S
PERSIST_EVERY_90K = 5 * TICKS_PER_S
# What a new boot leaves free is twice the former: a worker steps in before that, after every keeper had its chance.
NOTE_AFTER_90K = 2 * TICKS_PER_S

_logger = logging.getLogger(__name__)


class TimelineError(MingjianError):
    """The paper that carries the timeline over restarts cannot be used."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """One point of the timeline within one boot, and the newest instant known to have been used.

    `was_trusted` says that NTP vouched for the timeline at some time in this boot; `reached_90k` carries the
    promise over a reboot: nothing is ever placed before it again.
    """

    boot_id: str
    monotonic_90k: int
    timeline_90k: int
    was_trusted: bool
    reached_90k: int
    version: int = PAPER_VERSION

    def at(self, monotonic_90k: int) -> int:
        """Return the timeline's instant at a monotonic instant of the same boot."""
        return self.timeline_90k + monotonic_90k - self.monotonic_90k


def kernel_boot_id() -> str:
    """Return the id that tells this boot from the one before."""
    return Path("/proc/sys/kernel/random/boot_id").read_text().strip()


class Timeline:
    """The shared timeline of one host as one process sees it.

    Every process of the host reads one paper, so all agree. Anchors of one boot only ever replace each other
    forward, and the slope is one: adopting a newer anchor can never go back. Keepers call `discipline`, which may
    step and write; workers call `follow`, which only reads, and `note` off their tick, which writes down what is
    reached: footage is placed, and must not be placed again, on a host that no keeper lives on any more.
    """

    def __init__(
        self,
        *,
        path: Path,
        clock: Clock,
        boot_id: str,
        is_synchronised: Callable[[], bool] = ntp.is_synchronised,
        disk: Disk = SYSTEM,
    ) -> None:
        """Adopt the paper's anchor, or make one for this boot.

        Raises TimelineError("recorder.bad_timeline") when the paper is there and unreadable: starting without it
        could lay new footage over old.
        """
        self._path = path
        self._clock = clock
        self._disk = disk
        self.boot_id = boot_id
        self._is_synchronised = is_synchronised
        self._seen = (0, 0)
        path.parent.mkdir(parents=True, exist_ok=True)
        with self._locked():
            written = _read(path)
            if written is not None and written.boot_id == boot_id:
                self._anchor = written
            else:
                self._anchor = self._first_anchor(written)
                self._write(self._anchor)
        self._seen = self._stamp()
        self.is_trusted = self._trusts_wall()

    def now(self) -> Ticks90k:
        """Return the present instant of the timeline."""
        return Ticks90k(self._anchor.at(self._clock.monotonic()))

    def at(self, monotonic_90k: int) -> Ticks90k:
        """Return the instant at which the monotonic clock of this boot showed that."""
        return Ticks90k(self._anchor.at(monotonic_90k))

    def follow(self) -> int:
        """Adopt what another process wrote; return by how many ticks the timeline stepped forward (mostly 0)."""
        stamp = self._stamp()
        stepped = 0
        if stamp != self._seen:
            self._seen = stamp
            written = _read(self._path)
            if written is not None and written.boot_id == self.boot_id:
                stepped = self._adopt(written)
        self.is_trusted = self._trusts_wall()
        return stepped

    def note(self) -> None:
        """Write down the instant reached, if nobody did so of late. Blocks; raises OSError."""
        if self.now() - self._anchor.reached_90k < PERSIST_EVERY_90K + NOTE_AFTER_90K:
            return
        with self._locked():
            # Not adopted here: what another process wrote meanwhile is for `follow`, which tells of its steps.
            written = _read(self._path)
            if written is None or written.boot_id != self.boot_id:
                return
            here = written.at(self._clock.monotonic())
            if here - written.reached_90k >= PERSIST_EVERY_90K:
                self._write(replace(written, reached_90k=here))

    def discipline(self) -> int:
        """Follow, then re-anchor forward if NTP vouches for it, and write down the instant reached."""
        stepped = self.follow()
        ahead = self._clock.utc() - self.now()
        bound = FORWARD_BOUND_90K if self._anchor.was_trusted else FIRST_FORWARD_BOUND_90K
        may_step = REANCHOR_BEYOND_90K < ahead <= bound and self._is_synchronised()
        if not may_step and self.now() - self._anchor.reached_90k < PERSIST_EVERY_90K:
            return stepped
        with self._locked():
            stepped += self.follow()
            monotonic = self._clock.monotonic()
            here = self._anchor.at(monotonic)
            if may_step and self._clock.utc() - here > REANCHOR_BEYOND_90K:
                _logger.warning("timeline stepped forward", extra={"ticks": self._clock.utc() - here})
                stepped += self._clock.utc() - here
                here = self._clock.utc()
            self._anchor = Anchor(
                boot_id=self.boot_id,
                monotonic_90k=monotonic,
                timeline_90k=here,
                was_trusted=self._anchor.was_trusted or self.is_trusted or may_step,
                reached_90k=here,
            )
            self._write(self._anchor)
            self._seen = self._stamp()
        self.is_trusted = self._trusts_wall()
        return stepped

    def _adopt(self, written: Anchor) -> int:
        stepped = written.timeline_90k - self._anchor.at(written.monotonic_90k)
        self._anchor = written
        return max(stepped, 0)

    def _trusts_wall(self) -> bool:
        return abs(self._clock.utc() - self.now()) <= TRUSTED_WITHIN_90K and self._is_synchronised()

    def _first_anchor(self, before: Anchor | None) -> Anchor:
        """Anchor this boot at the wall clock, but never before what was reached, nor wildly after it on no evidence."""
        start: int = self._clock.utc()
        is_synchronised = self._is_synchronised()
        if before is not None:
            earliest = before.reached_90k + 2 * PERSIST_EVERY_90K
            is_wild = start - earliest > FIRST_FORWARD_BOUND_90K and not is_synchronised
            start = earliest if is_wild else max(start, earliest)
        return Anchor(
            boot_id=self.boot_id,
            monotonic_90k=self._clock.monotonic(),
            timeline_90k=start,
            was_trusted=is_synchronised,
            reached_90k=start,
        )

    def _write(self, anchor: Anchor) -> None:
        durable.replace(self._path, json.dumps(asdict(anchor)).encode(), disk=self._disk)

    def _stamp(self) -> tuple[int, int]:
        try:
            entry = self._path.stat()
        except FileNotFoundError:
            return 0, 0
        return entry.st_ino, entry.st_mtime_ns

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with self._path.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _read(path: Path) -> Anchor | None:
    try:
        text = path.read_text()
    except FileNotFoundError:
        return None
    try:
        return Anchor(**json.loads(text))
    except (ValueError, TypeError) as error:
        raise TimelineError("recorder.bad_timeline", path=str(path)) from error
