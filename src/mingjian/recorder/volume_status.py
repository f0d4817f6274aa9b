"""What operators see of the volumes: how full, for how many days, when the disk last answered, and what went wrong."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from mingjian.base import ticks
from mingjian.base.ids import DeploymentId
from mingjian.base.ticks import TICKS_PER_S
from mingjian.host.home import Home
from mingjian.recorder import keeper_paper
from mingjian.recorder.keeper_paper import KeeperPaper
from mingjian.recordings import asking
from mingjian.recordings.errors import RecordingsError
from mingjian.recordings.plan import Plan, PlannedVolume
from mingjian.recordings.volume import Volume


def collect(home: Home, plan: Plan, papers: Iterable[dict[str, Any]], *, now_90k: int) -> list[dict[str, Any]]:
    """Return the planned volumes. `papers` are the workers'; a trouble is told for a day after it was met.

    A volume whose disk does not answer is told by its keeper's last paper, with "answered_at" since when.
    """
    told = list(papers)
    return [
        _volume(plan, planned, told, kept=keeper_paper.read(home, planned.volume_id), now_90k=now_90k)
        for planned in plan.volumes
    ]


def _volume(
    plan: Plan, planned: PlannedVolume, papers: list[dict[str, Any]], *, kept: KeeperPaper | None, now_90k: int
) -> dict[str, Any]:
    entries = [paper.get("volumes", {}).get(planned.volume_id, {}) for paper in papers]
    troubles = {str(entry["trouble"]) for entry in entries if entry.get("trouble")}
    is_fit = all(entry.get("is_fit", True) for entry in entries)
    if kept is not None and not kept.has_ballast:
        troubles.add("recordings.ballast_gone")
    found: dict[str, Any] = {"level": None, "full_in_days": None, "free_bytes": None}
    try:
        if kept is not None and kept.hangs(now_90k=now_90k):
            raise RecordingsError("recordings.volume_hangs", path=planned.path)
        found = asking.ask(Path(planned.path), lambda: _look(plan.deployment_id, planned))
    except RecordingsError as error:
        is_fit, troubles = False, {*troubles, error.code}
        if kept is not None and error.code == "recordings.volume_hangs":
            found = {"level": kept.level, "full_in_days": kept.full_in_days, "free_bytes": kept.free_bytes}
    except OSError:
        is_fit, troubles = False, {*troubles, "recordings.volume_missing"}
    return {
        "id": planned.volume_id,
        "path": planned.path,
        "is_fit": is_fit,
        "troubles": sorted(troubles),
        "answered_at": None if kept is None else ticks.to_iso(kept.answered_at_90k),
        "uncounted_s": None if kept is None else kept.leapt_90k // TICKS_PER_S,
        "reread": None if kept is None else _reread(kept),
        **found,
    }


def _reread(kept: KeeperPaper) -> dict[str, Any]:
    """Return how far the rotation is that reads closed footage again, and how many recordings it found damaged."""
    ended_90k = kept.reread_all_at_90k
    return {
        "bytes": kept.reread_bytes,
        "of_bytes": kept.of_bytes,
        "last_whole_at": None if ended_90k is None else ticks.to_iso(ended_90k),
        "damaged": kept.damaged,
    }


def _look(deployment_id: DeploymentId, planned: PlannedVolume) -> dict[str, Any]:
    path = Path(planned.path)
    volume = Volume.open_for_reading(path, deployment_id=deployment_id, volume_id=planned.volume_id)
    room = os.statvfs(path)
    return {
        "level": volume.published_level().value,
        "full_in_days": volume.published_full_in_days(),
        "free_bytes": room.f_bavail * room.f_frsize,
    }
