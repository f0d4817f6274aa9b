"""The page that plays a session issued from the shell."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from mingjian.people.capacity import Acting
from mingjian.registry import stretches
from mingjian.viewing import queries

# As many pictures as a browser decodes side by side, and as a wall shows.
MOST_TOGETHER = 9
TOGETHER = "all"


def playback(request: HttpRequest, *, acting: Acting, session_id: str) -> HttpResponse:
    """Play one camera of one's own session, or all in step; `?camera=` chooses among those it names, or `all`."""
    session = queries.access_own_session(person=acting.person, session_id=session_id)
    if session.campus_id is not None:
        # A supervised session is shown under its watermark, with who is in the room.
        return HttpResponseRedirect(reverse("supervised_session", args=[session.pk]))
    cameras = list(session.cameras.all())
    wanted = request.GET.get("camera") or str(cameras[0].pk)
    together = cameras[:MOST_TOGETHER] if wanted == TOGETHER and len(cameras) > 1 else []
    camera = cameras[0] if together else next((camera for camera in cameras if str(camera.pk) == wanted), None)
    if camera is None:
        raise Http404
    return render(
        request,
        "viewing/playback.html",
        {
            "session": session,
            "cameras": cameras,
            "camera": camera,
            "together": [{"id": str(one.pk), "name": one.name, "building": one.building} for one in together],
            "footage": stretches.stretch_of(
                settings.HOME, camera=camera, start_90k=session.start_90k, end_90k=session.end_90k
            ),
        },
    )
