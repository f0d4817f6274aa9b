"""What a reader asks of the ledger: a kind, a person, a day, an article. Narrows the scope, never widens it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django.db.models import Q

from mingjian.base import ticks
from mingjian.ledger.leaves import Leaf
from mingjian.people.models import Person
from mingjian.regulation.articles import PROVISIONS, RULES

KIND = re.compile(r"[a-z][a-z0-9_.]{0,63}")
_LONGEST = 64


@dataclass(frozen=True, slots=True)
class Filter:
    """The fields as they were understood; what makes no sense is empty. `person_ids` are whom `person` may mean."""

    kind: str = ""
    person: str = ""
    person_ids: frozenset[str] = frozenset()
    day: date | None = None
    article: str = ""

    @classmethod
    def parse(cls, query: Mapping[str, str], *, kinds: Mapping[str, object]) -> "Filter":
        """Return what `?kind=&person=&day=&article=` ask for."""
        kind, article = query.get("kind", ""), query.get("article", "").strip()
        person = query.get("person", "").strip().replace("\x00", "")[:_LONGEST]
        return cls(
            kind=kind if kind in kinds else "",
            person=person,
            person_ids=_persons(person) if person else frozenset(),
            day=_day(query.get("day", "")),
            article=article if article in RULES or article in PROVISIONS else "",
        )

    @property
    def since_90k(self) -> int | None:
        """The midnight the day begins with, on campus."""
        return None if self.day is None else _midnight(self.day)

    @property
    def until_90k(self) -> int | None:
        """The midnight the day ends with."""
        return None if self.day is None else _midnight(self.day + timedelta(days=1))

    @property
    def asks_what(self) -> bool:
        """Whether it asks what was done or by whom, and not only when."""
        return bool(self.kind or self.person or self.article)

    @property
    def query(self) -> str:
        """The same filter as a query, for the next page's address."""
        told = {
            "kind": self.kind,
            "person": self.person,
            "day": "" if self.day is None else self.day.isoformat(),
            "article": self.article,
        }
        return urlencode({name: value for name, value in told.items() if value})

    def takes(self, leaf: Leaf) -> bool:
        """Say whether the entry is of this person and this article; kind and day are asked of the ledger itself."""
        entry = leaf.entry
        if self.article and not any(_is_under(cited, self.article) for cited in entry.articles):
            return False
        if not self.person:
            return True
        _kind, _, subject_id = entry.subject.partition(":")
        return not self.person_ids.isdisjoint({entry.actor_id, str(entry.facts.get("person")), subject_id})


def _is_under(cited: str, article: str) -> bool:
    """Say whether an id is the article's or of something within it: A15.1.2 and A14_b lie under A15 and A14."""
    return cited == article or (cited.startswith(article) and not cited[len(article)].isdigit())


def _persons(text: str) -> frozenset[str]:
    found = Person.objects.filter(Q(username=text) | Q(display_name=text))[:100]
    return frozenset(str(person.pk) for person in found)


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    # Before 1970 no tick exists, and the last of all days has none after it.
    return found if 1970 < found.year < date.max.year else None


def _midnight(day: date) -> int:
    return ticks.from_datetime(datetime(day.year, day.month, day.day, tzinfo=ticks.CIVIL_ZONE))
