"""What a checker says: findings by invariant, and how far it has come."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it must be: which invariant, what it is, which row or file, and the particulars."""

    invariant: int
    code: str
    subject: str
    detail: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a check has come: files whose presence is known, and bytes read again, each of how many."""

    files: int
    of_files: int
    read_bytes: int = 0
    of_bytes: int = 0


Tell = Callable[[Progress], None]


def untold(_: Progress) -> None:
    """Tell nobody."""
