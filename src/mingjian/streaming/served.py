"""What has really been served to one viewer: merged spans of presentation time, and a count of bytes."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

# Two spans nearer than this are one: cameras' sample durations tremble by some milliseconds.
JOIN_90K = 9_000
# An entry of the ledger holds at most 64 KiB; beyond so many spans the nearest two are named as one.
SPANS_MAX = 1000


@dataclass(frozen=True, slots=True)
class Served:
    """The sum of one viewing, as a receipt names it. `spans` are disjoint, in order, half-open.

    `is_merged` says that they were too many, and that some name what lies between two as well.
    """

    spans: tuple[tuple[int, int], ...]
    size_bytes: int
    is_merged: bool = False


class ServedRanges:
    """Grows with every fragment that leaves; forgets nothing, merges what touches, and the nearest of too many."""

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        self._size_bytes = 0
        self._is_merged = False

    def add(self, *, start_90k: int, end_90k: int, size_bytes: int) -> None:
        """Note that samples of `[start_90k, end_90k)` left, in so many bytes."""
        self._size_bytes += size_bytes
        first = bisect_left(self._ends, start_90k - JOIN_90K)
        last = bisect_right(self._starts, end_90k + JOIN_90K)
        if first < last:
            start_90k = min(start_90k, self._starts[first])
            end_90k = max(end_90k, self._ends[last - 1])
        self._starts[first:last] = [start_90k]
        self._ends[first:last] = [end_90k]
        if len(self._starts) > SPANS_MAX:
            self._join_nearest()

    def add_bytes(self, size_bytes: int) -> None:
        """Note bytes that show nothing by themselves (an initialization segment)."""
        self._size_bytes += size_bytes

    def sum(self) -> Served:
        """Return what has been served so far."""
        spans = tuple(zip(self._starts, self._ends, strict=True))
        return Served(spans=spans, size_bytes=self._size_bytes, is_merged=self._is_merged)

    def _join_nearest(self) -> None:
        nearest = min(range(len(self._ends) - 1), key=lambda place: self._starts[place + 1] - self._ends[place])
        del self._starts[nearest + 1], self._ends[nearest]
        self._is_merged = True
