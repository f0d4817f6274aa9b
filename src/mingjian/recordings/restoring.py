"""An index made anew from the files, and what has to be told to it again because no file knows it.

`compare` reads every file and says where its row is another one; nothing is written. `renew` sets an index aside and
makes one from the files; `retell` gives it back, from reports that the ledger kept, what was let go and why there are
gaps. The other things no file knows are declared in `UNKNOWN_TO_FILES`.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import apsw

from mingjian.ledger import merkle
from mingjian.media import fmp4_reader
from mingjian.media.fmp4_reader import Fmp4Error
from mingjian.media.fmp4_writer import codec_string
from mingjian.recordings import days, deletion, durable, events, fragments, identity, salvage
from mingjian.recordings.coverage import JOIN_90K
from mingjian.recordings.errors import RecordingsError
from mingjian.recordings.index import Index
from mingjian.recordings.inspection import Inspector
from mingjian.recordings.model import GapCause, StreamKey
from mingjian.recordings.rows import stream_key
from mingjian.recordings.salvage import Salvaged
from mingjian.recordings.volume import Volume
from mingjian.recordings.writer import is_being_written

# What of an index no file knows, and from where it comes again.
UNKNOWN_TO_FILES = {
    "hold": "the plan; released ones stay in the ledger",
    "stream.planned_since_90k, planned_until_90k, floor_90k": "the plan",
    "gap.cause, detail": "the ledger (retell)",
    "expired": "the ledger (retell)",
    "run.end_cause, end_detail, camera_claim_90k, worker": "nowhere: unknown, and an empty worker",
    "run of which every file was let go": "nowhere; its time is expired",
    "recording.is_salvaged, host, epoch": "nowhere: salvaged, by this host now",
    "hole.is_damage": "the next round of the scrub",
    "garbage": "nowhere: the gate decides again",
    "deletion": "nowhere: the brake counts from now",
    "outbox": "nowhere: what the ledger had not been told yet; each file is told anew, as salvaged",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """A row that the files would not give again: of which recording, in which field, and both values."""

    recording_id: str
    field: str
    in_index: str
    in_file: str


@dataclass(frozen=True, slots=True)
class Retold:
    """One report that the ledger kept: a gap that closed with its cause, or (cause None) a recording let go."""

    stream: StreamKey
    start_90k: int
    end_90k: int
    cause: GapCause | None
    detail: str


def compare(volume: Volume) -> tuple[int, list[Difference]]:
    """Return how many closed files were read, and every field in which their rows are not what the files say."""
    found: list[Difference] = []
    count = 0
    with Inspector(volume.path) as reader:
        for recording_id, row in reader.closed_rows():
            count += 1
            media = volume.media_path(camera_id=row["camera_id"], recording_id=recording_id)
            try:
                told = _of_file(media)
            except (OSError, RecordingsError, Fmp4Error) as error:
                found.append(Difference(recording_id, "file", "closed", str(error)))
                continue
            found += [
                Difference(recording_id, field, str(row[field]), str(value))
                for field, value in told.items()
                if row[field] != value
            ]
        for path in sorted(volume.media.glob("*/*.mp4")):
            if reader.placed_one(recording_id=path.stem) is None and not is_being_written(path):
                found.append(Difference(path.stem, "file", "no row", path.name))
    return count, found


def _of_file(media: Path) -> dict[str, Any]:
    """Return the columns of a closed recording's row, with those of its stream, as its two files tell them."""
    records = fragments.read_table(media.with_suffix(".frg"))
    with media.open("rb") as file:
        init = file.read(records[0].length)
        size_bytes = file.seek(0, 2)
    told, shape = identity.read(init), fmp4_reader.format_of(init)
    start_90k, end_90k = fragments.span(records) or (0, 0)
    return {
        "run_id": told.run_id,
        "camera_id": told.stream.camera_id,
        "role": told.stream.role.value,
        "track": told.stream.track,
        "start_90k": start_90k,
        "end_90k": end_90k,
        "codec": shape.codec.value,
        "codec_string": codec_string(shape),
        "width": shape.width,
        "height": shape.height,
        "size_bytes": size_bytes,
        "fragments": len(records) - 1,
        "samples": sum(record.samples for record in records),
        "root": merkle.root(record.sha256 for record in records).hex(),
        "holes": tuple(fragments.holes(records)),
    }


def set_aside(volume: Volume) -> list[Path]:
    """Move the index to quarantine and return where it lies now. The caller owns the volume."""
    moved: list[Path] = []
    for path in sorted(volume.path.glob("index.db*")):
        target = volume.quarantine / f"{time.time_ns()}-{path.name}"
        path.rename(target)
        moved.append(target)
    durable.sync_directory(volume.quarantine)
    durable.sync_directory(volume.path)
    return moved


def renew(index: Index, *, adopt_plan: Callable[[Index], None]) -> Salvaged:
    """Fill an empty index from the files. First the plan: it says since when each second counts."""
    adopt_plan(index)
    return salvage.salvage(index)


def retell(index: Index, reports: Iterable[Retold]) -> int:
    """Enter what was let go and why there are gaps, where the index knows no better; return how many fitted.

    A report about seconds that are footage now, or explained already, changes nothing.
    """
    entered = 0
    with index.transaction() as cursor:
        for report in reports:
            stream = events.ensure_stream(cursor, report.stream)
            if report.cause is None:
                deletion.note_expired(cursor, stream.id, start_90k=report.start_90k, end_90k=report.end_90k)
                first, last = report.start_90k - JOIN_90K, report.end_90k + JOIN_90K
                days.roll_up(cursor, stream.id, start_90k=first, end_90k=last)
            pieces = list(_carved(cursor, stream.id, report))
            entered += bool(pieces) or report.cause is None
    return entered


def _carved(cursor: apsw.Cursor, stream_id: int, report: Retold) -> Iterator[tuple[int, int]]:
    """Cut a report's span out of the gaps without a cause, and enter its cause there."""
    condition = (
        "SELECT id, start_90k, end_90k FROM gap WHERE stream_id = ? AND cause = ? AND end_90k IS NOT NULL"
        " AND start_90k < ? AND end_90k > ?"
    )
    bindings = (stream_id, GapCause.UNKNOWN.value, report.end_90k, report.start_90k)
    for gap_id, start_90k, end_90k in list(cursor.execute(condition, bindings)):
        cursor.execute("DELETE FROM gap WHERE id = ?", (gap_id,))
        first, last = max(start_90k, report.start_90k), min(end_90k, report.end_90k)
        left = [(start_90k, first, GapCause.UNKNOWN, ""), (last, end_90k, GapCause.UNKNOWN, "")]
        if report.cause is not None:
            left.append((first, last, report.cause, report.detail))
        cursor.executemany(
            "INSERT INTO gap (stream_id, start_90k, end_90k, cause, detail) VALUES (?, ?, ?, ?, ?)",
            [(stream_id, begin, end, cause.value, detail) for begin, end, cause, detail in left if begin < end],
        )
        yield first, last


def retold(*, kind: str, facts: dict[str, Any]) -> Retold | None:
    """Return what a report of the ledger tells an index again, None when it tells nothing of that kind."""
    if kind not in ("recording_deleted", "gap_closed"):
        return None
    cause = GapCause(facts["cause"]) if kind == "gap_closed" else None
    return Retold(
        stream=stream_key(facts["camera"], facts["role"], facts["track"]),
        start_90k=int(facts["start_90k"]),
        end_90k=int(facts["end_90k"]),
        cause=cause,
        detail=str(facts.get("detail", "")),
    )
