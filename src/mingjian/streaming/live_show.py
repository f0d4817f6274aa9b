"""Showing a camera now: from the newest sync sample on, as it grows, never more behind than the ring remembers."""

import asyncio
from collections.abc import Sequence

from mingjian.base.clock import Clock
from mingjian.recordings.model import StreamKey
from mingjian.recordings.reader import Library
from mingjian.streaming.footage import Hole
from mingjian.streaming.history import Window, cause_at
from mingjian.streaming.lease import Lease
from mingjian.streaming.live import Follower, LivePiece
from mingjian.streaming.protocol import EndReason
from mingjian.streaming.recoding_stage import RecodingStage
from mingjian.streaming.standing import Stopped
from mingjian.streaming.threads import Threads

# Nothing new for this long is told to the viewer, with the cause the index knows.
SILENCE_S = 3.0
# How often whoever waits is looked for another stream of the same camera.
LOOK_S = 1.0


class LiveShow:
    """Serves one viewer until the grant's window ends, or cancelled.

    `alternatives` are the other streams of the camera that would do as well. Which of them is recorded is not known
    while none is (a camera registered a moment ago, or away): what was chosen then may never come.
    """

    def __init__(
        self,
        *,
        lease: Lease,
        window: Window,
        alternatives: Sequence[StreamKey],
        library: Library,
        stage: RecodingStage,
        threads: Threads,
        clock: Clock,
    ) -> None:
        self._lease, self._window, self._library = lease, window, library
        self._alternatives = alternatives
        self._stage, self._threads, self._clock = stage, threads, clock

    async def run(self, follower: Follower) -> EndReason:
        """Serve what the follower brings. Raises Stopped(SWITCHED) when only another stream of the camera grows."""
        last: LivePiece | None = None
        live = await self._next(follower, None)
        while live.piece.last_pts_90k < self._lease.grant.end_90k:
            is_next = last is not None and live.number == last.number + 1
            if not is_next:
                self._stage.forget()
            if last is None or not is_next or live.init is not last.init:
                await self._stage.begin(live.init)
            # The window of a duty grant moves on with its renewals; a line that stood still may have missed it.
            if live.piece.first_pts_90k >= self._lease.grant.start_90k:
                await self._stage.piece(live.piece)
            last, live = live, await self._next(follower, live)
        return EndReason.WINDOW_END

    async def _next(self, follower: Follower, last: LivePiece | None) -> LivePiece:
        is_told = False
        while True:
            grown = follower.grown()
            found = follower.newest_sync() if last is None else follower.after(last.number)
            # The window of a live grant opens a few seconds back; the group of pictures may be older than that.
            if found is not None and found.piece.first_pts_90k >= self._lease.grant.start_90k:
                return found
            try:
                async with asyncio.timeout(LOOK_S if is_told else SILENCE_S):
                    await grown.wait()
            except TimeoutError:
                if await self._threads.disk(self._is_elsewhere):
                    raise Stopped(EndReason.SWITCHED) from None
                if not is_told:
                    await self._tell_silence()
                is_told = True

    def _is_elsewhere(self) -> bool:
        if self._library.growing(stream=self._window.stream) is not None:
            return False
        return any(self._library.growing(stream=stream) is not None for stream in self._alternatives)

    async def _tell_silence(self) -> None:
        now_90k = self._clock.utc()
        cause = await self._threads.disk(lambda: cause_at(self._library, self._window, now_90k))
        await self._stage.hole(Hole(now_90k, None, cause))
