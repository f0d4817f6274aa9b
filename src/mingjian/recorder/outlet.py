"""One volume as a worker sees it: the writer's thread, the line to the keeper, and the batch of this tick."""

from mingjian.base.clock import Clock
from mingjian.base.ids import RunId, VolumeId
from mingjian.base.ticks import TICKS_PER_S
from mingjian.recorder.keeper_link import KeeperLink
from mingjian.recorder.volume_writer import Job, RunBroken, VolumeWriter

HOLD_OFF_90K = 5 * TICKS_PER_S
STUCK_90K = 3 * TICKS_PER_S
TOLD_90K = 86_400 * TICKS_PER_S


class Outlet:
    """Where streams of one volume send their jobs; after a failure it asks to be left alone for five seconds."""

    def __init__(self, *, volume_id: VolumeId, writer: VolumeWriter, link: KeeperLink, clock: Clock) -> None:
        self.volume_id = volume_id
        self.link = link
        self.trouble = "recorder.disk_behind"
        self._writer = writer
        self._clock = clock
        self._avoided_until_90k: int | None = None
        self._avoided_at_90k: int | None = None
        self._batch: list[Job] = []

    @property
    def is_fit(self) -> bool:
        """Say whether a run should stay here: no failure and no hanging call was met in the last five seconds."""
        return self._avoided_until_90k is None

    @property
    def is_usable(self) -> bool:
        """Say whether a run may begin here now."""
        return self.is_fit and not self._writer.is_behind

    def avoid(self, code: str) -> None:
        """Let runs move away and none begin for five seconds, for this reason."""
        self.trouble = code
        self._avoided_at_90k = self._clock.monotonic()
        self._avoided_until_90k = self._clock.monotonic() + HOLD_OFF_90K

    @property
    def recent_trouble(self) -> str:
        """Why runs had to leave within the last day; empty when none had to. People are told long after it is over."""
        at_90k = self._avoided_at_90k
        return self.trouble if at_90k is not None and self._clock.monotonic() - at_90k < TOLD_90K else ""

    def has_room(self, run_id: RunId) -> bool:
        """Say whether the disk keeps up with this run."""
        return self._writer.has_room(run_id)

    def written_until_90k(self, run_id: RunId) -> int:
        """Return where what is written of this run ends, 0 when nothing is."""
        return self._writer.written_until_90k(run_id)

    def take(self, job: Job) -> None:
        """Add a job to this tick's batch."""
        self._batch.append(job)

    def flush(self) -> None:
        """Hand the batch to the thread, one wake-up for all of it."""
        if self._batch:
            self._writer.submit(self._batch)
            self._batch = []

    def collect(self) -> list[RunBroken]:
        """Pass on to the keeper what has become true on disk; return the runs that the volume let down."""
        broken: list[RunBroken] = []
        for outcome in self._writer.outcomes():
            if isinstance(outcome, RunBroken):
                broken.append(outcome)
                self.avoid(outcome.code)
            else:
                self.link.send(outcome)
        self._judge()
        return broken

    def finish(self, *, timeout_s: float) -> bool:
        """Let the thread do what is queued and end it; say whether it did in time. Blocks."""
        return self._writer.stop(timeout_s=timeout_s)

    def _judge(self) -> None:
        now = self._clock.monotonic()
        busy_since_90k = self._writer.busy_since_90k
        if busy_since_90k is not None and now - busy_since_90k > STUCK_90K:
            self.avoid("recorder.disk_hangs")
        elif self._avoided_until_90k is not None and now >= self._avoided_until_90k:
            self._avoided_until_90k = None
