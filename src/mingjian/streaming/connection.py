"""The socket under a viewer: what uvicorn gives, with small buffers, and a way to cut it that leaves nothing behind.

ASGI offers no way to drop what has been handed over but not yet read by the peer. A revoked viewer on a slow line would
go on receiving it, so our protocol class adds one extension: the line itself, which can be waited for and reset.
"""

import asyncio
import socket
import struct
from asyncio.transports import BaseTransport
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.protocol import State

# Kernel and process together hold about a second of a 4 Mbit/s stream for a viewer that stopped reading.
SEND_BUFFER_BYTES = 256 << 10
WRITE_HIGH_BYTES = 64 << 10

EXTENSION = "mingjian.line"
# A whole binary message of one unmasked frame (RFC 6455 §5.2): its length in eight bytes, or in two.
_LONG_HEAD, _HEAD = struct.Struct(">BBQ"), struct.Struct(">BBH")
_BINARY, _LENGTH_IN_EIGHT, _LENGTH_IN_TWO = 0x82, 127, 126
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


@dataclass(frozen=True, slots=True)
class Line:
    """The TCP connection of one viewer: `reset` cuts it, `is_lost` is set when it is gone."""

    reset: Callable[[], None]
    is_lost: asyncio.Event = field(default_factory=asyncio.Event)


class MediaProtocol(WebSocketsSansIOProtocol):
    """uvicorn's WebSocket protocol with bounded buffers and a `Line` as `scope["extensions"]["mingjian.line"]`."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._line = Line(reset=self._reset)

    def connection_made(self, transport: BaseTransport) -> None:
        """Bound what may wait on its way to this peer."""
        super().connection_made(transport)
        self.transport.set_write_buffer_limits(high=WRITE_HIGH_BYTES)
        peer = _socket_of(transport)
        if peer is not None:
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)

    async def run_asgi(self) -> None:
        """Run the application with the extension in its scope."""
        extensions = cast("dict[str, object]", self.scope["extensions"])
        extensions[EXTENSION] = self._line
        await super().run_asgi()

    async def send(self, message: Any) -> None:
        """Send what the application says; media go out as they lie in memory, which all viewers of a camera share."""
        data = message.get("bytes")
        if data is None or len(data) <= _LENGTH_IN_TWO:
            await super().send(message)
            return
        await self.writable.wait()
        if self.disconnected or self.close_sent or self.conn.state is not State.OPEN:
            raise ClientDisconnected
        size = len(data)
        is_long = size > 0xFFFF
        head = (
            _LONG_HEAD.pack(_BINARY, _LENGTH_IN_EIGHT, size) if is_long else _HEAD.pack(_BINARY, _LENGTH_IN_TWO, size)
        )
        self.transport.write(head)
        self.transport.write(data)

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell whoever waits for the line that it is gone."""
        super().connection_lost(exc)
        self._line.is_lost.set()

    def _reset(self) -> None:
        # SO_LINGER 0 makes the kernel drop what it still holds for this peer.
        peer = _socket_of(self.transport)
        if peer is not None:
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
        self.transport.abort()


def _socket_of(transport: BaseTransport) -> socket.socket | None:
    found = transport.get_extra_info("socket")
    return cast("socket.socket", found) if found is not None and found.fileno() >= 0 else None
