"""Where one viewer stands before the law: by a lease, by the spool while control is dead, or out."""

import asyncio
import logging
from dataclasses import dataclass

from mingjian.base.clock import Clock
from mingjian.base.ticks import TICKS_PER_S
from mingjian.grants.claims import Grant, Purpose
from mingjian.ledger.canonical import JsonValue
from mingjian.streaming import blackout
from mingjian.streaming.blackout import Control, Passage, Phase, Right
from mingjian.streaming.control_watch import ControlWatch
from mingjian.streaming.journal import Note
from mingjian.streaming.lease import Lease
from mingjian.streaming.protocol import EndReason, Mode, Refusal
from mingjian.streaming.served import ServedRanges
from mingjian.streaming.spool import SpoolError
from mingjian.streaming.spool_desk import SpoolDesk

_log = logging.getLogger(__name__)

# One record allows so much; the next one is written this long before it ends.
ALLOWANCE_90K = 30 * TICKS_PER_S
AHEAD_90K = 10 * TICKS_PER_S
GOES_ON, RENEWED, ENDED = "goes_on", "renewed", "ended"

_END_OF = {
    Passage.LAPSED: EndReason.LEASE_EXPIRED,
    Passage.WINDOW_OVER: EndReason.WINDOW_END,
    Passage.TOO_LONG: EndReason.TOO_LONG,
}


class Stopped(Exception):
    """No more may leave, for this reason."""

    def __init__(self, reason: EndReason) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(slots=True)
class _GoingOn:
    """A look past its lease: since when control was silent and why, what left since the last record."""

    control: Control
    ranges: ServedRanges
    allowed_until_90k: int = 0


class Standing:
    """One viewer's right to the next byte. Whoever sends asks `admit` first and tells `note` what leaves."""

    def __init__(
        self, *, lease: Lease, mode: Mode, note: Note, watch: ControlWatch, desk: SpoolDesk, clock: Clock
    ) -> None:
        self.lease = lease
        self._mode, self._note, self._watch, self._desk, self._clock = mode, note, watch, desk, clock
        self._going_on: _GoingOn | None = None
        self._lapsed, self._signs = 0, 0
        self._writing = asyncio.Lock()

    @property
    def has_gone_on(self) -> bool:
        """Say whether what leaves now is written to the spool, or control is known to be dead."""
        return self._going_on is not None or self._watch.control.phase is Phase.BLACKOUT

    @property
    def control(self) -> Control:
        """Return why the look goes on, or how control stands now."""
        return self._watch.control if self._going_on is None else self._going_on.control

    def renew(self, grant: Grant, *, camera_id: str, track: str) -> Refusal | None:
        """Take a verified renewal, as `Lease.renew`. Whoever it is for, it proves that control lives."""
        self._watch.heard(grant)
        return self.lease.renew(grant, camera_id=camera_id, track=track)

    async def admit(self) -> Grant:
        """Return the grant under which the next byte may leave. Raises Stopped when none may."""
        if self._passage() is Passage.SPOOL:
            await self._be_allowed(ahead_90k=0)
        return self.lease.grant

    def note(self, *, start_90k: int, end_90k: int, size_bytes: int) -> None:
        """Note what is about to leave, if it does so without a lease."""
        if self._going_on is not None:
            self._going_on.ranges.add(start_90k=start_90k, end_90k=end_90k, size_bytes=size_bytes)

    async def look_after(self) -> int:
        """Write what is due to the spool and return after how much time to come again. Raises Stopped."""
        if self._passage() is Passage.SPOOL:
            await self._be_allowed(ahead_90k=AHEAD_90K)
            return TICKS_PER_S // 2
        if self._going_on is not None:
            await self._be_done(RENEWED)
        return min(self.lease.remaining_90k(), TICKS_PER_S // 2)

    async def end(self, reason: EndReason) -> None:
        """Write the last of what left without a lease. What cannot be written is in the receipt's note all the same."""
        if self._going_on is not None:
            await self._be_done(f"{ENDED}:{reason.value}")

    def _passage(self) -> Passage:
        grant = self.lease.grant
        now_90k, lapses_at_90k = self._clock.monotonic(), self.lease.lapses_at_90k
        if now_90k >= lapses_at_90k and self._lapsed != lapses_at_90k:
            self._lapsed, self._signs = lapses_at_90k, self._watch.control.signs
        right = Right(
            is_duty_live=grant.purpose is Purpose.DUTY_LIVE and self._mode is Mode.LIVE,
            lapses_at_90k=lapses_at_90k,
            ends_at_90k=grant.end_90k,
            signs=self._signs,
        )
        found = blackout.passage(right, control=self._watch.control, now_90k=now_90k, utc_90k=self._clock.utc())
        if found in _END_OF:
            raise Stopped(_END_OF[found])
        return found

    async def _be_allowed(self, *, ahead_90k: int) -> None:
        async with self._writing:
            if self._going_on is None:
                self._going_on = _GoingOn(self._watch.control, ServedRanges())
            going_on = self._going_on
            if going_on.allowed_until_90k - self._clock.monotonic() > ahead_90k:
                return
            until_90k = self._clock.monotonic() + ALLOWANCE_90K
            try:
                await self._desk.write(self._record(going_on, GOES_ON, allows_90k=ALLOWANCE_90K))
            except SpoolError as error:
                _log.error("the spool takes nothing, duty live ends", extra={"error": str(error)})
                raise Stopped(EndReason.UNRECORDED) from error
            going_on.allowed_until_90k = until_90k

    async def _be_done(self, outcome: str) -> None:
        async with self._writing:
            going_on, self._going_on = self._going_on, None
            if going_on is None:
                return
            try:
                await self._desk.write(self._record(going_on, outcome, allows_90k=0))
            except SpoolError as error:
                _log.error("the end of a look is not in the spool", extra={"error": str(error)})

    def _record(self, going_on: _GoingOn, outcome: str, *, allows_90k: int) -> dict[str, JsonValue]:
        """Return what a record says, and begin a new sum of what leaves."""
        served, going_on.ranges = going_on.ranges.sum(), ServedRanges()
        grant, now_90k = self.lease.grant, self._clock.utc()
        cause = going_on.control.cause
        return {
            "at_90k": now_90k,
            "outcome": outcome,
            "grant": grant.grant_id,
            "session": grant.session_hash,
            "person": grant.person_id,
            "person_name": grant.person_name,
            "capacity": grant.capacity,
            "articles": list(grant.articles),
            "receipt": self._note.receipt_id,
            "camera": self._note.camera_id,
            "began_at_90k": going_on.control.began_at_90k,
            "cause": "" if cause is None else cause.value,
            "until_90k": now_90k + allows_90k,
            "served_90k": [list(span) for span in served.spans],
            "is_merged": served.is_merged,
            "size_bytes": served.size_bytes,
        }
