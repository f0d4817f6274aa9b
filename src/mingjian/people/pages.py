"""Signing in and out over HTTP, the acting capacity, and one's own sessions."""

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from mingjian.base import ids, ticks
from mingjian.base.clock import SystemClock
from mingjian.people import (
    accounts,
    arriving,
    consoles,
    door_pages,
    password_rules,
    policy,
    queries,
    session,
    telling,
    usecases,
    web_sessions,
    withheld,
)
from mingjian.people.capacity import Acting, appointments_of
from mingjian.people.doors import Door
from mingjian.people.forms import OwnPasswordForm, SignInForm
from mingjian.people.models import Appointment, WebSession
from mingjian.people.templatetags.civil import instant
from mingjian.regulation.posts import Post

_CLOCK = SystemClock()
CONSOLE_COOKIE_AGE_S = 365 * 24 * 3600


def sign_in(request: HttpRequest) -> HttpResponse:
    """Show the form and the doors outside, or compare what was typed and go where the person wanted to go."""
    wanted = arriving.wanted_of(request)
    shown = {"form": SignInForm(), "next": wanted, "doors": door_pages.offered()}
    if request.method != "POST":
        if session.acting_of(request) is not None:
            return HttpResponseRedirect(wanted)
        return render(request, "people/sign_in.html", shown)
    form = shown["form"] = SignInForm(request.POST)
    if not form.is_valid():
        return render(request, "people/sign_in.html", shown, status=400)
    arriving.require_patience(request)
    outcome = usecases.sign_in(
        username=form.cleaned_data["username"], password=form.cleaned_data["password"], clock=_CLOCK
    )
    if outcome.acting is None:
        arriving.note_wrong(request)
        form.add_error(None, arriving.refusal_text())
        return render(request, "people/sign_in.html", shown, status=403)
    session.begin(request, acting=outcome.acting, door=Door.PASSWORD)
    return HttpResponseRedirect(arriving.onward(request, acting=outcome.acting, wanted=wanted))


def sign_out(request: HttpRequest, *, acting: Acting) -> HttpResponse:
    """Record the leaving and forget the session."""
    usecases.sign_out(acting=acting, key_hash=_own(request).pk, clock=_CLOCK)
    session.end(request)
    return HttpResponseRedirect(settings.LOGIN_URL)


def capacity(request: HttpRequest, *, acting: Acting) -> HttpResponse:
    """Show the capacities there are, or go on in the one chosen: an appointment's id, empty for none."""
    wanted = arriving.wanted_of(request)
    if request.method == "POST":
        chosen = _id_or_none(request.POST.get("appointment", ""))
        withheld.require_in_hand(acting=acting, appointment_id=chosen, path=request.path, clock=_CLOCK)
        now = web_sessions.choose_capacity(acting=acting, session=_own(request), appointment_id=chosen, clock=_CLOCK)
        telling.done(request, _("现在以%(capacity)s身份办理。") % {"capacity": now.label})
        return HttpResponseRedirect(wanted)
    return render(
        request,
        "people/capacity.html",
        {
            "appointments": _appointments(acting),
            "withheld": withheld.appointments(acting=acting, now_90k=_CLOCK.utc()),
            "why_withheld": withheld.words(),
            "next": wanted,
        },
    )


def own_password(request: HttpRequest, *, acting: Acting) -> HttpResponse:
    """Change one's own password; this session goes on, all others end."""
    book = policy.in_force(at_90k=_CLOCK.utc())
    rules = password_rules.rules_of(book)
    form = OwnPasswordForm(request.POST or None, username=acting.person.username, rules=rules)
    must = session.owes_password(request)
    if request.method != "POST" or not form.is_valid():
        status = 400 if request.method == "POST" else 200
        shown = {"form": form, "must": must, "is_one_time": acting.person.must_change_password}
        return render(request, "people/own_password.html", shown | {"days": book.value("password_age")}, status=status)
    person = accounts.change_own_password(
        acting=acting,
        session=_own(request),
        old=form.cleaned_data["old"],
        new=form.cleaned_data["new"],
        clock=_CLOCK,
    )
    session.remember_password(request, person=person)
    telling.done(request, _("密码已更改，其他地方的登录已结束。"))
    if must and withheld.appointments(acting=acting, now_90k=_CLOCK.utc()):
        return HttpResponseRedirect(reverse("capacity"))
    return HttpResponseRedirect("/" if must else reverse("sessions"))


def sessions(request: HttpRequest, *, acting: Acting) -> HttpResponse:
    """List one's own web sessions, for as long as their browsers may still carry them."""
    now_90k = _CLOCK.utc()
    since_90k = now_90k - settings.SESSION_COOKIE_AGE * ticks.TICKS_PER_S
    listed = [
        {"session": found, "is_idle": session.is_idle(found, now_90k=now_90k), "is_this": found == _own(request)}
        for found in queries.access_own_sessions(acting=acting, seen_since_90k=since_90k)[:100]
    ]
    is_operator = Post.OPERATOR in acting.posts
    idle_minutes = policy.in_force(at_90k=now_90k).value("idle_time")
    return render(
        request,
        "people/sessions.html",
        {"sessions": listed, "is_operator": is_operator, "idle_minutes": idle_minutes},
    )


def end_session(request: HttpRequest, *, acting: Acting, key_hash: str) -> HttpResponse:
    """End one of one's own sessions; ending this very one leads to the sign-in page."""
    ended = queries.access_own_session(acting=acting, key_hash=key_hash)
    web_sessions.end_own(acting=acting, session=ended, clock=_CLOCK)
    if ended == _own(request):
        session.end(request)
        return HttpResponseRedirect(settings.LOGIN_URL)
    told = {"device": ended.device or "—", "at": instant(ended.begun_at_90k)}
    telling.done(request, _("已结束 %(at)s 在%(device)s上的登录。") % told)
    return HttpResponseRedirect(reverse("sessions"))


def register_console(request: HttpRequest, *, acting: Acting) -> HttpResponse:
    """Make this machine a registered one of the control room."""
    code = request.POST.get("code", "").strip()
    token = consoles.register_console(acting=acting, session=_own(request), code=code, clock=_CLOCK)
    telling.done(request, _("本机已登记为控制室终端。"))
    response = HttpResponseRedirect(reverse("sessions"))
    response.set_cookie(
        session.CONSOLE_COOKIE,
        token,
        max_age=CONSOLE_COOKIE_AGE_S,
        samesite="Strict",
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


def _own(request: HttpRequest) -> WebSession:
    """Return the session of a request that a route let in."""
    found = session.signed_in(request)
    if found is None:
        raise AssertionError("a route lets in nobody who is not signed in")
    return found.session


def _appointments(acting: Acting) -> QuerySet[Appointment]:
    return appointments_of(acting.person, now_90k=_CLOCK.utc())


def _id_or_none(text: str) -> str | None:
    """Return the appointment's id, None for no appointment. Raises Http404 for what is no id."""
    if text and not ids.is_id(text):
        raise Http404
    return text or None
