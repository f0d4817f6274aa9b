"""Reading closed footage again in rotation, so that silent damage is known while another copy may still be had.

What is damaged becomes a hole of its recording: a gap with the cause `disk` on every page, skipped by every reader, and
a report to the ledger that names the fragments. The files stay as they are. The hole reaches to the next sync sample:
what follows a damaged picture cannot be shown without it. Found whole again, the hole and the gap go.
"""

import json
import logging
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import apsw

from mingjian.recordings import contents, days, fragments, outbox
from mingjian.recordings.contents import Damage
from mingjian.recordings.coverage import JOIN_90K
from mingjian.recordings.errors import RecordingsError
from mingjian.recordings.index import Index
from mingjian.recordings.model import FLAG_SYNC_FIRST, Recording
from mingjian.recordings.outbox import ReportKind

ROTATION_DAYS = 30
SLOWEST_BYTES_PER_S, FASTEST_BYTES_PER_S = 256 << 10, 32 << 20
_STATE_KEY = "scrub"
# Where it is, is written down now and then; what was read since is read again after a restart.
_NOTE_EVERY_S = 60.0
_IDLE_S = 60.0
_NAMED_RECORDS = 20
_REFUSED_IN_A_ROW = 8

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the rotation is. `ended_at_90k` is the end of the last whole round, None before the first."""

    read_bytes: int
    of_bytes: int
    began_at_90k: int
    ended_at_90k: int | None
    damaged: int


class _Stopped(Exception):
    """The keeper ends; the file under way is begun again by the next one."""


class Scrub:
    """The rotation over one volume, for a thread of its own. `bytes_per_s` 0: a whole round in `ROTATION_DAYS`."""

    def __init__(self, *, index: Index, bytes_per_s: int, wait: Callable[[float], bool]) -> None:
        """Take up the rotation where the last keeper left it. `wait` sleeps, and says that it is time to stop."""
        self._index = index
        self._wait = wait
        self._bytes_per_s = bytes_per_s
        told = json.loads(index.note(_STATE_KEY) or "{}")
        self._after: str = told.get("after", "")
        self._read_bytes: int = told.get("read_bytes", 0)
        self._began_at_90k: int = told.get("began_at_90k", index.origin().at_90k)
        self._ended_at_90k: int | None = told.get("ended_at_90k")
        self._noted_s = time.monotonic()
        self._refused = 0
        self._lock = threading.Lock()
        self._progress = self._measure()

    @property
    def progress(self) -> Progress:
        """How far it is, as of the last file."""
        with self._lock:
            return self._progress

    def run(self) -> None:
        """Read until told to stop. Raises what the index raises."""
        try:
            while not self._wait(0.0):
                try:
                    is_more = self.step()
                except RecordingsError as error:
                    _log.error("footage not read again", extra={"reason": str(error)})
                    is_more = False
                if not is_more:
                    self._pause(_IDLE_S)
        except _Stopped:
            pass
        self._note()

    def step(self) -> bool:
        """Read one recording; return False when the round was at its end, or there is nothing."""
        found = self._index.recordings(
            "WHERE +state = 'closed' AND recording.recording_id > ? ORDER BY recording.recording_id LIMIT 1",
            (self._after,),
        )
        for recording in found:
            self._look(recording)
            self._after = recording.recording_id
            if time.monotonic() - self._noted_s >= _NOTE_EVERY_S:
                self._note()
            return True
        if self._after:
            self._ended_at_90k = self._index.origin().at_90k
            _log.info("footage read again", extra={"bytes": self._read_bytes})
        self._after, self._read_bytes, self._began_at_90k = "", 0, self._index.origin().at_90k
        self._note()
        return False

    def _look(self, recording: Recording) -> None:
        damages = self._damages(recording)
        is_refused = any(damage.finding.code in contents.UNREADABLE for damage in damages)
        self._refused = self._refused + 1 if is_refused else 0
        if self._refused > _REFUSED_IN_A_ROW:
            # Not the files then but the disk, which others tell of; nothing is known of what lies on it.
            _log.error("footage not read again", extra={"refused": self._refused})
            self._pause(_IDLE_S)
            return
        holes = _holes(recording, damages)
        if set(holes) == self._known(recording):
            return
        with self._index.transaction() as cursor:
            self._enter(cursor, recording, damages, holes)
        if damages:
            codes = sorted({damage.finding.code for damage in damages})
            extra = {
                "recording": recording.recording_id,
                "camera": recording.stream.camera_id,
                "codes": " ".join(codes),
            }
            _log.error("footage damaged", extra=extra)

    def _damages(self, recording: Recording) -> list[Damage]:
        try:
            found = list(contents.damages(recording, read=self._pace))
        except FileNotFoundError as error:
            found = [contents.missing(recording, Path(error.filename or "").name)]
        if not any(damage.finding.code == "file_missing" for damage in found):
            return found
        # Deleted meanwhile, by the gate: then the row is gone, or on its way. Or all files are gone, with the disk.
        self._index.volume.require_present()
        return found if self._is_closed(recording) else []

    def _pace(self, length: int) -> None:
        self._read_bytes += length
        self._pause(length / self._rate)

    @property
    def _rate(self) -> float:
        if self._bytes_per_s:
            return self._bytes_per_s
        wanted = self._progress.of_bytes / (ROTATION_DAYS * 86_400)
        return max(SLOWEST_BYTES_PER_S, min(FASTEST_BYTES_PER_S, wanted))

    def _pause(self, seconds: float) -> None:
        if self._wait(seconds):
            raise _Stopped

    def _is_closed(self, recording: Recording) -> bool:
        condition = "WHERE recording.recording_id = ? AND state = 'closed'"
        return bool(self._index.recordings(condition, (recording.recording_id,)))

    def _known(self, recording: Recording) -> set[tuple[int, int]]:
        with self._index.transaction() as cursor:
            condition = "SELECT start_90k, end_90k FROM hole WHERE recording_id = ? AND is_damage"
            return set(cursor.execute(condition, (recording.recording_id,)))

    def _enter(
        self, cursor: apsw.Cursor, recording: Recording, damages: list[Damage], holes: list[tuple[int, int]]
    ) -> None:
        found = cursor.execute(
            "SELECT stream_id FROM recording WHERE recording_id = ? AND state = 'closed'", (recording.recording_id,)
        )
        stream_id = next((int(row[0]) for row in found), None)
        if stream_id is None:
            return
        cursor.execute("DELETE FROM hole WHERE recording_id = ? AND is_damage", (recording.recording_id,))
        cursor.executemany(
            "INSERT OR REPLACE INTO hole (recording_id, start_90k, end_90k, is_damage) VALUES (?, ?, ?, 1)",
            [(recording.recording_id, first, last) for first, last in holes],
        )
        start_90k, end_90k = recording.start_90k, recording.end_90k or recording.start_90k
        days.roll_up(cursor, stream_id, start_90k=start_90k, end_90k=end_90k)
        body = outbox.stream_facts(recording.stream) | {"recording": recording.recording_id, "root": recording.root}
        kind = ReportKind.RECORDING_WHOLE_AGAIN
        if damages:
            kind = ReportKind.RECORDING_DAMAGED
            named = [str(damage.record) for damage in damages if damage.record is not None]
            body |= {
                "codes": " ".join(sorted({damage.finding.code for damage in damages})),
                "records": " ".join(named[:_NAMED_RECORDS]),
                "detail": damages[0].finding.detail,
                "start_90k": min((first for first, _ in holes), default=start_90k),
                "end_90k": max((last for _, last in holes), default=end_90k),
            }
        outbox.append(cursor, kind=kind, body=body, at_90k=self._index.origin().at_90k)

    def _note(self) -> None:
        self._noted_s = time.monotonic()
        state = {
            "after": self._after,
            "read_bytes": self._read_bytes,
            "began_at_90k": self._began_at_90k,
            "ended_at_90k": self._ended_at_90k,
        }
        self._index.keep_note(_STATE_KEY, json.dumps(state))
        measured = self._measure()
        with self._lock:
            self._progress = measured

    def _measure(self) -> Progress:
        with self._index.transaction() as cursor:
            of_bytes, damaged = next(
                cursor.execute(
                    "SELECT (SELECT coalesce(sum(size_bytes), 0) FROM recording WHERE state = 'closed'),"
                    " (SELECT count(DISTINCT recording_id) FROM hole WHERE is_damage)"
                )
            )
        return Progress(self._read_bytes, of_bytes, self._began_at_90k, self._ended_at_90k, damaged)


def _holes(recording: Recording, damages: Iterable[Damage]) -> list[tuple[int, int]]:
    """Return the spans that cannot be shown: from each damaged fragment to the next sync sample, or all of it."""
    start_90k, end_90k = recording.start_90k, recording.end_90k or recording.start_90k
    numbers = {damage.record for damage in damages}
    if not numbers:
        return []
    # Without init segment or table nothing can be shown; and a row with another root is not of this file.
    if None in numbers or 0 in numbers:
        return [(start_90k, end_90k)] if end_90k > start_90k else []
    try:
        records = fragments.read_table(Path(recording.table_path))
    except (RecordingsError, OSError):
        return [(start_90k, end_90k)]
    delay_90k = fragments.delay(records)
    found: list[tuple[int, int]] = []
    for number in sorted(number for number in numbers if number is not None):
        first = records[number].first_dts_90k + delay_90k
        following = (record for record in records[number + 1 :] if record.flags & FLAG_SYNC_FIRST)
        last = next((record.first_dts_90k + delay_90k for record in following), end_90k)
        # A span shorter than this would be taken for the rounding between two files, and joined.
        first = min(first, last - JOIN_90K - 1)
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        elif last > first:
            found.append((first, last))
    return found
