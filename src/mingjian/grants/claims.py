"""What a grant says: who may be served which tracks of which cameras, for which instants, resting on which article."""

from dataclasses import dataclass
from enum import StrEnum

from mingjian.base.ids import CameraId, DeploymentId, GrantId, PersonId
from mingjian.base.ticks import Ticks90k

LEASE_90K = 5 * 90_000
RENEWAL_90K = 2 * 90_000


class Purpose(StrEnum):
    """What the pictures are for. Stored codes; never reuse one."""

    DUTY_LIVE = "duty_live"
    VIEWING = "viewing"


@dataclass(frozen=True, slots=True)
class GrantedCamera:
    """One camera and the tracks of it that may be served ("video", "audio")."""

    camera_id: CameraId
    tracks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grant:
    """One lease of a grant, as signed. All instants are ticks since 1970 UTC.

    `person_name` and `capacity` (the appointment acted under) are what the receipt tells of the holder.
    `grant_id` stays the same from lease to lease and is what a revocation names. `[start_90k, end_90k)` bounds the
    presentation time of every sample served, live included. `expires_at_90k` ends this lease (five seconds);
    `session_hash` is the SHA-256 (hex) of the holder's session key, so that a stolen token serves nobody else.
    """

    version: int
    deployment_id: DeploymentId
    epoch: int
    grant_id: GrantId
    person_id: PersonId
    person_name: str
    capacity: str
    session_hash: str
    purpose: Purpose
    articles: tuple[str, ...]
    cameras: tuple[GrantedCamera, ...]
    start_90k: Ticks90k
    end_90k: Ticks90k
    host: str
    issued_at_90k: Ticks90k
    expires_at_90k: Ticks90k

    def covers(self, *, camera_id: str, track: str) -> bool:
        """Say whether this track of this camera is named."""
        return any(camera_id == granted.camera_id and track in granted.tracks for granted in self.cameras)
