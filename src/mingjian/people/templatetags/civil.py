"""Instants and spans as people read them: civil time of the campus, never a tick."""

from django import template

from mingjian.base import ticks

register = template.Library()


@register.filter
def instant(value_90k: int | None) -> str:
    """Return date and time to the second, or a dash."""
    return "—" if value_90k is None else _civil(value_90k, "%Y-%m-%d %H:%M:%S")


@register.filter
def clock_time(value_90k: int | None) -> str:
    """Return the time of day to the second, or a dash."""
    return "—" if value_90k is None else _civil(value_90k, "%H:%M:%S")


@register.filter
def date_of(value_90k: int) -> str:
    """Return the civil date as ISO 8601, for `datetime` attributes."""
    return _civil(value_90k, "%Y-%m-%d")


@register.filter
def day_of_month(value_90k: int) -> str:
    """Return month and day."""
    return _civil(value_90k, "%m-%d")


@register.filter
def iso(value_90k: int) -> str:
    """Return ISO 8601 with its offset, for `datetime` attributes."""
    return ticks.to_iso(value_90k)


@register.filter
def span(seconds: float | None) -> str:
    """Return a duration as h:mm:ss, or a dash."""
    if seconds is None:
        return "—"
    whole = int(seconds)
    return f"{whole // 3600}:{whole % 3600 // 60:02}:{whole % 60:02}"


@register.filter
def percent(share: float | None) -> str:
    """Return a share of 1 as per cent with one digit, rounded down so that only what is whole reads 100; or a dash."""
    return "—" if share is None else f"{int(share * 1000) / 10:.1f} %"


def _civil(value_90k: int, form: str) -> str:
    return ticks.to_datetime(value_90k).astimezone(ticks.CIVIL_ZONE).strftime(form)
