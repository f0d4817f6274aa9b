"""Where an operator is on shift. Shifts belong to a neighbour on this floor; the console says here whom to ask."""

from collections.abc import Callable, Collection

from mingjian.people.models import Person

Ask = Callable[[Person], Collection[str]]

_asked: list[Ask] = []


def tell(ask: Ask) -> None:
    """Say who knows: a function from a person to the campuses of the open shift, none off shift. Called at start."""
    _asked[:] = [ask]


def campuses_on_shift(person: Person) -> Collection[str]:
    """Return the campuses the person is on shift for now. Nobody told is a bug (LookupError)."""
    if not _asked:
        raise LookupError("nobody told who knows the shifts")
    return _asked[0](person)
