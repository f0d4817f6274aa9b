"""Live pictures re-coded once for all who need it: a follower that feeds on another follower."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import NoReturn

from mingjian.base.errors import MingjianError
from mingjian.media.samples import Codec
from mingjian.recordings.model import StreamKey
from mingjian.streaming.footage import Init, Piece
from mingjian.streaming.live import Follower, Followers, LivePiece
from mingjian.streaming.threads import Threads
from mingjian.streaming.transcoding import Recoding, Slot, TranscodeSlots

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Shared:
    follower: Follower
    task: asyncio.Task[None]
    slot: Slot
    viewers: int = 0


class SharedRecodings:
    """At most one re-coding per stream, each holding one slot; it ends when the last viewer leaves."""

    def __init__(self, *, followers: Followers, slots: TranscodeSlots, threads: Threads) -> None:
        self._followers, self._slots, self._threads = followers, slots, threads
        self._shared: dict[StreamKey, _Shared] = {}

    @asynccontextmanager
    async def watch(self, stream: StreamKey) -> AsyncIterator[Follower | None]:
        """Share the stream's re-coded end for as long as the context lasts; None when no slot is left for it."""
        shared = self._shared.get(stream) or self._begin(stream)
        if shared is None:
            yield None
            return
        shared.viewers += 1
        try:
            yield shared.follower
        finally:
            shared.viewers -= 1
            if not shared.viewers:
                del self._shared[stream]
                shared.task.cancel()
                shared.slot.release()

    def _begin(self, stream: StreamKey) -> _Shared | None:
        slot = Slot(self._slots)
        if not slot.hold():
            return None
        follower = Follower()
        task = asyncio.create_task(self._feed(follower, stream))
        self._shared[stream] = _Shared(follower, task, slot)
        return self._shared[stream]

    async def _feed(self, target: Follower, stream: StreamKey) -> None:
        told = ""
        async with self._followers.watch(stream) as source:
            while True:
                try:
                    await self._recode_from(source, target)
                except Exception as error:
                    # A picture that cannot be decoded, or worse: go on at the next one that stands by itself.
                    if repr(error) != told:
                        told = repr(error)
                        facts = {"camera": stream.camera_id, "error": str(error)}
                        is_foreseen = isinstance(error, MingjianError)
                        _log.warning("cannot re-code", extra=facts, exc_info=None if is_foreseen else error)
                    await source.grown().wait()

    async def _recode_from(self, source: Follower, target: Follower) -> NoReturn:
        last: LivePiece | None = None
        recoding: Recoding | None = None
        while True:
            grown = source.grown()
            live = source.newest_sync() if last is None else source.after(last.number)
            if live is None:
                await grown.wait()
                continue
            is_next = last is not None and live.number == last.number + 1 and live.init is last.init
            if not is_next:
                recoding = await self._recoding(live.init)
            target.publish(await self._recoded(recoding, live.init, live.piece))
            last = live

    async def _recoding(self, init: Init) -> Recoding | None:
        return None if init.codec is Codec.H264 else await self._threads.recode(lambda: Recoding(init))

    async def _recoded(self, recoding: Recoding | None, init: Init, piece: Piece) -> list[tuple[Init, Piece]]:
        if recoding is None:
            return [(init, piece)]
        made = await self._threads.recode(lambda: recoding.recode(piece))
        return [(recoding.init, ready) for ready in made]
