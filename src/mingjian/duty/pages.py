"""Starting and ending a shift, and the wall."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from mingjian.base.clock import SystemClock
from mingjian.duty import live, usecases
from mingjian.people import acts
from mingjian.people import queries as people
from mingjian.people.capacity import Acting
from mingjian.registry import queries as cameras

_CLOCK = SystemClock()
LAYOUTS = (1, 4, 9)


def start_shift(request: HttpRequest, *, acting: Acting) -> HttpResponse:
    """Begin the shift on the campus named, or on the body's first, and go to the wall."""
    campus = request.POST.get("campus") or acting.campuses[0]
    usecases.start_shift(acting=acting, campus=campus, actor=acts.of(acting), clock=_CLOCK)
    return HttpResponseRedirect(reverse("wall"))


def end_shift(request: HttpRequest, *, acting: Acting) -> HttpResponse:
    """End the shift and go home; open pictures stop."""
    usecases.end_shift(person=acting.person, actor=acts.of(acting), clock=_CLOCK)
    return HttpResponseRedirect("/")


def wall(request: HttpRequest, *, acting: Acting) -> HttpResponse:
    """Show the live pictures of the campus, 1, 4 or 9 at once."""
    reach = live.reach(acting=acting, now_90k=_CLOCK.utc())
    found = list(cameras.access_cameras(acting=acting).filter(campus__in=reach))
    wanted = request.GET.get("layout", "")
    layout = int(wanted) if wanted in {str(known) for known in LAYOUTS} else _fitting_layout(len(found))
    return render(
        request,
        "duty/wall.html",
        {
            "campuses": [campus for campus in people.access_campuses(acting=acting) if campus.pk in reach],
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
