"""How fast media may leave, and how often a viewer may ask: token buckets of media time and of turns."""

from mingjian.base import ticks
from mingjian.streaming.protocol import REAL_TIME_QUARTERS

LEAD_90K = 2 * ticks.TICKS_PER_S


class Pacer:
    """Media time flows in at the chosen speed and is spent by what leaves; at most two seconds lie ready.

    So at any instant the served media time is at most speed x elapsed + two seconds. `now_90k` is always the
    monotonic clock; spans of media are ticks as well.
    """

    def __init__(self, *, speed_quarters: int, now_90k: int) -> None:
        self._speed_quarters = speed_quarters
        self._ready_90k = LEAD_90K
        self._asked_90k = LEAD_90K
        self._at_90k = now_90k
        self._is_stopped = False

    def wait_90k(self, *, cost_90k: int, now_90k: int) -> int | None:
        """Return how long until media of that span may leave: 0 is now, None not before `resume`."""
        self._flow(now_90k)
        # What costs more than the bucket holds (a key picture of a long group) is saved up for.
        self._asked_90k = max(LEAD_90K, cost_90k)
        missing = cost_90k - self._ready_90k
        if missing <= 0:
            return 0
        if self._is_stopped:
            return None
        return -(-missing * REAL_TIME_QUARTERS // self._speed_quarters)

    def spend(self, *, cost_90k: int, now_90k: int) -> None:
        """Note that media of that span has left."""
        self._flow(now_90k)
        self._ready_90k -= cost_90k
        self._asked_90k = LEAD_90K

    def set_speed(self, *, speed_quarters: int, now_90k: int) -> None:
        """Flow at another speed from now on; what was ready stays ready."""
        self._flow(now_90k)
        self._speed_quarters = speed_quarters

    def stop(self, *, now_90k: int) -> None:
        """Let nothing flow in while the viewer pauses."""
        self._flow(now_90k)
        self._is_stopped = True

    def resume(self, *, now_90k: int) -> None:
        """Flow again."""
        self._flow(now_90k)
        self._is_stopped = False

    def fill(self, *, now_90k: int) -> None:
        """Give the whole lead again, for a jump to another place; rationed by an `Allowance`."""
        self._flow(now_90k)
        self._ready_90k = max(self._ready_90k, LEAD_90K)

    def _flow(self, now_90k: int) -> None:
        elapsed = max(0, now_90k - self._at_90k)
        self._at_90k = max(self._at_90k, now_90k)
        if not self._is_stopped:
            arrived = elapsed * self._speed_quarters // REAL_TIME_QUARTERS
            self._ready_90k = max(self._ready_90k, min(self._asked_90k, self._ready_90k + arrived))


class Allowance:
    """How often something may be done: `count` times at once, then one more every `every_90k`.

    For jumps, each of which comes with a fresh lead: without a bound, a player that jumps forward by two seconds a
    hundred times a second would copy footage at any speed. For messages, so that none can keep this process busy.
    """

    def __init__(self, *, count: int, every_90k: int, now_90k: int) -> None:
        self._most_90k = count * every_90k
        self._every_90k = every_90k
        self._ready_90k = self._most_90k
        self._at_90k = now_90k

    def wait_90k(self, *, now_90k: int) -> int:
        """Return how long until one more is allowed; 0 is now."""
        elapsed = max(0, now_90k - self._at_90k)
        self._at_90k = max(self._at_90k, now_90k)
        self._ready_90k = min(self._most_90k, self._ready_90k + elapsed)
        return max(0, self._every_90k - self._ready_90k)

    def take(self) -> None:
        """Use one up."""
        self._ready_90k -= self._every_90k
