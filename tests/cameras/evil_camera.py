"""A camera that misbehaves by name: `evil_camera.py --behaviour NAME`. It prints `ready PORT` when it listens.

It serves /stream with pictures that decode (see pcm_h264.py), 25 a second, a sync sample each second, until its
standard input closes. `--after` says after how many seconds of good pictures a behaviour that needs some begins.
"""

import argparse
import asyncio
import base64
import contextlib
import hashlib
import itertools
import random
import re
import secrets
import struct
import sys
from collections.abc import Awaitable, Callable

import pcm_h264
from rtp_packing import framed, packets

FPS = 25
TICKS_PER_PICTURE = 90_000 // FPS

# One uncompromising picture of x265 (64 × 64, all grey): VPS, SPS, PPS, IDR. Made with
# ffmpeg -f lavfi -i color=gray:s=64x64 -frames:v 1 -c:v libx265 -x265-params info=0:keyint=1
H265 = tuple(
    bytes.fromhex(text)
    for text in (
        "40010c01ffff0408000003009fa800000300001eba024000",
        "42010104080000030" "09fa800000300001ea020810596ea4932bc05a02000000300200000030321",
        "4401c172b02240",
        "2801af78ebaefbfe7557cb4f",
    )
)  # fmt: skip

BEHAVIOURS: dict[str, str] = {
    "good": "behaves; with --user it demands digest authentication",
    "absent": "holds its port and refuses every connection",
    "mute": "takes the connection and never answers",
    "wrong_password": "answers every request with a fresh challenge",
    "redirect": "sends the client to another host",
    "not_found": "knows no such stream",
    "no_tcp": "refuses interleaved transport with 461",
    "no_video": "describes an audio track only",
    "unsupported": "describes Motion JPEG only",
    "garbage": "answers with random bytes",
    "endless_headers": "never ends the headers of its first answer",
    "endless_body": "announces a session description of a gigabyte",
    "garbage_stream": "sends random bytes instead of media",
    "no_parameter_sets": "sends pictures without ever telling SPS and PPS",
    "endless_picture": "opens a fragment that never ends",
    "half_open": "stops sending and keeps the connection",
    "closing": "closes the connection in the middle of a picture",
    "format_change": "goes on with a larger picture, told in-band",
    "codec_change": "goes on with H.265 in the same stream, and describes it from then on",
    "flood": "sends a hundred times as fast",
    "lossy": "leaves out every fortieth packet",
    "quirky": "keeps to nothing that clients can live without",
}


class Picture:
    """The next picture's NAL units, on and on."""

    def __init__(self, *, side: int, has_sets: bool = True) -> None:
        self.sets = [pcm_h264.sps(side, side), pcm_h264.pps()]
        self._sync = [pcm_h264.sync_picture(side, side, number) for number in range(4)]
        self._repeats = [pcm_h264.repeat_picture(side, side, number) for number in range(FPS)]
        self._has_sets = has_sets

    def nals(self, number: int) -> list[bytes]:
        second, place = divmod(number, FPS)
        if place:
            return [self._repeats[place]]
        return [*(self.sets if self._has_sets else []), pcm_h264.SEI, self._sync[second % 4]]


class Connection:
    """One client."""

    def __init__(self, camera: "Camera", reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.camera = camera
        self.reader, self.writer = reader, writer
        self.nonce = secrets.token_hex(8)
        self.sequence = random.randrange(1 << 16)  # noqa: S311 - not a secret
        self.playing: asyncio.Task[None] | None = None

    async def serve(self) -> None:
        behaviour = self.camera.behaviour
        if behaviour == "mute":
            await self.reader.read()
            return
        if behaviour == "garbage":
            await self.reader.read(4096)
            await self.send(random.Random(1).randbytes(100_000))  # noqa: S311
            await self.reader.read()
            return
        try:
            while (request := await self.reader.readuntil(b"\r\n\r\n")) and await self.answer(request.decode()):
                pass
        except asyncio.IncompleteReadError:
            pass
        finally:
            if self.playing is not None:
                self.playing.cancel()

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def respond(self, request: str, status: str, headers: str = "", body: bytes = b"") -> None:
        found = re.search(r"CSeq:\s*(\d+)", request, re.IGNORECASE)
        space = "   " if self.camera.behaviour == "quirky" else " "
        head = f"RTSP/1.0 {status}\r\nCSeq:{space}{found[1] if found else 0}{space}\r\n{headers}"
        await self.send(head.encode() + f"Content-Length: {len(body)}\r\n\r\n".encode() + body)

    def is_signed_in(self, request: str) -> bool:
        camera = self.camera
        if camera.behaviour == "wrong_password":
            return False
        if camera.user is None:
            return True
        fields = dict(re.findall(r'(\w+)="?([^",]*)"?', request.partition("Authorization: Digest ")[2]))

        def md5(text: str) -> str:
            return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()

        secret = md5(f"{camera.user}:evil:{camera.password}")
        wanted = md5(f"{secret}:{self.nonce}:{md5(request.split()[0] + ':' + fields.get('uri', ''))}")
        return fields.get("response") == wanted

    async def answer(self, request: str) -> bool:
        """Answer one request; False ends the connection."""
        behaviour, method = self.camera.behaviour, request.split()[0]
        if behaviour == "endless_headers":
            await self.send(b"RTSP/1.0 200 OK\r\n")
            for number in itertools.count():
                await self.send(f"X-Line-{number}: {'x' * 200}\r\n".encode())
        if method != "OPTIONS" and not self.is_signed_in(request):
            challenge = f'WWW-Authenticate: Digest realm="evil", nonce="{self.nonce}"\r\n'
            await self.respond(request, "401 Unauthorized", challenge)
            return True
        if behaviour == "redirect":
            await self.respond(request, "302 Moved", "Location: rtsp://192.0.2.1/stream\r\n")
        elif behaviour == "not_found" and method == "DESCRIBE":
            await self.respond(request, "404 Not Found")
        elif behaviour == "no_tcp" and method == "SETUP":
            await self.respond(request, "461 Unsupported Transport")
        elif behaviour == "endless_body" and method == "DESCRIBE":
            await self.send(b"RTSP/1.0 200 OK\r\nCSeq: 2\r\nContent-Length: 1000000000\r\n\r\n")
            while True:
                await self.send(b"a=x\r\n" * 10_000)
        elif method == "DESCRIBE":
            await self.describe(request)
        elif method == "SETUP":
            quirk = "4-5" if behaviour == "quirky" else "0-1"
            transport = f"Transport: RTP/AVP/TCP;unicast;interleaved={quirk}\r\n"
            await self.respond(
                request, "200 OK", f"{transport}Session: 1234{'' if quirk == '0-1' else ' '};timeout=60\r\n"
            )
        elif method == "PLAY":
            await self.respond(request, "200 OK", "Session: 1234\r\nRTP-Info: url=x;seq=0\r\n")
            self.playing = asyncio.create_task(self.play())
        elif method == "TEARDOWN":
            await self.respond(request, "200 OK")
            return False
        else:
            await self.respond(request, "200 OK", "Public: OPTIONS, DESCRIBE, SETUP, PLAY, GET_PARAMETER, TEARDOWN\r\n")
        return True

    async def describe(self, request: str) -> None:
        behaviour = self.camera.behaviour
        media = {
            "no_video": "m=audio 0 RTP/AVP 8\r\na=control:audio\r\n",
            "unsupported": "m=video 0 RTP/AVP 26\r\na=rtpmap:26 JPEG/90000\r\na=control:video\r\n",
        }.get(behaviour)
        if media is None:
            is_h265 = behaviour == "codec_change" and self.camera.is_changed
            media = (
                f"m=video 0 RTP/AVP 96\r\na=rtpmap:96 {'H265' if is_h265 else 'H264'}/90000\r\na=control:trackID=0\r\n"
            )
            if behaviour not in ("no_parameter_sets", "quirky") and not is_h265:
                sets = ",".join(base64.b64encode(unit).decode() for unit in Picture(side=4).sets)
                media += f"a=fmtp:96 packetization-mode=1;sprop-parameter-sets={sets}\r\n"
        url = request.split()[1]
        base = url.removeprefix("rtsp://") if behaviour == "quirky" else url
        body = f"v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=evil\r\nt=0 0\r\n{media}".encode()
        await self.respond(request, "200 OK", f"Content-Base: {base}/\r\nContent-Type: application/sdp\r\n", body)

    def frame(self, payload: bytes, *, marker: int, time: int) -> bytes:
        """Return the next packet in its interleaved frame."""
        sequence, self.sequence = self.sequence, (self.sequence + 1) & 0xFFFF
        channel = 4 if self.camera.behaviour == "quirky" else 0
        return framed(payload, sequence=sequence, time=time, marker=marker, channel=channel)

    async def play(self) -> None:
        with contextlib.suppress(ConnectionError):
            if self.camera.behaviour == "garbage_stream":
                source = random.Random(2)  # noqa: S311
                while True:
                    await self.send(source.randbytes(20_000))
                    await asyncio.sleep(0.1)
            await self.play_pictures()

    async def play_pictures(self) -> None:
        camera, behaviour = self.camera, self.camera.behaviour
        picture = Picture(side=4, has_sets=behaviour != "no_parameter_sets")
        loop = asyncio.get_running_loop()
        # Close below 32 bits, so that the time-stamps wrap after four seconds.
        started, base = loop.time(), (1 << 32) - 4 * 90_000
        change_at = 0 if camera.is_changed else int(camera.after * FPS)
        for number in itertools.count():
            time = base + number * TICKS_PER_PICTURE
            if number >= change_at and behaviour in _TURNS:
                await _TURNS[behaviour](self, time)
                return
            if number >= change_at and behaviour == "format_change" and number % FPS == 0:
                camera.is_changed, change_at = True, sys.maxsize
                picture = Picture(side=6)
            if behaviour == "quirky":
                await self.send_quirky(picture.nals(number), time)
            else:
                await self.send_picture(picture.nals(number), time)
            await asyncio.sleep(max(0.0, started + (number + 1) / FPS - loop.time()))

    async def send_picture(self, nals: list[bytes], time: int, *, is_h265: bool = False) -> None:
        out = bytearray()
        for payload, marker in packets(nals, is_h265=is_h265):
            packet = self.frame(payload, marker=marker, time=time)
            if self.camera.behaviour != "lossy" or self.sequence % 40:
                out += packet
        await self.send(bytes(out))

    async def send_quirky(self, nals: list[bytes], time: int) -> None:
        """No marker where it belongs, one where it does not, foreign channels, types and bytes in between."""
        out = bytearray()
        if len(nals) > 1:
            out += self.frame(pcm_h264.SEI, marker=1, time=time) + b"\x00\x01\x02stray"
            joined = b"\x00\x00\x00\x01".join(nals[:2])
            out += self.frame(joined, marker=0, time=time)
        for payload, _ in packets(nals[-1:], has_marker=False):
            reserved = payload[1] | 0x20 if payload[0] & 0x1F == 28 else payload[1]
            out += self.frame(payload[:1] + bytes((reserved,)) + payload[2:], marker=0, time=time)
        out += struct.pack(">BBH", 0x24, 9, 5) + b"other"
        out += framed(b"private", sequence=7, time=time, marker=0, channel=4, payload_type=50)
        await self.send(bytes(out))

    async def turn_silent(self, time: int) -> None:
        await self.reader.read()

    async def turn_closing(self, time: int) -> None:
        unit = pcm_h264.sync_picture(4, 4, 1)
        torn = [self.frame(payload, marker=0, time=time) for payload, _ in packets([unit])]
        await self.send(b"".join(torn[:2]) + torn[2][:300])
        self.writer.close()

    async def turn_endless(self, time: int) -> None:
        await self.send(self.frame(b"\x7c\x85" + bytes(1000), marker=0, time=time))
        while True:
            await self.send(b"".join(self.frame(b"\x7c\x05" + b"\xaa" * 1300, marker=0, time=time) for _ in range(50)))
            await asyncio.sleep(0.005)

    async def turn_flooding(self, time: int) -> None:
        unit = pcm_h264.repeat_picture(4, 4, 1) + bytes(25_000) + b"\x80"
        for count in itertools.count():
            await self.send_picture([unit], time + count * 36)

    async def turn_h265(self, time: int) -> None:
        self.camera.is_changed = True
        for count in itertools.count():
            await self.send_picture(list(H265), time + count * TICKS_PER_PICTURE, is_h265=True)
            await asyncio.sleep(1 / FPS)


_TURNS: dict[str, Callable[[Connection, int], Awaitable[None]]] = {
    "half_open": Connection.turn_silent,
    "closing": Connection.turn_closing,
    "endless_picture": Connection.turn_endless,
    "flood": Connection.turn_flooding,
    "codec_change": Connection.turn_h265,
}


class Camera:
    """What all connections share."""

    def __init__(self, *, behaviour: str, after: float, user: str | None, password: str | None) -> None:
        self.behaviour, self.after = behaviour, after
        self.user, self.password = user, password
        # Set once a format or codec change has happened; a codec change is told by later descriptions.
        self.is_changed = False

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = Connection(self, reader, writer)
        with contextlib.suppress(ConnectionError):
            await connection.serve()
        writer.close()


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0: any free one, printed after `ready`")
    parser.add_argument("--behaviour", choices=sorted(BEHAVIOURS), default="good")
    parser.add_argument("--after", type=float, default=2.0)
    parser.add_argument("--user")
    parser.add_argument("--password")
    options = parser.parse_args()
    camera = Camera(behaviour=options.behaviour, after=options.after, user=options.user, password=options.password)
    server = await asyncio.start_server(camera.accept, "127.0.0.1", options.port, start_serving=False)
    if options.behaviour != "absent":
        await server.start_serving()
    print(f"ready {server.sockets[0].getsockname()[1]}", flush=True)
    # Ends with its parent: a closed standard input is the sign.
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main())
