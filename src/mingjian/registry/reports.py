"""Following each volume's outbox into the ledger: at least once, idempotent, in the volume's order.

Deletions, gaps, holds and whatever needs a person become one entry each; the roots of closed recordings wait for the
roll-up of their hour. Starts and ends of runs stay in the index: the gap between them is what matters.
"""

from collections.abc import Sequence
from pathlib import Path

from django.db import transaction

from mingjian.base.clock import Clock
from mingjian.base.ids import VolumeId
from mingjian.host.home import Home
from mingjian.people import acts
from mingjian.recordings import asking, following, outbox
from mingjian.recordings.outbox import Position, Report, ReportKind
from mingjian.registry import rollups
from mingjian.registry.models import Hold, ReportCursor, Volume

BATCH = 200
# Each of these is told by the roll-up of its hour, or not at all.
_NO_ENTRY = frozenset(
    {ReportKind.RECORDING_CLOSED, ReportKind.RUN_STARTED, ReportKind.RUN_ENDED, ReportKind.GAP_CAUSE_LEARNED}
)


def follow(volume: Volume, *, home: Home, clock: Clock) -> int:
    """Tell the ledger what the volume reported since the last call; return how many reports were taken.

    The position and the entries share one transaction, so that nothing is told twice or never; afterwards the keeper
    is told the position. Raises RecordingsError when the index cannot be read.
    """
    taken, position = _take(volume, clock=clock)
    if taken:
        outbox.write_position(home.report_position(str(volume.pk)), position)
    return taken


def _take(volume: Volume, *, clock: Clock) -> tuple[int, Position]:
    with transaction.atomic():
        cursor, _is_new = ReportCursor.objects.select_for_update().get_or_create(volume=volume)
        path, volume_id = Path(volume.path), VolumeId(str(volume.pk))
        told = Position(cursor.series, cursor.last_id)
        reports, reached = asking.ask(
            path, lambda: following.read_on(path, volume_id=volume_id, position=told, limit=BATCH)
        )
        if reports:
            _tell(volume, reports, at_90k=clock.utc())
            cursor.series, cursor.last_id = reached.series, reached.upto_id
            cursor.save(update_fields=["series", "last_id"])
    return len(reports), reached


def _tell(volume: Volume, reports: Sequence[Report], *, at_90k: int) -> None:
    for report in reports:
        if report.kind in _NO_ENTRY:
            continue
        _note_hold(report)
        acts.record(
            kind=f"recordings.{report.kind.value}",
            actor=acts.CLERK,
            subject=_subject(volume, report),
            facts={
                **report.body,
                "volume": str(volume.pk),
                "report": report.report_id,
                "reported_at_90k": report.created_at_90k,
            },
            at_90k=at_90k,
        )
    rollups.take(volume, reports, at_90k=at_90k)


def _note_hold(report: Report) -> None:
    if report.kind is ReportKind.HOLD_ACKNOWLEDGED:
        Hold.objects.filter(pk=str(report.body["hold"]), acknowledged_at_90k__isnull=True).update(
            acknowledged_at_90k=report.created_at_90k
        )
    if report.kind is ReportKind.HOLD_RELEASED:
        Hold.objects.filter(
            pk=str(report.body["hold"]), released_at_90k__isnull=False, release_acknowledged_at_90k__isnull=True
        ).update(release_acknowledged_at_90k=report.created_at_90k)


def _subject(volume: Volume, report: Report) -> str:
    camera = report.body.get("camera")
    return f"camera:{camera}" if camera else f"volume:{volume.pk}"
