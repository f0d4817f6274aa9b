"""A viewer as the server sees it: a real WebSocket client that keeps what it was served, with the time of arrival."""

import contextlib
import json
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from mingjian.host.home import Home
from mingjian.media.fragments import read_fragment

SESSION_COOKIE = "mingjian_session=" + "s" * 32


@dataclass
class Player:
    """Says and hears. `media` are binary messages with their monotonic time, `said` the texts."""

    line: ClientConnection
    said: list[dict[str, object]] = field(default_factory=list)
    media: list[tuple[float, bytes]] = field(default_factory=list)
    is_closed: bool = False
    last_byte_at: float = 0.0

    def say(self, kind: str, **fields: object) -> None:
        """Send one message."""
        self.line.send(json.dumps({"type": kind, **fields}))

    def open(self, token: str, camera: str, **fields: object) -> None:
        """Send the first message."""
        self.say("open", **{"token": token, "camera": camera, "mode": "history", "codecs": ["h264"], **fields})

    def hear(self, *, seconds: float) -> None:
        """Take in whatever comes for so long, or until the server closes."""
        self.hear_until(lambda: False, within_s=seconds)

    def hear_until(self, condition: Callable[[], bool], *, within_s: float = 8.0) -> bool:
        """Take in what comes until the condition holds; False when time or the connection ended first."""
        deadline = time.monotonic() + within_s
        while not condition():
            left = deadline - time.monotonic()
            if left <= 0 or self.is_closed:
                return False
            try:
                message = self.line.recv(timeout=left)
            except TimeoutError:
                return False
            except ConnectionClosed:
                self.is_closed = True
                return bool(condition())
            if isinstance(message, bytes):
                self.last_byte_at = time.monotonic()
                self.media.append((self.last_byte_at, message))
            else:
                self.said.append(json.loads(message))
        return True

    def kinds(self) -> list[object]:
        """Return the kinds of texts heard."""
        return [message["type"] for message in self.said]

    def last(self, kind: str) -> dict[str, object]:
        """Return the newest text of a kind."""
        return next(message for message in reversed(self.said) if message["type"] == kind)

    def heard(self, kind: str) -> Callable[[], bool]:
        """Return a condition: a text of that kind has come."""
        return lambda: kind in self.kinds()

    def fragments(self) -> list[tuple[float, bytes]]:
        """Return what was served without initialization segments."""
        return [(at, data) for at, data in self.media if data[4:8] == b"moof"]

    def pts(self) -> list[int]:
        """Return the presentation time of every sample served, in order of arrival."""
        return [entry.pts_90k for _, data in self.fragments() for entry in read_fragment(data)]


@contextlib.contextmanager
def dial(
    home: Home,
    *,
    origin: str | None = "",
    cookie: str | None = SESSION_COOKIE,
    path: str = "/media",
    receive_buffer: int | None = None,
) -> Iterator[Player]:
    """Connect as our own page does. Raises websockets' InvalidStatus when the server does not take the call."""
    origin = f"http://127.0.0.1:{home.port}" if origin == "" else origin
    headers = {"Cookie": cookie} if cookie else {}
    raw = socket.socket()
    if receive_buffer is not None:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    raw.connect(("127.0.0.1", home.media_port))
    with connect(
        f"ws://127.0.0.1:{home.media_port}{path}",
        sock=raw,
        origin=origin,
        additional_headers=headers,
        compression=None,
        max_size=None,
        # A client that is not read stops reading the line as well.
        max_queue=16 if receive_buffer is None else 1,
        open_timeout=5,
        close_timeout=2,
    ) as line:
        yield Player(line)
