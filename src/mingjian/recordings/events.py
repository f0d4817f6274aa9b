"""What each recorder event does to the rows of the index. Every event may come again; the second time does nothing."""

from dataclasses import dataclass
from enum import StrEnum

import apsw

from mingjian.recordings import days, gaps, outbox
from mingjian.recordings.coverage import JOIN_90K
from mingjian.recordings.gap_rows import StreamRow
from mingjian.recordings.model import (
    GapCause,
    GapCauseLearned,
    RecorderEvent,
    RecordingClosed,
    RecordingOpened,
    RunEnded,
    RunStarted,
    StreamKey,
)
from mingjian.recordings.outbox import ReportKind

SALVAGED = "salvaged"
# Worker of a run that the index knows from its files alone.
ADOPTED = ""


class Applied(StrEnum):
    """What became of an event: entered, known already, or about a file the index has never seen (salvage adopts it)."""

    DONE = "done"
    KNOWN = "known"
    UNKNOWN_RECORDING = "unknown_recording"


@dataclass(frozen=True, slots=True)
class Origin:
    """Who enters rows, stamped on each: host, deployment epoch, and the keeper's timeline."""

    host: str
    epoch: int
    at_90k: int


def apply(cursor: apsw.Cursor, event: RecorderEvent, *, origin: Origin) -> Applied:
    """Enter one event."""
    stream = ensure_stream(cursor, event.stream)
    match event:
        case RunStarted():
            return _start_run(cursor, stream, event, origin)
        case RunEnded():
            return _end_run(cursor, stream, event, origin)
        case RecordingOpened():
            return _open_recording(cursor, stream, event, origin)
        case RecordingClosed():
            return _close_recording(cursor, stream, event, origin)
        case GapCauseLearned():
            gaps.learn(
                cursor,
                stream,
                cause=event.cause,
                detail=event.detail,
                learned_at_90k=event.at_90k,
                at_90k=origin.at_90k,
            )
            return Applied.DONE


def ensure_stream(cursor: apsw.Cursor, key: StreamKey) -> StreamRow:
    """Return the stream's row, entered when it is new."""
    names = (key.camera_id, key.role.value, key.track)
    cursor.execute("INSERT OR IGNORE INTO stream (camera_id, role, track) VALUES (?, ?, ?)", names)
    (row_id,) = next(cursor.execute("SELECT id FROM stream WHERE camera_id = ? AND role = ? AND track = ?", names))
    return StreamRow(row_id, key)


def _start_run(cursor: apsw.Cursor, stream: StreamRow, event: RunStarted, origin: Origin) -> Applied:
    known = next(cursor.execute("SELECT worker FROM run WHERE run_id = ?", (event.run_id,)), None)
    if known == (ADOPTED,):
        return _name_run(cursor, stream, event)
    if known is not None:
        return Applied.KNOWN
    gaps.close_before_run(cursor, stream, start_90k=event.start_90k, cause=event.cause_before, at_90k=origin.at_90k)
    cursor.execute(
        "INSERT INTO run (run_id, stream_id, start_90k, is_clock_trusted, codec, width, height, camera_claim_90k,"
        " worker) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            event.run_id,
            stream.id,
            event.start_90k,
            int(event.is_clock_trusted),
            event.codec,
            event.width,
            event.height,
            event.camera_claim_90k,
            event.worker,
        ),
    )
    outbox.append(
        cursor,
        kind=ReportKind.RUN_STARTED,
        body=outbox.stream_facts(stream.key)
        | {"run": event.run_id, "start_90k": event.start_90k, "is_clock_trusted": event.is_clock_trusted},
        at_90k=origin.at_90k,
    )
    return Applied.DONE


def _name_run(cursor: apsw.Cursor, stream: StreamRow, event: RunStarted) -> Applied:
    """Complete a run that the index first met in a file, its news having been late."""
    cursor.execute(
        "UPDATE run SET is_clock_trusted = ?, camera_claim_90k = ?, worker = ? WHERE run_id = ?",
        (int(event.is_clock_trusted), event.camera_claim_90k, event.worker, event.run_id),
    )
    cursor.execute(
        "UPDATE gap SET cause = ? WHERE stream_id = ? AND end_90k = ? AND cause = ?",
        (event.cause_before.value, stream.id, event.start_90k, GapCause.UNKNOWN.value),
    )
    return Applied.DONE


def _end_run(cursor: apsw.Cursor, stream: StreamRow, event: RunEnded, origin: Origin) -> Applied:
    row = next(cursor.execute("SELECT start_90k, end_90k, end_detail FROM run WHERE run_id = ?", (event.run_id,)), None)
    if row is not None and row[1] is not None and row[2] != SALVAGED:
        return Applied.KNOWN
    began_90k = event.end_90k if row is None else row[0]
    if row is not None and row[1] is not None:
        gaps.forget_after_run(cursor, stream, began_90k=began_90k, end_90k=row[1])
    end_90k = max(event.end_90k, began_90k)
    cursor.execute(
        "UPDATE run SET end_90k = ?, end_cause = ?, end_detail = ? WHERE run_id = ?",
        (end_90k, event.cause.value, event.detail, event.run_id),
    )
    gaps.open_after_run(
        cursor,
        stream,
        began_90k=began_90k,
        end_90k=end_90k,
        cause=event.cause,
        detail=event.detail,
        at_90k=origin.at_90k,
    )
    explain_loss(cursor, stream.key, run_id=event.run_id, origin=origin)
    outbox.append(
        cursor,
        kind=ReportKind.RUN_ENDED,
        body={"run": event.run_id, "end_90k": end_90k, "cause": event.cause.value, "detail": event.detail}
        | outbox.stream_facts(stream.key),
        at_90k=origin.at_90k,
    )
    return Applied.DONE


def _open_recording(cursor: apsw.Cursor, stream: StreamRow, event: RecordingOpened, origin: Origin) -> Applied:
    if next(cursor.execute("SELECT 1 FROM recording WHERE recording_id = ?", (event.recording_id,)), None):
        return Applied.KNOWN
    if next(cursor.execute("SELECT 1 FROM run WHERE run_id = ?", (event.run_id,)), None) is None:
        gaps.close_before_run(cursor, stream, start_90k=event.start_90k, cause=GapCause.UNKNOWN, at_90k=origin.at_90k)
        cursor.execute(
            "INSERT INTO run (run_id, stream_id, start_90k, is_clock_trusted, codec, width, height, worker)"
            " VALUES (?, ?, ?, 0, ?, ?, ?, ?)",
            (event.run_id, stream.id, event.start_90k, event.codec, event.width, event.height, ADOPTED),
        )
    cursor.execute(
        "UPDATE run SET start_90k = ?, is_clock_trusted = 0 WHERE run_id = ? AND worker = ? AND start_90k > ?",
        (event.start_90k, event.run_id, ADOPTED, event.start_90k),
    )
    _resume_run(cursor, stream, run_id=event.run_id)
    cursor.execute(
        "INSERT INTO recording (recording_id, run_id, stream_id, state, start_90k, codec, codec_string, width, height,"
        " host, epoch) VALUES (?, ?, ?, 'open', ?, ?, ?, ?, ?, ?, ?)",
        (
            event.recording_id,
            event.run_id,
            stream.id,
            event.start_90k,
            event.codec,
            event.codec_string,
            event.width,
            event.height,
            origin.host,
            origin.epoch,
        ),
    )
    return Applied.DONE


def _resume_run(cursor: apsw.Cursor, stream: StreamRow, *, run_id: str) -> None:
    """Take back the end that salvage gave a run whose worker turns out to live, and its false gap."""
    found = cursor.execute("SELECT start_90k, end_90k FROM run WHERE run_id = ? AND end_detail = ?", (run_id, SALVAGED))
    for began_90k, end_90k in list(found):
        gaps.forget_after_run(cursor, stream, began_90k=began_90k, end_90k=end_90k)
        cursor.execute("UPDATE run SET end_90k = NULL, end_cause = NULL, end_detail = NULL WHERE run_id = ?", (run_id,))


def _close_recording(cursor: apsw.Cursor, stream: StreamRow, event: RecordingClosed, origin: Origin) -> Applied:
    row = next(
        cursor.execute(
            "SELECT state, start_90k, root, is_salvaged FROM recording WHERE recording_id = ?", (event.recording_id,)
        ),
        None,
    )
    if row is None:
        return Applied.UNKNOWN_RECORDING
    state, start_90k, root, is_salvaged = row
    if state != "open":
        if is_salvaged and root == event.root and not event.is_salvaged:
            # Salvage came between the writer's close and its news, and found exactly what the writer had closed.
            cursor.execute("UPDATE recording SET is_salvaged = 0 WHERE recording_id = ?", (event.recording_id,))
        return Applied.KNOWN
    if event.fragments:
        start_90k = event.start_90k
    end_90k = max(event.end_90k, start_90k)
    cursor.execute(
        "UPDATE recording SET state = 'closed', start_90k = ?, end_90k = ?, size_bytes = ?, fragments = ?, samples = ?,"
        " root = ?, is_salvaged = ? WHERE recording_id = ?",
        (
            start_90k,
            end_90k,
            event.size_bytes,
            event.fragments,
            event.samples,
            event.root,
            int(event.is_salvaged),
            event.recording_id,
        ),
    )
    cursor.executemany(
        "INSERT OR IGNORE INTO hole (recording_id, start_90k, end_90k) VALUES (?, ?, ?)",
        [(event.recording_id, start, end) for start, end in event.holes],
    )
    gaps.give_way(cursor, stream, start_90k=start_90k, end_90k=end_90k)
    days.roll_up(cursor, stream.id, start_90k=start_90k, end_90k=end_90k)
    outbox.append(
        cursor,
        kind=ReportKind.RECORDING_SALVAGED if event.is_salvaged else ReportKind.RECORDING_CLOSED,
        body={
            "recording": event.recording_id,
            "start_90k": start_90k,
            "end_90k": end_90k,
            "size_bytes": event.size_bytes,
            "root": event.root,
        }
        | outbox.stream_facts(stream.key),
        at_90k=origin.at_90k,
    )
    if event.is_salvaged:
        explain_loss(cursor, stream.key, run_id=event.run_id, origin=origin)
    return Applied.DONE


def explain_loss(cursor: apsw.Cursor, key: StreamKey, *, run_id: str, origin: Origin) -> None:
    """Enter as a gap of the disk what an ended run was told to hold beyond what is left of it.

    More may be left than was told, a failed write having reached the disk: then the run ends where its footage does.
    """
    stream = ensure_stream(cursor, key)
    start_90k, end_90k, footage_90k, growing = next(
        cursor.execute(
            "SELECT run.start_90k, run.end_90k, max(recording.end_90k), sum(state = 'open')"
            " FROM run LEFT JOIN recording ON recording.run_id = run.run_id WHERE run.run_id = ? GROUP BY run.run_id",
            (run_id,),
        ),
        (0, None, None, 0),
    )
    first_90k = start_90k if footage_90k is None else max(footage_90k, start_90k)
    if end_90k is None or growing:
        return
    if first_90k > end_90k:
        cursor.execute("UPDATE run SET end_90k = ? WHERE run_id = ?", (first_90k, run_id))
        gaps.begin_later(cursor, stream, told_90k=end_90k, start_90k=first_90k)
    if end_90k - first_90k <= JOIN_90K:
        return
    gaps.tell_lost(cursor, stream, start_90k=first_90k, end_90k=end_90k, at_90k=origin.at_90k)
