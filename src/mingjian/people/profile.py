"""The university as a file: campuses, bodies and their jurisdiction, owners of special systems, people of a demo.

Reading needs no Django; `university` enters what was read. No other code knows a campus or a body by name.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mingjian.base.errors import MingjianError
from mingjian.people import profile_words
from mingjian.people.profile_check import faults_of
from mingjian.people.profile_lines import lines_of
from mingjian.regulation.posts import Tier

PROFILES = Path(__file__).parent / "profiles"
DEFAULT = "dlut"


class ProfileError(MingjianError):
    """The file is not a profile: "people.profile_missing", "people.profile_malformed" (what, why).

    `faults` are all of them, each in Chinese and English with file, line and key; none for a missing file.
    """

    faults: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class CampusEntry:
    """A campus. Its place in the list is the order on pages."""

    code: str
    name: str
    name_en: str


@dataclass(frozen=True, slots=True)
class BodyEntry:
    """A body or unit. `campuses` is empty for tier 1, which answers for all, and for discipline inspection.

    `is_first_office` says of a tier-2 body that it is the office of tier 1 acting for a campus.
    """

    code: str
    name: str
    name_en: str
    tier: int
    parent: str
    campuses: tuple[str, ...]
    is_first_office: bool


@dataclass(frozen=True, slots=True)
class SpecialSystem:
    """A kind of system that one unit owns for the whole university (Article 21)."""

    kind: str
    name: str
    name_en: str
    owner: str


@dataclass(frozen=True, slots=True)
class PersonEntry:
    """Somebody of a demo: who, appointed to what as (post, body), and what they are there to show."""

    username: str
    name: str
    appointments: tuple[tuple[str, str], ...]
    task_zh: str
    task_en: str


@dataclass(frozen=True, slots=True)
class Profile:
    """Everything that differs from one university to the next."""

    name: str
    name_en: str
    campuses: tuple[CampusEntry, ...]
    bodies: tuple[BodyEntry, ...]
    special_systems: tuple[SpecialSystem, ...]
    people: tuple[PersonEntry, ...]
    policies: Mapping[str, int]


def read(name_or_path: str = DEFAULT) -> Profile:
    """Return the profile of this name among ours, or at this path. Raises ProfileError."""
    path = Path(name_or_path) if name_or_path.endswith(".toml") else PROFILES / f"{name_or_path}.toml"
    try:
        text = path.read_text(encoding="utf-8")
        told = tomllib.loads(text)
    except OSError as error:
        raise ProfileError("people.profile_missing", path=str(path)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ProfileError("people.profile_malformed", path=str(path), reason=str(error)) from error
    if faults := faults_of(told):
        lines = lines_of(text)
        spoken = tuple(profile_words.told(fault, path=str(path), lines=lines) for fault in faults)
        refused = ProfileError("people.profile_malformed", path=str(path), reason=spoken[0][0], count=len(spoken))
        refused.faults = spoken
        raise refused
    return _profile(told)


def _profile(told: Mapping[str, Any]) -> Profile:
    return Profile(
        name=told["name"],
        name_en=told["name_en"],
        campuses=tuple(CampusEntry(**entry) for entry in told["campus"]),
        bodies=_from_the_root([_body(entry) for entry in told["body"]]),
        special_systems=tuple(SpecialSystem(**entry) for entry in told.get("special_system", ())),
        people=tuple(_person(entry) for entry in told.get("person", ())),
        policies={name: int(value) for name, value in told.get("policy", {}).items()},
    )


def _from_the_root(bodies: list[BodyEntry]) -> tuple[BodyEntry, ...]:
    """Return the bodies with every parent before its children, otherwise in the order of the file."""
    placed: dict[str, BodyEntry] = {}
    waiting = bodies
    while waiting:
        for body in waiting:
            if not body.parent or body.parent in placed:
                placed[body.code] = body
        waiting = [body for body in waiting if body.code not in placed]
    return tuple(placed.values())


def _body(entry: Mapping[str, Any]) -> BodyEntry:
    is_first_office = entry.get("is_first_office", entry["tier"] == Tier.FIRST)
    told = {"parent": "", **entry, "campuses": tuple(entry.get("campuses", ())), "is_first_office": is_first_office}
    return BodyEntry(**told)


def _person(entry: Mapping[str, Any]) -> PersonEntry:
    appointments = tuple((held["post"], held["body"]) for held in entry.get("appointments", ()))
    return PersonEntry(**{**entry, "appointments": appointments})
