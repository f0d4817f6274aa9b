"""Letting footage go: the oldest beyond its floor under pressure, or past a signed ceiling, with a brake."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass

from mingjian.base.ticks import TICKS_PER_S
from mingjian.recordings import deletion, projection
from mingjian.recordings.gate import DeletionReason, Refusal
from mingjian.recordings.index import Index
from mingjian.recordings.levels import VolumeLevel
from mingjian.recordings.model import Recording
from mingjian.recordings.outbox import ReportKind

_log = logging.getLogger(__name__)

DAY_90K = 86_400 * TICKS_PER_S
# Our default for telling people that footage has outlived its purpose; only a signed ceiling deletes.
WARNING_CEILING_90K = 180 * DAY_90K
# Within this window deletions may not exceed twice what came in plus a tenth of what is there: a wrong clock, plan or
# budget then costs hours in which somebody sees the report, not the archive.
BRAKE_WINDOW_90K = 3_600 * TICKS_PER_S
_BATCH = 256


@dataclass(frozen=True, slots=True)
class RetentionPass:
    """What one pass did. `lacking_bytes` is what pressure still asks for and neither floor nor hold gives."""

    deleted: int
    deleted_bytes: int
    lacking_bytes: int
    level: VolumeLevel
    is_braked: bool
    over_ceiling: int


class Retention:
    """The passes of one keeper over its volume. Remembers only what it has told already."""

    def __init__(self, *, index: Index) -> None:
        self._index = index
        self._was_braked = False
        self._was_over_ceiling = False
        self._was_full_in_sight = False

    def run_pass(self, *, now_90k: int, ceiling_90k: int | None, leapt_90k: int = 0) -> RetentionPass:
        """Delete what must and may go, publish the volume's level, and say what was done.

        `now_90k` is the instant by which footage may be called old, and the timeline is `leapt_90k` ahead of it;
        `ceiling_90k` is the signed purge ceiling, None without one. Raises OSError when the file system refuses,
        RecordingsError when another disk lies here; what was begun is finished by the next pass.
        """
        index = self._index
        index.volume.require_present()
        deletion.finish(index)
        budget = _Brake(index, now_90k=now_90k, leapt_90k=leapt_90k)
        tally = _Tally()
        if ceiling_90k is not None:
            for recording in _candidates(index, now_90k - ceiling_90k, now_90k=now_90k):
                self._try(recording, reason=DeletionReason.CEILING, now_90k=now_90k, brake=budget, tally=tally)
                if budget.is_on:
                    break
        wanted = index.volume.excess_bytes(used_bytes=index.used_bytes())
        freed_before = tally.size_bytes
        if wanted:
            for recording in _candidates(index, now_90k, now_90k=now_90k):
                if budget.is_on or tally.size_bytes - freed_before >= wanted:
                    break
                self._try(recording, reason=DeletionReason.PRESSURE, now_90k=now_90k, brake=budget, tally=tally)
        lacking_bytes = max(0, wanted - (tally.size_bytes - freed_before))
        return RetentionPass(
            deleted=tally.count,
            deleted_bytes=tally.size_bytes,
            lacking_bytes=lacking_bytes,
            level=self._publish_level(now_90k, leapt_90k),
            is_braked=self._tell_brake(budget),
            over_ceiling=self._tell_ceiling(now_90k),
        )

    def _try(
        self, recording: Recording, *, reason: DeletionReason, now_90k: int, brake: "_Brake", tally: "_Tally"
    ) -> None:
        permit = deletion.ask(self._index, recording, reason=reason, now_90k=now_90k)
        if isinstance(permit, Refusal):
            return
        size_bytes = recording.size_bytes or 0
        if not brake.allows(size_bytes):
            return
        deletion.delete(self._index, recording, permit=permit)
        brake.spend(size_bytes)
        tally.add(size_bytes)
        _log.info(
            "recording deleted",
            extra={
                "recording": recording.recording_id,
                "camera": recording.stream.camera_id,
                "reason": reason.value,
                "size_bytes": size_bytes,
            },
        )

    def _publish_level(self, now_90k: int, leapt_90k: int) -> VolumeLevel:
        index = self._index
        full_in_days = projection.project(index, now_90k=now_90k, leapt_90k=leapt_90k)
        if full_in_days is not None and not self._was_full_in_sight:
            _log.error("volume will be full of what may not be deleted", extra={"days": full_in_days})
        self._was_full_in_sight = full_in_days is not None
        used_bytes = index.used_bytes()
        level = index.volume.level(used_bytes=used_bytes)
        before = index.volume.published_level()
        if level is not before:
            index.report(
                ReportKind.LEVEL_CHANGED, {"before": before.value, "level": level.value, "used_bytes": used_bytes}
            )
            _log.warning("volume level changed", extra={"before": before.value, "level": level.value})
        index.volume.publish_level(level, full_in_days=full_in_days)
        return level

    def _tell_brake(self, brake: "_Brake") -> bool:
        if brake.is_on and not self._was_braked:
            self._index.report(
                ReportKind.DELETION_BRAKED,
                {"allowed_bytes": brake.allowed_bytes, "spent_bytes": brake.spent_bytes},
            )
            _log.error("mass deletion braked", extra={"allowed_bytes": brake.allowed_bytes})
        self._was_braked = brake.is_on
        return brake.is_on

    def _tell_ceiling(self, now_90k: int) -> int:
        over = sum(1 for _ in _closed_before(self._index, now_90k - WARNING_CEILING_90K))
        if over and not self._was_over_ceiling:
            self._index.report(ReportKind.CEILING_PASSED, {"recordings": over})
            _log.warning("footage is older than the warning ceiling", extra={"recordings": over})
        self._was_over_ceiling = bool(over)
        return over


@dataclass(slots=True)
class _Tally:
    count: int = 0
    size_bytes: int = 0

    def add(self, size_bytes: int) -> None:
        self.count += 1
        self.size_bytes += size_bytes


class _Brake:
    """How many bytes may still be deleted in this window; the first recording of a pass always may."""

    def __init__(self, index: Index, *, now_90k: int, leapt_90k: int) -> None:
        since_90k = now_90k - BRAKE_WINDOW_90K
        closed_bytes, intake_bytes, self.spent_bytes = index.turnover(
            since_90k=since_90k, ended_since_90k=since_90k + leapt_90k
        )
        self.allowed_bytes = 2 * intake_bytes + (closed_bytes + self.spent_bytes) // 10
        self.is_on = False
        self._is_first = True

    def allows(self, size_bytes: int) -> bool:
        self.is_on = not self._is_first and self.spent_bytes + size_bytes > self.allowed_bytes
        return not self.is_on

    def spend(self, size_bytes: int) -> None:
        self.spent_bytes += size_bytes
        self._is_first = False


def _candidates(index: Index, end_90k: int, *, now_90k: int) -> Iterator[Recording]:
    """Yield closed recordings that ended by then and are past their floor, oldest first; the gate is still asked.

    A volume full of younger ones has hundreds of thousands of them: they are not all to be asked about every minute.
    """
    return _closed(index, end_90k, "AND end_90k + stream.floor_90k <= ?", now_90k)


def _closed_before(index: Index, end_90k: int) -> Iterator[Recording]:
    """Yield closed recordings that ended by then, oldest first."""
    return _closed(index, end_90k, "")


def _closed(index: Index, end_90k: int, condition: str, *bindings: int) -> Iterator[Recording]:
    """Yield in batches, while others are being deleted."""
    after = (-(1 << 62), "")
    while True:
        batch = index.recordings(
            f"WHERE state = 'closed' AND end_90k <= ? AND (end_90k, recording.recording_id) > (?, ?) {condition}"
            " ORDER BY end_90k, recording.recording_id LIMIT ?",
            (end_90k, *after, *bindings, _BATCH),
        )
        yield from batch
        if len(batch) < _BATCH:
            return
        after = (batch[-1].end_90k or 0, batch[-1].recording_id)
