"""Bringing index and files back together after a crash: close what nobody writes, adopt what nobody entered.

Deletes nothing. What it cannot explain goes to quarantine. It leaves alone every file that a living writer still locks,
so a keeper may run it at its start, when a worker is lost, and now and then, while other workers record on.
"""

import logging
import struct
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from mingjian.base.errors import MingjianError
from mingjian.base.ids import is_id
from mingjian.base.ticks import Ticks90k
from mingjian.media import fmp4_reader
from mingjian.media.fmp4_reader import Fmp4Error
from mingjian.media.fmp4_writer import codec_string
from mingjian.recordings import durable, events, fragments, identity
from mingjian.recordings.errors import RecordingsError
from mingjian.recordings.identity import FileIdentity
from mingjian.recordings.index import Index
from mingjian.recordings.model import GapCause, Recording, RecordingClosed, RecordingOpened, RunEnded
from mingjian.recordings.outbox import ReportKind
from mingjian.recordings.rebuild import Rebuilt, rebuild
from mingjian.recordings.rows import stream_key
from mingjian.recordings.writer import is_being_written

_log = logging.getLogger(__name__)

# Between making a file and locking it a writer needs microseconds; an empty file older than this was left behind.
NEWBORN_S = 60.0
_HEAD_BYTES = 4096
_DEAD_RUNS = (
    "SELECT run_id, camera_id, role, track, worker, max(run.start_90k,"
    " coalesce((SELECT max(end_90k) FROM recording WHERE recording.stream_id = run.stream_id AND state = 'closed'"
    " AND recording.start_90k >= run.start_90k AND recording.run_id = run.run_id), run.start_90k),"
    " coalesce((SELECT max(end_90k) FROM recording WHERE state = 'garbage'"
    " AND recording.run_id = run.run_id), run.start_90k))"
    " FROM run JOIN stream ON stream.id = run.stream_id WHERE run.end_90k IS NULL AND NOT EXISTS"
    " (SELECT 1 FROM recording WHERE recording.stream_id = run.stream_id AND state = 'open'"
    " AND recording.run_id = run.run_id)"
)
_WRITTEN_UNTIL = (
    "SELECT coalesce((SELECT max(end_90k) FROM recording WHERE run_id = ?1),"
    " (SELECT start_90k FROM run WHERE run_id = ?1))"
)


class Fate(StrEnum):
    """What became of a file or a row that was looked at."""

    CLOSED = "closed"
    ADOPTED = "adopted"
    LOST = "lost"
    QUARANTINED = "quarantined"
    BEING_WRITTEN = "being_written"
    FAILED = "failed"


@dataclass(slots=True)
class Salvaged:
    """How often each fate befell something. Nothing but `BEING_WRITTEN` after a quiet night."""

    fates: dict[Fate, int] = field(default_factory=dict)

    def count(self, fate: Fate) -> int:
        """Return how often."""
        return self.fates.get(fate, 0)


def salvage(index: Index) -> Salvaged:
    """Look at every open row and every unknown file of the volume, then end the runs that nobody records any more.

    A file that cannot be read or synced fails alone and is told; no sync is tried on it again in this pass. A run that
    was between two files just then is taken up again by the next file's news.
    """
    found = _look(index)
    _end_dead_runs(index)
    return found


def salvage_worker(index: Index, *, worker: str) -> Salvaged:
    """Do the same when one worker is known to be gone, ending its runs alone."""
    found = _look(index)
    _end_dead_runs(index, " AND worker IN (?, '')", worker)
    return found


def _look(index: Index) -> Salvaged:
    # Another disk in its place would seem full of strangers' files.
    index.volume.require_present()
    found = Salvaged()
    known: set[str] = {recording.recording_id for recording in index.recordings("")}
    for recording in index.open_recordings():
        _note(found, Path(recording.media_path), _closing(index, recording))
    for path in list(_unknown_files(index.volume.media, known)):
        _note(found, path, _taking_in(index, path))
    return found


def _note(found: Salvaged, path: Path, act: Callable[[], Fate]) -> None:
    try:
        fate = act()
    except (OSError, MingjianError) as error:
        _log.error("file not salvaged", extra={"path": str(path), "error": str(error)})
        fate = Fate.FAILED
    found.fates[fate] = found.count(fate) + 1


def _closing(index: Index, recording: Recording) -> Callable[[], Fate]:
    media = Path(recording.media_path)

    def act() -> Fate:
        if not media.exists():
            _lose(index, recording, reason="absent")
            return Fate.LOST
        if is_being_written(media):
            return Fate.BEING_WRITTEN
        try:
            volume = index.volume
            table = Path(recording.table_path)
            rebuilt = rebuild(media, table, quarantine=volume.quarantine, disk=volume.disk)
        except Fmp4Error as error:
            _set_aside(index, media, reason=error.code)
            _lose(index, recording, reason=error.code)
            return Fate.LOST
        _close(index, recording, rebuilt)
        return Fate.CLOSED

    return act


def _taking_in(index: Index, path: Path) -> Callable[[], Fate]:
    def act() -> Fate:
        if path.suffix != ".mp4" or not is_id(path.stem):
            return _set_aside(index, path, reason="no_recording")
        # In this order: asking for the lock of a newborn file could take it from its writer.
        if _is_newborn(index, path) or is_being_written(path):
            return Fate.BEING_WRITTEN
        return _adopt(index, path)

    return act


def _adopt(index: Index, path: Path) -> Fate:
    """Enter a file the index has never seen, if it says that it belongs here."""
    volume = index.volume
    with path.open("rb") as media:
        head = media.read(_HEAD_BYTES)
    try:
        told = identity.read(head)
        _require_ours(told, path, index)
        rebuilt = rebuild(path, path.with_suffix(".frg"), quarantine=volume.quarantine, disk=volume.disk)
        with path.open("rb") as media:
            fmt = fmp4_reader.format_of(media.read(rebuilt.records[0].length))
    except (Fmp4Error, RecordingsError) as error:
        return _set_aside(index, path, reason=error.code)
    start_90k, _ = fragments.span(rebuilt.records) or (_end_of_run(index, told), 0)
    opened = RecordingOpened(
        recording_id=told.recording_id,
        run_id=told.run_id,
        stream=told.stream,
        start_90k=Ticks90k(start_90k),
        codec=fmt.codec.value,
        codec_string=codec_string(fmt),
        width=fmt.width,
        height=fmt.height,
    )
    index.apply(opened)
    _trust(index, told, rebuilt)
    for recording in index.recordings("WHERE recording.recording_id = ?", (told.recording_id,)):
        _close(index, recording, rebuilt)
    return Fate.ADOPTED


def _end_of_run(index: Index, told: FileIdentity) -> int:
    """Return where a file that holds nothing yet belongs: behind what its run has, else where that run began.

    Later, and the run would end later too, over time of which it has nothing. At this instant only when nobody knows
    the run.
    """
    with index.transaction() as cursor:
        (known,) = next(cursor.execute(_WRITTEN_UNTIL, (told.run_id,)))
    return index.origin().at_90k if known is None else int(known)


def _trust(index: Index, told: FileIdentity, rebuilt: Rebuilt) -> None:
    """Give a run that is known from files alone the mark of its clock: that of its first fragment."""
    media = fragments.media_records(rebuilt.records)
    if media and fragments.is_clock_trusted(media[:1]):
        with index.transaction() as cursor:
            cursor.execute(
                "UPDATE run SET is_clock_trusted = 1 WHERE run_id = ? AND worker = ? AND start_90k = ?",
                (told.run_id, events.ADOPTED, media[0].first_pts_90k),
            )


def _require_ours(told: FileIdentity, path: Path, index: Index) -> None:
    ours = index.volume.identity
    expected = (ours.deployment_id, ours.volume_id, path.stem, path.parent.name)
    if (told.deployment_id, told.volume_id, told.recording_id, told.stream.camera_id) != expected:
        raise RecordingsError("recordings.identity_malformed", reason="of another place")


def _close(index: Index, recording: Recording, rebuilt: Rebuilt) -> None:
    start_90k, end_90k = fragments.span(rebuilt.records) or (recording.start_90k, recording.start_90k)
    index.apply(
        RecordingClosed(
            recording_id=recording.recording_id,
            run_id=recording.run_id,
            stream=recording.stream,
            start_90k=Ticks90k(start_90k),
            end_90k=Ticks90k(end_90k),
            size_bytes=rebuilt.size_bytes,
            fragments=len(rebuilt.records) - 1,
            samples=rebuilt.samples,
            root=rebuilt.root,
            is_salvaged=True,
            holes=tuple(fragments.holes(rebuilt.records)),
        )
    )
    _log.warning(
        "recording salvaged",
        extra={
            "recording": recording.recording_id,
            "camera": recording.stream.camera_id,
            "cut_bytes": rebuilt.cut_bytes,
            "damaged": rebuilt.damaged,
        },
    )


def _lose(index: Index, recording: Recording, *, reason: str) -> None:
    """Take back a row whose file never became durable; its seconds turn into a gap."""
    with index.transaction() as cursor:
        cursor.execute("DELETE FROM recording WHERE recording_id = ? AND state = 'open'", (recording.recording_id,))
        events.explain_loss(cursor, recording.stream, run_id=recording.run_id, origin=index.origin())
    index.report(ReportKind.RECORDING_LOST, {"recording": recording.recording_id, "reason": reason})
    _log.error("recording lost", extra={"recording": recording.recording_id, "reason": reason})


def _set_aside(index: Index, path: Path, *, reason: str) -> Fate:
    """Move a file, and the table beside a media file, to quarantine under names that are free there."""
    table, disk = path.with_suffix(".frg"), index.volume.disk
    for moved in (path, table) if path.suffix == ".mp4" and table.exists() else (path,):
        target = index.volume.quarantine / moved.name
        if target.exists():
            target = target.with_name(f"{time.time_ns()}-{moved.name}")
        disk.rename(moved, target)
    durable.sync_directory(index.volume.quarantine, disk=disk)
    durable.sync_directory(path.parent, disk=disk)
    index.report(ReportKind.FILE_QUARANTINED, {"file": path.name, "camera": path.parent.name, "reason": reason})
    _log.error("file set aside", extra={"path": str(path), "reason": reason})
    return Fate.QUARANTINED


def _end_dead_runs(index: Index, condition: str = "", *bindings: str) -> None:
    """End each run that has no end and no recording still open: its worker is gone."""
    with index.transaction() as cursor:
        dead = list(cursor.execute(_DEAD_RUNS + condition, bindings))
        for run_id, camera_id, role, track, worker, end_90k in dead:
            ended = RunEnded(
                run_id=run_id,
                stream=stream_key(camera_id, role, track),
                end_90k=Ticks90k(end_90k),
                # Of a run known from its files alone nobody can say how it ended.
                cause=GapCause.UNKNOWN if worker == events.ADOPTED else GapCause.RECORDER_DOWN,
                detail=events.SALVAGED,
            )
            events.apply(cursor, ended, origin=index.origin())


def _unknown_files(media: Path, known: set[str]) -> Iterator[Path]:
    """Yield files below the media directory that belong to no row; a table goes with the media beside it."""
    for camera in sorted(path for path in media.iterdir() if path.is_dir()):
        # In the order of their times, as they would have been told of: a gap lies between a run and the next one.
        for path in sorted(camera.iterdir(), key=lambda path: (_begun(path), path)):
            is_beside_media = path.suffix == ".frg" and path.with_suffix(".mp4").exists()
            if path.stem not in known and not is_beside_media:
                yield path


def _begun(path: Path) -> int:
    """Return when a file's footage begins, by its table; 0 when that cannot be told."""
    try:
        with path.with_suffix(".frg").open("rb") as table:
            table.seek(fragments.HEADER_BYTES + fragments.RECORD_BYTES)
            record = fragments.decode_record(table.read(fragments.RECORD_BYTES))
    except (OSError, struct.error):
        return 0
    return 0 if record is None else record.first_dts_90k


def _is_newborn(index: Index, path: Path) -> bool:
    return path.stat().st_size == 0 and index.volume.disk.age_s(path) < NEWBORN_S
