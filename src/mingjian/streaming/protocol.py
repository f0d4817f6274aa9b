"""The words of the media socket: what a player may say, parsed once, and what it is told."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from mingjian.base.errors import MingjianError
from mingjian.base.ids import CameraId, is_id
from mingjian.media.samples import Codec
from mingjian.recordings.model import Coverage, GapCause

MESSAGE_BYTES_MAX = 16 << 10
_TICKS_MAX = 1 << 53  # what a JavaScript number carries exactly


class ProtocolError(MingjianError):
    """A message that no player of ours sends. `reason` says what was wrong with it, in a short ASCII code."""

    def __init__(self, reason: str) -> None:
        super().__init__("streaming.malformed_message", reason=reason)


class Mode(StrEnum):
    """The growing end of the recording, or a part of what is already there."""

    LIVE = "live"
    HISTORY = "history"


class Role(StrEnum):
    """Which stream of a camera; `auto` leaves it to what the browser can decode."""

    MAIN = "main"
    SUB = "sub"
    AUTO = "auto"


class EndReason(StrEnum):
    """Why no more comes. Stored in receipts; never reuse one."""

    REVOKED = "revoked"
    LEASE_EXPIRED = "lease_expired"
    WINDOW_END = "window_end"
    BOUND = "bound"
    CLOSED = "closed"
    FAILED = "failed"
    STOPPING = "stopping"
    TOO_LONG = "too_long"
    UNRECORDED = "unrecorded"
    MOVED = "moved"
    SWITCHED = "switched"
    DISK_HANGS = "disk_hangs"


# Speeds are quarters, so that media time stays in integers: 1 is ¼×, 4 real time, 64 sixteen-fold.
SPEEDS_IN_QUARTERS = frozenset({1, 2, 4, 8, 16, 32, 64})
REAL_TIME_QUARTERS = 4
FULL_PICTURE_QUARTERS_MAX = 16


@dataclass(frozen=True, slots=True)
class Open:
    """The first message: a grant, and what of it to begin with. `at_90k` None means the start of the window."""

    token: str
    camera_id: CameraId
    role: Role
    track: str
    mode: Mode
    at_90k: int | None
    speed_quarters: int
    codecs: frozenset[Codec]


@dataclass(frozen=True, slots=True)
class Renew:
    """A fresh lease of the same grant."""

    token: str


@dataclass(frozen=True, slots=True)
class Seek:
    """Go on from another instant of the window."""

    at_90k: int


@dataclass(frozen=True, slots=True)
class SetSpeed:
    """Go on at another pace."""

    speed_quarters: int


@dataclass(frozen=True, slots=True)
class Pause:
    """Send nothing until told to."""


@dataclass(frozen=True, slots=True)
class Resume:
    """Go on after a pause."""


@dataclass(frozen=True, slots=True)
class Close:
    """The viewer has seen enough."""


ClientMessage = Open | Renew | Seek | SetSpeed | Pause | Resume | Close


@dataclass(frozen=True, slots=True)
class Refusal:
    """The rules say no: a stable code and the articles it rests on; words are looked up when it is told."""

    code: str
    articles: tuple[str, ...] = ()


def parse(text: str) -> ClientMessage:
    """Return the message a player sent. Raises ProtocolError on anything else."""
    if len(text) > MESSAGE_BYTES_MAX:
        raise ProtocolError("too_long")
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ProtocolError("not_json") from error
    if not isinstance(fields, dict):
        raise ProtocolError("not_an_object")
    match fields.get("type"):
        case "open":
            return _open(fields)
        case "lease":
            return Renew(token=_text(fields, "token"))
        case "seek":
            return Seek(at_90k=_ticks(fields, "at"))
        case "speed":
            return SetSpeed(speed_quarters=_speed(fields.get("speed")))
        case "pause":
            return Pause()
        case "resume":
            return Resume()
        case "close":
            return Close()
    raise ProtocolError("unknown_type")


def _open(fields: dict[str, object]) -> Open:
    camera = _text(fields, "camera")
    if not is_id(camera):
        raise ProtocolError("camera")
    codecs = fields.get("codecs", [Codec.H264])
    if not isinstance(codecs, list) or len(codecs) > 8:
        raise ProtocolError("codecs")
    try:
        role, mode = Role(str(fields.get("role", Role.AUTO))), Mode(str(fields.get("mode")))
    except ValueError as error:
        raise ProtocolError("mode") from error
    return Open(
        token=_text(fields, "token"),
        camera_id=CameraId(camera),
        role=role,
        track=_text({"track": "video", **fields}, "track"),
        mode=mode,
        at_90k=None if fields.get("at") is None else _ticks(fields, "at"),
        speed_quarters=_speed(fields.get("speed", 1)),
        codecs=frozenset(codec for codec in Codec if codec in codecs),
    )


def _text(fields: dict[str, object], name: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or not value:
        raise ProtocolError(name)
    return value


def _ticks(fields: dict[str, object], name: str) -> int:
    value = fields.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < _TICKS_MAX:
        raise ProtocolError(name)
    return value


def _speed(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or value * 4 not in SPEEDS_IN_QUARTERS:
        raise ProtocolError("speed")
    return int(value * 4)


@dataclass(frozen=True, slots=True)
class Opened:
    """What the player needs before the first bytes. `codec` is empty and the size 0 while nothing is there yet."""

    codec: str
    width: int
    height: int
    start_90k: int
    end_90k: int
    role: str
    is_transcoded: bool
    receipt_id: str


def opened(message: Opened) -> str:
    """Tell that bytes will follow and under which receipt."""
    return _say(
        "opened",
        codec=message.codec,
        mime=mime(message.codec) if message.codec else "",
        width=message.width,
        height=message.height,
        window=[message.start_90k, message.end_90k],
        role=message.role,
        transcoded=message.is_transcoded,
        receipt=message.receipt_id,
    )


def coverage(found: Coverage) -> str:
    """Tell what of the window is footage and what is a gap with which cause."""
    return _say(
        "coverage",
        footage=[[span.start_90k, span.end_90k] for span in found.footage],
        gaps=[
            {"start": gap.start_90k, "end": gap.end_90k, "cause": gap.cause.value, "open": gap.is_open}
            for gap in found.gaps
        ],
    )


def init(*, codec: str, width: int, height: int) -> str:
    """Tell that the next binary message is an initialization segment."""
    return _say("init", codec=codec, mime=mime(codec), width=width, height=height)


def seeked(*, at_90k: int) -> str:
    """Tell that what follows is for this instant, and may begin up to one group of pictures before it."""
    return _say("seeked", at=at_90k)


def hole(*, start_90k: int, end_90k: int | None, cause: GapCause) -> str:
    """Tell that nothing was recorded from here to there; an end of None is still unknown."""
    return _say("hole", **{"from": start_90k, "to": end_90k, "cause": cause.value})


def refused(refusal: Refusal, *, message_zh: str, articles_zh: list[str]) -> str:
    """Tell a refusal with its words, its articles as people cite them."""
    return _say("refused", code=refusal.code, message_zh=message_zh, articles=articles_zh)


def control(*, is_dead: bool, since_90k: int, cause: str) -> str:
    """Tell that control does not answer and this picture goes on, written down on this host; or that it is back."""
    return _say("control", state="blackout" if is_dead else "controlled", since=since_90k, cause=cause)


def ended(reason: EndReason) -> str:
    """Tell that no more comes, and why."""
    return _say("ended", reason=reason.value)


def mime(codec: str) -> str:
    """Return the type a MediaSource is asked for."""
    return f'video/mp4; codecs="{codec}"'


def _say(kind: str, **fields: str | int | bool | Sequence[object] | None) -> str:
    return json.dumps({"type": kind, **fields}, ensure_ascii=False, separators=(",", ":"))
