"""One viewer's WebSocket as the rest of the room sees it: say, send, listen, end. Over ASGI."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from mingjian.media.samples import Buffer
from mingjian.streaming import protocol, refusals
from mingjian.streaming.connection import EXTENSION, Line
from mingjian.streaming.protocol import ClientMessage, ProtocolError, Refusal

Scope = Mapping[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

# Close codes of our own range (RFC 6455 §7.4.2); the reason is for people who read logs.
CLOSE_REFUSED = 4403
CLOSE_ENDED = 4410
FAREWELL_S = 1.0


class PeerGone(Exception):
    """The viewer closed its side, or the line broke."""


class MediaSocket:
    """An accepted connection of `connection.MediaProtocol`."""

    def __init__(self, *, scope: Scope, receive: Receive, send: Send) -> None:
        self._receive, self._send = receive, send
        self._line: Line = scope["extensions"][EXTENSION]
        self._speaking = asyncio.Lock()
        client = scope.get("client")
        self.peer = str(client[0]) if client else ""

    async def listen(self) -> ClientMessage:
        """Return the next message. Raises PeerGone, or ProtocolError for what no player says."""
        event = await self._receive()
        if event["type"] != "websocket.receive":
            raise PeerGone
        text = event.get("text")
        if text is None:
            raise ProtocolError("binary")
        return protocol.parse(text)

    async def say(self, text: str) -> None:
        """Send one text message, after what was sent before."""
        await self._hand_over({"type": "websocket.send", "text": text})

    async def send(self, data: Buffer) -> None:
        """Send media bytes; returns when the peer's backlog allows more."""
        await self._hand_over({"type": "websocket.send", "bytes": bytes(data)})

    async def refuse(self, refusal: Refusal) -> None:
        """Tell a refusal; the connection stays."""
        await self.say(refusals.told(refusal))

    async def end(self, *, words: str, code: int) -> None:
        """Say the last words and close. See `close`."""
        await self.say_last(words)
        await self.close(code)

    async def say_last(self, words: str) -> None:
        """Say the last words; whoever has not taken them within a second is cut off from what is left."""
        try:
            async with asyncio.timeout(FAREWELL_S):
                await self.say(words)
        except TimeoutError:
            self._line.reset()
        except PeerGone:
            return

    async def close(self, code: int) -> None:
        """Close; a peer that has not read all and answered within a second is cut off from what is left."""
        try:
            async with asyncio.timeout(FAREWELL_S):
                await self._hand_over({"type": "websocket.close", "code": code, "reason": ""})
                await self._line.is_lost.wait()
        except TimeoutError:
            self._line.reset()
        except PeerGone:
            return

    async def _hand_over(self, event: dict[str, Any]) -> None:
        async with self._speaking:
            try:
                await self._send(event)
            except OSError as error:
                raise PeerGone from error
