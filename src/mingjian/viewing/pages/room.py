"""A session as those who do not conduct it see it: the room, the principal's exception, withdrawal, relief."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from mingjian.base.clock import SystemClock
from mingjian.people import telling
from mingjian.people.capacity import Acting
from mingjian.viewing import conducting, queries, usecases
from mingjian.viewing.forms import ExceptionForm, RevocationForm
from mingjian.viewing.models import ViewingSession
from mingjian.viewing.words import PAUSE_CAUSES
from mingjian.viewing.workflow import ALLOWED, Event, PauseCause

_CLOCK = SystemClock()


def room(request: HttpRequest, *, acting: Acting, session_id: str) -> HttpResponse:
    """Show who sits in a session, how it stands, and what this capacity may do about it."""
    return _room(request, acting, queries.access_session(acting=acting, session_id=session_id))


def exception(request: HttpRequest, *, acting: Acting, session_id: str) -> HttpResponse:
    """Take the principal's consent to more than three."""
    session = queries.access_session(acting=acting, session_id=session_id)
    form = ExceptionForm(request.POST)
    if not form.is_valid():
        return _room(request, acting, session, exception_form=form, status=400)
    allowed = usecases.allow_more(
        session=session,
        limit=form.cleaned_data["limit"],
        reason=form.cleaned_data["reason"],
        acting=acting,
        clock=_CLOCK,
    )
    told = {"ticket": session.ticket, "limit": allowed.limit}
    telling.done(request, _("已同意 %(ticket)s 最多 %(limit)d 人同时查阅，理由已记入操作日志。") % told)
    return _back(session)


def revoke(request: HttpRequest, *, acting: Acting, session_id: str) -> HttpResponse:
    """Withdraw the permission: the picture stops at once."""
    session = queries.access_session(acting=acting, session_id=session_id)
    form = RevocationForm(request.POST)
    if not form.is_valid():
        return _room(request, acting, session, revocation_form=form, status=400)
    usecases.withdraw_permission(session=session, reason=form.cleaned_data["reason"], acting=acting, clock=_CLOCK)
    telling.done(request, _("已撤销 %(ticket)s 的查阅许可，画面已停止。") % {"ticket": session.ticket})
    return _back(session)


def take_over(request: HttpRequest, *, acting: Acting, session_id: str) -> HttpResponse:
    """Become the operator of a session whose own is gone."""
    session = queries.access_session(acting=acting, session_id=session_id)
    usecases.take_over(session=session, acting=acting, clock=_CLOCK)
    told = {"ticket": session.ticket}
    telling.done(request, _("已接手 %(ticket)s 的监督。请先核对在场人员，再点“继续”。") % told)
    return HttpResponseRedirect(reverse("supervised_session", args=[session.pk]))


def _back(session: ViewingSession) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("viewing_room", args=[session.pk]))


def _room(
    request: HttpRequest,
    acting: Acting,
    session: ViewingSession,
    *,
    exception_form: ExceptionForm | None = None,
    revocation_form: RevocationForm | None = None,
    status: int = 200,
) -> HttpResponse:
    now_90k = _CLOCK.utc()
    state = session.status_at(now_90k=now_90k)
    limit = conducting.limit_of(session)
    more = conducting.may_allow_more(acting=acting, held=session, limit=limit + 1, reason="?")
    relief = conducting.may_take_over(acting=acting, held=session, now_90k=now_90k)
    revocation = conducting.may_revoke(acting=acting, held=session, now_90k=now_90k)
    context = {
        "session": session,
        "status": state.value,
        "viewers": queries.viewers_present(session),
        "limit": limit,
        "exception": getattr(session, "exception", None),
        "is_own": session.person_id == acting.person.pk,
        "is_unattended": Event.TAKE_OVER in ALLOWED[state] and conducting.is_unattended(session, now_90k=now_90k),
        "pause_words": PAUSE_CAUSES[PauseCause(session.pause_cause)] if session.pause_cause else "",
        "may_allow": more.allowed and Event.REVOKE in ALLOWED[state],
        "may_revoke": revocation.allowed and Event.REVOKE in ALLOWED[state],
        "may_take_over": relief.allowed and Event.TAKE_OVER in ALLOWED[state] and session.person_id != acting.person.pk,
        "relief_reasons": () if relief.allowed else relief.reasons,
        "exception_form": exception_form or ExceptionForm(),
        "revocation_form": revocation_form or RevocationForm(),
    }
    return render(request, "viewing/room.html", context, status=status)
