"""Checking a volume against the numbered invariants of its design, byte by byte, without writing anything."""

import hashlib
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise, takewhile
from pathlib import Path
from typing import BinaryIO

from mingjian.ledger import merkle
from mingjian.media import fmp4_reader
from mingjian.media.fmp4_reader import Fmp4Error
from mingjian.recordings import coverage, fragments
from mingjian.recordings.coverage import Stretch
from mingjian.recordings.errors import RecordingsError
from mingjian.recordings.model import FLAG_INIT, FLAG_SYNC_FIRST, Fragment, Recording, RecordingState, StreamKey
from mingjian.recordings.reader import IndexReader
from mingjian.recordings.volume import Volume
from mingjian.recordings.writer import is_being_written

# News of a file that a writer just closed may still be on its way to the index.
_NEWS_S = 60.0
_EVER = 1 << 62


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it must be: which invariant, what it is, which row or file, and the particulars."""

    invariant: int
    code: str
    subject: str
    detail: str


def check(volume: Volume) -> list[Finding]:
    """Return what is wrong on a volume; an empty list when nothing is. May run while recorders write.

    Reads every closed byte. Raises RecordingsError when there is no index to check against.
    """
    try:
        return _check(volume)
    except RecordingsError as error:
        if error.code != "recordings.index_unreadable":
            raise
        return [Finding(6, "index_damaged", "index.db", str(error.facts["reason"]))]


def _check(volume: Volume) -> list[Finding]:
    with IndexReader(volume.path) as reader:
        findings = [Finding(6, "index_damaged", "index.db", line) for line in reader.integrity_errors()]
        findings += _identity(volume, reader)
        recordings = reader.recordings()
        for recording in recordings:
            found = list(_recording(recording))
            # A row that was deleted or closed meanwhile was read half before, half after.
            if found and reader.recording(recording_id=recording.recording_id) == recording:
                findings += found
        findings += _strays(volume, reader)
        for stream in reader.streams():
            findings += _stream(reader, stream)
    return findings


def _identity(volume: Volume, reader: IndexReader) -> Iterator[Finding]:
    told = (reader.meta("deployment_id"), reader.meta("volume_id"))
    if told != (volume.identity.deployment_id, volume.identity.volume_id):
        yield Finding(6, "index_foreign", "index.db", f"belongs to volume {told[1]}")


def _recording(recording: Recording) -> Iterator[Finding]:
    subject = recording.recording_id
    media, table = Path(recording.media_path), Path(recording.table_path)
    if recording.state is RecordingState.GARBAGE:
        yield Finding(1, "deletion_unfinished", subject, "the next retention pass ends it")
        return
    for path in (media, table):
        if not path.exists():
            yield Finding(1, "file_missing", subject, path.name)
    if recording.state is RecordingState.OPEN or not media.exists() or not table.exists():
        return
    size_bytes = media.stat().st_size
    if size_bytes != recording.size_bytes:
        yield Finding(1, "size_differs", subject, f"file {size_bytes}, row {recording.size_bytes}")
    if (table.stat().st_size - fragments.HEADER_BYTES) % fragments.RECORD_BYTES:
        yield Finding(1, "table_torn", subject, f"{table.stat().st_size} bytes are no whole records")
    try:
        records = fragments.read_table(table)
    except RecordingsError as error:
        yield Finding(1, "table_damaged", subject, f"record {error.facts['record']}")
        return
    with media.open("rb") as file:
        yield from _bytes(subject, file, records)
    yield from _row(recording, records)


def _bytes(subject: str, media: BinaryIO, records: list[Fragment]) -> Iterator[Finding]:
    expected_offset = 0
    for number, record in enumerate(records):
        where = f"record {number}, bytes {record.offset}–{record.offset + record.length}"
        if record.offset != expected_offset:
            yield Finding(1, "table_not_contiguous", subject, where)
        expected_offset = record.offset + record.length
        media.seek(record.offset)
        data = media.read(record.length)
        if hashlib.sha256(data).digest() != record.sha256:
            yield Finding(1, "media_damaged", subject, where)
        elif not record.flags & FLAG_INIT and not _agrees(record, data):
            yield Finding(1, "table_disagrees", subject, where)
    if media.seek(0, 2) != expected_offset:
        yield Finding(1, "size_differs", subject, f"table ends at {expected_offset}")


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


def _row(recording: Recording, records: list[Fragment]) -> Iterator[Finding]:
    root = merkle.root(record.sha256 for record in records).hex()
    if root != recording.root:
        yield Finding(1, "root_differs", recording.recording_id, f"table {root}, row {recording.root}")
    spanned = fragments.span(records)
    if spanned is not None and spanned != (recording.start_90k, recording.end_90k):
        yield Finding(
            1,
            "span_differs",
            recording.recording_id,
            f"table {spanned[0]}–{spanned[1]}, row {recording.start_90k}–{recording.end_90k}",
        )


def _strays(volume: Volume, reader: IndexReader) -> Iterator[Finding]:
    for path in sorted(volume.media.glob("*/*")):
        if reader.recording(recording_id=path.stem) is None and not _is_young(volume, path):
            yield Finding(1, "file_unknown", f"{path.parent.name}/{path.name}", "no row names it")


def _is_young(volume: Volume, path: Path) -> bool:
    try:
        return volume.disk.age_s(path) < _NEWS_S or (path.suffix == ".mp4" and is_being_written(path))
    except FileNotFoundError:
        return True


def _start(stretch: Stretch) -> int:
    return stretch.start_90k


def _stream(reader: IndexReader, stream: StreamKey) -> Iterator[Finding]:
    """Check that every planned second up to the last one known is footage or a told gap, and none is shown twice."""
    since_90k = reader.planned_since_90k(stream=stream)
    subject = f"{stream.camera_id}/{stream.role}/{stream.track}"
    stretches = reader.stretches(stream=stream, start_90k=-_EVER, end_90k=_EVER)
    rows = reader.explained(stream=stream, start_90k=-_EVER, end_90k=_EVER)
    expired = reader.expired(stream=stream, start_90k=-_EVER, end_90k=_EVER)
    ordered = sorted(stretches, key=lambda stretch: stretch.start_90k)
    # A run that a disk let down is carried on with its last seconds, and may come back to where they lie already.
    let_down = reader.runs_ended_by_disk(stream=stream)
    for before, after in pairwise(ordered):
        if before.end_90k - after.start_90k > coverage.JOIN_90K and before.run_id not in let_down:
            yield Finding(4, "footage_overlaps", subject, f"{after.start_90k}–{before.end_90k}")
    for row in rows:
        end_90k = _EVER if row.end_90k is None else row.end_90k
        # Stretches hardly overlap, so the ones before this place have ended before the gap began.
        first = max(0, bisect_right(ordered, row.start_90k, key=_start) - 1)
        for stretch in takewhile(lambda stretch: stretch.start_90k < end_90k, ordered[first:]):  # noqa: B023  used up
            shared_90k = min(end_90k, stretch.end_90k) - max(row.start_90k, stretch.start_90k)
            if shared_90k > coverage.JOIN_90K:
                yield Finding(4, "gap_over_footage", subject, f"gap from {row.start_90k} over {stretch.run_id}")
    if since_90k is None:
        return
    ends = [stretch.end_90k for stretch in ordered] + [row.end_90k or row.start_90k for row in rows]
    missing = coverage.unexplained(
        stretches=stretches,
        explained=rows,
        expired=expired,
        start_90k=since_90k,
        end_90k=max(ends, default=since_90k),
    )
    for first, last in missing:
        yield Finding(4, "time_unexplained", subject, f"{first}–{last}")
