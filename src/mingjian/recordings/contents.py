"""One closed recording byte by byte: its table, the hash of every fragment, and what its row says of both."""

import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from mingjian.ledger import merkle
from mingjian.media import fmp4_reader
from mingjian.media.fmp4_reader import Fmp4Error
from mingjian.recordings import fragments
from mingjian.recordings.errors import RecordingsError
from mingjian.recordings.findings import Finding
from mingjian.recordings.model import FLAG_INIT, FLAG_SYNC_FIRST, Fragment, Recording

Read = Callable[[int], None]
# What the disk refuses to read, instead of reading it wrongly.
UNREADABLE = frozenset({"table_unreadable", "media_unreadable"})


@dataclass(frozen=True, slots=True)
class Damage:
    """What of a recording is not what was recorded. `record` is the fragment's number, None for the recording whole."""

    finding: Finding
    record: int | None


def damages(recording: Recording, *, read: Read) -> Iterator[Damage]:
    """Yield what is wrong with a closed recording, as it is found; `read` is told the bytes of each fragment read.

    Raises FileNotFoundError when one of its files is gone.
    """
    subject = recording.recording_id
    try:
        records = fragments.read_table(Path(recording.table_path))
    except RecordingsError as error:
        yield Damage(Finding(1, "table_damaged", subject, f"record {error.facts['record']}"), None)
        return
    except FileNotFoundError:
        raise
    except OSError as error:
        yield Damage(Finding(1, "table_unreadable", subject, str(error.strerror)), None)
        return
    yield from _media(recording, records, read)
    yield from _row(recording, records)


def missing(recording: Recording, name: str) -> Damage:
    """Return what a recording of which a file is gone has to be told as."""
    return Damage(Finding(1, "file_missing", recording.recording_id, name), None)


def _media(recording: Recording, records: list[Fragment], read: Read) -> Iterator[Damage]:
    subject = recording.recording_id
    descriptor = os.open(recording.media_path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        # From the disk, not from what the kernel remembers of it; and what others need is not pushed out for it.
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        expected_offset = 0
        for number, record in enumerate(records):
            where = f"record {number}, bytes {record.offset}–{record.offset + record.length}"
            if record.offset != expected_offset:
                yield Damage(Finding(1, "table_not_contiguous", subject, where), None)
            expected_offset = record.offset + record.length
            try:
                data = os.pread(descriptor, record.length, record.offset)
            except OSError as error:
                yield Damage(Finding(1, "media_unreadable", subject, f"{where}: {error.strerror}"), number)
                read(record.length)
                continue
            if hashlib.sha256(data).digest() != record.sha256:
                yield Damage(Finding(1, "media_damaged", subject, where), number)
            elif not record.flags & FLAG_INIT and not _agrees(record, data):
                yield Damage(Finding(1, "table_disagrees", subject, where), number)
            read(record.length)
        if os.fstat(descriptor).st_size != expected_offset:
            yield Damage(Finding(1, "size_differs", subject, f"table ends at {expected_offset}"), None)
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(descriptor)


def _agrees(record: Fragment, data: bytes) -> bool:
    """Say whether a record tells the times and the number of samples that its fragment really has."""
    try:
        entries = fmp4_reader.read_fragment(data)
    except Fmp4Error:
        return False
    return (
        record.samples == len(entries)
        and record.first_dts_90k == entries[0].dts_90k
        and record.first_pts_90k in (entries[0].pts_90k, min(entry.pts_90k for entry in entries))
        and record.duration_90k == sum(entry.duration_90k for entry in entries)
        and bool(record.flags & FLAG_SYNC_FIRST) == entries[0].is_sync
    )


def _row(recording: Recording, records: list[Fragment]) -> Iterator[Damage]:
    subject = recording.recording_id
    root = merkle.root(record.sha256 for record in records).hex()
    if root != recording.root:
        yield Damage(Finding(1, "root_differs", subject, f"table {root}, row {recording.root}"), None)
    spanned = fragments.span(records)
    if spanned is not None and spanned != (recording.start_90k, recording.end_90k):
        detail = f"table {spanned[0]}–{spanned[1]}, row {recording.start_90k}–{recording.end_90k}"
        yield Damage(Finding(1, "span_differs", subject, detail), None)
