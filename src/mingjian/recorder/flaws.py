"""What a stream that is recorded all the same does wrong: named while it was seen within the last minute."""

from collections.abc import Mapping

from mingjian.base.ticks import TICKS_PER_S

REMEMBERED_90K = 60 * TICKS_PER_S
WRONG_CLOCK_90K = 60 * TICKS_PER_S
WRONG_CLOCK = "media.clock_wrong"


class Flaws:
    """Names of counters that moved, each for a minute after it last did; another connection may count from zero."""

    def __init__(self) -> None:
        self._counts: Mapping[str, int] = {}
        self._seen_90k: dict[str, int] = {}

    def present(self, *, counts: Mapping[str, int], clock_ahead_90k: int | None, now_90k: int) -> list[str]:
        """Take the counters of now, and by how much the camera's clock is ahead; return what to show, in order."""
        for name, count in counts.items():
            if count and count != self._counts.get(name):
                self._seen_90k[name] = now_90k
        self._counts = counts
        if clock_ahead_90k is not None and abs(clock_ahead_90k) > WRONG_CLOCK_90K:
            self._seen_90k[WRONG_CLOCK] = now_90k
        return sorted(name for name, seen_90k in self._seen_90k.items() if now_90k - seen_90k < REMEMBERED_90K)
