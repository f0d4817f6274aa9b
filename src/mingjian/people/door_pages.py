"""The doors outside, over HTTP: sent away to CAS or an OpenID provider, come back; the directory's own form."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from mingjian.base.clock import SystemClock
from mingjian.people import arriving, begun, cas, doors, oidc, outside, session
from mingjian.people.begun import Begun
from mingjian.people.capacity import Acting
from mingjian.people.doors import Cas, Door, DoorError, Doors, Oidc
from mingjian.people.forms import SignInForm
from mingjian.people.proving import site_of
from mingjian.people.usecases import SignInOutcome, SignInRefusal

log = logging.getLogger(__name__)
_CLOCK = SystemClock()
# What whoever keeps the doors has to look at; the rest is a person's own matter.
_TO_BE_MENDED = frozenset({"people.door_away", "people.door_certificate", "people.door_answer", "people.door_secret"})
# What counts against an address as a wrong password does. A server that is down counts against nobody.
_WRONG = frozenset({"people.door_stale", "people.door_ticket"})


def standing() -> Doors:
    """Return the doors that the settings open; what is wrong with the others is logged once."""
    return _read(tuple(sorted(settings.SIGN_IN_DOORS.items())))


def offered() -> list[tuple[str, str]]:
    """Return address and words of every door outside that stands open."""
    found = standing()
    words = {
        "cas_begin": (found.cas, _("统一身份认证（CAS）登录")),
        "oidc_begin": (found.oidc, _("学校账号（OIDC）登录")),
        "ldap_sign_in": (found.ldap, _("学校目录（LDAP）密码登录")),
    }
    return [(reverse(name), label) for name, (door, label) in words.items() if door is not None]


def cas_begin(request: HttpRequest) -> HttpResponse:
    """Send the browser to the campus's CAS."""
    door = _cas()
    return _sent_away(request, Door.CAS, lambda left: cas.sign_in_url(door, service=_service(request, left)))


def cas_back(request: HttpRequest) -> HttpResponse:
    """Ask CAS about the ticket that the browser brings back, once, and let its person in."""
    door = _cas()
    return _come_back(
        request,
        Door.CAS,
        lambda left: cas.username_of(door, ticket=request.GET.get("ticket", ""), service=_service(request, left)),
    )


def oidc_begin(request: HttpRequest) -> HttpResponse:
    """Send the browser to the OpenID provider."""
    door = _oidc()
    return _sent_away(
        request, Door.OIDC, lambda left: oidc.sign_in_url(door, begun=_for_oidc(request, left), clock=_CLOCK)
    )


def oidc_back(request: HttpRequest) -> HttpResponse:
    """Change the code that the browser brings back for an ID token, and let its person in."""
    door = _oidc()

    def username(left: Begun) -> str:
        if request.GET.get("error"):
            raise DoorError("people.door_declined", door=Door.OIDC)
        return oidc.username_of(
            door,
            code=request.GET.get("code", ""),
            issuer=request.GET.get("iss", ""),
            begun=_for_oidc(request, left),
            clock=_CLOCK,
        )

    return _come_back(request, Door.OIDC, username)


def ldap_sign_in(request: HttpRequest) -> HttpResponse:
    """Show the directory's form, or try the password there and go where the person wanted to go."""
    door = standing().ldap
    if door is None:
        raise Http404
    wanted = arriving.wanted_of(request)
    form = SignInForm(request.POST or None)
    shown = {"form": form, "next": wanted, "is_directory": True, "doors": ()}
    if request.method != "POST":
        return render(request, "people/sign_in.html", shown)
    if not form.is_valid():
        return render(request, "people/sign_in.html", shown, status=400)
    arriving.require_patience(request)
    with _logged(Door.LDAP):
        outcome = outside.sign_in_by_directory(
            ldap=door, typed=form.cleaned_data["username"], password=form.cleaned_data["password"], clock=_CLOCK
        )
    if outcome.acting is None:
        arriving.note_wrong(request)
        form.add_error(None, arriving.refusal_text())
        return render(request, "people/sign_in.html", shown, status=403)
    session.begin(request, acting=outcome.acting, door=Door.LDAP)
    return HttpResponseRedirect(arriving.onward(request, acting=outcome.acting, wanted=wanted))


@lru_cache(maxsize=8)
def _read(written: tuple[tuple[str, str], ...]) -> Doors:
    found = doors.read(dict(written))
    for setting in found.faults:
        log.error("a door of sign-in stays shut", extra={"setting": setting})
    return found


def _cas() -> Cas:
    door = standing().cas
    if door is None:
        raise Http404
    return door


def _oidc() -> Oidc:
    door = standing().oidc
    if door is None:
        raise Http404
    return door


def _service(request: HttpRequest, left: Begun) -> str:
    """Return what CAS knows us by: our own address and what ties the ticket to this browser, nothing else."""
    return f"{site_of(request).origin}{reverse('cas_back')}?{urlencode({'state': left.state})}"


def _for_oidc(request: HttpRequest, left: Begun) -> oidc.Begun:
    return oidc.Begun(left.state, left.nonce, left.verifier, f"{site_of(request).origin}{reverse('oidc_back')}")


def _sent_away(request: HttpRequest, door: Door, address: Callable[[Begun], str]) -> HttpResponse:
    left = begun.begin(door=door, wanted=arriving.wanted_of(request))
    with _logged(door):
        response = HttpResponseRedirect(address(left))
    begun.keep(response, left)
    return response


def _come_back(request: HttpRequest, door: Door, username: Callable[[Begun], str]) -> HttpResponse:
    arriving.require_patience(request)
    try:
        with _logged(door):
            left = begun.found(request, door=door)
            outcome = outside.sign_in(username=username(left), door=door, clock=_CLOCK)
            acting = _let_in(outcome, door)
    except DoorError as error:
        if error.code in _WRONG:
            arriving.note_wrong(request)
        raise
    session.begin(request, acting=acting, door=door)
    onward = arriving.onward(request, acting=acting, wanted=left.wanted)
    # A page and no redirect: the browser sends the strict cookie of the session only on a way that began here.
    response = render(request, "people/arrived.html", {"onward": onward})
    begun.forget(response)
    return response


def _let_in(outcome: SignInOutcome, door: Door) -> Acting:
    if outcome.acting is None:
        is_locked = outcome.refusal is SignInRefusal.LOCKED
        raise DoorError("people.door_locked" if is_locked else "people.door_no_account", door=door)
    return outcome.acting


@contextmanager
def _logged(door: Door) -> Iterator[None]:
    try:
        yield
    except DoorError as error:
        level = logging.WARNING if error.code in _TO_BE_MENDED else logging.INFO
        told = {"door": str(door), "code": error.code, "reason": error.facts.get("reason", "")}
        log.log(level, "a door of sign-in did not open", extra=told)
        raise
