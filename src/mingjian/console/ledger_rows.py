"""Entries as rows to read: worded, under the day they arrived, many of one occasion folded into one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.utils.translation import gettext as _

from mingjian.base import ticks
from mingjian.base.ticks import TICKS_PER_S
from mingjian.console import ledger_words
from mingjian.console.articles import Cited, cite
from mingjian.console.ledger_details import detail_of
from mingjian.ledger.append import Entry
from mingjian.ledger.leaves import Leaf

_PICTURES = frozenset({"media.opened", "media.closed"})
_REPORTS = frozenset(
    {"recordings.roots", "recordings.rolled_up", "recordings.gap_closed", "recordings.recording_deleted"}
)
# Pictures of one grant, or reports of one kind, within this time of one another belong to one occasion.
_TOGETHER_90K = 120 * TICKS_PER_S
# Fewer than this read better one by one.
_FEWEST_FOLDED = 3


@dataclass(frozen=True, slots=True)
class Line:
    """One entry, worded."""

    leaf: Leaf
    kind: str
    actor: str
    capacity: str
    subject: str
    detail: str
    via: str
    articles: tuple[Cited, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """What the list shows as one: an entry, or what belongs to one occasion, newest first. `line` is the newest."""

    line: Line
    folded: tuple[Line, ...]

    @property
    def oldest(self) -> Line:
        """The first of them in time."""
        return self.folded[-1] if self.folded else self.line

    @property
    def is_pictures(self) -> bool:
        """Whether pictures were folded: a look at the wall, or a session of playback."""
        return bool(self.folded) and self.line.leaf.entry.kind in _PICTURES

    @property
    def opened(self) -> int:
        """How many pictures opened."""
        return sum(line.leaf.entry.kind == "media.opened" for line in self.folded)

    @property
    def closed(self) -> int:
        """How many pictures ended."""
        return len(self.folded) - self.opened


@dataclass(frozen=True, slots=True)
class Day:
    """The rows of one day, newest first."""

    date: date
    rows: tuple[Row, ...]


def days(leaves: Sequence[Leaf], *, names: Mapping[str, str], bodies: Mapping[str, str]) -> list[Day]:
    """Return the rows under their days. `names` by id of person and camera, `bodies` by code."""
    rows = _folded([line_of(leaf, names=names, bodies=bodies) for leaf in leaves])
    return [Day(day, tuple(of_day)) for day, of_day in groupby(rows, key=_day)]


def line_of(leaf: Leaf, *, names: Mapping[str, str], bodies: Mapping[str, str]) -> Line:
    """Return one entry in the reader's words."""
    entry = leaf.entry
    kind, _sep, subject_id = entry.subject.partition(":")
    return Line(
        leaf=leaf,
        kind=ledger_words.kind_word(entry.kind),
        actor=_actor(entry, names=names),
        capacity=ledger_words.capacity_word(entry.capacity, bodies=bodies),
        subject=_subject(entry, kind=kind, name=names.get(subject_id, "")),
        detail=detail_of(entry, names=names),
        via=ledger_words.via_word(entry.via),
        articles=_cited(entry.articles),
    )


def _actor(entry: Entry, *, names: Mapping[str, str]) -> str:
    """Return who acted, and on whose behalf where the post was lent."""
    name = names.get(entry.actor_id) or ledger_words.actor_word(entry.actor_name or entry.actor_id)
    behalf = entry.facts.get("on_behalf_of")
    return _("%(name)s（代%(behalf)s）") % {"name": name, "behalf": names.get(str(behalf), "")} if behalf else name


def _subject(entry: Entry, *, kind: str, name: str) -> str:
    if kind == "ruling":
        return ledger_words.topic_word(str(entry.facts.get("topic", "")))
    return name if kind in {"camera", "person"} else ""


def _folded(lines: Sequence[Line]) -> list[Row]:
    groups: list[list[Line]] = []
    last_of_occasion: dict[str, list[Line]] = {}
    for line in lines:
        occasion = _occasion(line)
        group = last_of_occasion.get(occasion) if occasion else None
        if group is not None and _are_together(group[-1], line):
            group.append(line)
            continue
        groups.append([line])
        if occasion:
            last_of_occasion[occasion] = groups[-1]
    rows: list[Row] = []
    for group in groups:
        if len(group) < _FEWEST_FOLDED:
            rows.extend(Row(line, ()) for line in group)
        else:
            rows.append(Row(group[0], tuple(group)))
    return sorted(rows, key=lambda row: row.line.leaf.seq, reverse=True)


def _occasion(line: Line) -> str:
    entry = line.leaf.entry
    if entry.kind in _PICTURES:
        return str(entry.facts.get("grant", ""))
    return entry.kind if entry.kind in _REPORTS else ""


def _are_together(newer: Line, older: Line) -> bool:
    apart_90k = newer.leaf.received_at_90k - older.leaf.received_at_90k
    return apart_90k <= _TOGETHER_90K and _civil_date(newer.leaf) == _civil_date(older.leaf)


def _day(row: Row) -> date:
    return _civil_date(row.line.leaf)


def _civil_date(leaf: Leaf) -> date:
    return ticks.to_datetime(leaf.received_at_90k).astimezone(ticks.CIVIL_ZONE).date()


def _cited(articles: Sequence[str]) -> tuple[Cited, ...]:
    """Return each place once: an entry that rests on two rules of one provision cites it alone."""
    places: dict[str, Cited] = {}
    for cited in map(cite, articles):
        places.setdefault(cited.form, cited)
    return tuple(places.values())
