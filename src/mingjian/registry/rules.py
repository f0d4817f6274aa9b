"""What the addresses of this room ask."""

from dataclasses import dataclass

from django.http import Http404

from mingjian.people.capacity import Acting
from mingjian.registry import queries
from mingjian.regulation.decision import Decision
from mingjian.regulation.posts import Capacity, Tier
from mingjian.regulation.rules.moving import MovingFacts, may_move_point


@dataclass(frozen=True, slots=True)
class CameraInReach:
    """Whoever has the camera within the scope. For others it does not exist."""

    name: str = "camera_in_reach"

    def ask(self, *, acting: Acting, captured: dict[str, str]) -> Decision | None:
        queries.access_camera(acting=acting, camera_id=captured["camera_id"])
        return None


@dataclass(frozen=True, slots=True)
class CameraToMove:
    """Whoever may hand the point over to another campus; out of reach it does not exist."""

    name: str = "camera_to_move"

    def ask(self, *, acting: Acting, captured: dict[str, str]) -> Decision | None:
        camera = queries.access_camera(acting=acting, camera_id=captured["camera_id"])
        return may_move(acting, campus=camera.campus_id)


def may_move(acting: Acting, *, campus: str) -> Decision:
    """Decide whether the capacity may move a point that stands on the campus."""
    if acting.tier is None:
        raise Http404
    tier = Tier(acting.tier)
    campuses = frozenset(acting.campuses) if tier is Tier.SECOND else frozenset()
    return may_move_point(
        MovingFacts(capacity=Capacity(tier=tier, campuses=campuses, posts=acting.posts), campus=campus)
    )
