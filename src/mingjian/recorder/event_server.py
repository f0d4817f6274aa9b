"""Where a keeper listens to workers: takes their events into the index and acknowledges what is durable."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from mingjian.host import unix_door
from mingjian.recorder import protocol
from mingjian.recorder.protocol import Hello, ProtocolError, Report
from mingjian.recordings.events import Applied
from mingjian.recordings.model import RecorderEvent

READ_BYTES = 1 << 16
_BACKLOG = 100

Apply = Callable[[Sequence[RecorderEvent]], Awaitable[Sequence[Applied]]]

_logger = logging.getLogger(__name__)


class EventServer:
    """Serves any number of workers on one Unix socket.

    `apply` returns when the events are durable; what arrived together is applied together. `on_stranger` is called
    when a worker comes with a session not seen before, or tells of a file nobody knows: there may be something to
    salvage.
    """

    def __init__(self, *, socket_path: Path, apply: Apply, on_stranger: Callable[[], None]) -> None:
        self._socket_path = socket_path
        self._apply = apply
        self._on_stranger = on_stranger
        self._sessions: dict[str, str] = {}
        self._conversations: set[asyncio.Task[None]] = set()
        self._writers: set[asyncio.StreamWriter] = set()

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """Listen while the context lasts."""
        # The volume's lock is ours, so whoever left a socket there is gone.
        door = unix_door.listening(self._socket_path, backlog=_BACKLOG)
        server = await asyncio.start_unix_server(self._accept, sock=door, backlog=_BACKLOG)
        try:
            yield
        finally:
            server.close()
            for conversation in list(self._conversations):
                conversation.cancel()
            await asyncio.gather(*self._conversations, return_exceptions=True)
            self._socket_path.unlink(missing_ok=True)

    def tell_to_leave(self, code: str) -> None:
        """Ask every worker to take its runs elsewhere."""
        for writer in self._writers:
            writer.write(protocol.encode_leave(code))

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        conversation = asyncio.current_task()
        if conversation is not None:
            self._conversations.add(conversation)
            conversation.add_done_callback(self._conversations.discard)
        self._writers.add(writer)
        try:
            await self._converse(reader, writer)
        except (OSError, ProtocolError) as error:
            _logger.warning("line of a worker broke", extra={"reason": str(error)})
        except Exception:
            # The index refused: the worker still has the events and comes again.
            _logger.exception("events not applied")
        finally:
            self._writers.discard(writer)
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        rest = b""
        while chunk := await reader.read(READ_BYTES):
            *lines, rest = (rest + chunk).split(b"\n")
            if len(rest) > protocol.LINE_BYTES:
                raise ProtocolError("recorder.bad_line", reason="too long")
            acknowledged = await self._take([protocol.decode_from_worker(line) for line in lines])
            if acknowledged is not None:
                writer.write(protocol.encode_ack(acknowledged))
                await writer.drain()

    async def _take(self, messages: Sequence[Hello | Report]) -> int | None:
        """Apply the events; return the number of the last one, None if there was none."""
        for message in messages:
            if isinstance(message, Hello) and self._sessions.get(message.worker) != message.session:
                self._sessions[message.worker] = message.session
                self._on_stranger()
        reports = [message for message in messages if isinstance(message, Report)]
        if not reports:
            return None
        applied = await self._apply([report.event for report in reports])
        if Applied.UNKNOWN_RECORDING in applied:
            self._on_stranger()
        return reports[-1].seq
