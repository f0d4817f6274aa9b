"""One volume as a worker sees it: the writer's thread, the line to the keeper, and the batch of this tick."""

from mingjian.base.clock import Clock
from mingjian.base.ids import RunId, VolumeId
from mingjian.base.ticks import TICKS_PER_S
from mingjian.recorder.keeper_link import KeeperLink
from mingjian.recorder.volume_writer import Job, RunBroken, VolumeWriter

HOLD_OFF_90K = 5 * TICKS_PER_S


class Outlet:
    """Where streams of one volume send their jobs; after a failure it asks to be left alone for five seconds."""

    def __init__(self, *, volume_id: VolumeId, writer: VolumeWriter, link: KeeperLink, clock: Clock) -> None:
        self.volume_id = volume_id
        self.link = link
        self.writer = writer
        self.trouble = "recorder.disk_behind"
        self._clock = clock
        self._avoided_until_90k: int | None = None
        self._batch: list[Job] = []

    @property
    def is_usable(self) -> bool:
        """Say whether a run may begin here now."""
        return not self.writer.is_behind and (
            self._avoided_until_90k is None or self._clock.monotonic() >= self._avoided_until_90k
        )

    def avoid(self, code: str) -> None:
        """Begin nothing here for five seconds, for this reason."""
        self.trouble = code
        self._avoided_until_90k = self._clock.monotonic() + HOLD_OFF_90K

    def has_room(self, run_id: RunId) -> bool:
        """Say whether the disk keeps up with this run."""
        return self.writer.has_room(run_id)

    def take(self, job: Job) -> None:
        """Add a job to this tick's batch."""
        self._batch.append(job)

    def flush(self) -> None:
        """Hand the batch to the thread, one wake-up for all of it."""
        if self._batch:
            self.writer.submit(self._batch)
            self._batch = []

    def collect(self) -> list[RunBroken]:
        """Pass on to the keeper what has become true on disk; return the runs that the volume let down."""
        broken: list[RunBroken] = []
        for outcome in self.writer.outcomes():
            if isinstance(outcome, RunBroken):
                broken.append(outcome)
                self.avoid(outcome.code)
            else:
                self.link.send(outcome)
        return broken
