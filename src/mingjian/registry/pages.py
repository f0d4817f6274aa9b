"""The list of cameras with what the recorder says of them."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from mingjian.people import queries as people
from mingjian.people.capacity import Acting
from mingjian.registry import footage, queries
from mingjian.registry.publisher import demo_floor_hours
from mingjian.registry.words import Tone


def cameras(request: HttpRequest, *, acting: Acting) -> HttpResponse:
    """List the cameras of the campuses in reach; htmx asks for the table alone."""
    states = footage.states(settings.HOME, cameras=list(queries.access_cameras(acting=acting)))
    template = "registry/_cameras.html" if request.headers.get("HX-Request") == "true" else "registry/cameras.html"
    return render(
        request,
        template,
        {
            "states": states,
            "recording": sum(state.tone is Tone.GOOD for state in states),
            "campuses": people.access_campuses(acting=acting),
            "demo_floor": demo_floor_hours(),
        },
    )
