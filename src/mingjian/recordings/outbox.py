"""What machines did, journalled in the index for the control plane: appended in the act's own transaction."""

import json
from dataclasses import dataclass
from enum import StrEnum

import apsw

from mingjian.recordings import database
from mingjian.recordings.model import StreamKey

Fact = str | int | bool | None


class ReportKind(StrEnum):
    """What a report tells. Stored codes; never reuse one."""

    RUN_STARTED = "run_started"
    RUN_ENDED = "run_ended"
    GAP_CLOSED = "gap_closed"
    GAP_CAUSE_LEARNED = "gap_cause_learned"
    RECORDING_CLOSED = "recording_closed"
    RECORDING_SALVAGED = "recording_salvaged"
    RECORDING_LOST = "recording_lost"
    FILE_QUARANTINED = "file_quarantined"
    RECORDING_DELETED = "recording_deleted"
    DELETION_BRAKED = "deletion_braked"
    CEILING_PASSED = "ceiling_passed"
    HOLD_ACKNOWLEDGED = "hold_acknowledged"
    HOLD_RELEASED = "hold_released"
    LEVEL_CHANGED = "level_changed"


@dataclass(frozen=True, slots=True)
class Report:
    """One report. `(series, report_id)` names it for ever: an index that was rebuilt has another series."""

    series: str
    report_id: int
    kind: ReportKind
    body: dict[str, Fact]
    created_at_90k: int


def append(cursor: apsw.Cursor, *, kind: ReportKind, body: dict[str, Fact], at_90k: int) -> None:
    """Add a report to the transaction under way."""
    cursor.execute(
        "INSERT INTO outbox (kind, body, created_at_90k) VALUES (?, ?, ?)",
        (kind.value, json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":")), at_90k),
    )


def follow(connection: apsw.Connection, *, series: str, after_id: int, limit: int) -> list[Report]:
    """Return the reports after the position a reader reached; from the first one when the series is another."""
    current = database.read_meta(connection, "series")
    rows = connection.execute(
        "SELECT id, kind, body, created_at_90k FROM outbox WHERE id > ? ORDER BY id LIMIT ?",
        (after_id if series == current else 0, limit),
    )
    return [Report(current, report_id, ReportKind(kind), json.loads(body), at) for report_id, kind, body, at in rows]


def drop_acknowledged(cursor: apsw.Cursor, *, series: str, upto_id: int) -> int:
    """Forget the reports that the control plane has told to have, and return how many; none of another series."""
    cursor.execute(
        "DELETE FROM outbox WHERE id <= ? AND (SELECT value FROM meta WHERE key = 'series') = ?", (upto_id, series)
    )
    return cursor.connection.changes()


def stream_facts(key: StreamKey) -> dict[str, Fact]:
    """Return how a report names a stream."""
    return {"camera": key.camera_id, "role": key.role.value, "track": key.track}
