"""Places the pictures of one run on the timeline: the camera's RTP clock, gently corrected, watched for jumps."""

from collections.abc import Sequence

from mingjian.base.ticks import TICKS_PER_S

JUMP_90K = TICKS_PER_S
WINDOW_90K = 2 * TICKS_PER_S
LATE_WINDOWS = 30
FUTURE_90K = 5 * TICKS_PER_S
CORRECTION_PPM = 500
TOLERANCE_90K = TICKS_PER_S // 50

_MOST_PER_WINDOW_90K = WINDOW_90K * CORRECTION_PPM // 1_000_000


class RunClock:
    """Maps RTP time-stamps of one run to presentation times.

    Anchored at the smallest delay among the first pictures, so that neither our tick nor a burst of pictures the
    camera had in store shifts the run. Afterwards the offset moves by at most 500 ppm towards the smallest delay
    of each two seconds. A step of the time-stamps that outruns the time gone by is a jump. Mere lateness, and its
    making up, is a network or an encoder short of breath, until a minute of it says that the clocks have parted.
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

    def is_apart(self, other: "RunClock") -> bool:
        """Say whether two anchors of the same camera are further apart than its clock may have jumped unnoticed."""
        return abs(self._offset - other._offset) > JUMP_90K

    def postpone(self, span_90k: int) -> None:
        """Move the whole run later before anything of it was placed; the correction brings it back in time."""
        self._offset += span_90k

    def place(self, *, rtp_times_90k: Sequence[int], arrival_90k: int) -> list[int]:
        """Return the presentation times of pictures that arrived together, in decoding order.

        `arrival_90k` is on the timeline. Fewer times than pictures: the camera's clock jumped there.
        """
        if arrival_90k - self._window_start >= WINDOW_90K and not self._close_window(arrival_90k):
            return []
        offset = self._offset
        furthest = last = self._last_rtp
        largest_step = max(arrival_90k - self._last_arrival, 0) + JUMP_90K
        placed: list[int] = []
        for rtp_time_90k in rtp_times_90k:
            if not -JUMP_90K <= rtp_time_90k - last <= largest_step:
                break
            last = rtp_time_90k
            if last > furthest:
                furthest = last
            placed.append(last + offset)
        if placed:
            self._last_rtp = last
            self._last_arrival = arrival_90k
            slack = arrival_90k - offset - furthest
            if self._smallest is None or slack < self._smallest:
                self._smallest = slack
        return placed

    def _close_window(self, arrival_90k: int) -> bool:
        """Correct the offset by what the window showed; say whether the clocks still belong together."""
        smallest, self._smallest = self._smallest, None
        self._window_start = arrival_90k
        if smallest is None:
            return True
        self.slack_90k = smallest
        self._late_windows = self._late_windows + 1 if smallest > JUMP_90K else 0
        if smallest < -FUTURE_90K or self._late_windows >= LATE_WINDOWS:
            return False
        if abs(smallest) > TOLERANCE_90K:
            self._offset += max(-_MOST_PER_WINDOW_90K, min(_MOST_PER_WINDOW_90K, smallest))
        return True
