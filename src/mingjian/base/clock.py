"""The clock as a parameter, so that law at midnight and a clock step are plain tests."""

import time
from typing import Protocol

from mingjian.base import ticks
from mingjian.base.ticks import Ticks90k


class Clock(Protocol):
    """What the product may ask of time."""

    def utc(self) -> Ticks90k:
        """Wall clock. May step; never used for durations."""
        ...

    def monotonic(self) -> Ticks90k:
        """Ticks since boot, suspend included. Never steps; comparable across processes of one boot."""
        ...

    def sleep(self, seconds: float) -> None:
        """Block the calling thread."""
        ...


class SystemClock:
    """CLOCK_REALTIME and CLOCK_BOOTTIME of this host."""

    def utc(self) -> Ticks90k:
        return ticks.from_ns(time.clock_gettime_ns(time.CLOCK_REALTIME))

    def monotonic(self) -> Ticks90k:
        return ticks.from_ns(time.clock_gettime_ns(time.CLOCK_BOOTTIME))

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


class SimulatedClock:
    """A clock that moves only when told to; `step_wall` moves the wall clock alone."""

    def __init__(self, utc_90k: int, monotonic_90k: int = 0) -> None:
        self._utc_90k = utc_90k
        self._monotonic_90k = monotonic_90k

    def utc(self) -> Ticks90k:
        return Ticks90k(self._utc_90k)

    def monotonic(self) -> Ticks90k:
        return Ticks90k(self._monotonic_90k)

    def sleep(self, seconds: float) -> None:
        self.advance(ticks.from_seconds(seconds))

    def advance(self, span_90k: int) -> None:
        """Let time pass."""
        self._utc_90k += span_90k
        self._monotonic_90k += span_90k

    def step_wall(self, span_90k: int) -> None:
        """Move the wall clock without time passing, as an administrator or a bad NTP peer does."""
        self._utc_90k += span_90k
