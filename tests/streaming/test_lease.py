"""A lease ends by the monotonic clock, five seconds after the last renewal at most."""

from dataclasses import replace

import pytest

from mingjian.base import ids
from mingjian.base.clock import SimulatedClock
from mingjian.base.ticks import TICKS_PER_S
from mingjian.grants.claims import Grant, GrantedCamera, Purpose
from mingjian.streaming.lease import FOREIGN_LEASE, Lease

S = TICKS_PER_S
NOW = 2_000_000_000 * S
CAMERA = ids.new_id()


def grant(**changes):
    made = Grant(
        version=2,
        deployment_id=ids.new_id(),
        epoch=1,
        grant_id=ids.new_id(),
        person_id=ids.new_id(),
        person_name="张工",
        capacity="operator@security-office-campus",
        session_hash="0" * 64,
        purpose=Purpose.VIEWING,
        articles=("A14",),
        cameras=(GrantedCamera(CAMERA, ("video",)),),
        start_90k=NOW - 60 * S,
        end_90k=NOW,
        host="here",
        issued_at_90k=NOW,
        expires_at_90k=NOW + 5 * S,
    )
    return replace(made, **changes)


@pytest.fixture
def clock():
    return SimulatedClock(NOW, 77 * S)


def test_lease_runs_out_after_five_seconds(clock):
    lease = Lease(grant=grant(), clock=clock)

    clock.advance(5 * S - 1)
    assert lease.remaining_90k() == 1
    clock.advance(1)
    assert lease.remaining_90k() == 0


def test_lease_of_a_paper_that_claims_more_is_still_five_seconds(clock):
    lease = Lease(grant=grant(expires_at_90k=NOW + 500 * S), clock=clock)

    assert lease.remaining_90k() == 5 * S


def test_lease_does_not_grow_when_the_wall_clock_is_set_back(clock):
    lease = Lease(grant=grant(), clock=clock)
    clock.step_wall(-3600 * S)

    clock.advance(5 * S)

    assert lease.remaining_90k() <= 0


def test_renewal_extends(clock):
    first = grant()
    lease = Lease(grant=first, clock=clock)
    clock.advance(2 * S)

    refusal = lease.renew(replace(first, expires_at_90k=NOW + 7 * S), camera_id=CAMERA, track="video")

    assert refusal is None
    assert lease.remaining_90k() == 5 * S


def test_renewal_in_the_wrong_order_shortens_nothing(clock):
    first = grant()
    lease = Lease(grant=first, clock=clock)
    clock.advance(S)

    lease.renew(replace(first, expires_at_90k=NOW + 2 * S), camera_id=CAMERA, track="video")

    assert lease.remaining_90k() == 4 * S


@pytest.mark.parametrize(
    "changes",
    [
        {"grant_id": ids.new_id()},
        {"person_id": ids.new_id()},
        {"purpose": Purpose.DUTY_LIVE},
        {"cameras": (GrantedCamera(ids.new_id(), ("video",)),)},
        {"cameras": (GrantedCamera(CAMERA, ("audio",)),)},
    ],
)
def test_renewal_with_another_grant_is_refused(clock, changes):
    first = grant()
    lease = Lease(grant=first, clock=clock)
    clock.advance(S)

    assert lease.renew(replace(first, **changes), camera_id=CAMERA, track="video") is FOREIGN_LEASE
    assert lease.remaining_90k() == 4 * S
