"""Instants and spans as integers of 90 kHz ticks since 1970-01-01 UTC, leap seconds excluded."""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from typing import NewType
from zoneinfo import ZoneInfo

Ticks90k = NewType("Ticks90k", int)

TICKS_PER_S = 90_000
CIVIL_ZONE = ZoneInfo("Asia/Shanghai")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def from_datetime(instant: datetime) -> Ticks90k:
    """Return the tick of an aware datetime, rounded down. A naive one raises ValueError."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs an offset")
    since = instant - _EPOCH
    microseconds = (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
    return Ticks90k(microseconds * 9 // 100)


def to_datetime(ticks: int) -> datetime:
    """Return the UTC instant of a tick, to the microsecond."""
    return _EPOCH + timedelta(microseconds=ticks * 100 // 9)


def from_seconds(seconds: float) -> Ticks90k:
    """Return a span given in seconds as ticks. For constants and settings; never for instants."""
    return Ticks90k(round(seconds * TICKS_PER_S))


def parse_iso(text: str) -> Ticks90k:
    """Parse ISO 8601 with an offset; without one, the civil time of the campus (Asia/Shanghai).

    Raises ValueError when the text is not a date and time.
    """
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=CIVIL_ZONE)
    return from_datetime(instant)


def to_iso(ticks: int) -> str:
    """Return ISO 8601 in Asia/Shanghai with its offset, milliseconds kept."""
    return to_datetime(ticks).astimezone(CIVIL_ZONE).isoformat(timespec="milliseconds")


def midnight(day: date) -> Ticks90k:
    """Return the first instant of a civil day of the campus."""
    return from_datetime(datetime.combine(day, time(), tzinfo=CIVIL_ZONE))


def day_of(ticks: int) -> date:
    """Return the civil day of the campus on which an instant falls."""
    return to_datetime(ticks).astimezone(CIVIL_ZONE).date()


def months_after(day: date, months: int) -> date:
    """Return the day of the same number some months on, or the last of a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def from_ns(nanoseconds: int) -> Ticks90k:
    """Return ticks of a nanosecond count, rounded down."""
    return Ticks90k(nanoseconds * 9 // 100_000)
