"""What operators see of the recorder: cameras with their states and today's figures, and the coverage of a window."""

import json
from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from typing import Any

from mingjian.base import ticks
from mingjian.base.clock import Clock, SystemClock
from mingjian.base.errors import MingjianError
from mingjian.base.ticks import CIVIL_ZONE, TICKS_PER_S, Ticks90k
from mingjian.host import deployment as deployments
from mingjian.host.home import Home
from mingjian.recorder import timeline as timelines
from mingjian.recorder import volume_status
from mingjian.recorder.causes import StreamState
from mingjian.recorder.plan_source import PlanSource
from mingjian.recorder.targets import worker_of
from mingjian.recorder.timeline import Anchor
from mingjian.recordings.calendar import DayTotals
from mingjian.recordings.model import Coverage, Covered, Gap, StreamKey, StreamRole
from mingjian.recordings.plan import Plan, PlannedCamera
from mingjian.recordings.reader import Library

# A paper older than this was not written by a worker that lives.
STALE_90K = 5 * TICKS_PER_S


class StatusError(MingjianError):
    """What was asked for does not exist: recorder.no_plan, recorder.unknown_camera, recorder.ambiguous_camera."""


def collect(home: Home) -> dict[str, Any]:
    """Return `{"cameras": […], "volumes": […], "processes": […]}` as `mingjian status --json` prints it."""
    plan = _plan(home)
    return {
        "cameras": _cameras(home, plan, plan.cameras),
        "volumes": volume_status.collect(
            home, plan, _papers(home, plan.cameras).values(), now_90k=present(home, clock=SystemClock())
        ),
        "processes": _processes(home),
    }


def of_cameras(home: Home, *, camera_ids: Collection[str]) -> list[dict[str, Any]]:
    """Return the same of some cameras, without counting today's footage of all the others."""
    plan = _plan(home)
    return _cameras(home, plan, [camera for camera in plan.cameras if camera.camera_id in camera_ids])


def state_codes(home: Home) -> dict[str, str]:
    """Return the state of every planned camera by its id, as the workers' papers tell it: quick for thousands."""
    plan = _plan(home)
    now_90k = present(home, clock=SystemClock())
    papers = _papers(home, plan.cameras)
    return {
        camera.camera_id: _state_code(papers[worker_of(camera.slot)], camera.camera_id, now_90k=now_90k)
        for camera in plan.cameras
    }


def coverage_of(
    home: Home, *, camera: str, start_90k: int, end_90k: int, role: StreamRole = StreamRole.MAIN
) -> Coverage:
    """Return footage, gaps and what expired of a camera's window. Raises StatusError as `coverage_report` does."""
    plan = _plan(home)
    return _coverage(home, plan, find_camera(plan, camera), start_90k=start_90k, end_90k=end_90k, role=role)


def days_of(home: Home, *, cameras: Collection[str], start_90k: int, end_90k: int) -> dict[str, list[DayTotals]]:
    """Return totals of each civil day that begins in `[start, end)`, of each of the cameras that is planned, by its id.

    Quick for thousands as long as today is not among the days. Raises StatusError `recorder.no_plan`.
    """
    plan = _plan(home)
    streams = {
        StreamKey(camera_id=camera.camera_id, role=StreamRole.MAIN, track="video"): camera.since_90k
        for camera in plan.cameras
        if camera.camera_id in cameras
    }
    now_90k = present(home, clock=SystemClock())
    found = _library(plan).days(streams=streams, start_90k=start_90k, end_90k=end_90k, now_90k=now_90k)
    return {stream.camera_id: totals for stream, totals in found.items()}


def coverage_report(
    home: Home, *, camera: str, start_90k: int, end_90k: int, role: StreamRole = StreamRole.MAIN
) -> dict[str, Any]:
    """Return runs and gaps with causes of a camera, named by id or name, within `[start, end)`.

    Raises StatusError `recorder.no_plan`, `.unknown_camera`, `.ambiguous_camera`.
    """
    plan = _plan(home)
    planned = find_camera(plan, camera)
    found = _coverage(home, plan, planned, start_90k=start_90k, end_90k=end_90k, role=role)
    return {
        "camera": {"id": planned.camera_id, "name": planned.name},
        "role": role.value,
        "from": ticks.to_iso(start_90k),
        "to": ticks.to_iso(end_90k),
        "runs": [_run(covered) for covered in found.footage],
        "gaps": [_gap(gap) for gap in found.gaps],
    }


def find_camera(plan: Plan, text: str) -> PlannedCamera:
    """Return the camera with this id or this name. Raises StatusError."""
    by_id = [camera for camera in plan.cameras if camera.camera_id == text]
    found = by_id or [camera for camera in plan.cameras if camera.name == text]
    if not found:
        raise StatusError("recorder.unknown_camera", camera=text)
    if len(found) > 1:
        raise StatusError("recorder.ambiguous_camera", camera=text, count=len(found))
    return found[0]


def present(home: Home, *, clock: Clock) -> Ticks90k:
    """Return the timeline's present without touching its paper; the wall clock's when no recorder has run yet."""
    try:
        anchor = Anchor(**json.loads((home.root / timelines.PAPER).read_text()))
    except (FileNotFoundError, ValueError, TypeError):
        return clock.utc()
    if anchor.boot_id != timelines.kernel_boot_id():
        return clock.utc()
    return Ticks90k(anchor.at(clock.monotonic()))


def _coverage(
    home: Home, plan: Plan, planned: PlannedCamera, *, start_90k: int, end_90k: int, role: StreamRole
) -> Coverage:
    return _library(plan).coverage(
        stream=StreamKey(camera_id=planned.camera_id, role=role, track="video"),
        start_90k=start_90k,
        end_90k=end_90k,
        planned_since_90k=planned.since_90k,
        now_90k=present(home, clock=SystemClock()),
    )


def _cameras(home: Home, plan: Plan, wanted: Collection[PlannedCamera]) -> list[dict[str, Any]]:
    now_90k = present(home, clock=SystemClock())
    papers = _papers(home, wanted)
    with _library(plan).kept_open() as library:
        return [
            _camera(camera, paper=papers[worker_of(camera.slot)], library=library, now_90k=now_90k)
            for camera in sorted(wanted, key=lambda camera: camera.slot)
        ]


def _papers(home: Home, cameras: Collection[PlannedCamera]) -> dict[int, dict[str, Any]]:
    return {index: _worker_paper(home, index) for index in {worker_of(camera.slot) for camera in cameras}}


def _is_alive(paper: dict[str, Any], *, now_90k: int) -> bool:
    return bool(0 <= now_90k - paper.get("at_90k", 0) < STALE_90K)


def _state_code(paper: dict[str, Any], camera_id: str, *, now_90k: int) -> str:
    if not _is_alive(paper, now_90k=now_90k):
        return StreamState.STOPPED.value
    return str(paper.get("cameras", {}).get(camera_id, {}).get("state", StreamState.CONNECTING.value))


def _camera(camera: PlannedCamera, *, paper: dict[str, Any], library: Library, now_90k: int) -> dict[str, Any]:
    told = paper.get("cameras", {}).get(camera.camera_id, {})
    is_alive = _is_alive(paper, now_90k=now_90k)
    last_90k = told.get("last_sample_at_90k") if is_alive else None
    started_90k = told.get("run_started_at_90k") if is_alive else None
    ahead_90k = told.get("clock_ahead_90k") if is_alive else None
    recorded_90k, missing_90k = library.totals(
        stream=StreamKey(camera_id=camera.camera_id, role=StreamRole.MAIN, track="video"),
        start_90k=_midnight(now_90k),
        end_90k=now_90k,
        planned_since_90k=camera.since_90k,
        now_90k=now_90k,
    )
    return {
        "id": camera.camera_id,
        "name": camera.name,
        "state": _state_code(paper, camera.camera_id, now_90k=now_90k),
        "detail": told.get("detail", "") if is_alive else "recorder.worker_down",
        "last_sample_age_s": None if last_90k is None else round(max(now_90k - last_90k, 0) / TICKS_PER_S, 2),
        "codec": told.get("codec"),
        "width": told.get("width"),
        "height": told.get("height"),
        "bitrate_bps": told.get("bitrate_bps") if is_alive else None,
        "run_started_at": None if started_90k is None else ticks.to_iso(started_90k),
        "flaws": told.get("flaws", []) if is_alive else [],
        "detours": told.get("detours", []) if is_alive else [],
        "clock_ahead_s": None if ahead_90k is None else round(ahead_90k / TICKS_PER_S, 1),
        "recorded_today_s": round(recorded_90k / TICKS_PER_S, 1),
        "gap_today_s": round(missing_90k / TICKS_PER_S, 1),
    }


def _run(covered: Covered) -> dict[str, Any]:
    return {
        "run": covered.run_id,
        "start": ticks.to_iso(covered.start_90k),
        "end": ticks.to_iso(covered.end_90k),
        "duration_s": round((covered.end_90k - covered.start_90k) / TICKS_PER_S, 3),
        "is_clock_trusted": covered.is_clock_trusted,
    }


def _gap(gap: Gap) -> dict[str, Any]:
    return {
        "start": ticks.to_iso(gap.start_90k),
        "end": ticks.to_iso(gap.end_90k),
        "duration_s": round((gap.end_90k - gap.start_90k) / TICKS_PER_S, 3),
        "cause": gap.cause.value,
        "detail": gap.detail,
        "open": gap.is_open,
    }


def _midnight(now_90k: int) -> Ticks90k:
    civil = ticks.to_datetime(now_90k).astimezone(CIVIL_ZONE)
    return ticks.from_datetime(datetime(civil.year, civil.month, civil.day, tzinfo=CIVIL_ZONE))


def _plan(home: Home) -> Plan:
    plan = PlanSource(home=home, deployment=deployments.load(home)).poll()
    if plan is None:
        raise StatusError("recorder.no_plan", path=str(home.plan))
    return plan


def _library(plan: Plan) -> Library:
    return Library(volumes=[Path(volume.path) for volume in plan.volumes])


def _worker_paper(home: Home, index: int) -> dict[str, Any]:
    return _object(home.worker_state(f"w{index}"))


def _processes(home: Home) -> list[Any]:
    processes = _object(home.sockets / "processes.json").get("processes", [])
    return processes if isinstance(processes, list) else []


def _object(path: Path) -> dict[str, Any]:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}
