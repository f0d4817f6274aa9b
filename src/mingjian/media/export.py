"""One file to hand to a person: recorded fragments rebased to zero as a progressive MP4, samples untouched."""

import struct
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import BinaryIO

from mingjian.base.ticks import Ticks90k
from mingjian.media.boxes import Fmp4Error, box, full_box
from mingjian.media.decoder_config import sample_entry
from mingjian.media.fmp4_reader import format_of
from mingjian.media.fmp4_writer import media_header, movie_header, track_header
from mingjian.media.fragments import read_fragment
from mingjian.media.samples import Buffer, SampleEntry, VideoFormat

# A part of an export: an init segment, and fragments of that format, already cut, in order.
Part = tuple[Buffer, Iterable[Buffer]]

_FILE_TYPE = box(b"ftyp", b"iso6", bytes(4), b"iso6", b"isom", b"mp41")
_LONGEST_DURATION_90K = (1 << 32) - 1  # of one sample, so of a hole: thirteen hours
_IDENTITY_RATE = 0x10000


@dataclass(frozen=True, slots=True)
class ExportSummary:
    """What an exported file holds: it shows `[start_90k, end_90k)` of the timeline as `[0, end - start)`."""

    start_90k: Ticks90k
    end_90k: Ticks90k
    samples: int
    size_bytes: int
    formats: tuple[VideoFormat, ...]


def write_mp4(*, parts: Iterable[Part], target: BinaryIO) -> ExportSummary:
    """Write the parts as one MP4 beginning at zero into an empty seekable file; media pass through, never held.

    Sample data and their order stay as recorded, and every PTS keeps its distance to the first. A hole between parts
    is the long duration of the sample before it. Formats may change within one codec (several sample entries).
    Raises Fmp4Error: media.empty_export without a sample, media.mixed_codecs, media.hole_too_long, or as
    `read_fragment` and `format_of` do.
    """
    target.write(_FILE_TYPE)
    mdat = len(_FILE_TYPE)
    target.write(bytes(16))  # the mdat's header, written when its size is known
    tables = _Tables(offset=mdat + 16)
    for init, fragments in parts:
        fmt = format_of(init)
        for data in fragments:
            entries = read_fragment(data)
            tables.add(fmt, entries)
            target.write(memoryview(data)[entries[0].offset :])
    moov = tables.moov()
    target.write(moov)
    target.seek(mdat)
    target.write(struct.pack(">I4sQ", 1, b"mdat", tables.offset - mdat))
    target.seek(0, 2)
    return ExportSummary(
        start_90k=Ticks90k(tables.first_pts_90k),
        end_90k=Ticks90k(tables.end_90k),
        samples=len(tables.sizes),
        size_bytes=tables.offset + len(moov),
        formats=tuple(tables.formats),
    )


class _Tables:
    """The sample tables of the file being written, a few bytes per sample. ISO/IEC 14496-12 §8.6, §8.7."""

    def __init__(self, *, offset: int) -> None:
        self.offset = offset  # where the next chunk, one per fragment, will lie
        self.sizes = array("I")
        self.formats: list[VideoFormat] = []
        self.first_pts_90k = 0
        self.end_90k = 0
        self._dts_90k = array("q")
        self._shifts_90k = array("i")
        self._syncs = array("I")
        self._chunk_offsets = array("Q")
        self._chunks: list[tuple[int, int]] = []  # samples and sample entry number of each
        self._last_duration_90k = 0

    def add(self, fmt: VideoFormat, entries: list[SampleEntry]) -> None:
        """Note the samples of one fragment, whose bytes follow those noted before."""
        if fmt not in self.formats:
            if self.formats and fmt.codec is not self.formats[0].codec:
                raise Fmp4Error("media.mixed_codecs", first=self.formats[0].codec, then=fmt.codec)
            self.formats.append(fmt)
        if not self.sizes:
            self.first_pts_90k = min(entry.pts_90k for entry in entries)
        for entry in entries:
            dts_90k = entry.dts_90k
            if self._dts_90k:
                # With reordering, a run's first DTS may lie before the last of the run before it.
                dts_90k = max(dts_90k, self._dts_90k[-1] + 1)
                if dts_90k - self._dts_90k[-1] > _LONGEST_DURATION_90K:
                    raise Fmp4Error("media.hole_too_long", at_90k=self.end_90k)
            self._dts_90k.append(dts_90k)
            self._shifts_90k.append(entry.pts_90k - dts_90k)
            self.sizes.append(entry.size_bytes)
            self.end_90k = max(self.end_90k, entry.pts_90k + entry.duration_90k)
            if entry.is_sync:
                self._syncs.append(len(self.sizes))
        self._last_duration_90k = entries[-1].duration_90k
        self._chunk_offsets.append(self.offset)
        self._chunks.append((len(entries), self.formats.index(fmt) + 1))
        self.offset += sum(entry.size_bytes for entry in entries)

    def moov(self) -> bytes:
        """Return the moov with real durations. Raises Fmp4Error media.empty_export when nothing was noted."""
        if not self.sizes:
            raise Fmp4Error("media.empty_export")
        shown_90k = self.end_90k - self.first_pts_90k
        media_90k = self._dts_90k[-1] + self._last_duration_90k - self._dts_90k[0]
        # The first picture is shown at zero though it is decoded earlier; the edit skips what lies between.
        edit = struct.pack(">IQqI", 1, shown_90k, self.first_pts_90k - self._dts_90k[0], _IDENTITY_RATE)
        trak = box(
            b"trak",
            track_header(
                width=max(fmt.width for fmt in self.formats),
                height=max(fmt.height for fmt in self.formats),
                duration_90k=shown_90k,
            ),
            box(b"edts", full_box(b"elst", 1, 0, edit)),
            media_header(duration_90k=media_90k, tables=self._sample_tables()),
        )
        return box(b"moov", movie_header(duration_90k=shown_90k), trak)

    def _sample_tables(self) -> list[bytes]:
        entries = [sample_entry(fmt) for fmt in self.formats]
        sizes = struct.pack(">II", 0, len(self.sizes)) + _big_endian(self.sizes)
        offsets = struct.pack(">I", len(self._chunk_offsets)) + _big_endian(self._chunk_offsets)
        syncs = struct.pack(">I", len(self._syncs)) + _big_endian(self._syncs)
        return [
            full_box(b"stsd", 0, 0, struct.pack(">I", len(entries)), *entries),
            full_box(b"stts", 0, 0, _runs(self._durations(), "II")),
            full_box(b"ctts", 1, 0, _runs(self._shifts_90k, "Ii")),
            full_box(b"stss", 0, 0, syncs),
            full_box(b"stsc", 0, 0, self._chunk_map()),
            full_box(b"stsz", 0, 0, sizes),
            full_box(b"co64", 0, 0, offsets),
        ]

    def _durations(self) -> Iterator[int]:
        dts_90k = self._dts_90k
        for index in range(1, len(dts_90k)):
            yield dts_90k[index] - dts_90k[index - 1]
        yield self._last_duration_90k

    def _chunk_map(self) -> bytes:
        rows: list[bytes] = []
        first = 1
        for (count, entry), alike in groupby(self._chunks):
            rows.append(struct.pack(">III", first, count, entry))
            first += sum(1 for _ in alike)
        return struct.pack(">I", len(rows)) + b"".join(rows)


def _runs(values: Iterable[int], fields: str) -> bytes:
    """Return the values run-length coded, each row a count and a value, after the number of rows."""
    rows = [struct.pack(f">{fields}", sum(1 for _ in alike), value) for value, alike in groupby(values)]
    return struct.pack(">I", len(rows)) + b"".join(rows)


def _big_endian(values: "array[int]") -> bytes:
    swapped = array(values.typecode, values)
    swapped.byteswap()
    return swapped.tobytes()
