"""What the search box finds: a name, what it is, its page. Rooms look within a scope, the shell shows."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

from mingjian.people.capacity import Acting

# So many of each room; more means that one should write more.
MOST_HITS = 20


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found, in the reader's language. `address` is empty where this capacity may open nothing more."""

    kind: str
    name: str
    detail: str
    address: str


class Searcher(Protocol):
    """A room's search. Outside the scope of the capacity nothing is found, and nothing tells that it exists.

    `campuses` are those that the person looks at just now, none for all of them; what is one's own has no campus.
    """

    def __call__(self, *, acting: Acting, campuses: Collection[str], text: str) -> list[Hit]: ...
