"""The gap rule: how the gap rows of a stream follow its runs. Footage decides what is missing; these rows say why.

At most one gap of a stream is open. It opens where a run ends, is split where another cause is learned, and closes
where the next run starts.
"""

from dataclasses import dataclass

import apsw

from mingjian.recordings import outbox
from mingjian.recordings.model import GapCause, StreamKey
from mingjian.recordings.outbox import ReportKind

NOT_STARTED = "not_started"
NOT_PLANNED = "not_planned"
LOST = "lost"


@dataclass(frozen=True, slots=True)
class StreamRow:
    """A stream with its number in this index."""

    id: int
    key: StreamKey


@dataclass(frozen=True, slots=True)
class _OpenGap:
    id: int
    start_90k: int
    cause: GapCause
    detail: str


def close_before_run(cursor: apsw.Cursor, stream: StreamRow, *, start_90k: int, cause: GapCause, at_90k: int) -> None:
    """Close what was missing until a run started; without an open gap, enter the one nobody told of."""
    # A plan may have named the stream again, and told until when it did not, before this run's news was here.
    cursor.execute(
        "UPDATE gap SET end_90k = ?2 WHERE stream_id = ?1 AND start_90k < ?2 AND end_90k > ?2 AND detail = ?3",
        (stream.id, start_90k, NOT_PLANNED),
    )
    gap = _open_gap(cursor, stream)
    if gap is not None:
        if gap.cause is GapCause.UNKNOWN:
            cursor.execute("UPDATE gap SET cause = ?, detail = '' WHERE id = ?", (cause.value, gap.id))
        _close(cursor, stream, gap_id=gap.id, end_90k=start_90k, at_90k=at_90k)
        if gap.start_90k > start_90k:
            _shorten(cursor, stream, before_90k=gap.start_90k, end_90k=start_90k)
        return
    if has_open_run(cursor, stream):
        # That run's worker is dead and its last recording not salvaged yet; only salvage knows where footage ended.
        return
    known_90k = _last_known(cursor, stream)
    if known_90k is not None and known_90k < start_90k:
        gap_id = _insert(cursor, stream, start_90k=known_90k, cause=cause, detail="")
        _close(cursor, stream, gap_id=gap_id, end_90k=start_90k, at_90k=at_90k)
        return
    # The plan left the stream out, which closed the gap, before this run's news was here: footage ends a gap first.
    cursor.execute(
        "UPDATE gap SET end_90k = ?2 WHERE stream_id = ?1 AND start_90k < ?2 AND end_90k > ?2", (stream.id, start_90k)
    )


def is_overtaken(cursor: apsw.Cursor, stream: StreamRow, *, start_90k: int, end_90k: int) -> bool:
    """Say whether another run goes on over a run's end: it left for another volume and came back before that was told.

    A run that began earlier and has no end is a dead one's, of which only salvage knows where it ended.
    """
    found = cursor.execute(
        "SELECT 1 FROM run WHERE stream_id = ?1 AND start_90k >= ?2 AND start_90k <= ?3"
        " AND (end_90k IS NULL OR end_90k > ?3) LIMIT 1",
        (stream.id, start_90k, end_90k),
    )
    return next(found, None) is not None


def open_after_run(
    cursor: apsw.Cursor, stream: StreamRow, *, end_90k: int, cause: GapCause, detail: str, at_90k: int
) -> None:
    """Open the gap that follows a run; it is closed at once when a later run has started already."""
    (next_start_90k,) = next(
        cursor.execute(
            # A run that holds nothing ends no gap.
            "SELECT min(start_90k) FROM run WHERE stream_id = ? AND start_90k >= ?"
            " AND (end_90k IS NULL OR end_90k > start_90k)",
            (stream.id, end_90k),
        )
    )
    if next_start_90k is None:
        gap = _open_gap(cursor, stream)
        if gap is None:
            _insert(cursor, stream, start_90k=end_90k, cause=cause, detail=detail)
        return
    if next_start_90k > end_90k:
        cursor.execute(
            "INSERT INTO gap (stream_id, start_90k, end_90k, cause, detail) VALUES (?, ?, ?, ?, ?)",
            (stream.id, end_90k, next_start_90k, cause.value, detail),
        )
        _report_closed(
            cursor, stream, start_90k=end_90k, end_90k=next_start_90k, cause=cause, detail=detail, at_90k=at_90k
        )


def give_way(cursor: apsw.Cursor, stream: StreamRow, *, start_90k: int, end_90k: int) -> None:
    """Take back what was told as lost where there is footage after all: a run may bring it along from elsewhere."""
    over = list(
        cursor.execute(
            "SELECT id, start_90k, end_90k, cause FROM gap"
            " WHERE stream_id = ? AND detail = ? AND start_90k < ? AND end_90k > ?",
            (stream.id, LOST, end_90k, start_90k),
        )
    )
    for gap_id, first_90k, last_90k, cause in over:
        cursor.execute("DELETE FROM gap WHERE id = ?", (gap_id,))
        for left_90k, right_90k in ((first_90k, start_90k), (end_90k, last_90k)):
            if left_90k < right_90k:
                cursor.execute(
                    "INSERT INTO gap (stream_id, start_90k, end_90k, cause, detail) VALUES (?, ?, ?, ?, ?)",
                    (stream.id, left_90k, right_90k, cause, LOST),
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
        _report_closed(
            cursor, stream, start_90k=start_90k, end_90k=end_90k, cause=GapCause.DISK, detail=LOST, at_90k=at_90k
        )
        present = cursor.execute(
            "SELECT start_90k, end_90k FROM recording"
            " WHERE stream_id = ? AND state = 'closed' AND start_90k < ? AND end_90k > ?",
            (stream.id, end_90k, start_90k),
        )
        for first_90k, last_90k in list(present):
            give_way(cursor, stream, start_90k=first_90k, end_90k=last_90k)


def forget_after_run(cursor: apsw.Cursor, stream: StreamRow, *, end_90k: int) -> None:
    """Take back the gap that a run's end opened, because the run has not ended there."""
    cursor.execute("DELETE FROM gap WHERE stream_id = ? AND start_90k = ?", (stream.id, end_90k))


def begin_later(cursor: apsw.Cursor, stream: StreamRow, *, told_90k: int, start_90k: int) -> None:
    """Let the gap that a run's end opened begin where the run's footage ends, which is later than was told."""
    named = (stream.id, told_90k, start_90k)
    cursor.execute("DELETE FROM gap WHERE stream_id = ?1 AND start_90k = ?2 AND end_90k <= ?3", named)
    cursor.execute("UPDATE gap SET start_90k = ?3 WHERE stream_id = ?1 AND start_90k = ?2", named)


def learn(
    cursor: apsw.Cursor, stream: StreamRow, *, cause: GapCause, detail: str, learned_at_90k: int, at_90k: int
) -> None:
    """Give the open gap its cause, or split it where the cause changed; stale news change nothing."""
    gap = _open_gap(cursor, stream)
    if gap is None:
        if has_open_run(cursor, stream):
            return
        known_90k = _last_known(cursor, stream)
        start_90k = learned_at_90k if known_90k is None else known_90k
        _insert(cursor, stream, start_90k=start_90k, cause=cause, detail=detail)
    elif learned_at_90k < gap.start_90k or (gap.cause, gap.detail) == (cause, detail):
        return
    elif learned_at_90k == gap.start_90k or gap.cause in (GapCause.UNKNOWN, cause):
        cursor.execute("UPDATE gap SET cause = ?, detail = ? WHERE id = ?", (cause.value, detail, gap.id))
        if gap.cause is cause:
            return
    else:
        _close(cursor, stream, gap_id=gap.id, end_90k=learned_at_90k, at_90k=at_90k)
        _insert(cursor, stream, start_90k=learned_at_90k, cause=cause, detail=detail)
    outbox.append(
        cursor,
        kind=ReportKind.GAP_CAUSE_LEARNED,
        body=outbox.stream_facts(stream.key) | {"at_90k": learned_at_90k, "cause": cause.value, "detail": detail},
        at_90k=at_90k,
    )


def begin_plan(cursor: apsw.Cursor, stream: StreamRow, *, since_90k: int, at_90k: int) -> None:
    """Let the seconds count from the instant a plan names; nothing is there yet, and nobody knows why."""
    (until_90k,) = next(cursor.execute("SELECT planned_until_90k FROM stream WHERE id = ?", (stream.id,)))
    is_known = _last_footage(cursor, stream) is not None
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
    first_90k = _first_here(cursor, stream)
    if first_90k is not None and since_90k < first_90k:
        # It came here when another volume failed, before any plan named it here: what was before lies elsewhere.
        cursor.execute(
            "INSERT INTO gap (stream_id, start_90k, end_90k, cause, detail) VALUES (?, ?, ?, ?, ?)",
            (stream.id, since_90k, first_90k, GapCause.UNKNOWN.value, NOT_STARTED),
        )
    if _open_gap(cursor, stream) is None and not has_open_run(cursor, stream):
        start_90k = at_90k if is_known or until_90k is not None else since_90k
        _insert(cursor, stream, start_90k=start_90k, cause=GapCause.UNKNOWN, detail=NOT_STARTED)


def end_plan(cursor: apsw.Cursor, stream: StreamRow, *, at_90k: int) -> None:
    """Let the seconds no longer count, because the plan left the stream out."""
    gap = _open_gap(cursor, stream)
    if gap is not None:
        _close(cursor, stream, gap_id=gap.id, end_90k=at_90k, at_90k=at_90k)


def has_open_run(cursor: apsw.Cursor, stream: StreamRow) -> bool:
    """Say whether a run of the stream has not ended as far as the index knows."""
    found = cursor.execute("SELECT 1 FROM run WHERE stream_id = ? AND end_90k IS NULL LIMIT 1", (stream.id,))
    return next(found, None) is not None


def _open_gap(cursor: apsw.Cursor, stream: StreamRow) -> _OpenGap | None:
    row = next(
        cursor.execute(
            "SELECT id, start_90k, cause, detail FROM gap WHERE stream_id = ? AND end_90k IS NULL", (stream.id,)
        ),
        None,
    )
    return None if row is None else _OpenGap(row[0], row[1], GapCause(row[2]), row[3])


def _last_footage(cursor: apsw.Cursor, stream: StreamRow) -> int | None:
    # Only recordings of a run that has not ended may end after all runs, and of those the last to begin ends last.
    (end_90k,) = next(
        cursor.execute(
            "SELECT max(end_90k) FROM (SELECT max(end_90k) AS end_90k FROM run WHERE stream_id = ?1 UNION ALL"
            " SELECT max(end_90k) FROM (SELECT end_90k FROM recording WHERE stream_id = ?1 AND state = 'closed'"
            " ORDER BY start_90k DESC LIMIT 3) UNION ALL"
            " SELECT max(end_90k) FROM recording WHERE stream_id = ?1 AND state = 'garbage')",
            (stream.id,),
        )
    )
    return end_90k if end_90k is None else int(end_90k)


def _first_here(cursor: apsw.Cursor, stream: StreamRow) -> int | None:
    """Return where the first run of a stream begins that no plan has named here yet, None when there is none."""
    (first_90k,) = next(
        cursor.execute(
            "SELECT (SELECT min(start_90k) FROM run WHERE stream_id = stream.id) FROM stream"
            " WHERE id = ? AND planned_since_90k IS NULL",
            (stream.id,),
        ),
        (None,),
    )
    return first_90k if first_90k is None else int(first_90k)


def _last_known(cursor: apsw.Cursor, stream: StreamRow) -> int | None:
    """Return the end of what footage or an earlier gap row accounts for, else the instant the plan began."""
    footage_90k = _last_footage(cursor, stream)
    gap_90k, since_90k = next(
        cursor.execute(
            "SELECT (SELECT max(end_90k) FROM gap WHERE stream_id = ?1), planned_since_90k FROM stream WHERE id = ?1",
            (stream.id,),
        )
    )
    known = [int(end) for end in (footage_90k, gap_90k) if end is not None]
    return max(known) if known else since_90k


def _shorten(cursor: apsw.Cursor, stream: StreamRow, *, before_90k: int, end_90k: int) -> None:
    """Let the gaps that lead up to an instant end earlier: a cause was learned after the first picture to be placed."""
    while True:
        gap = next(
            cursor.execute(
                "SELECT id, start_90k FROM gap WHERE stream_id = ? AND end_90k = ? AND start_90k < end_90k",
                (stream.id, before_90k),
            ),
            None,
        )
        if gap is None:
            return
        gap_id, before_90k = gap
        if before_90k < end_90k:
            cursor.execute("UPDATE gap SET end_90k = ? WHERE id = ?", (end_90k, gap_id))
            return
        cursor.execute("DELETE FROM gap WHERE id = ?", (gap_id,))


def _insert(cursor: apsw.Cursor, stream: StreamRow, *, start_90k: int, cause: GapCause, detail: str) -> int:
    cursor.execute(
        "INSERT INTO gap (stream_id, start_90k, cause, detail) VALUES (?, ?, ?, ?)",
        (stream.id, start_90k, cause.value, detail),
    )
    return cursor.connection.last_insert_rowid()


def _close(cursor: apsw.Cursor, stream: StreamRow, *, gap_id: int, end_90k: int, at_90k: int) -> None:
    """End a gap row; one that would be empty or negative never was a gap."""
    start_90k, cause, detail = next(cursor.execute("SELECT start_90k, cause, detail FROM gap WHERE id = ?", (gap_id,)))
    if end_90k <= start_90k:
        cursor.execute("DELETE FROM gap WHERE id = ?", (gap_id,))
        return
    cursor.execute("UPDATE gap SET end_90k = ? WHERE id = ?", (end_90k, gap_id))
    _report_closed(
        cursor, stream, start_90k=start_90k, end_90k=end_90k, cause=GapCause(cause), detail=detail, at_90k=at_90k
    )


def _report_closed(
    cursor: apsw.Cursor,
    stream: StreamRow,
    *,
    start_90k: int,
    end_90k: int,
    cause: GapCause,
    detail: str,
    at_90k: int,
) -> None:
    outbox.append(
        cursor,
        kind=ReportKind.GAP_CLOSED,
        body=outbox.stream_facts(stream.key)
        | {"start_90k": start_90k, "end_90k": end_90k, "cause": cause.value, "detail": detail},
        at_90k=at_90k,
    )
