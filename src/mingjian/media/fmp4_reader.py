"""Reading fragmented MP4 back: the format from an init segment, the whole fragments of a file; the reader's door."""

import struct
from collections.abc import Iterator
from typing import BinaryIO

from mingjian.media import h264, h265
from mingjian.media.boxes import Box, Fmp4Error, find_box, walk_boxes
from mingjian.media.cutting import cut_window, sync_only, sync_samples, trim, trim_head, trim_tail
from mingjian.media.decoder_config import sample_entry
from mingjian.media.fragments import read_fragment, samples, whole_length
from mingjian.media.rtsp_error import RtspError
from mingjian.media.samples import Buffer, Codec, VideoFormat

__all__ = [
    "Fmp4Error", "cut_window", "format_of", "fragment_lengths", "init_length", "read_fragment", "samples",
    "sync_only", "sync_samples", "trim", "trim_head", "trim_tail", "walk_boxes",
]  # fmt: skip

_LARGEST_INIT_BYTES = 1 << 20
_STSD_FIELDS = 8  # version, flags and entry count before the entries
_SIZE_OFFSET = 24  # of width and height among the fields of a VisualSampleEntry
_VISUAL_FIELDS = 78  # of a VisualSampleEntry, before its boxes (ISO/IEC 14496-12 §12.1.3.2)


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
            if kinds[0] == b"ftyp" and found.kind == b"moov":  # boxes of others' may stand between
                return found.end
    except Fmp4Error:
        pass  # torn before the moov was whole: the same as not there
    raise Fmp4Error("media.bad_init", size_bytes=len(head))


def fragment_lengths(file: BinaryIO) -> Iterator[tuple[int, int]]:
    """Yield (offset, length) of each whole moof+mdat after the init segment, stopping before the first torn one.

    Reads headers only. Where it stops is where a file that survived a crash may be cut.
    Raises Fmp4Error media.bad_init.
    """
    offset = init_length(file)
    end = file.seek(0, 2)
    while (length := whole_length(file, offset=offset, end=end)) is not None:
        yield offset, length
        offset += length


def format_of(init: Buffer) -> VideoFormat:
    """Return the format that an init segment describes.

    Raises Fmp4Error media.bad_init when it is not of our form, media.bad_parameter_sets when a set cannot be read.
    """
    try:
        entry = _sample_entry(init)
        if entry.kind == b"mp4v":
            return _jpeg_format(init, entry)
        sets = _parameter_sets(init, entry)
    except (struct.error, IndexError):
        raise Fmp4Error("media.bad_init", reason="short") from None
    except Fmp4Error as error:
        raise Fmp4Error("media.bad_init", reason=error.code) from None
    try:
        return h264.format_of(sets) if entry.kind == b"avc1" else h265.format_of(sets)
    except RtspError as error:
        raise Fmp4Error("media.bad_parameter_sets", reason=error.code) from None


def _sample_entry(init: Buffer) -> Box:
    """Return the one sample entry of an init segment."""
    inner = Box(b"", 0, 0, len(init))
    for kind in (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd"):
        inner = find_box(init, inner, kind)
    return next(walk_boxes(init, inner.payload + _STSD_FIELDS, inner.end), inner)


def _jpeg_format(init: Buffer, entry: Box) -> VideoFormat:
    """Return the format of a Motion JPEG track, from an entry written as ours are."""
    width, height = struct.unpack_from(">HH", init, entry.payload + _SIZE_OFFSET)
    fmt = VideoFormat(Codec.MJPEG, width, height, (), 0)
    if not width or not height or bytes(init[entry.offset : entry.end]) != sample_entry(fmt):
        raise Fmp4Error("media.bad_init", sample_entry="mp4v")
    return fmt


def _parameter_sets(init: Buffer, entry: Box) -> list[bytes]:
    """Return the NAL units of the configuration record within a sample entry."""
    if entry.kind == b"avc1":
        record = find_box(init, entry, b"avcC", _VISUAL_FIELDS)
        sets, at = _listed(init, record.payload + 6, init[record.payload + 5] & 31)
        more, _ = _listed(init, at + 1, init[at])
        return sets + more
    if entry.kind == b"hvc1":
        record = find_box(init, entry, b"hvcC", _VISUAL_FIELDS)
        sets, at = [], record.payload + 23
        for _ in range(init[record.payload + 22]):
            more, at = _listed(init, at + 3, struct.unpack_from(">H", init, at + 1)[0])
            sets += more
        return sets
    raise Fmp4Error("media.bad_init", sample_entry=entry.kind.decode("latin-1"))


def _listed(data: Buffer, at: int, count: int) -> tuple[list[bytes], int]:
    """Return `count` NAL units, each after its length in two bytes, and where they end."""
    nals: list[bytes] = []
    for _ in range(count):
        size = struct.unpack_from(">H", data, at)[0]
        nals.append(bytes(data[at + 2 : at + 2 + size]))
        at += 2 + size
    return nals, at
