"""The one deletion gate: whatever wants to delete footage asks here, and what is in doubt stays.

Pure: the caller brings the floor, the holds and the instant. `now_90k` is the earlier of the wall clock and of the time
that counts (`counted.py`), so that a clock set forward by mistake or on purpose makes nothing old.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from mingjian.base.ids import HoldId, RecordingId
from mingjian.recordings.model import Hold, Recording, RecordingState


class DeletionReason(StrEnum):
    """Why somebody asks. Stored codes; never reuse one."""

    PRESSURE = "pressure"
    CEILING = "ceiling"


class RefusalReason(StrEnum):
    """Why the gate stays shut. Stable codes."""

    NOT_CLOSED = "not_closed"
    FLOOR_UNKNOWN = "floor_unknown"
    BELOW_FLOOR = "below_floor"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Permit:
    """This recording may go: it is past its floor and nobody holds it."""

    recording_id: RecordingId
    reason: DeletionReason
    floor_90k: int
    decided_at_90k: int


@dataclass(frozen=True, slots=True)
class Refusal:
    """This recording stays; `hold_id` names the hold when it is held."""

    recording_id: RecordingId
    reason: RefusalReason
    hold_id: HoldId | None = None


def decide(
    recording: Recording,
    *,
    reason: DeletionReason,
    now_90k: int,
    floor_90k: int | None,
    holds: Iterable[Hold],
) -> Permit | Refusal:
    """Say whether the recording may be deleted. `holds` are those in force; `floor_90k` None means nobody knows it."""
    if recording.state is not RecordingState.CLOSED or recording.end_90k is None:
        return Refusal(recording.recording_id, RefusalReason.NOT_CLOSED)
    if floor_90k is None or floor_90k < 0:
        return Refusal(recording.recording_id, RefusalReason.FLOOR_UNKNOWN)
    for hold in holds:
        if holds_back(hold, recording):
            return Refusal(recording.recording_id, RefusalReason.HELD, hold.hold_id)
    if recording.end_90k + floor_90k > now_90k:
        return Refusal(recording.recording_id, RefusalReason.BELOW_FLOOR)
    return Permit(recording.recording_id, reason, floor_90k, now_90k)


def holds_back(hold: Hold, recording: Recording) -> bool:
    """Say whether a hold covers any part of a recording. A growing one has no end yet."""
    if hold.camera_id != recording.stream.camera_id or recording.start_90k >= hold.end_90k:
        return False
    # A hold that touches the very end counts too: the end is known to a composition delay only.
    return recording.end_90k is None or recording.end_90k >= hold.start_90k
