"""The left rail: the rooms that this capacity opens, and where among them the reader is."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from mingjian.duty import live
from mingjian.oversight import queries as oversight
from mingjian.people import personnel
from mingjian.people.capacity import Acting
from mingjian.regulation.posts import Post
from mingjian.viewing.rules import has_desk


@dataclass(frozen=True, slots=True)
class RailItem:
    """One room in the rail."""

    label: str
    address: str
    is_current: bool


def rail(acting: Acting, *, path: str) -> list[RailItem]:
    """Return the rooms that open, in the order of a working day; the longest address that fits is where one is."""
    rooms = [(label, address) for label, address, opens in _rooms(acting) if opens]
    where = next((reverse(room) for begins, room in _BELONGING if path.startswith(begins)), path)
    here = max((address for _label, address in rooms if _is_within(where, address)), key=len, default="")
    return [RailItem(label, address, address == here) for label, address in rooms]


def parent(acting: Acting, *, path: str) -> RailItem | None:
    """Return the room that a deeper page belongs to, None on a room's own page: the trail back (面包屑)."""
    current = next((item for item in rail(acting, path=path) if item.is_current), None)
    return None if current is None or current.address == path else current


def is_operator(acting: Acting) -> bool:
    """Say whether shifts are this capacity's business."""
    return Post.OPERATOR in acting.posts


def _rooms(acting: Acting) -> list[tuple[str, str, bool]]:
    return [
        (pgettext("导航", "首页"), reverse("home"), has_home(acting)),
        (_("监控墙"), reverse("wall"), live.is_a_duty_of(acting)),
        (_("查阅办理"), reverse("viewing_desk"), has_desk(acting)),
        (_("查阅登记台账"), reverse("viewing_register"), acting.is_staff),
        (_("录像锁定"), reverse("held_footage"), acting.is_staff),
        (_("摄像机"), reverse("cameras"), acting.is_of_body),
        (_("人员与任命"), reverse("persons"), personnel.keeps_accounts(acting) or personnel.appoints(acting)),
        (_("我的查阅"), reverse("my_viewings"), True),
        (_("投诉办理"), reverse("complaint_desk"), oversight.handles_complaints(acting)),
        (_("疑问单"), reverse("inquiries"), oversight.asks_queries(acting) or oversight.answers_queries(acting)),
        (_("投诉举报"), reverse("complaints"), True),
        (_("操作日志"), reverse("ledger"), True),
        (_("办法条款"), reverse("articles"), True),
        (_("职务委托"), reverse("delegations"), acting.is_of_body),
        (_("我的培训与承诺"), reverse("own_training"), acting.is_of_body),
        (_("我的登录"), reverse("sessions"), True),
    ]


def has_home(acting: Acting) -> bool:
    """Say whether the day of this capacity starts on a page of its own; for others it starts in a room."""
    return start_of_day(acting) == reverse("home")


def start_of_day(acting: Acting) -> str:
    """Return the address where the day of this capacity starts."""
    if acting.post is None:
        return reverse("my_viewings")
    if acting.post is Post.AUDIT_ADMINISTRATOR:
        return reverse("ledger")
    if acting.post is Post.DISCIPLINE_INSPECTOR:
        return reverse("complaint_desk")
    if acting.is_staff and acting.tier != 1 and acting.post in DESK_POSTS:
        return reverse("viewing_desk")
    return reverse("home")


# Pages that stand in a room without their address saying so.
_BELONGING = (
    ("/viewing-sessions/", "viewing_desk"),
    ("/playback/", "my_viewings"),
    ("/staff/", "persons"),
    ("/duty-log/", "ledger"),
    ("/matrix/", "articles"),
    ("/policies/", "articles"),
    ("/readings/", "articles"),
)
# Whose day is other people's requests.
DESK_POSTS = frozenset({Post.REVIEWER, Post.APPROVER, Post.PRINCIPAL, Post.ACTING_PRINCIPAL})


def _is_within(path: str, address: str) -> bool:
    return path == address or (address != "/" and path.startswith(address))
