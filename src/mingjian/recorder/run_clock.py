"""Places the pictures of one run on the timeline: the camera's RTP clock, gently corrected, watched for jumps."""

from collections.abc import Sequence

from mingjian.base.errors import MingjianError
from mingjian.base.ticks import TICKS_PER_S

JUMP_90K = TICKS_PER_S
WINDOW_90K = 2 * TICKS_PER_S
LATE_WINDOWS = 5
CORRECTION_PPM = 500
TOLERANCE_90K = TICKS_PER_S // 50

_MOST_PER_WINDOW_90K = WINDOW_90K * CORRECTION_PPM // 1_000_000


class ClockJump(MingjianError):
    """The camera's clock and ours parted by more than a second; the run must end."""


class RunClock:
    """Maps RTP time-stamps of one run to presentation times.

    Anchored at the smallest delay among the first pictures, so that neither our tick nor a burst of pictures the
    camera had in store shifts the run. Afterwards the offset moves by at most 500 ppm towards the smallest delay
    of each two seconds. Late pictures are a slow network until ten seconds say otherwise; pictures from the future
    are a jump at once.
    """

    def __init__(self, *, first: Sequence[tuple[int, int]]) -> None:
        """Anchor by pairs (RTP time, arrival on the timeline) of the first pictures, at least one."""
        self._offset = min(arrival - rtp for rtp, arrival in first)
        self._last_rtp, self._last_arrival = first[0]
        self._window_start = self._last_arrival
        self._smallest: int | None = None
        self._late_windows = 0
        self.slack_90k = 0

    def shortage(self, *, rtp_time_90k: int, earliest_90k: int) -> int:
        """Return by how much this time-stamp would come before that instant (negative or 0: it would not)."""
        return earliest_90k - rtp_time_90k - self._offset

    def postpone(self, span_90k: int) -> None:
        """Move the whole run later before anything of it was placed; the correction brings it back in time."""
        self._offset += span_90k

    def place(self, *, rtp_time_90k: int, arrival_90k: int) -> int:
        """Return the presentation time. `arrival_90k` is on the timeline. Raises ClockJump."""
        step = rtp_time_90k - self._last_rtp
        elapsed = arrival_90k - self._last_arrival
        if step < -JUMP_90K or step - max(elapsed, 0) > JUMP_90K:
            raise ClockJump("recorder.clock_jump", step_90k=step, elapsed_90k=elapsed)
        self._last_rtp = rtp_time_90k
        self._last_arrival = arrival_90k
        slack = arrival_90k - self._offset - rtp_time_90k
        if self._smallest is None or slack < self._smallest:
            self._smallest = slack
        if arrival_90k - self._window_start >= WINDOW_90K:
            self._close_window(arrival_90k, self._smallest)
        return rtp_time_90k + self._offset

    def _close_window(self, arrival_90k: int, smallest: int) -> None:
        self._window_start = arrival_90k
        self._smallest = None
        self.slack_90k = smallest
        self._late_windows = self._late_windows + 1 if smallest > JUMP_90K else 0
        if smallest < -JUMP_90K or self._late_windows >= LATE_WINDOWS:
            raise ClockJump("recorder.clock_jump", slack_90k=smallest)
        if abs(smallest) > TOLERANCE_90K:
            self._offset += max(-_MOST_PER_WINDOW_90K, min(_MOST_PER_WINDOW_90K, smallest))
