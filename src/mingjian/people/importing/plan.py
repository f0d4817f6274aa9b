"""What an import would enter, what it would leave as it is, and every fault that keeps it from entering anything."""

from dataclasses import dataclass

from mingjian.people.importing.kinds import Fault
from mingjian.people.posts import UNIT
from mingjian.regulation.decision import Decision
from mingjian.regulation.posts import Post


@dataclass(frozen=True, slots=True)
class NewPerson:
    """An account to open. It has no password: its person comes by the university's sign-in, or is given one."""

    username: str
    display_name: str


@dataclass(frozen=True, slots=True)
class NewUnit:
    """A unit of tier 3 to enter below a body that stands, or below another of the same table before it."""

    code: str
    name: str
    name_en: str
    parent: str
    campuses: tuple[str, ...]
    tier: int = UNIT


@dataclass(frozen=True, slots=True)
class NewAppointment:
    """A post to give. `since_90k` None: from when it is entered."""

    person_id: str
    username: str
    post: Post
    body: str
    tier: int
    since_90k: int | None
    until_90k: int | None
    document: str


New = NewPerson | NewUnit | NewAppointment


@dataclass(frozen=True, slots=True)
class Plan:
    """The outcome of a check. `unchanged` counts rows that stand; `refused` are what rules refused, each once."""

    new: tuple[New, ...]
    unchanged: int
    faults: tuple[Fault, ...]
    refused: tuple[Decision, ...] = ()

    @property
    def is_sound(self) -> bool:
        """Whether it may be entered."""
        return not self.faults
