"""Until when persons are trained and pledged, and which staff lacks what."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Max, Q

from mingjian.people import policy
from mingjian.people.capacity import Acting
from mingjian.people.models import Appointment, Person
from mingjian.people.qualification import Kind, Qualification
from mingjian.regulation.decision import Decision
from mingjian.regulation.rules import training
from mingjian.regulation.rules.training import STAFF, ServingFacts

STANDING = Q(withdrawn_at_90k__isnull=True)


@dataclass(frozen=True, slots=True)
class Validity:
    """Until when one person is trained and pledged; None: never was."""

    until_90k: Mapping[Kind, int]

    def state(self, kind: Kind, *, now_90k: int) -> str:
        """Return "missing", "lapsed", "soon" (within thirty days) or "valid"."""
        until_90k = self.until_90k.get(kind)
        if until_90k is None:
            return "missing"
        step = training.step_of(until_90k=until_90k, now_90k=now_90k)
        return "valid" if step is None else "soon" if step else "lapsed"

    def is_whole(self, *, now_90k: int) -> bool:
        """Whether both hold at the instant."""
        return all(training.is_valid(self.until_90k.get(kind), now_90k=now_90k) for kind in Kind)


def validities(person_ids: Collection[UUID]) -> dict[UUID, Validity]:
    """Return what each of the persons has; of several of a kind the one that holds longest counts."""
    found: dict[UUID, dict[Kind, int]] = {person_id: {} for person_id in person_ids}
    rows = Qualification.objects.filter(STANDING, person__in=person_ids).order_by()
    for person_id, kind, until_90k in rows.values_list("person", "kind").annotate(last=Max("valid_until_90k")):
        found[person_id][Kind(kind)] = until_90k
    return {person_id: Validity(until_90k) for person_id, until_90k in found.items()}


def validity_of(person: Person) -> Validity:
    """Return what one person has."""
    return validities([person.pk])[person.pk]


def may_serve(*, acting: Acting, now_90k: int) -> Decision:
    """Decide whether training and pledge let this person begin duty now (A08.d, A16.2)."""
    held = validity_of(acting.person).until_90k
    return training.may_serve(
        ServingFacts(
            trained_until_90k=held.get(Kind.TRAINING),
            pledged_until_90k=held.get(Kind.PLEDGE),
            closes_duty=policy.in_force(at_90k=now_90k).is_on("training_closes_duty"),
            now_90k=now_90k,
        )
    )


def staff(*, now_90k: int, bodies: Collection[str] | None = None) -> list[Appointment]:
    """Return the appointments in force, in these bodies or in all, whose holders have to be trained."""
    in_force = Q(until_90k__isnull=True) | Q(until_90k__gt=now_90k)
    found = Appointment.objects.filter(in_force, post__in=STAFF, since_90k__lte=now_90k, person__is_active=True)
    if bodies is not None:
        found = found.filter(body__in=bodies)
    return list(found.select_related("person", "body").order_by("body", "post", "person__display_name"))
