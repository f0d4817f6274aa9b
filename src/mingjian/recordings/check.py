"""Checking a volume against the numbered invariants, without writing anything: quickly, or byte by byte."""

from bisect import bisect_right
from collections.abc import Callable, Iterator
from itertools import pairwise, takewhile

from mingjian.recordings import contents, coverage, presence
from mingjian.recordings.coverage import Stretch
from mingjian.recordings.errors import RecordingsError
from mingjian.recordings.findings import Finding, Progress, Tell, untold
from mingjian.recordings.inspection import Inspector
from mingjian.recordings.model import Recording, StreamKey
from mingjian.recordings.reader import IndexReader
from mingjian.recordings.volume import Volume

_EVER = 1 << 62
# Often enough for whoever waits, seldom enough to cost nothing.
_TELL_EVERY_BYTES = 64 << 20


def check(volume: Volume, *, tell: Tell = untold) -> list[Finding]:
    """Return what is wrong on a volume; an empty list when nothing is. May run while recorders write.

    Reads every closed byte. Raises RecordingsError when there is no index to check against.
    """
    found = check_presence(volume, tell=tell)
    inside = _unless_damaged(volume, lambda reader: _contents(reader, tell=tell))
    # A file cut short shows by its size already.
    known = {(finding.code, finding.subject) for finding in found}
    return found + [finding for finding in inside if (finding.code, finding.subject) not in known]


def check_presence(volume: Volume, *, tell: Tell = untold) -> list[Finding]:
    """Return what is wrong without opening a file of footage: rows, sizes, strangers' files, seconds nobody explains.

    Half a million files take seconds. Raises as `check` does.
    """
    return _unless_damaged(volume, lambda reader: _rows_and_files(volume, reader, tell=tell))


def _unless_damaged(volume: Volume, look: Callable[[Inspector], Iterator[Finding]]) -> list[Finding]:
    try:
        with Inspector(volume.path) as reader:
            return list(look(reader))
    except RecordingsError as error:
        if error.code != "recordings.index_unreadable":
            raise
        return [Finding(6, "index_damaged", "index.db", str(error.facts["reason"]))]


def _rows_and_files(volume: Volume, reader: Inspector, *, tell: Tell) -> Iterator[Finding]:
    for line in reader.integrity_errors():
        yield Finding(6, "index_damaged", "index.db", line)
    yield from _identity(volume, reader)
    yield from presence.files(volume, reader, tell=tell)
    for stream in reader.streams():
        yield from _stream(reader, stream)
        yield from _days(reader, stream)


def _contents(reader: Inspector, *, tell: Tell) -> Iterator[Finding]:
    count, size_bytes = reader.totals_closed()
    read_bytes, told_bytes = 0, 0

    def note(length: int) -> None:
        nonlocal read_bytes, told_bytes
        read_bytes += length
        if read_bytes - told_bytes >= _TELL_EVERY_BYTES:
            told_bytes = read_bytes
            tell(Progress(2 * count, 2 * count, read_bytes, size_bytes))

    for recording in reader.closed():
        found = _of_one(recording, note)
        # A row that was deleted meanwhile was read half before, half after.
        if found and reader.recording(recording_id=recording.recording_id) == recording:
            yield from found
    tell(Progress(2 * count, 2 * count, read_bytes, size_bytes))


def _of_one(recording: Recording, read: contents.Read) -> list[Finding]:
    try:
        return [damage.finding for damage in contents.damages(recording, read=read)]
    except FileNotFoundError:
        return []  # told already


def _identity(volume: Volume, reader: IndexReader) -> Iterator[Finding]:
    told = (reader.meta("deployment_id"), reader.meta("volume_id"))
    if told != (volume.identity.deployment_id, volume.identity.volume_id):
        yield Finding(6, "index_foreign", "index.db", f"belongs to volume {told[1]}")


def _start(stretch: Stretch) -> int:
    return stretch.start_90k


def _days(reader: IndexReader, stream: StreamKey) -> Iterator[Finding]:
    """Check that the sums of each day are what the rows say."""
    for day_90k in reader.differing_days(stream=stream):
        subject = f"{stream.camera_id}/{stream.role}/{stream.track}"
        yield Finding(4, "day_differs", subject, f"the day from {day_90k} is not the sum of its rows")


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
        is_told = before.run_id in let_down or after.run_id in let_down
        if before.end_90k - after.start_90k > coverage.JOIN_90K and not is_told:
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
