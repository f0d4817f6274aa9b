"""A point that goes to another campus: owner, plan and open pictures follow, in one act."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction

from mingjian.base.clock import Clock
from mingjian.people import acts, scope
from mingjian.people.acts import Actor
from mingjian.people.revocation import cut_camera
from mingjian.registry import points
from mingjian.registry.models import NAME_CHARACTERS, Camera, PlanRevision
from mingjian.registry.points import NAME_IS_UNIQUE, RegistryError
from mingjian.regulation import articles
from mingjian.regulation.systems import SystemClass


@dataclass(frozen=True, slots=True)
class NewPlace:
    """Where a point goes. `owner` empty: a school-built one goes to the campus's tier-2 body, others keep theirs."""

    campus: str
    building: str
    owner: str = ""


@transaction.atomic(durable=True)
def move_camera(*, camera: Camera, place: NewPlace, actor: Actor, clock: Clock) -> Camera:
    """Move a point to another campus of the university; its footage and its holds stay its own.

    Live pictures of it end with the commit, and whoever has the new campus may open them anew. Raises RegistryError.
    """
    now_90k = clock.utc()
    found = Camera.objects.select_for_update().filter(pk=camera.pk, retired_at_90k__isnull=True).first()
    if found is None:
        raise RegistryError("registry.camera_retired", camera=str(camera.pk), name=camera.name)
    points.check_campus(place.campus)
    if found.campus_id == place.campus:
        raise RegistryError("registry.already_there", name=found.name, campus=place.campus)
    system_class = SystemClass(found.system_class)
    kept = "" if system_class is SystemClass.SCHOOL else found.owner_id
    owner = points.find_owner(place.owner or kept, campus=place.campus)
    points.check_owner(owner, system_class=system_class)
    left, building = found.campus_id, points.check_text(place.building, field_name="building", limit=NAME_CHARACTERS)
    facts = {
        "name": found.name,
        "campus": left,
        "to_campus": place.campus,
        "building": found.building,
        "to_building": building,
        "owner": found.owner_id,
        "to_owner": owner.code,
    }
    found.campus_id, found.building, found.owner, found.owner_tier = place.campus, building, owner, owner.tier
    try:
        # Afterwards the row may be out of the reach of whoever moved it; the rule has allowed just that.
        with transaction.atomic(), scope.machine():
            found.save(update_fields=["campus", "building", "owner", "owner_tier"])
    except IntegrityError as error:
        if points.broken_constraint(error) != NAME_IS_UNIQUE:
            raise
        raise RegistryError("registry.name_taken", name=found.name, campus=place.campus) from error
    PlanRevision.objects.create(cause="camera_moved", requested_at_90k=now_90k)
    cut_camera(camera_id=str(found.pk))
    acts.record(
        kind="registry.camera_moved",
        actor=actor,
        subject=f"camera:{found.pk}",
        facts=facts,
        at_90k=now_90k,
        articles=(articles.A07_2_0.id, articles.A02.id),
    )
    return found
