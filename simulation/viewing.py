"""People who watch: the media server's law, receipts and spool are real; database, web, pages and pictures are not.

One viewer is what `streaming.viewer` and `streaming.showing` make of it: a receipt, then tasks beside one another of
which the first to end decides. Every byte that would leave is judged by what control knows, not by what was promised.
"""

import asyncio
import contextlib
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from mingjian.base.ids import CameraId, GrantId, PersonId, new_id
from mingjian.base.ticks import TICKS_PER_S, Ticks90k
from mingjian.grants.claims import LEASE_90K, Grant, GrantedCamera, Purpose
from mingjian.grants.signing import Signer, Verifier
from mingjian.ledger.append import Entry
from mingjian.recordings.model import StreamKey, StreamRole
from mingjian.streaming import blackout
from mingjian.streaming.blackout import Sight
from mingjian.streaming.control_watch import ControlWatch
from mingjian.streaming.footage import Piece
from mingjian.streaming.journal import Journal, Note
from mingjian.streaming.lease import Lease
from mingjian.streaming.outlet import Outlet
from mingjian.streaming.protocol import EndReason, Mode
from mingjian.streaming.receipts import Look, Opening, Receipts
from mingjian.streaming.revocations import Revocations
from mingjian.streaming.spool import SUFFIX, Spool
from mingjian.streaming.spool_desk import SpoolDesk
from mingjian.streaming.spool_merge import SPOOLED, SpoolMerge
from mingjian.streaming.standing import Standing, Stopped
from mingjian.streaming.store import StoreError
from simulation.control import Control
from simulation.host import Host

S = TICKS_PER_S
# Last byte after a revocation with everything alive, and when notifier, database or web were away meanwhile.
CUT_S, CUT_BLIND_S = 2.0, 7.5
RENEW_S, SETTLE_S, NOTICE_S = 2.0, 2.0, 0.1
_T = TypeVar("_T")


@dataclass(slots=True)
class Ledger:
    """The store of the media server: what was committed is there; `dice` lets an answer be lost after the commit."""

    control: Control
    dice: random.Random
    opened: set[str] = field(default_factory=set)
    closed: Counter[str] = field(default_factory=Counter)
    spooled: Counter[str] = field(default_factory=Counter)
    marks: set[str] = field(default_factory=set)
    revoked: dict[str, float] = field(default_factory=dict)

    def open_receipt(self, entry: Entry, *, keys: Sequence[str]) -> bool:
        """Write a receipt unless a key is revoked."""
        self._require()
        if any(key in self.revoked for key in keys):
            return False
        self.opened.add(str(entry.facts["receipt"]))
        return True

    def append(self, entry: Entry) -> None:
        """Write an entry."""
        self._require()
        if entry.kind == "media.closed":
            self.closed[str(entry.facts["receipt"])] += 1

    def enter_once(self, entries: Sequence[tuple[str, Entry]]) -> int:
        """Write what was not written before, all or none."""
        self._require()
        fresh = [(mark, entry) for mark, entry in entries if mark not in self.marks]
        for mark, entry in fresh:
            self.marks.add(mark)
            if entry.kind == SPOOLED:
                self.spooled[mark] += 1
        if self.dice.random() < 0.1:
            raise StoreError("streaming.store_unreachable", detail="the answer was lost")
        return len(fresh)

    def _require(self) -> None:
        if not self.control.is_there:
            raise StoreError("streaming.store_unreachable", detail="away")


class Watch(ControlWatch):
    """The real watch, asked by us once a second what it would have heard."""

    def __init__(self, host: Host, control: Control) -> None:
        self._host, self._plane = host, control
        self._clock = host.clock
        self.control = blackout.unseen(now_90k=host.clock.monotonic())
        self.is_database_there = False

    async def watch(self) -> None:
        while True:
            await asyncio.sleep(1.0)
            plane, clock = self._plane, self._clock
            self.is_database_there = plane.is_there
            web = plane.is_there and plane.has_web
            self._turn(
                blackout.seen(self.control, Sight(clock.monotonic(), clock.utc(), database=plane.is_there, web=web))
            )


@dataclass(slots=True)
class Audience:
    """Everybody who watches, and the judge of every byte."""

    host: Host
    control: Control
    signer: Signer
    verifier: Verifier
    ledger: Ledger
    cameras: Sequence[str]
    dice: random.Random
    violations: list[str] = field(default_factory=list)
    written: set[str] = field(default_factory=set)
    spool_until: dict[str, float] = field(default_factory=dict)
    noted: set[str] = field(default_factory=set)
    leases: dict[str, float] = field(default_factory=dict)
    whole_since_s: float = 0.0
    was_whole: bool = True
    bytes_served: int = 0

    def look(self) -> None:
        """Twenty times a second: since when control has been whole."""
        is_whole = self.control.is_there and self.control.has_web
        if not is_whole or not self.was_whole:
            self.whole_since_s = self.host.truth.now_s
        self.was_whole = is_whole

    def lease(self, grant_id: str, *, purpose: Purpose, camera_id: str) -> Grant | None:
        """Mint a lease as the console does: decided anew each time, none for what is revoked, none while it is away."""
        if not (self.control.is_there and self.control.has_web) or grant_id in self.ledger.revoked:
            return None
        now_90k = self.host.clock.utc()
        self.leases[grant_id] = self.host.truth.now_s
        return Grant(
            version=2,
            deployment_id=self.host.deployment.deployment_id,
            epoch=1,
            grant_id=GrantId(grant_id),
            person_id=PersonId(new_id()),
            person_name="王值班",
            capacity="operator",
            session_hash="0" * 64,
            purpose=purpose,
            articles=("A14.c",),
            cameras=(GrantedCamera(CameraId(camera_id), ("video",)),),
            start_90k=Ticks90k(0),
            end_90k=Ticks90k(now_90k + 3600 * S),
            host=self.host.deployment.host,
            issued_at_90k=now_90k,
            expires_at_90k=Ticks90k(now_90k + LEASE_90K),
        )

    def revoke(self, target: int) -> None:
        """Revoke one of the grants that are out."""
        out = sorted(self.leases)
        if out:
            grant_id = out[target % len(out)]
            self.ledger.revoked.setdefault(grant_id, self.host.truth.now_s)
            self.host.trace.say(f"control: grant {grant_id[:8]} is revoked")

    def judge(self, *, receipt_id: str, grant_id: str, purpose: Purpose, size_bytes: int) -> None:
        """Look at bytes on their way out."""
        now_s = self.host.truth.now_s
        self.bytes_served += size_bytes
        if receipt_id not in self.ledger.opened:
            self._violated(f"grant: {grant_id[:8]} is served without a receipt")
        lease_s = now_s - self.leases.get(grant_id, -1e9)
        if lease_s > 5.1 and not (purpose is Purpose.DUTY_LIVE and self.spool_until.get(receipt_id, 0.0) > now_s - 0.1):
            self._violated(f"grant: {grant_id[:8]} is served {lease_s:.1f} s after its lease, and no record says so")
        if lease_s > 5.1 and self.was_whole and now_s - self.whole_since_s > CUT_BLIND_S + 3:
            self._violated(f"grant: {grant_id[:8]} is served without a lease while control answers")
        revoked_s = self.ledger.revoked.get(grant_id)
        if revoked_s is not None and self.was_whole:
            bound_s = CUT_S if self.whole_since_s < revoked_s else CUT_BLIND_S + 3
            if now_s - max(revoked_s, self.whole_since_s) > bound_s:
                self._violated(f"grant: {grant_id[:8]} is served {now_s - revoked_s:.1f} s after it was revoked")

    def finish(self) -> None:
        """Every receipt is closed, every record of the spool stands in the ledger once."""
        # One that was being opened when the media server was told to stop is for the next start, which does not come.
        owed = {path.stem for path in (self.host.home.root / "receipts").glob("*.json")}
        for receipt_id in sorted(self.ledger.opened - owed):
            if not self.ledger.closed[receipt_id] and receipt_id not in self.noted:
                self._violated(f"grant: receipt {receipt_id[:8]} is never closed")
        for mark in sorted(self.written):
            if self.ledger.spooled[mark] != 1:
                self._violated(f"reports: record {mark[:8]}… is in the ledger {self.ledger.spooled[mark]} times")

    def power_is_cut(self) -> None:
        """Notes of receipts are not synced: those open now may be forgotten."""
        self.noted |= self.ledger.opened - set(self.ledger.closed)

    def _violated(self, text: str) -> None:
        if text.partition(" is ")[0] not in {known.partition(" is ")[0] for known in self.violations}:
            self.violations.append(text)
            self.host.trace.say(f"VIOLATION {text}")

    async def serve(self, stopping: asyncio.Event) -> None:
        """The media server: one life of its process."""
        media = _Media(self)
        await media.serve(stopping)


class _Media:
    def __init__(self, audience: Audience) -> None:
        host = audience.host
        self._audience, self._host = audience, host
        self._receipts = Receipts(
            store=audience.ledger,  # type: ignore[arg-type]
            journal=Journal(host.home.root / "receipts"),
            clock=host.clock,
        )
        folder = host.home.root / "spool"
        self._spool = Spool(folder, signer=audience.signer, deployment=host.deployment, disk=host.disk)
        self._desk = SpoolDesk(self._spool, in_thread=self._thread)
        self._merge = SpoolMerge(
            folder,
            store=audience.ledger,  # type: ignore[arg-type]
            verifier=audience.verifier,
            deployment_id=host.deployment.deployment_id,
            clock=host.clock,
        )
        self._watch = Watch(host, audience.control)
        # Real but for its line to the database, which `_hear` is.
        self._revocations = Revocations(address=None, store=audience.ledger, in_thread=self._thread)  # type: ignore[arg-type]

    async def serve(self, stopping: asyncio.Event) -> None:
        await self._thread(self._receipts.recover)
        await self._thread(self._merge.recover)
        tasks = [
            asyncio.create_task(self._watch.watch()),
            asyncio.create_task(self._hear()),
            asyncio.create_task(self._settle()),
            *(asyncio.create_task(self._come_and_go(camera_id)) for camera_id in self._audience.cameras),
        ]
        await stopping.wait()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        with contextlib.suppress(StoreError, OSError):
            await self._settle_once()

    async def _thread(self, work: Callable[[], _T]) -> _T:
        return await asyncio.get_running_loop().run_in_executor(None, work)

    async def _settle(self) -> None:
        while True:
            with contextlib.suppress(StoreError, OSError):
                await self._settle_once()
            await asyncio.sleep(SETTLE_S)

    async def _settle_once(self) -> None:
        await self._thread(self._receipts.settle)
        if self._watch.is_database_there:
            self._merge.take(await self._desk.finish_part())
            await self._thread(self._merge.settle)

    async def _come_and_go(self, camera_id: str) -> None:
        dice = self._audience.dice
        while True:
            await asyncio.sleep(dice.uniform(0.5, 4.0))
            purpose = dice.choice((Purpose.DUTY_LIVE, Purpose.DUTY_LIVE, Purpose.VIEWING))
            grant = self._audience.lease(new_id(), purpose=purpose, camera_id=camera_id)
            if grant is not None and self._watch.control.phase is not blackout.Phase.BLACKOUT:
                with contextlib.suppress(StoreError, OSError):
                    await self._show(grant, camera_id=camera_id, for_s=dice.uniform(5.0, 60.0))

    async def _show(self, grant: Grant, *, camera_id: str, for_s: float) -> None:
        mode = Mode.LIVE if grant.purpose is Purpose.DUTY_LIVE else Mode.HISTORY
        look = Look(grant, StreamKey(CameraId(camera_id), StreamRole.MAIN, "video"), mode, "10.9.9.9", False)
        opening, note = await self._thread(partial(self._receipts.open, look))
        if opening is not Opening.DURABLE:
            return
        lease = Lease(grant=grant, clock=self._host.clock)
        standing = Standing(
            lease=lease,
            mode=mode,
            note=note,
            watch=self._watch,
            desk=_Judged(self, note),
            clock=self._host.clock,  # type: ignore[arg-type]
        )
        outlet = Outlet(socket=_Line(self, note, grant), standing=standing, receipts=self._receipts, note=note)  # type: ignore[arg-type]
        with self._revocations.watch(grant.grant_id, grant.session_hash) as revoked:
            await self._serve_one(standing, outlet, note, grant, camera_id, for_s, revoked)

    async def _serve_one(
        self,
        standing: Standing,
        outlet: Outlet,
        note: Note,
        grant: Grant,
        camera_id: str,
        for_s: float,
        revoked: asyncio.Event,
    ) -> None:
        tasks = [
            asyncio.create_task(self._cut(revoked)),
            asyncio.create_task(self._look_after(standing)),
            asyncio.create_task(self._renew(standing, grant, camera_id)),
            asyncio.create_task(self._send(outlet)),
            asyncio.create_task(self._leave(for_s)),
        ]
        reason = EndReason.FAILED
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            reason = next(task for task in tasks if task in done).result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await asyncio.shield(self._close(standing, outlet, note, reason))

    async def _close(self, standing: Standing, outlet: Outlet, note: Note, reason: EndReason) -> None:
        await standing.end(reason)
        close = partial(self._receipts.close, note, served=outlet.served, reason=reason.value, refused=0)
        await self._thread(close)
        self._host.trace.say(f"media: look {note.receipt_id[:8]} ends: {reason.value}")

    async def _hear(self) -> None:
        """Hear of revocations: at once while the database is there, of all that was missed when it is again."""
        told: set[str] = set()
        while True:
            await asyncio.sleep(NOTICE_S)
            if self._audience.control.is_there:
                for key in sorted(self._audience.ledger.revoked.keys() - told):
                    told.add(key)
                    self._revocations._cut(key)

    async def _cut(self, revoked: asyncio.Event) -> EndReason:
        await revoked.wait()
        return EndReason.REVOKED

    async def _look_after(self, standing: Standing) -> EndReason:
        try:
            while True:
                await asyncio.sleep(await standing.look_after() / S)
        except Stopped as stopped:
            return stopped.reason

    async def _renew(self, standing: Standing, grant: Grant, camera_id: str) -> EndReason:
        """Do what the page does: ask the console every two seconds, hand over what it gives."""
        while True:
            await asyncio.sleep(RENEW_S)
            fresh = self._audience.lease(grant.grant_id, purpose=grant.purpose, camera_id=camera_id)
            if fresh is not None:
                same = Grant(**{**_fields(fresh), "person_id": grant.person_id})
                standing.renew(same, camera_id=camera_id, track="video")

    async def _send(self, outlet: Outlet) -> EndReason:
        at_90k = 0
        try:
            while True:
                await outlet.piece(Piece(b"moof", at_90k, at_90k, at_90k + S // 2, True))
                at_90k += S // 2
                await asyncio.sleep(0.5)
        except Stopped as stopped:
            return stopped.reason

    async def _leave(self, for_s: float) -> EndReason:
        await asyncio.sleep(for_s)
        return EndReason.CLOSED

    async def write(self, note: Note, facts: Any) -> None:
        """Write to the spool, and remember what is durable."""
        await self._desk.write(facts)
        allowed_s = (int(facts["until_90k"]) - int(facts["at_90k"])) / S
        self._audience.spool_until[note.receipt_id] = self._host.truth.now_s + allowed_s
        for path in (self._host.home.root / "spool").glob(f"{self._spool.spool_id}-*{SUFFIX}"):
            first = int(path.stem.rpartition("-")[2])
            count = path.read_bytes().count(b"\n")
            self._audience.written |= {f"{self._spool.spool_id}:{first + number}" for number in range(count)}

    def leave(self, note: Note, grant: Grant, size_bytes: int) -> None:
        """Bytes leave."""
        self._audience.judge(
            receipt_id=note.receipt_id, grant_id=grant.grant_id, purpose=grant.purpose, size_bytes=size_bytes
        )


class _Judged:
    """The spool's desk, with somebody who reads along."""

    def __init__(self, media: _Media, note: Note) -> None:
        self._media, self._note = media, note

    async def write(self, facts: Any) -> None:
        await self._media.write(self._note, facts)


class _Line:
    """A viewer's socket that takes everything."""

    def __init__(self, media: _Media, note: Note, grant: Grant) -> None:
        self._media, self._note, self._grant = media, note, grant

    async def say(self, text: str) -> None:
        del text

    async def send(self, data: bytes) -> None:
        self._media.leave(self._note, self._grant, len(data))


def _fields(grant: Grant) -> dict[str, Any]:
    return {name: getattr(grant, name) for name in Grant.__slots__}
