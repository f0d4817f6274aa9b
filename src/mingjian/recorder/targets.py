"""What one worker has to record: the plan's streams that fall to it, credentials opened."""

import json
from collections.abc import Callable
from dataclasses import dataclass

from mingjian.base.errors import MingjianError
from mingjian.base.ids import VolumeId
from mingjian.media.rtsp_address import Credentials
from mingjian.recordings.model import StreamKey
from mingjian.recordings.plan import Plan

CAMERAS_PER_WORKER = 64


class TargetError(MingjianError):
    """A planned stream cannot be tried: recorder.bad_credentials."""


@dataclass(frozen=True, slots=True)
class Target:
    """One stream to record. `credentials` is sealed, so that a target may be compared and shown."""

    stream: StreamKey
    name: str
    address: str
    credentials: str
    volume_id: VolumeId
    slot: int


def worker_of(slot: int) -> int:
    """Return the index of the worker that a slot belongs to."""
    return slot // CAMERAS_PER_WORKER


def workers_needed(plan: Plan) -> int:
    """Return how many workers this plan needs, at least one."""
    return 1 + max((worker_of(camera.slot) for camera in plan.cameras), default=0)


def targets_of(plan: Plan, *, worker: int) -> list[Target]:
    """Return the streams of one worker, in the order of their slots."""
    mine = [camera for camera in plan.cameras if worker_of(camera.slot) == worker]
    return [
        Target(
            stream=StreamKey(camera_id=camera.camera_id, role=planned.role, track="video"),
            name=camera.name,
            address=planned.address,
            credentials=planned.credentials,
            volume_id=camera.volume_id,
            slot=camera.slot,
        )
        for camera in sorted(mine, key=lambda camera: camera.slot)
        for planned in camera.streams
        if planned.kind == "rtsp"
    ]


def open_credentials(target: Target, *, unseal: Callable[[str, str], str]) -> Credentials | None:
    """Return user and password of a target, None when it has none.

    `unseal` takes the sealed text and the camera's id. Raises TargetError("recorder.bad_credentials").
    """
    if not target.credentials:
        return None
    try:
        told = json.loads(unseal(target.credentials, target.stream.camera_id))
        return Credentials(user=str(told["user"]), password=str(told["password"]))
    except (MingjianError, ValueError, KeyError, TypeError):
        # The reason may quote what was opened: only the camera is named.
        raise TargetError("recorder.bad_credentials", camera=target.stream.camera_id) from None
