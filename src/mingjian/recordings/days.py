"""Daily sums of a stream's footage: a month of ten thousand cameras is a look-up and not a walk over their rows.

A sum is made anew from the rows of its day in the transaction that changes one of them, never added to; so it tells
what the rows tell, whatever came twice or in another order. A day without a row has neither footage nor anything let
go, once the stream is rolled up. Gaps, plans and growing recordings are not summed up: whoever asks sets them off.
"""

from collections.abc import Iterator

import apsw

from mingjian.base.ticks import TICKS_PER_S
from mingjian.recordings import coverage, spans
from mingjian.recordings.model import StreamKey

DAY_90K = 86_400 * TICKS_PER_S
# A day is the campus' civil one, which people ask for. Its offset has been fixed since 1991; a clock that stood earlier
# was wrong, and is cut in the same way.
_OFFSET_90K = 8 * 3_600 * TICKS_PER_S
_EVER = 1 << 62


def day_of(at_90k: int) -> int:
    """Return the first tick of the civil day that holds an instant."""
    return (at_90k + _OFFSET_90K) // DAY_90K * DAY_90K - _OFFSET_90K


def touched(start_90k: int, end_90k: int) -> Iterator[int]:
    """Yield the days that share a tick with `[start_90k, end_90k)`, by their first ticks."""
    yield from range(day_of(start_90k), end_90k, DAY_90K)


def roll_up(cursor: apsw.Cursor, stream_id: int, *, start_90k: int, end_90k: int) -> None:
    """Make the sums of the days a span touches anew, in the transaction that changed rows there."""
    for day_90k in touched(start_90k, end_90k):
        _store(cursor, stream_id, day_90k, *_summed(cursor.connection, stream_id, day_90k))


def catch_up(cursor: apsw.Cursor) -> bool:
    """Fill the days of one stream that an upgrade left empty; return False when there is none left."""
    found = cursor.execute("SELECT id FROM stream WHERE NOT is_rolled_up LIMIT 1")
    stream_id = next((int(row[0]) for row in found), None)
    if stream_id is None:
        return False
    for day_90k in _days_with_rows(cursor.connection, stream_id):
        _store(cursor, stream_id, day_90k, *_summed(cursor.connection, stream_id, day_90k))
    cursor.execute("UPDATE stream SET is_rolled_up = 1 WHERE id = ?", (stream_id,))
    return True


def differing(connection: apsw.Connection, stream: StreamKey) -> list[int]:
    """Return the days whose sums are not what the rows say, within a read transaction; none before they are filled."""
    stream_id = spans.number(connection, stream)
    found = connection.execute("SELECT 1 FROM stream WHERE id = ? AND is_rolled_up", (stream_id,))
    if stream_id is None or next(found, None) is None:
        return []
    stored = {
        day_90k: (footage_90k, expired_90k)
        for day_90k, footage_90k, expired_90k in connection.execute(
            "SELECT start_90k, footage_90k, expired_90k FROM day WHERE stream_id = ?", (stream_id,)
        )
    }
    wanted = {day_90k: _summed(connection, stream_id, day_90k) for day_90k in _days_with_rows(connection, stream_id)}
    return sorted(
        day_90k
        for day_90k in stored.keys() | wanted.keys()
        if stored.get(day_90k, (0, 0)) != wanted.get(day_90k, (0, 0))
    )


def _summed(connection: apsw.Connection, stream_id: int, day_90k: int) -> tuple[int, int]:
    end_90k = day_90k + DAY_90K
    return coverage.sums(
        closed=spans.closed(connection, stream_id, start_90k=day_90k, end_90k=end_90k),
        expired=spans.expired(connection, stream_id, start_90k=day_90k, end_90k=end_90k),
        start_90k=day_90k,
        end_90k=end_90k,
    )


def _store(cursor: apsw.Cursor, stream_id: int, day_90k: int, footage_90k: int, expired_90k: int) -> None:
    if not footage_90k and not expired_90k:
        cursor.execute("DELETE FROM day WHERE stream_id = ? AND start_90k = ?", (stream_id, day_90k))
        return
    cursor.execute(
        "INSERT INTO day (stream_id, start_90k, footage_90k, expired_90k) VALUES (?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET footage_90k = excluded.footage_90k, expired_90k = excluded.expired_90k",
        (stream_id, day_90k, footage_90k, expired_90k),
    )


def _days_with_rows(connection: apsw.Connection, stream_id: int) -> list[int]:
    whole = [
        *((first, last) for _, first, last, _ in spans.closed(connection, stream_id, start_90k=-_EVER, end_90k=_EVER)),
        *spans.expired(connection, stream_id, start_90k=-_EVER, end_90k=_EVER),
    ]
    return sorted({day_90k for first, last in whole for day_90k in touched(first, last)})
