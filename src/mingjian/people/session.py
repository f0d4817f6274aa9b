"""The web session of a signed-in person: begun, read from a page or a socket, and ended."""

from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest
from django.middleware.csrf import rotate_token
from django.utils.crypto import constant_time_compare, salted_hmac

from mingjian.people import queries
from mingjian.people.models import Person

_PERSON = "person_id"
_PASSWORD_MARK = "password_mark"  # noqa: S105 - the name of a field
_CACHE = "_mingjian_person"


def begin(request: HttpRequest, *, person: Person) -> None:
    """Start a fresh session for the person; whatever the browser carried before is forgotten."""
    request.session.flush()
    request.session[_PERSON] = str(person.pk)
    request.session[_PASSWORD_MARK] = _mark(person)
    rotate_token(request)
    setattr(request, _CACHE, person)


def end(request: HttpRequest) -> None:
    """Forget the session. Leases bound to it are not renewed any more."""
    request.session.flush()
    setattr(request, _CACHE, None)


def person_of(request: HttpRequest) -> Person | None:
    """Return who is signed in on this request; asked of the database once per request."""
    if not hasattr(request, _CACHE):
        setattr(request, _CACHE, _person_in(request.session))
    person: Person | None = getattr(request, _CACHE)
    return person


def known_person(request: HttpRequest) -> Person | None:
    """Return who is signed in if this request has already asked; never asks. For the shell around a page."""
    person: Person | None = getattr(request, _CACHE, None)
    return person


def person_of_key(session_key: str) -> Person | None:
    """Return who is signed in under this session key now, for sockets that outlive a request."""
    return _person_in(SessionStore(session_key))


def _person_in(session: SessionBase) -> Person | None:
    person_id = session.get(_PERSON)
    if not isinstance(person_id, str):
        return None
    person = queries.access_person_by_id(person_id=person_id)
    if person is None or not constant_time_compare(session.get(_PASSWORD_MARK, ""), _mark(person)):
        return None
    return person


def _mark(person: Person) -> str:
    """A new password ends every session that began under the old one."""
    return salted_hmac("mingjian.people.session", person.password, algorithm="sha256").hexdigest()
