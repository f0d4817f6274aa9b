"""The list of points: search, filters, counts by place, one page of rows. Within what `access_cameras` allows."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from mingjian.registry.models import Camera
from mingjian.registry.words import Tone

PAGE = 50


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for; an empty word asks for everything. `tone` is a state's look."""

    text: str = ""
    campus: str = ""
    building: str = ""
    owner: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """One page of points, how many there are in all, and the number of this page and the last (from 1)."""

    cameras: list[Camera]
    total: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class Building:
    """A building and how many points it has."""

    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Place:
    """A campus with its buildings."""

    campus: str
    label: str
    count: int
    buildings: tuple[Building, ...]


def find(reached: QuerySet[Camera], *, wanted: Wanted, page: int, tones: Mapping[str, Tone]) -> Found:
    """Return the page asked for of the points in reach that fit; a page past the end is the last."""
    fitting = reached
    for word in wanted.text.split():
        fitting = fitting.filter(Q(name__icontains=word) | Q(building__icontains=word) | Q(purpose__icontains=word))
    exact = {"campus": wanted.campus, "building": wanted.building, "owner": wanted.owner}
    fitting = fitting.filter(**{name: value for name, value in exact.items() if value})
    if wanted.tone:
        fitting = fitting.filter(pk__in=[camera_id for camera_id, tone in tones.items() if tone == wanted.tone])
    total = fitting.count()
    pages = max(1, -(-total // PAGE))
    page = min(max(1, page), pages)
    ordered = fitting.order_by("campus__place", "building", "name", "pk")
    return Found(list(ordered[(page - 1) * PAGE : page * PAGE]), total, page, pages)


def places(reached: QuerySet[Camera]) -> list[Place]:
    """Return the tree of campuses and buildings over the points in reach, in the university's order."""
    counted = (
        reached.order_by("campus__place", "building")
        .values("campus", "campus__name", "campus__name_en", "building")
        .annotate(points=Count("pk"))
    )
    labels = {camera.campus_id: camera.campus.label for camera in reached.order_by("campus_id").distinct("campus_id")}
    buildings: dict[str, list[Building]] = {}
    for row in counted:
        buildings.setdefault(row["campus"], []).append(Building(row["building"], row["points"]))
    return [
        Place(campus, labels[campus], sum(building.count for building in inside), tuple(inside))
        for campus, inside in buildings.items()
    ]
