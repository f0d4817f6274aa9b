"""Rows of units against the bodies and campuses there are: no circle, no foreign campus, nothing above one's own."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mingjian.people import personnel
from mingjian.people.capacity import Acting
from mingjian.people.importing.kinds import Fault, Row, fault
from mingjian.people.importing.names import is_code, is_name
from mingjian.people.importing.plan import NewUnit, Plan
from mingjian.people.models import Body, Campus
from mingjian.people.posts import CAMPUS_BODY, SCHOOL, UNIT
from mingjian.regulation.decision import Decision
from mingjian.regulation.posts import Tier
from mingjian.regulation.rules import entering

_BETWEEN = re.compile(r"[;；、,，/\s]+")


@dataclass(frozen=True, slots=True)
class _World:
    """What stands already. `acting` None is the shell, whom no rule of the pages binds."""

    bodies: Mapping[str, Body]
    by_name: Mapping[str, str]
    campuses: Mapping[str, str]
    campuses_of: Mapping[str, frozenset[str]]
    acting: Acting | None
    reach: frozenset[str]


def plan(rows: list[Row], *, acting: Acting | None) -> Plan:
    """Return which units would be entered, every parent before its children."""
    world = _world(acting)
    parents = _parents(rows, world)
    seen: dict[str, int] = {}
    new: dict[str, NewUnit] = {}
    faults: list[Fault] = []
    refused: dict[str, Decision] = {}
    unchanged = 0
    for row in rows:
        unit = _unit(row, world, parents)
        found = [*_faults_of(row, unit, seen, world, parents)]
        seen.setdefault(row["code"], row.number)
        standing = world.bodies.get(unit.code)
        if not found and standing is not None:
            found += _against(row, unit, standing, world)
            unchanged += not found
        elif not found:
            decision = _may_enter(unit, world, parents)
            if decision is not None and not decision.allowed:
                refused[decision.reasons[0].code] = decision
                found.append(fault(row, "parent", "refused", **_words(decision)))
            new[unit.code] = unit
        faults += found
    return Plan(tuple(_from_the_root(new)), unchanged, tuple(faults), tuple(refused.values()))


def _world(acting: Acting | None) -> _World:
    bodies = {body.code: body for body in Body.objects.prefetch_related("campuses")}
    campuses = list(Campus.objects.all())
    everywhere = frozenset(campus.code for campus in campuses)
    return _World(
        bodies=bodies,
        by_name={body.name: body.code for body in bodies.values()},
        campuses={**{campus.name: campus.code for campus in campuses}, **{one.code: one.code for one in campuses}},
        campuses_of={
            code: everywhere if body.tier == SCHOOL else frozenset(campus.code for campus in body.campuses.all())
            for code, body in bodies.items()
        },
        acting=acting,
        reach=frozenset() if acting is None else frozenset(body.pk for body in personnel.bodies_in_reach(acting)),
    )


def _parents(rows: list[Row], world: _World) -> dict[str, str]:
    """Return the parent's code of every code of the table; a parent may be told by name, a new one's too."""
    by_name = {**world.by_name, **{row["name"]: row["code"] for row in rows}}
    codes = {row["code"] for row in rows} | set(world.bodies)
    return {row["code"]: row["parent"] if row["parent"] in codes else by_name.get(row["parent"], "") for row in rows}


def _unit(row: Row, world: _World, parents: Mapping[str, str]) -> NewUnit:
    told = [one for one in _BETWEEN.split(row["campuses"]) if one]
    return NewUnit(
        code=row["code"],
        name=row["name"],
        name_en=row["name_en"],
        parent=parents[row["code"]],
        campuses=tuple(dict.fromkeys(world.campuses.get(one, one) for one in told)),
    )


def _faults_of(
    row: Row, unit: NewUnit, seen: dict[str, int], world: _World, parents: Mapping[str, str]
) -> Iterator[Fault]:
    if unit.code and not is_code(unit.code):
        yield fault(row, "code", "no_code")
    elif first := seen.get(unit.code):
        yield fault(row, "code", "twice", first=first)
    for column in ("name", "name_en"):
        if row[column] and not is_name(row[column]):
            yield fault(row, column, "no_name")
    for campus in unit.campuses:
        if campus not in world.campuses:
            yield fault(row, "campuses", "campus_unknown", campus=campus, known="、".join(_names(world)))
    if row["parent"] and not unit.parent:
        yield fault(row, "parent", "body_unknown")
    elif circle := _circle(unit.code, parents):
        yield fault(row, "parent", "circle", circle=" → ".join(circle))
    elif (above := world.bodies.get(unit.parent)) is not None and above.tier not in {CAMPUS_BODY, UNIT}:
        yield fault(row, "parent", "parent_of_tier_1")


def _circle(code: str, parents: Mapping[str, str]) -> list[str]:
    """Return the way from a unit up to itself, if there is one."""
    path = [code]
    while (above := parents.get(path[-1], "")) and above not in path:
        path.append(above)
    return [*path, above] if above and above == code else []


def _against(row: Row, unit: NewUnit, standing: Body, world: _World) -> Iterator[Fault]:
    """Units that stand are not changed by an import: what differs is told."""
    told = {
        "name": (unit.name, standing.name),
        "name_en": (unit.name_en or standing.name_en, standing.name_en),
        "parent": (unit.parent, standing.parent_id or ""),
        "campuses": ("、".join(sorted(unit.campuses)), "、".join(sorted(world.campuses_of[unit.code]))),
    }
    if standing.tier != UNIT:
        yield fault(row, "code", "no_unit")
        return
    for column, (wanted, known) in told.items():
        if wanted != known:
            yield fault(row, column, "stands_otherwise", known=known)


def _may_enter(unit: NewUnit, world: _World, parents: Mapping[str, str]) -> Decision | None:
    acting = world.acting
    if acting is None:
        return None
    facts = entering.EnteringFacts(
        post=acting.post,
        tier=None if acting.tier is None else Tier(acting.tier),
        is_below_own=_standing_above(unit, world, parents) in world.reach,
        are_campuses_own=set(unit.campuses) <= set(acting.campuses),
    )
    return entering.may_enter(facts)


def _standing_above(unit: NewUnit, world: _World, parents: Mapping[str, str]) -> str:
    """Return the nearest body above that stands already."""
    above = unit.parent
    while above and above not in world.bodies:
        above = parents.get(above, "")
    return above


def _words(decision: Decision) -> dict[str, object]:
    return {"zh": decision.reasons[0].cited_zh, "en": decision.reasons[0].cited_en}


def _names(world: _World) -> list[str]:
    return [name for name, code in world.campuses.items() if name != code]


def _from_the_root(new: Mapping[str, NewUnit]) -> Iterator[NewUnit]:
    waiting = dict(new)
    while waiting:
        ready = [unit for unit in waiting.values() if unit.parent not in waiting]
        if not ready:
            return
        for unit in ready:
            yield waiting.pop(unit.code)
