"""What the packet loop costs: microseconds per RTP packet of a 4 Mbit/s H.264 stream, by the size of what is read.

Run `python benchmarks/rtp_walk.py`. One camera sends about 380 such packets a second. Processor time, best of five.
"""

import random
import struct
import time
from collections.abc import Iterator

from mingjian.media.access_units import AccessUnitBuilder
from mingjian.media.interleaved import InterleavedReader
from mingjian.media.nal import PACKINGS
from mingjian.media.rtp import RtpReceiver
from mingjian.media.samples import Codec

FRAGMENT_BYTES = 1398
# Pictures of a surveillance clip at 1080p25, 4 Mbit/s, GOP 50: means as measured.
SYNC_BYTES, OTHER_BYTES, GOP, GOPS = 266_000, 15_000, 50, 8
SETS = (bytes.fromhex("6742c01eda0280bfe5c05a83030352800000030080000019478b1750"), bytes.fromhex("68ce3c80"))


def packets() -> Iterator[bytes]:
    """Yield the interleaved frames of the stream."""
    source, sequence = random.Random(0), 0  # noqa: S311 - filler
    for picture in range(GOP * GOPS):
        is_sync = picture % GOP == 0
        body = source.randbytes(SYNC_BYTES if is_sync else OTHER_BYTES)
        for start in range(0, len(body), FRAGMENT_BYTES):
            is_last = start + FRAGMENT_BYTES >= len(body)
            control = (5 if is_sync else 1) | (0x80 if start == 0 else 0) | (0x40 if is_last else 0)
            payload = bytes((0x7C, control)) + body[start : start + FRAGMENT_BYTES]
            header = struct.pack(">BBHII", 0x80, is_last << 7 | 96, sequence & 0xFFFF, picture * 3600, 7)
            yield struct.pack(">BBH", 0x24, 0, 12 + len(payload)) + header + payload
            sequence += 1


def walk(stream: bytes, chunk_bytes: int) -> float:
    """Walk the stream in chunks as reads deliver them; return the processor seconds."""
    packing = PACKINGS[Codec.H264]
    builder = AccessUnitBuilder(packing=packing, announced=SETS)
    receiver = RtpReceiver(packing=packing, payload_type=96, builder=builder)
    reader = InterleavedReader(
        receiver=receiver, media_channel=0, control_channel=1, on_control=lambda _: None, on_text=lambda _: 0
    )
    scratch, rest, units = memoryview(bytearray(2 << 20)), b"", 0
    started = time.process_time()
    for start in range(0, len(stream), chunk_bytes):
        chunk = rest + stream[start : start + chunk_bytes]
        scratch[: len(chunk)] = chunk
        used = reader.walk(scratch[: len(chunk)])
        rest = chunk[used:]
        units += len(builder.take())
    spent = time.process_time() - started
    if units != GOP * GOPS or receiver.packets_lost or receiver.packets_odd:
        raise SystemExit(f"{units} pictures, {receiver.packets_lost} packets lost: the figure means nothing")
    return spent


def main() -> None:
    frames = list(packets())
    stream = b"".join(frames)
    for chunk_bytes in (100_000, 20_000, 4_000):
        best = min(walk(stream, chunk_bytes) for _ in range(5))
        print(f"{chunk_bytes:>7} bytes at a time: {best / len(frames) * 1e6:.2f} µs per packet")


if __name__ == "__main__":
    main()
