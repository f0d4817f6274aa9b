"""How many pictures may be open at once, for one web session and in all: memory and disk are bounded by it."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

IN_ALL = 512
PER_SESSION = 64


class Crowd:
    """Who is here now."""

    def __init__(self) -> None:
        self._here: Counter[str] = Counter()

    @contextmanager
    def admit(self, session_hash: str) -> Iterator[bool]:
        """Count one more for as long as the context lasts; yield False when that is too many."""
        self._here[session_hash] += 1
        try:
            yield self._here[session_hash] <= PER_SESSION and self._here.total() <= IN_ALL
        finally:
            self._here[session_hash] -= 1
            if not self._here[session_hash]:
                del self._here[session_hash]
