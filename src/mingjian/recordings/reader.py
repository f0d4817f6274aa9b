"""Reading the index of one volume, and of several as one library. Never writes."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial, wraps
from pathlib import Path
from typing import Concatenate, ParamSpec, Self, TypeVar

from mingjian.base.ids import RunId
from mingjian.base.ticks import Ticks90k
from mingjian.recordings import asking, calendar, coverage, database, days, fragments, outbox, rows, spans
from mingjian.recordings.calendar import DayTotals, StreamDays
from mingjian.recordings.coverage import Explained, Stretch
from mingjian.recordings.errors import RecordingsError
from mingjian.recordings.model import (
    Coverage,
    GapCause,
    Hold,
    Recording,
    StreamKey,
)
from mingjian.recordings.outbox import Report

_log = logging.getLogger(__name__)

_P = ParamSpec("_P")
_T = TypeVar("_T")
# A volume that cannot be asked has no footage to show now; its trouble is told by whoever keeps it.
_AWAY = frozenset(
    {
        "recordings.index_missing",
        "recordings.index_unreadable",
        "recordings.volume_full",
        "recordings.volume_hangs",
    }
)

_IN_WINDOW = (
    "WHERE recording.recording_id IN (SELECT recording_id"  # noqa: S608  fixed text
    + spans.CLOSED_IN_WINDOW
    + " UNION ALL SELECT recording_id FROM recording WHERE stream_id = ?1 AND state = 'open' AND start_90k < ?3)"
    " ORDER BY start_90k"
)
_OPEN_IN_WINDOW = "WHERE stream_id = ?1 AND state = 'open' AND start_90k < ?2 ORDER BY start_90k"
# Runs of a stream follow one another as its recordings do; who asks for one that is not among these asks by its name.
_RUNS_IN_WINDOW = (
    "SELECT run_id, is_clock_trusted FROM run WHERE stream_id = ?1 AND start_90k < ?3 AND start_90k >= ifnull("
    "(SELECT start_90k FROM run WHERE stream_id = ?1 AND start_90k <= ?2 ORDER BY start_90k DESC LIMIT 1 OFFSET 2),"
    " -9223372036854775808)"
)
_CAUSES = {cause.value: cause for cause in GapCause}
_STREAM_DAYS = (
    "SELECT id, is_rolled_up, planned_since_90k IS NOT NULL, planned_until_90k,"
    " (SELECT min(start_90k) FROM recording WHERE stream_id = stream.id AND state = 'open')"
    " FROM stream WHERE camera_id = ? AND role = ? AND track = ?"
)


def _named(ask: Callable[Concatenate["IndexReader", _P], _T]) -> Callable[Concatenate["IndexReader", _P], _T]:
    """Raise what SQLite says while a question is asked as an error of this room."""

    @wraps(ask)
    def asked(reader: "IndexReader", /, *arguments: _P.args, **named: _P.kwargs) -> _T:
        with database.named_errors(reader.volume_path / "index.db"):
            return ask(reader, *arguments, **named)

    return asked


class IndexReader:
    """A read-only connection to one volume's index. Not for use by two threads at once; cheap to open.

    Every question raises RecordingsError `recordings.index_unreadable` when the disk or the file lets it down.
    """

    def __init__(self, volume_path: Path) -> None:
        """Open the index of the volume at this path.

        Raises RecordingsError `recordings.index_missing`, `.index_too_new`, `.sqlite_too_old`, `.index_unreadable`.
        """
        self.volume_path = volume_path
        self._connection = database.open_for_reading(volume_path / "index.db")

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @_named
    def window(self, *, stream: StreamKey, start_90k: int, end_90k: int) -> list[Recording]:
        """Return the recordings that may hold samples of `[start_90k, end_90k)`, growing ones included."""
        stream_id = spans.number(self._connection, stream)
        if stream_id is None:
            return []
        found = self._recordings(_IN_WINDOW, (stream_id, start_90k, end_90k))
        return [recording for recording in found if not recording.is_void]

    @_named
    def growing(self, *, stream: StreamKey) -> Recording | None:
        """Return the newest recording of the stream that is open, or None."""
        stream_id = spans.number(self._connection, stream)
        if stream_id is None:
            return None
        condition = "WHERE stream_id = ? AND state = 'open' ORDER BY start_90k DESC LIMIT 1"
        return next(iter(self._recordings(condition, (stream_id,))), None)

    @_named
    def recording(self, *, recording_id: str) -> Recording | None:
        """Return one recording by its id, or None."""
        return next(iter(self._recordings("WHERE recording.recording_id = ?", (recording_id,))), None)

    @_named
    def meta(self, key: str) -> str:
        """Return one value of the meta table."""
        return database.read_meta(self._connection, key)

    @_named
    def planned_since_90k(self, *, stream: StreamKey) -> int | None:
        """Return the instant from which the stream's seconds count here, or None."""
        row = next(
            self._connection.execute(
                "SELECT planned_since_90k FROM stream WHERE camera_id = ? AND role = ? AND track = ?",
                (stream.camera_id, stream.role.value, stream.track),
            ),
            (None,),
        )
        return None if row[0] is None else int(row[0])

    @_named
    def streams(self) -> list[StreamKey]:
        """Return every stream this volume knows."""
        found = self._connection.execute("SELECT camera_id, role, track FROM stream ORDER BY camera_id, role, track")
        return [rows.stream_key(*names) for names in found]

    @_named
    def holds(self) -> list[Hold]:
        """Return the holds in force."""
        return list(rows.holds(self._connection.execute(rows.SELECT_HOLD + "WHERE released_at_90k IS NULL")))

    @_named
    def reports(self, *, series: str, after_id: int, limit: int) -> list[Report]:
        """Return reports after the position reached; `series` empty or of another index starts from the first."""
        return outbox.follow(self._connection, series=series, after_id=after_id, limit=limit)

    @_named
    def stretches(self, *, stream: StreamKey, start_90k: int, end_90k: int) -> list[Stretch]:
        """Return the footage of a window as it stands on disk: closed recordings by row, growing ones by table.

        What one run recorded into several files without a break is one stretch.
        """
        stream_id = spans.number(self._connection, stream)
        if stream_id is None:
            return []
        closed = spans.closed(self._connection, stream_id, start_90k=start_90k, end_90k=end_90k)
        trusted = dict(self._connection.execute(_RUNS_IN_WINDOW, (stream_id, start_90k, end_90k)))
        stretches = [
            Stretch(run_id, first, last, holes, is_clock_trusted=self._is_trusted(run_id, trusted), is_growing=False)
            for run_id, first, last, holes in closed
        ]
        for recording in self._recordings(_OPEN_IN_WINDOW, (stream_id, end_90k)):
            grown = fragments.grown(Path(recording.table_path))
            if grown is not None:
                is_trusted = self._is_trusted(recording.run_id, trusted)
                stretches.append(Stretch(recording.run_id, *grown, is_clock_trusted=is_trusted, is_growing=True))
        return stretches

    @_named
    def explained(self, *, stream: StreamKey, start_90k: int, end_90k: int) -> list[Explained]:
        """Return the gap rows that touch a window."""
        found = self._connection.execute(
            "SELECT gap.start_90k, gap.end_90k, cause, detail FROM gap JOIN stream ON stream.id = gap.stream_id"
            " WHERE camera_id = ? AND role = ? AND track = ? AND gap.start_90k < ?"
            " AND (gap.end_90k IS NULL OR gap.end_90k > ?) ORDER BY gap.start_90k",
            (stream.camera_id, stream.role.value, stream.track, end_90k, start_90k),
        )
        return [Explained(start, end, _CAUSES[cause], detail) for start, end, cause, detail in found]

    @_named
    def runs_ended_by_disk(self, *, stream: StreamKey) -> set[str]:
        """Return the runs of a stream that this volume's disk ended."""
        found = self._connection.execute(
            "SELECT run_id FROM run JOIN stream ON stream.id = run.stream_id"
            " WHERE camera_id = ? AND role = ? AND track = ? AND end_cause = ?",
            (stream.camera_id, stream.role.value, stream.track, GapCause.DISK.value),
        )
        return {run_id for (run_id,) in found}

    @_named
    def expired(self, *, stream: StreamKey, start_90k: int, end_90k: int) -> list[tuple[int, int]]:
        """Return the spans of a window whose footage was deleted after its floor."""
        stream_id = spans.number(self._connection, stream)
        if stream_id is None:
            return []
        return spans.expired(self._connection, stream_id, start_90k=start_90k, end_90k=end_90k)

    @_named
    def planned_until_90k(self, *, stream: StreamKey) -> tuple[bool, int | None]:
        """Return whether a plan ever named the stream here, and when one left it out (None: it is planned still)."""
        row = next(
            self._connection.execute(
                "SELECT planned_since_90k IS NOT NULL, planned_until_90k FROM stream"
                " WHERE camera_id = ? AND role = ? AND track = ?",
                (stream.camera_id, stream.role.value, stream.track),
            ),
            (0, None),
        )
        return bool(row[0]), row[1]

    @_named
    def days(self, *, stream: StreamKey, start_90k: int, end_90k: int) -> StreamDays:
        """Return what the index has summed up of a stream's days that begin in `[start_90k, end_90k)`."""
        if database.version(self._connection) < database.DAYS_SINCE_VERSION:
            return StreamDays(False, *self.planned_until_90k(stream=stream), None, {})
        found = self._connection.execute(_STREAM_DAYS, (stream.camera_id, stream.role.value, stream.track))
        stream_id, is_rolled_up, is_planned, until_90k, growing_90k = next(found, (None, 1, 0, None, None))
        # Asked after the growing one, so that what is closed meanwhile is in the sums or not relied on.
        rows_of_days = self._connection.execute(
            "SELECT start_90k, footage_90k, expired_90k FROM day"
            " WHERE stream_id = ? AND start_90k >= ? AND start_90k < ?",
            (stream_id, start_90k, end_90k),
        )
        sums = {day_90k: (footage_90k, expired_90k) for day_90k, footage_90k, expired_90k in rows_of_days}
        return StreamDays(bool(is_rolled_up), bool(is_planned), until_90k, growing_90k, sums)

    @_named
    def differing_days(self, *, stream: StreamKey) -> list[int]:
        """Return the days whose sums are not what the rows say."""
        if database.version(self._connection) < database.DAYS_SINCE_VERSION:
            return []
        with self._connection:  # both from the same instant, while a keeper writes on
            found = days.differing(self._connection, stream)
        return found

    def _recordings(self, condition: str, bindings: tuple[int | str, ...]) -> list[Recording]:
        cursor = self._connection.execute(rows.SELECT_RECORDING + condition, bindings)
        return list(rows.recordings(cursor, media=self.volume_path / "media"))

    def _is_trusted(self, run_id: RunId, known: dict[str, int]) -> bool:
        if run_id not in known:
            found = self._connection.execute("SELECT is_clock_trusted FROM run WHERE run_id = ?", (run_id,))
            known[run_id] = next((value for (value,) in found), 0)
        return bool(known[run_id])


class Library:
    """Several volumes read as one. Opens an index when asked and closes it again: a volume may come and go."""

    def __init__(self, *, volumes: Sequence[Path]) -> None:
        self._volumes = tuple(volumes)

    def window(self, *, stream: StreamKey, start_90k: int, end_90k: int) -> list[Recording]:
        """Return the recordings of a window over all volumes, in order of their start."""
        asked = self._ask_all(lambda reader: reader.window(stream=stream, start_90k=start_90k, end_90k=end_90k))
        return sorted((row for found in asked for row in found), key=lambda recording: recording.start_90k)

    def growing(self, *, stream: StreamKey) -> Recording | None:
        """Return the newest open recording of the stream, or None."""
        asked = self._ask_all(lambda reader: reader.growing(stream=stream))
        found = [recording for recording in asked if recording is not None]
        return max(found, key=lambda recording: recording.start_90k, default=None)

    def coverage(
        self, *, stream: StreamKey, start_90k: int, end_90k: int, planned_since_90k: int, now_90k: int
    ) -> Coverage:
        """Return footage and gaps of the window, as far as it was planned and is past.

        Together they leave out no tick of `[start_90k, end_90k)` between `planned_since_90k` and `now_90k`, but for the
        last seconds of a recording that grows, and no tick is in two of them.
        """
        asked = self._ask_all(
            lambda reader: (
                reader.stretches(stream=stream, start_90k=start_90k, end_90k=end_90k),
                reader.explained(stream=stream, start_90k=start_90k, end_90k=end_90k),
                reader.expired(stream=stream, start_90k=start_90k, end_90k=end_90k),
                reader.planned_until_90k(stream=stream),
            )
        )
        planned_end_90k = calendar.planned_end([plan for *_, plan in asked], now_90k=now_90k)
        first = max(start_90k, planned_since_90k)
        last = min(end_90k, now_90k, planned_end_90k)
        if last <= first:
            return Coverage(footage=(), gaps=())
        return coverage.cover(
            stretches=[stretch for stretches, *_ in asked for stretch in stretches],
            explained=[gap for _, explained, *_ in asked for gap in explained],
            expired=[span for _, _, expired, _ in asked for span in expired],
            start_90k=first,
            end_90k=last,
            now_90k=now_90k,
        )

    def totals(
        self, *, stream: StreamKey, start_90k: int, end_90k: int, planned_since_90k: int, now_90k: int
    ) -> tuple[Ticks90k, Ticks90k]:
        """Return how much of the window is footage and how much is gap, in ticks."""
        found = self.coverage(
            stream=stream, start_90k=start_90k, end_90k=end_90k, planned_since_90k=planned_since_90k, now_90k=now_90k
        )
        recorded_90k = sum(span.end_90k - span.start_90k for span in found.footage)
        missing_90k = sum(gap.end_90k - gap.start_90k for gap in found.gaps)
        return Ticks90k(recorded_90k), Ticks90k(missing_90k)

    def days(
        self, *, streams: Mapping[StreamKey, int], start_90k: int, end_90k: int, now_90k: int
    ) -> dict[StreamKey, list[DayTotals]]:
        """Return totals of each civil day that begins in `[start_90k, end_90k)`, of each stream.

        `streams` tells since when each is planned. A day that is over costs a look-up; the one that lasts, and those in
        which a plan began or ended, are asked of the rows: for thousands of streams end before today.
        """
        wanted = range(days.day_of(start_90k + days.DAY_90K - 1), end_90k, days.DAY_90K)
        found: dict[StreamKey, list[DayTotals]] = {}
        with self.kept_open() as opened:
            for stream, since_90k in streams.items():
                ask = partial(IndexReader.days, stream=stream, start_90k=start_90k, end_90k=end_90k)
                found[stream] = calendar.days_of(
                    opened._ask_all(ask),
                    wanted=wanted,
                    planned_since_90k=since_90k,
                    now_90k=now_90k,
                    by_rows=partial(opened._day_by_rows, stream=stream, planned_since_90k=since_90k, now_90k=now_90k),
                )
        return found

    @contextmanager
    def kept_open(self) -> Iterator["Library"]:
        """Yield the library with its indexes open throughout, for many questions of one thread."""
        with ExitStack() as stack:
            yield _OpenLibrary(self._volumes, stack)

    def require_answers(self) -> None:
        """Check that what is not found is not on a disk that does not answer. Raises `recordings.volume_hangs`."""
        hanging = next((path for path in self._volumes if asking.hangs(path)), None)
        if hanging is not None:
            raise RecordingsError("recordings.volume_hangs", path=str(hanging))

    def _day_by_rows(self, day_90k: int, *, stream: StreamKey, planned_since_90k: int, now_90k: int) -> DayTotals:
        found = self.coverage(
            stream=stream,
            start_90k=day_90k,
            end_90k=day_90k + days.DAY_90K,
            planned_since_90k=planned_since_90k,
            now_90k=now_90k,
        )
        return DayTotals(
            day_90k,
            sum(span.end_90k - span.start_90k for span in found.footage),
            sum(gap.end_90k - gap.start_90k for gap in found.gaps),
            sum(last - first for first, last in found.expired),
        )

    def _ask_all(self, ask: Callable[[IndexReader], _T]) -> list[_T]:
        """Return every volume's answer; one that is away, hangs or cannot be read does not hold up the others."""
        answers: list[_T] = []
        for path in self._volumes:
            try:
                answers.append(self._answer(path, ask))
            except RecordingsError as error:
                if error.code not in _AWAY:
                    raise
                if error.code != "recordings.index_missing":
                    _log.warning("a volume cannot be asked", extra={"path": str(path), "error": str(error)})
        return answers

    def _answer(self, path: Path, ask: Callable[[IndexReader], _T]) -> _T:
        def answer() -> _T:
            with IndexReader(path) as reader:
                return ask(reader)

        return asking.ask(path, answer)


class _OpenLibrary(Library):
    """The same, each index opened at the first question and closed with the stack.

    Whoever asks thousands of questions in a moment asks them without a helper: the disk answered just now.
    """

    def __init__(self, volumes: Sequence[Path], stack: ExitStack) -> None:
        super().__init__(volumes=volumes)
        self._stack = stack
        self._readers: dict[Path, IndexReader] = {}

    def _answer(self, path: Path, ask: Callable[[IndexReader], _T]) -> _T:
        if path not in self._readers:
            reader = asking.ask(path, lambda: IndexReader(path))
            self._readers[path] = self._stack.enter_context(reader)
        return ask(self._readers[path])
