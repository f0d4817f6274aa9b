"""What operators see of the volumes: how full, for how many days, and why recording had to leave one."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from mingjian.recordings.errors import RecordingsError
from mingjian.recordings.plan import Plan, PlannedVolume
from mingjian.recordings.volume import Volume


def collect(plan: Plan, papers: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the planned volumes. `papers` are the workers'; a trouble is told for a day after it was met."""
    told = list(papers)
    return [_volume(plan, planned, told) for planned in plan.volumes]


def _volume(plan: Plan, planned: PlannedVolume, papers: list[dict[str, Any]]) -> dict[str, Any]:
    entries = [paper.get("volumes", {}).get(planned.volume_id, {}) for paper in papers]
    troubles = sorted({str(entry["trouble"]) for entry in entries if entry.get("trouble")})
    found: dict[str, Any] = {
        "id": planned.volume_id,
        "path": planned.path,
        "is_fit": all(entry.get("is_fit", True) for entry in entries),
        "troubles": troubles,
        "level": None,
        "full_in_days": None,
        "free_bytes": None,
    }
    try:
        volume = Volume.open_for_reading(
            Path(planned.path), deployment_id=plan.deployment_id, volume_id=planned.volume_id
        )
        room = os.statvfs(planned.path)
        found |= {
            "level": volume.published_level().value,
            "full_in_days": volume.published_full_in_days(),
            "free_bytes": room.f_bavail * room.f_frsize,
        }
    except RecordingsError as error:
        found |= {"is_fit": False, "troubles": sorted({*troubles, error.code})}
    except OSError:
        found |= {"is_fit": False, "troubles": sorted({*troubles, "recordings.volume_missing"})}
    return found
