"""Decoding times from presentation times: RTP gives only the latter, a fragment needs both."""

from collections import deque
from heapq import heappushpop
from itertools import pairwise
from typing import NamedTuple

from mingjian.media.samples import Buffer, Sample

# What a lone sample lasts when nothing else says so: a picture of 25 per second.
_LONE_DURATION_90K = 3_600
# The last sample's duration is the shortest of so many before it: a hole before it says nothing of what follows.
_REMEMBERED = 8


class _Pending(NamedTuple):
    pts_90k: int
    data: Buffer
    is_sync: bool


class DecodeOrder:
    """Turns coded pictures in decoding order into samples with DTS and duration.

    The n-th DTS is the n-th smallest PTS, `reorder_depth` pictures late: then no DTS lies after its PTS as long as
    the stream keeps the depth its parameter sets promise. The first pictures get DTS before the first PTS at the
    spacing seen there. A sample leaves when the DTS of its follower is known, so its duration is exact.

    A DTS that would not increase (repeated or receding time-stamps) becomes the previous one plus a tick and is
    counted in `repaired`. With depth 0 the PTS follows it; else the PTS is kept and the offset may be negative.
    """

    def __init__(self, *, reorder_depth: int) -> None:
        self.repaired = 0
        self._depth = reorder_depth
        self._waiting: list[_Pending] = []  # the first pictures, until their DTS can be told
        self._heap: list[int] | None = None
        self._last: Sample | None = None  # complete but for its duration
        self._durations_90k: deque[int] = deque(maxlen=_REMEMBERED)

    def push(self, *, pts_90k: int, data: Buffer, is_sync: bool) -> list[Sample]:
        """Take the next picture in decoding order; return the samples that became complete, in that order."""
        if self._depth == 0:
            return self._emit(pts_90k, pts_90k, data, is_sync)
        if self._heap is not None:
            return self._emit(heappushpop(self._heap, pts_90k), pts_90k, data, is_sync)
        self._waiting.append(_Pending(pts_90k, data, is_sync))
        # One more than the depth: with the first reordered group complete, the spacing is that of neighbours.
        if len(self._waiting) < self._depth + 2:
            return []
        return self._start()

    def flush(self) -> list[Sample]:
        """Return what is still held; the last lasts as long as the shortest before. The object starts afresh."""
        done = self._start() if self._waiting else []
        if self._last is not None:
            done.append(self._last._replace(duration_90k=min(self._durations_90k, default=_LONE_DURATION_90K)))
        self._last = None
        self._heap = None
        self._durations_90k.clear()
        return done

    def _start(self) -> list[Sample]:
        """Give the first pictures their DTS: as many before the first PTS as the depth says."""
        ordered = sorted(picture.pts_90k for picture in self._waiting)
        steps = [b - a for a, b in pairwise(ordered) if b > a]
        step = min(steps, default=_LONE_DURATION_90K)
        heap = [ordered[0] - step * (self._depth - i) for i in range(self._depth)]
        done: list[Sample] = []
        for picture in self._waiting:
            dts_90k = heappushpop(heap, picture.pts_90k)
            done += self._emit(dts_90k, picture.pts_90k, picture.data, picture.is_sync)
        self._heap = heap
        self._waiting = []
        return done

    def _emit(self, dts_90k: int, pts_90k: int, data: Buffer, is_sync: bool) -> list[Sample]:  # noqa: FBT001
        last = self._last
        if last is None:
            self._last = Sample(dts_90k, pts_90k, 0, data, is_sync)
            return []
        last_dts_90k, last_pts_90k, _, last_data, last_is_sync = last
        if dts_90k <= last_dts_90k:
            self.repaired += 1
            dts_90k = last_dts_90k + 1
            if self._depth == 0:
                pts_90k = dts_90k
            duration_90k = 1
        else:
            duration_90k = dts_90k - last_dts_90k
            self._durations_90k.append(duration_90k)
        self._last = Sample(dts_90k, pts_90k, 0, data, is_sync)
        return [Sample(last_dts_90k, last_pts_90k, duration_90k, last_data, last_is_sync)]
