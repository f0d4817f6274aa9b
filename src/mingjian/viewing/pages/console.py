"""What the console of a supervised session shows: the picture or why there is none, the room, what is lit."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from mingjian.base import ticks
from mingjian.base.clock import SystemClock
from mingjian.people.capacity import Acting
from mingjian.registry import queries as registry
from mingjian.registry import stretches
from mingjian.registry.drawings import Extras, Mark
from mingjian.registry.models import Camera
from mingjian.registry.stretches import Stretch
from mingjian.viewing import conducting, leases, queries
from mingjian.viewing.forms import AdmitForm, ClosingForm, ClueForm, SegmentForm
from mingjian.viewing.models import Clue, Segment, SessionViewer, ViewingSession
from mingjian.viewing.words import PAUSE_CAUSES
from mingjian.viewing.workflow import PauseCause, Phase, Status

_CLOCK = SystemClock()
# Width of the drawing on which a window is lit, in its own units.
LIT_UNITS = 1000


@dataclass(frozen=True, slots=True)
class Lit:
    """Something on the drawing of a window: where it begins, how wide it is, and what it is."""

    x: int
    width: int
    title: str


@dataclass(frozen=True, slots=True)
class Row:
    """The window of one more camera: what is marked for showing, and the clues."""

    camera: Camera
    segments: list[Lit]
    clues: list[Lit]


def show(
    request: HttpRequest,
    session: ViewingSession,
    *,
    acting: Acting,
    admit_form: AdmitForm | None = None,
    segment_form: SegmentForm | None = None,
    clue_form: ClueForm | None = None,
    closing_form: ClosingForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Return the console, with what was filled in wrongly where it was filled in."""
    now_90k = _CLOCK.utc()
    state = session.status_at(now_90k=now_90k)
    is_searching = session.phase == Phase.SEARCHING
    segments, clues = queries.segments_marked(session), list(session.clues.select_related("camera"))
    cameras = list(session.cameras.order_by("name"))
    segment = None if is_searching else _chosen_segment(request, segments)
    camera = segment.camera if segment is not None else _chosen_camera(request, cameras)
    viewers = queries.viewers_present(session)
    decision = leases.decide(session=session, acting=acting, now_90k=now_90k)
    bounds = segment or session
    may_conduct = conducting.may_supervise(acting=acting, held=session)
    context: dict[str, Any] = {
        "session": session,
        "status": state.value,
        "is_open": state is Status.OPEN,
        "is_paused": state is Status.PAUSED,
        "is_standing": state in (Status.OPEN, Status.PAUSED),
        "is_closed": state is Status.CLOSED,
        "is_searching": is_searching,
        "pause_words": PAUSE_CAUSES[PauseCause(session.pause_cause)] if session.pause_cause else "",
        "cameras": cameras,
        "camera": camera,
        "segment": segment,
        "segments": segments,
        "bounds": bounds,
        "plays": decision.allowed and (is_searching or segment is not None),
        "obstacles": () if decision.allowed else decision.reasons,
        "may_conduct": may_conduct.allowed,
        "why_not": () if may_conduct.allowed else may_conduct.reasons,
        "footage": _stretch(acting, session, camera, segments, clues),
        "rows": [_row(session, one, segments, clues) for one in cameras if one != camera],
        "lit_units": LIT_UNITS,
        "viewers": viewers,
        "limit": conducting.limit_of(session),
        "is_full": len(viewers) >= conducting.limit_of(session),
        "others": queries.applications_for_session(session),
        "clues": clues,
        "admit_form": admit_form or AdmitForm(initial={"id_kind": "campus_card"}),
        "segment_form": segment_form
        or SegmentForm(initial={"start": civil(session.start_90k), "end": civil(session.end_90k)}),
        "clue_form": clue_form or ClueForm(initial={"at": civil(bounds.start_90k)}),
        "closing_form": closing_form or ClosingForm(),
        "watermark": _watermark(session, viewers),
        "tickets": _tickets(session, viewers),
        "unattended_s": conducting.LONGEST_UNATTENDED_S,
        "unattended_min": conducting.LONGEST_UNATTENDED_S // 60,
        "elapsed_s": max(0, now_90k - session.issued_at_90k) // ticks.TICKS_PER_S,
        "allowed_s": (session.valid_until_90k - session.issued_at_90k) // ticks.TICKS_PER_S,
    }
    return render(request, "viewing/console.html", context, status=status)


def civil(at_90k: int) -> str:
    """Return an instant of the footage as the forms of the console write it."""
    return f"{ticks.to_datetime(at_90k).astimezone(ticks.CIVIL_ZONE):%Y-%m-%d %H:%M:%S}"


def _chosen_camera(request: HttpRequest, cameras: list[Camera]) -> Camera:
    wanted = request.POST.get("camera") or request.GET.get("camera") or str(cameras[0].pk)
    camera = next((camera for camera in cameras if str(camera.pk) == wanted), None)
    if camera is None:
        raise Http404
    return camera


def _chosen_segment(request: HttpRequest, segments: list[Segment]) -> Segment | None:
    wanted = request.GET.get("segment")
    if wanted is None:
        return segments[0] if segments else None
    segment = next((segment for segment in segments if str(segment.pk) == wanted), None)
    if segment is None:
        raise Http404
    return segment


def _stretch(
    acting: Acting, session: ViewingSession, camera: Camera, segments: list[Segment], clues: list[Clue]
) -> Stretch | None:
    """Return the whole approved window of a camera: its footage, what is marked for showing, clues and holds."""
    holds = registry.access_holds(acting=acting).filter(camera=camera, released_at_90k__isnull=True)
    return stretches.stretch_of(
        settings.HOME,
        camera=camera,
        start_90k=session.start_90k,
        end_90k=session.end_90k,
        extras=Extras(
            holds=[(hold.start_90k, hold.end_90k) for hold in holds],
            marks=[Mark(clue.at_90k, clue.note) for clue in clues if clue.camera_id == camera.pk],
            segments=[(one.start_90k, one.end_90k) for one in segments if one.camera_id == camera.pk],
        ),
    )


def _row(session: ViewingSession, camera: Camera, segments: list[Segment], clues: list[Clue]) -> Row:
    def x(at_90k: int) -> int:
        return (at_90k - session.start_90k) * LIT_UNITS // (session.end_90k - session.start_90k)

    return Row(
        camera=camera,
        segments=[
            Lit(
                x(segment.start_90k),
                max(2, x(segment.end_90k) - x(segment.start_90k)),
                f"{civil(segment.start_90k)} – {civil(segment.end_90k)} {segment.note}".strip(),
            )
            for segment in segments
            if segment.camera_id == camera.pk
        ],
        clues=[
            Lit(x(clue.at_90k), 2, f"{civil(clue.at_90k)} {clue.note}".strip())
            for clue in clues
            if clue.camera_id == camera.pk
        ],
    )


def _tickets(session: ViewingSession, viewers: list[SessionViewer]) -> str:
    own = [] if session.application is None else [session.application.ticket]
    return " ".join(dict.fromkeys([*own, *(viewer.application.ticket for viewer in viewers)]))


def _watermark(session: ViewingSession, viewers: list[SessionViewer]) -> str:
    names = " ".join(viewer.applicant.display_name for viewer in viewers)
    return " ｜ ".join(part for part in (session.person.display_name, names, _tickets(session, viewers)) if part)
