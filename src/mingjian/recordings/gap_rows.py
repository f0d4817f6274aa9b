"""The gap rows of a stream as a table, and what its runs say about where the next one belongs."""

from dataclasses import dataclass

import apsw

from mingjian.recordings import outbox
from mingjian.recordings.model import GapCause, StreamKey
from mingjian.recordings.outbox import ReportKind


@dataclass(frozen=True, slots=True)
class StreamRow:
    """A stream with its number in this index."""

    id: int
    key: StreamKey


@dataclass(frozen=True, slots=True)
class OpenGap:
    """The gap that has not ended, of which a stream has one at most."""

    id: int
    start_90k: int
    cause: GapCause
    detail: str


def has_open_run(cursor: apsw.Cursor, stream: StreamRow) -> bool:
    """Say whether a run of the stream has not ended as far as the index knows."""
    found = cursor.execute("SELECT 1 FROM run WHERE stream_id = ? AND end_90k IS NULL LIMIT 1", (stream.id,))
    return next(found, None) is not None


def reached(cursor: apsw.Cursor, stream: StreamRow, *, began_90k: int, end_90k: int) -> int | None:
    """Return up to where other runs hold on from a run's end, mostly that end; None: one of them is going on.

    A run that came back from another volume brings seconds along, and so begins before the one that left has ended.
    One that began earlier and has no end is a dead worker's.
    """
    while True:
        ends = list(
            cursor.execute(
                "SELECT end_90k FROM run WHERE stream_id = ?1 AND start_90k < ?3"
                " AND (end_90k > ?3 OR (end_90k IS NULL AND start_90k >= ?2))",
                (stream.id, began_90k, end_90k),
            )
        )
        if not ends:
            return end_90k
        if (None,) in ends:
            return None
        end_90k = max(end for (end,) in ends)


def open_gap(cursor: apsw.Cursor, stream: StreamRow) -> OpenGap | None:
    """Return the gap that has not ended, None when there is none."""
    row = next(
        cursor.execute(
            "SELECT id, start_90k, cause, detail FROM gap WHERE stream_id = ? AND end_90k IS NULL", (stream.id,)
        ),
        None,
    )
    return None if row is None else OpenGap(row[0], row[1], GapCause(row[2]), row[3])


def last_footage(cursor: apsw.Cursor, stream: StreamRow) -> int | None:
    """Return where footage ends as far as the index knows, None when there is none."""
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


def first_here(cursor: apsw.Cursor, stream: StreamRow) -> int | None:
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


def last_known(cursor: apsw.Cursor, stream: StreamRow) -> int | None:
    """Return the end of what footage or an earlier gap row accounts for, else the instant the plan began."""
    footage_90k = last_footage(cursor, stream)
    gap_90k, since_90k = next(
        cursor.execute(
            "SELECT (SELECT max(end_90k) FROM gap WHERE stream_id = ?1), planned_since_90k FROM stream WHERE id = ?1",
            (stream.id,),
        )
    )
    known = [int(end) for end in (footage_90k, gap_90k) if end is not None]
    return max(known) if known else since_90k


def shorten(cursor: apsw.Cursor, stream: StreamRow, *, before_90k: int, end_90k: int) -> None:
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


def insert(cursor: apsw.Cursor, stream: StreamRow, *, start_90k: int, cause: GapCause, detail: str) -> int:
    """Enter a gap that has not ended; return its number."""
    cursor.execute(
        "INSERT INTO gap (stream_id, start_90k, cause, detail) VALUES (?, ?, ?, ?)",
        (stream.id, start_90k, cause.value, detail),
    )
    return cursor.connection.last_insert_rowid()


def close(cursor: apsw.Cursor, stream: StreamRow, *, gap_id: int, end_90k: int, at_90k: int) -> None:
    """End a gap row; one that would be empty or negative never was a gap."""
    start_90k, cause, detail = next(cursor.execute("SELECT start_90k, cause, detail FROM gap WHERE id = ?", (gap_id,)))
    if end_90k <= start_90k:
        cursor.execute("DELETE FROM gap WHERE id = ?", (gap_id,))
        return
    cursor.execute("UPDATE gap SET end_90k = ? WHERE id = ?", (end_90k, gap_id))
    report_closed(
        cursor, stream, start_90k=start_90k, end_90k=end_90k, cause=GapCause(cause), detail=detail, at_90k=at_90k
    )


def report_closed(
    cursor: apsw.Cursor,
    stream: StreamRow,
    *,
    start_90k: int,
    end_90k: int,
    cause: GapCause,
    detail: str,
    at_90k: int,
) -> None:
    """Tell the ledger of a gap and its end."""
    outbox.append(
        cursor,
        kind=ReportKind.GAP_CLOSED,
        body=outbox.stream_facts(stream.key)
        | {"start_90k": start_90k, "end_90k": end_90k, "cause": cause.value, "detail": detail},
        at_90k=at_90k,
    )
