"""一机一档: which days of one point are shown, whose business its address is, and what was done about it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from mingjian.base import ticks
from mingjian.base.ticks import CIVIL_ZONE
from mingjian.ledger import leaves
from mingjian.ledger.leaves import Leaf
from mingjian.people.capacity import Acting
from mingjian.people.posts import SCHOOL
from mingjian.registry.models import Camera
from mingjian.registry.words import HISTORY_WORDS, actor_word
from mingjian.regulation.posts import Post

MONTH_DAYS = 30
LONGEST_GAPS = 5
SEES_NETWORK = frozenset({Post.MANAGER, Post.OPERATOR})


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


def days_past(*, now_90k: int) -> tuple[int, int]:
    """Return the thirty civil days before today."""
    today_90k, _ = spans_to_show(now_90k=now_90k)["today"]
    return today_90k - MONTH_DAYS * 86_400 * ticks.TICKS_PER_S, today_90k


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
