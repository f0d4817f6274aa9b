"""From what went wrong with a stream to the word people see and the cause its gap carries."""

from enum import StrEnum

from mingjian.recordings.model import GapCause


class StreamState(StrEnum):
    """What a stream is doing now. `recording` only while samples arrive; the rest say why not."""

    CONNECTING = "connecting"
    RECORDING = "recording"
    STOPPED = "stopped"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    UNAUTHORIZED = "unauthorized"
    NOT_ALLOWED = "not_allowed"
    NOT_FOUND = "not_found"
    NO_TCP = "no_tcp"
    NO_VIDEO = "no_video"
    NO_PARAMETER_SETS = "no_parameter_sets"
    UNSUPPORTED_CODEC = "unsupported_codec"
    MALFORMED = "malformed"
    OVERSIZED = "oversized"
    FLOODING = "flooding"
    SILENT = "silent"
    NO_SYNC_SAMPLE = "no_sync_sample"
    CLOSED = "closed"
    CLOCK = "clock"
    DISK = "disk"
    FAULT = "fault"


_BY_CODE = {
    "media.unreachable": (StreamState.UNREACHABLE, GapCause.CAMERA_UNREACHABLE),
    "media.closed": (StreamState.CLOSED, GapCause.CAMERA_UNREACHABLE),
    # Nobody listens there: for the gap the same as not being reachable, so that a reboot stays one gap.
    "media.refused": (StreamState.REFUSED, GapCause.CAMERA_UNREACHABLE),
    "media.unauthorized": (StreamState.UNAUTHORIZED, GapCause.CAMERA_REFUSED),
    "media.redirected": (StreamState.REFUSED, GapCause.CAMERA_REFUSED),
    "media.address_not_allowed": (StreamState.NOT_ALLOWED, GapCause.CAMERA_REFUSED),
    "media.bad_address": (StreamState.NOT_ALLOWED, GapCause.CAMERA_REFUSED),
    "media.no_tcp": (StreamState.NO_TCP, GapCause.CAMERA_REFUSED),
    "media.not_found": (StreamState.NOT_FOUND, GapCause.CAMERA_REFUSED),
    "media.no_video": (StreamState.NO_VIDEO, GapCause.CAMERA_MALFORMED),
    "media.unsupported_codec": (StreamState.UNSUPPORTED_CODEC, GapCause.CAMERA_MALFORMED),
    "media.no_parameter_sets": (StreamState.NO_PARAMETER_SETS, GapCause.CAMERA_MALFORMED),
    "media.malformed": (StreamState.MALFORMED, GapCause.CAMERA_MALFORMED),
    "media.oversized": (StreamState.OVERSIZED, GapCause.CAMERA_MALFORMED),
    "media.format_changed": (StreamState.CONNECTING, GapCause.CAMERA_MALFORMED),
    "media.flooding": (StreamState.FLOODING, GapCause.CAMERA_MALFORMED),
    "media.silent": (StreamState.SILENT, GapCause.CAMERA_SILENT),
    "recorder.silent": (StreamState.SILENT, GapCause.CAMERA_SILENT),
    "recorder.no_sync_sample": (StreamState.NO_SYNC_SAMPLE, GapCause.CAMERA_MALFORMED),
    "recorder.nothing_usable": (StreamState.MALFORMED, GapCause.CAMERA_MALFORMED),
    "recorder.unsteady": (StreamState.MALFORMED, GapCause.CAMERA_MALFORMED),
    "recorder.no_parameter_sets": (StreamState.NO_PARAMETER_SETS, GapCause.CAMERA_MALFORMED),
    "recorder.flooding": (StreamState.FLOODING, GapCause.CAMERA_MALFORMED),
    "recorder.clock_jump": (StreamState.CLOCK, GapCause.CLOCK),
    "recorder.disk_behind": (StreamState.DISK, GapCause.DISK),
    "recorder.disk_hangs": (StreamState.DISK, GapCause.DISK),
    "recorder.moved": (StreamState.RECORDING, GapCause.DISK),
    "recorder.bad_credentials": (StreamState.UNAUTHORIZED, GapCause.CAMERA_REFUSED),
    "recorder.retired": (StreamState.STOPPED, GapCause.PERMITTED_OUTAGE),
    "recorder.changed": (StreamState.STOPPED, GapCause.PERMITTED_OUTAGE),
    "recorder.stopped": (StreamState.STOPPED, GapCause.RECORDER_DOWN),
}


def judge(code: str) -> tuple[StreamState, GapCause]:
    """Return state and gap cause for an error code; every error of a volume is `disk`, a stranger is `fault`."""
    if code.startswith("recordings."):
        return StreamState.DISK, GapCause.DISK
    return _BY_CODE.get(code, (StreamState.FAULT, GapCause.UNKNOWN))
