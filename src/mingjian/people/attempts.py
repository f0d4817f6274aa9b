"""How many wrong sign-ins one address may send: a bound for guessing many names, which no account's lock would count.

Kept in memory, per process: it is a brake, not a record. The record is the ledger's.
"""

import threading
from collections import OrderedDict

from mingjian.base.errors import MingjianError
from mingjian.base.ticks import TICKS_PER_S

# An office behind one address mistypes, too.
MOST = 30
WITHIN_90K = 300 * TICKS_PER_S
_ADDRESSES = 4_096


class TooManyAttempts(MingjianError):
    """The address has to wait: "people.too_many_attempts", or the code of the brake."""


class Brake:
    """Counts wrong attempts by address, or by whoever else guesses, within a sliding span of monotonic ticks."""

    def __init__(self, *, most: int = MOST, code: str = "people.too_many_attempts") -> None:
        self._most = most
        self._code = code
        self._lock = threading.Lock()
        self._wrong: OrderedDict[str, list[int]] = OrderedDict()

    def require(self, address: str, *, now_90k: int) -> None:
        """Raise TooManyAttempts when the address has used up its attempts."""
        with self._lock:
            recent = [at for at in self._wrong.get(address, ()) if now_90k - at < WITHIN_90K]
        if len(recent) >= self._most:
            raise TooManyAttempts(self._code, minutes=WITHIN_90K // (60 * TICKS_PER_S))

    def note(self, address: str, *, now_90k: int) -> None:
        """Count one wrong attempt; the address seen longest ago is forgotten where there are too many."""
        with self._lock:
            recent = [at for at in self._wrong.pop(address, ()) if now_90k - at < WITHIN_90K]
            self._wrong[address] = [*recent, now_90k][-self._most :]
            while len(self._wrong) > _ADDRESSES:
                self._wrong.popitem(last=False)
