"""A lease says what was permitted, to whom, for which session and host, and ends after five seconds."""

import uuid

from mingjian.base import ids
from mingjian.base.clock import SimulatedClock
from mingjian.base.ids import DeploymentId
from mingjian.base.ticks import TICKS_PER_S
from mingjian.grants import signing, token
from mingjian.grants.claims import Grant, GrantedCamera, Purpose
from mingjian.grants.signing import KeyPurpose
from mingjian.host.home import Home
from mingjian.people.capacity import Acting
from mingjian.people.leasing import Issuer, Permission
from mingjian.people.models import Appointment, Person


def test_lease_says_what_was_permitted_for_five_seconds(home: Home, clock: SimulatedClock) -> None:
    signer = signing.generate(home, purpose=KeyPurpose.GRANT)
    deployment, cameras = DeploymentId(ids.new_id()), (str(ids.new_id()), str(ids.new_id()))
    person = Person(id=uuid.uuid4(), username="li", display_name="李值班")
    acting = Acting(person, Appointment(post="operator", tier=2, body_id="security-office-campus"), ("lingshui",))
    permission = Permission(
        grant_id=str(ids.new_id()),
        holder=acting,
        purpose=Purpose.DUTY_LIVE,
        articles=("A18.2", "A14.b"),
        camera_ids=cameras,
        start_90k=clock.utc() - 7,
        end_90k=clock.utc() + 90,
    )
    issuer = Issuer(signer=signer, deployment_id=deployment, epoch=3, host="media-1")

    lease = issuer.lease(permission=permission, session_hash="a" * 64, clock=clock)

    grant = token.verify(
        lease.token,
        verifier=signer.verifier(),
        deployment_id=deployment,
        host="media-1",
        now_90k=clock.utc(),
        session_hash="a" * 64,
    )
    assert grant == Grant(
        version=token.GRANT_VERSION,
        deployment_id=deployment,
        epoch=3,
        grant_id=permission.grant_id,
        person_id=str(person.pk),
        person_name="李值班",
        capacity="operator@security-office-campus",
        session_hash="a" * 64,
        purpose=Purpose.DUTY_LIVE,
        articles=("A18.2", "A14.b"),
        cameras=tuple(GrantedCamera(camera, ("video",)) for camera in cameras),
        start_90k=clock.utc() - 7,
        end_90k=clock.utc() + 90,
        host="media-1",
        issued_at_90k=clock.utc(),
        expires_at_90k=clock.utc() + 5 * TICKS_PER_S,
    )
    assert lease.expires_at_90k == grant.expires_at_90k
