"""How many connections a server holds open, and how long one may take to ask: uvicorn itself bounds neither.

Beyond the bound only the question whether the server is well is answered. Beyond that, whoever has waited longest
without asking anything makes room, so that silent connections cannot shut the others out.
"""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

CONNECTIONS_MAX = 640
RESERVE = 32
ASKING_S = 15.0
HEALTH_PATH = "/healthz"

Application = Callable[[Any, Any, Any], Awaitable[None]]
_SORRY = "连接过多，请稍后再试。 Too many connections: try again soon.".encode()
_HEADERS = [
    (b"content-type", b"text/plain; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"retry-after", b"5"),
    (b"connection", b"close"),
]


class BoundedHttp(HttpToolsProtocol):
    """uvicorn's HTTP protocol behind a front door; sockets come through it, too."""

    _patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn has it
        """Take the connection in, as far as there is room."""
        super().connection_made(transport)
        if len(self.connections) > CONNECTIONS_MAX + RESERVE:
            silent = [guest for guest in self.connections if isinstance(guest, BoundedHttp) and guest._patience]
            longest = min(silent, key=lambda guest: guest._asks_until_s, default=self)
            longest.transport.abort()
        if len(self.connections) > CONNECTIONS_MAX:
            self.app = _only_health(self.app)
            self.ws_protocol_class = None
        self._expect_request()

    def on_message_begin(self) -> None:
        """Bound the time of every request, not of the first alone."""
        super().on_message_begin()
        self._expect_request()

    def on_message_complete(self) -> None:
        """The request is here."""
        self._expect_nothing()
        super().on_message_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        self._expect_nothing()
        super().connection_lost(exc)

    @property
    def _asks_until_s(self) -> float:
        return 0.0 if self._patience is None else self._patience.when()

    def _expect_request(self) -> None:
        self._expect_nothing()
        self._patience = self.loop.call_later(ASKING_S, self.transport.abort)

    def _expect_nothing(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None


def _only_health(application: Any) -> Application:
    async def answer(scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        if scope["path"] == HEALTH_PATH:
            await application(scope, receive, send)
            return
        await send({"type": "http.response.start", "status": 503, "headers": _HEADERS})
        await send({"type": "http.response.body", "body": _SORRY})

    return answer
