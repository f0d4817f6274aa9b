"""一机一档: what is known of one point, its footage without a picture, and what was done about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from mingjian.base import ticks
from mingjian.base.ticks import CIVIL_ZONE, TICKS_PER_S
from mingjian.host.home import Home
from mingjian.ledger import leaves
from mingjian.ledger.leaves import Leaf
from mingjian.people.capacity import Acting
from mingjian.people.posts import SCHOOL
from mingjian.recordings.model import Coverage, Gap
from mingjian.registry import footage
from mingjian.registry.models import Camera, Hold
from mingjian.registry.words import HISTORY_WORDS, actor_word, cause_word
from mingjian.regulation.posts import Post

MONTH_DAYS = 30
LONGEST_GAPS = 5
SEES_NETWORK = frozenset({Post.MANAGER, Post.OPERATOR})


@dataclass(frozen=True, slots=True)
class GapLine:
    """A gap, worded. `is_open`: it lasts."""

    start_90k: int
    end_90k: int
    seconds: float
    word: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class Stretch:
    """What a span of days holds: figures, every gap, the longest of them, and what a timeline draws."""

    start_90k: int
    end_90k: int
    recorded_s: float
    missing_s: float
    completeness: float | None
    gaps: tuple[GapLine, ...]
    longest: tuple[GapLine, ...]
    drawn: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of the ledger about the point. `seq` is its number there."""

    at_90k: int
    word: str
    actor: str
    seq: int


def sees_network(acting: Acting) -> bool:
    """Say whether the point's address is this capacity's business: whoever keeps the system running (A17, A18).

    Tier 1 supervises and keeps none. Credentials are nobody's: they are never shown again.
    """
    return acting.tier != SCHOOL and not SEES_NETWORK.isdisjoint(acting.posts)


def spans_to_show(*, now_90k: int) -> dict[str, tuple[int, int]]:
    """Return today and the last thirty days, in civil time, both to the end of today."""
    civil = ticks.to_datetime(now_90k).astimezone(CIVIL_ZONE)
    midnight = datetime(civil.year, civil.month, civil.day, tzinfo=CIVIL_ZONE)
    tomorrow = ticks.from_datetime(midnight + timedelta(days=1))
    return {
        "today": (ticks.from_datetime(midnight), tomorrow),
        "month": (ticks.from_datetime(midnight - timedelta(days=MONTH_DAYS - 1)), tomorrow),
    }


def stretch_of(home: Home, *, camera: Camera, holds: list[Hold], start_90k: int, end_90k: int) -> Stretch | None:
    """Return what a span holds, or None when the recorder's index cannot be read."""
    found = footage.coverage(home, camera=camera, start_90k=start_90k, end_90k=end_90k)
    if found is None:
        return None
    recorded_s = sum(span.end_90k - span.start_90k for span in found.footage) / TICKS_PER_S
    missing_s = sum(gap.end_90k - gap.start_90k for gap in found.gaps) / TICKS_PER_S
    asked_s = recorded_s + missing_s
    gaps = tuple(_line(gap) for gap in found.gaps)
    return Stretch(
        start_90k=start_90k,
        end_90k=end_90k,
        recorded_s=recorded_s,
        missing_s=missing_s,
        completeness=round(100 * recorded_s / asked_s, 2) if asked_s else None,
        gaps=gaps,
        longest=tuple(sorted(gaps, key=lambda gap: -gap.seconds)[:LONGEST_GAPS]),
        drawn=drawn(found, holds=holds, start_90k=start_90k, end_90k=end_90k),
    )


def drawn(
    found: Coverage, *, holds: list[Hold], start_90k: int, end_90k: int, marks: Mapping[int, str] | None = None
) -> dict[str, Any]:
    """Return what <mj-timeline> draws of a window; marks are instants with their words."""
    return {
        "footage": [[span.start_90k, span.end_90k] for span in found.footage],
        "gaps": [
            {"start": gap.start_90k, "end": gap.end_90k, "cause": gap.cause.value, "open": gap.is_open}
            for gap in found.gaps
        ],
        "expired": [[first, last] for first, last in found.expired],
        "holds": [
            [max(hold.start_90k, start_90k), min(hold.end_90k, end_90k)]
            for hold in holds
            if hold.released_at_90k is None and hold.start_90k < end_90k and hold.end_90k > start_90k
        ],
        "marks": [{"at": at_90k, "text": text} for at_90k, text in (marks or {}).items()],
    }


def changes_of(camera: Camera) -> list[Change]:
    """Return what the ledger says was done about the point, newest first."""
    found: list[Leaf] = []
    with connection.cursor() as cursor:
        for kind in HISTORY_WORDS:
            below = None
            while step := leaves.list_entries(cursor, before_seq=below, limit=leaves.MAX_LISTED, kind=kind):
                found += [leaf for leaf in step if leaf.entry.subject == f"camera:{camera.pk}"]
                below = step[-1].seq
    ordered = sorted(found, key=lambda leaf: leaf.seq, reverse=True)
    return [
        Change(leaf.entry.at_90k, str(HISTORY_WORDS[leaf.entry.kind]), actor_word(leaf.entry.actor_name), leaf.seq)
        for leaf in ordered
    ]


def _line(gap: Gap) -> GapLine:
    seconds = (gap.end_90k - gap.start_90k) / TICKS_PER_S
    return GapLine(gap.start_90k, gap.end_90k, seconds, cause_word(gap.cause.value), gap.is_open)
