"""What the addresses of this room ask."""

from dataclasses import dataclass

from mingjian.people.capacity import Acting
from mingjian.registry import queries
from mingjian.regulation.decision import Decision


@dataclass(frozen=True, slots=True)
class CameraInReach:
    """Whoever has the camera within the scope. For others it does not exist."""

    name: str = "camera_in_reach"

    def ask(self, *, acting: Acting, captured: dict[str, str]) -> Decision | None:
        queries.access_camera(acting=acting, camera_id=captured["camera_id"])
        return None
