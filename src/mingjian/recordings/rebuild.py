"""One file that nobody closed: cut to its whole fragments, its table computed again, both made durable."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from mingjian.ledger import merkle
from mingjian.media import fmp4_reader
from mingjian.recordings import durable, fragments
from mingjian.recordings.disk import SYSTEM, Disk
from mingjian.recordings.model import FLAG_DAMAGED, FLAG_INIT, FLAG_SYNC_FIRST, Fragment

# A torn fragment is never larger than the largest sample a writer takes; a longer tail is something else, and kept.
LONGEST_TORN_BYTES = 16 << 20


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a file turned out to hold. `damaged` counts fragments whose bytes are not those that were written."""

    records: tuple[Fragment, ...]
    size_bytes: int
    cut_bytes: int
    damaged: int

    @property
    def root(self) -> str:
        """Merkle root over the table's hashes, in hex."""
        return merkle.root(record.sha256 for record in self.records).hex()

    @property
    def samples(self) -> int:
        """How many coded pictures it holds."""
        return sum(record.samples for record in self.records)


def rebuild(media_path: Path, table_path: Path, *, quarantine: Path, disk: Disk = SYSTEM) -> Rebuilt:
    """Cut the file behind its last whole fragment, write its table again, and make both durable.

    A tail too long to be one torn fragment is copied to `quarantine` before it is cut. Raises Fmp4Error
    (media.bad_init) when the file does not open with a whole init segment, OSError when the disk fails.
    """
    known = _known_records(table_path)
    with media_path.open("r+b") as media:
        # A sync that failed once leaves pages that look written and are not: what is hashed must come from the disk.
        disk.fsync(media.fileno())
        disk.forget(media.fileno())
        records = [_init_record(media), *_media_records(media, known)]
        size_bytes = records[-1].offset + records[-1].length
        cut_bytes = media.seek(0, os.SEEK_END) - size_bytes
        if cut_bytes > LONGEST_TORN_BYTES:
            _keep_tail(media, size_bytes, quarantine / f"{media_path.stem}.tail", disk)
        if cut_bytes:
            disk.truncate(media.fileno(), size_bytes)
        disk.fsync(media.fileno())
    table = b"".join([fragments.encode_header(), *(fragments.encode_record(record) for record in records)])
    # Written again even where it reads the same: what is read may never have reached the disk.
    durable.replace(table_path, table, disk=disk)
    durable.sync_directory(media_path.parent, disk=disk)
    durable.sync_directory(media_path.parent.parent, disk=disk)
    damaged = sum(record.offset in known and known[record.offset].sha256 != record.sha256 for record in records)
    return Rebuilt(records=tuple(records), size_bytes=size_bytes, cut_bytes=cut_bytes, damaged=damaged)


def _known_records(table_path: Path) -> dict[int, Fragment]:
    """Return the records that are whole, by offset; the table may be torn, damaged or absent."""
    try:
        raw = table_path.read_bytes()[fragments.HEADER_BYTES :]
    except FileNotFoundError:
        return {}
    starts = range(0, len(raw) - fragments.RECORD_BYTES + 1, fragments.RECORD_BYTES)
    decoded = (fragments.decode_record(raw[start : start + fragments.RECORD_BYTES]) for start in starts)
    return {record.offset: record for record in decoded if record is not None}


def _init_record(media: BinaryIO) -> Fragment:
    length = fmp4_reader.init_length(media)
    media.seek(0)
    return Fragment(0, 0, 0, length, 0, 0, FLAG_INIT, hashlib.sha256(media.read(length)).digest())


def _media_records(media: BinaryIO, known: dict[int, Fragment]) -> list[Fragment]:
    records: list[Fragment] = []
    for offset, length in list(fmp4_reader.fragment_lengths(media)):
        media.seek(offset)
        data = media.read(length)
        sha256 = hashlib.sha256(data).digest()
        before = known.get(offset)
        if before is not None and (before.length, before.sha256) == (length, sha256):
            records.append(before)
            continue
        entries = fmp4_reader.read_fragment(data)
        flags = FLAG_SYNC_FIRST if entries[0].is_sync else 0
        if before is not None:
            flags = before.flags | FLAG_DAMAGED
        duration_90k = sum(entry.duration_90k for entry in entries)
        first = entries[0]
        records.append(
            Fragment(first.pts_90k, first.dts_90k, offset, length, duration_90k, len(entries), flags, sha256)
        )
    return records


def _keep_tail(media: BinaryIO, offset: int, target: Path, disk: Disk) -> None:
    media.seek(offset)
    with target.open("xb") as kept:
        while chunk := media.read(1 << 20):
            kept.write(chunk)
        kept.flush()
        disk.fsync(kept.fileno())
    durable.sync_directory(target.parent, disk=disk)
