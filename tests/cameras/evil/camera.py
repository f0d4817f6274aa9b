"""A camera: a port, an account, and the behaviour of the moment, which may change while clients are connected."""

import asyncio
import contextlib
import socket

from evil.behaviour import Behaviour
from evil.connection import Connection


class Camera:
    """What all connections to one port share. Listens from `open` on."""

    def __init__(
        self,
        *,
        behaviour: Behaviour,
        after: float = 0.0,
        fps: int = 25,
        user: str | None = None,
        password: str | None = None,
        port: int = 0,
    ) -> None:
        self.behaviour, self.after, self.fps = behaviour, after, fps
        self.user, self.password = user, password
        # With an account, an ordinary camera asks for it; in a crowd only where that is the behaviour.
        self.demands_digest = user is not None
        # Set once a format or codec change has happened; a codec change is told by later descriptions.
        self.is_changed = False
        self.connections: set[Connection] = set()
        self._server: asyncio.Server | None = None
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(("127.0.0.1", port))

    @property
    def port(self) -> int:
        return int(self.socket.getsockname()[1])

    async def open(self) -> None:
        """Listen."""
        self._server = await asyncio.start_server(self._accept, sock=self.socket, backlog=64)

    def turn(self, behaviour: Behaviour, *, keeps_clients: bool) -> None:
        """Behave otherwise from now on."""
        self.behaviour = behaviour
        self.is_changed = False
        if not keeps_clients:
            for connection in list(self.connections):
                connection.drop()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = Connection(self, reader, writer)
        self.connections.add(connection)
        try:
            with contextlib.suppress(ConnectionError):
                await connection.serve()
        finally:
            self.connections.discard(connection)
            writer.close()
