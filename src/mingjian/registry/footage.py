"""What the recorder says of cameras now, and what a window holds: read from its papers, put into words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mingjian.base.errors import MingjianError
from mingjian.host.home import Home
from mingjian.recorder import status
from mingjian.recordings.model import Coverage
from mingjian.registry.models import Camera
from mingjian.registry.words import NOT_CONNECTED, Tone, detour_word, state_word, tone_of
from mingjian.regulation.systems import SystemClass


@dataclass(frozen=True, slots=True)
class CameraState:
    """One camera as the recorder sees it now; figures are None when it says nothing."""

    camera: Camera
    word: str
    tone: Tone
    last_sample_age_s: float | None
    codec: str
    width: int | None
    height: int | None
    bitrate_kbps: int | None
    recorded_today_s: float | None
    gap_today_s: float | None
    detours: list[str]


def states(home: Home, *, cameras: Sequence[Camera]) -> list[CameraState]:
    """Return each camera with its state; a recorder that cannot be asked shows as "not recording"."""
    try:
        wanted = {str(camera.pk) for camera in cameras}
        told = {entry["id"]: entry for entry in status.of_cameras(home, camera_ids=wanted)}
    except (MingjianError, OSError):
        told = {}
    return [_state(camera, told.get(str(camera.pk), {})) for camera in cameras]


def tones(home: Home) -> dict[str, Tone]:
    """Return how every recorded camera's state looks, by its id; quick for thousands, empty without a recorder."""
    try:
        return {camera_id: tone_of(code) for camera_id, code in status.state_codes(home).items()}
    except (MingjianError, OSError):
        return {}


def state_words(home: Home, *, cameras: Sequence[Camera]) -> dict[str, tuple[str, Tone]]:
    """Return word and tone of each camera's state by its id, without figures."""
    try:
        codes = status.state_codes(home)
    except (MingjianError, OSError):
        codes = {}
    told = {str(camera.pk): codes.get(str(camera.pk), "stopped") for camera in cameras}
    return {camera_id: (state_word(code), tone_of(code)) for camera_id, code in told.items()}


def coverage(home: Home, *, camera: Camera, start_90k: int, end_90k: int) -> Coverage | None:
    """Return footage, gaps and what expired of a window, or None when the recorder's index cannot be read."""
    try:
        return status.coverage_of(home, camera=str(camera.pk), start_90k=start_90k, end_90k=end_90k)
    except (MingjianError, OSError):
        return None


def _state(camera: Camera, told: Mapping[str, Any]) -> CameraState:
    code = str(told.get("state", "stopped"))
    is_recorded = SystemClass(camera.system_class).is_recorded_here
    bitrate_bps = told.get("bitrate_bps")
    return CameraState(
        camera=camera,
        word=state_word(code) if is_recorded else str(NOT_CONNECTED),
        tone=tone_of(code) if is_recorded else Tone.QUIET,
        last_sample_age_s=told.get("last_sample_age_s"),
        codec={"h264": "H.264", "h265": "H.265", "mjpeg": "Motion JPEG"}.get(str(told.get("codec")), ""),
        width=told.get("width"),
        height=told.get("height"),
        bitrate_kbps=None if bitrate_bps is None else round(bitrate_bps / 1000),
        recorded_today_s=told.get("recorded_today_s"),
        gap_today_s=told.get("gap_today_s"),
        detours=[detour_word(str(code)) for code in told.get("detours", [])],
    )
