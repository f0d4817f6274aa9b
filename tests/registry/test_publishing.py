"""The plan paper: what the rows say, signed, in place, once; a plan that shrinks waits for a word."""

from collections.abc import Callable

import pytest
from django.db import transaction

from mingjian.base.clock import SimulatedClock
from mingjian.grants import signing
from mingjian.grants.signing import KeyPurpose
from mingjian.host import deployment
from mingjian.host.home import Home
from mingjian.people import acts, governing
from mingjian.recordings import plan_paper
from mingjian.recordings.model import StreamRole
from mingjian.recordings.plan import Plan
from mingjian.registry import publisher, usecases
from mingjian.registry.models import Camera
from mingjian.regulation.policies import Book

Register = Callable[..., Camera]


def read(home: Home) -> Plan:
    return plan_paper.read(
        home.plan,
        verifier=signing.load_verifier(home, purpose=KeyPurpose.PLAN),
        deployment_id=deployment.load(home).deployment_id,
    )


@pytest.fixture(autouse=True)
def no_plan_yet(founded: Home) -> None:
    founded.plan.unlink(missing_ok=True)


def test_plan_says_what_the_rows_say(register: Register, founded: Home, clock: SimulatedClock) -> None:
    gate = register(sub_address="rtsp://127.0.0.1:8554/sub", is_key_location=True)
    shed = register(name="自行车棚", user="", password="")

    published = publisher.publish_pending(founded, clock=clock)

    plan = read(founded)
    assert published is not None
    assert (plan.revision, plan.is_demo) == (published.revision, False)
    first, second = plan.cameras
    assert (first.camera_id, first.floor_days, second.floor_days) == (str(gate.pk), 90, 30)
    assert [stream.role for stream in first.streams] == [StreamRole.MAIN, StreamRole.SUB]
    assert first.streams[0].credentials == gate.sealed_credentials
    assert (second.camera_id, second.streams[0].credentials) == (str(shed.pk), "")


def test_plan_is_written_once_for_each_wish(register: Register, founded: Home, clock: SimulatedClock) -> None:
    register()
    assert publisher.publish_pending(founded, clock=clock) is not None
    written_at = founded.plan.stat().st_mtime_ns

    assert publisher.publish_pending(founded, clock=clock) is None

    assert founded.plan.stat().st_mtime_ns == written_at


def test_plan_that_shrinks_by_many_waits_for_confirmation(
    register: Register, founded: Home, clock: SimulatedClock
) -> None:
    cameras = [register(name=f"点位{number}") for number in range(5)]
    first = publisher.publish_pending(founded, clock=clock)
    assert first is not None
    for camera in cameras[1:]:
        usecases.retire_camera(camera=camera, actor=acts.SHELL, clock=clock)

    waiting = publisher.publish_pending(founded, clock=clock)

    assert waiting is not None
    assert waiting.is_waiting_for_confirmation
    assert len(read(founded).cameras) == 5
    usecases.confirm_plan_shrink(revision=first.revision, actor=acts.SHELL, clock=clock)
    done = publisher.publish_pending(founded, clock=clock)
    assert done is not None
    assert not done.is_waiting_for_confirmation
    assert len(read(founded).cameras) == 1


def test_plan_names_holds_and_their_release(register: Register, founded: Home, clock: SimulatedClock) -> None:
    camera = register()
    hold = usecases.place_hold(
        camera=camera, start_90k=10, end_90k=20, reason="查阅申请", actor=acts.SHELL, clock=clock
    )
    publisher.publish_pending(founded, clock=clock)
    (planned,) = read(founded).holds
    assert (planned.hold_id, planned.start_90k, planned.end_90k) == (str(hold.pk), 10, 20)

    usecases.release_hold(hold=hold, reason="已结案", actor=acts.SHELL, clock=clock)
    publisher.publish_pending(founded, clock=clock)

    assert read(founded).holds == ()
    assert read(founded).released_holds == (str(hold.pk),)


def test_plan_of_a_demo_says_so_with_its_short_floor(
    register: Register, founded: Home, clock: SimulatedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(publisher.DEMO_FLOOR_SETTING, "6")
    register(is_key_location=True)

    publisher.publish_pending(founded, clock=clock)

    plan = read(founded)
    assert (plan.is_demo, plan.cameras[0].floor_days) == (True, 0.25)


@pytest.mark.article("A13.c")
@pytest.mark.article("A13.d")
def test_retention_that_was_ruled_reaches_the_plan_when_it_comes_into_force(
    register: Register, founded: Home, clock: SimulatedClock
) -> None:
    register(is_key_location=True)
    register(name="自行车棚")
    publisher.publish_pending(founded, clock=clock)
    assert not publisher.follow_rulings(clock=clock)
    clock.advance(1)
    with transaction.atomic():
        governing.found(values={"retention_ordinary": 45}, actor=acts.SHELL, now_90k=clock.utc())

    assert publisher.follow_rulings(clock=clock)
    assert not publisher.follow_rulings(clock=clock)
    publisher.publish_pending(founded, clock=clock)

    assert sorted(camera.floor_days for camera in read(founded).cameras) == [45, 90]


@pytest.mark.article("D799.17")
def test_retention_below_the_floor_is_never_planned_whatever_stands_in_the_book(register: Register) -> None:
    camera = register()
    book = Book(version=1, rulings={"retention_ordinary": 7})

    assert publisher.retention_days(camera, book=book) == 30
