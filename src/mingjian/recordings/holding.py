"""Holds in the index: in force from the commit that enters them until a release that names them."""

import apsw

from mingjian.recordings import outbox, rows
from mingjian.recordings.errors import RecordingsError
from mingjian.recordings.model import Hold
from mingjian.recordings.outbox import ReportKind


def put(cursor: apsw.Cursor, hold: Hold, *, at_90k: int) -> None:
    """Enter a hold and its acknowledgement; a known one is left as it is."""
    known = next(rows.holds(cursor.execute(rows.SELECT_HOLD + "WHERE hold_id = ?", (hold.hold_id,))), None)
    if known is not None:
        if known != hold or is_released(cursor, hold_id=hold.hold_id):
            raise RecordingsError("recordings.hold_changed", hold=hold.hold_id)
        return
    cursor.execute(
        "INSERT INTO hold (hold_id, camera_id, start_90k, end_90k, reason, acknowledged_at_90k)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (hold.hold_id, hold.camera_id, hold.start_90k, hold.end_90k, hold.reason, at_90k),
    )
    outbox.append(
        cursor,
        kind=ReportKind.HOLD_ACKNOWLEDGED,
        body={
            "hold": hold.hold_id,
            "camera": hold.camera_id,
            "start_90k": hold.start_90k,
            "end_90k": hold.end_90k,
        },
        at_90k=at_90k,
    )


def release(cursor: apsw.Cursor, *, hold_id: str, released_by: str, at_90k: int) -> None:
    """End a hold; a released one is left as it is."""
    if is_released(cursor, hold_id=hold_id):
        return
    cursor.execute(
        "UPDATE hold SET released_at_90k = ?, released_by = ? WHERE hold_id = ?", (at_90k, released_by, hold_id)
    )
    outbox.append(
        cursor,
        kind=ReportKind.HOLD_RELEASED,
        body={"hold": hold_id, "released_by": released_by},
        at_90k=at_90k,
    )


def is_released(cursor: apsw.Cursor, *, hold_id: str) -> bool:
    """Say whether a known hold has ended. Raises RecordingsError("recordings.hold_unknown")."""
    row = next(cursor.execute("SELECT released_at_90k IS NOT NULL FROM hold WHERE hold_id = ?", (hold_id,)), None)
    if row is None:
        raise RecordingsError("recordings.hold_unknown", hold=hold_id)
    return bool(row[0])
