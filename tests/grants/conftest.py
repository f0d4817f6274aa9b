"""Keys and a good grant, for the tests of grants."""

import pytest

from mingjian.base.ids import new_id
from mingjian.base.ticks import Ticks90k
from mingjian.grants import signing
from mingjian.grants.claims import LEASE_90K, Grant, GrantedCamera, Purpose
from mingjian.grants.signing import KeyPurpose

ISSUED = 160_000_000_000_000


@pytest.fixture
def signer(home):
    return signing.generate(home, purpose=KeyPurpose.GRANT)


@pytest.fixture
def grant():
    return Grant(
        version=2,
        deployment_id=new_id(),
        epoch=1,
        grant_id=new_id(),
        person_id=new_id(),
        person_name="张工",
        capacity="operator@security-office-campus",
        session_hash="5e" * 32,
        purpose=Purpose.VIEWING,
        articles=("A14.b", "A15.1.4a"),
        cameras=(GrantedCamera(new_id(), ("video",)), GrantedCamera(new_id(), ("video", "audio"))),
        start_90k=Ticks90k(ISSUED - 9_000_000),
        end_90k=Ticks90k(ISSUED - 90_000),
        host="media-1.campus",
        issued_at_90k=Ticks90k(ISSUED),
        expires_at_90k=Ticks90k(ISSUED + LEASE_90K),
    )
