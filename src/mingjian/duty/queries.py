"""Reads of shifts. `access_*` is the only door for a page or a lease."""

from django.db.models import QuerySet

from mingjian.duty.models import Shift
from mingjian.people.models import Person


def open_shift(*, person: Person) -> Shift | None:
    """Return the shift the person is on, if any."""
    return Shift.objects.filter(person=person, ended_at_90k__isnull=True).select_related("campus").first()


def campuses_on_shift(person: Person) -> tuple[str, ...]:
    """Return the campus the person is on shift for now, as a tuple that is empty off shift."""
    shift = open_shift(person=person)
    return () if shift is None else (shift.campus_id,)


def access_own_shifts(*, person: Person) -> QuerySet[Shift]:
    """Return the person's own shifts, newest first."""
    return Shift.objects.filter(person=person).order_by("-started_at_90k")
