"""An event loop whose time is simulated: it never waits, and its threads and sockets are turns of the one loop."""

import asyncio
import contextlib
import contextvars
import math
from collections import deque
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from mingjian.base.ticks import TICKS_PER_S
from simulation.clocks import TrueTime
from simulation.process import CURRENT, Killed, Process

LINE_S = 0.001


class Stuck(Exception):
    """Everybody waits for somebody: nothing would ever happen any more."""


class SimulatedLoop(asyncio.BaseEventLoop):
    """Runs what is due; when nothing is, true time jumps to the next thing that will be.

    A call given to a thread is one turn, `delay` seconds later; no two ever run at once. Unix sockets are lines in
    memory.
    """

    def __init__(self, truth: TrueTime, *, delay: Callable[[Process | None], float]) -> None:
        super().__init__()
        self._truth = truth
        self._delay = delay
        self._selector = _Jump(truth)
        self._clock_resolution = 1 / TICKS_PER_S
        self._listening: dict[str, _Listener] = {}
        self.set_task_factory(_remember)
        # A dead process's last words are nobody's.
        self.set_exception_handler(lambda _loop, _facts: None)

    def time(self) -> float:
        return self._truth.now_90k / TICKS_PER_S

    def _process_events(self, event_list: object) -> None:
        pass

    def _write_to_self(self) -> None:
        pass

    def run_in_executor(self, executor: object, func: Callable[..., Any], *args: Any) -> "asyncio.Future[Any]":  # type: ignore[override]
        done: asyncio.Future[Any] = self.create_future()
        process = CURRENT.get()

        def turn() -> None:
            if process is not None and not process.is_alive:
                return
            try:
                result = func(*args)
            except BaseException as error:
                if not done.done():
                    done.set_exception(error)
            else:
                if not done.done():
                    done.set_result(result)

        self.call_later(self._delay(process), turn, context=contextvars.copy_context())
        return done

    async def create_unix_connection(self, protocol_factory: Any, path: Any = None, **_: Any) -> Any:  # type: ignore[override]
        await asyncio.sleep(LINE_S)
        listener = self._listening.get(str(path))
        if listener is None:
            raise ConnectionRefusedError(str(path))
        ours, theirs = protocol_factory(), listener.factory()
        here, there = _End(self, ours), _End(self, theirs)
        here.peer, there.peer = there, here
        here.context, there.context = contextvars.copy_context(), listener.context
        for end in (here, there):
            process = end.context.get(CURRENT)
            if process is not None:
                process.transports.append(end)
        ours.connection_made(here)
        self.call_soon(theirs.connection_made, there, context=there.context)
        return here, ours

    async def create_unix_server(  # type: ignore[override]
        self, protocol_factory: Any, path: Any = None, *, sock: Any = None, **_: Any
    ) -> Any:
        place = str(path if sock is None else sock.path)
        listener = _Listener(self._listening, place, protocol_factory)
        self._listening[place] = listener
        process = CURRENT.get()
        if process is not None:
            process.transports.append(listener)
        return listener


class Door:
    """What stands for a listening socket at a path; the loop's own lines lead to it."""

    def __init__(self, path: Path, *, backlog: int) -> None:
        del backlog
        path.touch()
        self.path = path


class _Jump:
    """Stands where a selector stands: instead of waiting, it lets the time pass."""

    def __init__(self, truth: TrueTime) -> None:
        self._truth = truth

    def select(self, timeout: float | None) -> list[object]:
        if timeout is None:
            raise Stuck
        if timeout > 0:
            self._truth.now_90k += max(1, math.ceil(timeout * TICKS_PER_S - 1e-6))
        return []


class _Listener:
    def __init__(self, listening: "dict[str, _Listener]", path: str, factory: Any) -> None:
        self._listening, self._path, self.factory = listening, path, factory
        self.context = contextvars.copy_context()

    def close(self) -> None:
        if self._listening.get(self._path) is self:
            del self._listening[self._path]

    abort = close


class _End(asyncio.Transport):
    """One end of a line."""

    def __init__(self, loop: SimulatedLoop, protocol: Any) -> None:
        super().__init__()
        self._loop, self._protocol = loop, protocol
        self.peer: _End | None = None
        self.context = contextvars.copy_context()
        self._coming: deque[bytes | None] = deque()
        self._is_closed = False

    def write(self, data: Any) -> None:
        if not self._is_closed and self.peer is not None:
            self.peer._expect(bytes(data))

    def is_closing(self) -> bool:
        return self._is_closed

    def close(self) -> None:
        if self._is_closed:
            return
        self._is_closed = True
        self._loop.call_soon(self._lose, None, context=self.context)
        if self.peer is not None:
            self.peer._expect(None)

    abort = close

    def get_write_buffer_size(self) -> int:
        return 0

    def _expect(self, data: bytes | None) -> None:
        self._coming.append(data)
        self._loop.call_later(LINE_S, self._arrive, context=self.context)

    def _arrive(self) -> None:
        data = self._coming.popleft()
        if self._is_closed:
            return
        if data is not None:
            self._protocol.data_received(data)
            return
        self._is_closed = True
        self._protocol.eof_received()
        self._lose(None)

    def _lose(self, error: Exception | None) -> None:
        with contextlib.suppress(Killed):
            self._protocol.connection_lost(error)


def _remember(
    loop: asyncio.AbstractEventLoop, coroutine: Coroutine[Any, Any, Any], context: contextvars.Context | None = None
) -> "asyncio.Task[Any]":
    task = asyncio.Task(coroutine, loop=loop, context=context)
    process = CURRENT.get() if context is None else context.get(CURRENT)
    if process is not None:
        process.tasks.append(task)
    return task
