"""Between a source of pieces and the outlet: re-codes what the browser cannot decode, passes on the rest."""

from collections.abc import Set

from mingjian.media.samples import Codec
from mingjian.streaming.footage import Hole, Init, Piece
from mingjian.streaming.outlet import Outlet
from mingjian.streaming.protocol import EndReason
from mingjian.streaming.standing import Stopped
from mingjian.streaming.threads import Threads
from mingjian.streaming.transcoding import Recoding, Slot


class RecodingStage:
    """One viewer's way from source to outlet; takes hold of its slot when the first re-coding is needed."""

    def __init__(self, *, outlet: Outlet, decodable: Set[Codec], slot: Slot, threads: Threads) -> None:
        self._outlet, self._decodable, self._slot, self._threads = outlet, decodable, slot, threads
        self._undecodable: Init | None = None
        self._recoding: Recoding | None = None

    async def begin(self, init: Init) -> None:
        """Start a recording. Raises Stopped(BOUND) when it must be re-coded and no slot is left."""
        await self.finish()
        if init.codec in self._decodable:
            self._undecodable = None
            await self._outlet.begin(init)
            return
        if not self._slot.hold():
            raise Stopped(EndReason.BOUND)
        self._undecodable = init

    async def piece(self, piece: Piece) -> None:
        """Send a piece of the recording begun last; re-coding starts anew at the first one after a hole or a jump."""
        source = self._undecodable
        if source is None:
            await self._outlet.piece(piece)
            return
        if self._recoding is None:
            self._recoding = await self._threads.recode(lambda: Recoding(source))
            await self._outlet.begin(self._recoding.init)
        recoding = self._recoding
        for ready in await self._threads.recode(lambda: recoding.recode(piece)):
            await self._outlet.piece(ready)

    async def hole(self, hole: Hole) -> None:
        """Send what was held before the hole, then tell of it."""
        await self.finish()
        await self._outlet.hole(hole)

    def forget(self) -> None:
        """Drop what is held, for a jump to another place; the player may have dropped its own part too."""
        self._recoding = None
        self._outlet.forget_init()

    async def finish(self) -> None:
        """Send what is held; what follows, if anything, does not continue it."""
        recoding, self._recoding = self._recoding, None
        if recoding is not None:
            for ready in await self._threads.recode(recoding.flush):
                await self._outlet.piece(ready)
