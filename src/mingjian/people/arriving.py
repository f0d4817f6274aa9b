"""What every way of signing in shares: the brake, the words of a refusal, and where somebody goes from there."""

from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from mingjian.base.clock import SystemClock
from mingjian.people import policy, session
from mingjian.people.attempts import Brake
from mingjian.people.capacity import Acting, held_by

_CLOCK = SystemClock()
_BRAKE = Brake()


def require_patience(request: HttpRequest) -> None:
    """Raise TooManyAttempts when the caller's address has used up its wrong attempts."""
    _BRAKE.require(request.META.get("REMOTE_ADDR", ""), now_90k=_CLOCK.monotonic())


def note_wrong(request: HttpRequest) -> None:
    """Count a wrong attempt of the caller's address."""
    _BRAKE.note(request.META.get("REMOTE_ADDR", ""), now_90k=_CLOCK.monotonic())


def wanted_of(request: HttpRequest) -> str:
    """Return the local address that the request says somebody wanted to go to."""
    return safe_next(request, request.POST.get("next") or request.GET.get("next") or "")


def safe_next(request: HttpRequest, wanted: str) -> str:
    """Return the local address somebody wanted to go to, or the home page; never another site."""
    is_local = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=False)
    return wanted if wanted.startswith("/") and is_local else "/"


def onward(request: HttpRequest, *, acting: Acting, wanted: str) -> str:
    """Return where somebody who has just signed in goes: to a password of their own, to a capacity, or on."""
    if session.owes_password(request):
        return reverse("own_password")
    is_to_choose = acting.appointment is None and held_by(acting.person, now_90k=_CLOCK.utc()).exists()
    return f"{reverse('capacity')}?{urlencode({'next': wanted})}" if is_to_choose else wanted


def refusal_text() -> str:
    """Say why nobody was signed in and what to do: the same for an unknown name, a wrong password and a lock."""
    book = policy.in_force(at_90k=_CLOCK.utc())
    return _(
        "用户名或密码不正确，或账号已锁定。请核对后重新输入；连续输错 %(times)s 次锁定 %(minutes)s 分钟，"
        "其间正确的密码也不能登录。急需使用的，请联系平台系统管理员。"
    ) % {"times": book.value("lock_out_after"), "minutes": book.value("lock_out_time")}
