"""Bytes of recordings for a window: read by the fragment table, cut to the window, growing files included."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import BinaryIO

from mingjian.base.ticks import TICKS_PER_S
from mingjian.media import fmp4_reader
from mingjian.media.export import ExportSummary, write_mp4
from mingjian.recordings import fragments
from mingjian.recordings.errors import RecordingsError
from mingjian.recordings.model import Fragment, Recording, StreamKey
from mingjian.recordings.reader import Library


@dataclass(frozen=True, slots=True)
class Part:
    """What one run has to give for a window: its init segment, and its fragments cut to the window, in order."""

    init: bytes
    fragments: Iterator[bytes]


def init_segment(recording: Recording) -> bytes:
    """Return ftyp and moov as recorded. Raises FileNotFoundError once the recording was deleted."""
    first = fragments.read_table(Path(recording.table_path))[:1]
    for data in _read(recording, first):
        return data
    raise RecordingsError("recordings.table_malformed", path=recording.table_path, record=0)


def cut(recording: Recording, *, start_90k: int, end_90k: int) -> Iterator[bytes]:
    """Yield the recording's fragments cut to `[start, end)` of presentation time.

    The first sample is the first sync sample at or after the start, none is at or after the end. A growing recording
    is followed as far as its table reaches when it is asked for. Raises FileNotFoundError once it was deleted.
    """
    return fmp4_reader.cut_window(_overlapping(recording, start_90k, end_90k), start_90k=start_90k, end_90k=end_90k)


def parts(library: Library, *, stream: StreamKey, start_90k: int, end_90k: int) -> Iterator[Part]:
    """Yield what a library has for a window, one part per run; each must be used up before the next is asked for."""
    recordings = library.window(stream=stream, start_90k=start_90k, end_90k=end_90k)
    for _, grouped in groupby(recordings, key=lambda recording: recording.run_id):
        run = list(grouped)
        flowing = (data for recording in run for data in _overlapping(recording, start_90k, end_90k))
        yield Part(
            init=init_segment(run[0]),
            fragments=fmp4_reader.cut_window(flowing, start_90k=start_90k, end_90k=end_90k),
        )


def export_window(
    library: Library, *, stream: StreamKey, start_90k: int, end_90k: int, target: BinaryIO
) -> ExportSummary:
    """Write a window as one MP4 that begins at zero; holes become long samples.

    Raises RecordingsError("recordings.nothing_to_export") when the window holds no sync sample, and what
    `media.export.write_mp4` raises.
    """
    summary_parts = (
        (part.init, part.fragments) for part in parts(library, stream=stream, start_90k=start_90k, end_90k=end_90k)
    )
    try:
        return write_mp4(parts=summary_parts, target=target)
    except fmp4_reader.Fmp4Error as error:
        if error.code != "media.empty_export":
            raise
        raise RecordingsError("recordings.nothing_to_export", camera=stream.camera_id) from error


def _overlapping(recording: Recording, start_90k: int, end_90k: int) -> Iterator[bytes]:
    table = fragments.media_records(fragments.read_table(Path(recording.table_path)))
    table = fragments.readable(table, recording.holes, delay_90k=fragments.delay(table))
    return _read(recording, _records_of(table, start_90k=start_90k, end_90k=end_90k))


def _records_of(table: list[Fragment], *, start_90k: int, end_90k: int) -> Iterator[Fragment]:
    """Choose by decoding times, generously at the start: samples are shown some time after they are decoded."""
    delay_90k = max((record.first_pts_90k - record.first_dts_90k for record in table), default=0)
    for record in table:
        if record.first_dts_90k >= end_90k:
            return
        # With reordering a picture inside a fragment may be held back longer than the fragment's first one.
        if record.first_dts_90k + record.duration_90k + 2 * delay_90k + TICKS_PER_S > start_90k:
            yield record


def _read(recording: Recording, records: Iterable[Fragment]) -> Iterator[bytes]:
    descriptor = os.open(recording.media_path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        for record in records:
            yield os.pread(descriptor, record.length, record.offset)
    finally:
        os.close(descriptor)
