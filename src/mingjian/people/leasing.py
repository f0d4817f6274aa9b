"""Minting the five-second lease of a media grant for the web session that asked for it."""

from dataclasses import dataclass

from mingjian.base.clock import Clock
from mingjian.base.ids import CameraId, DeploymentId, GrantId, PersonId
from mingjian.base.ticks import Ticks90k
from mingjian.grants import token
from mingjian.grants.claims import LEASE_90K, Grant, GrantedCamera, Purpose
from mingjian.grants.signing import Signer
from mingjian.people.capacity import Acting


@dataclass(frozen=True, slots=True)
class Permission:
    """What a room decided may be seen: everything of a grant that does not change from lease to lease."""

    grant_id: str
    holder: Acting
    purpose: Purpose
    articles: tuple[str, ...]
    camera_ids: tuple[str, ...]
    start_90k: int
    end_90k: int


@dataclass(frozen=True, slots=True)
class Lease:
    """A token and when it ends."""

    token: str
    expires_at_90k: Ticks90k


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who mints: the deployment's grant key, its identity, and the media host that the leases are for."""

    signer: Signer
    deployment_id: DeploymentId
    epoch: int
    host: str

    def lease(self, *, permission: Permission, session_hash: str, clock: Clock) -> Lease:
        """Return the next lease of a permission. The caller has just decided that it still holds."""
        now_90k = clock.utc()
        expires_at_90k = Ticks90k(now_90k + LEASE_90K)
        grant = Grant(
            version=token.GRANT_VERSION,
            deployment_id=self.deployment_id,
            epoch=self.epoch,
            grant_id=GrantId(permission.grant_id),
            person_id=PersonId(str(permission.holder.person.pk)),
            person_name=permission.holder.person.display_name,
            capacity=permission.holder.code,
            session_hash=session_hash,
            purpose=permission.purpose,
            articles=permission.articles,
            cameras=tuple(GrantedCamera(CameraId(camera), ("video",)) for camera in permission.camera_ids),
            start_90k=Ticks90k(permission.start_90k),
            end_90k=Ticks90k(permission.end_90k),
            host=self.host,
            issued_at_90k=now_90k,
            expires_at_90k=expires_at_90k,
        )
        return Lease(token=token.mint(grant, signer=self.signer), expires_at_90k=expires_at_90k)
