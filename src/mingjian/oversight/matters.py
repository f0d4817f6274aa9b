"""What a query or a complaint can be about: applications, sessions and entries of others; the console says whom to ask.

Neighbours on a floor do not know each other: a matter comes as its code, its number, and who answers for it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from mingjian.people.capacity import Acting


@dataclass(frozen=True, slots=True)
class Matter:
    """One matter: "entry:<shard>/<seq>", "application:<id>" or "viewing:<id>".

    `label` is its number. `body` answers for it and `concerned_id` acted; each is empty where nobody can be told.
    """

    subject: str
    label: str
    body: str
    concerned_id: str


Ask = Callable[[Acting, str], Matter | None]

_asked: list[Ask] = []


def tell(ask: Ask) -> None:
    """Say who knows the matters. Called at start."""
    _asked[:] = [ask]


def matter_of(acting: Acting, subject: str) -> Matter | None:
    """Return the matter with this code, None where there is none for who acts. Nobody told is a bug (LookupError)."""
    if not _asked:
        raise LookupError("nobody told who knows the matters")
    return _asked[0](acting, subject)
