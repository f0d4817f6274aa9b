"""Whose file this is, written into the file: a `uuid` box between `ftyp` and `moov` of the init segment.

With it a volume whose index is lost can be indexed again from its files. Extended types: ISO/IEC 14496-12 §4.2.
"""

import json
import struct
from dataclasses import dataclass

from mingjian.base.ids import CameraId, DeploymentId, RecordingId, RunId, VolumeId, is_id
from mingjian.recordings.errors import RecordingsError
from mingjian.recordings.model import StreamKey, StreamRole

_EXTENDED_TYPE = bytes.fromhex("6d696e676a69616e8f5e4e0cb7a1d203")
_MAX_BYTES = 4096


@dataclass(frozen=True, slots=True)
class FileIdentity:
    """What a recording's file says about itself."""

    deployment_id: DeploymentId
    volume_id: VolumeId
    recording_id: RecordingId
    run_id: RunId
    stream: StreamKey


def mark(init: bytes, identity: FileIdentity) -> bytes:
    """Return the init segment with the identity box after its first box (`ftyp`)."""
    payload = json.dumps(
        {
            "camera": identity.stream.camera_id,
            "deployment": identity.deployment_id,
            "recording": identity.recording_id,
            "role": identity.stream.role.value,
            "run": identity.run_id,
            "track": identity.stream.track,
            "version": 1,
            "volume": identity.volume_id,
        },
        separators=(",", ":"),
    ).encode("ascii")
    box = struct.pack(">I4s16s", 24 + len(payload), b"uuid", _EXTENDED_TYPE) + payload
    (first_box_bytes,) = struct.unpack_from(">I", init)
    return init[:first_box_bytes] + box + init[first_box_bytes:]


def read(head: bytes) -> FileIdentity:
    """Return the identity from the first bytes of a file (4 KiB are enough).

    Raises RecordingsError("recordings.identity_malformed") when there is none, or one that cannot be ours.
    """
    try:
        (first_box_bytes,) = struct.unpack_from(">I", head)
        size_bytes, kind, extended = struct.unpack_from(">I4s16s", head, first_box_bytes)
        if kind != b"uuid" or extended != _EXTENDED_TYPE or size_bytes > _MAX_BYTES:
            raise ValueError("no identity box")
        told = json.loads(head[first_box_bytes + 24 : first_box_bytes + size_bytes])
        ids = [told[name] for name in ("deployment", "volume", "recording", "run", "camera")]
        if not all(isinstance(text, str) and is_id(text) for text in ids):
            raise ValueError("an id is not one of ours")
        stream = StreamKey(camera_id=CameraId(ids[4]), role=StreamRole(told["role"]), track=str(told["track"]))
    except (struct.error, ValueError, KeyError, TypeError) as error:
        raise RecordingsError("recordings.identity_malformed", reason=str(error)) from error
    return FileIdentity(
        deployment_id=DeploymentId(ids[0]),
        volume_id=VolumeId(ids[1]),
        recording_id=RecordingId(ids[2]),
        run_id=RunId(ids[3]),
        stream=stream,
    )
