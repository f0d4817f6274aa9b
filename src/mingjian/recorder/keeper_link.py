"""A worker's line to one keeper: events wait here until they are durable in the index, however long that takes."""

import asyncio
import contextlib
import itertools
import logging
from collections import deque
from collections.abc import Callable
from pathlib import Path

from mingjian.recorder import protocol
from mingjian.recorder.protocol import Hello, Leave, ProtocolError, Report
from mingjian.recordings.model import RecorderEvent

RETRY_S = 0.3
WAITING_BOUND = 50_000

_logger = logging.getLogger(__name__)


class KeeperLink:
    """Sends events in order, again from the first unacknowledged one after each connection."""

    def __init__(self, *, socket_path: Path, hello: Hello) -> None:
        self._socket_path = socket_path
        self._hello = hello
        self._numbers = itertools.count(1)
        self._waiting: deque[Report] = deque()
        self._writer: asyncio.StreamWriter | None = None
        self._all_acknowledged = asyncio.Event()
        self._all_acknowledged.set()
        self.dropped = 0

    @property
    def waiting(self) -> int:
        """How many events are not yet acknowledged."""
        return len(self._waiting)

    @property
    def is_up(self) -> bool:
        """Say whether a keeper is connected."""
        return self._writer is not None

    def unacknowledged(self) -> list[Report]:
        """Return what no keeper has taken responsibility for yet, in order."""
        return list(self._waiting)

    def send(self, event: RecorderEvent) -> None:
        """Queue an event and send it if the line is up."""
        report = Report(next(self._numbers), event)
        if len(self._waiting) >= WAITING_BOUND:
            # Days of flapping cameras with no keeper: the oldest go, and salvage closes what they would have closed.
            self._waiting.popleft()
            self.dropped += 1
        self._waiting.append(report)
        self._all_acknowledged.clear()
        if self._writer is not None:
            self._writer.write(protocol.encode_report(report))

    async def flushed(self, *, timeout_s: float) -> bool:
        """Wait until everything is acknowledged; say whether it was in time."""
        try:
            async with asyncio.timeout(timeout_s):
                await self._all_acknowledged.wait()
        except TimeoutError:
            return False
        return True

    async def serve(self, *, on_leave: Callable[[str], None]) -> None:
        """Keep the line up until cancelled; `on_leave` is told when the keeper gives its volume up, and why."""
        was_up = True
        while True:
            try:
                reader, writer = await asyncio.open_unix_connection(self._socket_path, limit=protocol.LINE_BYTES)
            except OSError:
                if was_up:
                    _logger.warning("keeper does not answer", extra={"socket": str(self._socket_path)})
                was_up = False
                await asyncio.sleep(RETRY_S)
                continue
            if not was_up:
                _logger.info("keeper answers", extra={"waiting": len(self._waiting)})
            was_up = True
            try:
                await self._converse(reader, writer, on_leave)
            except (OSError, ProtocolError, ValueError) as error:
                _logger.warning("line to the keeper broke", extra={"reason": str(error)})
            finally:
                self._writer = None
                writer.close()
                with contextlib.suppress(OSError):
                    await writer.wait_closed()
            await asyncio.sleep(RETRY_S)

    async def _converse(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, on_leave: Callable[[str], None]
    ) -> None:
        writer.write(protocol.encode_hello(self._hello))
        for report in self._waiting:
            writer.write(protocol.encode_report(report))
        self._writer = writer
        while line := await reader.readline():
            message = protocol.decode_from_keeper(line)
            if isinstance(message, Leave):
                on_leave(message.code)
                continue
            while self._waiting and self._waiting[0].seq <= message.seq:
                self._waiting.popleft()
            if not self._waiting:
                self._all_acknowledged.set()
