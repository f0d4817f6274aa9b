"""My viewings, and the page that plays one."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from mingjian.base.clock import SystemClock
from mingjian.people.models import Person
from mingjian.registry import footage
from mingjian.viewing import queries
from mingjian.viewing.workflow import Status

_CLOCK = SystemClock()


def mine(request: HttpRequest, *, person: Person) -> HttpResponse:
    """List one's own viewing sessions with what may still be done."""
    now_90k = _CLOCK.utc()
    sessions = [
        {"session": session, "status": session.status_at(now_90k=now_90k).value}
        for session in queries.access_own_sessions(person=person)[:100]
    ]
    return render(request, "viewing/mine.html", {"sessions": sessions, "open": Status.OPEN.value})


def playback(request: HttpRequest, *, person: Person, session_id: str) -> HttpResponse:
    """Play one camera of one's own session; `?camera=` chooses among those it names."""
    session = queries.access_own_session(person=person, session_id=session_id)
    cameras = list(session.cameras.all())
    wanted = request.GET.get("camera") or str(cameras[0].pk)
    camera = next((camera for camera in cameras if str(camera.pk) == wanted), None)
    if camera is None:
        raise Http404
    return render(
        request,
        "viewing/playback.html",
        {
            "session": session,
            "cameras": cameras,
            "camera": camera,
            "footage": footage.summarise(
                settings.HOME, camera=camera, start_90k=session.start_90k, end_90k=session.end_90k
            ),
        },
    )
