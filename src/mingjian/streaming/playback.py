"""Where a viewer of history stands: a state machine fed by messages and a clock, asked when what may leave."""

from dataclasses import dataclass

from mingjian.base import ticks
from mingjian.regulation import articles
from mingjian.streaming import pacing, protocol
from mingjian.streaming.protocol import FULL_PICTURE_QUARTERS_MAX, ClientMessage, Refusal

OUTSIDE_WINDOW = Refusal("streaming.outside_window", (articles.A14_C.id,))

JUMPS_AT_ONCE = 4
JUMP_EVERY_90K = ticks.TICKS_PER_S // 2


@dataclass(frozen=True, slots=True)
class Restart:
    """Read on from here, whole or sync samples only. `is_seek` when the viewer asked for another place."""

    at_90k: int
    is_sync_only: bool
    is_seek: bool


class Playback:
    """Position, speed and pause within `[start_90k, end_90k)`. Every refusal leaves the state as it was.

    The position is the newest presentation time that has left (or the place asked for, before anything of it left);
    the samples from the sync sample before a place up to that place cost nothing.
    """

    def __init__(self, *, start_90k: int, end_90k: int, at_90k: int, speed_quarters: int, now_90k: int) -> None:
        if not start_90k <= at_90k < end_90k:
            raise AssertionError("checked at the door")
        self._start_90k, self._end_90k = start_90k, end_90k
        self._speed_quarters = speed_quarters
        self._position_90k = at_90k
        self._pacer = pacing.Pacer(speed_quarters=speed_quarters, now_90k=now_90k)
        self._jumps = pacing.Allowance(count=JUMPS_AT_ONCE, every_90k=JUMP_EVERY_90K, now_90k=now_90k)
        self._pending: Restart | None = Restart(at_90k, self._is_sync_only, is_seek=True)

    @property
    def _is_sync_only(self) -> bool:
        return self._speed_quarters > FULL_PICTURE_QUARTERS_MAX

    def narrow(self, *, start_90k: int, end_90k: int) -> None:
        """Take the window of a renewed lease."""
        self._start_90k, self._end_90k = start_90k, end_90k

    def handle(self, message: ClientMessage, *, now_90k: int) -> Refusal | None:
        """Follow the viewer's wish, or say why not."""
        match message:
            case protocol.Seek(at_90k=at):
                if not self._start_90k <= at < self._end_90k:
                    return OUTSIDE_WINDOW
                self._position_90k = at
                self._pending = Restart(at, self._is_sync_only, is_seek=True)
            case protocol.SetSpeed(speed_quarters=speed):
                was_sync_only = self._is_sync_only
                self._speed_quarters = speed
                self._pacer.set_speed(speed_quarters=speed, now_90k=now_90k)
                if was_sync_only != self._is_sync_only and self._pending is None:
                    self._pending = Restart(self._position_90k, self._is_sync_only, is_seek=False)
                elif self._pending is not None:
                    self._pending = Restart(self._pending.at_90k, self._is_sync_only, self._pending.is_seek)
            case protocol.Pause():
                self._pacer.stop(now_90k=now_90k)
            case protocol.Resume():
                self._pacer.resume(now_90k=now_90k)
            case _:
                raise AssertionError(f"not a message of playback: {type(message).__name__}")
        return None

    @property
    def has_restart(self) -> bool:
        """Say whether the reader stands in a wrong place."""
        return self._pending is not None

    def restart_wait_90k(self, *, now_90k: int) -> int:
        """Return how long until the pending restart is allowed."""
        return self._jumps.wait_90k(now_90k=now_90k)

    def take_restart(self, *, now_90k: int) -> Restart:
        """Return the pending restart and begin it; a seek comes with a fresh lead."""
        if self._pending is None:
            raise AssertionError("nothing is pending")
        restart, self._pending = self._pending, None
        self._jumps.take()
        if restart.is_seek:
            self._pacer.fill(now_90k=now_90k)
        return restart

    def wait_90k(self, *, last_pts_90k: int, now_90k: int) -> int | None:
        """Return how long until a fragment whose newest sample has that time may leave; None: not while paused."""
        return self._pacer.wait_90k(cost_90k=self._cost(last_pts_90k), now_90k=now_90k)

    def left(self, *, last_pts_90k: int, now_90k: int) -> None:
        """Note that it left."""
        self._pacer.spend(cost_90k=self._cost(last_pts_90k), now_90k=now_90k)
        self._position_90k = max(self._position_90k, last_pts_90k)

    def hop(self, *, to_90k: int) -> None:
        """Pass over a stretch without footage; it costs nothing."""
        self._position_90k = max(self._position_90k, to_90k)

    def _cost(self, last_pts_90k: int) -> int:
        return max(0, last_pts_90k - self._position_90k)
