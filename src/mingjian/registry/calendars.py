"""Days of cameras as people count them: a calendar of one point, and how much of thirty days was recorded of many."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from mingjian.base import ticks
from mingjian.base.errors import MingjianError
from mingjian.base.ticks import CIVIL_ZONE
from mingjian.host.home import Home
from mingjian.recorder import status
from mingjian.recordings.calendar import DayTotals
from mingjian.registry.words import Tone

# How much of a day may lack before its colour says so; the figure stands beside it. Ours, no article's.
_GOOD = 0.999
_FAIR = 0.95


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """One civil day. `share` is what was recorded of what was to be, None when nothing was or when it was let go."""

    start_90k: int
    weekday: int
    share: float | None
    is_let_go: bool
    tone: Tone


def month_of(home: Home, *, camera: str, start_90k: int, end_90k: int) -> tuple[CalendarDay, ...]:
    """Return the days of a point, as far as they have begun; none when the recorder's index cannot be read."""
    return tuple(_day(totals) for totals in _days(home, {camera}, start_90k=start_90k, end_90k=end_90k).get(camera, ()))


def shares(home: Home, *, groups: dict[str, Collection[str]], start_90k: int, end_90k: int) -> dict[str, float | None]:
    """Return how much of the days of each group of cameras was recorded, None where nothing was to be.

    The days end before today, so that thousands of cameras are quick.
    """
    found = _days(home, {camera for group in groups.values() for camera in group}, start_90k=start_90k, end_90k=end_90k)
    return {name: _share([day for camera in group for day in found.get(camera, ())]) for name, group in groups.items()}


def _days(home: Home, cameras: Collection[str], *, start_90k: int, end_90k: int) -> dict[str, list[DayTotals]]:
    try:
        return status.days_of(home, cameras=cameras, start_90k=start_90k, end_90k=end_90k)
    except (MingjianError, OSError):
        return {}


def _day(totals: DayTotals) -> CalendarDay:
    share = _share([totals])
    return CalendarDay(
        start_90k=totals.start_90k,
        weekday=ticks.to_datetime(totals.start_90k).astimezone(CIVIL_ZONE).isoweekday(),
        share=share,
        is_let_go=bool(totals.expired_90k) and share is None,
        tone=_tone(share),
    )


def _share(days: Sequence[DayTotals]) -> float | None:
    recorded_90k = sum(day.recorded_90k for day in days)
    planned_90k = recorded_90k + sum(day.missing_90k for day in days)
    return recorded_90k / planned_90k if planned_90k else None


def _tone(share: float | None) -> Tone:
    if share is None:
        return Tone.QUIET
    if share >= _GOOD:
        return Tone.GOOD
    return Tone.PENDING if share >= _FAIR else Tone.TROUBLE
