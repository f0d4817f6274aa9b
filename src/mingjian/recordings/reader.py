"""Reading the index of one volume, and of several as one library. Never writes."""

import logging
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import Concatenate, ParamSpec, Self, TypeVar

from mingjian.base.ticks import Ticks90k
from mingjian.recordings import coverage, database, fragments, outbox, rows
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
_AWAY = frozenset({"recordings.index_missing", "recordings.index_unreadable", "recordings.volume_full"})

# Recordings of a stream follow one another: of those that began before a window, the last few alone may reach into it.
# Without this bound each question would walk over the whole archive of the camera, row by row.
_NEAR = """
WITH asked (id) AS (SELECT id FROM stream WHERE camera_id = ?1 AND role = ?2 AND track = ?3),
since (start_90k) AS (SELECT ifnull(
    (SELECT start_90k FROM recording WHERE stream_id = (SELECT id FROM asked) AND start_90k <= ?4
     ORDER BY start_90k DESC LIMIT 1 OFFSET 2), -9223372036854775808)),
opened (recording_id) AS (
    SELECT recording_id FROM recording INDEXED BY recording_by_age
    WHERE state = 'open' AND stream_id = (SELECT id FROM asked)
),
near (recording_id) AS (
    SELECT recording_id FROM recording WHERE stream_id = (SELECT id FROM asked)
        AND start_90k < ?5 AND start_90k >= (SELECT start_90k FROM since)
    UNION SELECT recording_id FROM opened
)
"""
_REACHING = " AND start_90k < ?5 AND (end_90k IS NULL OR end_90k > ?4) ORDER BY start_90k"
_IN_WINDOW = "WHERE recording.recording_id IN near AND state != 'garbage'" + _REACHING
_OPEN_IN_WINDOW = "WHERE recording.recording_id IN opened" + _REACHING
_CLOSED_SPANS = (
    "SELECT recording_id, run_id, start_90k, end_90k FROM recording"
    " WHERE stream_id = (SELECT id FROM asked) AND start_90k >= (SELECT start_90k FROM since)"
    " AND state = 'closed' AND start_90k < ?5 AND end_90k > ?4 ORDER BY start_90k"
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
        bindings = (stream.camera_id, stream.role.value, stream.track, start_90k, end_90k)
        return self._near(_IN_WINDOW, bindings)

    @_named
    def growing(self, *, stream: StreamKey) -> Recording | None:
        """Return the newest recording of the stream that is open, or None."""
        names = (stream.camera_id, stream.role.value, stream.track)
        condition = (
            "WHERE recording.recording_id IN (SELECT recording_id FROM recording INDEXED BY recording_by_age"
            " WHERE state = 'open') AND camera_id = ? AND role = ? AND track = ? ORDER BY start_90k DESC LIMIT 1"
        )
        return next(iter(self._recordings(condition, names)), None)

    @_named
    def recording(self, *, recording_id: str) -> Recording | None:
        """Return one recording by its id, or None."""
        return next(iter(self._recordings("WHERE recording.recording_id = ?", (recording_id,))), None)

    @_named
    def recordings(self) -> list[Recording]:
        """Return every recording, oldest first, those on their way out included."""
        return self._recordings("ORDER BY start_90k", ())

    @_named
    def meta(self, key: str) -> str:
        """Return one value of the meta table."""
        return database.read_meta(self._connection, key)

    @_named
    def integrity_errors(self) -> list[str]:
        """Return what SQLite itself finds wrong with the file."""
        found = [str(line) for (line,) in self._connection.execute("PRAGMA integrity_check")]
        return [line for line in found if line != "ok"]

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
        trusted = self._trusted_runs(stream)
        bindings = (stream.camera_id, stream.role.value, stream.track, start_90k, end_90k)
        closed = coverage.unbroken(self._connection.execute(_NEAR + _CLOSED_SPANS, bindings), holes=self._holes(stream))
        stretches = [
            Stretch(run_id, first, last, holes, is_clock_trusted=run_id in trusted, is_growing=False)
            for run_id, first, last, holes in closed
        ]
        for recording in self._near(_OPEN_IN_WINDOW, bindings):
            grown = fragments.grown(Path(recording.table_path))
            if grown is not None:
                is_trusted = recording.run_id in trusted
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
        return [Explained(start, end, GapCause(cause), detail) for start, end, cause, detail in found]

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
        found = self._connection.execute(
            "SELECT start_90k, end_90k FROM expired JOIN stream ON stream.id = expired.stream_id"
            " WHERE camera_id = ? AND role = ? AND track = ? AND start_90k < ? AND end_90k > ? ORDER BY start_90k",
            (stream.camera_id, stream.role.value, stream.track, end_90k, start_90k),
        )
        return [(start, end) for start, end in found]

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

    def _recordings(self, condition: str, bindings: tuple[int | str, ...]) -> list[Recording]:
        cursor = self._connection.execute(rows.SELECT_RECORDING + condition, bindings)
        return list(rows.recordings(cursor, media=self.volume_path / "media"))

    def _near(self, condition: str, bindings: tuple[int | str, ...]) -> list[Recording]:
        cursor = self._connection.execute(_NEAR + rows.SELECT_RECORDING + condition, bindings)
        return list(rows.recordings(cursor, media=self.volume_path / "media"))

    def _trusted_runs(self, stream: StreamKey) -> set[str]:
        found = self._connection.execute(
            "SELECT run_id FROM run JOIN stream ON stream.id = run.stream_id"
            " WHERE camera_id = ? AND role = ? AND track = ? AND is_clock_trusted",
            (stream.camera_id, stream.role.value, stream.track),
        )
        return {run_id for (run_id,) in found}

    def _holes(self, stream: StreamKey) -> dict[str, list[tuple[int, int]]]:
        found = self._connection.execute(
            # In this order: holes are few, recordings are not.
            "SELECT hole.recording_id, hole.start_90k, hole.end_90k FROM hole"
            " CROSS JOIN recording ON recording.recording_id = hole.recording_id"
            " CROSS JOIN stream ON stream.id = recording.stream_id WHERE camera_id = ? AND role = ? AND track = ?",
            (stream.camera_id, stream.role.value, stream.track),
        )
        holes: dict[str, list[tuple[int, int]]] = {}
        for recording_id, start, end in found:
            holes.setdefault(recording_id, []).append((start, end))
        return holes


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
        plans = [until_90k for *_, (is_known, until_90k) in asked if is_known]
        ends = [until for until in plans if until is not None]
        planned_end_90k = max(ends) if plans and len(ends) == len(plans) else now_90k
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

    def _ask_all(self, ask: Callable[[IndexReader], _T]) -> list[_T]:
        """Return every volume's answer; one that is away or cannot be read does not hold up the others."""
        answers: list[_T] = []
        for path in self._volumes:
            try:
                with IndexReader(path) as reader:
                    answers.append(ask(reader))
            except RecordingsError as error:
                if error.code not in _AWAY:
                    raise
                if error.code != "recordings.index_missing":
                    _log.warning("a volume cannot be asked", extra={"path": str(path), "error": str(error)})
        return answers
