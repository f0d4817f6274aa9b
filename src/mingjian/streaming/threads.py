"""Where blocking work goes: disk, spool, database and re-coding have threads of their own; none waits for another."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from mingjian.streaming.transcoding import SLOTS

Result = TypeVar("Result")


class Threads:
    """Bounded pools. What a cancelled caller had asked for runs to its end; its result is dropped."""

    def __init__(self) -> None:
        self._disk = ThreadPoolExecutor(max_workers=8, thread_name_prefix="disk")
        self._store = ThreadPoolExecutor(max_workers=4, thread_name_prefix="store")
        # One: a sync that hangs must not hold up those who read, nor they a record that others wait for.
        self._spool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="spool")
        self._recode = ThreadPoolExecutor(max_workers=SLOTS, thread_name_prefix="recode")

    async def disk(self, work: Callable[[], Result]) -> Result:
        """Run what reads recordings."""
        return await asyncio.get_running_loop().run_in_executor(self._disk, work)

    async def store(self, work: Callable[[], Result]) -> Result:
        """Run what asks PostgreSQL."""
        return await asyncio.get_running_loop().run_in_executor(self._store, work)

    async def spool(self, work: Callable[[], Result]) -> Result:
        """Run what writes the spool."""
        return await asyncio.get_running_loop().run_in_executor(self._spool, work)

    async def recode(self, work: Callable[[], Result]) -> Result:
        """Run what decodes and encodes pictures."""
        return await asyncio.get_running_loop().run_in_executor(self._recode, work)

    def stop(self) -> None:
        """Let running work end and take no more."""
        for pool in (self._disk, self._store, self._spool, self._recode):
            pool.shutdown(wait=False, cancel_futures=True)
