"""One coded picture as RTP payloads: RFC 6184 for H.264, RFC 7798 for H.265; single NAL units and fragments."""

import struct
from collections.abc import Iterator

from mingjian.media.samples import Codec

LARGEST_PAYLOAD = 1400
PAYLOAD_TYPE = 96

# The interleaving's dollar, channel and length, then an RTP header without extensions (RFC 3550 §5.1).
_FRAMED_HEADER = struct.Struct(">cBHBBHII")
_H264_FU_A, _H265_FU = 28, 49
_START, _END = 0x80, 0x40


def payloads(codec: Codec, units: list[bytes]) -> list[bytes]:
    """Return the RTP payloads that carry these NAL units, in order."""
    split = _h264_fragments if codec is Codec.H264 else _h265_fragments
    return [part for unit in units for part in ([unit] if len(unit) <= LARGEST_PAYLOAD else split(unit))]


def units_of(data: bytes) -> list[bytes]:
    """Split a sample into its NAL units, each of which stands behind its length in four bytes."""
    units, at = [], 0
    while at < len(data):
        (size,) = struct.unpack_from(">I", data, at)
        units.append(data[at + 4 : at + 4 + size])
        at += 4 + size
    return units


def interleaved(channel: int, *, parts: list[bytes], sequence: int, rtp_time: int, ssrc: int) -> bytes:
    """Return the payloads as RTP packets framed for RTSP over TCP (RFC 2326 §10.12), marker on the last."""
    framed = []
    last = len(parts) - 1
    for number, part in enumerate(parts):
        marker = 0x80 if number == last else 0
        framed.append(
            _FRAMED_HEADER.pack(
                b"$",
                channel,
                _FRAMED_HEADER.size - 4 + len(part),
                0x80,
                marker | PAYLOAD_TYPE,
                (sequence + number) & 0xFFFF,
                rtp_time & 0xFFFFFFFF,
                ssrc,
            )
        )
        framed.append(part)
    return b"".join(framed)


def sender_report(channel: int, *, utc_ns: int, rtp_time: int, ssrc: int, packets: int, payload_bytes: int) -> bytes:
    """Return a framed RTCP sender report that ties the RTP time to the wall clock (RFC 3550 §6.4.1)."""
    seconds, rest = divmod(utc_ns, 1_000_000_000)
    fraction = (rest << 32) // 1_000_000_000
    since_1900 = seconds + 2_208_988_800
    report = struct.pack(
        ">BBHIIIIII",
        0x80,
        200,
        6,
        ssrc,
        since_1900 & 0xFFFFFFFF,
        fraction,
        rtp_time & 0xFFFFFFFF,
        packets & 0xFFFFFFFF,
        payload_bytes & 0xFFFFFFFF,
    )
    return b"$" + struct.pack(">BH", channel, len(report)) + report


def _h264_fragments(unit: bytes) -> Iterator[bytes]:
    indicator = bytes(((unit[0] & 0xE0) | _H264_FU_A,))
    kind = unit[0] & 0x1F
    return _fragments(indicator, kind, unit[1:])


def _h265_fragments(unit: bytes) -> Iterator[bytes]:
    header = bytes(((unit[0] & 0x81) | _H265_FU << 1, unit[1]))
    kind = unit[0] >> 1 & 0x3F
    return _fragments(header, kind, unit[2:])


def _fragments(header: bytes, kind: int, body: bytes) -> Iterator[bytes]:
    room = LARGEST_PAYLOAD - len(header) - 1
    for at in range(0, len(body), room):
        flags = (_START if at == 0 else 0) | (_END if at + room >= len(body) else 0)
        yield header + bytes((flags | kind,)) + body[at : at + room]
