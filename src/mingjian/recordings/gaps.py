"""The gap rule: how the gap rows of a stream follow its runs. Footage decides what is missing; these rows say why.

At most one gap of a stream is open. It opens where a run ends, is split where another cause is learned, and closes
where the next run starts.
"""

import apsw

from mingjian.recordings import gap_rows, outbox
from mingjian.recordings.coverage import JOIN_90K
from mingjian.recordings.gap_rows import StreamRow
from mingjian.recordings.model import GapCause
from mingjian.recordings.outbox import ReportKind

NOT_STARTED = "not_started"
NOT_PLANNED = "not_planned"
LOST = "lost"


def close_before_run(cursor: apsw.Cursor, stream: StreamRow, *, start_90k: int, cause: GapCause, at_90k: int) -> None:
    """Close what was missing until a run started; without an open gap, enter the one nobody told of."""
    # A plan may have named the stream again, and told until when it did not, before this run's news was here.
    cursor.execute(
        "UPDATE gap SET end_90k = ?2 WHERE stream_id = ?1 AND start_90k < ?2 AND end_90k > ?2 AND detail = ?3",
        (stream.id, start_90k, NOT_PLANNED),
    )
    gap = gap_rows.open_gap(cursor, stream)
    if gap is not None:
        if gap.cause is GapCause.UNKNOWN:
            cursor.execute("UPDATE gap SET cause = ?, detail = '' WHERE id = ?", (cause.value, gap.id))
        gap_rows.close(cursor, stream, gap_id=gap.id, end_90k=start_90k, at_90k=at_90k)
        if gap.start_90k > start_90k:
            gap_rows.shorten(cursor, stream, before_90k=gap.start_90k, end_90k=start_90k)
        return
    if gap_rows.has_open_run(cursor, stream):
        # That run's worker is dead and its last recording not salvaged yet; only salvage knows where footage ended.
        return
    known_90k = gap_rows.last_known(cursor, stream)
    if known_90k is not None and known_90k < start_90k:
        gap_id = gap_rows.insert(cursor, stream, start_90k=known_90k, cause=cause, detail="")
        gap_rows.close(cursor, stream, gap_id=gap_id, end_90k=start_90k, at_90k=at_90k)
        return
    # The plan left the stream out, which closed the gap, before this run's news was here: footage ends a gap first.
    cursor.execute(
        "UPDATE gap SET end_90k = ?2 WHERE stream_id = ?1 AND start_90k < ?2 AND end_90k > ?2", (stream.id, start_90k)
    )


def open_after_run(
    cursor: apsw.Cursor,
    stream: StreamRow,
    *,
    began_90k: int,
    end_90k: int,
    cause: GapCause,
    detail: str,
    at_90k: int,
) -> None:
    """Open the gap that follows a run, behind what others hold; closed at once when a later run has started already."""
    reached_90k = gap_rows.reached(cursor, stream, began_90k=began_90k, end_90k=end_90k)
    known = cursor.execute("SELECT 1 FROM gap WHERE stream_id = ? AND start_90k = ?", (stream.id, reached_90k))
    if reached_90k is None or next(known, None) is not None:
        return
    end_90k = reached_90k
    (next_start_90k,) = next(
        cursor.execute(
            # A run that holds nothing ends no gap.
            "SELECT min(start_90k) FROM run WHERE stream_id = ? AND start_90k >= ?"
            " AND (end_90k IS NULL OR end_90k > start_90k)",
            (stream.id, end_90k),
        )
    )
    if next_start_90k is None:
        gap = gap_rows.open_gap(cursor, stream)
        if gap is None:
            gap_rows.insert(cursor, stream, start_90k=end_90k, cause=cause, detail=detail)
        return
    if next_start_90k > end_90k:
        cursor.execute(
            "INSERT INTO gap (stream_id, start_90k, end_90k, cause, detail) VALUES (?, ?, ?, ?, ?)",
            (stream.id, end_90k, next_start_90k, cause.value, detail),
        )
        gap_rows.report_closed(
            cursor, stream, start_90k=end_90k, end_90k=next_start_90k, cause=cause, detail=detail, at_90k=at_90k
        )


def give_way(cursor: apsw.Cursor, stream: StreamRow, *, start_90k: int, end_90k: int) -> None:
    """Take back what was told as missing where there is footage after all.

    A run brings seconds along that another one has lost, or begins before the last cause that was learned.
    """
    over = list(
        cursor.execute(
            "SELECT id, start_90k, end_90k, cause, detail FROM gap"
            " WHERE stream_id = ?1 AND start_90k < ?3 AND min(end_90k, ?3) - max(start_90k, ?2) > ?4",
            (stream.id, start_90k, end_90k, JOIN_90K),
        )
    )
    for gap_id, first_90k, last_90k, cause, detail in over:
        cursor.execute("DELETE FROM gap WHERE id = ?", (gap_id,))
        for left_90k, right_90k in ((first_90k, start_90k), (end_90k, last_90k)):
            if left_90k < right_90k:
                cursor.execute(
                    "INSERT INTO gap (stream_id, start_90k, end_90k, cause, detail) VALUES (?, ?, ?, ?, ?)",
                    (stream.id, left_90k, right_90k, cause, detail),
                )


def tell_lost(cursor: apsw.Cursor, stream: StreamRow, *, start_90k: int, end_90k: int, at_90k: int) -> None:
    """Enter what was written and did not last, before the gap that a run's end opened."""
    known = cursor.execute(
        "SELECT 1 FROM gap WHERE stream_id = ? AND start_90k <= ? AND (end_90k IS NULL OR end_90k >= ?)",
        (stream.id, start_90k, end_90k),
    )
    if end_90k > start_90k and next(known, None) is None:
        cursor.execute(
            "INSERT INTO gap (stream_id, start_90k, end_90k, cause, detail) VALUES (?, ?, ?, ?, ?)",
            (stream.id, start_90k, end_90k, GapCause.DISK.value, LOST),
        )
        gap_rows.report_closed(
            cursor, stream, start_90k=start_90k, end_90k=end_90k, cause=GapCause.DISK, detail=LOST, at_90k=at_90k
        )
        present = cursor.execute(
            "SELECT start_90k, end_90k FROM recording"
            " WHERE stream_id = ? AND state = 'closed' AND start_90k < ? AND end_90k > ?",
            (stream.id, end_90k, start_90k),
        )
        for first_90k, last_90k in list(present):
            give_way(cursor, stream, start_90k=first_90k, end_90k=last_90k)


def forget_after_run(cursor: apsw.Cursor, stream: StreamRow, *, began_90k: int, end_90k: int) -> None:
    """Take back the gap that a run's end opened, because the run has not ended there."""
    reached_90k = gap_rows.reached(cursor, stream, began_90k=began_90k, end_90k=end_90k)
    cursor.execute("DELETE FROM gap WHERE stream_id = ? AND start_90k = ?", (stream.id, reached_90k))


def begin_later(cursor: apsw.Cursor, stream: StreamRow, *, told_90k: int, start_90k: int) -> None:
    """Let the gap that a run's end opened begin where the run's footage ends, which is later than was told."""
    named = (stream.id, told_90k, start_90k)
    cursor.execute("DELETE FROM gap WHERE stream_id = ?1 AND start_90k = ?2 AND end_90k <= ?3", named)
    cursor.execute("UPDATE gap SET start_90k = ?3 WHERE stream_id = ?1 AND start_90k = ?2", named)


def learn(
    cursor: apsw.Cursor, stream: StreamRow, *, cause: GapCause, detail: str, learned_at_90k: int, at_90k: int
) -> None:
    """Give the open gap its cause, or split it where the cause changed; stale news change nothing."""
    gap = gap_rows.open_gap(cursor, stream)
    if gap is None:
        if gap_rows.has_open_run(cursor, stream):
            return
        known_90k = gap_rows.last_known(cursor, stream)
        start_90k = learned_at_90k if known_90k is None else known_90k
        gap_rows.insert(cursor, stream, start_90k=start_90k, cause=cause, detail=detail)
    elif learned_at_90k < gap.start_90k or (gap.cause, gap.detail) == (cause, detail):
        return
    elif learned_at_90k == gap.start_90k or gap.cause in (GapCause.UNKNOWN, cause):
        cursor.execute("UPDATE gap SET cause = ?, detail = ? WHERE id = ?", (cause.value, detail, gap.id))
        if gap.cause is cause:
            return
    else:
        gap_rows.close(cursor, stream, gap_id=gap.id, end_90k=learned_at_90k, at_90k=at_90k)
        gap_rows.insert(cursor, stream, start_90k=learned_at_90k, cause=cause, detail=detail)
    outbox.append(
        cursor,
        kind=ReportKind.GAP_CAUSE_LEARNED,
        body=outbox.stream_facts(stream.key) | {"at_90k": learned_at_90k, "cause": cause.value, "detail": detail},
        at_90k=at_90k,
    )


def begin_plan(cursor: apsw.Cursor, stream: StreamRow, *, since_90k: int, at_90k: int) -> None:
    """Let the seconds count from the instant a plan names; nothing is there yet, and nobody knows why."""
    (until_90k,) = next(cursor.execute("SELECT planned_until_90k FROM stream WHERE id = ?", (stream.id,)))
    is_known = gap_rows.last_footage(cursor, stream) is not None
    if until_90k is not None:
        # Its worker may have learned of it later than we did, or record it here because another volume fails.
        ended_90k, begun_90k = next(
            cursor.execute(
                "SELECT max(end_90k), min(CASE WHEN end_90k IS NULL THEN start_90k END) FROM run WHERE stream_id = ?",
                (stream.id,),
            )
        )
        first_90k = max(until_90k, ended_90k or 0)
        last_90k = at_90k if begun_90k is None else min(at_90k, begun_90k)
        if first_90k < last_90k:
            cursor.execute(
                "INSERT INTO gap (stream_id, start_90k, end_90k, cause, detail) VALUES (?, ?, ?, ?, ?)",
                (stream.id, first_90k, last_90k, GapCause.PERMITTED_OUTAGE.value, NOT_PLANNED),
            )
    first_90k = gap_rows.first_here(cursor, stream)
    if first_90k is not None and since_90k < first_90k:
        # It came here when another volume failed, before any plan named it here: what was before lies elsewhere.
        cursor.execute(
            "INSERT INTO gap (stream_id, start_90k, end_90k, cause, detail) VALUES (?, ?, ?, ?, ?)",
            (stream.id, since_90k, first_90k, GapCause.UNKNOWN.value, NOT_STARTED),
        )
    if gap_rows.open_gap(cursor, stream) is None and not gap_rows.has_open_run(cursor, stream):
        start_90k = at_90k if is_known or until_90k is not None else since_90k
        gap_rows.insert(cursor, stream, start_90k=start_90k, cause=GapCause.UNKNOWN, detail=NOT_STARTED)


def end_plan(cursor: apsw.Cursor, stream: StreamRow, *, at_90k: int) -> None:
    """Let the seconds no longer count, because the plan left the stream out."""
    gap = gap_rows.open_gap(cursor, stream)
    if gap is not None:
        gap_rows.close(cursor, stream, gap_id=gap.id, end_90k=at_90k, at_90k=at_90k)
