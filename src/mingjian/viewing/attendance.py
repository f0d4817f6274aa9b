"""Where an operator is on shift. Shifts belong to a neighbour on this floor; the console says here whom to ask."""

from collections.abc import Callable, Collection

from mingjian.people.models import Person

Ask = Callable[[Person, str], Collection[str]]

_asked: list[Ask] = []


def tell(ask: Ask) -> None:
    """Say who knows: a function from a person and a body to the campuses of the open shift that the person does for it,
    none off shift. Called at start.
    """
    _asked[:] = [ask]


def campuses_on_shift(person: Person, *, body: str) -> Collection[str]:
    """Return the campuses the person is on shift for now on behalf of this body. Nobody told is a bug (LookupError)."""
    if not _asked:
        raise LookupError("nobody told who knows the shifts")
    return _asked[0](person, body)
