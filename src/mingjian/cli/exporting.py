"""Exporting a span from the shell: the bytes, and the act that must be on record before anyone has them."""

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.db import transaction

from mingjian.base.clock import SystemClock
from mingjian.cli import footage
from mingjian.host.home import Home
from mingjian.people import acts
from mingjian.recorder import status
from mingjian.recordings import serve
from mingjian.recordings.model import StreamKey, StreamRole
from mingjian.recordings.reader import Library


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written."""

    camera_id: str
    campus: str
    start_90k: int
    end_90k: int
    samples: int


def export(home: Home, *, camera: str, start_90k: int, end_90k: int, target: BinaryIO) -> Exported:
    """Write `[start, end)` of a camera as MP4 that begins at zero. Raises what status and recordings raise."""
    plan = footage.plan_of(home)
    planned = status.find_camera(plan, camera)
    library = Library(volumes=[Path(volume.path) for volume in plan.volumes])
    stream = StreamKey(camera_id=planned.camera_id, role=StreamRole.MAIN, track="video")
    summary = serve.export_window(library, stream=stream, start_90k=start_90k, end_90k=end_90k, target=target)
    return Exported(
        camera_id=planned.camera_id,
        campus=planned.campus,
        start_90k=start_90k,
        end_90k=end_90k,
        samples=summary.samples,
    )


@transaction.atomic(durable=True)
def record(exported: Exported, *, file_name: str, sha256: str) -> None:
    """Enter the export into the ledger."""
    acts.record(
        kind="recordings.exported",
        actor=acts.SHELL,
        subject=f"camera:{exported.camera_id}",
        facts={
            "campus": exported.campus,
            "start_90k": exported.start_90k,
            "end_90k": exported.end_90k,
            "samples": exported.samples,
            "file": file_name,
            "sha256": sha256,
        },
        at_90k=SystemClock().utc(),
    )
