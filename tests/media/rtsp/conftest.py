"""Streams and sockets for the tests of the camera side."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from mingjian.base.clock import SystemClock
from mingjian.media.access_units import AccessUnitBuilder
from mingjian.media.interleaved import InterleavedReader
from mingjian.media.nal import PACKINGS
from mingjian.media.rtp import RtpReceiver
from mingjian.media.rtsp import Credentials, RtspSession, parse_address
from mingjian.media.samples import AccessUnit, Codec

sys.path.insert(0, str(Path(__file__).parents[2] / "cameras"))

import pcm_h264
import rtp_packing


class Wire:
    """A camera's connection without the camera: bytes in, access units out, on channels 0 and 1."""

    def __init__(self, codec: Codec, announced: Sequence[bytes]) -> None:
        packing = PACKINGS[codec]
        self.builder = AccessUnitBuilder(packing=packing, announced=announced)
        self.receiver = RtpReceiver(packing=packing, payload_type=96, builder=self.builder)
        self.control: list[bytes] = []
        self.text: list[bytes] = []
        self.reader = InterleavedReader(
            receiver=self.receiver,
            media_channel=0,
            control_channel=1,
            on_control=lambda packet: self.control.append(bytes(packet)),
            on_text=self._take_text,
        )
        self._sequence = 65_530
        self._rest = b""
        self._is_h265 = codec is Codec.H265

    def _take_text(self, view: memoryview) -> int:
        end = bytes(view).find(b"\r\n\r\n") + 4
        if end < 4:
            return 0
        self.text.append(bytes(view[:end]))
        return end

    def feed(self, data: bytes) -> list[AccessUnit]:
        """Walk the bytes behind what was left over, and take what is complete."""
        view = memoryview(self._rest + data)
        used = self.reader.walk(view)
        self._rest = bytes(view[used:])
        return self.builder.take()

    def packet(self, payload: bytes, *, time: int, marker: int = 0) -> bytes:
        """Return the next packet in its frame."""
        sequence, self._sequence = self._sequence, self._sequence + 1
        return rtp_packing.framed(payload, sequence=sequence, time=time, marker=marker)

    def picture(self, *nals: bytes, time: int, has_marker: bool = True) -> list[bytes]:
        """Return the frames of one picture."""
        return [
            self.packet(payload, time=time, marker=marker)
            for payload, marker in rtp_packing.packets(nals, is_h265=self._is_h265, has_marker=has_marker)
        ]


SETS = (pcm_h264.sps(4, 4), pcm_h264.pps())
SYNC = pcm_h264.sync_picture(4, 4, 0)
REPEAT = pcm_h264.repeat_picture(4, 4, 1)


@pytest.fixture
def wire() -> Wire:
    """An H.264 connection whose parameter sets are known."""
    return Wire(Codec.H264, SETS)


@pytest.fixture
def make_wire() -> Callable[[Codec, Sequence[bytes]], Wire]:
    return Wire


def lengths(*nals: bytes) -> bytes:
    """Return NAL units as they stand in an access unit."""
    return b"".join(len(nal).to_bytes(4, "big") + nal for nal in nals)


@pytest.fixture
def scratch() -> memoryview:
    return memoryview(bytearray(1 << 20))


async def open_session(address: str, *, user: str | None = None, password: str = "", **options: object) -> RtspSession:
    """Open a session as the recorder does, any address allowed."""
    credentials = Credentials(user, password) if user else None
    options.setdefault("addresses_allowed", lambda ip, port: True)
    options.setdefault("clock", SystemClock())
    return await RtspSession.open(address=parse_address(address), credentials=credentials, **options)  # type: ignore[arg-type] # test options
