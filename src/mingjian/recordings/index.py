"""The index of one volume in its keeper's hands: the only connection that writes it."""

import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import apsw

from mingjian.base.clock import Clock
from mingjian.base.ticks import TICKS_PER_S
from mingjian.recordings import ballast, database, days, events, gaps, holding, outbox, rows
from mingjian.recordings.events import Applied, Origin
from mingjian.recordings.gap_rows import StreamRow
from mingjian.recordings.model import Hold, RecorderEvent, Recording, StreamKey
from mingjian.recordings.outbox import Fact, Position, ReportKind
from mingjian.recordings.volume import Volume

_DELETIONS_KEPT_90K = 7 * 86_400 * TICKS_PER_S
_REPORTS_KEPT_90K = 7 * 86_400 * TICKS_PER_S
_DELETABLE = (
    "SELECT coalesce(sum(size_bytes), 0) FROM recording JOIN stream ON stream.id = recording.stream_id"
    " WHERE state = 'closed' AND end_90k + floor_90k <= ? AND NOT EXISTS (SELECT 1 FROM hold"
    " WHERE hold.camera_id = stream.camera_id AND released_at_90k IS NULL"
    " AND recording.start_90k < hold.end_90k AND recording.end_90k >= hold.start_90k)"
)


@dataclass(frozen=True, slots=True)
class PlannedStream:
    """What a plan asks of this volume for one stream: since when, and the retention floor."""

    stream: StreamKey
    since_90k: int
    floor_90k: int


class Index:
    """Rows of runs, recordings, gaps, holds and reports. Safe to use from several threads of the keeper.

    Every method that writes is one transaction, durable on return, its reports included.
    """

    def __init__(self, *, volume: Volume, connection: apsw.Connection, host: str, epoch: int, clock: Clock) -> None:
        self.volume = volume
        self._connection = connection
        self._lock = threading.RLock()
        self._host = host
        self._epoch = epoch
        self._clock = clock

    @classmethod
    def open(cls, volume: Volume, *, host: str, epoch: int, clock: Clock) -> "Index":
        """Open a volume's index, made when absent. Call it inside `keeping`, which owns the volume.

        `host` and `epoch` are stamped on new rows; `clock.utc` is the keeper's timeline.
        """
        connection = database.open_for_writing(
            volume.index_path,
            deployment_id=volume.identity.deployment_id,
            volume_id=volume.identity.volume_id,
        )
        index = cls(volume=volume, connection=connection, host=host, epoch=epoch, clock=clock)
        with database.named_errors(volume.index_path), index.transaction() as cursor:
            cursor.execute("UPDATE meta SET value = ? WHERE key = 'opens'", (str(volume.identity.opens),))
        return index

    def close(self) -> None:
        """Close the connection; its last act is a checkpoint."""
        self._connection.close()

    def transaction(self) -> database.TransactionContext:
        """Open one write transaction, for this room's own modules."""
        return database.transaction(self._connection, self._lock)

    def origin(self) -> Origin:
        """Return the stamp for rows entered now."""
        return Origin(host=self._host, epoch=self._epoch, at_90k=self._clock.utc())

    def apply(self, event: RecorderEvent) -> Applied:
        """Enter one event of a worker; entering it again does nothing."""
        return self.apply_many([event])[0]

    def apply_many(self, batch: Sequence[RecorderEvent]) -> list[Applied]:
        """Enter events in their order with one commit."""
        with self.transaction() as cursor:
            return [events.apply(cursor, event, origin=self.origin()) for event in batch]

    def expect(self, streams: Iterable[PlannedStream]) -> None:
        """Take over what the plan asks of this volume; from now on missing seconds count, or no longer count.

        `streams` is the whole of it: a stream left out is no longer planned, and keeps its floor.
        """
        at_90k = self._clock.utc()
        with self.transaction() as cursor:
            planned = {self._expect_one(cursor, wanted, at_90k=at_90k) for wanted in streams}
            for stream in list(_planned_streams(cursor)):
                if stream.id not in planned:
                    gaps.end_plan(cursor, stream, at_90k=at_90k)
                    cursor.execute("UPDATE stream SET planned_until_90k = ? WHERE id = ?", (at_90k, stream.id))

    def catch_up(self) -> bool:
        """Sum up the days of one stream that an upgrade left to be done; return False when there is none left."""
        with self.transaction() as cursor:
            return days.catch_up(cursor)

    def set_hold(self, hold: Hold) -> None:
        """Put a hold in force: on return it is durable, and its acknowledgement is in the outbox. Idempotent.

        Raises RecordingsError("recordings.hold_changed") when the id stands for another hold or a released one.
        """
        with self.transaction() as cursor:
            holding.put(cursor, hold, at_90k=self._clock.utc())

    def release_hold(self, *, hold_id: str, released_by: str) -> None:
        """End a hold by name; `released_by` is the ledger entry that ordered it. Idempotent.

        Raises RecordingsError("recordings.hold_unknown").
        """
        with self.transaction() as cursor:
            holding.release(cursor, hold_id=hold_id, released_by=released_by, at_90k=self._clock.utc())

    def holds(self) -> list[Hold]:
        """Return the holds in force."""
        with self._lock:
            return list(rows.holds(self._connection.execute(rows.SELECT_HOLD + "WHERE released_at_90k IS NULL")))

    def open_recordings(self) -> list[Recording]:
        """Return the recordings that no event has closed yet."""
        return self.recordings("WHERE state = 'open' ORDER BY start_90k")

    def recordings(self, condition: str, bindings: tuple[int | str, ...] = ()) -> list[Recording]:
        """Return recordings by an SQL condition of this room's own making."""
        with self._lock:
            cursor = self._connection.execute(rows.SELECT_RECORDING + condition, bindings)
            return list(rows.recordings(cursor, media=self.volume.media))

    def floor_90k(self, stream: StreamKey) -> int | None:
        """Return the retention floor the last plan gave this stream; None when no plan ever named it."""
        names = (stream.camera_id, stream.role.value, stream.track)
        with self._lock:
            row = next(
                self._connection.execute(
                    "SELECT floor_90k FROM stream WHERE camera_id = ? AND role = ? AND track = ?", names
                ),
                None,
            )
        return None if row is None else row[0]

    def note(self, key: str) -> str | None:
        """Return what was kept under a name of this room's own making, or None."""
        with self._lock:
            found = self._connection.execute("SELECT value FROM meta WHERE key = ?", (key,))
            return next((str(row[0]) for row in found), None)

    def keep_note(self, key: str, value: str) -> None:
        """Keep a text under a name; it is lost with the index."""
        with self.transaction() as cursor:
            cursor.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", (key, value))

    def newest_90k(self) -> int | None:
        """Return where the newest footage ends or begins to grow, None when there never was any."""
        with self._lock:
            (newest_90k,) = next(
                self._connection.execute("SELECT max(max(start_90k), max(coalesce(end_90k, start_90k))) FROM run")
            )
        return None if newest_90k is None else int(newest_90k)

    def used_bytes(self) -> int:
        """Return what recordings take: closed ones by their rows, growing ones by their files."""
        with self._lock:
            (closed_bytes,) = next(self._connection.execute("SELECT coalesce(sum(size_bytes), 0) FROM recording"))
        return int(closed_bytes) + sum(_size_of(Path(growing.media_path)) for growing in self.open_recordings())

    def turnover(self, *, since_90k: int, ended_since_90k: int) -> tuple[int, int, int]:
        """Return the bytes of closed recordings, of those that ended since an instant, and of those deleted since one.

        Two, for `since_90k` is told in the time that counts for deletion and the other on the timeline.
        """
        with self.transaction() as cursor:
            cursor.execute("DELETE FROM deletion WHERE deleted_at_90k < ?", (since_90k - _DELETIONS_KEPT_90K,))
            closed_bytes, intake_bytes, deleted_bytes = next(
                cursor.execute(
                    "SELECT (SELECT coalesce(sum(size_bytes), 0) FROM recording WHERE state = 'closed'),"
                    " (SELECT coalesce(sum(size_bytes), 0) FROM recording WHERE state = 'closed' AND end_90k > ?2),"
                    " (SELECT coalesce(sum(size_bytes), 0) FROM deletion WHERE deleted_at_90k > ?1)",
                    (since_90k, ended_since_90k),
                )
            )
        return closed_bytes, intake_bytes, deleted_bytes

    def intake_bytes(self, *, since_90k: int) -> int:
        """Return the bytes of closed recordings that ended since then."""
        with self._lock:
            (total,) = next(
                self._connection.execute(
                    "SELECT coalesce(sum(size_bytes), 0) FROM recording WHERE state = 'closed' AND end_90k > ?",
                    (since_90k,),
                )
            )
        return int(total)

    def longest_floor_90k(self) -> int:
        """Return the longest retention floor of the streams planned now, 0 when there is none."""
        with self._lock:
            (floor_90k,) = next(
                self._connection.execute(
                    "SELECT coalesce(max(floor_90k), 0) FROM stream"
                    " WHERE planned_since_90k IS NOT NULL AND planned_until_90k IS NULL"
                )
            )
        return int(floor_90k)

    def deletable_bytes(self, *, by_90k: int) -> int:
        """Return the bytes of today's closed recordings that are past their floor by then and that nobody holds."""
        with self._lock:
            (total,) = next(self._connection.execute(_DELETABLE, (by_90k,)))
        return int(total)

    def report(self, kind: ReportKind, body: dict[str, Fact]) -> None:
        """Put a report into the outbox that belongs to no other act."""
        with self.transaction() as cursor:
            outbox.append(cursor, kind=kind, body=body, at_90k=self._clock.utc())

    def forget_reports(self, *, position: Position) -> int:
        """Forget the reports that the ledger was told more than a week ago; return how many.

        The week is for a control plane restored from a backup, which has to be told again.
        """
        with self.transaction() as cursor:
            before_90k = self._clock.utc() - _REPORTS_KEPT_90K
            return outbox.drop_acknowledged(cursor, position=position, before_90k=before_90k)

    def _expect_one(self, cursor: apsw.Cursor, wanted: PlannedStream, *, at_90k: int) -> int:
        stream = events.ensure_stream(cursor, wanted.stream)
        since_90k, until_90k = next(
            cursor.execute("SELECT planned_since_90k, planned_until_90k FROM stream WHERE id = ?", (stream.id,))
        )
        if since_90k is None or until_90k is not None:
            gaps.begin_plan(cursor, stream, since_90k=wanted.since_90k, at_90k=at_90k)
        cursor.execute(
            "UPDATE stream SET planned_since_90k = ?, planned_until_90k = NULL, floor_90k = ? WHERE id = ?",
            (wanted.since_90k, wanted.floor_90k, stream.id),
        )
        return stream.id


@contextmanager
def keeping(volume: Volume, *, memory: Path, host: str, epoch: int, clock: Clock) -> Iterator[Index]:
    """Own a volume and its index for as long as the context lasts.

    `memory` is a small file off the volume, one per volume, which remembers how often it was opened. Raises what
    `Volume.keep` and `Index.open` raise.
    """
    with volume.keep(
        memory=memory,
        index_opens=lambda: database.read_opens(volume.index_path),
        write_index_opens=lambda opens: database.write_opens(volume.index_path, opens),
    ):
        index = ballast.relieved(
            volume.path, lambda: Index.open(volume, host=host, epoch=epoch, clock=clock), disk=volume.disk
        )
        try:
            yield index
        except apsw.FullError:
            # The next keeper would meet the same again, perhaps with too much room to be called cramped.
            ballast.let_go(volume.path, disk=volume.disk)
            raise
        finally:
            index.close()


def _planned_streams(cursor: apsw.Cursor) -> Iterator[StreamRow]:
    found = cursor.execute(
        "SELECT id, camera_id, role, track FROM stream"
        " WHERE planned_since_90k IS NOT NULL AND planned_until_90k IS NULL"
    )
    for row_id, camera_id, role, track in found:
        yield StreamRow(row_id, rows.stream_key(camera_id, role, track))


def _size_of(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
