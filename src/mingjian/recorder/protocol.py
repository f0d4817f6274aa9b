"""What workers and keepers say to each other: one JSON object a line over a Unix stream socket.

Worker: {"hello": {"worker", "session"}}, then {"seq": n, "event": {"type", …}}, seq growing by one within a session.
Keeper: {"ack": n} once everything up to n is durable in the index; {"leave": code} when the volume cannot be trusted
any more and runs had better go elsewhere. A worker sends again, in order, whatever was not
acknowledged when the connection was lost; the keeper applies an event once however often it comes.
"""

import json
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from mingjian.base.errors import MingjianError
from mingjian.recordings.model import (
    GapCause,
    GapCauseLearned,
    RecorderEvent,
    RecordingClosed,
    RecordingOpened,
    RunEnded,
    RunStarted,
    StreamKey,
    StreamRole,
)

LINE_BYTES = 16_384

_KINDS: dict[str, type[RecorderEvent]] = {
    "run_started": RunStarted,
    "run_ended": RunEnded,
    "recording_opened": RecordingOpened,
    "recording_closed": RecordingClosed,
    "gap_cause_learned": GapCauseLearned,
}
_NAMES = {kind: name for name, kind in _KINDS.items()}


class ProtocolError(MingjianError):
    """A line that is not of this protocol: recorder.bad_line."""


@dataclass(frozen=True, slots=True)
class Hello:
    """The first line of a worker: its name, and an id of its process that tells it from its dead predecessor."""

    worker: str
    session: str


@dataclass(frozen=True, slots=True)
class Report:
    """One event with its number within the session."""

    seq: int
    event: RecorderEvent


def encode_hello(hello: Hello) -> bytes:
    """Return the line that opens a connection."""
    return _line({"hello": {"worker": hello.worker, "session": hello.session}})


def encode_report(report: Report) -> bytes:
    """Return the line that carries an event."""
    event = report.event
    body: dict[str, Any] = {"type": _NAMES[type(event)]}
    for field in fields(event):
        value = getattr(event, field.name)
        body[field.name] = [value.camera_id, value.role, value.track] if field.name == "stream" else value
    return _line({"seq": report.seq, "event": body})


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """Everything up to `seq` is durable in the index."""

    seq: int


@dataclass(frozen=True, slots=True)
class Leave:
    """The volume has failed its keeper, for this reason."""

    code: str


def encode_leave(code: str) -> bytes:
    """Return the line by which a keeper asks workers to leave its volume."""
    return _line({"leave": code})


def encode_ack(seq: int) -> bytes:
    """Return the line by which a keeper takes responsibility for everything up to `seq`."""
    return _line({"ack": seq})


def decode_from_worker(line: bytes) -> Hello | Report:
    """Read one line of a worker. Raises ProtocolError."""
    message = _object(line)
    try:
        if "hello" in message:
            return Hello(worker=_text(message["hello"]["worker"]), session=_text(message["hello"]["session"]))
        return Report(seq=int(message["seq"]), event=_event(message["event"]))
    except (KeyError, TypeError, ValueError) as error:
        raise ProtocolError("recorder.bad_line", reason=repr(error)) from error


def decode_from_keeper(line: bytes) -> Acknowledged | Leave:
    """Read one line of a keeper. Raises ProtocolError."""
    message = _object(line)
    try:
        return Leave(_text(message["leave"])) if "leave" in message else Acknowledged(int(message["ack"]))
    except (KeyError, TypeError, ValueError) as error:
        raise ProtocolError("recorder.bad_line", reason=repr(error)) from error


def _event(body: dict[str, Any]) -> RecorderEvent:
    values = dict(body)
    kind = _KINDS[values.pop("type")]
    camera_id, role, track = values["stream"]
    values["stream"] = StreamKey(camera_id=camera_id, role=StreamRole(role), track=track)
    for name, enumeration in _ENUMERATED.items():
        if name in values:
            values[name] = enumeration(values[name])
    if "holes" in values:
        values["holes"] = tuple((int(start), int(end)) for start, end in values["holes"])
    return kind(**values)


_ENUMERATED: dict[str, type[StrEnum]] = {"cause": GapCause, "cause_before": GapCause}


def _text(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError("a name was expected")
    return value


def _object(line: bytes) -> dict[str, Any]:
    try:
        message = json.loads(line)
    except ValueError as error:
        raise ProtocolError("recorder.bad_line", reason="not JSON") from error
    if not isinstance(message, dict):
        raise ProtocolError("recorder.bad_line", reason="not an object")
    return message


def _line(message: dict[str, Any]) -> bytes:
    return json.dumps(message, separators=(",", ":")).encode() + b"\n"
