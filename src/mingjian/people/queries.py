"""Reads of persons. `access_*` is the only door to a person's row for a page."""

from django.http import Http404

from mingjian.people.models import GrantRevocation, Person


def access_person_by_id(*, person_id: str) -> Person | None:
    """Return the active person of a session, or None when the account is closed or gone."""
    return Person.objects.filter(pk=person_id, is_active=True).first()


def access_person_by_username(*, username: str) -> Person:
    """Return the active person, or raise Http404."""
    person = Person.objects.filter(username=username, is_active=True).first()
    if person is None:
        raise Http404
    return person


def is_grant_revoked(*, grant_id: str) -> bool:
    """Say whether the grant was ended."""
    return GrantRevocation.objects.filter(pk=grant_id).exists()
