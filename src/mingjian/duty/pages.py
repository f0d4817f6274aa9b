"""Starting and ending a shift, and the wall."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from mingjian.base.clock import SystemClock
from mingjian.duty import live, usecases
from mingjian.duty.tree import tree_of
from mingjian.people import acts, telling
from mingjian.people import queries as people
from mingjian.people.capacity import Acting
from mingjian.people.templatetags.civil import clock_time
from mingjian.registry import footage

_CLOCK = SystemClock()
LAYOUTS = (1, 4, 9, 16)


def start_shift(request: HttpRequest, *, acting: Acting) -> HttpResponse:
    """Begin the shift on the campus named, or on the body's first, and go to the wall."""
    campus = request.POST.get("campus") or acting.campuses[0]
    shift = usecases.start_shift(acting=acting, campus=campus, actor=acts.of(acting), clock=_CLOCK)
    told = {"campus": shift.campus.label, "at": clock_time(shift.started_at_90k)}
    telling.done(request, _("已在%(campus)s上岗，%(at)s 起。") % told)
    return HttpResponseRedirect(reverse("wall"))


def end_shift(request: HttpRequest, *, acting: Acting) -> HttpResponse:
    """End the shift and go home; open pictures stop."""
    usecases.end_shift(person=acting.person, actor=acts.of(acting), clock=_CLOCK)
    telling.done(request, _("已下岗，打开的实时画面已停止。"))
    return HttpResponseRedirect("/")


def wall(request: HttpRequest, *, acting: Acting) -> HttpResponse:
    """Show live pictures of the points in reach, 1, 4, 9 or 16 at once, beside the tree of places."""
    now_90k = _CLOCK.utc()
    reach = live.reach(acting=acting, now_90k=now_90k)
    found = list(live.watchable_cameras(acting=acting, now_90k=now_90k).order_by("campus__place", "building", "name"))
    wanted = request.GET.get("layout", "")
    is_asked = wanted in {str(known) for known in LAYOUTS}
    first = request.GET.get("camera", "")
    return render(
        request,
        "duty/wall.html",
        {
            "campuses": [campus for campus in people.access_campuses(acting=acting) if campus.pk in reach],
            "cameras": found,
            "camera_data": [
                {"id": str(camera.pk), "name": camera.name, "building": camera.building} for camera in found
            ],
            "tree": tree_of(found),
            "first": first if first in {str(camera.pk) for camera in found} else "",
            "memory": f"{acting.person.pk}:{acting.body}:{'+'.join(reach)}",
            "layout": int(wanted) if is_asked else _fitting_layout(len(found)),
            "is_asked": is_asked,
            "layouts": LAYOUTS,
        },
    )


def wall_states(request: HttpRequest, *, acting: Acting) -> HttpResponse:
    """Tell what the recorder says of each point in reach, for the badges of the tiles."""
    found = live.watchable_cameras(acting=acting, now_90k=_CLOCK.utc())
    told = footage.state_words(settings.HOME, cameras=list(found))
    return JsonResponse({camera_id: {"word": word, "tone": tone.value} for camera_id, (word, tone) in told.items()})


def _fitting_layout(count: int) -> int:
    return next((layout for layout in LAYOUTS if layout >= count), LAYOUTS[-1])
