"""Identifiers: opaque lower-case UUID text. Names of files are ids, never times."""

import re
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NewType

DeploymentId = NewType("DeploymentId", str)
CameraId = NewType("CameraId", str)
VolumeId = NewType("VolumeId", str)
RunId = NewType("RunId", str)
RecordingId = NewType("RecordingId", str)
HoldId = NewType("HoldId", str)
GrantId = NewType("GrantId", str)
PersonId = NewType("PersonId", str)

_draw: Callable[[], uuid.UUID] = uuid.uuid4
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def new_id() -> str:
    """Return a fresh random id."""
    return str(_draw())


@contextmanager
def drawn_from(source: Callable[[], uuid.UUID]) -> Iterator[None]:
    """Let ids come from elsewhere than chance while the context lasts, so that a simulation can be played again."""
    global _draw
    before, _draw = _draw, source
    try:
        yield
    finally:
        _draw = before


def is_id(text: str) -> bool:
    """Say whether the text is one of our ids, and so safe as a file name."""
    return _UUID.fullmatch(text) is not None
