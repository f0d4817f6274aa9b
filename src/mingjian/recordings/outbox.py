"""What machines did, journalled in the index for the control plane: appended in the act's own transaction."""

import json
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

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
    RECORDING_DAMAGED = "recording_damaged"
    RECORDING_WHOLE_AGAIN = "recording_whole_again"
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


@dataclass(frozen=True, slots=True)
class Position:
    """Up to which report of which series the ledger was told. `series` changes when an index is rebuilt."""

    series: str
    upto_id: int


def write_position(path: Path, position: Position) -> None:
    """Leave the position for the volume's keeper. It may be lost: then reports are kept for longer."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    draft.write_text(json.dumps({"series": position.series, "upto_id": position.upto_id}), encoding="utf-8")
    draft.replace(path)


def read_position(path: Path) -> Position | None:
    """Return the position left by the control plane; None when there is none that can be read."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        return Position(series=str(told["series"]), upto_id=int(told["upto_id"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


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


def drop_acknowledged(cursor: apsw.Cursor, *, position: Position, before_90k: int) -> int:
    """Forget the reports made before an instant that the ledger was told; return how many, none of another series."""
    cursor.execute(
        "DELETE FROM outbox WHERE id <= ? AND created_at_90k < ? AND (SELECT value FROM meta WHERE key = 'series') = ?",
        (position.upto_id, before_90k, position.series),
    )
    return cursor.connection.changes()


def stream_facts(key: StreamKey) -> dict[str, Fact]:
    """Return how a report names a stream."""
    return {"camera": key.camera_id, "role": key.role.value, "track": key.track}
