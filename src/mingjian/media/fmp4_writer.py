"""Fragmented MP4 for the on-disk contract: the init segment and fragments. ISO/IEC 14496-12 §8.8, 23000-19."""

import struct
from collections.abc import Sequence
from functools import lru_cache

from mingjian.base.ticks import TICKS_PER_S
from mingjian.media.boxes import box, full_box
from mingjian.media.decoder_config import codec_string, sample_entry
from mingjian.media.samples import Buffer, Sample, VideoFormat

__all__ = ["TRACK", "codec_string", "fragment", "init_segment", "media_header", "movie_header", "sample_entry"]

TRACK = 1
SYNC_FLAGS = 0x0200_0000  # depends on no other sample
OTHER_FLAGS = 0x0101_0000  # depends on others, is no sync sample

# trun: data offset, then per sample duration, size, flags and composition offset, all present.
_TRUN_FLAGS = 0xF01
_BYTES_PER_SAMPLE = 16
_MATRIX = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
_UNDETERMINED = 0x55C4  # ISO 639-2 "und" in three times five bits
# default-base-is-moof, and nothing else that the trun does not say itself.
_TFHD = full_box(b"tfhd", 0, 0x020000, struct.pack(">I", TRACK))


def movie_header(*, duration_90k: int) -> bytes:
    """Return mvhd in 90 kHz ticks; duration 0 says that fragments follow."""
    fields = struct.pack(">QQIQIH10x", 0, 0, TICKS_PER_S, duration_90k, 0x10000, 0x100)
    return full_box(b"mvhd", 1, 0, fields, _MATRIX, bytes(24), struct.pack(">I", TRACK + 1))


def track_header(*, width: int, height: int, duration_90k: int) -> bytes:
    """Return tkhd of the only track, enabled and in the movie."""
    fields = struct.pack(">QQI4xQ8x2h2H", 0, 0, TRACK, duration_90k, 0, 0, 0, 0)
    return full_box(b"tkhd", 1, 3, fields, _MATRIX, struct.pack(">II", width << 16, height << 16))


def media_header(*, duration_90k: int, tables: Sequence[bytes]) -> bytes:
    """Return mdia of a video track around the boxes of its sample table (stsd and those after it)."""
    mdhd = full_box(b"mdhd", 1, 0, struct.pack(">QQIQHH", 0, 0, TICKS_PER_S, duration_90k, _UNDETERMINED, 0))
    hdlr = full_box(b"hdlr", 0, 0, struct.pack(">I4s12x", 0, b"vide"), b"video\0")
    vmhd = full_box(b"vmhd", 0, 1, bytes(8))
    dref = full_box(b"dref", 0, 0, struct.pack(">I", 1), full_box(b"url ", 0, 1))
    return box(b"mdia", mdhd, hdlr, box(b"minf", vmhd, box(b"dinf", dref), box(b"stbl", *tables)))


def init_segment(fmt: VideoFormat) -> bytes:
    """Return ftyp and moov: one video track, 90 kHz, no samples.

    Raises Fmp4Error media.bad_parameter_sets.
    """
    empty = bytes(4)
    tables = [
        full_box(b"stsd", 0, 0, struct.pack(">I", 1), sample_entry(fmt)),
        full_box(b"stts", 0, 0, empty),
        full_box(b"stsc", 0, 0, empty),
        full_box(b"stsz", 0, 0, empty, empty),
        full_box(b"stco", 0, 0, empty),
    ]
    trak = box(
        b"trak",
        track_header(width=fmt.width, height=fmt.height, duration_90k=0),
        media_header(duration_90k=0, tables=tables),
    )
    trex = full_box(b"trex", 0, 0, struct.pack(">5I", TRACK, 1, 0, 0, 0))
    ftyp = box(b"ftyp", b"iso6", bytes(4), b"iso6", b"cmfc")
    return ftyp + box(b"moov", movie_header(duration_90k=0), trak, box(b"mvex", trex))


@lru_cache(maxsize=256)
def _header(count: int) -> struct.Struct:
    """moof, mfhd, traf, tfhd, tfdt, trun with `count` samples and the mdat header, as one pack."""
    return struct.Struct(">I4sI4sIII4s16sI4sIQI4sIII" + "IIIi" * count + "I4s")


def fragment(*, sequence: int, samples: Sequence[Sample]) -> list[Buffer]:
    """Return the buffers of one moof+mdat for one `writev`: all headers first, then the samples' own data, uncopied.

    `samples` are at least one, in decoding order, and each lasts until the next: the tfdt is the first DTS in ticks
    since 1970, further DTS follow from the durations. `sequence` counts up from 1 within a file.
    """
    rows: list[int] = []
    buffers: list[Buffer] = [b""]
    payload = 8
    for dts_90k, pts_90k, duration_90k, data, is_sync in samples:
        size = len(data)
        payload += size
        rows += (duration_90k, size, SYNC_FLAGS if is_sync else OTHER_FLAGS, pts_90k - dts_90k)
        buffers.append(data)
    count = len(samples)
    trun = 20 + _BYTES_PER_SAMPLE * count
    traf = 8 + 16 + 20 + trun
    moof = 8 + 16 + traf
    buffers[0] = _header(count).pack(
        moof, b"moof", 16, b"mfhd", 0, sequence, traf, b"traf", _TFHD, 20, b"tfdt", 1 << 24, samples[0].dts_90k,
        trun, b"trun", 1 << 24 | _TRUN_FLAGS, count, moof + 8, *rows, payload, b"mdat",
    )  # fmt: skip
    return buffers
