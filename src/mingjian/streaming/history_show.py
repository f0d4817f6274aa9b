"""Showing a granted window: the walk brings, the playback says when, the outlet sends."""

import asyncio
from collections.abc import Iterator
from typing import NoReturn

from mingjian.base import ticks
from mingjian.base.clock import Clock
from mingjian.recordings.reader import Library
from mingjian.streaming import protocol
from mingjian.streaming.footage import Hole, Init, Piece
from mingjian.streaming.history import Item, Pausing, Walk, Window
from mingjian.streaming.media_socket import MediaSocket
from mingjian.streaming.playback import Playback
from mingjian.streaming.protocol import EndReason
from mingjian.streaming.recoding_stage import RecodingStage
from mingjian.streaming.threads import Threads

NOT_YET_S = 0.5
COVERAGE_EVERY_90K = 10 * ticks.TICKS_PER_S


class HistoryShow:
    """Serves one viewer until cancelled. `nudge` wakes it after the playback was told something new."""

    def __init__(
        self,
        *,
        playback: Playback,
        window: Window,
        library: Library,
        stage: RecodingStage,
        socket: MediaSocket,
        threads: Threads,
        clock: Clock,
    ) -> None:
        self._playback, self._window, self._library = playback, window, library
        self._stage, self._socket, self._threads, self._clock = stage, socket, threads, clock
        self._news = asyncio.Event()
        self._told_at_90k: int | None = None

    def nudge(self) -> None:
        """Look at the playback again."""
        self._news.set()

    async def run(self) -> NoReturn:
        """Tell what there is, then serve it. The end of the window is told, and seeking back stays possible."""
        while True:
            walk = await self._restarted()
            while not self._playback.has_restart:
                await self._tell_coverage()
                item = await self._threads.disk(lambda walk=walk: next(walk, None))  # type: ignore[misc]
                if item is None:
                    await self._stage.finish()
                    await self._socket.say(protocol.ended(EndReason.WINDOW_END))
                    await self._until_restart()
                else:
                    await self._show(item)

    async def _tell_coverage(self) -> None:
        """Tell what the window holds: once, and again now and then while it still grows."""
        now_90k = self._clock.utc()
        if self._told_at_90k is not None:
            is_settled = self._told_at_90k >= self._window.end_90k
            if is_settled or now_90k - self._told_at_90k < COVERAGE_EVERY_90K:
                return
        self._told_at_90k = now_90k
        found = await self._threads.disk(
            lambda: self._library.coverage(
                stream=self._window.stream,
                start_90k=self._window.start_90k,
                end_90k=self._window.end_90k,
                planned_since_90k=self._window.planned_since_90k,
                now_90k=now_90k,
            )
        )
        await self._socket.say(protocol.coverage(found))

    async def _restarted(self) -> Iterator[Item]:
        while wait_90k := self._playback.restart_wait_90k(now_90k=self._clock.monotonic()):
            await asyncio.sleep(wait_90k / ticks.TICKS_PER_S)
        restart = self._playback.take_restart(now_90k=self._clock.monotonic())
        self._stage.forget()
        if restart.is_seek:
            await self._socket.say(protocol.seeked(at_90k=restart.at_90k))
        return Walk(
            library=self._library,
            clock=self._clock,
            window=self._window,
            at_90k=restart.at_90k,
            is_sync_only=restart.is_sync_only,
        ).items()

    async def _show(self, item: Item) -> None:
        match item:
            case Init():
                await self._stage.begin(item)
            case Piece():
                if await self._may_leave(item):
                    self._playback.left(last_pts_90k=item.last_pts_90k, now_90k=self._clock.monotonic())
                    await self._stage.piece(item)
            case Hole(end_90k=end_90k):
                await self._stage.hole(item)
                if end_90k is not None:
                    self._playback.hop(to_90k=end_90k)
            case Pausing.NOT_YET:
                await self._sleep(NOT_YET_S)

    async def _may_leave(self, piece: Piece) -> bool:
        """Wait until the piece may leave; False when the viewer went elsewhere meanwhile."""
        while not self._playback.has_restart:
            wait_90k = self._playback.wait_90k(last_pts_90k=piece.last_pts_90k, now_90k=self._clock.monotonic())
            if wait_90k == 0:
                return True
            await self._sleep(None if wait_90k is None else wait_90k / ticks.TICKS_PER_S)
        return False

    async def _until_restart(self) -> None:
        while not self._playback.has_restart:
            await self._sleep(None)

    async def _sleep(self, seconds: float | None) -> None:
        """Wait that long, or until nudged."""
        self._news.clear()
        try:
            async with asyncio.timeout(seconds):
                await self._news.wait()
        except TimeoutError:
            return
