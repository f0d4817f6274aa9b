"""The list of points, the dossier of one, and moving one to another campus."""

from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from mingjian.base.clock import SystemClock
from mingjian.people import acts, narrowing, policy, staffing, telling, usecases
from mingjian.people import queries as people
from mingjian.people.capacity import Acting
from mingjian.people.posts import UNIT
from mingjian.people.routing import RuleRefused
from mingjian.registry import calendars, dossiers, footage, listing, moving, queries, stretches
from mingjian.registry.drawings import Extras
from mingjian.registry.forms import MoveForm
from mingjian.registry.listing import Wanted
from mingjian.registry.models import Camera
from mingjian.registry.publisher import demo_floor_hours, retention_days
from mingjian.registry.rules import may_move
from mingjian.registry.words import CLASS_WORDS, Tone
from mingjian.regulation.rules.retention import floor_of
from mingjian.regulation.systems import SystemClass

_CLOCK = SystemClock()
MAX_WORDS = 64
FILTERS = ("campus", "building", "owner", "tone")


def cameras(request: HttpRequest, *, acting: Acting) -> HttpResponse:
    """List the points in reach, searched, filtered and paged; htmx asks for the table alone."""
    asked = {name: request.GET.get(name, "")[:MAX_WORDS].replace("\x00", "") for name in FILTERS}
    wanted = Wanted(text=request.GET.get("q", "")[:MAX_WORDS].replace("\x00", ""), **asked)
    number = request.GET.get("page", "")
    reached = queries.access_cameras(acting=acting)
    campuses = people.access_campuses(acting=acting)
    if chosen := narrowing.chosen_campus(request, acting=acting):
        reached = reached.filter(campus=chosen)
        campuses = [campus for campus in campuses if campus.pk == chosen]
    tones = footage.tones(settings.HOME)
    page = int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 1
    found = listing.find(reached, wanted=wanted, page=page, tones=tones)
    ids = {str(camera_id) for camera_id in reached.values_list("pk", flat=True)}
    template = "registry/_cameras.html" if request.headers.get("HX-Request") == "true" else "registry/cameras.html"
    given = {name: value for name, value in {"q": wanted.text, **asked}.items() if value}
    return render(
        request,
        template,
        {
            "states": footage.states(settings.HOME, cameras=found.cameras),
            "found": found,
            "wanted": wanted,
            "is_filtered": bool(given),
            "query": urlencode(given),
            "total": len(ids),
            "recording": sum(tones.get(camera_id) is Tone.GOOD for camera_id in ids),
            "places": listing.places(reached),
            "owners": people.bodies().filter(cameras__in=reached).distinct(),
            "tones": (Tone.GOOD, Tone.PENDING, Tone.TROUBLE),
            "campuses": campuses,
            "demo_floor": demo_floor_hours(),
        },
    )


def camera(request: HttpRequest, *, acting: Acting, camera_id: str) -> HttpResponse:
    """Show what is known of one point. No frame of it."""
    return _dossier(request, acting, queries.access_camera(acting=acting, camera_id=camera_id))


def move(request: HttpRequest, *, acting: Acting, camera_id: str) -> HttpResponse:
    """Move the point to the campus named, and show the list: it may be out of reach now."""
    found = queries.access_camera(acting=acting, camera_id=camera_id)
    form = MoveForm(request.POST, leaving=found.campus_id)
    if not form.is_valid():
        return _dossier(request, acting, found, form=form, status=400)
    place = moving.NewPlace(**form.cleaned_data)
    _require_staffed(request, acting, found, place)
    # Not read again: to whoever moved it, the row may not exist any more.
    moved = moving.move_camera(camera=found, place=place, actor=acts.of(acting), clock=_CLOCK)
    telling.done(request, _("已将“%(name)s”移到%(campus)s。") % {"name": moved.name, "campus": moved.campus.label})
    return HttpResponseRedirect(reverse("cameras"))


def _require_staffed(request: HttpRequest, acting: Acting, found: Camera, place: moving.NewPlace) -> None:
    """Refuse to hand a unit's own system to a unit that has nobody to run it (A08.a, A08.b)."""
    body = people.bodies().filter(pk=place.owner).first() if place.owner else found.owner
    if body is None or body.tier != UNIT:
        return
    staffed = staffing.staffing_of(body, now_90k=_CLOCK.utc())
    if staffed is not None and not staffed.decision.allowed:
        usecases.record_refusal(acting=acting, decision=staffed.decision, path=request.path, clock=_CLOCK)
        raise RuleRefused(staffed.decision)


def _dossier(
    request: HttpRequest, acting: Acting, found: Camera, *, form: MoveForm | None = None, status: int = 200
) -> HttpResponse:
    holds = list(queries.access_holds(acting=acting).filter(camera=found, released_at_90k__isnull=True))
    spans = dossiers.spans_to_show(now_90k=_CLOCK.utc())
    shown = {
        name: stretches.stretch_of(
            settings.HOME,
            camera=found,
            start_90k=first,
            end_90k=last,
            extras=Extras(holds=[(hold.start_90k, hold.end_90k) for hold in holds]),
        )
        for name, (first, last) in spans.items()
    }
    month = shown["month"]
    (state,) = footage.states(settings.HOME, cameras=[found])
    system_class = SystemClass(found.system_class)
    floor = floor_of(is_key_location=found.is_key_location)
    can_move = may_move(acting, campus=found.campus_id).allowed
    return render(
        request,
        "registry/camera.html",
        {
            "camera": found,
            "state": state,
            "class_word": CLASS_WORDS[system_class],
            "is_recorded": system_class.is_recorded_here,
            "floor": floor,
            "kept_days": retention_days(found, book=policy.in_force(at_90k=_CLOCK.utc())),
            "floor_article": floor.rule.provision.citation_en if _is_english() else floor.rule.provision.citation_zh,
            "demo_floor": demo_floor_hours(),
            "sees_network": dossiers.sees_network(acting),
            "holds": holds,
            "today": shown["today"],
            "month": month,
            "calendar": calendars.month_of(
                settings.HOME, camera=str(found.pk), start_90k=spans["month"][0], end_90k=spans["month"][1]
            ),
            "longest": () if month is None else month.longest(dossiers.LONGEST_GAPS),
            "changes": dossiers.changes_of(found),
            "form": (form or MoveForm(leaving=found.campus_id)) if can_move else None,
        },
        status=status,
    )


def _is_english() -> bool:
    return (translation.get_language() or "").startswith("en")
