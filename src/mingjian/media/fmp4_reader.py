"""Reading fragmented MP4 back: samples of a fragment, whole fragments of a file. Only the on-disk contract's form."""

import struct
from collections.abc import Iterator
from typing import BinaryIO

from mingjian.media.boxes import Fmp4Error, walk_boxes
from mingjian.media.fmp4_writer import SYNC_FLAGS
from mingjian.media.samples import Buffer, Sample, SampleEntry

__all__ = ["Fmp4Error", "fragment_lengths", "init_length", "read_fragment", "samples", "walk_boxes"]

# Everything before the trun's rows, at fixed places: see fmp4_writer.fragment.
_FIXED = struct.Struct(">I4sI4sIII4sI4sIII4sIQI4sIII")
_ROW = struct.Struct(">IIIi")
_MDAT = struct.Struct(">I4s")
_LARGEST_INIT_BYTES = 1 << 20


def _row_count(data: Buffer, offset: int) -> int:
    """Return how many samples the moof at `offset` lists, having checked every fixed field of it."""
    try:
        fields = _FIXED.unpack_from(data, offset)
    except struct.error:
        raise Fmp4Error("media.torn_box", offset=offset) from None
    moof, trun, count = fields[0], fields[16], fields[19]
    found = (*fields[:4], *fields[6:11], *fields[12:15], *fields[16:19], fields[20])
    expected = (trun + 68, b"moof", 16, b"mfhd", trun + 44, b"traf", 16, b"tfhd", 0x020000, 20, b"tfdt", 1 << 24,
                20 + _ROW.size * count, b"trun", 1 << 24 | 0xF01, moof + 8)  # fmt: skip
    if found != expected or not count:
        raise Fmp4Error("media.bad_fragment", offset=offset)
    return int(count)


def read_fragment(data: Buffer) -> list[SampleEntry]:
    """Return the samples of one moof+mdat in decoding order; offsets count from the start of `data`.

    Raises Fmp4Error media.torn_box when bytes are missing, media.bad_fragment when it is not of our form or its
    sizes do not fill the mdat exactly.
    """
    count = _row_count(data, 0)
    rows_end = _FIXED.size + _ROW.size * count
    if len(data) < rows_end + 8:
        raise Fmp4Error("media.torn_box", offset=0)
    dts_90k: int = struct.unpack_from(">Q", data, 60)[0]
    offset = rows_end + 8
    entries: list[SampleEntry] = []
    for duration, size, flags, shift in _ROW.iter_unpack(memoryview(data)[_FIXED.size : rows_end]):
        entries.append(SampleEntry(dts_90k, dts_90k + shift, duration, offset, size, flags == SYNC_FLAGS))
        dts_90k += duration
        offset += size
    mdat_size, mdat_kind = _MDAT.unpack_from(data, rows_end)
    if mdat_kind != b"mdat" or mdat_size != offset - rows_end:
        raise Fmp4Error("media.bad_fragment", offset=rows_end)
    if len(data) != offset:
        raise Fmp4Error("media.torn_box" if len(data) < offset else "media.bad_fragment", offset=rows_end)
    return entries


def samples(data: Buffer) -> Iterator[Sample]:
    """Yield the samples of one moof+mdat in decoding order; their data are views into `data`."""
    view = memoryview(data)
    for dts_90k, pts_90k, duration_90k, offset, size, is_sync in read_fragment(data):
        yield Sample(dts_90k, pts_90k, duration_90k, view[offset : offset + size], is_sync)


def init_length(file: BinaryIO) -> int:
    """Return the length of the init segment (ftyp and moov) at the start of the file.

    Raises Fmp4Error media.bad_init when the file does not begin with a whole one.
    """
    file.seek(0)
    head = file.read(_LARGEST_INIT_BYTES)
    kinds: list[bytes] = []
    try:
        for found in walk_boxes(head):
            kinds.append(found.kind)
            if kinds == [b"ftyp", b"moov"]:
                return found.end
    except Fmp4Error:
        pass
    raise Fmp4Error("media.bad_init", size_bytes=len(head))


def fragment_lengths(file: BinaryIO) -> Iterator[tuple[int, int]]:
    """Yield (offset, length) of each whole moof+mdat after the init segment, stopping before the first torn one.

    Reads headers only. Where it stops is where a file that survived a crash may be cut.
    Raises Fmp4Error media.bad_init.
    """
    offset = init_length(file)
    file.seek(0, 2)
    end = file.tell()
    while True:
        length = _whole_fragment(file, offset, end)
        if length is None:
            return
        yield offset, length
        offset += length


def _whole_fragment(file: BinaryIO, offset: int, end: int) -> int | None:
    file.seek(offset)
    head = file.read(_FIXED.size)
    try:
        count = _row_count(head, 0)
    except Fmp4Error:
        return None
    rows_size = _ROW.size * count
    if rows_size > end - offset:
        return None
    rest = file.read(rows_size + _MDAT.size)
    if len(rest) < rows_size + _MDAT.size:
        return None
    mdat_size, mdat_kind = _MDAT.unpack_from(rest, rows_size)
    payload = sum(row[1] for row in _ROW.iter_unpack(rest[:rows_size]))
    length = len(head) + rows_size + int(mdat_size)
    if mdat_kind != b"mdat" or mdat_size != payload + _MDAT.size or offset + length > end:
        return None
    return length
