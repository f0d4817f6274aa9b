"""The nouns of the index: runs, recordings, gaps, holds, fragments. Plain values, no I/O."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from mingjian.base.ids import CameraId, HoldId, RecordingId, RunId
from mingjian.base.ticks import Ticks90k


class GapCause(StrEnum):
    """Why a second that the plan says to record is not there. Stored codes; never reuse one."""

    CAMERA_SILENT = "camera_silent"
    CAMERA_UNREACHABLE = "camera_unreachable"
    CAMERA_REFUSED = "camera_refused"
    CAMERA_MALFORMED = "camera_malformed"
    RECORDER_DOWN = "recorder_down"
    DISK = "disk"
    CLOCK = "clock"
    PERMITTED_OUTAGE = "permitted_outage"
    UNKNOWN = "unknown"


class StreamRole(StrEnum):
    """Main pictures, or the smaller ones recorded beside them with their own short retention."""

    MAIN = "main"
    SUB = "sub"


class RecordingState(StrEnum):
    """`open` grows; `closed` keeps invariant 1; `garbage` is on its way to be unlinked."""

    OPEN = "open"
    CLOSED = "closed"
    GARBAGE = "garbage"


FLAG_SYNC_FIRST = 1
FLAG_INIT = 2
FLAG_DAMAGED = 4
FLAG_CLOCK_UNTRUSTED = 8


class Fragment(NamedTuple):
    """One record of a fragment table: a moof+mdat, or the init segment (flag 2, no samples)."""

    first_pts_90k: int
    first_dts_90k: int
    offset: int
    length: int
    duration_90k: int
    samples: int
    flags: int
    sha256: bytes


@dataclass(frozen=True, slots=True)
class StreamKey:
    """A recorded stream: one camera, main or sub, one track ("video", "audio")."""

    camera_id: CameraId
    role: StreamRole
    track: str


@dataclass(frozen=True, slots=True)
class RunStarted:
    """A worker began one unbroken session. `cause_before` says why there was nothing until now."""

    run_id: RunId
    stream: StreamKey
    start_90k: Ticks90k
    cause_before: GapCause
    is_clock_trusted: bool
    codec: str
    width: int
    height: int
    camera_claim_90k: int | None
    worker: str


@dataclass(frozen=True, slots=True)
class RunEnded:
    """A run is over; `cause` opens the gap that follows, `detail` is a short ASCII code for people to look up."""

    run_id: RunId
    stream: StreamKey
    end_90k: Ticks90k
    cause: GapCause
    detail: str


@dataclass(frozen=True, slots=True)
class RecordingOpened:
    """A file exists on the volume and will grow."""

    recording_id: RecordingId
    run_id: RunId
    stream: StreamKey
    start_90k: Ticks90k
    codec: str
    codec_string: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class RecordingClosed:
    """The file and its table are whole and fsynced, the directory too. `root` is the Merkle root in hex.

    `fragments` counts those with samples. `holes` are the spans inside `[start, end)` that were dropped on the way to
    disk; whatever the camera itself left out shows as a long sample or as the end of the run.
    """

    recording_id: RecordingId
    run_id: RunId
    stream: StreamKey
    start_90k: Ticks90k
    end_90k: Ticks90k
    size_bytes: int
    fragments: int
    samples: int
    root: str
    is_salvaged: bool
    holes: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class GapCauseLearned:
    """While a stream stands still the reason became known, or another one (unreachable, then refused)."""

    stream: StreamKey
    at_90k: Ticks90k
    cause: GapCause
    detail: str


RecorderEvent = RunStarted | RunEnded | RecordingOpened | RecordingClosed | GapCauseLearned


@dataclass(frozen=True, slots=True)
class Gap:
    """`[start_90k, end_90k)` without footage that the plan asked for; `is_open` while it still grows."""

    start_90k: Ticks90k
    end_90k: Ticks90k
    cause: GapCause
    detail: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class Covered:
    """`[start_90k, end_90k)` of footage within one run."""

    run_id: RunId
    start_90k: Ticks90k
    end_90k: Ticks90k
    is_clock_trusted: bool


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a window holds: in order, disjoint, and together the planned part of the window.

    `expired` are spans whose footage was there and was deleted after its retention floor: no gap, and no picture.
    """

    footage: tuple[Covered, ...]
    gaps: tuple[Gap, ...]
    expired: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Hold:
    """Footage of one camera that the gate may not let go until `hold_id` is released by name."""

    hold_id: HoldId
    camera_id: CameraId
    start_90k: Ticks90k
    end_90k: Ticks90k
    reason: str


@dataclass(frozen=True, slots=True)
class Recording:
    """One row of the index as a reader sees it, with the volume it lies on."""

    recording_id: RecordingId
    run_id: RunId
    stream: StreamKey
    state: RecordingState
    start_90k: Ticks90k
    end_90k: Ticks90k | None
    codec: str
    codec_string: str
    width: int
    height: int
    size_bytes: int | None
    root: str | None
    media_path: str
    table_path: str
    holes: tuple[tuple[int, int], ...] = ()

    @property
    def is_void(self) -> bool:
        """Say whether one hole takes all of it."""
        end_90k = self.end_90k
        return end_90k is not None and any(first <= self.start_90k and end_90k <= last for first, last in self.holes)
