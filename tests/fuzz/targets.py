"""What is fed with bytes of strangers, as functions of bytes: each returns, or raises its room's named error."""

import asyncio
import contextlib
import io
import socket
import struct
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pcm_h264
import rtp_jpeg
import rtp_packing

from mingjian.base.errors import MingjianError
from mingjian.media import fmp4_reader, fmp4_writer, h264, h265, rtcp
from mingjian.media.access_units import AccessUnitBuilder
from mingjian.media.interleaved import InterleavedReader
from mingjian.media.nal import PACKINGS
from mingjian.media.receivers import receiver_for
from mingjian.media.rtsp_address import Credentials, parse_address
from mingjian.media.rtsp_auth import Authenticator
from mingjian.media.rtsp_dialogue import Dialogue
from mingjian.media.rtsp_message import parse_message
from mingjian.media.samples import Codec, Sample, VideoFormat
from mingjian.media.sdp import VideoDescription, parse_description
from mingjian.media.timing import DecodeOrder
from mingjian.recorder.fragmenting import Fragmenter
from mingjian.recorder.run_clock import RunClock
from mingjian.recordings import fragments as tables
from mingjian.recordings.model import FLAG_SYNC_FIRST, Fragment

STEP_90K = 3_600
SETS = {
    Codec.H264: (pcm_h264.sps(4, 4), pcm_h264.pps()),
    # Of x265: ffmpeg -f lavfi -i color=gray:s=64x64 -frames:v 1 -c:v libx265 -x265-params info=0:keyint=1
    Codec.H265: (
        bytes.fromhex("40010c01ffff0408000003009fa800000300001eba024000"),
        bytes.fromhex("4201010408000003009fa800000300001ea020810596ea4932bc05a02000000300200000030321"),
        bytes.fromhex("4401c172b02240"),
    ),
}
_SLICES = {
    Codec.H264: (pcm_h264.sync_picture(1, 1, 0) * 6, pcm_h264.repeat_picture(4, 4, 1)),
    Codec.H265: (bytes.fromhex("2801af78ebaefbfe7557cb4f") * 200, bytes.fromhex("0201af78ebaefbfe7557cb4f")),
}
_ADDRESS = parse_address("rtsp://127.0.0.1:8554/stream")


@dataclass(frozen=True, slots=True)
class Target:
    """`run` must return or raise a MingjianError; `seeds` are inputs that reach far."""

    run: Callable[[bytes], None]
    seeds: tuple[bytes, ...]


def read_messages(data: bytes) -> None:
    view = memoryview(data)
    while len(view):
        message, length = parse_message(view)
        if message is None:
            return
        assert 0 < length <= len(view)
        view = view[length:]


def describe(data: bytes) -> None:
    parse_description(data)


def answer_challenge(data: bytes) -> None:
    signing = Authenticator(credentials=Credentials('us"er', "pass"), client_nonce=lambda: "c")
    signing.meet([data.decode("utf-8", "replace")])
    header = signing.header(method="DESCRIBE", url=_ADDRESS.url)
    assert header is not None and len(header) < 3 * len(data) + 1_000


def open_stream(data: bytes) -> None:
    """Talk with a camera that has written all its answers in advance, and closes."""

    async def talk() -> None:
        ours, theirs = _connected()
        with ours, theirs:
            with contextlib.suppress(BlockingIOError):
                theirs.send(data)
            theirs.shutdown(socket.SHUT_WR)
            dialogue = Dialogue(connection=ours, address=_ADDRESS, credentials=Credentials("u", "p"))
            try:
                stream = await dialogue.open_stream()
            finally:
                dialogue.close()
            assert stream.session_timeout_s > 0 and stream.media_channel != stream.control_channel

    asyncio.run(talk())


def _connected() -> tuple[socket.socket, socket.socket]:
    """Return both ends of a connection over loopback that leaves nothing behind when it is closed."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        ours = socket.create_connection(server.getsockname())
        theirs, _ = server.accept()
    for end in (ours, theirs):
        end.setblocking(False)
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    return ours, theirs


def read_reports(data: bytes) -> None:
    report = rtcp.sender_report(memoryview(data))
    if report is not None:
        rtcp.claim_for(report, 1 << 33)


def walk_stream(codec: Codec) -> Callable[[bytes], None]:
    """Return a target that takes the bytes of a connection to whole fragments, as the recorder does."""

    def run(data: bytes) -> None:
        store = _Store()
        described = VideoDescription(
            codec=codec, payload_type=96, control="", session_control="", parameter_sets=SETS.get(codec, ())
        )
        receiver = receiver_for(described)
        builder = receiver.builder
        reader = InterleavedReader(
            receiver=receiver,
            media_channel=0,
            control_channel=1,
            on_control=lambda packet: read_reports(bytes(packet)),
            on_text=lambda view: parse_message(view)[1],
        )
        rest, size = b"", 1 + len(data) // 3
        for number, start in enumerate(range(0, len(data), size)):
            builder.arrival_90k = number * STEP_90K
            view = memoryview(rest + data[start : start + size])
            rest = bytes(view[reader.walk(view) :])
            store.take(builder)
        store.take(builder)

    return run


def walk_packets(codec: Codec) -> Callable[[bytes], None]:
    """Return a target whose input is a list of payloads, each behind its length and a byte for marker and time."""
    walk = walk_stream(codec)

    def run(data: bytes) -> None:
        out, at, time = bytearray(), 0, 0
        for sequence in range(200):
            if at + 3 > len(data):
                break
            size, how = int.from_bytes(data[at : at + 2], "big") % 2_000, data[at + 2]
            time += how // 64 * STEP_90K
            out += rtp_packing.framed(
                data[at + 3 : at + 3 + size], sequence=sequence + (how & 4) // 4, time=time, marker=how & 1
            )
            at += 3 + size
        walk(bytes(out))

    return run


class _Store:
    """The recorder's way from access units to fragments, read back."""

    def __init__(self) -> None:
        self._formats: set[VideoFormat] = set()

    def take(self, builder: AccessUnitBuilder) -> None:
        while True:
            units = builder.take()
            if units and builder.format is not None:
                self._check_format(builder.format)
                order = DecodeOrder(reorder_depth=builder.format.reorder_depth)
                clock = RunClock(first=[(units[0].rtp_time_90k, units[0].arrival_90k)])
                placed = clock.place(
                    rtp_times_90k=[unit.rtp_time_90k for unit in units], arrival_90k=units[-1].arrival_90k
                )
                samples: list[Sample] = []
                for unit, pts_90k in zip(units, placed, strict=False):
                    assert _is_whole(builder.format.codec, bytes(unit.data))
                    samples += order.push(pts_90k=pts_90k + (1 << 40), data=unit.data, is_sync=unit.is_sync)
                self._check_fragments([*samples, *order.flush()])
            if builder.next_format is None:
                return
            builder.accept_next_format()

    def _check_format(self, video_format: VideoFormat) -> None:
        if video_format not in self._formats and len(self._formats) < 4:
            self._formats.add(video_format)
            init = fmp4_writer.init_segment(video_format)
            fmp4_writer.codec_string(video_format)
            assert fmp4_reader.format_of(init) == video_format

    def _check_fragments(self, samples: list[Sample]) -> None:
        fragmenter = Fragmenter()
        for group in [*fragmenter.push(samples), *fragmenter.flush()]:
            data = b"".join(fmp4_writer.fragment(sequence=1, samples=group))
            assert [entry.dts_90k for entry in fmp4_reader.read_fragment(data)] == [s.dts_90k for s in group]


def _is_whole(codec: Codec, data: bytes) -> bool:
    if codec is Codec.MJPEG:
        return data.startswith(b"\xff\xd8\xff\xdb") and data.endswith(b"\xff\xd9")
    return _nal_count(data) > 0


def _nal_count(data: bytes) -> int:
    at = count = 0
    while at < len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        assert size > 0
        at, count = at + 4 + size, count + 1
    assert at == len(data)
    return count


def read_sets(codec: Codec) -> Callable[[bytes], None]:
    """Return a target whose input is parameter sets, each behind its length in one byte."""

    def run(data: bytes) -> None:
        sets, at = [], 0
        while at < len(data):
            sets.append(data[at + 1 : at + 1 + data[at]])
            at += 1 + data[at]
        for nal in sets:
            if nal:
                with contextlib.suppress(MingjianError):
                    PACKINGS[codec].parameter_set_key(nal)
        video_format = (h264 if codec is Codec.H264 else h265).format_of(sets)
        assert 0 < video_format.width <= 16_384 and 0 < video_format.height <= 16_384
        assert 0 <= video_format.reorder_depth <= 16
        fmp4_writer.init_segment(video_format)
        fmp4_writer.codec_string(video_format)

    return run


def read_file(data: bytes) -> None:
    """Read a recording that a disk has changed."""
    file = io.BytesIO(data)
    with contextlib.suppress(MingjianError):
        fmp4_reader.format_of(data)
    for offset, length in fmp4_reader.fragment_lengths(file):
        read_media(data[offset : offset + length])


def read_media(data: bytes) -> None:
    """Read and cut one fragment."""
    entries = fmp4_reader.read_fragment(data)
    assert all(0 < entry.offset and entry.offset + entry.size_bytes <= len(data) for entry in entries)
    middle_90k = entries[len(entries) // 2].pts_90k
    fmp4_reader.sync_only(data)
    for cut in fmp4_reader.cut_window([data], start_90k=middle_90k, end_90k=middle_90k + 10 * STEP_90K):
        assert all(middle_90k <= entry.pts_90k < middle_90k + 10 * STEP_90K for entry in fmp4_reader.read_fragment(cut))


def read_table(data: bytes) -> None:
    with tempfile.NamedTemporaryFile(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as file:  # noqa: S108 - memory
        file.write(data)
        file.flush()
        records = tables.read_table(Path(file.name))
    tables.span(records)
    tables.holes(records)


def _responses() -> bytes:
    sdp = _description()
    head = "RTSP/1.0 200 OK\r\nCSeq: {}\r\n"
    parts = [
        head.format(1) + "Public: OPTIONS, DESCRIBE, SETUP, PLAY, GET_PARAMETER\r\n\r\n",
        'RTSP/1.0 401 Unauthorized\r\nCSeq: 2\r\nWWW-Authenticate: Digest realm="r", nonce="n", qop="auth"\r\n\r\n',
        head.format(3) + f"Content-Base: rtsp://127.0.0.1/stream/\r\nContent-Length: {len(sdp)}\r\n\r\n" + sdp,
        head.format(4) + "Session: 1234;timeout=60\r\nTransport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n\r\n",
        head.format(5) + "Session: 1234\r\nRTP-Info: url=x;seq=0\r\n\r\n",
    ]
    return "".join(parts).encode()


def _description() -> str:
    return (
        "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=x\r\na=control:*\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n"
        "a=fmtp:96 packetization-mode=1;sprop-parameter-sets=Z0LAHtoCgL/lwA==,aM4yyA==\r\na=control:trackID=0\r\n"
    )


_JPEG_DESCRIPTION = b"v=0\r\nm=video 0 RTP/AVP 26\r\na=control:trackID=0\r\n"


def _frames(codec: Codec) -> bytes:
    out, sequence = bytearray(), 0
    for number in range(8):
        nals = [*SETS[codec], _SLICES[codec][0]] if number % 4 == 0 else [_SLICES[codec][1]]
        for payload, marker in rtp_packing.packets(nals, is_h265=codec is Codec.H265):
            out += rtp_packing.framed(payload, sequence=sequence, time=number * STEP_90K, marker=marker)
            sequence += 1
        out += b"$\x01\x00\x1c\x80\xc8\x00\x06" + bytes(range(24))
    return bytes(out)


def _payloads(codec: Codec) -> bytes:
    nals = [*SETS[codec], _SLICES[codec][0], _SLICES[codec][1]]
    parts = [part for nal in nals for part in rtp_packing.packets([nal], is_h265=codec is Codec.H265)]
    return b"".join(
        len(payload).to_bytes(2, "big") + bytes((marker | 64 * marker,)) + payload for payload, marker in parts
    )


def _jpeg_pictures() -> list[list[tuple[bytes, int]]]:
    """Pictures of every way to tell the tables, with and without restart markers."""
    plain = rtp_jpeg.drawn(0, width=160, height=120)
    marked = rtp_jpeg.drawn(1, sampling=0, restarts=2)
    return [
        rtp_jpeg.payloads(plain),
        rtp_jpeg.payloads(marked, quality=75),
        rtp_jpeg.payloads(plain, quality=130),
        rtp_jpeg.payloads(plain, quality=130, tables=b""),
    ]


def _jpeg_frames() -> bytes:
    out, sequence = bytearray(), 0
    for number, picture in enumerate(_jpeg_pictures()):
        for payload, marker in picture:
            out += rtp_packing.framed(payload, sequence=sequence, time=number * STEP_90K, marker=marker)
            sequence += 1
    return bytes(out)


def _jpeg_payloads() -> bytes:
    parts = [part for picture in _jpeg_pictures() for part in picture]
    return b"".join(
        len(payload).to_bytes(2, "big") + bytes((marker | 64 * marker,)) + payload for payload, marker in parts
    )


def _sets(codec: Codec) -> bytes:
    return b"".join(bytes((len(nal),)) + nal for nal in SETS[codec])


def _samples() -> list[Sample]:
    return [Sample(STEP_90K * n, STEP_90K * (n + 1), STEP_90K, bytes((n,)) * (20 - n), n % 4 == 0) for n in range(12)]


def _fragment() -> bytes:
    return b"".join(fmp4_writer.fragment(sequence=1, samples=_samples()))


def _file(codec: Codec) -> bytes:
    return fmp4_writer.init_segment(PACKINGS[codec].format_of(SETS[codec])) + _fragment() * 2


def _table() -> bytes:
    records = [
        Fragment(STEP_90K * n, STEP_90K * n, 1_000 * n, 1_000, STEP_90K, 1, FLAG_SYNC_FIRST, bytes(32))
        for n in range(4)
    ]
    return tables.encode_header() + b"".join(map(tables.encode_record, records))


def _all() -> Iterator[tuple[str, Target]]:
    yield "rtsp_messages", Target(read_messages, (_responses(), b"REDIRECT rtsp://h/ RTSP/1.0\r\nCSeq: 1\r\n\r\n"))
    yield "rtsp_dialogue", Target(open_stream, (_responses(), _responses().replace(b"CSeq", b"X-None")))
    yield (
        "rtsp_challenge",
        Target(
            answer_challenge,
            (b'Digest realm="r", nonce="n", qop="auth,auth-int", algorithm=SHA-256-sess', b'Basic realm="x"'),
        ),
    )
    yield (
        "sdp",
        Target(describe, (_description().encode(), _description().replace("H264", "H265").encode(), _JPEG_DESCRIPTION)),
    )
    yield "rtcp", Target(read_reports, (b"\x80\xc8\x00\x06" + bytes(4) + b"\xee" * 20, b"\x81\xcb\x00\x01" + bytes(4)))
    yield f"stream_{Codec.MJPEG}", Target(walk_stream(Codec.MJPEG), (_jpeg_frames(),))
    yield f"packets_{Codec.MJPEG}", Target(walk_packets(Codec.MJPEG), (_jpeg_payloads(),))
    for codec in PACKINGS:
        yield f"stream_{codec}", Target(walk_stream(codec), (_frames(codec),))
        yield f"packets_{codec}", Target(walk_packets(codec), (_payloads(codec),))
        yield f"sets_{codec}", Target(read_sets(codec), (_sets(codec),))
    jpeg_file = fmp4_writer.init_segment(VideoFormat(Codec.MJPEG, 64, 48, (), 0)) + _fragment()
    yield "fmp4_file", Target(read_file, (_file(Codec.H264), _file(Codec.H265), jpeg_file))
    yield "fmp4_fragment", Target(read_media, (_fragment(),))
    yield "fragment_table", Target(read_table, (_table(),))


TARGETS = dict(_all())
