"""The fragment table beside each recording: fixed records that say which bytes of it may be read.

A header of 16 bytes, then one record of 72 bytes per fragment, little-endian. Record 0 is the init segment. A record
is appended after the write of its bytes has returned, and carries a CRC-32 of itself, so that a torn or flipped record
is told from a whole one without the media.
"""

import os
import struct
import zlib
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path

from mingjian.recordings.errors import RecordingsError
from mingjian.recordings.model import FLAG_CLOCK_UNTRUSTED, FLAG_INIT, Fragment

TABLE_VERSION = 1
# Fragments follow one another in decoding time; a longer hole means that fragments were dropped on the way to disk.
HOLE_90K = 45_000

_HEADER = struct.Struct("<6sHH6x")
_BODY = struct.Struct("<qqQIIHH")
_RECORD = struct.Struct("<qqQIIHHI32s")
_MAGIC = b"MJFRG\0"

HEADER_BYTES = _HEADER.size
RECORD_BYTES = _RECORD.size


def encode_header() -> bytes:
    """Return the 16 bytes that open a table."""
    return _HEADER.pack(_MAGIC, TABLE_VERSION, RECORD_BYTES)


def encode_record(fragment: Fragment) -> bytes:
    """Return the 72 bytes of one record."""
    body = _BODY.pack(*fragment[:7])
    return body + struct.pack("<I", zlib.crc32(fragment.sha256, zlib.crc32(body))) + fragment.sha256


def read_table(path: Path, *, first_record: int = 0, at_most: int | None = None) -> list[Fragment]:
    """Return the whole records of a table from `first_record` on; a torn last one is left out.

    `at_most` of them, None for all.

    Raises RecordingsError("recordings.table_malformed") with the record's number when a record before the last is
    damaged, FileNotFoundError when there is no table.
    """
    with path.open("rb") as table:
        _require_header(table.read(HEADER_BYTES), path)
        table.seek(first_record * RECORD_BYTES, os.SEEK_CUR)
        raw = table.read(-1 if at_most is None else at_most * RECORD_BYTES)
    whole = len(raw) // RECORD_BYTES
    records: list[Fragment] = []
    for number in range(whole):
        record = decode_record(raw[number * RECORD_BYTES : (number + 1) * RECORD_BYTES])
        if record is None:
            raise RecordingsError("recordings.table_malformed", path=str(path), record=first_record + number)
        records.append(record)
    return records


def decode_record(raw: bytes) -> Fragment | None:
    """Return one record, or None when its bytes are not those that were written."""
    pts, dts, offset, length, duration, samples, flags, crc, sha256 = _RECORD.unpack(raw)
    if zlib.crc32(sha256, zlib.crc32(raw[: _BODY.size])) != crc:
        return None
    return Fragment(pts, dts, offset, length, duration, samples, flags, sha256)


def _require_header(raw: bytes, path: Path) -> None:
    if raw != encode_header():
        raise RecordingsError("recordings.table_malformed", path=str(path), record=-1)


def media_records(records: Iterable[Fragment]) -> list[Fragment]:
    """Return the records of samples, without the init segment."""
    return [record for record in records if not record.flags & FLAG_INIT]


def span(records: Sequence[Fragment]) -> tuple[int, int] | None:
    """Return `[start, end)` in presentation time of the media records, None when there are none.

    A fragment's end is known in decoding time only; the composition delay of the first fragment, which opens at a sync
    sample, carries it over to presentation time.
    """
    media = media_records(records)
    if not media:
        return None
    delay_90k = media[0].first_pts_90k - media[0].first_dts_90k
    end_90k = max(record.first_dts_90k + record.duration_90k for record in media[-2:]) + delay_90k
    return media[0].first_pts_90k, end_90k


def holes(records: Sequence[Fragment]) -> list[tuple[int, int]]:
    """Return the spans, in presentation time, that fragments dropped on the way to disk left inside a recording."""
    media = media_records(records)
    if not media:
        return []
    delay_90k = media[0].first_pts_90k - media[0].first_dts_90k
    found: list[tuple[int, int]] = []
    for before, after in pairwise(media):
        end_90k = before.first_dts_90k + before.duration_90k
        if after.first_dts_90k - end_90k > HOLE_90K:
            found.append((end_90k + delay_90k, after.first_dts_90k + delay_90k))
    return found


def readable(records: Sequence[Fragment], holes: Sequence[tuple[int, int]], *, delay_90k: int) -> list[Fragment]:
    """Return the records whose middle lies in no hole; `delay_90k` is the recording's composition delay."""
    if not holes:
        return list(records)
    return [
        record
        for record in records
        if not any(first <= record.first_dts_90k + delay_90k + record.duration_90k // 2 < last for first, last in holes)
    ]


def delay(records: Sequence[Fragment]) -> int:
    """Return the composition delay of a recording, by the first of its records of samples."""
    return next((record.first_pts_90k - record.first_dts_90k for record in media_records(records)), 0)


def is_clock_trusted(records: Iterable[Fragment]) -> bool:
    """Say whether no fragment was written on an untrusted clock."""
    return not any(record.flags & FLAG_CLOCK_UNTRUSTED for record in records)


def grown(table: Path) -> tuple[int, int, tuple[tuple[int, int], ...]] | None:
    """Return start, end and holes of what a growing recording holds by its table, or None while it holds nothing."""
    try:
        found = read_table(table)
    except FileNotFoundError:
        return None
    spanned = span(found)
    return None if spanned is None else (*spanned, tuple(holes(found)))
