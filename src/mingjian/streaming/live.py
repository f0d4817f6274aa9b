"""The growing end of a recording, read once and shared by all who watch it.

One follower per stream looks at the fragment table ten times a second and keeps the last groups of pictures in memory.
A viewer holds only a number: where it stands in that ring. One that falls behind is moved to the newest sync sample,
so that a slow line costs neither memory nor anybody else's picture.
"""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeVar

from mingjian.base import ticks
from mingjian.base.errors import MingjianError
from mingjian.recordings.model import StreamKey
from mingjian.recordings.reader import Library
from mingjian.streaming.footage import Init, Piece, TableReader, is_sync, piece_of

_log = logging.getLogger(__name__)

POLL_S = 0.1
RING_BYTES = 32 << 20
RING_SPAN_90K = 30 * ticks.TICKS_PER_S
LAG_90K = 4 * ticks.TICKS_PER_S
# Polls without news after which the index is asked whether another recording has begun.
QUIET_POLLS = 7

Result = TypeVar("Result")
InThread = Callable[[Callable[[], Result]], Awaitable[Result]]


@dataclass(frozen=True, slots=True)
class LivePiece:
    """A piece, its number in the stream's order of arrival, and the initialization segment it needs."""

    number: int
    init: Init
    piece: Piece


class Follower:
    """The newest pieces of one stream, and a way to wait for the next."""

    def __init__(self) -> None:
        self._ring: deque[LivePiece] = deque()
        self._size_bytes = 0
        self._count = 0
        self._grown = asyncio.Event()

    def newest_sync(self) -> LivePiece | None:
        """Return the newest piece that can be decoded by itself."""
        return next((live for live in reversed(self._ring) if live.piece.is_sync), None)

    def after(self, number: int) -> LivePiece | None:
        """Return the piece that follows; None when it has not come yet.

        For a viewer that has fallen behind by more than `LAG_90K`, or out of the ring, it is the newest piece that can
        be decoded by itself.
        """
        if not self._ring or number >= self._ring[-1].number:
            return None
        first = self._ring[0].number
        following = self._ring[number + 1 - first] if number + 1 >= first else None
        lag_90k = self._ring[-1].piece.end_90k - (following or self._ring[0]).piece.first_pts_90k
        if following is not None and lag_90k <= LAG_90K:
            return following
        newest = self.newest_sync()
        return newest if newest is not None and newest.number > number else following

    def grown(self) -> asyncio.Event:
        """Return the event of the next arrival; take it before looking, so that none is missed."""
        return self._grown

    def publish(self, fresh: list[tuple[Init, Piece]]) -> None:
        """Put new pieces into the ring and wake whoever waits."""
        for init, piece in fresh:
            self._ring.append(LivePiece(self._count, init, piece))
            self._count += 1
            self._size_bytes += len(piece.data)
        while self._ring and self._is_too_much():
            self._size_bytes -= len(self._ring.popleft().piece.data)
        if fresh:
            grown, self._grown = self._grown, asyncio.Event()
            grown.set()

    def _is_too_much(self) -> bool:
        span_90k = self._ring[-1].piece.end_90k - self._ring[0].piece.first_pts_90k
        return self._size_bytes > RING_BYTES or span_90k > RING_SPAN_90K


class GrowingEnd:
    """Reads what is new of a stream, from recording to recording. Blocking; for one caller at a time."""

    def __init__(self, *, library: Callable[[], Library], stream: StreamKey) -> None:
        self._library = library
        self._stream = stream
        self._reader: TableReader | None = None
        self._init: Init | None = None
        self._next_record = 1
        self._quiet_polls = QUIET_POLLS

    def fresh(self) -> list[tuple[Init, Piece]]:
        """Return what has been written since the last call; at the first one, the last group of pictures."""
        found = self._read()
        self._quiet_polls = 0 if found else self._quiet_polls + 1
        if self._quiet_polls < QUIET_POLLS:
            return found
        self._quiet_polls = 0
        growing = self._library().growing(stream=self._stream)
        if growing is None or (self._reader and growing.recording_id == self._reader.recording.recording_id):
            return found
        # What was written to the old recording between the last look and its end comes first.
        found += self._read()
        is_first = self._reader is None
        reader = TableReader(growing)
        self._init, self._next_record = reader.init(), _last_group(reader) if is_first else 1
        self._reader = reader
        return found + self._read()

    def _read(self) -> list[tuple[Init, Piece]]:
        if self._reader is None or self._init is None:
            return []
        records = self._reader.records(first_record=self._next_record)
        self._next_record += len(records)
        return [(self._init, piece_of(self._reader.read(record))) for record in records]


def _last_group(reader: TableReader) -> int:
    """Return the number of the newest record that opens with a sync sample, or of the next one to come."""
    records = reader.records(first_record=1)
    syncs = [number for number, record in enumerate(records, start=1) if is_sync(record)]
    return syncs[-1] if syncs else len(records) + 1


class Followers:
    """One follower per watched stream; it ends when the last viewer leaves."""

    def __init__(self, *, library: Callable[[], Library], in_thread: InThread[list[tuple[Init, Piece]]]) -> None:
        self._library = library
        self._in_thread = in_thread
        self._followed: dict[StreamKey, tuple[Follower, asyncio.Task[None]]] = {}
        self._viewers: dict[StreamKey, int] = {}

    @property
    def count(self) -> int:
        """Return how many streams are being followed."""
        return len(self._followed)

    @asynccontextmanager
    async def watch(self, stream: StreamKey) -> AsyncIterator[Follower]:
        """Share the stream's follower for as long as the context lasts."""
        if stream not in self._followed:
            follower = Follower()
            self._followed[stream] = follower, asyncio.create_task(self._follow(follower, stream))
        self._viewers[stream] = self._viewers.get(stream, 0) + 1
        try:
            yield self._followed[stream][0]
        finally:
            self._viewers[stream] -= 1
            if not self._viewers[stream]:
                del self._viewers[stream]
                _, task = self._followed.pop(stream)
                task.cancel()

    async def _follow(self, follower: Follower, stream: StreamKey) -> None:
        is_failing = False
        end = GrowingEnd(library=self._library, stream=stream)
        while True:
            try:
                follower.publish(await self._in_thread(end.fresh))
                is_failing = False
            except Exception as error:
                # Many watch through this one task: whatever befalls it, it looks again, and says so once.
                if not is_failing:
                    is_foreseen = isinstance(error, MingjianError | OSError)
                    facts = {"camera": stream.camera_id, "error": str(error)}
                    _log.warning("cannot follow", extra=facts, exc_info=None if is_foreseen else error)
                is_failing = True
            await asyncio.sleep(POLL_S)
