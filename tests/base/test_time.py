"""Ticks and clocks: whole numbers at every edge."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingjian.base import ticks
from mingjian.base.clock import SimulatedClock, SystemClock
from mingjian.base.errors import MingjianError
from mingjian.base.ids import is_id, new_id


def test_from_datetime_counts_90_khz_since_1970() -> None:
    assert ticks.from_datetime(datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)) == 90_000
    assert ticks.from_datetime(datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC)) == -90_000


def test_from_datetime_refuses_a_naive_instant() -> None:
    with pytest.raises(ValueError, match="offset"):
        ticks.from_datetime(datetime(2026, 1, 1))  # noqa: DTZ001 - the naive one is the subject


@given(st.integers(min_value=0, max_value=2**53))
def test_to_datetime_returns_the_tick_to_the_microsecond(tick: int) -> None:
    if tick // 90_000 > 250_000_000_000:
        return
    back = ticks.from_datetime(ticks.to_datetime(tick))
    assert 0 <= tick - back <= 1


def test_parse_iso_reads_campus_time_when_no_offset_is_given() -> None:
    assert ticks.parse_iso("2026-03-08T08:00:00") == ticks.from_datetime(datetime(2026, 3, 8, tzinfo=UTC))
    eastern = timezone(timedelta(hours=-5))
    assert ticks.parse_iso("2026-03-08T02:30:00-05:00") == ticks.from_datetime(
        datetime(2026, 3, 8, 2, 30, tzinfo=eastern)
    )


def test_to_iso_shows_campus_time_with_its_offset() -> None:
    assert ticks.to_iso(0) == "1970-01-01T08:00:00.000+08:00"


def test_simulated_clock_keeps_monotonic_still_when_the_wall_steps() -> None:
    clock = SimulatedClock(utc_90k=1_000_000)
    clock.sleep(2)
    clock.step_wall(-900_000)
    assert (clock.utc(), clock.monotonic()) == (280_000, 180_000)


def test_system_clock_runs_forward() -> None:
    clock = SystemClock()
    earlier = clock.monotonic()
    clock.sleep(0.002)
    assert clock.monotonic() > earlier
    assert abs(clock.utc() - ticks.from_datetime(datetime.now(tz=UTC))) < 90_000


def test_ids_are_recognised_and_nothing_else_is() -> None:
    assert is_id(new_id())
    assert not is_id("../" + new_id())
    assert not is_id(new_id().upper())


def test_error_names_code_and_facts() -> None:
    assert str(MingjianError("room.what", camera="a")) == "room.what camera='a'"
