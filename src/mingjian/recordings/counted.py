"""What time counts towards deletion: the time that passed while a clock of this host ran, not what was said to have.

The timeline may be carried forward: at a boot by the wall clock, later by NTP. Whoever is wrong there makes footage
look old that is not. So each volume keeps a book of *leaps*, stretches of the timeline that no monotonic clock lived
through, and age is counted without them. A leap is forgotten when so much time has passed since that all footage from
before it is past any floor anyhow; until then it costs room, never footage. It stands in the index, not in the host's
papers: a lost paper, another host or a restored home cannot make it shorter.
"""

import json
import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace

from mingjian.base.ticks import TICKS_PER_S
from mingjian.recordings.index import Index

NOTE = "counted_time"
DAY_90K = 86_400 * TICKS_PER_S
# Longer than any floor the regulation names: whatever plan comes meanwhile, older footage than this is past its own.
REMEMBERED_90K = 200 * DAY_90K
# Two clocks are read one after the other; within a boot this much is neither booked nor added up.
UNEVEN_90K = TICKS_PER_S // 10
TOLD_FROM_90K = 3_600 * TICKS_PER_S
MOST_LEAPS = 64

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Leap:
    """The timeline came to `landed_at_90k` by a leap over `span_90k` that nobody lived through."""

    landed_at_90k: int
    span_90k: int


@dataclass(frozen=True, slots=True)
class Book:
    """The leaps of a volume; where both clocks stood when this boot's reckoning began; when it was last kept."""

    boot_id: str
    since_monotonic_90k: int
    since_90k: int
    kept_at_90k: int
    leaps: tuple[Leap, ...]

    @property
    def leapt_90k(self) -> int:
        """Return how much of the timeline does not count."""
        return sum(leap.span_90k for leap in self.leaps)


def kept_on(book: Book, *, boot_id: str, monotonic_90k: int, now_90k: int, remembered_90k: int) -> Book:
    """Return the book as of now; `now_90k` is the timeline's. Pure."""
    if book.boot_id == boot_id:
        leapt_90k = (now_90k - book.since_90k) - (monotonic_90k - book.since_monotonic_90k)
    else:
        # All of this boot came after the book was last kept; of the time before it nobody knows.
        leapt_90k = (now_90k - book.kept_at_90k) - monotonic_90k
    if book.boot_id != boot_id or abs(leapt_90k) > UNEVEN_90K:
        book = replace(book, boot_id=boot_id, since_monotonic_90k=monotonic_90k, since_90k=now_90k)
        if leapt_90k > 0:
            book = replace(book, leaps=_bounded((*book.leaps, Leap(now_90k, leapt_90k))))
    return replace(book, kept_at_90k=now_90k, leaps=_remembered(book.leaps, now_90k, remembered_90k))


def _bounded(leaps: tuple[Leap, ...]) -> tuple[Leap, ...]:
    if len(leaps) <= MOST_LEAPS:
        return leaps
    # As if the first had come with the second: what lies between counts for less than it might.
    first, second, *rest = leaps
    return (Leap(second.landed_at_90k, first.span_90k + second.span_90k), *rest)


def _remembered(leaps: tuple[Leap, ...], now_90k: int, remembered_90k: int) -> tuple[Leap, ...]:
    later_90k = sum(leap.span_90k for leap in leaps)
    kept = []
    for leap in leaps:
        later_90k -= leap.span_90k
        if now_90k - leap.landed_at_90k - later_90k < remembered_90k:
            kept.append(leap)
    return tuple(kept)


class CountedTime:
    """The book of one volume in its keeper's hands."""

    def __init__(self, *, index: Index, boot_id: str, monotonic: Callable[[], int]) -> None:
        self._index, self._boot_id, self._monotonic = index, boot_id, monotonic
        told = index.note(NOTE)
        self._book = None if told is None else _decode(told)

    @property
    def leapt_90k(self) -> int:
        """Return how much of the timeline did not count when the book was last kept."""
        return 0 if self._book is None else self._book.leapt_90k

    def now(self, *, timeline_now: Callable[[], int]) -> int:
        """Keep the book; return the instant by which footage may be called old, which is durable then."""
        monotonic_90k, now_90k = self._monotonic(), timeline_now()
        before = self._book or self._first(monotonic_90k, now_90k)
        remembered_90k = max(REMEMBERED_90K, self._index.longest_floor_90k())
        book = kept_on(
            before, boot_id=self._boot_id, monotonic_90k=monotonic_90k, now_90k=now_90k, remembered_90k=remembered_90k
        )
        self._index.keep_note(NOTE, json.dumps(asdict(book)))
        if book.leapt_90k - before.leapt_90k > TOLD_FROM_90K:
            facts = {
                "path": str(self._index.volume.path),
                "leapt_s": (book.leapt_90k - before.leapt_90k) // TICKS_PER_S,
            }
            _log.error("the clock leapt ahead: that time does not count towards deletion", extra=facts)
        self._book = book
        return now_90k - book.leapt_90k

    def _first(self, monotonic_90k: int, now_90k: int) -> Book:
        """Begin a book: what is known of the time before is that the newest footage is there."""
        newest_90k = self._index.newest_90k()
        if newest_90k is None or newest_90k > now_90k:
            newest_90k = now_90k
        # Not of this boot, so that what passed since counts as far as this boot has lived.
        return Book("", 0, newest_90k, newest_90k, ())


def _decode(text: str) -> Book:
    told = json.loads(text)
    return Book(**told | {"leaps": tuple(Leap(**leap) for leap in told["leaps"])})
