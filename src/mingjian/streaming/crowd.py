"""How many may be here at once, of one kind and in all: memory and disk are bounded by it."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

# Open pictures, counted by web session.
IN_ALL = 512
PER_SESSION = 64
# Sockets that have not shown a grant yet, counted by address.
WAITING_IN_ALL = 256
WAITING_PER_PEER = 96


class Crowd:
    """Who is here now, counted by a name they share."""

    def __init__(self, *, in_all: int, of_one: int) -> None:
        self._in_all, self._of_one = in_all, of_one
        self._here: Counter[str] = Counter()

    @contextmanager
    def admit(self, name: str) -> Iterator[bool]:
        """Count one more for as long as the context lasts; yield False when that is too many."""
        self._here[name] += 1
        try:
            yield self._here[name] <= self._of_one and self._here.total() <= self._in_all
        finally:
            self._here[name] -= 1
            if not self._here[name]:
                del self._here[name]
