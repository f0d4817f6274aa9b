"""The acts of the session's operator on the console; each leads back to it, and says there what went wrong."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from mingjian.base import ticks
from mingjian.base.clock import SystemClock
from mingjian.people import telling
from mingjian.people.capacity import Acting
from mingjian.people.telling import Undo
from mingjian.people.templatetags.civil import clock_time
from mingjian.viewing import queries, usecases
from mingjian.viewing.conducting import IdCheck
from mingjian.viewing.forms import AdmitForm, ClosingForm, ClueForm, PauseForm, RowForm, SegmentForm
from mingjian.viewing.models import Segment, ViewingSession
from mingjian.viewing.pages import console as page
from mingjian.viewing.words import HoldChoice, Result
from mingjian.viewing.workflow import PauseCause

_CLOCK = SystemClock()


def console(request: HttpRequest, *, acting: Acting, session_id: str) -> HttpResponse:
    """Show the picture under its watermark, who is in the room, and what may be done."""
    return page.show(request, _supervised(acting, session_id), acting=acting)


def segment(request: HttpRequest, *, acting: Acting, session_id: str) -> HttpResponse:
    """Mark a segment for showing."""
    session = _supervised(acting, session_id)
    form = SegmentForm(request.POST)
    if not form.is_valid():
        return page.show(request, session, acting=acting, segment_form=form, status=400)
    segment = usecases.mark_segment(
        session=session,
        camera_id=str(form.cleaned_data["camera"]),
        start_90k=ticks.parse_iso(form.cleaned_data["start"]),
        end_90k=ticks.parse_iso(form.cleaned_data["end"]),
        note=form.cleaned_data["note"],
        acting=acting,
        clock=_CLOCK,
    )
    undo = Undo(reverse("unmark_segment", args=[session.pk]), (("row", str(segment.pk)),))
    telling.done(request, _("已标记%(camera)s %(start)s–%(end)s 供出示。") % _spoken(segment), undo=undo)
    return _back(session, query=f"?camera={form.cleaned_data['camera']}")


def remove_segment(request: HttpRequest, *, acting: Acting, session_id: str) -> HttpResponse:
    """Take a mark back."""
    session = _supervised(acting, session_id)
    segment = usecases.remove_segment(session=session, segment_id=_row(request), acting=acting, clock=_CLOCK)
    again = (
        ("camera", str(segment.camera_id)),
        ("start", page.civil(segment.start_90k)),
        ("end", page.civil(segment.end_90k)),
        ("note", segment.note),
    )
    undo = Undo(reverse("mark_segment", args=[session.pk]), again)
    telling.done(request, _("已取消标记：%(camera)s %(start)s–%(end)s。") % _spoken(segment), undo=undo)
    return _back(session)


def begin_showing(request: HttpRequest, *, acting: Acting, session_id: str) -> HttpResponse:
    """Go over to showing."""
    session = _supervised(acting, session_id)
    usecases.begin_showing(session=session, acting=acting, clock=_CLOCK)
    telling.done(request, _("已转入出示，只能播放标记的片段。可以请查阅人入场。"))
    return _back(session)


def search_again(request: HttpRequest, *, acting: Acting, session_id: str) -> HttpResponse:
    """Go back to searching."""
    session = _supervised(acting, session_id)
    usecases.search_again(session=session, acting=acting, clock=_CLOCK)
    telling.done(request, _("已回到检索，出示已停止。"))
    return _back(session)


def admit(request: HttpRequest, *, acting: Acting, session_id: str) -> HttpResponse:
    """Let an applicant in."""
    session = _supervised(acting, session_id)
    form = AdmitForm(request.POST)
    if not form.is_valid():
        return page.show(request, session, acting=acting, admit_form=form, status=400)
    answers = form.cleaned_data
    application = queries.access_application(acting=acting, application_id=str(answers["application"]))
    check = IdCheck(
        kind=answers["id_kind"],
        last4=answers["id_last4"],
        is_pledged=answers["is_pledged"],
        are_phones_away=answers["are_phones_away"],
    )
    usecases.admit(session=session, application=application, check=check, acting=acting, clock=_CLOCK)
    told = {"name": application.applicant.display_name, "ticket": application.ticket}
    telling.done(request, _("%(name)s（申请 %(ticket)s）已核对证件、入场。") % told)
    return _back(session)


def let_out(request: HttpRequest, *, acting: Acting, session_id: str) -> HttpResponse:
    """Note that a viewer has left."""
    session = _supervised(acting, session_id)
    seat = usecases.let_out(session=session, viewer_id=_row(request), acting=acting, clock=_CLOCK)
    told = {"name": seat.applicant.display_name, "at": clock_time(seat.left_at_90k)}
    telling.done(request, _("%(name)s %(at)s 离场。") % told)
    return _back(session)


def mark(request: HttpRequest, *, acting: Acting, session_id: str) -> HttpResponse:
    """Mark an instant of the footage."""
    session = _supervised(acting, session_id)
    form = ClueForm(request.POST)
    if not form.is_valid():
        return page.show(request, session, acting=acting, clue_form=form, status=400)
    clue = usecases.mark_clue(
        session=session,
        camera_id=str(form.cleaned_data["camera"]),
        at_90k=ticks.parse_iso(form.cleaned_data["at"]),
        note=form.cleaned_data["note"],
        acting=acting,
        clock=_CLOCK,
    )
    told = {"camera": clue.camera.name, "at": clock_time(clue.at_90k)}
    telling.done(request, _("已记下疑似线索：%(camera)s %(at)s。") % told)
    return _back(session, query=f"?camera={form.cleaned_data['camera']}")


def pause(request: HttpRequest, *, acting: Acting, session_id: str) -> HttpResponse:
    """Stop showing until somebody goes on by hand. One that is paused already stays so."""
    session = _supervised(acting, session_id)
    form = PauseForm(request.POST)
    if session.paused_at_90k is None:
        cause = form.cleaned_data["cause"] if form.is_valid() else ""
        usecases.pause(session=session, cause=PauseCause(cause or PauseCause.OPERATOR), acting=acting, clock=_CLOCK)
        telling.done(request, _("已暂停，画面已停止；点“继续”恢复。"))
    return _back(session)


def resume(request: HttpRequest, *, acting: Acting, session_id: str) -> HttpResponse:
    """Go on showing."""
    session = _supervised(acting, session_id)
    usecases.resume(session=session, acting=acting, clock=_CLOCK)
    telling.done(request, _("已继续。"))
    return _back(session)


def attend(request: HttpRequest, *, acting: Acting, session_id: str) -> HttpResponse:
    """Take the page's word that a hand was felt."""
    usecases.note_attended(session=_supervised(acting, session_id), acting=acting, clock=_CLOCK)
    return HttpResponse(status=204)


def close(request: HttpRequest, *, acting: Acting, session_id: str) -> HttpResponse:
    """End the session with its result."""
    session = _supervised(acting, session_id)
    form = ClosingForm(request.POST)
    if not form.is_valid():
        return page.show(request, session, acting=acting, closing_form=form, status=400)
    usecases.close_session(
        session=session,
        result=Result(form.cleaned_data["result"]),
        note=form.cleaned_data["note"],
        hold=HoldChoice(form.cleaned_data["hold"]),
        acting=acting,
        clock=_CLOCK,
    )
    told = {"ticket": session.ticket, "result": Result(form.cleaned_data["result"]).label}
    telling.done(request, _("已结束申请 %(ticket)s 的查阅，结果：%(result)s。") % told)
    return HttpResponseRedirect(reverse("viewing_register"))


def _spoken(segment: Segment) -> dict[str, str]:
    return {
        "camera": segment.camera.name,
        "start": clock_time(segment.start_90k),
        "end": clock_time(segment.end_90k),
    }


def _supervised(acting: Acting, session_id: str) -> ViewingSession:
    session = queries.access_own_session(person=acting.person, session_id=session_id)
    if session.application_id is None:
        raise Http404
    return session


def _row(request: HttpRequest) -> str:
    form = RowForm(request.POST)
    if not form.is_valid():
        raise Http404
    return str(form.cleaned_data["row"])


def _back(session: ViewingSession, *, query: str = "") -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("supervised_session", args=[session.pk]) + query)
