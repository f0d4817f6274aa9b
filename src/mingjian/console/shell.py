"""What every page's frame shows: who acts in which capacity, the rooms that open, what waits, language, theme."""

from typing import Any

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.db import Error as DatabaseError
from django.http import HttpRequest

from mingjian.base.clock import SystemClock
from mingjian.console import media_strings
from mingjian.console.help_texts import HELP
from mingjian.console.notices import notices
from mingjian.console.preferences import theme_of
from mingjian.console.rail import parent, rail
from mingjian.console.security import media_origin
from mingjian.duty import queries as duty
from mingjian.duty.models import Shift
from mingjian.people import narrowing, session
from mingjian.people import queries as people
from mingjian.people.capacity import Acting, appointments_of
from mingjian.people.models import Appointment, Campus, University
from mingjian.registry.publisher import demo_floor_hours

_CLOCK = SystemClock()


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return the frame's context. Asks the database only for a person the page has already asked for."""
    acting = session.known_acting(request)
    context = {
        "acting": acting,
        "is_demo": bool(demo_floor_hours()),
        "languages": settings.LANGUAGES,
        "theme": theme_of(request.COOKIES),
        "here": request.get_full_path(),
        # A part that renews itself takes no message away from the page that is waiting for it.
        "is_part": request.headers.get("HX-Request") == "true",
        "media_url": _media_url(request),
        "media_strings": media_strings.collect,
        "help_text": HELP.get(_route_name(request), ""),
    }
    return context if acting is None else context | _of_person(request, acting)


def _of_person(request: HttpRequest, acting: Acting) -> dict[str, Any]:
    waiting = notices(acting=acting, now_90k=_CLOCK.utc())
    return {
        "university": _university(),
        "capacities": _capacities(acting),
        "shift_now": _shift(acting),
        "rail": rail(acting, path=request.path),
        "parent_page": parent(acting, path=request.path),
        "notices": waiting,
        "notice_count": sum(notice.count for notice in waiting),
        "reached": _reached(acting),
        "chosen_campus": narrowing.chosen_campus(request, acting=acting),
    }


def _route_name(request: HttpRequest) -> str:
    match = request.resolver_match
    return "" if match is None else match.url_name or ""


# The page that tells of a database that is away is about to be shown; its frame must not stumble over the same thing.


def _capacities(acting: Acting) -> list[Appointment]:
    """Return what one may act as; a single appointment leaves nothing to choose but having none."""
    try:
        return list(appointments_of(acting.person, now_90k=_CLOCK.utc()))
    except DatabaseError:
        return []


def _reached(acting: Acting) -> list[Campus]:
    try:
        return people.access_campuses(acting=acting)
    except DatabaseError:
        return []


def _university() -> University | None:
    try:
        return people.university()
    except DatabaseError:
        return None


def _shift(acting: Acting) -> Shift | None:
    try:
        return duty.open_shift(person=acting.person)
    except DatabaseError:
        return None


def _media_url(request: HttpRequest) -> str:
    try:
        return f"{media_origin(request)}/media"
    except DisallowedHost:
        return ""
