"""The timeline in the form of a clock, for rooms that must never see the wall clock step."""

from mingjian.base.clock import Clock
from mingjian.base.ticks import Ticks90k
from mingjian.recorder.timeline import Timeline


class TimelineClock:
    """A Clock whose `utc` is the host's timeline."""

    def __init__(self, *, timeline: Timeline, clock: Clock) -> None:
        self._timeline = timeline
        self._clock = clock

    def utc(self) -> Ticks90k:
        """Return the timeline's present instant."""
        return self._timeline.now()

    def monotonic(self) -> Ticks90k:
        """Return ticks since boot."""
        return self._clock.monotonic()

    def sleep(self, seconds: float) -> None:
        """Block the calling thread."""
        self._clock.sleep(seconds)
