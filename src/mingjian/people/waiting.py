"""What waits for a person: a sentence, how many, and the page where it is done. Rooms tell, the shell shows."""

from dataclasses import dataclass
from typing import Protocol

from mingjian.people.capacity import Acting


@dataclass(frozen=True, slots=True)
class Waiting:
    """One kind of thing that waits, in the reader's language. `count` is at least one."""

    words: str
    count: int
    address: str


class Teller(Protocol):
    """A room's answer to "what waits for this person in this capacity?"; it decides nothing and changes nothing."""

    def __call__(self, *, acting: Acting, now_90k: int) -> list[Waiting]: ...
