"""One client of a camera: the dialogue and the pictures of an ordinary one, each part replaceable by the behaviour."""

import asyncio
import base64
import contextlib
import hashlib
import itertools
import random
import re
import secrets
import socket
from typing import TYPE_CHECKING

import pcm_h264
from rtp_packing import framed, packets

from evil.behaviour import Behaviour, Packets

if TYPE_CHECKING:
    from evil.camera import Camera

TICKS_PER_S = 90_000
SIDE = 4
# Close below 32 bits, so that the time-stamps wrap after four seconds.
FIRST_TIME = (1 << 32) - 4 * TICKS_PER_S
SETS = {side: [pcm_h264.sps(side, side), pcm_h264.pps()] for side in (SIDE, 6)}
_SYNC = {side: [pcm_h264.sync_picture(side, side, number) for number in range(4)] for side in SETS}


def ordinary_picture(connection: "Connection", number: int) -> list[bytes]:
    """Return the NAL units of the n-th picture: each second one opens with the parameter sets and is a sync sample."""
    second, place = divmod(number, connection.camera.fps)
    side = connection.side
    if place:
        return [pcm_h264.repeat_picture(side, side, place)]
    return [*SETS[side], pcm_h264.SEI, _SYNC[side][second % 4]]


def ordinary_media(connection: "Connection") -> str:
    """Return the description of one H.264 track with its parameter sets."""
    sets = ",".join(base64.b64encode(unit).decode() for unit in SETS[SIDE])
    fmtp = f"a=fmtp:96 packetization-mode=1;sprop-parameter-sets={sets}\r\n"
    return f"m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:trackID=0\r\n{fmtp}"


def ordinary_frames(connection: "Connection", picture: Packets, time: int) -> bytes:
    """Return the interleaved frames of one picture's payloads."""
    return b"".join(connection.frame(payload, marker=marker, time=time) for payload, marker in picture)


class Connection:
    """One client. `number` counts its pictures, `side` is their size in macroblocks."""

    def __init__(self, camera: "Camera", reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.camera = camera
        self.reader, self.writer = reader, writer
        self.nonce = secrets.token_hex(8)
        self.sequence = random.randrange(1 << 16)  # noqa: S311 - not a secret
        self.side = SIDE
        self.channel = 0
        self.asked_at = asyncio.get_running_loop().time()
        self.datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.datagrams.bind(("127.0.0.1", 0))
        self.tasks: list[asyncio.Task[None]] = []

    @property
    def behaviour(self) -> Behaviour:
        return self.camera.behaviour

    async def serve(self) -> None:
        """Talk until the client or the behaviour ends it."""
        try:
            if self.behaviour.greet is not None:
                await self.behaviour.greet(self)
                return
            while (request := await self.reader.readuntil(b"\r\n\r\n")) and await self.answer(request.decode()):
                self.asked_at = asyncio.get_running_loop().time()
        except asyncio.IncompleteReadError:
            pass
        finally:
            for task in self.tasks:
                task.cancel()
            self.datagrams.close()

    def drop(self) -> None:
        """Close as a camera that restarts."""
        for task in self.tasks:
            task.cancel()
        self.writer.transport.abort()

    def also(self, work: "asyncio.Future[None] | object") -> None:
        """Do something beside the dialogue, until the connection ends."""
        self.tasks.append(asyncio.create_task(self._quietly(work)))

    async def _quietly(self, work: object) -> None:
        with contextlib.suppress(OSError):
            await work  # type: ignore[misc] # a coroutine

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def reply(self, request: str, status: str, headers: str = "", body: bytes = b"") -> None:
        """Send a response to this request."""
        head = f"RTSP/1.0 {status}\r\nCSeq: {number_of(request)}\r\n{headers}Content-Length: {len(body)}\r\n\r\n"
        await self.send(head.encode() + body)

    async def answer(self, request: str) -> bool:
        """Answer one request; False ends the connection."""
        behaviour, method = self.behaviour, request.split()[0]
        special = behaviour.answers.get(method) or behaviour.answers.get("*")
        if special is not None:
            return await special(self, request)
        return await self.answer_ordinarily(request)

    async def answer_ordinarily(self, request: str) -> bool:
        """Answer as an ordinary camera."""
        method = request.split()[0]
        if method != "OPTIONS" and not self.is_signed_in(request):
            challenge = f'WWW-Authenticate: Digest realm="evil", nonce="{self.nonce}"\r\n'
            await self.reply(request, "401 Unauthorized", challenge)
        elif method == "DESCRIBE":
            await self.describe(request)
        elif method == "SETUP":
            await self.set_up(request)
        elif method == "PLAY":
            await self.reply(request, "200 OK", "Session: 1234\r\n")
            self.also(self.play())
        elif method == "TEARDOWN":
            await self.reply(request, "200 OK")
            return False
        else:
            await self.reply(request, "200 OK", "Public: OPTIONS, DESCRIBE, SETUP, PLAY, GET_PARAMETER, TEARDOWN\r\n")
        return True

    def is_signed_in(self, request: str) -> bool:
        """Say whether the digest of this request is that of the camera's account, if it has one."""
        camera = self.camera
        if camera.user is None or not (self.behaviour.demands_digest or camera.demands_digest):
            return True
        fields = dict(re.findall(r'(\w+)="?([^",]*)"?', request.partition("Authorization: Digest ")[2]))
        secret = md5(f"{camera.user}:evil:{camera.password}")
        wanted = md5(f"{secret}:{self.nonce}:{md5(request.split()[0] + ':' + fields.get('uri', ''))}")
        return fields.get("response") == wanted

    async def describe(self, request: str, *, base: str | None = None, headers: str = "") -> None:
        """Answer DESCRIBE with the behaviour's description."""
        media = (self.behaviour.media or ordinary_media)(self)
        body = f"v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=evil\r\nt=0 0\r\n{media}".encode()
        address = request.split()[1] + "/" if base is None else base
        head = f"Content-Base: {address}\r\nContent-Type: application/sdp\r\n{headers}"
        await self.reply(request, "200 OK", head, body)

    async def set_up(self, request: str, *, session: str = "Session: 1234;timeout=60\r\n") -> None:
        """Answer SETUP with the channels of this connection."""
        transport = f"Transport: RTP/AVP/TCP;unicast;interleaved={self.channel}-{self.channel + 1}\r\n"
        await self.reply(request, "200 OK", transport + session)

    def frame(self, payload: bytes, *, marker: int, time: int, payload_type: int = 96) -> bytes:
        """Return the next packet in its interleaved frame."""
        sequence, self.sequence = self.sequence, (self.sequence + 1) & 0xFFFF
        return framed(
            payload, sequence=sequence, time=time, marker=marker, channel=self.channel, payload_type=payload_type
        )

    async def play(self) -> None:
        """Send pictures in their time, or what the behaviour makes of them."""
        camera, loop = self.camera, asyncio.get_running_loop()
        fps, started = camera.fps, loop.time()
        for number in itertools.count():
            behaviour = self.behaviour
            ordinary = number * TICKS_PER_S // fps
            time = FIRST_TIME + (behaviour.times(number, ordinary) if behaviour.times else ordinary)
            if behaviour.turn is not None and (camera.is_changed or number >= camera.after * fps):
                await behaviour.turn(self, time)
                return
            await self.send(self.picture(number, time))
            await asyncio.sleep(max(0.0, started + (number + 1) / fps - loop.time()))

    def picture(self, number: int, time: int) -> bytes:
        """Return the bytes of the n-th picture as the behaviour sends it."""
        behaviour = self.behaviour
        nals = (behaviour.pictures or ordinary_picture)(self, number)
        payloads = (behaviour.payloads or ordinary_payloads)(nals)
        return (behaviour.frames or ordinary_frames)(self, payloads, time)


def ordinary_payloads(nals: list[bytes]) -> Packets:
    """Return single packets and fragments, a marker on the last."""
    return list(packets(nals))


def number_of(request: str) -> int:
    """Return the CSeq of a request."""
    found = re.search(r"CSeq:\s*(\d+)", request, re.IGNORECASE)
    return int(found[1]) if found else 0


def md5(text: str) -> str:
    """Return the digest as RFC 2069 wants it."""
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
