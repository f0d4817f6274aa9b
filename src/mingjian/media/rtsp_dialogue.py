"""The conversation that opens a stream: OPTIONS, DESCRIBE, SETUP, PLAY, and at the end TEARDOWN (RFC 2326 §10)."""

import asyncio
import contextlib
import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass

from mingjian.media.datagrams import CONTROL_CHANNEL, MEDIA_CHANNEL, DatagramPair
from mingjian.media.rtsp_address import CameraAddress, Credentials
from mingjian.media.rtsp_auth import Authenticator
from mingjian.media.rtsp_error import RtspError
from mingjian.media.rtsp_message import Message, format_request, parse_message
from mingjian.media.sdp import VideoDescription, parse_description

USER_AGENT = "mingjian"
_LARGEST_EARLY_BYTES = 1 << 20
# Of everything before the answer to PLAY: a server that still sends to a dead session has seconds of it in hand.
_LARGEST_DIALOGUE_BYTES = 8 << 20
_MOST_UNASKED_MESSAGES = 100
_LARGEST_FAREWELL_BYTES = 32 << 20
_DEFAULT_SESSION_TIMEOUT_S = 60
_MOST_ANSWERS_TO_A_CHALLENGE = 3

_INTERLEAVED = re.compile(r"interleaved\s*=\s*(\d{1,3})(?:\s*-\s*(\d{1,3}))?", re.IGNORECASE)
_TIMEOUT = re.compile(r"timeout\s*=\s*(\d{1,6})", re.IGNORECASE)
_SCHEME = re.compile(r"rtsp[su]?://", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Stream:
    """What the dialogue agreed on. `url` is the aggregate control address, for PLAY, keep-alive and TEARDOWN."""

    description: VideoDescription
    url: str
    session: str
    session_timeout_s: int
    media_channel: int
    control_channel: int
    can_get_parameter: bool


class Dialogue:
    """Requests and their answers on one socket. `early` holds media that came in between, `datagrams` its other way."""

    def __init__(self, *, connection: socket.socket, address: CameraAddress, credentials: Credentials | None) -> None:
        self.early = bytearray()
        self.datagrams: DatagramPair | None = None
        self.session = ""
        self.url = address.url
        self._socket = connection
        self._auth = Authenticator(credentials=credentials)
        self._sequence = 0
        self._received = bytearray()
        self._received_bytes = 0
        self._unasked = 0

    async def open_stream(self) -> Stream:
        """Bring the camera to the point where it sends. Raises RtspError; the caller bounds the time."""
        url = self.url
        options = await self._request("OPTIONS", url, {}, may_refuse=True)
        methods = options.header("public").upper()
        described = await self._request("DESCRIBE", url, {"Accept": "application/sdp"})
        description = parse_description(described.body)
        base = _base_url(described, url)
        self.url = _join(base, description.session_control)
        setup, media_channel, control_channel = await self._set_up(_join(base, description.control))
        self.session = setup.header("session").partition(";")[0].strip()
        await self._request("PLAY", self.url, {})
        self.early += self._received
        self._received.clear()
        return Stream(
            description=description,
            url=self.url,
            session=self.session,
            session_timeout_s=_session_timeout_s(setup.header("session")),
            media_channel=media_channel,
            control_channel=control_channel,
            can_get_parameter="GET_PARAMETER" in methods,
        )

    async def _set_up(self, url: str) -> tuple[Message, int, int]:
        """Ask for the track over this connection, over UDP from a camera that cannot; return answer and channels."""
        try:
            setup = await self._request("SETUP", url, {"Transport": "RTP/AVP/TCP;unicast;interleaved=0-1"})
            return setup, *_channels(setup.header("transport"))
        except RtspError as error:
            if error.code != "media.no_tcp":
                raise
        self.datagrams = DatagramPair(local_ip=self._socket.getsockname()[0])
        setup = await self._request("SETUP", url, {"Transport": self.datagrams.transport})
        self.datagrams.accept(setup.header("transport"), camera_ip=self._socket.getpeername()[0])
        return setup, MEDIA_CHANNEL, CONTROL_CHANNEL

    def part(self) -> None:
        """Close, after a TEARDOWN that is not waited for: some servers go on sending to a session nobody ended."""
        with contextlib.suppress(OSError):
            if self.session:
                self._socket.send(self.compose("TEARDOWN", self.url, {}))
        self.close()

    def close(self) -> None:
        """Close every socket; safe to repeat."""
        self._socket.close()
        if self.datagrams is not None:
            self.datagrams.close()

    def compose(self, method: str, url: str, headers: Mapping[str, str]) -> bytes:
        """Return the next request, with its number, the session and the answer to the last challenge."""
        self._sequence += 1
        fields = {"CSeq": str(self._sequence), "User-Agent": USER_AGENT, **headers}
        if self.session:
            fields["Session"] = self.session
        if (authorization := self._auth.header(method=method, url=url)) is not None:
            fields["Authorization"] = authorization
        return format_request(method=method, url=url, headers=fields)

    def meet_challenge(self, message: Message) -> bool:
        """Take a 401 met outside the dialogue; False when another answer would be no use."""
        return self._auth.meet(message.headers.get("www-authenticate", ()))

    def note_accepted(self) -> None:
        """The camera took the last request, and so the answer to its challenge if there was one."""
        self._auth.note_accepted()

    async def _request(self, method: str, url: str, headers: Mapping[str, str], *, may_refuse: bool = False) -> Message:
        """Send a request and return its answer with status 200, after answering challenges."""
        loop = asyncio.get_running_loop()
        for _ in range(_MOST_ANSWERS_TO_A_CHALLENGE):
            try:
                await loop.sock_sendall(self._socket, self.compose(method, url, headers))
            except OSError as error:
                raise RtspError("media.closed", reason="send", method=method) from error
            answer = await self._answer(method)
            if answer.status != 401:
                self.note_accepted()
                break
            if not self.meet_challenge(answer):
                raise RtspError("media.unauthorized", reason="credentials", method=method)
        else:
            raise RtspError("media.unauthorized", reason="credentials", method=method)
        if 200 <= answer.status < 300 or (may_refuse and answer.status >= 400 and answer.status != 403):
            return answer
        raise _refusal(answer.status, method)

    async def _answer(self, method: str) -> Message:
        """Return the response to the last request; media before it is kept, other messages are passed over."""
        while True:
            message, length = self._next_message()
            if message is None:
                await self._receive(method)
                continue
            del self._received[:length]
            # A response without a usable number is taken for ours: some firmware counts on its own. One of 1xx
            # only says that another will come.
            if message.status >= 200 and message.sequence in (self._sequence, -1):
                return message
            self._unasked += 1
            if self._unasked > _MOST_UNASKED_MESSAGES:
                raise RtspError("media.oversized", what="messages", method=method)

    def _next_message(self) -> tuple[Message | None, int]:
        received = self._received
        while received[:1] == b"$":
            if len(received) < 4:
                return None, 0
            end = 4 + ((received[2] << 8) | received[3])
            if len(received) < end:
                return None, 0
            # Media may overtake the answer to PLAY; nothing comes before SETUP that could be ours.
            if self.session:
                self.early += received[:end]
            if len(self.early) > _LARGEST_EARLY_BYTES:
                raise RtspError("media.malformed", reason="no_answer")
            del received[:end]
        # Blank lines between messages are tolerated (RFC 2326 §4).
        blank = len(received) - len(received.lstrip(b"\r\n"))
        del received[:blank]
        return parse_message(received) if received else (None, 0)

    async def _receive(self, method: str) -> None:
        loop = asyncio.get_running_loop()
        try:
            chunk = await loop.sock_recv(self._socket, 64 << 10)
        except OSError as error:
            raise RtspError("media.closed", reason="reset", method=method) from error
        if not chunk:
            raise RtspError("media.closed", reason="end", method=method)
        self._received += chunk
        self._received_bytes += len(chunk)
        if self._received_bytes > _LARGEST_DIALOGUE_BYTES:
            raise RtspError("media.oversized", what="dialogue", method=method)
        # From a camera that sends faster than we read, receiving never waits: no other task would have its turn, not
        # even the one that bounds the time.
        await asyncio.sleep(0)

    async def tear_down(self) -> None:
        """Tell the camera to stop and wait for its answer or its end; the caller bounds the time."""
        loop = asyncio.get_running_loop()
        with contextlib.suppress(OSError):
            await loop.sock_sendall(self._socket, self.compose("TEARDOWN", self.url, {}))
            tail = b""
            left = _LARGEST_FAREWELL_BYTES
            while left > 0 and (chunk := await loop.sock_recv(self._socket, 256 << 10)):
                left -= len(chunk)
                if b"RTSP/1.0 " in (joined := tail + chunk):
                    return
                tail = joined[-16:]
                await asyncio.sleep(0)


def _refusal(status: int, method: str) -> RtspError:
    """Return the error that a status means."""
    if 300 <= status < 400:
        return RtspError("media.redirected", status=status, method=method)
    code = {
        401: "media.unauthorized",
        403: "media.unauthorized",
        404: "media.not_found",
        410: "media.not_found",
        461: "media.no_tcp",
    }.get(status, "media.refused")
    return RtspError(code, status=status, method=method)


def _base_url(described: Message, url: str) -> str:
    """Return the address that relative control addresses are joined to (RFC 2326 §C.1.1)."""
    base = described.header("content-base") or described.header("content-location")
    if not base or any(character <= " " for character in base):
        return url
    if base.startswith("/"):
        return url[: len(url) - len(_path_of(url))] + base
    # Some firmware leaves the scheme out.
    return base if _SCHEME.match(base) else f"rtsp://{base}"


def _path_of(url: str) -> str:
    slash = url.find("/", len("rtsp://"))
    return url[slash:] if slash >= 0 else ""


def _join(base: str, control: str) -> str:
    """Return the address of a control attribute. Only the text travels: the connection stays where it is."""
    if control in ("", "*") or any(character <= " " for character in control):
        return base
    if _SCHEME.match(control):
        return control
    return f"{base.rstrip('/')}/{control.lstrip('/')}"


def _channels(transport: str) -> tuple[int, int]:
    """Return media and control channel of the answer to SETUP."""
    chosen = transport.partition(",")[0]
    found = _INTERLEAVED.search(chosen)
    if found is None:
        # An answer without the header agrees to what was asked; one that speaks of UDP does not.
        if chosen and "TCP" not in chosen.upper():
            raise RtspError("media.no_tcp", reason="transport")
        return 0, 1
    media_channel = int(found[1])
    control_channel = int(found[2]) if found[2] else media_channel + 1
    if media_channel > 254 or control_channel > 255 or media_channel == control_channel:
        raise RtspError("media.malformed", reason="channels")
    return media_channel, control_channel


def _session_timeout_s(session: str) -> int:
    found = _TIMEOUT.search(session)
    announced = int(found[1]) if found else _DEFAULT_SESSION_TIMEOUT_S
    return min(announced, 3600) if announced else _DEFAULT_SESSION_TIMEOUT_S
