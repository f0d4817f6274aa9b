"""The one desk at which looks without a lease are written down: many at a time with one sync, off the event loop."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from functools import partial

from mingjian.ledger.canonical import JsonValue
from mingjian.streaming.spool import Part, Spool, SpoolError

InThread = Callable[[Callable[[], None]], Awaitable[None]]


class SpoolDesk:
    """Takes records from the viewers' tasks and returns when they are on the disk."""

    def __init__(self, spool: Spool, *, in_thread: InThread) -> None:
        self._spool, self._in_thread = spool, in_thread
        self._waiting: list[tuple[Mapping[str, JsonValue], asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None
        self._turn = asyncio.Lock()

    async def write(self, facts: Mapping[str, JsonValue]) -> None:
        """Return once the record is durable. Raises SpoolError: then nothing may leave on its account."""
        durable: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((facts, durable))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_waiting())
        await durable

    async def finish_part(self) -> list[Part]:
        """Close what is being written and hand over every finished part."""
        async with self._turn:
            await self._in_thread(self._spool.finish)
            finished, self._spool.finished = self._spool.finished, []
        return finished

    async def _write_waiting(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            trouble: Exception | None = None
            try:
                async with self._turn:
                    await self._in_thread(partial(self._spool.append, [facts for facts, _ in batch]))
            except (SpoolError, OSError) as error:
                trouble = error if isinstance(error, SpoolError) else SpoolError("streaming.spool_unwritable")
            for _, durable in batch:
                if durable.done():
                    continue  # who asked has left meanwhile
                if trouble is None:
                    durable.set_result(None)
                else:
                    durable.set_exception(trouble)
