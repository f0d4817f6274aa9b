"""How fast a camera sends: for people to see, and to tell a flood from a stream."""

from mingjian.base.ticks import TICKS_PER_S

WINDOW_90K = 5 * TICKS_PER_S
FLOOD_BPS = 64_000_000
# A camera making up for a stall may send for so long as fast as it can.
GRACE_90K = TICKS_PER_S


class Throughput:
    """Bits per second over windows of five seconds; a flood shows before its window ends."""

    def __init__(self, *, flood_bps: int = FLOOD_BPS) -> None:
        self.bitrate_bps: int | None = None
        self.is_flooding = False
        self._flood_bps = flood_bps
        self._start_90k: int | None = None
        self._start_bytes = 0

    def note(self, *, now_90k: int, received_bytes: int) -> None:
        """Take the session's running count of bytes at a monotonic instant."""
        if self._start_90k is None:
            self._start_90k, self._start_bytes = now_90k, received_bytes
            return
        elapsed = now_90k - self._start_90k
        bits = (received_bytes - self._start_bytes) * 8
        self.is_flooding = bits * TICKS_PER_S > self._flood_bps * max(elapsed, GRACE_90K)
        if elapsed >= WINDOW_90K:
            self.bitrate_bps = bits * TICKS_PER_S // elapsed
            self._start_90k, self._start_bytes = now_90k, received_bytes
