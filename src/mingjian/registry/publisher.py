"""From rows to the plan paper: built under a lock, signed, put in place by atomic rename, then marked as published."""

import os
from dataclasses import dataclass

from django.db import connection, transaction

from mingjian.base.clock import Clock
from mingjian.base.ids import CameraId, HoldId, VolumeId
from mingjian.base.ticks import Ticks90k
from mingjian.grants import signing
from mingjian.grants.signing import KeyPurpose
from mingjian.host import deployment
from mingjian.host.home import Home
from mingjian.people import policy
from mingjian.recordings import plan_paper
from mingjian.recordings.errors import RecordingsError
from mingjian.recordings.model import Hold, StreamRole
from mingjian.recordings.plan import PLAN_VERSION, Plan, PlannedCamera, PlannedVolume, RtspStream
from mingjian.registry import queries
from mingjian.registry.models import Camera, PlanRevision
from mingjian.registry.networks import CameraNetworks
from mingjian.regulation.policies import Book
from mingjian.regulation.rules.retention import RetentionFacts, floor_of, may_set_retention

RETENTION = ("retention_ordinary", "retention_key_location")
SUB_FLOOR_DAYS = 7.0
DEMO_FLOOR_SETTING = "MINGJIAN_DEMO_FLOOR_HOURS"
_LOCK = 0x6D6A_0002


@dataclass(frozen=True, slots=True)
class Publication:
    """What became of the newest wish: the revision the file says now, or how many cameras wait for confirmation."""

    revision: int
    is_waiting_for_confirmation: bool


def publish_pending(home: Home, *, clock: Clock) -> Publication | None:
    """Write the plan file if somebody asked for a new one; None when the file already says everything.

    Safe to repeat and to run twice at once. A crash after the rename publishes the same revision again.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        wish = queries.unpublished_revision()
        if wish is None:
            return None
        plan = build_plan(home, wish=wish, clock=clock)
        try:
            plan_paper.require_successor(current=_current(home), candidate=plan)
        except RecordingsError as error:
            if error.code != "recordings.plan_shrinks":
                raise
            return Publication(revision=plan.revision, is_waiting_for_confirmation=True)
        signer = signing.load_signer(home, purpose=KeyPurpose.PLAN)
        plan_paper.write_atomically(home.plan, plan_paper.encode(plan, signer=signer))
        PlanRevision.objects.filter(revision__lte=wish.revision, published_at_90k__isnull=True).update(
            published_at_90k=clock.utc()
        )
    return Publication(revision=plan.revision, is_waiting_for_confirmation=False)


def build_plan(home: Home, *, wish: PlanRevision, clock: Clock) -> Plan:
    """Return the plan that today's rows ask for."""
    founded = deployment.load(home)
    networks = CameraNetworks.from_environ()
    book = policy.in_force(at_90k=clock.utc())
    return Plan(
        version=PLAN_VERSION,
        deployment_id=founded.deployment_id,
        epoch=founded.epoch,
        revision=wish.revision,
        issued_at_90k=clock.utc(),
        cameras=tuple(_camera(camera, book=book) for camera in queries.recorded_cameras().order_by("slot")),
        volumes=tuple(
            PlannedVolume(volume_id=VolumeId(str(volume.pk)), path=volume.path, budget_bytes=volume.budget_bytes)
            for volume in queries.volumes()
        ),
        holds=tuple(
            Hold(
                hold_id=HoldId(str(hold.pk)),
                camera_id=CameraId(str(hold.camera_id)),
                start_90k=Ticks90k(hold.start_90k),
                end_90k=Ticks90k(hold.end_90k),
                reason=hold.reason,
            )
            for hold in queries.holds_in_plan()
        ),
        released_holds=tuple(str(hold.pk) for hold in queries.released_holds()),
        allowed_networks=tuple(str(network) for network in networks.networks),
        allowed_ports=networks.ports,
        is_demo=demo_floor_days() is not None,
        purge_ceiling_days=None,
        confirmed_shrink_from=wish.confirmed_shrink_from,
    )


def demo_floor_days() -> float | None:
    """Return the short retention floor of a demo, or None for the real thing, whose floor is Article 13's."""
    hours = demo_floor_hours()
    return float(hours) / 24 if hours else None


def demo_floor_hours() -> str:
    """Return the demo's floor as its setting says it, empty for the real thing."""
    return os.environ.get(DEMO_FLOOR_SETTING) or ""


def retention_days(camera: Camera, *, book: Book) -> int:
    """Return for how long the camera's footage is kept at least: what tier 1 ruled, and never less than the law says.

    Where a ruling would fall below the floor (A13.c, A13.d, D799.17), the floor stands.
    """
    kind = "retention_key_location" if camera.is_key_location else "retention_ordinary"
    days = book.value(kind)
    asked = RetentionFacts(days=days, is_key_location=camera.is_key_location)
    return days if may_set_retention(asked).allowed else floor_of(is_key_location=camera.is_key_location).days


def follow_rulings(*, clock: Clock) -> bool:
    """Ask for a new plan when rulings came into force since the last one was asked for; say whether."""
    now_90k = clock.utc()
    last = PlanRevision.objects.order_by("-revision").first()
    if last is None or policy.last_effect(topics=RETENTION, at_90k=now_90k) <= last.requested_at_90k:
        return False
    PlanRevision.objects.create(cause="people.ruling_effective", requested_at_90k=now_90k)
    return True


def _camera(camera: Camera, *, book: Book) -> PlannedCamera:
    floor_days = demo_floor_days()
    streams = [RtspStream(StreamRole.MAIN, camera.main_address, camera.sealed_credentials)]
    if camera.sub_address:
        streams.append(RtspStream(StreamRole.SUB, camera.sub_address, camera.sealed_credentials))
    return PlannedCamera(
        camera_id=CameraId(str(camera.pk)),
        name=camera.name,
        campus=camera.campus_id,
        slot=camera.slot,
        volume_id=VolumeId(str(camera.volume_id)),
        streams=tuple(streams),
        floor_days=retention_days(camera, book=book) if floor_days is None else floor_days,
        sub_floor_days=SUB_FLOOR_DAYS if floor_days is None else floor_days,
        since_90k=Ticks90k(camera.created_at_90k),
    )


def _current(home: Home) -> Plan | None:
    try:
        return plan_paper.read(
            home.plan,
            verifier=signing.load_verifier(home, purpose=KeyPurpose.PLAN),
            deployment_id=deployment.load(home).deployment_id,
        )
    except FileNotFoundError:
        return None
