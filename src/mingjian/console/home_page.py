"""Where the day starts, by capacity: a room of its own, the shift, the campuses, the own unit, or the platform."""

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse

from mingjian.base.clock import SystemClock
from mingjian.console import figures, platform
from mingjian.console.rail import is_operator, start_of_day
from mingjian.people import narrowing
from mingjian.people import queries as people
from mingjian.people.capacity import Acting
from mingjian.people.posts import SCHOOL, UNIT
from mingjian.registry import footage
from mingjian.registry import queries as cameras
from mingjian.registry.words import Tone
from mingjian.regulation.posts import ADMINISTRATORS, Post
from mingjian.viewing import queries as viewing
from mingjian.viewing.rules import has_desk
from mingjian.viewing.workflow import Stage

_CLOCK = SystemClock()


def home(request: HttpRequest, *, acting: Acting) -> HttpResponse:
    """Show what this person can do now, or go to the room where it is done."""
    start = start_of_day(acting)
    if start != reverse("home"):
        return HttpResponseRedirect(start)
    if acting.post in ADMINISTRATORS:
        return _platform(request, acting)
    if acting.tier == SCHOOL:
        return _campuses(request, acting)
    return _unit(request, acting) if acting.tier == UNIT else _duty(request, acting)


def _duty(request: HttpRequest, acting: Acting) -> HttpResponse:
    shown = narrowing.shown_campuses(request, acting=acting)
    found = cameras.access_cameras(acting=acting).filter(campus__in=shown)
    states = footage.states(settings.HOME, cameras=list(found))
    return render(
        request,
        "console/home.html",
        {
            "is_operator": is_operator(acting),
            "has_desk": has_desk(acting),
            "campuses": people.access_campuses(acting=acting),
            "camera_count": len(states),
            "recording_count": sum(state.tone is Tone.GOOD for state in states),
            "troubled": [state for state in states if state.tone is not Tone.GOOD],
        },
    )


def _campuses(request: HttpRequest, acting: Acting) -> HttpResponse:
    state = figures.state(
        acting=acting, campuses=narrowing.shown_campuses(request, acting=acting), now_90k=_CLOCK.utc()
    )
    return render(request, "console/state.html", {"state": state})


def _unit(request: HttpRequest, acting: Acting) -> HttpResponse:
    at_unit = viewing.access_applications(acting=acting).filter(stage=Stage.AT_UNIT)
    return render(
        request,
        "console/unit.html",
        {
            "is_operator": is_operator(acting),
            "campuses": people.access_campuses(acting=acting),
            "states": footage.states(settings.HOME, cameras=list(cameras.access_cameras(acting=acting))),
            "applications": at_unit.order_by("submitted_at_90k")[:20],
            "may_forward": has_desk(acting),
        },
    )


def _platform(request: HttpRequest, acting: Acting) -> HttpResponse:
    is_security = acting.post is Post.SECURITY_ADMINISTRATOR
    said = platform.told(settings.HOME)
    return render(
        request,
        "console/platform.html",
        {
            "is_security": is_security,
            "accounts": platform.accounts(now_90k=_CLOCK.utc()),
            "processes": platform.processes(said),
            "volumes": platform.volumes(said),
        },
    )


def health(request: HttpRequest) -> HttpResponse:
    """Answer whether pages can be served: the process lives and the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})
