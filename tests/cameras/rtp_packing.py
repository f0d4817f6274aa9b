"""NAL units into RTP packets into interleaved frames, as a camera does it (RFC 6184 §5.8, RFC 7798 §4.4.3)."""

import struct
from collections.abc import Iterator, Sequence

LARGEST_PAYLOAD = 1400
SOURCE = 0x1234


def packets(nals: Sequence[bytes], *, is_h265: bool = False, has_marker: bool = True) -> Iterator[tuple[bytes, int]]:
    """Yield payload and marker bit of one picture's packets; long NAL units in fragments."""
    for index, unit in enumerate(nals):
        is_last = has_marker and index == len(nals) - 1
        if len(unit) <= LARGEST_PAYLOAD:
            yield unit, int(is_last)
            continue
        if is_h265:
            opening, kind = bytes(((unit[0] & 0x81) | (49 << 1), unit[1])), (unit[0] >> 1) & 0x3F
        else:
            opening, kind = bytes(((unit[0] & 0xE0) | 28,)), unit[0] & 0x1F
        step = LARGEST_PAYLOAD - len(opening) - 1
        starts = range(len(opening), len(unit), step)
        for start in starts:
            control = kind | (0x80 if start == starts[0] else 0) | (0x40 if start == starts[-1] else 0)
            yield opening + bytes((control,)) + unit[start : start + step], int(is_last and start == starts[-1])


def framed(payload: bytes, *, sequence: int, time: int, marker: int, channel: int = 0, payload_type: int = 96) -> bytes:
    """Return one packet in its interleaved frame."""
    profile = marker << 7 | payload_type
    header = struct.pack(">BBHII", 0x80, profile, sequence & 0xFFFF, time & 0xFFFFFFFF, SOURCE)
    return struct.pack(">BBH", 0x24, channel, len(header) + len(payload)) + header + payload
