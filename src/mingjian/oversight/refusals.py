"""What the ledger says of today: how often a rule was the reason of a refusal. Counts only, no persons."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connection

from mingjian.base import ticks
from mingjian.ledger import leaves

KINDS = ("people.refused", "viewing.refused", "oversight.refused", "media.refused")
# So many refusals of a kind are counted, the newest; a day with more is said to have more.
MOST = 5_000
_STEP = 1_000


@dataclass(frozen=True, slots=True)
class Refusals:
    """Refusals of one day by what they cite. An entry counts once per rule, once per article, and once in `total`.

    `is_more`: counting stopped at the bound.
    """

    total: int
    by_citation: Mapping[str, int]
    by_article: Mapping[str, int]
    is_more: bool


def of_the_day(*, now_90k: int) -> Refusals:
    """Count the refusals that the ledger received since midnight on campus."""
    since_90k = _midnight_before(now_90k)
    by_citation: Counter[str] = Counter()
    by_article: Counter[str] = Counter()
    total = 0
    is_more = False
    for kind in KINDS:
        cited = _cited_since(since_90k, kind=kind)
        total += len(cited)
        is_more |= len(cited) >= MOST
        for entry in cited:
            by_citation.update(entry)
            by_article.update({article[:3] for article in entry})
    return Refusals(total, by_citation, by_article, is_more)


def _midnight_before(now_90k: int) -> int:
    now = ticks.to_datetime(now_90k).astimezone(ticks.CIVIL_ZONE)
    return ticks.from_datetime(now.replace(hour=0, minute=0, second=0, microsecond=0))


def _cited_since(since_90k: int, *, kind: str) -> list[frozenset[str]]:
    found: list[frozenset[str]] = []
    below: int | None = None
    while len(found) < MOST:
        with connection.cursor() as cursor:
            step = leaves.list_entries(cursor, before_seq=below, limit=_STEP, kind=kind)
        for leaf in step:
            if leaf.received_at_90k < since_90k:
                return found
            found.append(frozenset(leaf.entry.articles))
        if len(step) < _STEP:
            return found
        below = step[-1].seq
    return found
