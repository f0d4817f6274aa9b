"""Identifiers: opaque lower-case UUID text. Names of files are ids, never times."""

import re
import uuid
from typing import NewType

DeploymentId = NewType("DeploymentId", str)
CameraId = NewType("CameraId", str)
VolumeId = NewType("VolumeId", str)
RunId = NewType("RunId", str)
RecordingId = NewType("RecordingId", str)
HoldId = NewType("HoldId", str)
GrantId = NewType("GrantId", str)
PersonId = NewType("PersonId", str)

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def new_id() -> str:
    """Return a fresh random id."""
    return str(uuid.uuid4())


def is_id(text: str) -> bool:
    """Say whether the text is one of our ids, and so safe as a file name."""
    return _UUID.fullmatch(text) is not None
