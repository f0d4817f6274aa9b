"""Passwords: hashed by Argon2id a few at a time, and given once where somebody else opens the account.

One comparison takes tens of megabytes and a core for a good part of a second, so that whoever sends many at once would
have the whole host. A few run, a few wait; the rest is told to come back.
"""

import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.auth.hashers import check_password, make_password

from mingjian.base.errors import MingjianError

SHORTEST = 10
LONGEST = 256
AT_ONCE = 3
WAITING = 12
PATIENCE_S = 4.0
# Without letters and digits that look alike: it is read from a screen and typed.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP = 4, 4

_running = threading.BoundedSemaphore(AT_ONCE)
_present = threading.BoundedSemaphore(AT_ONCE + WAITING)


class PasswordError(MingjianError):
    """A password is not taken.

    Codes: "people.short_password", "people.password_common", "people.password_kinds", "people.password_used",
    "people.sign_in_busy", "people.password_wrong", "people.password_same".
    """


def hashed(password: str) -> str:
    """Return the Argon2id string of a password. Raises PasswordError("people.sign_in_busy")."""
    with _turn():
        return make_password(password)


def is_right(password: str, *, stored: str | None) -> bool:
    """Compare; with nothing to compare to, take as long and say no. Raises PasswordError("people.sign_in_busy")."""
    with _turn():
        if stored is None:
            make_password(password)
            return False
        return check_password(password, stored)


def one_time() -> str:
    """Return a password that is shown once and works until its owner chooses another."""
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(_GROUP)) for _ in range(_GROUPS))
    return "-".join(groups)


@contextmanager
def _turn() -> Iterator[None]:
    if not _present.acquire(blocking=False):
        raise PasswordError("people.sign_in_busy")
    try:
        if not _running.acquire(timeout=PATIENCE_S):
            raise PasswordError("people.sign_in_busy")
        try:
            yield
        finally:
            _running.release()
    finally:
        _present.release()
