"""The web session of a signed-in person: begun, read from a page or a socket, run idle, and ended."""

from dataclasses import dataclass

from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest
from django.middleware.csrf import rotate_token
from django.utils.crypto import constant_time_compare, salted_hmac

from mingjian.base.clock import SystemClock
from mingjian.people import consoles, devices, password_rules, policy, queries, web_sessions
from mingjian.people.capacity import Acting, acting_under
from mingjian.people.doors import Door
from mingjian.people.models import Person, WebSession

CONSOLE_COOKIE = "mingjian_console"
_CLOCK = SystemClock()
_PERSON = "person_id"
_PASSWORD_MARK = "password_mark"  # noqa: S105 - the name of a field
_DOOR = "door"
_IS_PASSWORD_OLD = "is_password_old"  # noqa: S105 - the name of a field
_CACHE = "_mingjian_signed_in"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who is signed in, acting in which capacity, under which session, and by which door they came."""

    acting: Acting
    session: WebSession
    door: Door
    is_password_old: bool

    @property
    def owes_password(self) -> bool:
        """Whether the person came by a password that opens nothing but the page that asks for another.

        One that works once, or one that was past its age when they signed in.
        """
        return self.door is Door.PASSWORD and (self.acting.person.must_change_password or self.is_password_old)


def begin(request: HttpRequest, *, acting: Acting, door: Door) -> None:
    """Start a fresh session for somebody; whatever the browser carried before is forgotten."""
    carried = request.session.session_key
    request.session.flush()
    request.session[_PERSON] = str(acting.person.pk)
    request.session[_PASSWORD_MARK] = _mark(acting.person)
    request.session[_DOOR] = door.value
    is_old = request.session[_IS_PASSWORD_OLD] = _is_password_old(acting.person)
    request.session.create()
    row = web_sessions.begin(
        key_hash=web_sessions.hash_of(request.session.session_key or ""),
        replaces=web_sessions.hash_of(carried) if carried else None,
        acting=acting,
        device=devices.words_of(request.headers.get("User-Agent", "")),
        console=consoles.console_of(request.COOKIES.get(CONSOLE_COOKIE, "")),
        clock=_CLOCK,
    )
    rotate_token(request)
    setattr(request, _CACHE, SignedIn(acting, row, door, is_old))


def remember_password(request: HttpRequest, *, person: Person) -> None:
    """Let this session go on under the password that its person has just chosen."""
    request.session[_PASSWORD_MARK] = _mark(person)
    request.session[_IS_PASSWORD_OLD] = False


def end(request: HttpRequest) -> None:
    """Forget the session. Leases bound to it are not renewed any more."""
    request.session.flush()
    setattr(request, _CACHE, None)


def signed_in(request: HttpRequest) -> SignedIn | None:
    """Return who is signed in on this request; asked of the database once per request."""
    if not hasattr(request, _CACHE):
        setattr(request, _CACHE, _signed_in(request.session))
    found: SignedIn | None = getattr(request, _CACHE)
    return found


def acting_of(request: HttpRequest) -> Acting | None:
    """Return who acts on this request, in which capacity."""
    found = signed_in(request)
    return None if found is None else found.acting


def owes_password(request: HttpRequest) -> bool:
    """Say whether whoever is signed in on this request has to choose a password first."""
    found = signed_in(request)
    return found is not None and found.owes_password


def known_acting(request: HttpRequest) -> Acting | None:
    """Return who acts if this request has already asked; never asks. For the shell around a page."""
    found: SignedIn | None = getattr(request, _CACHE, None)
    return None if found is None else found.acting


def signed_in_by_key(session_key: str) -> SignedIn | None:
    """Return who is signed in under this session key now, for sockets that outlive a request.

    With a one-time password nobody has come further than the page that asks for another.
    """
    found = _signed_in(SessionStore(session_key))
    return None if found is None or found.owes_password else found


def note_activity(request: HttpRequest) -> None:
    """Remember that a person opened a page or sent a form. A page that renews itself is no person."""
    found = signed_in(request)
    if found is not None and not (request.method == "GET" and request.headers.get("HX-Request") == "true"):
        web_sessions.note_seen(found.session, now_90k=_CLOCK.utc())


def is_idle(session: WebSession, *, now_90k: int) -> bool:
    """Say whether nobody was seen in the session for the time-out."""
    return now_90k - session.seen_at_90k >= policy.in_force(at_90k=now_90k).ticks("idle_time")


def _signed_in(session: SessionBase) -> SignedIn | None:
    person_id, session_key = session.get(_PERSON), session.session_key
    if not isinstance(person_id, str) or session_key is None:
        return None
    row = WebSession.objects.filter(pk=web_sessions.hash_of(session_key), ended_at_90k__isnull=True).first()
    person = queries.access_person_by_id(person_id=person_id)
    if row is None or person is None or row.person_id != person.pk:
        return None
    now_90k = _CLOCK.utc()
    if is_idle(row, now_90k=now_90k) or not constant_time_compare(session.get(_PASSWORD_MARK, ""), _mark(person)):
        return None
    acting = acting_under(person, appointment_id=row.appointment_id, now_90k=now_90k)
    # A session from before there were doors came by a password.
    door = Door(session.get(_DOOR, Door.PASSWORD))
    return SignedIn(acting, row, door, bool(session.get(_IS_PASSWORD_OLD)))


def _is_password_old(person: Person) -> bool:
    now_90k = _CLOCK.utc()
    rules = password_rules.rules_of(policy.in_force(at_90k=now_90k))
    set_at_90k = person.created_at_90k if person.password_set_at_90k is None else person.password_set_at_90k
    return password_rules.is_too_old(set_at_90k=set_at_90k, rules=rules, now_90k=now_90k)


def _mark(person: Person) -> str:
    """A new password ends every session that began under the old one."""
    return salted_hmac("mingjian.people.session", person.password, algorithm="sha256").hexdigest()
