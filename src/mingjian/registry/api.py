"""Cameras, what was recorded of them, and holds, over the API."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.urls import URLPattern
from django.utils.translation import gettext_lazy as _

from mingjian.base.ticks import TICKS_PER_S
from mingjian.people.resources import Call, Listed, OffsetForm, Operation, TicksField, listed, resource
from mingjian.people.routing import OfBody, Staff
from mingjian.registry import footage, queries, stretches
from mingjian.registry.footage import CameraState
from mingjian.registry.models import Hold
from mingjian.registry.rules import CameraInReach

LONGEST_90K = 31 * 24 * 3600 * TICKS_PER_S


@dataclass(frozen=True, slots=True)
class CameraBody:
    """A camera and what the recorder says of it now; figures are null when it says nothing."""

    id: str
    name: str
    campus: str
    building: str
    owner: str
    is_key_location: bool
    state: str
    state_word: str
    last_sample_age_s: float | None
    recorded_today_s: float | None
    gap_today_s: float | None


@dataclass(frozen=True, slots=True)
class GapBody:
    """A span [start_90k, end_90k) without footage, and why."""

    start_90k: int
    end_90k: int
    cause: str


@dataclass(frozen=True, slots=True)
class CoverageBody:
    """What a window holds. Null figures: the recorder's index cannot be read now."""

    camera: str
    start_90k: int
    end_90k: int
    recorded_s: float | None
    missing_s: float | None
    gaps: tuple[GapBody, ...]


@dataclass(frozen=True, slots=True)
class HoldBody:
    """Footage that no retention touches; in force once acknowledged."""

    id: str
    camera: str
    start_90k: int
    end_90k: int
    reason: str
    placed_at_90k: int
    acknowledged_at_90k: int | None
    released_at_90k: int | None


class SpanForm(forms.Form):
    """A window [start_90k, end_90k) of at most 31 days."""

    start_90k = TicksField()
    end_90k = TicksField()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        start, end = cleaned.get("start_90k"), cleaned.get("end_90k")
        if start is not None and end is not None and not start < end <= start + LONGEST_90K:
            self.add_error("end_90k", _("结束要晚于开始，且相隔不超过 31 天。"))
        return cleaned


def cameras(call: Call) -> Listed:
    """List the cameras in reach with their states."""
    part = listed(queries.access_cameras(acting=call.acting), call=call, shape=lambda camera: camera)
    states = footage.states(settings.HOME, cameras=part.items)
    return Listed(tuple(_camera(state) for state in states), part.next)


def camera(call: Call, *, camera_id: str) -> CameraBody:
    """Return one camera in reach."""
    found = queries.access_camera(acting=call.acting, camera_id=camera_id)
    (state,) = footage.states(settings.HOME, cameras=[found])
    return _camera(state)


def coverage(call: Call, *, camera_id: str) -> CoverageBody:
    """Return what was recorded of a camera in a window, and why not the rest."""
    found = queries.access_camera(acting=call.acting, camera_id=camera_id)
    start_90k, end_90k = call.answers["start_90k"], call.answers["end_90k"]
    told = stretches.stretch_of(settings.HOME, camera=found, start_90k=start_90k, end_90k=end_90k)
    return CoverageBody(
        camera=str(found.pk),
        start_90k=start_90k,
        end_90k=end_90k,
        recorded_s=None if told is None else told.recorded_s,
        missing_s=None if told is None else told.missing_s,
        gaps=() if told is None else tuple(GapBody(gap.start_90k, gap.end_90k, gap.word) for gap in told.gaps),
    )


def holds(call: Call) -> Listed:
    """List the holds on cameras in reach, the newest first."""
    return listed(queries.access_holds(acting=call.acting), call=call, shape=_hold)


def _camera(state: CameraState) -> CameraBody:
    found = state.camera
    return CameraBody(
        id=str(found.pk),
        name=found.name,
        campus=found.campus_id,
        building=found.building,
        owner=found.owner_id,
        is_key_location=found.is_key_location,
        state=state.tone.value,
        state_word=str(state.word),
        last_sample_age_s=state.last_sample_age_s,
        recorded_today_s=state.recorded_today_s,
        gap_today_s=state.gap_today_s,
    )


def _hold(hold: Hold) -> HoldBody:
    return HoldBody(
        id=str(hold.pk),
        camera=str(hold.camera_id),
        start_90k=hold.start_90k,
        end_90k=hold.end_90k,
        reason=hold.reason,
        placed_at_90k=hold.placed_at_90k,
        acknowledged_at_90k=hold.acknowledged_at_90k,
        released_at_90k=hold.released_at_90k,
    )


urlpatterns: list[URLPattern] = [
    resource(
        "cameras/",
        name="cameras",
        rule=OfBody(),
        get=Operation(cameras, _("本辖区的摄像机"), CameraBody, takes=OffsetForm, is_list=True),
    ),
    resource(
        "cameras/<str:camera_id>/",
        name="camera",
        rule=CameraInReach(),
        get=Operation(camera, _("一台摄像机"), CameraBody),
    ),
    resource(
        "cameras/<str:camera_id>/coverage/",
        name="coverage",
        rule=CameraInReach(),
        get=Operation(coverage, _("某一时段的录像情况"), CoverageBody, takes=SpanForm),
    ),
    resource(
        "holds/",
        name="holds",
        rule=Staff(),
        get=Operation(holds, _("录像锁定"), HoldBody, takes=OffsetForm, is_list=True),
    ),
]
