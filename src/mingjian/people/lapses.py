"""Lapses of training and pledges, told before they come: to the person and to who is responsible, once at each step."""

from collections.abc import Iterator
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from mingjian.base.clock import Clock
from mingjian.people import acts, qualified
from mingjian.people.models import Appointment, LapseNotice, Qualification
from mingjian.people.qualification import Kind
from mingjian.people.qualified import STANDING
from mingjian.people.training import RULE_OF
from mingjian.regulation.posts import PRINCIPALS, Post
from mingjian.regulation.rules.training import step_of


@transaction.atomic(durable=True)
def tell(*, clock: Clock) -> int:
    """Tell what stands at a step that was not told yet, 30, 7 or 1 days before or the lapse itself; return how many.

    The clerk's work. Each entry names whom it is told, on whose pages it stands until the training is renewed.
    """
    now_90k = clock.utc()
    told = 0
    for row, body, step in _standing(now_90k=now_90k):
        _notice, is_new = LapseNotice.objects.get_or_create(
            qualification=row, body_id=body, step=step, defaults={"told_at_90k": now_90k}
        )
        if is_new:
            told += 1
            _record(row, body=body, step=step, now_90k=now_90k)
    return told


def responsible_of(body: str, *, now_90k: int) -> list[UUID]:
    """Return who is told of lapses in a body: its safety-responsible persons, or its heads where there is none."""
    in_force = Q(until_90k__isnull=True) | Q(until_90k__gt=now_90k)
    held = Appointment.objects.filter(in_force, body=body, since_90k__lte=now_90k, person__is_active=True)
    for posts in ({Post.SAFETY_RESPONSIBLE}, PRINCIPALS):
        found = list(held.filter(post__in=posts).order_by("person").values_list("person_id", flat=True).distinct())
        if found:
            return found
    return []


def _standing(*, now_90k: int) -> Iterator[tuple[Qualification, str, int]]:
    """Return what holds longest of each kind for each of the staff, by body, with the step it stands at."""
    bodies: dict[UUID, set[str]] = {}
    for one in qualified.staff(now_90k=now_90k):
        bodies.setdefault(one.person_id, set()).add(one.body_id)
    last = Qualification.objects.filter(STANDING, person__in=bodies)
    for row in last.order_by("person", "kind", "-valid_until_90k").distinct("person", "kind"):
        step = step_of(until_90k=row.valid_until_90k, now_90k=now_90k)
        if step is not None:
            yield from ((row, body, step) for body in sorted(bodies[row.person_id]))


def _record(row: Qualification, *, body: str, step: int, now_90k: int) -> None:
    told = {row.person_id, *responsible_of(body, now_90k=now_90k)}
    acts.record(
        kind="people.qualification_lapsing" if step else "people.qualification_lapsed",
        actor=acts.CLERK,
        subject=f"person:{row.person_id}",
        facts={
            "person": str(row.person_id),
            "body": body,
            "qualification": str(row.pk),
            "of": row.kind,
            "valid_until_90k": row.valid_until_90k,
            "days": step,
            "told": tuple(sorted(str(one) for one in told)),
        },
        at_90k=now_90k,
        articles=(RULE_OF[Kind(row.kind)].id,),
    )
