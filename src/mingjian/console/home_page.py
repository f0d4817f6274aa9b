"""Where the day starts: the shift and the cameras for an operator, one's own viewings for everybody."""

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from mingjian.base.clock import SystemClock
from mingjian.people import queries as people
from mingjian.people.capacity import Acting
from mingjian.registry import footage
from mingjian.registry import queries as cameras
from mingjian.registry.words import Tone
from mingjian.regulation.posts import Post
from mingjian.viewing import queries as viewing
from mingjian.viewing.workflow import Status

_CLOCK = SystemClock()
MAX_VIEWINGS = 5


def home(request: HttpRequest, *, acting: Acting) -> HttpResponse:
    """Show what this person can do now."""
    now_90k = _CLOCK.utc()
    is_operator = Post.OPERATOR in acting.posts
    states = footage.states(settings.HOME, cameras=list(cameras.access_cameras(acting=acting)))
    open_viewings = [
        session
        for session in viewing.access_own_sessions(person=acting.person)[:100]
        if session.status_at(now_90k=now_90k) is Status.OPEN
    ]
    return render(
        request,
        "console/home.html",
        {
            "is_operator": is_operator,
            "is_of_body": acting.is_of_body,
            "campuses": people.access_campuses(acting=acting),
            "camera_count": len(states),
            "recording_count": sum(state.tone is Tone.GOOD for state in states),
            "troubled": [state for state in states if state.tone is not Tone.GOOD],
            "viewings": open_viewings[:MAX_VIEWINGS],
        },
    )


def health(request: HttpRequest) -> HttpResponse:
    """Answer whether pages can be served: the process lives and the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})
