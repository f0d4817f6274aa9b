"""Footage as the room handles it: pieces (fragments with their times) and the reader that brings them from disk."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from mingjian.media import fragments as fmp4
from mingjian.media.fmp4_writer import fragment
from mingjian.media.samples import Buffer, Codec
from mingjian.recordings import asking
from mingjian.recordings import fragments as tables
from mingjian.recordings.model import FLAG_SYNC_FIRST, Fragment, GapCause, Recording

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Init:
    """The initialization segment of one recording, and what it announces."""

    codec: Codec
    codec_string: str
    width: int
    height: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Piece:
    """One moof+mdat. Presentation times of its samples lie in `[first_pts_90k, last_pts_90k]`, the last one is shown
    until `end_90k`; `is_sync` when it can be decoded without what came before.
    """

    data: bytes
    first_pts_90k: int
    last_pts_90k: int
    end_90k: int
    is_sync: bool


@dataclass(frozen=True, slots=True)
class Hole:
    """Nothing was recorded in `[start_90k, end_90k)`; an end of None is not known yet."""

    start_90k: int
    end_90k: int | None
    cause: GapCause


def piece_of(data: Buffer) -> Piece:
    """Return the fragment with its times, read from its own headers. Raises Fmp4Error."""
    entries = fmp4.read_fragment(data)
    last = max(entries, key=lambda entry: entry.pts_90k)
    return Piece(
        data=bytes(data),
        first_pts_90k=min(entry.pts_90k for entry in entries),
        last_pts_90k=last.pts_90k,
        end_90k=last.pts_90k + last.duration_90k,
        is_sync=entries[0].is_sync,
    )


def lone_picture(data: Buffer, *, until_dts_90k: int | None) -> Piece:
    """Return the fragment's first sync sample alone, lasting until the next one (None: as long as the fragment).

    Without the longer duration a player at sixteen-fold speed would stop at a hole after every picture.
    """
    samples = list(fmp4.samples(data))
    if until_dts_90k is None:
        until_dts_90k = samples[-1].dts_90k + samples[-1].duration_90k
    first = samples[0]._replace(duration_90k=until_dts_90k - samples[0].dts_90k)
    return piece_of(b"".join(fragment(sequence=fmp4.sequence_of(data), samples=[first])))


class TableReader:
    """Reads one recording through its fragment table, growing or closed. Holds nothing open between calls.

    Every call raises RecordingsError("recordings.volume_hangs") when the disk does not answer in time.
    """

    def __init__(self, recording: Recording) -> None:
        self.recording = recording
        self._table_path = Path(recording.table_path)
        self._media_path = Path(recording.media_path)
        # <volume>/media/<camera>/<recording>.mp4
        self._volume = self._media_path.parents[2]

    def init(self) -> Init:
        """Return the initialization segment. Raises FileNotFoundError once the recording has been deleted."""
        recording = self.recording
        return Init(
            codec=Codec(recording.codec),
            codec_string=recording.codec_string,
            width=recording.width,
            height=recording.height,
            data=self.read(self._ask(lambda: tables.read_table(self._table_path, at_most=1))[0]),
        )

    def records(self, *, first_record: int) -> list[Fragment]:
        """Return the whole records from that number on; record 0 is the initialization segment."""
        return self._ask(lambda: tables.read_table(self._table_path, first_record=first_record))

    def readable(self, records: list[Fragment]) -> list[Fragment]:
        """Return those that the index does not tell as damaged."""
        if not self.recording.holes:
            return records
        opening = self._ask(lambda: tables.read_table(self._table_path))[:2]
        return tables.readable(records, self.recording.holes, delay_90k=tables.delay(opening))

    def read(self, record: Fragment) -> bytes:
        """Return the bytes of one record."""
        return self._ask(lambda: self._read(record))

    def _ask(self, asked: Callable[[], _T]) -> _T:
        return asking.ask(self._volume, asked)

    def _read(self, record: Fragment) -> bytes:
        descriptor = os.open(self._media_path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            return os.pread(descriptor, record.length, record.offset)
        finally:
            os.close(descriptor)


def is_sync(record: Fragment) -> bool:
    """Say whether the record's fragment opens with a sync sample."""
    return bool(record.flags & FLAG_SYNC_FIRST)
