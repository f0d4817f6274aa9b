"""The acts of the session's operator on the console; each leads back to it, and says there what went wrong."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from mingjian.base import ticks
from mingjian.base.clock import SystemClock
from mingjian.people.capacity import Acting
from mingjian.viewing import queries, usecases
from mingjian.viewing.conducting import IdCheck
from mingjian.viewing.forms import AdmitForm, ClosingForm, ClueForm, PauseForm, RowForm, SegmentForm
from mingjian.viewing.models import ViewingSession
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
    usecases.mark_segment(
        session=session,
        camera_id=str(form.cleaned_data["camera"]),
        start_90k=ticks.parse_iso(form.cleaned_data["start"]),
        end_90k=ticks.parse_iso(form.cleaned_data["end"]),
        note=form.cleaned_data["note"],
        acting=acting,
        clock=_CLOCK,
    )
    return _back(session, query=f"?camera={form.cleaned_data['camera']}")


def remove_segment(request: HttpRequest, *, acting: Acting, session_id: str) -> HttpResponse:
    """Take a mark back."""
    session = _supervised(acting, session_id)
    usecases.remove_segment(session=session, segment_id=_row(request), acting=acting, clock=_CLOCK)
    return _back(session)


def begin_showing(request: HttpRequest, *, acting: Acting, session_id: str) -> HttpResponse:
    """Go over to showing."""
    session = _supervised(acting, session_id)
    usecases.begin_showing(session=session, acting=acting, clock=_CLOCK)
    return _back(session)


def search_again(request: HttpRequest, *, acting: Acting, session_id: str) -> HttpResponse:
    """Go back to searching."""
    session = _supervised(acting, session_id)
    usecases.search_again(session=session, acting=acting, clock=_CLOCK)
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
    return _back(session)


def let_out(request: HttpRequest, *, acting: Acting, session_id: str) -> HttpResponse:
    """Note that a viewer has left."""
    session = _supervised(acting, session_id)
    usecases.let_out(session=session, viewer_id=_row(request), acting=acting, clock=_CLOCK)
    return _back(session)


def mark(request: HttpRequest, *, acting: Acting, session_id: str) -> HttpResponse:
    """Mark an instant of the footage."""
    session = _supervised(acting, session_id)
    form = ClueForm(request.POST)
    if not form.is_valid():
        return page.show(request, session, acting=acting, clue_form=form, status=400)
    usecases.mark_clue(
        session=session,
        camera_id=str(form.cleaned_data["camera"]),
        at_90k=ticks.parse_iso(form.cleaned_data["at"]),
        note=form.cleaned_data["note"],
        acting=acting,
        clock=_CLOCK,
    )
    return _back(session, query=f"?camera={form.cleaned_data['camera']}")


def pause(request: HttpRequest, *, acting: Acting, session_id: str) -> HttpResponse:
    """Stop showing until somebody goes on by hand. One that is paused already stays so."""
    session = _supervised(acting, session_id)
    form = PauseForm(request.POST)
    if session.paused_at_90k is None:
        cause = form.cleaned_data["cause"] if form.is_valid() else ""
        usecases.pause(session=session, cause=PauseCause(cause or PauseCause.OPERATOR), acting=acting, clock=_CLOCK)
    return _back(session)


def resume(request: HttpRequest, *, acting: Acting, session_id: str) -> HttpResponse:
    """Go on showing."""
    session = _supervised(acting, session_id)
    usecases.resume(session=session, acting=acting, clock=_CLOCK)
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
    return HttpResponseRedirect(reverse("viewing_register"))


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
