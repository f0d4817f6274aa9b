"""The front door of both servers, over real sockets: bounded, and never closed to the question after its health."""

import contextlib
import http.client
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import uvicorn

from mingjian.host import front_door

PATIENCE_S = 10.0


async def application(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


@pytest.fixture
def port() -> Iterator[int]:
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(application, http=front_door.BoundedHttp, lifespan="off", log_config=None)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    until(lambda: server.started)
    yield listener.getsockname()[1]
    server.should_exit = True
    thread.join(PATIENCE_S)
    listener.close()


def until(condition: Callable[[], bool]) -> None:
    deadline_s = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline_s, "waited too long"
        time.sleep(0.02)


def status_of(port: int, path: str) -> int:
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)) as line:
        line.request("GET", path)
        answer = line.getresponse()
        answer.read()
        return answer.status


@pytest.fixture
def silent(port: int) -> Iterator[Callable[[], socket.socket]]:
    """Connect and say nothing."""
    with contextlib.ExitStack() as stack:
        yield lambda: stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S))


def test_health_is_answered_when_nothing_else_is(
    port: int, silent: Callable[[], socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(front_door, "CONNECTIONS_MAX", 2)
    monkeypatch.setattr(front_door, "RESERVE", 1)
    assert status_of(port, "/") == 200
    first, _second = silent(), silent()

    until(lambda: status_of(port, "/") == 503)
    assert status_of(port, "/healthz") == 200
    for _ in range(5):
        silent()
    assert status_of(port, "/healthz") == 200
    assert _is_reset(first)


def test_connection_that_does_not_come_to_the_point_is_ended(
    port: int, silent: Callable[[], socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(front_door, "ASKING_S", 0.2)
    mute, slow = silent(), silent()
    slow.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")

    assert _is_reset(mute)
    assert _is_reset(slow)


def _is_reset(line: socket.socket) -> bool:
    try:
        return line.recv(1) == b""
    except ConnectionResetError:
        return True
