"""What RTP leaves out of a JPEG picture and every receiver puts back: headers and tables (RFC 2435, ITU-T T.81)."""

import struct
from typing import NamedTuple

from mingjian.media.rtsp_error import RtspError
from mingjian.media.samples import Buffer

END_OF_IMAGE = b"\xff\xd9"
_START_OF_IMAGE = b"\xff\xd8"
_TABLE_BYTES = 64
_LARGEST_COEFFICIENT = 255
# Six or eight bits of precision would be another process than the baseline one (ITU-T T.81 table B.4).
_TABLES_BYTES = 2 * _TABLE_BYTES
_FIRST_COMPUTED_QUALITY, _LAST_COMPUTED_QUALITY = 1, 99

# Luma and chroma quantizers of ITU-T T.81 tables K.1 and K.2, in zigzag order (RFC 2435 appendix A).
_LUMA = bytes.fromhex(
    "100b0c0e0c0a100e0d0e1211101318281a181616183123251d283a333d3c3933"
    "383740485c4e404457453738506d51575f626768673e4d71797064785c656763"
)
_CHROMA = bytes.fromhex(
    "1112121815182f1a1a2f634238426363636363636363636363636363636363636363"
    "636363636363636363636363636363636363636363636363636363636363"
)

# Huffman tables of ITU-T T.81 annex K.3: class and number, how many codes of each length, their values.
_HUFFMAN = (
    (0x00, "00010501010101010100000000000000", "000102030405060708090a0b"),
    (
        0x10,
        "0002010303020403050504040000017d",
        "01020300041105122131410613516107227114328191a1082342b1c11552d1f02433627282090a161718191a25262728292a3435"
        "363738393a434445464748494a535455565758595a636465666768696a737475767778797a838485868788898a92939495969798"
        "999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae1e2e3e4e5e6e7e8e9eaf1f2f3f4"
        "f5f6f7f8f9fa",
    ),
    (0x01, "00030101010101010101010000000000", "000102030405060708090a0b"),
    (
        0x11,
        "00020102040403040705040400010277",
        "000102031104052131061241510761711322328108144291a1b1c109233352f0156272d10a162434e125f11718191a262728292a"
        "35363738393a434445464748494a535455565758595a636465666768696a737475767778797a82838485868788898a9293949596"
        "9798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae2e3e4e5e6e7e8e9eaf2f3f4"
        "f5f6f7f8f9fa",
    ),
)


class Shape(NamedTuple):
    """What the main header of a packet says of its picture (RFC 2435 §3.1): sides in pixels, 0 or 1 for `sampling`
    (4:2:2 or 4:2:0), MCUs between restart markers or 0.
    """

    width: int
    height: int
    sampling: int
    restart_interval: int


def tables_of_quality(quality: int) -> bytes:
    """Return the two quantization tables that a quality of 1 to 99 stands for (RFC 2435 §4.2).

    Raises RtspError `media.malformed` for a quality that is reserved.
    """
    if not _FIRST_COMPUTED_QUALITY <= quality <= _LAST_COMPUTED_QUALITY:
        raise RtspError("media.malformed", reason="jpeg_quality", quality=quality)
    scale = 5000 // quality if quality < 50 else 200 - 2 * quality
    return bytes(min(max((value * scale + 50) // 100, 1), _LARGEST_COEFFICIENT) for value in _LUMA + _CHROMA)


def checked_tables(tables: Buffer, *, precision: int) -> bytes:
    """Return the two quantization tables that came with a picture; one alone serves for both.

    Raises RtspError `media.unsupported_codec` when they are of sixteen bits, `media.malformed` when they are none.
    """
    if precision:
        raise RtspError("media.unsupported_codec", reason="jpeg_precision")
    sent = bytes(tables)
    if len(sent) == _TABLE_BYTES:
        sent *= 2
    if len(sent) != _TABLES_BYTES or 0 in sent:
        raise RtspError("media.malformed", reason="jpeg_tables", size_bytes=len(sent))
    return sent


def headers(shape: Shape, tables: bytes) -> bytes:
    """Return everything that stands before the coded data of a picture, from SOI to SOS (RFC 2435 appendix B)."""
    luma_factors = 0x22 if shape.sampling else 0x21
    components = bytes((3, 1, luma_factors, 0, 2, 0x11, 1, 3, 0x11, 1))
    restart = _segment(0xDD, struct.pack(">H", shape.restart_interval)) if shape.restart_interval else b""
    return b"".join(
        (
            _START_OF_IMAGE,
            _segment(0xDB, b"\0" + tables[:_TABLE_BYTES] + b"\1" + tables[_TABLE_BYTES:]),
            restart,
            _segment(0xC0, struct.pack(">BHH", 8, shape.height, shape.width) + components),
            _HUFFMAN_SEGMENTS,
            _segment(0xDA, bytes((3, 1, 0x00, 2, 0x11, 3, 0x11, 0, 63, 0))),
        )
    )


def _segment(marker: int, content: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, 2 + len(content)) + content


_HUFFMAN_SEGMENTS = b"".join(
    _segment(0xC4, bytes((number,)) + bytes.fromhex(counts) + bytes.fromhex(values))
    for number, counts, values in _HUFFMAN
)
