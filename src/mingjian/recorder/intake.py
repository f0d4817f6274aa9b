"""From a session's pictures to runs on volumes: when a run begins and ends, and where it goes when a disk fails."""

import logging
from collections import deque
from collections.abc import Collection, Sequence

from mingjian.base.ticks import TICKS_PER_S, Ticks90k
from mingjian.media.samples import AccessUnit, VideoFormat
from mingjian.recorder.causes import StreamState, judge
from mingjian.recorder.outlet import Outlet
from mingjian.recorder.recent import Recent
from mingjian.recorder.run import Run, RunOrigin
from mingjian.recorder.run_clock import RunClock
from mingjian.recorder.surroundings import Surroundings
from mingjian.recorder.targets import Target
from mingjian.recorder.volume_writer import RunBroken, Tell
from mingjian.recordings.model import GapCause, GapCauseLearned

ANCHOR_90K = TICKS_PER_S * 6 // 10
LARGEST_SHIFT_90K = TICKS_PER_S // 2
# A run that had to leave its home volume looks back for it this long after.
HOMESICK_90K = 60 * TICKS_PER_S
# Each run opens and closes a file: a camera may not make more of them in a row.
MOST_RUNS = 12

_logger = logging.getLogger(__name__)


class Intake:
    """The runs of one stream, one after the other. Keeps the index told why there is none.

    `home` is the volume of the plan; the other `outlets` take over while it fails. `state` is `recording` while there
    is a run, else what was last told; `detail` its code. Nothing is placed before `earliest_90k`.
    """

    def __init__(
        self,
        *,
        target: Target,
        home: Outlet,
        outlets: Collection[Outlet],
        surroundings: Surroundings,
        earliest_90k: int,
    ) -> None:
        self.run: Run | None = None
        self.state = StreamState.CONNECTING
        self.detail = ""
        self._target = target
        self._home = home
        self._outlets = outlets
        self._around = surroundings
        self._awaiting: list[AccessUnit] = []
        self._clock: RunClock | None = None
        self.earliest_90k = earliest_90k
        # Since when there has been no run, by the monotonic clock.
        self.idle_since_90k = 0
        self._moved_at_90k = 0
        # Why pictures that came made no run yet.
        self.waiting_code = "recorder.no_sync_sample"
        # How often a run ended, by reason.
        self.ends: dict[str, int] = {}
        self._begun_90k: deque[int] = deque(maxlen=MOST_RUNS)
        # What the index knows without being told: before this worker there was none.
        self._told = (GapCause.RECORDER_DOWN, "")

    def take(self, units: list[AccessUnit], *, video_format: VideoFormat | None, claim_90k: int | None) -> None:
        """Take the pictures of one drain; `claim_90k` is the camera's wall clock at the newest of them."""
        if self.run is not None:
            self._look_after_disk(self.run)
        if self.run is not None and self.run.outlet is not self._home:
            units = self._return_home(self.run, units)
        if self.run is not None:
            taken = self.run.push(units)
            if taken == len(units):
                return
            self.end("recorder.clock_jump")
            units = units[taken:]
        self._gather(units)
        if self._awaiting and video_format is not None and self._is_enough():
            self._begin(video_format, claim_90k)

    def end(self, code: str) -> None:
        """End the run, if there is one, for this reason. The next one is anchored afresh."""
        self._clock = None
        # Pictures of this connection have no place among those of the next.
        self._awaiting = []
        if self.run is not None:
            state, cause = judge(code)
            self.run.finish(cause=cause, detail=code)
            self.ends[code] = self.ends.get(code, 0) + 1
            self._told = (cause, code)
            self.idle_since_90k = self._around.clock.monotonic()
            self._forget_run()
            self.state, self.detail = state, code

    def begins_too_often(self, *, within_90k: int) -> bool:
        """Say whether the last twelve runs began within this span; they are forgotten when it is so."""
        begun = self._begun_90k
        if len(begun) < MOST_RUNS or self._around.clock.monotonic() - begun[0] > within_90k:
            return False
        begun.clear()
        return True

    def change_format(self) -> None:
        """End the run and begin the next on the same clock: the camera's time-stamps continue."""
        clock = self._clock
        self.end("media.format_changed")
        self._clock = clock

    def tell(self, code: str) -> None:
        """Put the reason why there is no run into the state and into the index."""
        state, cause = judge(code)
        if (state, code) != (self.state, self.detail):
            _logger.warning("not recording", extra={"camera": self._target.stream.camera_id, "code": code})
        self.state, self.detail = state, code
        if self._told != (cause, code):
            self._told = (cause, code)
            learned = GapCauseLearned(self._target.stream, Ticks90k(self._around.timeline.now()), cause, code)
            self._home.take(Tell(learned))

    def broken(self, trouble: RunBroken) -> None:
        """Learn that the volume let a run down."""
        if self.run is not None and self.run.run_id == trouble.run_id:
            self._leave(self.run, trouble.code)

    def _look_after_disk(self, run: Run) -> None:
        if not run.outlet.has_room(run.run_id):
            self._leave(run, "recorder.disk_behind")
        elif not run.outlet.is_fit:
            # Where there is nowhere to go, a run stays until the disk fails it too.
            self._move(run, run.outlet.trouble)

    def _leave(self, run: Run, code: str) -> None:
        """Carry a run to another volume with what its own may have lost, or end it."""
        if not self._move(run, code):
            self.end(code)
            self.tell(code)

    def _move(self, run: Run, code: str) -> bool:
        other = next((outlet for outlet in self._outlets if outlet is not run.outlet and outlet.is_usable), None)
        if other is None or not run.move(other, detail=code):
            return False
        self._moved_at_90k = self._around.clock.monotonic()
        _logger.warning(
            "run moved",
            extra={"camera": self._target.stream.camera_id, "volume": other.volume_id, "code": code},
        )
        return True

    def _return_home(self, run: Run, units: list[AccessUnit]) -> list[AccessUnit]:
        """Begin again on the home volume at the next sync sample once it has been fit for a while."""
        is_time = self._around.clock.monotonic() - self._moved_at_90k > HOMESICK_90K
        first = next((number for number, unit in enumerate(units) if unit.is_sync), None)
        if not is_time or first is None or not self._home.is_usable:
            return units
        if run.push(units[:first]) < first:
            return units[first:]
        clock = self._clock
        self.end("recorder.moved")
        self._clock = clock
        return units[first:]

    def _gather(self, units: list[AccessUnit]) -> None:
        """Keep pictures from a sync sample on."""
        if not self._awaiting:
            first = next((number for number, unit in enumerate(units) if unit.is_sync and not unit.is_damaged), None)
            if first is None:
                return
            units = units[first:]
        self._awaiting += units

    def _is_enough(self) -> bool:
        """Say whether the pictures gathered can anchor a run; a clock that goes on needs no anchor."""
        if self._clock is not None:
            return True
        return self._around.clock.monotonic() - self._awaiting[0].arrival_90k >= ANCHOR_90K

    def _begin(self, video_format: VideoFormat, claim_90k: int | None) -> None:
        outlet = next((outlet for outlet in (self._home, *self._outlets) if outlet.is_usable), None)
        if outlet is None:
            self._awaiting = []
            self.tell(self._home.trouble)
            return
        awaiting = self._awaiting
        fresh = self._anchored(awaiting)
        # The camera's clock may have jumped while nothing of it was placed.
        clock = fresh if self._clock is None or self._clock.is_apart(fresh) else self._clock
        shortage = clock.shortage(rtp_time_90k=awaiting[0].rtp_time_90k, earliest_90k=self.earliest_90k)
        if shortage > LARGEST_SHIFT_90K:
            # Pictures from the camera's store that the run before already holds: begin at a later sync sample.
            later = next((number for number, unit in enumerate(awaiting) if number and unit.is_sync), len(awaiting))
            self._awaiting = awaiting[later:]
            self.waiting_code = "recorder.clock_jump"
            return
        if shortage > 0:
            clock.postpone(shortage)
        self._clock = clock
        self._awaiting = []
        self.run = Run(
            origin=RunOrigin(
                stream=self._target.stream,
                worker=self._around.worker,
                slot=self._target.slot,
                cause_before=self._told[0],
                camera_claim_90k=_claim_for_first(claim_90k, awaiting),
            ),
            video_format=video_format,
            timeline=self._around.timeline,
            clock=clock,
            outlet=outlet,
            recent=Recent() if len(self._outlets) > 1 else None,
        )
        self._moved_at_90k = self._around.clock.monotonic()
        self._begun_90k.append(self._moved_at_90k)
        self.waiting_code = "recorder.no_sync_sample"
        self.state, self.detail = StreamState.RECORDING, ""
        _logger.info("recording", extra={"camera": self._target.stream.camera_id, "run": self.run.run_id})
        self.run.push(awaiting)

    def _anchored(self, units: Sequence[AccessUnit]) -> RunClock:
        at = self._around.timeline.at
        return RunClock(first=[(unit.rtp_time_90k, at(unit.arrival_90k)) for unit in units])

    def _forget_run(self) -> None:
        if self.run is not None and self.run.end_90k is not None:
            self.earliest_90k = max(self.earliest_90k, self.run.end_90k)
        self.run = None


def _claim_for_first(newest_90k: int | None, units: Sequence[AccessUnit]) -> int | None:
    """Carry the camera's claim for its newest picture back to the first one of a run."""
    if newest_90k is None:
        return None
    return newest_90k - (units[-1].rtp_time_90k - units[0].rtp_time_90k)
