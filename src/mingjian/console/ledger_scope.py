"""Which ledger entries one may read: one's own always; a body's staff those of its campuses; supervision all."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db import connection

from mingjian.base import ids
from mingjian.console.ledger_filter import Filter
from mingjian.ledger import leaves
from mingjian.ledger.append import Entry
from mingjian.ledger.canonical import JsonValue
from mingjian.ledger.leaves import Leaf
from mingjian.people.capacity import Acting
from mingjian.people.models import Person
from mingjian.people.posts import UNIT
from mingjian.registry.models import Camera

# A look at nine pictures is eighteen entries and one row: a page of entries is far fewer rows.
PAGE = 100
# One page reads at most this many leaves, however few of them are in scope.
SCANNED = 2_000
_STEP = 500


@dataclass(frozen=True, slots=True)
class LedgerPage:
    """Entries in scope, newest first, and below which number to go on (None: nothing older)."""

    leaves: tuple[Leaf, ...]
    older_before: int | None


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose entries: a person's own, and those about a body, its campuses and their cameras; or every entry."""

    person_id: str
    body: str
    campuses: frozenset[str]
    camera_ids: frozenset[str]
    is_everything: bool

    @classmethod
    def of(cls, acting: Acting) -> "Scope":
        """Return the scope of the capacity acted in. Cameras no longer in operation count as well."""
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
        if self.is_everything or self.person_id in (entry.actor_id, entry.facts.get("person")):
            return True
        if not self.body:
            return False
        _kind, _, subject_id = entry.subject.partition(":")
        is_of_body = entry.facts.get("body") == self.body or entry.facts.get("campus") in self.campuses
        return is_of_body or subject_id in self.camera_ids

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
            if scope.covers(leaf) and wanted.takes(leaf):
                found.append(leaf)
            if len(found) == PAGE:
                return LedgerPage(tuple(found), below)
        scanned += len(step)
        if len(step) < _STEP:
            return LedgerPage(tuple(found), None)
    return LedgerPage(tuple(found), below)


def read_day(*, scope: Scope, wanted: Filter, kinds: Collection[str]) -> LedgerPage:
    """Return the entries in scope of some kinds and one day, newest first. Of each kind a bounded part is read."""
    below = None if wanted.until_90k is None else _first_at(wanted.until_90k)
    found: list[Leaf] = []
    is_cut = False
    for kind in kinds:
        with connection.cursor() as cursor:
            step = leaves.list_entries(cursor, before_seq=below, limit=_STEP, kind=kind)
        of_day = [leaf for leaf in step if leaf.received_at_90k >= (wanted.since_90k or 0)]
        is_cut = is_cut or len(of_day) == _STEP
        found += [leaf for leaf in of_day if scope.covers(leaf)]
    found.sort(key=_seq, reverse=True)
    older_before = found[-1].seq if is_cut and found else None
    return LedgerPage(tuple(found), older_before)


def _seq(leaf: Leaf) -> int:
    return leaf.seq


def read_one(*, scope: Scope, seq: int) -> Leaf | None:
    """Return the entry with this number, None when there is none in scope."""
    found = _newest_below(seq + 1)
    return found if found is not None and found.seq == seq and scope.covers(found) else None


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
    person_ids |= {str(leaf.entry.facts.get("person")) for leaf in entries}
    camera_ids = {subject_id for kind, subject_id in subjects if kind == "camera"}
    people = Person.objects.filter(pk__in=filter(ids.is_id, person_ids))
    cameras = Camera.objects.filter(pk__in=filter(ids.is_id, camera_ids))
    names = {str(person.pk): person.display_name for person in people}
    names.update({str(camera.pk): camera.name for camera in cameras})
    return names
