"""The plan paper: what a recorder host must record, where, and for how long.

Written by the registry only; read by recorder and streaming. Signed; a reader accepts this version and the one before.
"""

from dataclasses import dataclass

from mingjian.base.ids import CameraId, DeploymentId, VolumeId
from mingjian.base.ticks import Ticks90k
from mingjian.recordings.model import Hold, StreamRole

PLAN_VERSION = 1


@dataclass(frozen=True, slots=True)
class RtspStream:
    """One RTSP stream of a camera. `address` has no user info; `credentials` is sealed for the host (or empty)."""

    role: StreamRole
    address: str
    credentials: str
    kind: str = "rtsp"


@dataclass(frozen=True, slots=True)
class PlannedCamera:
    """A camera to record. `floor_days` is the retention floor (30, or 90 at a key location; a demo may say less).

    `since_90k` is the instant from which every second is footage or a gap; `slot` a small stable integer that
    places the camera on a worker; `is_audio_on` follows the point's approval.
    """

    camera_id: CameraId
    name: str
    campus: str
    slot: int
    volume_id: VolumeId
    streams: tuple[RtspStream, ...]
    floor_days: float
    sub_floor_days: float
    since_90k: Ticks90k
    is_audio_on: bool = False


@dataclass(frozen=True, slots=True)
class PlannedVolume:
    """A volume of this host. `budget_bytes` caps what recordings may take of it (0: the file system decides)."""

    volume_id: VolumeId
    path: str
    budget_bytes: int


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole paper. `revision` grows by one with each publication within an epoch.

    `confirmed_shrink_from` is the revision from which a person agreed to drop many cameras at once.
    """

    version: int
    deployment_id: DeploymentId
    epoch: int
    revision: int
    issued_at_90k: Ticks90k
    cameras: tuple[PlannedCamera, ...]
    volumes: tuple[PlannedVolume, ...]
    holds: tuple[Hold, ...]
    released_holds: tuple[str, ...]
    allowed_networks: tuple[str, ...]
    allowed_ports: tuple[tuple[int, int], ...]
    is_demo: bool
    purge_ceiling_days: float | None
    confirmed_shrink_from: int | None = None
