"""One viewer being served: tasks beside one another, and the first to end decides why it is over."""

import asyncio
import logging
from collections.abc import Mapping

from mingjian.base import ticks
from mingjian.base.errors import MingjianError
from mingjian.grants.claims import Grant
from mingjian.recordings.reader import Library
from mingjian.regulation import articles
from mingjian.streaming import protocol
from mingjian.streaming.admission import Visitor
from mingjian.streaming.choice import alternatives_to
from mingjian.streaming.history import Window
from mingjian.streaming.history_show import HistoryShow
from mingjian.streaming.journal import Note
from mingjian.streaming.lease import Lease
from mingjian.streaming.live import Follower
from mingjian.streaming.live_show import LiveShow
from mingjian.streaming.media_socket import MediaSocket, PeerGone
from mingjian.streaming.outlet import Outlet
from mingjian.streaming.pacing import Allowance
from mingjian.streaming.playback import Playback
from mingjian.streaming.protocol import EndReason, Mode, Open, ProtocolError, Refusal
from mingjian.streaming.recoding_stage import RecodingStage
from mingjian.streaming.served import Served
from mingjian.streaming.services import Services
from mingjian.streaming.standing import Standing, Stopped
from mingjian.streaming.transcoding import Slot

_log = logging.getLogger(__name__)

MESSAGES_AT_ONCE = 30
TELL_EVERY_S = 0.5
MESSAGE_EVERY_90K = ticks.TICKS_PER_S // 10

LIVE_ONLY = Refusal("streaming.live_only", (articles.A14_C.id,))


class Showing:
    """Media out, messages in, and a watch over right and revocation, until one of them ends it."""

    def __init__(
        self,
        *,
        socket: MediaSocket,
        visitor: Visitor,
        services: Services,
        wish: Open,
        grant: Grant,
        library: Library,
        window: Window,
        follower: Follower | None,
        slot: Slot,
        note: Note,
    ) -> None:
        self._socket, self._visitor, self._services = socket, visitor, services
        self._wish, self._library, self._window = wish, library, window
        self._follower = follower
        self._lease = Lease(grant=grant, clock=services.clock)
        self.standing = Standing(
            lease=self._lease,
            mode=wish.mode,
            note=note,
            watch=services.watch,
            desk=services.desk,
            clock=services.clock,
        )
        self._outlet = Outlet(socket=socket, standing=self.standing, receipts=services.receipts, note=note)
        self._stage = RecodingStage(outlet=self._outlet, decodable=wish.codecs, slot=slot, threads=services.threads)
        self._messages = Allowance(
            count=MESSAGES_AT_ONCE, every_90k=MESSAGE_EVERY_90K, now_90k=services.clock.monotonic()
        )
        self._playback: Playback | None = None
        self._history: HistoryShow | None = None
        self.refused = 0
        if wish.mode is Mode.HISTORY:
            self._playback, self._history = self._history_of(wish)

    @property
    def served(self) -> Served:
        """What has been handed to the line so far."""
        return self._outlet.served

    async def run(self, cuts: Mapping[EndReason, asyncio.Event]) -> EndReason:
        """Serve until it is over, or until one of the events cuts it off; return why. Raises PeerGone.

        No media leave after it returns.
        """
        tasks = [
            *(asyncio.create_task(self._cut(event, reason)) for reason, event in cuts.items()),
            asyncio.create_task(self._watch()),
            asyncio.create_task(self._hear()),
            asyncio.create_task(self._show()),
            asyncio.create_task(self._tell_control()),
        ]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        # When several ended in one turn, the order of the list decides: the law before the viewer before the footage.
        return next(task for task in tasks if task in done).result()

    async def _cut(self, event: asyncio.Event, reason: EndReason) -> EndReason:
        await event.wait()
        return reason

    async def _watch(self) -> EndReason:
        try:
            while True:
                await asyncio.sleep(await self.standing.look_after() / ticks.TICKS_PER_S)
        except Stopped as stopped:
            return stopped.reason

    async def _tell_control(self) -> EndReason:
        """Tell a live viewer when control falls silent and when it is back; ends with the viewing only."""
        is_told = False
        while True:
            is_dead = self._playback is None and self.standing.has_gone_on
            if is_dead is not is_told:
                is_told = is_dead
                control = self.standing.control
                cause = "" if control.cause is None else control.cause.value
                await self._socket.say(protocol.control(is_dead=is_dead, since_90k=control.began_at_90k, cause=cause))
            await asyncio.sleep(TELL_EVERY_S)

    async def _hear(self) -> EndReason:
        while True:
            try:
                message = await self._socket.listen()
            except ProtocolError as error:
                await self._socket.refuse(Refusal(error.code))
                return EndReason.CLOSED
            if self._messages.wait_90k(now_90k=self._services.clock.monotonic()):
                await self._socket.refuse(Refusal("streaming.too_many_messages"))
                return EndReason.CLOSED
            self._messages.take()
            if isinstance(message, protocol.Close):
                return EndReason.CLOSED
            refusal = self._renewed(message) if isinstance(message, protocol.Renew) else self._followed(message)
            if refusal is not None:
                self.refused += 1
                await self._socket.refuse(refusal)

    def _renewed(self, message: protocol.Renew) -> Refusal | None:
        grant = self._services.door.grant(message.token, visitor=self._visitor)
        if isinstance(grant, Refusal):
            return grant
        refusal = self.standing.renew(grant, camera_id=self._wish.camera_id, track=self._wish.track)
        if refusal is None and self._playback is not None:
            self._playback.narrow(start_90k=grant.start_90k, end_90k=grant.end_90k)
        return refusal

    def _followed(self, message: protocol.ClientMessage) -> Refusal | None:
        if isinstance(message, Open):
            return Refusal("streaming.malformed_message")
        if self._playback is None or self._history is None:
            return LIVE_ONLY
        refusal = self._playback.handle(message, now_90k=self._services.clock.monotonic())
        self._history.nudge()
        return refusal

    async def _show(self) -> EndReason:
        try:
            if self._history is not None:
                await self._history.run()
            if self._follower is None:
                raise AssertionError("live is shown from a follower")
            return await self._show_live(self._follower)
        except Stopped as stopped:
            return stopped.reason
        except PeerGone:
            raise
        except (MingjianError, OSError) as error:
            _log.warning("cannot serve", extra={"camera": self._wish.camera_id, "error": str(error)})
            is_hanging = isinstance(error, MingjianError) and error.code == "recordings.volume_hangs"
            return EndReason.DISK_HANGS if is_hanging else EndReason.FAILED

    async def _show_live(self, follower: Follower) -> EndReason:
        show = LiveShow(
            lease=self._lease,
            window=self._window,
            alternatives=alternatives_to(self._window.stream, wanted=self._wish.role),
            library=self._library,
            stage=self._stage,
            threads=self._services.threads,
            clock=self._services.clock,
        )
        return await show.run(follower)

    def _history_of(self, wish: Open) -> tuple[Playback, HistoryShow]:
        window = self._window
        playback = Playback(
            start_90k=window.start_90k,
            end_90k=window.end_90k,
            at_90k=window.start_90k if wish.at_90k is None else wish.at_90k,
            speed_quarters=wish.speed_quarters,
            now_90k=self._services.clock.monotonic(),
        )
        show = HistoryShow(
            playback=playback,
            window=window,
            library=self._library,
            stage=self._stage,
            socket=self._socket,
            threads=self._services.threads,
            clock=self._services.clock,
        )
        return playback, show
