"""Which ledger entries one may read: one's own always; a body's staff those of its campuses; supervision all."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace

from django.db import connection

from mingjian.base import ids
from mingjian.console.ledger_filter import Filter
from mingjian.ledger import leaves
from mingjian.ledger.append import Entry
from mingjian.ledger.canonical import JsonValue
from mingjian.ledger.leaves import Leaf
from mingjian.oversight import queries as oversight
from mingjian.people.capacity import Acting
from mingjian.people.models import Person
from mingjian.people.posts import UNIT
from mingjian.registry.models import Camera
from mingjian.viewing import sealing
from mingjian.viewing.sealing import Sealed

# A look at nine pictures is eighteen entries and one row: a page of entries is far fewer rows.
PAGE = 100
# One page reads at most this many leaves, however few of them are in scope.
SCANNED = 2_000
_STEP = 500
# Whose matters exist for nobody but those they are for, and the pages of theirs that a refusal names.
_CLOSED = ("complaint:", "inquiry:")
_CLOSED_PAGES = ("page:/complaints/", "page:/inquiries/", "page:/api/v1/complaints/", "page:/api/v1/inquiries/")
SEALED_KIND = "ledger.sealed"


@dataclass(frozen=True, slots=True)
class LedgerPage:
    """Entries in scope, newest first, and below which number to go on (None: nothing older)."""

    leaves: tuple[Leaf, ...]
    older_before: int | None


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose entries: a person's own, and those about a body, its campuses and their cameras; or every entry.

    Among them some say nothing (`sealed`): what is about applications closed to the person, and about complaints and
    queries that are not in sight (`in_sight`). `handed` are entries that a query put to the body is about.
    """

    person_id: str
    body: str
    campuses: frozenset[str]
    camera_ids: frozenset[str]
    is_everything: bool
    sealed: Sealed = field(default=Sealed(frozenset(), frozenset()))
    in_sight: frozenset[str] = frozenset()
    handed: frozenset[str] = frozenset()

    @classmethod
    def of(cls, acting: Acting) -> "Scope":
        """Return the scope of the capacity acted in. Cameras no longer in operation count as well."""
        return replace(
            cls._reach(acting),
            sealed=sealing.sealed_from(acting.person),
            in_sight=oversight.subjects_in_sight(acting),
            handed=oversight.entries_handed_to(acting),
        )

    @classmethod
    def _reach(cls, acting: Acting) -> "Scope":
        person_id = str(acting.person.pk)
        if acting.reads_every_ledger or not acting.is_of_body:
            return cls(person_id, "", frozenset(), frozenset(), is_everything=acting.reads_every_ledger)
        # A unit answers for what it owns, a body of the campus for all that stands there.
        is_unit = acting.tier == UNIT
        cameras = (
            Camera.objects.filter(owner=acting.body) if is_unit else Camera.objects.filter(campus__in=acting.campuses)
        )
        camera_ids = frozenset(str(camera) for camera in cameras.values_list("pk", flat=True))
        campuses = frozenset() if is_unit else frozenset(acting.campuses)
        return cls(person_id, acting.body, campuses, camera_ids, is_everything=False)

    def covers(self, leaf: Leaf) -> bool:
        """Say whether the entry is the person's own, or of the body or its campuses."""
        entry = leaf.entry
        whose = (entry.actor_id, entry.facts.get("person"), entry.facts.get("on_behalf_of"))
        if self.is_everything or self.person_id in whose:
            return True
        if entry.subject in self.in_sight or f"{leaf.shard}/{leaf.seq}" in self.handed:
            return True
        if not self.body:
            return False
        _kind, _, subject_id = entry.subject.partition(":")
        is_of_body = entry.facts.get("body") == self.body or entry.facts.get("campus") in self.campuses
        return is_of_body or subject_id in self.camera_ids

    def is_sealed(self, leaf: Leaf) -> bool:
        """Say whether the entry says nothing to the person but that it is there."""
        entry = leaf.entry
        if entry.subject.startswith(_CLOSED):
            return entry.subject not in self.in_sight
        if entry.subject.startswith(_CLOSED_PAGES) and entry.actor_id != self.person_id:
            return True
        return self.sealed.covers(entry)

    def shown(self, leaf: Leaf) -> Leaf:
        """Return the entry as the person may read it: itself, or in its place one that says nothing."""
        if not self.is_sealed(leaf):
            return leaf
        nothing = replace(
            leaf.entry,
            kind=SEALED_KIND,
            actor_id="",
            actor_name="",
            capacity="",
            subject="",
            articles=(),
            facts={},
            via="",
        )
        return replace(leaf, entry=nothing)

    def facts_of(self, entry: Entry) -> dict[str, JsonValue]:
        """Return the facts of an entry in scope, without the cameras that are not in it: an applicant knows none."""
        return {key: each for key, each in entry.facts.items() if not self._is_elsewhere(key, each)}

    def subject_of(self, entry: Entry) -> str:
        """Return what the entry is about; of a camera that is not in scope only that it is one."""
        kind, _, subject_id = entry.subject.partition(":")
        return f"{kind}:" if self._is_elsewhere(kind, subject_id) else entry.subject

    def _is_elsewhere(self, key: str, value: JsonValue) -> bool:
        if self.is_everything or not key.startswith("camera"):
            return False
        named = value if isinstance(value, list) else [value]
        return not self.camera_ids.issuperset(str(each) for each in named)


def read_page(*, scope: Scope, before_seq: int | None, wanted: Filter) -> LedgerPage:
    """Return the next page in scope. Reads a bounded part of the ledger; the rest is one more page away."""
    found: list[Leaf] = []
    below = before_seq
    if wanted.until_90k is not None:
        end = _first_at(wanted.until_90k)
        below = end if below is None else min(below, end)
    scanned = 0
    while scanned < SCANNED:
        with connection.cursor() as cursor:
            step = leaves.list_entries(cursor, before_seq=below, limit=_STEP, kind=wanted.kind or None)
        for leaf in step:
            if wanted.since_90k is not None and leaf.received_at_90k < wanted.since_90k:
                return LedgerPage(tuple(found), None)
            below = leaf.seq
            # What says nothing must not tell by which filter it is found either.
            is_asked_for = not wanted.asks_what if scope.is_sealed(leaf) else wanted.takes(leaf)
            if scope.covers(leaf) and is_asked_for:
                found.append(scope.shown(leaf))
            if len(found) == PAGE:
                return LedgerPage(tuple(found), below)
        scanned += len(step)
        if len(step) < _STEP:
            return LedgerPage(tuple(found), None)
    return LedgerPage(tuple(found), below)


def read_day(*, scope: Scope, wanted: Filter, kinds: Collection[str]) -> LedgerPage:
    """Return the entries in scope of some kinds and one day, newest first. Of each kind a bounded part is read.

    What says nothing to the reader is left out: it would tell by being there that it is of these kinds.
    """
    below = None if wanted.until_90k is None else _first_at(wanted.until_90k)
    found: list[Leaf] = []
    is_cut = False
    for kind in kinds:
        with connection.cursor() as cursor:
            step = leaves.list_entries(cursor, before_seq=below, limit=_STEP, kind=kind)
        of_day = [leaf for leaf in step if leaf.received_at_90k >= (wanted.since_90k or 0)]
        is_cut = is_cut or len(of_day) == _STEP
        found += [leaf for leaf in of_day if scope.covers(leaf) and not scope.is_sealed(leaf)]
    found.sort(key=_seq, reverse=True)
    older_before = found[-1].seq if is_cut and found else None
    return LedgerPage(tuple(found), older_before)


def _seq(leaf: Leaf) -> int:
    return leaf.seq


def read_one(*, scope: Scope, seq: int) -> Leaf | None:
    """Return the entry with this number, None when there is none in scope."""
    found = _newest_below(seq + 1)
    return scope.shown(found) if found is not None and found.seq == seq and scope.covers(found) else None


def count_newer(*, scope: Scope, wanted: Filter, after_seq: int) -> int:
    """Return how many entries in scope came after this one, up to a page of them."""
    page = read_page(scope=scope, before_seq=None, wanted=wanted)
    return sum(leaf.seq > after_seq for leaf in page.leaves)


def _first_at(instant_90k: int) -> int:
    """Return the first number received at this instant or later. They are in order of arrival: halving finds it."""
    newest = _newest_below(None)
    low, high = 0, 0 if newest is None else newest.seq + 1
    while low < high:
        middle = (low + high) // 2
        leaf = _newest_below(middle + 1)
        if leaf is not None and leaf.received_at_90k < instant_90k:
            low = middle + 1
        else:
            high = middle
    return low


def _newest_below(seq: int | None) -> Leaf | None:
    with connection.cursor() as cursor:
        found = leaves.list_entries(cursor, before_seq=seq, limit=1, kind=None)
    return found[0] if found else None


def names_of(entries: Collection[Leaf]) -> dict[str, str]:
    """Return display names of the persons and names of the cameras that the entries mention, by id."""
    subjects = {leaf.entry.subject.partition(":")[::2] for leaf in entries}
    person_ids = {leaf.entry.actor_id for leaf in entries}
    person_ids |= {subject_id for kind, subject_id in subjects if kind == "person"}
    person_ids |= {str(leaf.entry.facts.get(fact)) for leaf in entries for fact in ("person", "on_behalf_of")}
    camera_ids = {subject_id for kind, subject_id in subjects if kind == "camera"}
    people = Person.objects.filter(pk__in=filter(ids.is_id, person_ids))
    cameras = Camera.objects.filter(pk__in=filter(ids.is_id, camera_ids))
    names = {str(person.pk): person.display_name for person in people}
    names.update({str(camera.pk): camera.name for camera in cameras})
    return names
