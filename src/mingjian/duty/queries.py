"""Reads of shifts. `access_*` is the only door for a page or a lease."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from mingjian.duty.models import Shift
from mingjian.people.capacity import Acting
from mingjian.people.models import IN_HAND, LENDER_STANDS, Appointment, Person
from mingjian.regulation.posts import Post, Tier


def open_shift(*, person: Person) -> Shift | None:
    """Return the shift the person is on, if any."""
    return Shift.objects.filter(person=person, ended_at_90k__isnull=True).select_related("campus").first()


def orphaned_shifts(*, now_90k: int) -> QuerySet[Shift]:
    """Return the open shifts whose person has the post no more, or no account that answers."""
    held = Appointment.objects.filter(
        Q(until_90k__isnull=True) | Q(until_90k__gt=now_90k),
        IN_HAND,
        LENDER_STANDS,
        person=OuterRef("person"),
        post=Post.OPERATOR.value,
        body=OuterRef("body"),
        since_90k__lte=now_90k,
    )
    is_closed = Q(person__is_active=False) | Q(person__suspended_at_90k__isnull=False)
    return Shift.objects.filter(is_closed | ~Exists(held), ended_at_90k__isnull=True).order_by("started_at_90k")


def campuses_on_shift(person: Person, body: str) -> tuple[str, ...]:
    """Return the campus the person is on shift for now for this body, as a tuple that is empty off shift."""
    shift = open_shift(person=person)
    return () if shift is None or shift.body_id != body else (shift.campus_id,)


def access_shifts_between(*, acting: Acting, since_90k: int, until_90k: int) -> QuerySet[Shift]:
    """Return the shifts for the body acted for that reach into `[since, until)`; for tier 1 those of every body."""
    reaching = Q(ended_at_90k__isnull=True) | Q(ended_at_90k__gt=since_90k)
    found = Shift.objects.filter(reaching, started_at_90k__lt=until_90k).select_related("person", "campus")
    if not acting.is_of_body:
        return found.none()
    of_body = found if acting.tier == Tier.FIRST else found.filter(body=acting.body)
    return of_body.order_by("started_at_90k")


def access_own_shifts(*, person: Person) -> QuerySet[Shift]:
    """Return the person's own shifts, newest first."""
    return Shift.objects.filter(person=person).order_by("-started_at_90k")
