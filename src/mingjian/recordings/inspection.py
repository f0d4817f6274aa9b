"""What a checker asks of an index: every row, in the order in which its files lie, and what SQLite finds wrong."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from mingjian.base.ids import RecordingId
from mingjian.recordings import database, rows
from mingjian.recordings.model import Recording, RecordingState
from mingjian.recordings.reader import IndexReader

_PLACED = (
    "SELECT camera_id, recording_id, state, size_bytes, fragments FROM recording JOIN stream ON stream.id = stream_id"
)
_WHOLE_ROW = (
    "SELECT recording.*, camera_id, role, track FROM recording JOIN stream ON stream.id = stream_id"
    " WHERE recording_id = ?"
)
_HOLES = "SELECT start_90k, end_90k FROM hole WHERE recording_id = ? AND NOT is_damage ORDER BY start_90k"
_BATCH = 512


class Placed(NamedTuple):
    """What a row says of its two files, and whose they are. Sizes are None while the recording grows."""

    camera_id: str
    recording_id: str
    state: RecordingState
    size_bytes: int | None
    fragments: int | None


class Inspector(IndexReader):
    """A reader that is asked about whole volumes, in parts: no question is a transaction that lasts for minutes."""

    def integrity_errors(self) -> list[str]:
        """Return what SQLite itself finds wrong with the file."""
        with self._named():
            found = [str(line) for (line,) in self._connection.execute("PRAGMA integrity_check")]
        return [line for line in found if line != "ok"]

    def totals_closed(self) -> tuple[int, int]:
        """Return how many recordings there are in any state, and the bytes of the closed ones."""
        with self._named():
            count, size_bytes = next(
                self._connection.execute("SELECT count(*), coalesce(sum(size_bytes), 0) FROM recording")
            )
        return int(count), int(size_bytes)

    def placed(self) -> Iterator[Placed]:
        """Yield all rows, camera by camera: one pass over the table, sorted aside, instead of a look-up for each row.

        It is one transaction; what is asked meanwhile is answered of the same instant.
        """
        with self._named():
            # The sign keeps SQLite from walking by an index, whose rows lie all over the table.
            for row in self._connection.execute(_PLACED + " ORDER BY +camera_id"):
                yield _placed(row)

    def placed_one(self, *, recording_id: str) -> Placed | None:
        """Return the row of one recording, or None."""
        with self._named():
            found = self._connection.execute(_PLACED + " WHERE recording_id = ?", (recording_id,))
            return next((_placed(row) for row in found), None)

    def closed(self) -> Iterator[Recording]:
        """Yield every closed recording in the order of ids, in batches, so that a keeper's log is not held up."""
        after = ""
        while True:
            with self._named():
                cursor = self._connection.execute(
                    rows.SELECT_RECORDING
                    + "WHERE recording.recording_id > ? AND +state = 'closed' ORDER BY recording.recording_id LIMIT ?",
                    (after, _BATCH),
                )
                batch = list(rows.recordings(cursor, media=self.volume_path / "media"))
            yield from batch
            if len(batch) < _BATCH:
                return
            after = batch[-1].recording_id

    def closed_rows(self) -> Iterator[tuple[RecordingId, dict[str, Any]]]:
        """Yield the columns of every closed recording, its stream's names and its holes among them, by name."""
        for recording in self.closed():
            with self._named():
                cursor = self._connection.execute(_WHOLE_ROW, (recording.recording_id,))
                for row in cursor:
                    names = [name for name, _ in cursor.getdescription()]
                    holes = self._connection.execute(_HOLES, (recording.recording_id,))
                    yield recording.recording_id, dict(zip(names, row, strict=True)) | {"holes": tuple(holes)}

    @contextmanager
    def _named(self) -> Iterator[None]:
        with database.named_errors(self.volume_path / "index.db"):
            yield


def _placed(row: tuple[Any, ...]) -> Placed:
    camera_id, recording_id, state, size_bytes, fragments = row
    return Placed(camera_id, recording_id, RecordingState(state), size_bytes, fragments)
