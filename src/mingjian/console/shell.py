"""What every page's frame shows: who acts in which capacity, the rooms that open, language, theme, media address."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.db import Error as DatabaseError
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from mingjian.base.clock import SystemClock
from mingjian.console import media_strings
from mingjian.console.preferences import theme_of
from mingjian.console.security import media_origin
from mingjian.duty import queries as duty
from mingjian.duty.models import Shift
from mingjian.people import session
from mingjian.people.capacity import Acting, appointments_of
from mingjian.people.models import Appointment
from mingjian.registry.publisher import demo_floor_hours
from mingjian.regulation.posts import Post
from mingjian.regulation.rules.live import LEADERS
from mingjian.viewing.rules import has_desk

_CLOCK = SystemClock()


@dataclass(frozen=True, slots=True)
class RailItem:
    """One room in the rail."""

    label: str
    address: str
    is_current: bool


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return the frame's context. Asks the database only for a person the page has already asked for."""
    acting = session.known_acting(request)
    return {
        "acting": acting,
        "capacities": _capacities(acting),
        "shift_now": _shift(acting),
        "rail": _rail(request, acting),
        "is_demo": bool(demo_floor_hours()),
        "languages": settings.LANGUAGES,
        "theme": theme_of(request.COOKIES),
        "here": request.get_full_path(),
        "media_url": _media_url(request),
        "media_strings": media_strings.collect,
    }


def _rail(request: HttpRequest, acting: Acting | None) -> list[RailItem]:
    if acting is None:
        return []
    is_operator = acting.is_staff and Post.OPERATOR in acting.posts
    rooms = [
        (pgettext("导航", "首页"), reverse("home"), True),
        (_("监控墙"), reverse("wall"), is_operator or (acting.is_staff and not LEADERS.isdisjoint(acting.posts))),
        (_("我的查阅"), reverse("my_viewings"), True),
        (_("查阅办理"), reverse("viewing_desk"), has_desk(acting)),
        (_("查阅登记台账"), reverse("viewing_register"), acting.is_staff),
        (_("录像锁定"), reverse("held_footage"), acting.is_staff),
        (_("摄像机"), reverse("cameras"), acting.is_staff),
        (_("操作日志"), reverse("ledger"), True),
        (_("办法条款"), reverse("articles"), True),
        (_("我的登录"), reverse("sessions"), True),
    ]
    return [RailItem(label, address, _is_current(request.path, address)) for label, address, opens in rooms if opens]


def _is_current(path: str, address: str) -> bool:
    return path == address or (address != "/" and path.startswith(address))


def _capacities(acting: Acting | None) -> list[Appointment]:
    """Return what one may act as; a single appointment leaves nothing to choose but having none."""
    if acting is None:
        return []
    try:
        return list(appointments_of(acting.person, now_90k=_CLOCK.utc()))
    except DatabaseError:
        return []


def _shift(acting: Acting | None) -> Shift | None:
    if acting is None:
        return None
    try:
        return duty.open_shift(person=acting.person)
    except DatabaseError:
        # The page that says so is about to be shown; its frame must not stumble over the same thing.
        return None


def _media_url(request: HttpRequest) -> str:
    try:
        return f"{media_origin(request)}/media"
    except DisallowedHost:
        return ""
