"""The plan as streaming needs it: which volumes hold footage, and since when each camera is to be recorded."""

from dataclasses import dataclass
from pathlib import Path

from mingjian.base.errors import MingjianError
from mingjian.grants.signing import Verifier
from mingjian.host.deployment import Deployment
from mingjian.recordings import plan_paper
from mingjian.recordings.plan import Plan
from mingjian.recordings.reader import Library


class NoPlanError(MingjianError):
    """No plan has been published yet ("streaming.no_plan")."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """The library of a plan's volumes, and its cameras' beginnings."""

    library: Library
    planned_since_90k: dict[str, int]


class Plans:
    """Reads the plan again when its file has changed. Blocking; a bad paper leaves the last good one in force."""

    def __init__(self, *, path: Path, verifier: Verifier, deployment: Deployment) -> None:
        self._path, self._verifier, self._deployment = path, verifier, deployment
        self._stamp: tuple[int, int] | None = None
        self._shelf: Shelf | None = None

    def shelf(self) -> Shelf:
        """Return what the newest plan says. Raises NoPlanError, and what `plan_paper.read` raises for a first plan."""
        try:
            facts = self._path.stat()
        except FileNotFoundError as error:
            if self._shelf is None:
                raise NoPlanError("streaming.no_plan") from error
            return self._shelf
        stamp = facts.st_mtime_ns, facts.st_ino
        if self._shelf is None or stamp != self._stamp:
            self._shelf = self._reread(self._shelf)
            self._stamp = stamp
        return self._shelf

    def _reread(self, last: Shelf | None) -> Shelf:
        try:
            plan = plan_paper.read(self._path, verifier=self._verifier, deployment_id=self._deployment.deployment_id)
        except MingjianError:
            if last is None:
                raise
            return last
        return _shelf(plan)


def _shelf(plan: Plan) -> Shelf:
    return Shelf(
        library=Library(volumes=[Path(volume.path) for volume in plan.volumes]),
        planned_since_90k={camera.camera_id: camera.since_90k for camera in plan.cameras},
    )
