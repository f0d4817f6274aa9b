"""True time, which nobody in the simulation can read, and the two clocks of the host, which may be wrong."""

from mingjian.base.ticks import TICKS_PER_S, Ticks90k

EPOCH_90K = 1_790_000_000 * TICKS_PER_S


class TrueTime:
    """Ticks since the simulation began; moves when everybody waits."""

    def __init__(self) -> None:
        self.now_90k = 0

    @property
    def now_s(self) -> float:
        """The same in seconds, for people."""
        return self.now_90k / TICKS_PER_S


class HostClock:
    """The host's wall clock and its time since boot. `error_90k` is by how much the wall clock is wrong."""

    def __init__(self, truth: TrueTime) -> None:
        self._truth = truth
        self._booted_90k = 0
        self.error_90k = 0
        self.has_ntp = True
        # Whether NTP vouches for a clock that is wrong.
        self.is_misled = False
        self.boot_id = "boot-0"
        self._boots = 0

    def boot(self) -> None:
        """Begin to count anew."""
        self._boots += 1
        self.boot_id = f"boot-{self._boots}"
        self._booted_90k = self._truth.now_90k - TICKS_PER_S

    def utc(self) -> Ticks90k:
        return Ticks90k(EPOCH_90K + self._truth.now_90k + self.error_90k)

    def monotonic(self) -> Ticks90k:
        return Ticks90k(self._truth.now_90k - self._booted_90k)

    def sleep(self, seconds: float) -> None:
        raise AssertionError("nothing of the simulated processes may block")

    def is_synchronised(self) -> bool:
        """Answer as the kernel does: for a clock that is right, and for a wrong one when NTP itself is."""
        return self.has_ntp and (self.error_90k == 0 or self.is_misled)
