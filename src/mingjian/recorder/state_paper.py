"""What a worker publishes about its cameras each second: volatile, replaced whole, read by status and the console."""

import json
import os
from collections.abc import Collection
from pathlib import Path
from typing import Any

from mingjian.recorder.outlet import Outlet
from mingjian.recorder.stream import StreamRecorder
from mingjian.recorder.timeline import Timeline
from mingjian.recordings.model import StreamRole

PAPER_VERSION = 1


def compose(
    *, worker: str, streams: list[StreamRecorder], outlets: Collection[Outlet], timeline: Timeline
) -> dict[str, Any]:
    """Return the paper: one entry per camera with its main stream's fields, a sub-stream nested under "sub".

    "volumes" tells of each volume why runs had to leave it within a day.
    """
    cameras: dict[str, dict[str, Any]] = {}
    for stream in sorted(streams, key=lambda stream: stream.target.stream.role is StreamRole.SUB):
        entry = _entry(stream, timeline)
        camera_id = stream.target.stream.camera_id
        if stream.target.stream.role is StreamRole.SUB:
            cameras.setdefault(camera_id, {})["sub"] = entry
        else:
            cameras[camera_id] = entry
    return {
        "version": PAPER_VERSION,
        "worker": worker,
        "pid": os.getpid(),
        "at_90k": timeline.now(),
        "is_clock_trusted": timeline.is_trusted,
        "events_waiting": sum(outlet.link.waiting for outlet in outlets),
        "volumes": {
            outlet.volume_id: {"is_fit": outlet.is_fit, "trouble": outlet.recent_trouble} for outlet in outlets
        },
        "cameras": cameras,
    }


def write(path: Path, paper: dict[str, Any]) -> None:
    """Replace the paper. Not synced: it means nothing after a power cut."""
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(paper, separators=(",", ":")))
    fresh.replace(path)


def _entry(stream: StreamRecorder, timeline: Timeline) -> dict[str, Any]:
    session = stream.session
    run = stream.intake.run
    video_format = session.format if session is not None else None
    counts = {} if session is None else session.flaws
    claim_90k = None if session is None else session.camera_claim_90k
    ahead_90k = None
    if session is not None and claim_90k is not None:
        ahead_90k = claim_90k - timeline.at(session.last_sample_90k)
    return {
        "state": stream.intake.state.value,
        "detail": stream.intake.detail,
        "last_sample_at_90k": None if run is None or session is None else timeline.at(session.last_sample_90k),
        "codec": None if video_format is None else video_format.codec.value,
        "width": None if video_format is None else video_format.width,
        "height": None if video_format is None else video_format.height,
        "bitrate_bps": stream.throughput.bitrate_bps if session is not None else None,
        "run_started_at_90k": None if run is None else run.start_90k,
        "late_90k": None if run is None else run.clock.slack_90k,
        "flaws": stream.flaws.present(
            counts=counts | stream.intake.ends | {"media.times_repaired": 0 if run is None else run.times_repaired},
            clock_ahead_90k=ahead_90k,
            now_90k=timeline.now(),
        ),
        "detours": [] if session is None else session.detours,
        "clock_ahead_90k": ahead_90k,
        "packets_lost": 0 if session is None else session.packets_lost,
        "receive_buffer": None if session is None else session.receive_buffer_granted,
    }
