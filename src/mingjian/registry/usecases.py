"""What may be done about cameras, volumes and holds: one function, one act, one transaction, one ledger entry."""

import json
from itertools import count

from django.db import IntegrityError, connection, transaction

from mingjian.base.clock import Clock
from mingjian.grants import sealing
from mingjian.people import acts, scope
from mingjian.people.acts import Actor
from mingjian.registry import points
from mingjian.registry.models import NAME_CHARACTERS, Camera, Hold, PlanRevision, Volume
from mingjian.registry.networks import CameraNetworks
from mingjian.registry.points import CameraPoint as CameraPoint
from mingjian.registry.points import RegistryError as RegistryError
from mingjian.regulation import articles

_SLOT_LOCK = 0x6D6A_0001
_VOLUME_REFUSALS = {
    "registry_volume_pkey": "registry.volume_taken",
    "registry_volume_name_key": "registry.volume_name_taken",
    "registry_volume_path_key": "registry.volume_path_taken",
    "registry_volume_budget": "registry.budget_negative",
}


@transaction.atomic(durable=True)
def register_volume(*, volume_id: str, name: str, path: str, budget_bytes: int, actor: Actor, clock: Clock) -> Volume:
    """Enter a volume that was made on this host, so that cameras can be placed on it. Raises RegistryError."""
    now_90k = clock.utc()
    name = points.check_text(name, field_name="volume", limit=NAME_CHARACTERS)
    volume = Volume(pk=volume_id, name=name, path=path, budget_bytes=budget_bytes, created_at_90k=now_90k)
    try:
        with transaction.atomic():
            volume.save(force_insert=True)
    except IntegrityError as error:
        code = _VOLUME_REFUSALS.get(points.broken_constraint(error))
        if code is None:
            raise
        raise RegistryError(code, volume=volume_id, name=name, path=path, budget_bytes=budget_bytes) from error
    acts.record(
        kind="registry.volume_registered",
        actor=actor,
        subject=f"volume:{volume_id}",
        facts={"name": name, "path": path, "budget_bytes": budget_bytes},
        at_90k=now_90k,
    )
    _want_plan(cause="volume_registered", at_90k=now_90k)
    return volume


@transaction.atomic(durable=True)
def register_camera(
    *, point: CameraPoint, networks: CameraNetworks, credential_key: bytes, actor: Actor, clock: Clock
) -> Camera:
    """Enter a camera and ask for a plan that records it (Article 2: one campus, one owner).

    Credentials are sealed for the recorder host and never shown again. Raises AddressError or RegistryError with
    the reason.
    """
    checked = points.check_point(point, networks=networks)
    now_90k = clock.utc()
    camera = Camera(
        name=checked.name,
        campus_id=point.campus,
        building=checked.building,
        owner=checked.owner,
        owner_tier=checked.owner.tier,
        system_class=checked.system_class.value,
        purpose=checked.purpose,
        field_of_view=checked.field_of_view,
        is_key_location=point.is_key_location,
        main_address=checked.main_address,
        sub_address=checked.sub_address,
        slot=_free_slot(),
        volume=_volume(point.volume_id),
        created_at_90k=now_90k,
    )
    if point.user or point.password:
        credentials = json.dumps({"user": point.user, "password": point.password}, ensure_ascii=False)
        camera.sealed_credentials = sealing.seal(credentials, key=credential_key, context=str(camera.pk))
    try:
        with transaction.atomic():
            camera.save(force_insert=True)
    except IntegrityError as error:
        if points.broken_constraint(error) != points.NAME_IS_UNIQUE:
            raise
        raise RegistryError("registry.name_taken", name=camera.name, campus=camera.campus_id) from error
    acts.record(
        kind="registry.camera_registered",
        actor=actor,
        subject=f"camera:{camera.pk}",
        facts={
            "name": camera.name,
            "campus": camera.campus_id,
            "building": camera.building,
            "owner": camera.owner_id,
            "system_class": camera.system_class,
            "purpose": camera.purpose,
            "field_of_view": camera.field_of_view,
            "is_key_location": camera.is_key_location,
            "has_sub_stream": bool(camera.sub_address),
            "volume": str(camera.volume_id),
        },
        at_90k=now_90k,
        articles=(articles.A02.id, articles.A04_P1.id),
    )
    _want_plan(cause="camera_registered", at_90k=now_90k)
    return camera


@transaction.atomic(durable=True)
def retire_camera(*, camera: Camera, actor: Actor, clock: Clock) -> None:
    """End the recording of a camera. Its footage stays until the gate lets it go."""
    now_90k = clock.utc()
    if not Camera.objects.filter(pk=camera.pk, retired_at_90k__isnull=True).update(retired_at_90k=now_90k):
        raise RegistryError("registry.camera_retired", camera=str(camera.pk), name=camera.name)
    acts.record(
        kind="registry.camera_retired",
        actor=actor,
        subject=f"camera:{camera.pk}",
        facts={"name": camera.name, "campus": camera.campus_id},
        at_90k=now_90k,
    )
    _want_plan(cause="camera_retired", at_90k=now_90k)


@transaction.atomic
def place_hold(*, camera: Camera, start_90k: int, end_90k: int, reason: str, actor: Actor, clock: Clock) -> Hold:
    """Ask that `[start_90k, end_90k)` of the camera be kept. In force once the volume acknowledged it, not before.

    May be part of another act's transaction: an application and its holds come into being together.
    """
    if start_90k >= end_90k:
        raise RegistryError("registry.span_empty", camera=str(camera.pk), start_90k=start_90k, end_90k=end_90k)
    now_90k = clock.utc()
    hold = Hold.objects.create(
        camera=camera, start_90k=start_90k, end_90k=end_90k, reason=reason, placed_at_90k=now_90k
    )
    acts.record(
        kind="registry.hold_placed",
        actor=actor,
        subject=f"hold:{hold.pk}",
        facts={
            "camera": str(camera.pk),
            "campus": camera.campus_id,
            "start_90k": start_90k,
            "end_90k": end_90k,
        },
        texts={"reason": reason},
        at_90k=now_90k,
    )
    _want_plan(cause="hold_placed", at_90k=now_90k)
    return hold


@transaction.atomic
def release_hold(*, hold: Hold, reason: str, actor: Actor, clock: Clock) -> None:
    """End a hold by name; the plan says so from now on. May be part of another act's transaction."""
    now_90k = clock.utc()
    if not Hold.objects.filter(pk=hold.pk, released_at_90k__isnull=True).update(released_at_90k=now_90k):
        raise RegistryError("registry.hold_released", hold=str(hold.pk))
    acts.record(
        kind="registry.hold_released",
        actor=actor,
        subject=f"hold:{hold.pk}",
        facts={"camera": str(hold.camera_id), "campus": hold.camera.campus_id},
        texts={"reason": reason},
        at_90k=now_90k,
    )
    _want_plan(cause="hold_released", at_90k=now_90k)


@transaction.atomic(durable=True)
def confirm_plan_shrink(*, revision: int, actor: Actor, clock: Clock) -> None:
    """Agree that the plan after the published `revision` drops more than a few cameras at once."""
    now_90k = clock.utc()
    PlanRevision.objects.create(cause="shrink_confirmed", requested_at_90k=now_90k, confirmed_shrink_from=revision)
    acts.record(
        kind="registry.plan_shrink_confirmed",
        actor=actor,
        subject=f"plan:{revision}",
        facts={"revision": revision},
        at_90k=now_90k,
    )


def _volume(volume_id: str | None) -> Volume:
    volumes = Volume.objects.order_by("created_at_90k")
    volume = volumes.filter(pk=volume_id).first() if volume_id else volumes.first()
    if volume is None:
        raise RegistryError("registry.no_volume", volume=volume_id)
    return volume


def _free_slot() -> int:
    """Return the smallest slot that no camera in operation has; concurrent registrations wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_SLOT_LOCK])
    # A slot is the host's, whichever campus its camera is on.
    with scope.machine():
        taken = set(Camera.objects.filter(retired_at_90k__isnull=True).values_list("slot", flat=True))
    return next(slot for slot in count() if slot not in taken)


def _want_plan(*, cause: str, at_90k: int) -> None:
    PlanRevision.objects.create(cause=cause, requested_at_90k=at_90k)
