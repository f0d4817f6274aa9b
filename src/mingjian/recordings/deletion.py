"""Deleting, in the order that keeps the index honest: row to garbage, unlink, fsync of the directory, row gone."""

import logging
from pathlib import Path

import apsw

from mingjian.recordings import days, durable, gate, outbox, rows
from mingjian.recordings.coverage import JOIN_90K
from mingjian.recordings.errors import RecordingsError
from mingjian.recordings.gate import DeletionReason, Permit, Refusal
from mingjian.recordings.index import Index
from mingjian.recordings.model import Recording
from mingjian.recordings.outbox import ReportKind

_log = logging.getLogger(__name__)


def ask(index: Index, recording: Recording, *, reason: DeletionReason, now_90k: int) -> Permit | Refusal:
    """Ask the gate about one recording with the floor and the holds that stand now."""
    return gate.decide(
        recording,
        reason=reason,
        now_90k=now_90k,
        floor_90k=index.floor_90k(recording.stream),
        holds=index.holds(),
    )


def delete(index: Index, recording: Recording, *, permit: Permit) -> None:
    """Delete one recording for good. After a crash at any instant `finish` ends what was begun.

    The gate decides again inside the transaction that marks the row, so that a hold set since counts.
    Raises RecordingsError("recordings.deletion_refused") then.
    """
    with index.transaction() as cursor:
        mark(cursor, index, permit)
    _remove(index, recording)


def finish(index: Index) -> int:
    """End the deletions that a crash or the file system interrupted; return how many.

    A file that will not go is told and tried again the next time; it does not keep the others.
    """
    finished = 0
    for recording in index.recordings("WHERE state = 'garbage'"):
        try:
            _remove(index, recording)
        except OSError as error:
            _log.error("file not deleted", extra={"recording": recording.recording_id, "reason": str(error)})
        else:
            finished += 1
    return finished


def mark(cursor: apsw.Cursor, index: Index, permit: Permit) -> None:
    """Begin a deletion: ask the gate again and turn the row to garbage. `finish` ends what was begun."""
    condition = rows.SELECT_RECORDING + "WHERE recording.recording_id = ?"
    current = next(rows.recordings(cursor.execute(condition, (permit.recording_id,)), media=index.volume.media), None)
    if current is None:
        raise RecordingsError("recordings.unknown_recording", recording=permit.recording_id)
    again = ask(index, current, reason=permit.reason, now_90k=permit.decided_at_90k)
    if isinstance(again, Refusal):
        raise RecordingsError(
            "recordings.deletion_refused", recording=permit.recording_id, reason=again.reason.value, hold=again.hold_id
        )
    cursor.execute("UPDATE recording SET state = 'garbage' WHERE recording_id = ?", (permit.recording_id,))
    cursor.execute(
        "INSERT INTO garbage (recording_id, reason, floor_90k, marked_at_90k) VALUES (?, ?, ?, ?)",
        (permit.recording_id, permit.reason.value, again.floor_90k, permit.decided_at_90k),
    )
    _roll_up(cursor, current)


def _remove(index: Index, recording: Recording) -> None:
    media, disk = Path(recording.media_path), index.volume.disk
    disk.unlink(media)
    disk.unlink(Path(recording.table_path))
    if media.parent.exists():
        durable.sync_directory(media.parent, disk=disk)
    with index.transaction() as cursor:
        _drop(cursor, index, recording)


def _drop(cursor: apsw.Cursor, index: Index, recording: Recording) -> None:
    at_90k = index.origin().at_90k
    reason, floor_90k, marked_at_90k = next(
        cursor.execute(
            "SELECT reason, floor_90k, marked_at_90k FROM garbage WHERE recording_id = ?", (recording.recording_id,)
        )
    )
    note_expired(
        cursor,
        _stream_of(cursor, recording),
        start_90k=recording.start_90k,
        end_90k=recording.end_90k or recording.start_90k,
    )
    _roll_up(cursor, recording)
    cursor.execute("DELETE FROM recording WHERE recording_id = ?", (recording.recording_id,))
    cursor.execute(
        "INSERT OR REPLACE INTO deletion (recording_id, size_bytes, deleted_at_90k) VALUES (?, ?, ?)",
        (recording.recording_id, recording.size_bytes, marked_at_90k),
    )
    outbox.append(
        cursor,
        kind=ReportKind.RECORDING_DELETED,
        body=outbox.stream_facts(recording.stream)
        | {
            "recording": recording.recording_id,
            "start_90k": recording.start_90k,
            "end_90k": recording.end_90k,
            "size_bytes": recording.size_bytes,
            "root": recording.root,
            "reason": reason,
            "floor_90k": floor_90k,
        },
        at_90k=at_90k,
    )


def note_expired(cursor: apsw.Cursor, stream_id: int, *, start_90k: int, end_90k: int) -> None:
    """Remember that there was footage, so that its time is told from a gap; neighbours become one span."""
    near = (stream_id, start_90k - JOIN_90K, end_90k + JOIN_90K)
    touching = "stream_id = ? AND end_90k >= ? AND start_90k <= ?"
    first_90k, last_90k = next(
        cursor.execute(f"SELECT min(start_90k), max(end_90k) FROM expired WHERE {touching}", near)  # noqa: S608  fixed text
    )
    cursor.execute(f"DELETE FROM expired WHERE {touching}", near)  # noqa: S608  fixed text
    cursor.execute(
        "INSERT INTO expired (stream_id, start_90k, end_90k) VALUES (?, ?, ?)",
        (
            stream_id,
            start_90k if first_90k is None else min(start_90k, first_90k),
            end_90k if last_90k is None else max(end_90k, last_90k),
        ),
    )


def _roll_up(cursor: apsw.Cursor, recording: Recording) -> None:
    """Sum up the days again in which a recording stood; spans that were joined around it may reach a little further."""
    days.roll_up(
        cursor,
        _stream_of(cursor, recording),
        start_90k=recording.start_90k - JOIN_90K,
        end_90k=(recording.end_90k or recording.start_90k) + JOIN_90K,
    )


def _stream_of(cursor: apsw.Cursor, recording: Recording) -> int:
    found = cursor.execute("SELECT stream_id FROM recording WHERE recording_id = ?", (recording.recording_id,))
    return int(next(found)[0])
