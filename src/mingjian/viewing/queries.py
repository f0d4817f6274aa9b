"""Reads of viewing sessions. `access_*` is the only door for a page or a lease."""

import uuid

from django.db.models import QuerySet
from django.http import Http404

from mingjian.people.models import Person
from mingjian.viewing.models import ViewingSession


def access_own_sessions(*, person: Person) -> QuerySet[ViewingSession]:
    """Return the sessions this person may play, newest first."""
    return ViewingSession.objects.filter(person=person).prefetch_related("cameras")


def access_own_session(*, person: Person, session_id: str) -> ViewingSession:
    """Return one's own session, or raise Http404: another's does not exist for this person."""
    try:
        wanted = uuid.UUID(session_id)
    except ValueError as error:
        raise Http404 from error
    session = access_own_sessions(person=person).filter(pk=wanted).first()
    if session is None:
        raise Http404
    return session


def find_session(*, session_id: str) -> ViewingSession | None:
    """Return any session by id. For the shell."""
    try:
        return ViewingSession.objects.filter(pk=uuid.UUID(session_id)).first()
    except ValueError:
        return None
