"""The supervised session on the operator's console, and the principal's exception."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from mingjian.base import ticks
from mingjian.base.clock import SystemClock
from mingjian.people import acts
from mingjian.people.capacity import Acting
from mingjian.viewing import judging, queries, usecases
from mingjian.viewing.forms import AdmitForm, ClosingForm, ClueForm, ExceptionForm
from mingjian.viewing.models import ViewingSession
from mingjian.viewing.pages.deciding import id_check
from mingjian.viewing.words import HoldChoice, Result
from mingjian.viewing.workflow import Status

_CLOCK = SystemClock()


def console(request: HttpRequest, *, acting: Acting, session_id: str) -> HttpResponse:
    """Show the picture under its watermark, who is in the room, and what may be done."""
    session = _supervised(acting, session_id)
    return _console(request, session)


def admit(request: HttpRequest, *, acting: Acting, session_id: str) -> HttpResponse:
    """Let one more applicant in."""
    session = _supervised(acting, session_id)
    form = AdmitForm(request.POST)
    if not form.is_valid():
        return _console(request, session, admit_form=form, status=400)
    application = queries.access_application(acting=acting, application_id=str(form.cleaned_data["application"]))
    usecases.admit(
        session=session, application=application, check=id_check(form.cleaned_data), acting=acting, clock=_CLOCK
    )
    return _back(session)


def mark(request: HttpRequest, *, acting: Acting, session_id: str) -> HttpResponse:
    """Mark an instant of the footage."""
    session = _supervised(acting, session_id)
    form = ClueForm(request.POST)
    if not form.is_valid():
        return _console(request, session, clue_form=form, status=400)
    usecases.mark_clue(
        session=session,
        camera_id=str(form.cleaned_data["camera"]),
        at_90k=ticks.parse_iso(form.cleaned_data["at"]),
        note=form.cleaned_data["note"],
        actor=acts.of(acting),
        clock=_CLOCK,
    )
    return HttpResponseRedirect(
        f"{reverse('supervised_session', args=[session.pk])}?camera={form.cleaned_data['camera']}"
    )


def pause(request: HttpRequest, *, acting: Acting, session_id: str) -> HttpResponse:
    """Stop showing for a while."""
    session = _supervised(acting, session_id)
    usecases.pause(session=session, actor=acts.of(acting), clock=_CLOCK)
    return _back(session)


def resume(request: HttpRequest, *, acting: Acting, session_id: str) -> HttpResponse:
    """Go on showing."""
    session = _supervised(acting, session_id)
    usecases.resume(session=session, actor=acts.of(acting), clock=_CLOCK)
    return _back(session)


def close(request: HttpRequest, *, acting: Acting, session_id: str) -> HttpResponse:
    """End the session with its result."""
    session = _supervised(acting, session_id)
    form = ClosingForm(request.POST)
    if not form.is_valid():
        return _console(request, session, closing_form=form, status=400)
    usecases.close_session(
        session=session,
        result=Result(form.cleaned_data["result"]),
        note=form.cleaned_data["note"],
        hold=HoldChoice(form.cleaned_data["hold"]),
        actor=acts.of(acting),
        clock=_CLOCK,
    )
    return HttpResponseRedirect(reverse("viewing_register"))


def exception(request: HttpRequest, *, acting: Acting, session_id: str) -> HttpResponse:
    """Show how many sit in a session, and take the principal's consent to more than three."""
    session = queries.access_session(acting=acting, session_id=session_id)
    form = ExceptionForm(request.POST) if request.method == "POST" else ExceptionForm()
    if request.method == "POST" and form.is_valid():
        usecases.allow_more(
            session=session,
            limit=form.cleaned_data["limit"],
            reason=form.cleaned_data["reason"],
            acting=acting,
            clock=_CLOCK,
        )
        return HttpResponseRedirect(reverse("viewing_exception", args=[session.pk]))
    decision = judging.may_allow_more(acting=acting, held=session, limit=judging.limit_of(session) + 1, reason="?")
    return render(
        request,
        "viewing/exception.html",
        {
            "session": session,
            "form": form,
            "viewers": queries.viewers_present(session),
            "limit": judging.limit_of(session),
            "exception": getattr(session, "exception", None),
            "may_allow": decision.allowed and session.closed_at_90k is None,
            "decision": decision,
        },
        status=400 if request.method == "POST" else 200,
    )


def _supervised(acting: Acting, session_id: str) -> ViewingSession:
    session = queries.access_own_session(person=acting.person, session_id=session_id)
    if session.campus_id is None:
        raise Http404
    return session


def _back(session: ViewingSession) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("supervised_session", args=[session.pk]))


def _console(
    request: HttpRequest,
    session: ViewingSession,
    *,
    admit_form: AdmitForm | None = None,
    clue_form: ClueForm | None = None,
    closing_form: ClosingForm | None = None,
    status: int = 200,
) -> HttpResponse:
    cameras = list(session.cameras.all())
    wanted = request.POST.get("camera") or request.GET.get("camera") or str(cameras[0].pk)
    camera = next((camera for camera in cameras if str(camera.pk) == wanted), None)
    if camera is None:
        raise Http404
    now_90k = _CLOCK.utc()
    viewers = queries.viewers_present(session)
    context: dict[str, Any] = {
        "session": session,
        "status": session.status_at(now_90k=now_90k).value,
        "is_open": session.status_at(now_90k=now_90k) is Status.OPEN,
        "is_paused": session.status_at(now_90k=now_90k) is Status.PAUSED,
        "cameras": cameras,
        "camera": camera,
        "viewers": viewers,
        "limit": judging.limit_of(session),
        "is_full": len(viewers) >= judging.limit_of(session),
        "others": queries.applications_for_session(session),
        "clues": list(session.clues.select_related("camera")),
        "admit_form": admit_form or AdmitForm(initial={"id_kind": "campus_card"}),
        "clue_form": clue_form or ClueForm(initial={"camera": camera.pk, "at": _civil(session.start_90k)}),
        "closing_form": closing_form or ClosingForm(),
        "watermark": _watermark(session, viewers),
    }
    return render(request, "viewing/console.html", context, status=status)


def _watermark(session: ViewingSession, viewers: list[Any]) -> str:
    tickets = " ".join(viewer.application.ticket for viewer in viewers)
    names = " ".join(viewer.applicant.display_name for viewer in viewers)
    return f"{session.person.display_name} ｜ {names} ｜ {tickets}"


def _civil(at_90k: int) -> str:
    return f"{ticks.to_datetime(at_90k).astimezone(ticks.CIVIL_ZONE):%Y-%m-%d %H:%M:%S}"
