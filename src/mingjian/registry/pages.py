"""The list of cameras with what the recorder says of them."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from mingjian.people.models import Person
from mingjian.registry import footage, queries
from mingjian.registry.publisher import demo_floor_hours
from mingjian.registry.words import Tone


def cameras(request: HttpRequest, *, person: Person) -> HttpResponse:
    """List the cameras of the person's campus; htmx asks for the table alone."""
    states = footage.states(settings.HOME, cameras=list(queries.access_cameras(person=person)))
    template = "registry/_cameras.html" if request.headers.get("HX-Request") == "true" else "registry/cameras.html"
    return render(
        request,
        template,
        {
            "states": states,
            "recording": sum(state.tone is Tone.GOOD for state in states),
            "campus_name": person.campus_name,
            "demo_floor": demo_floor_hours(),
        },
    )
