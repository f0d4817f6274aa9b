"""Reads of cameras, volumes and holds. `access_*` is the only door to a row for a page or a lease."""

import uuid
from collections.abc import Collection, Iterable, Sequence

from django.db.models import Q, QuerySet
from django.http import Http404

from mingjian.base import ids
from mingjian.people import scope
from mingjian.people.capacity import Acting
from mingjian.people.posts import UNIT
from mingjian.registry.models import Camera, Hold, PlanRevision, Volume
from mingjian.regulation.systems import SystemClass


def access_cameras(*, acting: Acting) -> QuerySet[Camera]:
    """Return the cameras in operation within the scope.

    Those of the campuses of a tier-1 or tier-2 body, a unit's own for tier 3 (A07.3.1), nothing for others.
    """
    cameras = Camera.objects.filter(retired_at_90k__isnull=True).select_related("campus", "owner")
    if not acting.is_of_body:
        return cameras.none()
    if acting.tier == UNIT:
        return cameras.filter(owner=acting.body)
    return cameras.filter(campus__in=acting.campuses)


def access_camera(*, acting: Acting, camera_id: str) -> Camera:
    """Return one camera within the scope, or raise Http404: outside it nothing exists."""
    camera = access_cameras(acting=acting).filter(pk=_uuid_or_404(camera_id)).first()
    if camera is None:
        raise Http404
    return camera


def access_holds(*, acting: Acting) -> QuerySet[Hold]:
    """Return the holds on cameras within the scope, newest first."""
    return Hold.objects.filter(camera__in=access_cameras(acting=acting)).order_by("-placed_at_90k", "pk")


def access_named_cameras(*, acting: Acting, campuses: Collection[str], camera_ids: Sequence[str]) -> list[Camera]:
    """Return those of the named cameras that are in scope on the campuses, in the order of the names."""
    named = [camera_id for camera_id in camera_ids if ids.is_id(camera_id)]
    reached = access_cameras(acting=acting).filter(campus__in=campuses, pk__in=named)
    found = {str(camera.pk): camera for camera in reached}
    return [found[camera_id] for camera_id in camera_ids if camera_id in found]


def cameras_in_operation() -> QuerySet[Camera]:
    """Return every camera in operation. For processes and the shell, never for a page."""
    return Camera.objects.filter(retired_at_90k__isnull=True)


def recorded_cameras() -> QuerySet[Camera]:
    """Return every camera whose footage this platform holds: all in operation, but for secrecy systems."""
    return cameras_in_operation().exclude(system_class=SystemClass.SECRECY.value)


def places() -> list[tuple[str, str]]:
    """Return campus and building wherever cameras are recorded, in the university's order. Names no camera."""
    found = recorded_cameras().order_by("campus__place", "building").values_list("campus_id", "building")
    # Anybody may apply about any place, also on a campus where they see no camera.
    with scope.machine():
        return list(dict.fromkeys(found))


def cameras_of_place(*, campus: str, building: str) -> list[Camera]:
    """Return the cameras recorded in a building of a campus."""
    return list(recorded_cameras().filter(campus=campus, building=building))


def lock_cameras(*, campus: str, building: str, camera_ids: Iterable[object]) -> None:
    """Lock the cameras of a place and those named, within the caller's transaction, before anything else of it.

    In the order of their ids, as everybody who needs several: two acts about the same cameras wait, and never for each
    other. None of them goes to another campus until the caller has finished.
    """
    wanted = Q(pk__in=camera_ids) | Q(campus=campus, building=building)
    locking = Camera.objects.filter(wanted).order_by("pk").select_for_update(no_key=True)
    list(locking.values_list("pk", flat=True))


def find_camera(*, name_or_id: str) -> Camera | None:
    """Return the camera in operation with this id or, when only one campus has it, this name. For the shell."""
    cameras = cameras_in_operation()
    try:
        return cameras.filter(pk=uuid.UUID(name_or_id)).first()
    except ValueError:
        named = list(cameras.filter(name=name_or_id)[:2])
        return named[0] if len(named) == 1 else None


def volumes() -> QuerySet[Volume]:
    """Return all volumes of this host, oldest first."""
    return Volume.objects.order_by("created_at_90k")


def holds_in_plan() -> QuerySet[Hold]:
    """Return the holds that the plan must name: placed and not released."""
    return Hold.objects.filter(released_at_90k__isnull=True).order_by("placed_at_90k")


def released_holds() -> QuerySet[Hold]:
    """Return the holds whose release the plan must name."""
    return Hold.objects.filter(released_at_90k__isnull=False).order_by("released_at_90k")


def access_standing_holds(*, acting: Acting) -> QuerySet[Hold]:
    """Return the holds of the capacity's campuses that stand or whose release no volume has reported yet."""
    found = Hold.objects.filter(release_acknowledged_at_90k__isnull=True).select_related("camera__campus")
    if not acting.is_staff:
        return found.none()
    return found.filter(camera__campus__in=acting.campuses).order_by("placed_at_90k")


def unpublished_revision() -> PlanRevision | None:
    """Return the newest wish for a plan that no file says yet."""
    newest = PlanRevision.objects.order_by("-revision").first()
    return newest if newest is not None and newest.published_at_90k is None else None


def _uuid_or_404(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise Http404 from error
