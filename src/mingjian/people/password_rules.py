"""What a password must be under the profile in force (`asvs` or `gb`), and when it has grown too old. Pure.

`asvs` follows OWASP ASVS 5.0 §6.2: long enough, none that everybody tries first, never changed for the calendar's sake.
`gb` is what assessors of graded protection (GB/T 22239) ask for on top: kinds of characters, an age, no old one again.
"""

import itertools
import string
from collections.abc import Set
from dataclasses import dataclass
from functools import cache

from django.contrib.auth.password_validation import CommonPasswordValidator

from mingjian.base.ticks import TICKS_PER_S
from mingjian.people.passwords import LONGEST, SHORTEST, PasswordError
from mingjian.regulation.policies import GB_PASSWORDS, Book

KINDS_WANTED = 3
_KINDS = (string.ascii_lowercase, string.ascii_uppercase, string.digits)
_DAY_90K = 86_400 * TICKS_PER_S
# Shorter user names stand in many a good password by chance; so do shorter words of the list.
_NAME_COUNTS_FROM, _WORD_COUNTS_FROM = 4, 6
# What stands around a word without making it another: "Password2026!" is tried right after "password".
_TRIMMINGS = string.digits + string.punctuation + " "
_OURS = frozenset({"mingjian", "surveillance", "campus", "campuscamera"})


@dataclass(frozen=True, slots=True)
class PasswordRules:
    """The rules in force. `age_90k` None: it never has to be changed; `history` 0: an old one may come back."""

    kinds: int
    age_90k: int | None
    history: int


def rules_of(book: Book) -> PasswordRules:
    """Return the rules that these policy values make."""
    if book.value("password_profile") != GB_PASSWORDS:
        return PasswordRules(kinds=0, age_90k=None, history=0)
    return PasswordRules(
        kinds=KINDS_WANTED,
        age_90k=book.value("password_age") * _DAY_90K,
        history=book.value("password_history"),
    )


def check(password: str, *, username: str, rules: PasswordRules) -> None:
    """Raise PasswordError unless the password may be somebody's."""
    if not SHORTEST <= len(password) <= LONGEST or _names(password, username):
        raise PasswordError("people.short_password", username=username, shortest=SHORTEST)
    if _is_common(password):
        raise PasswordError("people.password_common", username=username)
    if _kinds_in(password) < rules.kinds:
        raise PasswordError("people.password_kinds", username=username, kinds=rules.kinds)


def is_too_old(*, set_at_90k: int, rules: PasswordRules, now_90k: int) -> bool:
    """Say whether a password set then has to be changed before anything else."""
    return rules.age_90k is not None and now_90k - set_at_90k >= rules.age_90k


def _names(password: str, username: str) -> bool:
    return len(username) >= _NAME_COUNTS_FROM and username.lower() in password.lower()


def _is_common(password: str) -> bool:
    lowered = password.lower()
    core = lowered.strip(_TRIMMINGS)
    if len(set(lowered)) <= 3 or _is_a_run(lowered):
        return True
    return lowered in _common() or (len(core) >= _WORD_COUNTS_FROM and core in _common())


def _is_a_run(text: str) -> bool:
    """Say whether the characters only count up or down: "abcdefghij", "9876543210"."""
    steps = {ord(after) - ord(before) for before, after in itertools.pairwise(text)}
    return steps in ({1}, {-1})


def _kinds_in(password: str) -> int:
    kinds = sum(any(character in kind for character in password) for kind in _KINDS)
    return kinds + any(character not in "".join(_KINDS) for character in password)


@cache
def _common() -> Set[str]:
    """Return the twenty thousand passwords that leaked lists have most often, which Django carries, and our own."""
    # One reading of the list serves every process of ours for its life.
    return frozenset(CommonPasswordValidator().passwords) | _OURS
