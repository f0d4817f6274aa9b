"""A walk through recorded footage from an instant to the end of a window: pieces, holes with their cause, and waits.

Runs in a thread: every step may read from disk. Nothing outside the window is ever yielded.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from mingjian.base import ticks
from mingjian.base.clock import Clock
from mingjian.media import cutting
from mingjian.recordings.fragments import HOLE_90K
from mingjian.recordings.model import Coverage, Fragment, GapCause, Recording, RecordingState, StreamKey
from mingjian.recordings.reader import Library
from mingjian.streaming.footage import Hole, Init, Piece, TableReader, is_sync, lone_picture, piece_of

# Longer than any recording.
NEAR_90K = 3_600 * ticks.TICKS_PER_S


class Pausing(Enum):
    """The walk stands at the newest footage of a window that has not ended yet; ask again later."""

    NOT_YET = auto()


Item = Init | Piece | Hole | Pausing


@dataclass(frozen=True, slots=True)
class Window:
    """What may be shown of one stream: `[start_90k, end_90k)`; `planned_since_90k` is when its plan begins."""

    stream: StreamKey
    start_90k: int
    end_90k: int
    planned_since_90k: int


class Walk:
    """One pass from `at_90k` to the window's end, in order. `is_sync_only` leaves sync samples alone."""

    def __init__(self, *, library: Library, clock: Clock, window: Window, at_90k: int, is_sync_only: bool) -> None:
        self._library = library
        self._clock = clock
        self._window = window
        self._at_90k = at_90k
        self._cursor_90k = at_90k
        self._is_sync_only = is_sync_only
        self._is_over = False

    def items(self) -> Iterator[Item]:
        """Yield what comes next until the window is over; `NOT_YET` as often as asked before there is more."""
        done: set[str] = set()
        while not self._is_over:
            recording = self._next_recording(done)
            if recording is not None:
                done.add(recording.recording_id)
                yield from self._recording(recording)
            elif self._window.end_90k <= self._clock.utc():
                break
            else:
                yield Pausing.NOT_YET
        if self._window.end_90k - self._cursor_90k > HOLE_90K:
            yield from self._hole(self._window.end_90k)

    def _next_recording(self, done: set[str]) -> Recording | None:
        """Look near the cursor first: a window may be as long as the archive."""
        window = self._window
        for end_90k in (min(self._cursor_90k + NEAR_90K, window.end_90k), window.end_90k):
            found = self._library.window(stream=window.stream, start_90k=self._cursor_90k, end_90k=end_90k)
            following = next((recording for recording in found if recording.recording_id not in done), None)
            if following is not None:
                return following
        return None

    def _recording(self, recording: Recording) -> Iterator[Item]:
        reader = TableReader(recording)
        try:
            init = reader.init()
        except FileNotFoundError:
            return  # deleted between the index and the disk: a hole, as the next look at the index will say
        yield init
        for item in self._pieces(reader):
            if isinstance(item, Piece):
                if item.first_pts_90k - self._cursor_90k > HOLE_90K:
                    yield from self._hole(item.first_pts_90k)
                self._cursor_90k = max(self._cursor_90k, item.end_90k)
            yield item

    def _pieces(self, reader: TableReader) -> Iterator[Piece | Pausing]:
        """Yield the recording's pieces within the window, opening at a sync sample at or before the wanted place."""
        is_open = False
        for record, follower in self._records(reader):
            if record is None:
                yield Pausing.NOT_YET
                continue
            data: bytes | None = reader.read(record)
            if data is not None and not is_open:
                data = cutting.trim_head(data, start_90k=self._window.start_90k)
            if data is None:
                continue
            is_open = True
            piece = lone_picture(data, until_dts_90k=follower) if self._is_sync_only else piece_of(data)
            if piece.last_pts_90k >= self._window.end_90k:
                self._is_over = True
                kept = cutting.trim_tail(piece.data, end_90k=self._window.end_90k)
                if kept is not None:
                    yield piece_of(kept)
                return
            yield piece

    def _records(self, reader: TableReader) -> Iterator[tuple[Fragment | None, int | None]]:
        """Yield records from the entry on, each with the decoding time of its follower; (None, None) while it grows.

        With sync samples only, other records are passed over unread, and the last one waits for its follower as long
        as the recording grows.
        """
        number = 1
        waiting: list[Fragment] = []
        is_entered = False
        while True:
            is_closed = self._is_closed(reader.recording)
            fresh = reader.records(first_record=number)
            number += len(fresh)
            fresh = reader.readable(fresh)
            if self._is_sync_only:
                fresh = [record for record in fresh if is_sync(record)]
            waiting += fresh
            if not is_entered and waiting:
                waiting = waiting[self._entry(waiting) :]
                is_entered = True
            held = 1 if self._is_sync_only and not is_closed else 0
            while len(waiting) > held:
                record = waiting.pop(0)
                yield record, waiting[0].first_dts_90k if waiting else None
            if is_closed:
                return
            if not fresh:
                yield None, None

    def _entry(self, records: list[Fragment]) -> int:
        """Return the place of the last sync record of the window at or before the wanted instant.

        When there is none, that of the record in which the window opens: what lies before it need not be read.
        """
        place = 0
        for number, record in enumerate(records):
            if record.first_pts_90k > self._at_90k:
                break
            if is_sync(record) or record.first_pts_90k <= self._window.start_90k:
                place = number
        return place

    def _is_closed(self, recording: Recording) -> bool:
        if recording.state is not RecordingState.OPEN:
            return True
        found = self._library.window(
            stream=recording.stream, start_90k=recording.start_90k, end_90k=recording.start_90k + 1
        )
        return not any(row.recording_id == recording.recording_id and row.state is RecordingState.OPEN for row in found)

    def _hole(self, end_90k: int) -> Iterator[Hole]:
        # Footage on a disk that does not answer is no gap.
        self._library.require_answers()
        cause = cause_between(self._library, self._window, self._cursor_90k, end_90k)
        if cause is not None:
            yield Hole(self._cursor_90k, end_90k, cause)


def cause_between(library: Library, window: Window, start_90k: int, end_90k: int) -> GapCause | None:
    """Return the cause of the longest gap in the span, unknown when the index names none.

    None when the span was recorded: nothing of it can be shown by itself before its first sync sample.
    """
    found = _coverage(library, window, start_90k, end_90k)
    longest = max(found.gaps, key=lambda gap: gap.end_90k - gap.start_90k, default=None)
    if longest is not None:
        return longest.cause
    return None if found.footage else GapCause.UNKNOWN


def cause_at(library: Library, window: Window, now_90k: int) -> GapCause:
    """Return why there is nothing now: the cause of the newest gap of the last minute, unknown when there is none."""
    found = _coverage(library, window, now_90k - 60 * ticks.TICKS_PER_S, now_90k)
    return found.gaps[-1].cause if found.gaps else GapCause.UNKNOWN


def _coverage(library: Library, window: Window, start_90k: int, end_90k: int) -> Coverage:
    return library.coverage(
        stream=window.stream,
        start_90k=start_90k,
        end_90k=end_90k,
        planned_since_90k=window.planned_since_90k,
        now_90k=end_90k,
    )
