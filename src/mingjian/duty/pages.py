"""Starting and ending a shift, and the wall."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from mingjian.base.clock import SystemClock
from mingjian.duty import queries, usecases
from mingjian.people import acts
from mingjian.people.models import Person
from mingjian.registry import queries as cameras

_CLOCK = SystemClock()
LAYOUTS = (1, 4, 9)


def start_shift(request: HttpRequest, *, person: Person) -> HttpResponse:
    """Begin the shift and go to the wall."""
    usecases.start_shift(person=person, actor=acts.of_person(person, via="web"), clock=_CLOCK)
    return HttpResponseRedirect(reverse("wall"))


def end_shift(request: HttpRequest, *, person: Person) -> HttpResponse:
    """End the shift and go home; open pictures stop."""
    usecases.end_shift(person=person, actor=acts.of_person(person, via="web"), clock=_CLOCK)
    return HttpResponseRedirect("/")


def wall(request: HttpRequest, *, person: Person) -> HttpResponse:
    """Show the live pictures of the campus, 1, 4 or 9 at once."""
    found = list(cameras.access_cameras(person=person))
    wanted = request.GET.get("layout", "")
    layout = int(wanted) if wanted in {str(known) for known in LAYOUTS} else _fitting_layout(len(found))
    return render(
        request,
        "duty/wall.html",
        {
            "shift": queries.open_shift(person=person),
            "cameras": found,
            "camera_data": [
                {"id": str(camera.pk), "name": camera.name, "building": camera.building} for camera in found
            ],
            "layout": layout,
            "layouts": LAYOUTS,
        },
    )


def _fitting_layout(count: int) -> int:
    return next((layout for layout in LAYOUTS if layout >= count), LAYOUTS[-1])
