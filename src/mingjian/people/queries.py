"""Reads of persons, bodies and sessions. `access_*` is the only door to a person's row for a page."""

import uuid
from collections.abc import Collection

from django.db.models import Q, QuerySet
from django.http import Http404

from mingjian.people.capacity import Acting
from mingjian.people.models import (
    IN_HAND,
    LENDER_STANDS,
    Appointment,
    Body,
    Campus,
    Person,
    Revocation,
    University,
    WebSession,
)
from mingjian.people.posts import CAMPUS_BODY
from mingjian.regulation.posts import DECIDERS, Post


def access_person_by_id(*, person_id: str) -> Person | None:
    """Return the active person of a session, or None when the account is closed, locked by an
    administrator, or gone.
    """
    return Person.objects.filter(pk=person_id, is_active=True, suspended_at_90k__isnull=True).first()


def access_person_by_username(*, username: str) -> Person:
    """Return the active person, or raise Http404."""
    person = Person.objects.filter(username=username, is_active=True).first()
    if person is None:
        raise Http404
    return person


def access_own_sessions(*, acting: Acting, seen_since_90k: int = 0) -> QuerySet[WebSession]:
    """Return one's own web sessions that were not ended, the one seen last first."""
    sessions = WebSession.objects.filter(
        person=acting.person, ended_at_90k__isnull=True, seen_at_90k__gte=seen_since_90k
    )
    return sessions.select_related("appointment__body", "console")


def access_own_session(*, acting: Acting, key_hash: str) -> WebSession:
    """Return one's own web session, or raise Http404: another's does not exist."""
    found = access_own_sessions(acting=acting).filter(pk=key_hash).first()
    if found is None:
        raise Http404
    return found


def persons_called(name: str) -> list[Person]:
    """Return the active persons with this display name or user name; a user name alone decides."""
    found = list(Person.objects.filter(Q(username=name) | Q(display_name=name), is_active=True)[:10])
    by_username = [person for person in found if person.username == name]
    return by_username or found


def access_campuses(*, acting: Acting) -> list[Campus]:
    """Return the campuses that the capacity reaches, in the university's order."""
    return list(Campus.objects.filter(pk__in=acting.campuses))


def university() -> University | None:
    """Return whose installation this is, once its profile was entered."""
    return University.objects.first()


def campuses() -> QuerySet[Campus]:
    """Return every campus, in the university's order."""
    return Campus.objects.all()


def deciders_of(*, campus: str, concerned: Collection[uuid.UUID], now_90k: int) -> frozenset[uuid.UUID]:
    """Return who may decide for the campus's tier-2 body at an instant: appointed, and able to sign in.

    Neither those concerned, nor anybody who would decide on their behalf.
    """
    in_force = Q(until_90k__isnull=True) | Q(until_90k__gt=now_90k)
    found = Appointment.objects.filter(
        in_force,
        IN_HAND,
        LENDER_STANDS,
        since_90k__lte=now_90k,
        tier=CAMPUS_BODY,
        post__in=DECIDERS,
        body__campuses=campus,
        person__is_active=True,
        person__suspended_at_90k__isnull=True,
    )
    found = found.exclude(person__in=concerned).exclude(delegated_from__person__in=concerned)
    return frozenset(found.values_list("person_id", flat=True))


def handlers_of_campus(*, campus: str, now_90k: int) -> list[Person]:
    """Return who deals with viewings for the campus's tier-2 body at an instant: its deciders and operators."""
    in_force = Q(until_90k__isnull=True) | Q(until_90k__gt=now_90k)
    held = Appointment.objects.filter(
        in_force,
        IN_HAND,
        since_90k__lte=now_90k,
        tier=CAMPUS_BODY,
        post__in=[*DECIDERS, Post.OPERATOR],
        body__campuses=campus,
    )
    return list(Person.objects.filter(pk__in=held.values("person"), is_active=True).order_by("display_name"))


def bodies() -> QuerySet[Body]:
    """Return every body and unit."""
    return Body.objects.all()


def is_revoked(*, key: str) -> bool:
    """Say whether the grant with this id, or the web session with this hash, was ended."""
    return Revocation.objects.filter(pk=key).exists()
