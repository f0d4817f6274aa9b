"""The points of the wall as a tree: campus → building → point."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from mingjian.registry.models import Camera

# A campus with no more points than this is shown with its buildings open.
SMALL = 40


@dataclass(frozen=True, slots=True)
class Building:
    """A building and its points."""

    name: str
    cameras: tuple[Camera, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A campus, its buildings, and how many points it has."""

    label: str
    count: int
    buildings: tuple[Building, ...]

    @property
    def is_small(self) -> bool:
        """Whether all of it can be shown at once."""
        return self.count <= SMALL


def tree_of(cameras: Iterable[Camera]) -> list[Place]:
    """Return the tree of points that come ordered by campus, building and name."""
    places = []
    for _campus, of_campus in groupby(cameras, key=lambda camera: camera.campus_id):
        points = list(of_campus)
        buildings = tuple(
            Building(name, tuple(inside)) for name, inside in groupby(points, key=lambda camera: camera.building)
        )
        places.append(Place(points[0].campus.label, len(points), buildings))
    return places
