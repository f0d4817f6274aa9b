"""Days as people and programs write them in tables. Pure."""

import re
from datetime import date, datetime, time

from mingjian.base import ticks

_DATE = re.compile(r"(\d{4})\s*[-/.年]?\s*(\d{1,2})\s*[-/.月]?\s*(\d{1,2})\s*日?")
_EARLIEST, _LATEST = 1990, 2200


def day_of(told: str) -> date | None:
    """Return the day, None for what is none: 2026-09-01, 2026/9/1, 2026.9.1, 20260901 or 2026年9月1日."""
    found = _DATE.fullmatch(told)
    try:
        day = date(*map(int, found.groups())) if found else None
    except ValueError:
        return None
    return day if day is not None and _EARLIEST <= day.year < _LATEST else None


def midnight(day: date) -> int:
    """Return the first instant of the day on campus, in 90 kHz ticks."""
    return ticks.from_datetime(datetime.combine(day, time(), tzinfo=ticks.CIVIL_ZONE))
