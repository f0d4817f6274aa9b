"""The registry's part of the search box: points by name, building and responsible unit."""

from collections.abc import Collection

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from mingjian.people.capacity import Acting
from mingjian.people.searching import MOST_HITS, Hit
from mingjian.registry import queries


def search(*, acting: Acting, campuses: Collection[str], text: str) -> list[Hit]:
    """Return the points within the scope whose name, building or owner contains the text."""
    owned = Q(owner__name__icontains=text) | Q(owner__name_en__icontains=text)
    wanted = Q(name__icontains=text) | Q(building__icontains=text) | owned
    found = queries.access_cameras(acting=acting).filter(wanted)
    if campuses:
        found = found.filter(campus__in=campuses)
    return [
        Hit(_("摄像机"), camera.name, f"{camera.campus.label} · {camera.building}", reverse("camera", args=[camera.pk]))
        for camera in found[:MOST_HITS]
    ]
