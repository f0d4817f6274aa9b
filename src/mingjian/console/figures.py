"""The state of the campuses: a few figures, each with the list behind it and the formula it follows."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from mingjian.oversight import refusals
from mingjian.people.capacity import Acting
from mingjian.people.models import Campus
from mingjian.registry import calendars, dossiers, footage
from mingjian.registry import queries as cameras
from mingjian.registry.footage import CameraState
from mingjian.registry.words import Tone
from mingjian.viewing import queries as viewing
from mingjian.viewing.workflow import Stage

_WAITING = (Stage.AT_UNIT, Stage.SUBMITTED, Stage.RETURNED)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: what it counts, its value as text, how it is computed, and the list it comes from."""

    title: str
    value: str
    of: str
    formula: str
    address: str
    action: str


@dataclass(frozen=True, slots=True)
class CampusLine:
    """One campus: the parts of the figures that are its own. Both shares are None before anything was planned."""

    campus: Campus
    cameras: int
    recording: int
    gap_s: float
    completeness: float | None
    month_completeness: float | None
    waiting: int
    open_sessions: int


@dataclass(frozen=True, slots=True)
class CampusesState:
    """What tier 1 sees first."""

    figures: tuple[Figure, ...]
    campuses: tuple[CampusLine, ...]


def state(*, acting: Acting, campuses: Sequence[str], now_90k: int) -> CampusesState:
    """Return the figures over these campuses, all of them in the capacity's reach."""
    states = footage.states(
        settings.HOME, cameras=list(cameras.access_cameras(acting=acting).filter(campus__in=campuses))
    )
    waiting = viewing.access_applications(acting=acting).filter(stage__in=_WAITING)
    sessions = viewing.access_sessions(acting=acting).filter(closed_at_90k__isnull=True)
    by_campus = {code: [one for one in states if one.camera.campus_id == code] for code in campuses}
    first, last = dossiers.days_past(now_90k=now_90k)
    months = calendars.shares(
        settings.HOME,
        groups={code: [str(one.camera.pk) for one in of_campus] for code, of_campus in by_campus.items()},
        start_90k=first,
        end_90k=last,
    )
    lines = tuple(
        _line(
            campus,
            by_campus[campus.pk],
            month_completeness=months[campus.pk],
            waiting=waiting.filter(campus=campus).count(),
            open_sessions=sessions.filter(campus=campus).count(),
        )
        for campus in Campus.objects.filter(pk__in=campuses)
    )
    return CampusesState(_figures(lines, refused=refusals.of_the_day(now_90k=now_90k).total), lines)


def _line(
    campus: Campus,
    states: Sequence[CameraState],
    *,
    month_completeness: float | None,
    waiting: int,
    open_sessions: int,
) -> CampusLine:
    recorded_s = sum(one.recorded_today_s or 0.0 for one in states)
    gap_s = sum(one.gap_today_s or 0.0 for one in states)
    return CampusLine(
        campus=campus,
        cameras=len(states),
        recording=sum(one.tone is Tone.GOOD for one in states),
        gap_s=gap_s,
        completeness=recorded_s / (recorded_s + gap_s) if recorded_s + gap_s else None,
        month_completeness=month_completeness,
        waiting=waiting,
        open_sessions=open_sessions,
    )


def _figures(lines: Sequence[CampusLine], *, refused: int) -> tuple[Figure, ...]:
    return (
        Figure(
            title=_("正在录像的摄像机"),
            value=str(sum(line.recording for line in lines)),
            of=_("/ %(count)d 台") % {"count": sum(line.cameras for line in lines)},
            formula=_("此刻录像程序报告“正在录像”的台数 ÷ 登记在用的台数"),
            address=reverse("cameras"),
            action=_("查看摄像机"),
        ),
        Figure(
            title=_("今日录像缺失"),
            value=_span(sum(line.gap_s for line in lines)),
            of="",
            formula=_("今日零时起，各摄像机应录而未录的时长之和"),
            address=reverse("cameras"),
            action=_("查看缺失的摄像机"),
        ),
        Figure(
            title=_("办理中的查阅申请"),
            value=str(sum(line.waiting for line in lines)),
            of=_("件"),
            formula=_("待转交 + 待审批 + 退回补正的申请件数"),
            address=reverse("viewing_desk"),
            action=_("查看查阅申请"),
        ),
        Figure(
            title=_("尚未结束登记的查阅"),
            value=str(sum(line.open_sessions for line in lines)),
            of=_("次"),
            formula=_("已开始而没有登记结果的查阅次数"),
            address=reverse("viewing_register"),
            action=_("查看查阅登记台账"),
        ),
        Figure(
            title=_("今日未予办理"),
            value=str(refused),
            of=_("次"),
            formula=_("今日零时起，操作日志中“未予办理”和“画面未予播放”的条数，全校"),
            address=reverse("articles"),
            action=_("按条款查看"),
        ),
    )


def _span(seconds: float) -> str:
    whole = int(seconds)
    return f"{whole // 3600}:{whole % 3600 // 60:02}:{whole % 60:02}"
