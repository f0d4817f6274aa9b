"""The dialogue with a camera and the draining of its socket, against a scripted server on loopback."""

import asyncio
import base64
import itertools
import re
import socket
from collections.abc import AsyncIterator, Callable

import pytest
import pytest_asyncio
import rtp_packing

from mingjian.base import ticks
from mingjian.base.clock import SimulatedClock
from mingjian.media import camera_socket
from mingjian.media.rtsp import RtspError, RtspSession

from .conftest import REPEAT, SETS, SYNC, lengths, open_session

pytestmark = pytest.mark.asyncio

SPROP = ",".join(base64.b64encode(nal).decode() for nal in SETS)
DESCRIPTION = (
    "v=0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:{control}\r\n"
    f"a=fmtp:96 sprop-parameter-sets={SPROP}\r\n"
)
PUBLIC = "Public: OPTIONS, DESCRIBE, SETUP, PLAY, GET_PARAMETER, TEARDOWN\r\n"


class ScriptedCamera:
    """Answers by method from a table that a test may change; remembers what it was asked."""

    def __init__(self) -> None:
        self.requests: list[str] = []
        self.connections = 0
        self.port = 0
        self.ended = asyncio.Event()
        self.before_play_answer = b""
        self.control = "track1"
        self.writer: asyncio.StreamWriter | None = None
        self.answers: dict[str, str] = {
            "OPTIONS": f"200 OK\r\n{PUBLIC}",
            "SETUP": "200 OK\r\nTransport: RTP/AVP/TCP;unicast;interleaved=0-1\r\nSession: 77;timeout=20\r\n",
        }
        self.base = "Content-Base: {url}/\r\n"

    @property
    def address(self) -> str:
        return f"rtsp://127.0.0.1:{self.port}/live?channel=1"

    @property
    def methods(self) -> list[str]:
        return [request.split()[0] for request in self.requests]

    def urls(self, method: str) -> list[str]:
        return [request.split()[1] for request in self.requests if request.startswith(method)]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.writer = writer
        try:
            while True:
                await self.answer((await reader.readuntil(b"\r\n\r\n")).decode())
        except (asyncio.IncompleteReadError, ConnectionError):
            self.ended.set()
            writer.close()

    async def answer(self, request: str) -> None:
        self.requests.append(request)
        method, url, _ = request.split(None, 2)
        number = re.search(r"CSeq: (\d+)", request)
        assert number is not None and self.writer is not None
        body = DESCRIPTION.format(control=self.control.format(url=url)) if method == "DESCRIBE" else ""
        base = self.base.format(url=url) if method == "DESCRIBE" else ""
        if method == "PLAY":
            self.writer.write(self.before_play_answer)
        status, _, headers = self.answers.get(method, "200 OK\r\n").partition("\r\n")
        head = f"RTSP/1.0 {status}\r\nCSeq: {number[1]}\r\n{headers}{base}Content-Length: {len(body)}\r\n\r\n"
        self.writer.write((head + body).encode())
        await self.writer.drain()

    async def push(self, data: bytes) -> None:
        assert self.writer is not None
        self.writer.write(data)
        await self.writer.drain()

    async def asked(self, method: str, times: int = 1) -> None:
        """Wait until so many such requests have come."""
        async with asyncio.timeout(5):
            while self.methods.count(method) < times:
                await asyncio.sleep(0.005)


@pytest_asyncio.fixture
async def camera() -> AsyncIterator[ScriptedCamera]:
    scripted = ScriptedCamera()
    server = await asyncio.start_server(scripted.serve, "127.0.0.1", 0)
    scripted.port = server.sockets[0].getsockname()[1]
    yield scripted
    server.close()
    if scripted.writer is not None:
        scripted.writer.close()


def pictures(*nals: bytes, start: int = 0) -> bytes:
    sequence = itertools.count(start * 10)
    return b"".join(
        rtp_packing.framed(payload, sequence=next(sequence), time=(start + n) * 3600, marker=marker)
        for n, nal in enumerate(nals)
        for payload, marker in rtp_packing.packets([nal])
    )


async def drained(session: RtspSession, scratch: memoryview, count: int) -> list[bytes]:
    """Drain until so many pictures came; the error of the session if it comes first."""
    found: list[bytes] = []
    async with asyncio.timeout(5):
        while len(found) < count:
            found += [bytes(unit.data) for unit in session.drain(scratch)]
            await asyncio.sleep(0.005)
    return found


async def failure(session: RtspSession, scratch: memoryview) -> RtspError:
    with pytest.raises(RtspError) as caught:
        await drained(session, scratch, 1_000_000)
    return caught.value


async def test_session_opens_with_format_and_plays(camera: ScriptedCamera, scratch: memoryview) -> None:
    session = await open_session(camera.address)

    await camera.push(pictures(SYNC, REPEAT))
    found = await drained(session, scratch, 2)
    await session.close()

    assert found == [lengths(SYNC), lengths(REPEAT)]
    assert session.format is not None and session.format.parameter_sets == SETS
    assert camera.methods == ["OPTIONS", "DESCRIBE", "SETUP", "PLAY", "TEARDOWN"]
    assert all("Session: 77\r\n" in request for request in camera.requests[3:])
    assert session.fileno == -1


async def test_receive_buffer_is_what_was_asked_for(camera: ScriptedCamera) -> None:
    session = await open_session(camera.address)

    # Root may force the size; elsewhere net.core.rmem_max decides, and 0 says that the kernel tunes it.
    assert session.receive_buffer_granted in (0, 2 << 20)
    await session.close()


async def test_session_without_a_large_buffer_leaves_it_to_the_kernel(
    camera: ScriptedCamera, scratch: memoryview, monkeypatch: pytest.MonkeyPatch
) -> None:
    # More than any kernel grants, so that the way without a fixed buffer is taken.
    monkeypatch.setattr(camera_socket, "_ENOUGH_BYTES", 1 << 40)

    session = await open_session(camera.address, receive_buffer_bytes=3 << 29)
    await camera.push(pictures(SYNC, REPEAT))
    found = await drained(session, scratch, 2)
    started = asyncio.get_running_loop().time()
    await session.close()

    assert session.receive_buffer_granted == 0 and len(found) == 2
    # The low-water mark is taken back, or the answer to TEARDOWN would not wake the reader.
    assert asyncio.get_running_loop().time() - started < 0.9


async def test_camera_is_never_held_back_by_a_slow_tick(camera: ScriptedCamera, scratch: memoryview) -> None:
    session = await open_session(camera.address)
    assert camera.writer is not None
    sender = camera.writer.get_extra_info("socket")
    body = REPEAT + b"\x55" * 15_000
    large = SYNC + b"\x55" * 260_000

    for second in range(2):
        # Five pictures to a tick of 200 ms, the first of a second as large as key frames of a 4 Mbit/s camera are.
        for tick in range(5):
            nals = [large if tick == 0 and n == 0 else body for n in range(5)]
            await camera.push(pictures(*nals, start=second * 1000 + tick * 100))
            await asyncio.sleep(0.2)
            session.drain(scratch)
    limited = int.from_bytes(sender.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 192)[176:184], "little")
    await session.close()

    # tcpi_rwnd_limited (linux/tcp.h): microseconds for which our window stopped the sender.
    assert limited == 0 and session.bytes_received > 900_000


@pytest.mark.parametrize(
    ("control", "base", "expected"),
    [
        ("track1", "Content-Base: {url}/\r\n", "{url}/track1"),
        ("track1", "", "{url}/track1"),
        ("{url}/track1", "Content-Base: {url}/\r\n", "{url}/track1"),
        ("rtsp://10.0.0.9/track1", "", "rtsp://10.0.0.9/track1"),
        ("track1", "Content-Base: 127.0.0.1/x/\r\n", "rtsp://127.0.0.1/x/track1"),
        ("track1", "Content-Base: /other/\r\n", "rtsp://127.0.0.1:{port}/other/track1"),
        ("*", "", "{url}"),
    ],
)
async def test_track_is_asked_for_where_the_camera_says(
    camera: ScriptedCamera, control: str, base: str, expected: str
) -> None:
    camera.control, camera.base = control, base

    session = await open_session(camera.address)
    await session.close()

    assert camera.urls("SETUP") == [expected.format(url=camera.address, port=camera.port)]
    assert camera.connections == 1


async def test_media_that_overtake_the_answer_to_play_are_kept(camera: ScriptedCamera, scratch: memoryview) -> None:
    camera.before_play_answer = pictures(SYNC, REPEAT)

    session = await open_session(camera.address)

    assert await drained(session, scratch, 2) == [lengths(SYNC), lengths(REPEAT)]
    await session.close()


async def test_address_that_is_not_allowed_is_never_connected_to(camera: ScriptedCamera) -> None:
    asked: list[tuple[str, int]] = []

    def refuse(ip: str, port: int) -> bool:
        asked.append((ip, port))
        return False

    with pytest.raises(RtspError) as caught:
        await open_session(camera.address.replace("127.0.0.1", "localhost"), addresses_allowed=refuse)

    assert caught.value.code == "media.address_not_allowed"
    assert asked[0][1] == camera.port and asked[0][0] in ("127.0.0.1", "::1") and camera.connections == 0


@pytest.mark.parametrize(
    ("method", "answer", "code"),
    [
        ("SETUP", "200 OK\r\nTransport: RTP/AVP;unicast;client_port=5000-5001\r\nSession: 1\r\n", "media.no_tcp"),
        ("SETUP", "200 OK\r\nTransport: RTP/AVP/TCP;interleaved=255-256\r\nSession: 1\r\n", "media.malformed"),
        ("SETUP", "461 Unsupported Transport\r\n", "media.no_tcp"),
        ("SETUP", "453 Not Enough Bandwidth\r\n", "media.refused"),
        ("DESCRIBE", "404 Not Found\r\n", "media.not_found"),
        ("DESCRIBE", "403 Forbidden\r\n", "media.unauthorized"),
        ("DESCRIBE", "401 Unauthorized\r\nWWW-Authenticate: Basic realm=x\r\n", "media.unauthorized"),
        ("OPTIONS", "301 Moved\r\nLocation: rtsp://192.0.2.1/\r\n", "media.redirected"),
        ("PLAY", "500 Internal Error\r\n", "media.refused"),
    ],
)
async def test_opening_is_refused_with_its_reason(camera: ScriptedCamera, method: str, answer: str, code: str) -> None:
    camera.answers[method] = answer

    with pytest.raises(RtspError) as caught:
        await open_session(camera.address)

    assert caught.value.code == code and camera.connections == 1


async def test_session_that_was_set_up_is_torn_down_when_play_is_refused(camera: ScriptedCamera) -> None:
    camera.answers["PLAY"] = "500 Internal Error\r\n"

    with pytest.raises(RtspError):
        await open_session(camera.address)

    await camera.asked("TEARDOWN")


async def test_options_that_are_not_known_do_not_matter(camera: ScriptedCamera) -> None:
    camera.answers["OPTIONS"] = "501 Not Implemented\r\n"

    session = await open_session(camera.address)
    await session.close()


async def test_keep_alive_is_sent_at_half_the_session_timeout(camera: ScriptedCamera, scratch: memoryview) -> None:
    clock = SimulatedClock(ticks.parse_iso("2026-11-22T08:00:00"))
    session = await open_session(camera.address, clock=clock)

    session.keep_alive()
    clock.advance(ticks.from_seconds(9.9))
    session.keep_alive()
    clock.advance(ticks.from_seconds(0.2))
    session.keep_alive()
    session.keep_alive()
    await camera.asked("GET_PARAMETER")
    await camera.push(pictures(SYNC))
    await drained(session, scratch, 1)
    await session.close()

    assert camera.methods.count("GET_PARAMETER") == 1
    assert "Session: 77\r\n" in camera.requests[camera.methods.index("GET_PARAMETER")]


async def test_keep_alive_is_options_where_nothing_else_is_known(camera: ScriptedCamera) -> None:
    camera.answers["OPTIONS"] = "200 OK\r\nPublic: DESCRIBE, SETUP, PLAY\r\n"
    clock = SimulatedClock(0)
    session = await open_session(camera.address, clock=clock)

    clock.advance(ticks.from_seconds(11))
    session.keep_alive()
    await camera.asked("OPTIONS", times=2)
    await session.close()


async def test_keep_alive_answers_a_new_challenge(camera: ScriptedCamera, scratch: memoryview) -> None:
    clock = SimulatedClock(0)
    session = await open_session(camera.address, clock=clock, user="admin", password="secret")
    camera.answers["GET_PARAMETER"] = '401 Unauthorized\r\nWWW-Authenticate: Digest realm="r", nonce="new"\r\n'

    clock.advance(ticks.from_seconds(11))
    session.keep_alive()
    await camera.asked("GET_PARAMETER")
    await camera.push(pictures(SYNC))
    await drained(session, scratch, 1)
    camera.answers["GET_PARAMETER"] = "200 OK\r\n"
    session.keep_alive()
    await camera.asked("GET_PARAMETER", times=2)
    await session.close()

    assert 'nonce="new"' in [request for request in camera.requests if request.startswith("GET")][1]


async def test_pictures_before_the_end_are_returned_before_it(camera: ScriptedCamera, scratch: memoryview) -> None:
    session = await open_session(camera.address)

    await camera.push(pictures(SYNC, REPEAT))
    assert camera.writer is not None
    camera.writer.close()
    await camera.writer.wait_closed()
    found = await drained(session, scratch, 2)
    error = await failure(session, scratch)
    await session.close()

    assert len(found) == 2 and error.code == "media.closed"


@pytest.mark.parametrize(
    ("message", "code"),
    [
        (b"RTSP/1.0 454 Session Not Found\r\nCSeq: 9\r\n\r\n", "media.closed"),
        (b"REDIRECT rtsp://h/ RTSP/1.0\r\nCSeq: 1\r\nLocation: rtsp://192.0.2.1/\r\n\r\n", "media.redirected"),
        (b"RTSP/1.0 200 OK\r\n" + b"X: y\r\n" * 100, "media.oversized"),
    ],
)
async def test_message_between_pictures_may_end_the_session(
    camera: ScriptedCamera, scratch: memoryview, message: bytes, code: str
) -> None:
    session = await open_session(camera.address)

    await camera.push(pictures(SYNC) + message + pictures(REPEAT, start=1))
    found = await drained(session, scratch, 1)
    error = await failure(session, scratch)
    await session.close()

    assert (found, error.code) == ([lengths(SYNC)], code)


async def test_drain_stops_at_its_bound_and_goes_on_later(camera: ScriptedCamera) -> None:
    small = memoryview(bytearray(256 << 10))
    session = await open_session(camera.address)
    # Two and a half megabytes: more than four reads into so small a buffer.
    count = 400
    data = b"".join(pictures(SYNC, start=n) for n in range(count))

    pushing = asyncio.ensure_future(camera.push(data))
    found = await drained(session, small, 1)
    assert len(found) < count
    found += await drained(session, small, count - len(found))
    await pushing
    await session.close()

    assert len(found) == count and session.bytes_received >= len(data) > 4 * len(small)


async def test_claim_follows_the_newest_picture(camera: ScriptedCamera, scratch: memoryview) -> None:
    session = await open_session(camera.address)
    at = ticks.parse_iso("2026-11-22T08:00:00")
    seconds = (at // 90_000 + 2_208_988_800).to_bytes(4, "big")
    body = b"\x80\xc8\x00\x06" + rtp_packing.SOURCE.to_bytes(4, "big") + seconds + bytes(4) + bytes(12)

    assert session.camera_claim_90k is None
    await camera.push(pictures(SYNC) + b"$\x01" + len(body).to_bytes(2, "big") + body + pictures(REPEAT, start=1))
    await drained(session, scratch, 2)
    await session.close()

    assert session.camera_claim_90k == at + 3600


async def test_session_that_is_abandoned_still_tears_down(camera: ScriptedCamera) -> None:
    session = await open_session(camera.address)

    session.abandon()
    session.abandon()
    await camera.asked("TEARDOWN")
    async with asyncio.timeout(5):
        await camera.ended.wait()


async def test_closing_ends_within_its_second_when_the_camera_says_nothing(
    camera: ScriptedCamera, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = await open_session(camera.address)
    silence: Callable[[str], object] = lambda request: asyncio.sleep(0)  # noqa: E731 - the answer that never comes
    monkeypatch.setattr(camera, "answer", silence)

    started = asyncio.get_running_loop().time()
    await session.close()
    await session.close()

    assert asyncio.get_running_loop().time() - started < 1.5
