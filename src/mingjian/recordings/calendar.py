"""Days of a stream over several volumes: from the daily sums where they tell all, from the rows where they do not.

Pure arithmetic. The sums tell all of a day that is over, was planned from its first tick to its last, is not touched by
a growing recording, and has footage or deletions on one volume at most: on two, the same seconds might lie twice.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from mingjian.recordings.days import DAY_90K

_NOTHING = (0, 0)


class DayTotals(NamedTuple):
    """The civil day that begins at `start_90k`: how much of it, as far as planned and past, is footage, gap, let go."""

    start_90k: int
    recorded_90k: int
    missing_90k: int
    expired_90k: int


@dataclass(frozen=True, slots=True)
class StreamDays:
    """What one index says of a stream: its sums by day (footage, let go), and what keeps them from telling all.

    `planned_until_90k` is None while it is planned there, `growing_since_90k` when no recording is open.
    """

    is_rolled_up: bool
    is_planned: bool
    planned_until_90k: int | None
    growing_since_90k: int | None
    sums: Mapping[int, tuple[int, int]]


def planned_end(plans: Sequence[tuple[bool, int | None]], *, now_90k: int) -> int:
    """Return until when a stream is planned: to the present, unless every volume that knows it was left out.

    `plans` are (whether a plan ever named it there, when one left it out).
    """
    ends = [until_90k for is_known, until_90k in plans if is_known]
    left_out = [until_90k for until_90k in ends if until_90k is not None]
    return max(left_out) if ends and len(left_out) == len(ends) else now_90k


def days_of(
    told: Sequence[StreamDays],
    *,
    wanted: range,
    planned_since_90k: int,
    now_90k: int,
    by_rows: Callable[[int], DayTotals],
) -> list[DayTotals]:
    """Return the days of a stream that `wanted` names by their first ticks; `by_rows` walks over the rows of one."""
    until_90k = planned_end([(one.is_planned, one.planned_until_90k) for one in told], now_90k=now_90k)
    end_90k = min(until_90k, now_90k)
    growing = [one.growing_since_90k for one in told if one.growing_since_90k is not None]
    settled_90k = min([end_90k, *growing]) if all(one.is_rolled_up for one in told) else planned_since_90k
    last_90k = settled_90k - DAY_90K
    sums, twice = _together(told)
    found: list[DayTotals] = []
    # A month of a whole site is three hundred thousand turns of this loop.
    for day_90k in wanted:
        if planned_since_90k <= day_90k <= last_90k and day_90k not in twice:
            footage_90k, expired_90k = sums.get(day_90k, _NOTHING)
            found.append(DayTotals(day_90k, footage_90k, DAY_90K - footage_90k - expired_90k, expired_90k))
        elif planned_since_90k >= day_90k + DAY_90K or day_90k >= end_90k:
            found.append(DayTotals(day_90k, 0, 0, 0))
        else:
            found.append(by_rows(day_90k))
    return found


def _together(told: Sequence[StreamDays]) -> tuple[Mapping[int, tuple[int, int]], set[int]]:
    """Return the sums of all indexes by day, and the days of which more than one has any."""
    if len(told) == 1:
        return told[0].sums, set()
    sums: dict[int, tuple[int, int]] = {}
    twice: set[int] = set()
    for one in told:
        twice |= sums.keys() & one.sums.keys()
        sums |= one.sums
    return sums, twice
