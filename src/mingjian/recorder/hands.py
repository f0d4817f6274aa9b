"""Who does a volume's jobs: a thread, so that a slow disk stands in nobody's way, or a simulation, step by step."""

import queue
import threading
from collections.abc import Callable, Iterator
from typing import Generic, Protocol, TypeVar

Batch = TypeVar("Batch")
Given = TypeVar("Given", contravariant=True)


class Hands(Protocol[Given]):
    """Takes batches in their order and works them off, one after the other."""

    def give(self, batch: Given) -> None:
        """Queue a batch. Never blocks."""
        ...

    def finish(self, *, timeout_s: float) -> bool:
        """Work off what is queued and take no more; say whether it was in time. Blocks."""
        ...


class Hire(Protocol[Batch]):
    """How hands are found: `work` goes through one batch, pausing before each step that may take long."""

    def __call__(self, name: str, work: Callable[[Batch], Iterator[None]], /) -> Hands[Batch]: ...


class _Thread(Generic[Batch]):
    def __init__(self, name: str, work: Callable[[Batch], Iterator[None]]) -> None:
        self._work = work
        self._batches: queue.SimpleQueue[Batch | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._serve, name=name, daemon=True)
        self._thread.start()

    def give(self, batch: Batch) -> None:
        self._batches.put(batch)

    def finish(self, *, timeout_s: float) -> bool:
        self._batches.put(None)
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _serve(self) -> None:
        while (batch := self._batches.get()) is not None:
            for _ in self._work(batch):
                pass
            # Let go of the pictures before waiting for the next ones.
            del batch


def hire_thread(name: str, work: Callable[[Batch], Iterator[None]], /) -> Hands[Batch]:
    """Return a thread of our own, started."""
    return _Thread(name, work)
