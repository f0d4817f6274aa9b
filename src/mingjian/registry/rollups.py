"""Hourly roll-ups: the roots of all files that a volume closed, under one root in the ledger; each exactly once.

What a volume reports is kept as it comes, in the transaction that moves the position in its outbox. Once an hour is
over, everything that waits and belongs to it, or to an earlier one, goes into one entry. So a file whose news came late
(a volume that was away, a clerk that was down, a salvage) goes into a later hour's, and the entry says how many did.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Min, Q, QuerySet

from mingjian.base.clock import Clock
from mingjian.base.ticks import TICKS_PER_S
from mingjian.ledger import rollup
from mingjian.people import acts
from mingjian.recordings.outbox import Report, ReportKind
from mingjian.registry.models import RecordedRoot, ReportCursor, Rollup, Volume

HOUR_90K = 3_600 * TICKS_PER_S
# The news of the hour's last files has to come through first.
GRACE_90K = 120 * TICKS_PER_S
# A path is as quick to find in the first roll-up after a week without a clerk.
MOST_FILES = 50_000
ROLLED_UP = frozenset({ReportKind.RECORDING_CLOSED, ReportKind.RECORDING_SALVAGED})
CHANGED_KIND = "recordings.root_changed"


@dataclass(frozen=True, slots=True)
class Proved:
    """Where a recording stands: the root of its roll-up, its own root, and the path from one to the other."""

    rollup_root: str
    root: str
    path: rollup.Path


@dataclass(frozen=True, slots=True)
class VolumeRollups:
    """How roll-ups of a volume stand: the last one, None before the first, and what waits since when."""

    volume: Volume
    last: Rollup | None
    waiting: int
    waiting_since_90k: int | None


def take(volume: Volume, reports: Sequence[Report], *, at_90k: int) -> None:
    """Keep the roots of files that a volume tells of, within the caller's transaction; what is known counts once.

    A file told of with another root than before is no longer what it was: that is an entry of its own.
    """
    told = [_row(volume, report, at_90k=at_90k) for report in reports if report.kind in ROLLED_UP]
    if not told:
        return
    known: dict[UUID, set[bytes]] = {}
    for row in RecordedRoot.objects.filter(recording__in=[row.recording for row in told]):
        known.setdefault(row.recording, set()).add(bytes(row.root))
    for row in told:
        before = known.setdefault(row.recording, set())
        if bytes(row.root) in before:
            continue
        if before:
            _record_change(volume, row, before=before, at_90k=at_90k)
        row.save(force_insert=True)
        before.add(bytes(row.root))


def roll_up(*, clock: Clock) -> int:
    """Write the entries that are due, one per volume and hour, more after days of silence; return how many.

    The clerk's work.
    """
    now_90k = clock.utc()
    end_90k = (now_90k - GRACE_90K) // HOUR_90K * HOUR_90K
    waiting = _due(end_90k).order_by("volume").values_list("volume", flat=True).distinct()
    return sum(_roll_up(volume_id, end_90k=end_90k, now_90k=now_90k) for volume_id in list(waiting))


def standing() -> list[VolumeRollups]:
    """Return how the roll-ups of every volume stand, by name."""
    last = {one.volume_id: one for one in Rollup.objects.order_by("volume", "-number").distinct("volume")}
    waiting = {
        row["volume"]: row
        for row in RecordedRoot.objects.filter(rollup=None)
        .values("volume")
        .annotate(count=Count("pk"), since=Min("taken_at_90k"))
    }
    return [
        VolumeRollups(
            volume=volume,
            last=last.get(volume.pk),
            waiting=waiting[volume.pk]["count"] if volume.pk in waiting else 0,
            waiting_since_90k=waiting[volume.pk]["since"] if volume.pk in waiting else None,
        )
        for volume in Volume.objects.order_by("name")
    ]


def is_late(one: VolumeRollups, *, now_90k: int) -> bool:
    """Say whether something waits that the last round should have taken: roll-ups are not written any more."""
    return one.waiting_since_90k is not None and one.waiting_since_90k < now_90k - HOUR_90K - 2 * GRACE_90K


def find(recording: str, *, root: str) -> Proved | None:
    """Return where a recording with this root stands; None while it waits, and when nobody told of it."""
    row = (
        RecordedRoot.objects.filter(recording=recording, root=bytes.fromhex(root), rollup__isnull=False)
        .select_related("rollup")
        .first()
    )
    if row is None or row.rollup is None:
        return None
    members = list(_members(row.rollup))
    path = rollup.path_of([_line(member) for member in members], index=[one.pk for one in members].index(row.pk))
    return Proved(rollup_root=row.rollup.root, root=root, path=path)


def is_waiting(recording: str) -> bool:
    """Say whether a recording was told of and waits for its roll-up."""
    return RecordedRoot.objects.filter(recording=recording, rollup=None).exists()


@transaction.atomic(durable=True)
def _roll_up(volume_id: UUID, *, end_90k: int, now_90k: int) -> int:
    # Whoever follows the volume's reports, or rolls up beside us, waits.
    volume = Volume.objects.get(pk=volume_id)
    ReportCursor.objects.select_for_update().get_or_create(volume=volume)
    before = Rollup.objects.filter(volume=volume).order_by("-number").first()
    # Not "earlier than": a clock that once stood years ahead must not stop roll-ups until then.
    if before is not None and before.end_90k == end_90k and before.files < MOST_FILES:
        return 0
    members = list(_due(end_90k).filter(volume=volume).order_by("pk")[:MOST_FILES])
    if not members:
        return 0
    start_90k = end_90k - HOUR_90K
    late = [member.closed_at_90k for member in members if member.closed_at_90k < start_90k]
    made = Rollup.objects.create(
        volume=volume,
        number=1 if before is None else before.number + 1,
        start_90k=start_90k,
        end_90k=end_90k,
        made_at_90k=now_90k,
        files=len(members),
        late=len(late),
        root=rollup.root_of([_line(member) for member in members]),
    )
    _due(end_90k).filter(volume=volume, pk__lte=members[-1].pk).update(rollup=made)
    acts.record(
        kind=rollup.KIND,
        actor=acts.CLERK,
        subject=f"volume:{volume.pk}",
        facts={
            "volume": str(volume.pk),
            "number": made.number,
            "start_90k": start_90k,
            "end_90k": end_90k,
            "files": made.files,
            "late": made.late,
            "late_since_90k": min(late, default=None),
            "root": made.root,
        },
        at_90k=now_90k,
    )
    return 1


def _due(end_90k: int) -> QuerySet[RecordedRoot]:
    """Return what belongs to hours that are over; by when it came, where the recorder's clock runs ahead of ours."""
    return RecordedRoot.objects.filter(Q(closed_at_90k__lt=end_90k) | Q(taken_at_90k__lt=end_90k), rollup=None)


def _members(one: Rollup) -> QuerySet[RecordedRoot]:
    """Return the files of a roll-up in the order of its lines: as they came."""
    return RecordedRoot.objects.filter(rollup=one).order_by("pk")


def _row(volume: Volume, report: Report, *, at_90k: int) -> RecordedRoot:
    body = report.body
    return RecordedRoot(
        volume=volume,
        recording=UUID(str(body["recording"])),
        camera=UUID(str(body["camera"])),
        role=str(body["role"]),
        track=str(body["track"]),
        start_90k=int(body["start_90k"] or 0),
        end_90k=int(body["end_90k"] or 0),
        closed_at_90k=report.created_at_90k,
        taken_at_90k=at_90k,
        is_salvaged=report.kind is ReportKind.RECORDING_SALVAGED,
        root=bytes.fromhex(str(body["root"])),
    )


def _line(row: RecordedRoot) -> rollup.Line:
    return rollup.Line(
        camera=str(row.camera),
        role=row.role,
        track=row.track,
        recording=str(row.recording),
        start_90k=row.start_90k,
        end_90k=row.end_90k,
        closed_at_90k=row.closed_at_90k,
        is_salvaged=row.is_salvaged,
        root=bytes(row.root).hex(),
    )


def _record_change(volume: Volume, row: RecordedRoot, *, before: set[bytes], at_90k: int) -> None:
    acts.record(
        kind=CHANGED_KIND,
        actor=acts.CLERK,
        subject=f"camera:{row.camera}",
        facts={
            "volume": str(volume.pk),
            "recording": str(row.recording),
            "start_90k": row.start_90k,
            "end_90k": row.end_90k,
            "before": [root.hex() for root in sorted(before)],
            "root": bytes(row.root).hex(),
        },
        at_90k=at_90k,
    )
