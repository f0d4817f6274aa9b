"""Who writes a volume's files in a simulation: one job a turn, as slow as the disk is just now."""

import asyncio
import contextvars
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

from simulation.process import CURRENT

JOB_S = 0.003


class SteppedHands:
    """Works off batches one step a turn of the loop. `wait_s` says how long the next step takes; None: it hangs."""

    def __init__(self, work: Callable[[Any], Iterator[None]], *, wait_s: Callable[[], float | None]) -> None:
        self._work, self._wait_s = work, wait_s
        self._batches: deque[Any] = deque()
        self._steps: Iterator[None] | None = None
        self._context = contextvars.copy_context()
        self._process = CURRENT.get()

    def give(self, batch: Any) -> None:
        self._batches.append(batch)
        if self._steps is None:
            self._begin()

    def finish(self, *, timeout_s: float) -> bool:
        del timeout_s
        while self._steps is not None or self._batches:
            if self._wait_s() is None:
                return False
            if self._steps is None:
                self._steps = self._work(self._batches.popleft())
            self._advance()
        return True

    def _begin(self) -> None:
        while self._batches:
            self._steps = self._work(self._batches.popleft())
            if self._advance():
                self._come_back()
                return

    def _advance(self) -> bool:
        """Take one step; say whether there is another."""
        if self._steps is None:
            return False
        try:
            next(self._steps)
        except StopIteration:
            self._steps = None
            return False
        return True

    def _come_back(self) -> None:
        wait_s = self._wait_s()
        asyncio.get_running_loop().call_later(1.0 if wait_s is None else wait_s, self._turn, context=self._context)

    def _turn(self) -> None:
        if self._process is not None and not self._process.is_alive:
            return
        if self._wait_s() is None or self._advance():
            self._come_back()
        else:
            self._begin()
