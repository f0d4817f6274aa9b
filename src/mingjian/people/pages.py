"""Signing in and out over HTTP."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from mingjian.base import ticks
from mingjian.base.clock import SystemClock
from mingjian.people import session, usecases
from mingjian.people.forms import SignInForm
from mingjian.people.models import Person
from mingjian.people.usecases import SignInOutcome, SignInRefusal

_CLOCK = SystemClock()


def sign_in(request: HttpRequest) -> HttpResponse:
    """Show the form, or compare what was typed and go where the person wanted to go."""
    wanted = safe_next(request, request.POST.get("next") or request.GET.get("next") or "")
    if request.method != "POST":
        if session.person_of(request) is not None:
            return HttpResponseRedirect(wanted)
        return render(request, "people/sign_in.html", {"form": SignInForm(), "next": wanted})
    form = SignInForm(request.POST)
    if not form.is_valid():
        return render(request, "people/sign_in.html", {"form": form, "next": wanted}, status=400)
    outcome = usecases.sign_in(
        username=form.cleaned_data["username"], password=form.cleaned_data["password"], clock=_CLOCK
    )
    if outcome.person is None:
        form.add_error(None, refusal_text(outcome))
        return render(request, "people/sign_in.html", {"form": form, "next": wanted}, status=403)
    session.begin(request, person=outcome.person)
    return HttpResponseRedirect(wanted)


def sign_out(request: HttpRequest, *, person: Person) -> HttpResponse:
    """Record the leaving and forget the session."""
    usecases.sign_out(person=person, clock=_CLOCK)
    session.end(request)
    return HttpResponseRedirect(settings.LOGIN_URL)


def refusal_text(outcome: SignInOutcome) -> str:
    """Say why nobody was signed in and what to do. An unknown name and a wrong password read the same."""
    if outcome.refusal is SignInRefusal.LOCKED and outcome.locked_until_90k is not None:
        until = ticks.to_datetime(outcome.locked_until_90k).astimezone(ticks.CIVIL_ZONE)
        return _("密码连续输错，账号已锁定至 %(time)s。请届时再试，或联系平台系统管理员。") % {
            "time": until.strftime("%H:%M:%S")
        }
    return _("用户名或密码不正确。请核对后重新输入；连续输错五次将锁定十五分钟。")


def safe_next(request: HttpRequest, wanted: str) -> str:
    """Return the local address somebody wanted to go to, or the home page; never another site."""
    is_local = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=False)
    return wanted if wanted.startswith("/") and is_local else "/"
