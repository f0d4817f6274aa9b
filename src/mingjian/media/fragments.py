"""Reading one moof+mdat of our own form; anything else is refused rather than guessed at."""

import struct
from collections.abc import Iterator
from typing import BinaryIO

from mingjian.base import ticks
from mingjian.media.boxes import Fmp4Error
from mingjian.media.samples import Buffer, Sample, SampleEntry

# Everything before the trun's rows stands at fixed places: see fmp4_writer.fragment.
_FIXED = struct.Struct(">I4sI4sIII4sI4sIII4sIQI4sIII")
_ROW = struct.Struct(">IIIi")
_MDAT = struct.Struct(">I4s")
_SEQUENCE_OFFSET = 20
_FIRST_DTS_OFFSET = 60
# Ours last half a second and lie in this century; what says otherwise would burst the fields it is cut into.
_LONGEST_90K = ticks.from_seconds(3_600)
_LATEST_90K = 1 << 62
_IS_NON_SYNC = 0x1_0000  # ISO/IEC 14496-12 §8.8.3.1


def read_fragment(data: Buffer) -> list[SampleEntry]:
    """Return the samples of one moof+mdat in decoding order; offsets count from the start of `data`.

    Raises Fmp4Error media.torn_box when bytes are missing, media.bad_fragment when it is not of our form, its
    sizes do not fill the mdat exactly, or it lasts more than an hour.
    """
    count = _row_count(data)
    rows_end = _FIXED.size + _ROW.size * count
    if len(data) < rows_end + _MDAT.size:
        raise Fmp4Error("media.torn_box", offset=0)
    dts_90k: int = struct.unpack_from(">Q", data, _FIRST_DTS_OFFSET)[0]
    latest_90k = min(dts_90k + _LONGEST_90K, _LATEST_90K)
    offset = rows_end + _MDAT.size
    entries: list[SampleEntry] = []
    for duration, size, flags, shift in _ROW.iter_unpack(memoryview(data)[_FIXED.size : rows_end]):
        entries.append(SampleEntry(dts_90k, dts_90k + shift, duration, offset, size, not flags & _IS_NON_SYNC))
        dts_90k += duration
        offset += size
    mdat_size, mdat_kind = _MDAT.unpack_from(data, rows_end)
    if mdat_kind != b"mdat" or mdat_size != offset - rows_end:
        raise Fmp4Error("media.bad_fragment", offset=rows_end)
    if dts_90k > latest_90k:
        raise Fmp4Error("media.bad_fragment", offset=_FIRST_DTS_OFFSET)
    if len(data) != offset:
        raise Fmp4Error("media.torn_box" if len(data) < offset else "media.bad_fragment", offset=rows_end)
    return entries


def samples(data: Buffer) -> Iterator[Sample]:
    """Yield the samples of one moof+mdat in decoding order; their data are views into `data`."""
    view = memoryview(data)
    for dts_90k, pts_90k, duration_90k, offset, size, is_sync in read_fragment(data):
        yield Sample(dts_90k, pts_90k, duration_90k, view[offset : offset + size], is_sync)


def sequence_of(data: Buffer) -> int:
    """Return the sequence number of a moof+mdat that `read_fragment` accepts."""
    number: int = struct.unpack_from(">I", data, _SEQUENCE_OFFSET)[0]
    return number


def whole_length(file: BinaryIO, *, offset: int, end: int) -> int | None:
    """Return the length of the moof+mdat at `offset`, or None when there is no whole one before `end`.

    Reads headers only: what lies in the mdat is not looked at.
    """
    file.seek(offset)
    head = file.read(_FIXED.size)
    try:
        rows_size = _ROW.size * _row_count(head)
    except Fmp4Error:
        return None
    if offset + len(head) + rows_size + _MDAT.size > end:
        return None
    rest = file.read(rows_size + _MDAT.size)
    if len(rest) < rows_size + _MDAT.size:
        return None
    mdat_size, mdat_kind = _MDAT.unpack_from(rest, rows_size)
    payload = sum(row[1] for row in _ROW.iter_unpack(memoryview(rest)[:rows_size]))
    length = len(head) + rows_size + int(mdat_size)
    if mdat_kind != b"mdat" or mdat_size != payload + _MDAT.size or offset + length > end:
        return None
    return length


def _row_count(data: Buffer) -> int:
    """Return how many samples the moof lists, having checked every field before their rows."""
    try:
        fields = _FIXED.unpack_from(data)
    except struct.error:
        raise Fmp4Error("media.torn_box", offset=0) from None
    moof, trun, count = fields[0], fields[16], fields[19]
    found = (*fields[:4], *fields[6:11], *fields[12:15], *fields[16:19], fields[20])
    expected = (trun + 68, b"moof", 16, b"mfhd", trun + 44, b"traf", 16, b"tfhd", 0x020000, 20, b"tfdt", 1 << 24,
                20 + _ROW.size * count, b"trun", 1 << 24 | 0xF01, moof + 8)  # fmt: skip
    if found != expected or not count:
        raise Fmp4Error("media.bad_fragment", offset=0)
    return int(count)
