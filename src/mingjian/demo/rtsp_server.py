"""A small RTSP/1.0 server (RFC 2326) for simulated cameras: TCP interleaved only, digest authentication always."""

import asyncio
import hashlib
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from mingjian.demo.feed import Feed, Listener

REALM = "mingjian demo"
SESSION_TIMEOUT_S = 60
_LARGEST_HEAD_BYTES = 8 << 10
_QUOTED = re.compile(r'(\w+)="?([^",]*)"?')
_METHODS = "OPTIONS, DESCRIBE, SETUP, PLAY, GET_PARAMETER, TEARDOWN"


@dataclass(frozen=True, slots=True)
class Account:
    """The one account of all simulated cameras."""

    user: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Request:
    method: str
    url: str
    headers: Mapping[str, str]

    @property
    def stream(self) -> str:
        return urlsplit(self.url).path.strip("/").split("/")[0]


class CameraServer:
    """Serves several feeds by path: rtsp://host:port/<name>."""

    def __init__(self, *, feeds: Mapping[str, Feed], account: Account) -> None:
        self._feeds = feeds
        self._account = account

    async def serve(self, *, host: str, port: int) -> None:
        """Listen until cancelled."""
        server = await asyncio.start_server(self._converse, host, port, limit=_LARGEST_HEAD_BYTES)
        async with server:
            await server.serve_forever()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        conversation = _Conversation(self._feeds, self._account, writer.transport)
        try:
            while (request := await _read_request(reader)) is not None and not writer.is_closing():
                writer.write(conversation.answer(request))
                conversation.after_answer(request)
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError, TimeoutError, ValueError):
            pass  # a client that left or talks nonsense; there is nobody to tell
        finally:
            conversation.leave()
            writer.close()


class _Conversation:
    """One client's state: what it set up, and its nonce."""

    def __init__(self, feeds: Mapping[str, Feed], account: Account, transport: asyncio.WriteTransport) -> None:
        self._feeds = feeds
        self._account = account
        self._transport = transport
        self._nonce = secrets.token_hex(16)
        self._session = secrets.token_hex(8)
        self._listener: Listener | None = None
        self._playing: Feed | None = None

    def answer(self, request: _Request) -> bytes:
        if request.method == "OPTIONS":
            return _response(request, 200, Public=_METHODS)
        if not self._is_authorized(request):
            challenge = f'Digest realm="{REALM}", nonce="{self._nonce}", algorithm=MD5, qop="auth"'
            return _response(request, 401, WWW_Authenticate=challenge)
        if request.stream not in self._feeds:
            return _response(request, 404)
        return self._answer_authorized(request, self._feeds[request.stream])

    def _answer_authorized(self, request: _Request, feed: Feed) -> bytes:
        session = f"{self._session};timeout={SESSION_TIMEOUT_S}"
        if request.method == "DESCRIBE":
            base = request.url.rstrip("/") + "/"
            return _response(request, 200, body=feed.description(), Content_Base=base)
        if request.method == "SETUP":
            return self._set_up(request, session)
        if request.method in ("PLAY", "GET_PARAMETER", "TEARDOWN"):
            status = 455 if request.method == "PLAY" and self._listener is None else 200
            return _response(request, status, Session=session)
        return _response(request, 501)

    def _set_up(self, request: _Request, session: str) -> bytes:
        transport = request.headers.get("transport", "")
        if "RTP/AVP/TCP" not in transport:
            return _response(request, 461)
        channels = re.search(r"interleaved=(\d{1,3})-(\d{1,3})", transport)
        channel = min(int(channels[1]), 254) if channels else 0
        self._listener = Listener(transport=self._transport, channel=channel)
        chosen = f"RTP/AVP/TCP;unicast;interleaved={channel}-{channel + 1}"
        return _response(request, 200, Transport=chosen, Session=session)

    def after_answer(self, request: _Request) -> None:
        """Let the pictures come behind the answer, or end them."""
        if request.method == "PLAY" and self._listener is not None and self._is_authorized(request):
            self.leave()
            self._playing = self._feeds.get(request.stream)
            if self._playing is not None:
                self._playing.listeners.add(self._listener)
        if request.method == "TEARDOWN":
            self.leave()

    def leave(self) -> None:
        if self._playing is not None and self._listener is not None:
            self._playing.listeners.discard(self._listener)

    def _is_authorized(self, request: _Request) -> bool:
        """Check a digest as RFC 2617 §3.2.2 describes it, with or without qop."""
        scheme, _, text = request.headers.get("authorization", "").partition(" ")
        given = dict(_QUOTED.findall(text))
        if scheme.lower() != "digest" or given.get("nonce") != self._nonce:
            return False
        secret = _md5(f"{self._account.user}:{REALM}:{self._account.password}")
        action = _md5(f"{request.method}:{given.get('uri', '')}")
        middle = [self._nonce]
        if "qop" in given:
            middle += [given.get("nc", ""), given.get("cnonce", ""), given["qop"]]
        expected = _md5(":".join([secret, *middle, action]))
        is_right_user = secrets.compare_digest(given.get("username", "").encode(), self._account.user.encode())
        return is_right_user and secrets.compare_digest(given.get("response", "").encode(), expected.encode())


async def _read_request(reader: asyncio.StreamReader) -> _Request | None:
    """Return the next request, stepping over RTCP that the client sends in between; None when it left."""
    async with asyncio.timeout(SESSION_TIMEOUT_S * 2):
        while (first := await reader.read(1)) == b"$":
            length = int.from_bytes((await reader.readexactly(3))[1:], "big")
            await reader.readexactly(length)
        if not first:
            return None
        head = first + await reader.readuntil(b"\r\n\r\n")
        lines = head.decode("utf-8", errors="replace").lstrip("\r\n").split("\r\n")
        method, url, _ = lines[0].split(" ", 2)
        fields = (line.partition(":") for line in lines[1:] if line)
        headers = {name.strip().lower(): value.strip() for name, _, value in fields}
        await reader.readexactly(min(int(headers.get("content-length", "0")), _LARGEST_HEAD_BYTES))
    return _Request(method=method, url=url, headers=headers)


_REASONS = {
    200: "OK",
    401: "Unauthorized",
    404: "Not Found",
    455: "Method Not Valid in This State",
    461: "Unsupported Transport",
    501: "Not Implemented",
}


def _response(request: _Request, status: int, *, body: str = "", **headers: str) -> bytes:
    lines = [f"RTSP/1.0 {status} {_REASONS[status]}", f"CSeq: {request.headers.get('cseq', '0')}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    if body:
        lines += ["Content-Type: application/sdp", f"Content-Length: {len(body.encode())}"]
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
