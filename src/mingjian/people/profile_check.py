"""What is wrong with a university's profile: every fault with its key, found before anything is entered.

Pure: it reads what TOML gave. `profile` builds from what has no fault.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from mingjian.people import texts
from mingjian.people.posts import LEVELS, TIERS_OF
from mingjian.regulation.policies import DEFAULTS, POLICIES
from mingjian.regulation.posts import APART, Post, Tier
from mingjian.regulation.rules.governing import SettingFacts, may_hold

Table = Mapping[str, Any]

# Per table: key → (type, must it stand there).
_SHAPES: Mapping[str, Mapping[str, tuple[type, bool]]] = {
    "campus": {"code": (str, True), "name": (str, True), "name_en": (str, True)},
    "body": {
        "code": (str, True),
        "name": (str, True),
        "name_en": (str, True),
        "tier": (int, True),
        "is_first_office": (bool, False),
        "parent": (str, False),
        "campuses": (list, False),
    },
    "special_system": {"kind": (str, True), "name": (str, True), "name_en": (str, True), "owner": (str, True)},
    "person": {
        "username": (str, True),
        "name": (str, True),
        "appointments": (list, False),
        "task_zh": (str, True),
        "task_en": (str, True),
    },
}
_TOP: Mapping[str, tuple[type, bool]] = {
    "name": (str, True),
    "name_en": (str, True),
    "campus": (list, True),
    "body": (list, True),
    "special_system": (list, False),
    "person": (list, False),
    "policy": (dict, False),
}
_NAMED_BY = {"campus": "code", "body": "code", "special_system": "kind", "person": "username"}
_LONGEST = {"campus": 32, "body": 48, "special_system": 32, "person": 64}
_LONGEST_NAME = {"name": 64, "name_en": 96}
_LONGEST_TEXT = 200
_CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: a stable code, the key it stands at ("body[2].campuses"), and the facts its words need."""

    code: str
    key: str
    facts: Mapping[str, object] = field(default_factory=dict)


def faults_of(told: Table) -> list[Fault]:
    """Return every fault of a profile. Its shape comes first: only a sound one can be asked for its sense."""
    shape = list(_of_shape(told))
    return shape or [*_of_codes(told), *_of_bodies(told), *_of_owners(told), *_of_people(told), *_of_policies(told)]


def _of_shape(told: Table) -> Iterator[Fault]:
    yield from _of_table(told, _TOP, at="")
    for kind, shape in _SHAPES.items():
        entries = told.get(kind, [])
        for place, entry in enumerate(entries if isinstance(entries, list) else []):
            at = f"{kind}[{place}]"
            if not isinstance(entry, dict):
                yield Fault("wrong_type", at, {"wanted": "table"})
                continue
            yield from _of_table(entry, shape, at=at)
            for value in entry.get("campuses", []) if isinstance(entry.get("campuses"), list) else []:
                if not isinstance(value, str):
                    yield Fault("wrong_type", f"{at}.campuses", {"wanted": "string"})
            for held in entry.get("appointments", []) if isinstance(entry.get("appointments"), list) else []:
                is_sound = isinstance(held, dict) and set(held) == {"post", "body"}
                if not is_sound or not all(isinstance(value, str) for value in held.values()):
                    yield Fault("wrong_appointment", f"{at}.appointments")


def _of_table(table: Table, shape: Mapping[str, tuple[type, bool]], *, at: str) -> Iterator[Fault]:
    within = f"{at}." if at else ""
    for key in table:
        if key not in shape:
            yield Fault("unknown_key", f"{within}{key}", {"known": ", ".join(shape)})
    for key, (kind, is_wanted) in shape.items():
        if key not in table:
            if is_wanted:
                yield Fault("missing_key", at or key, {"name": key})
        elif type(table[key]) is not kind:
            yield Fault("wrong_type", f"{within}{key}", {"wanted": kind.__name__})
        elif kind is str and key != "parent" and not table[key].strip():
            yield Fault("empty", f"{within}{key}")
        elif kind is str and texts.begins_formula(table[key]):
            yield Fault("formula", f"{within}{key}")
        elif kind is str and texts.has_invisible(table[key]):
            yield Fault("invisible", f"{within}{key}")
        elif kind is str and len(table[key]) > (longest := _LONGEST_NAME.get(key, _LONGEST_TEXT)):
            yield Fault("too_long", f"{within}{key}", {"longest": longest})


def _of_codes(told: Table) -> Iterator[Fault]:
    for kind, name in _NAMED_BY.items():
        seen: set[str] = set()
        for place, entry in enumerate(told.get(kind, [])):
            code, key = entry[name], f"{kind}[{place}].{name}"
            if len(code) > _LONGEST[kind] or (kind != "person" and not _CODE.fullmatch(code)):
                yield Fault("malformed_code", key, {"value": code, "longest": _LONGEST[kind]})
            if code in seen:
                yield Fault("twice", key, {"value": code})
            seen.add(code)


def _of_bodies(told: Table) -> Iterator[Fault]:
    campuses = [entry["code"] for entry in told["campus"]]
    bodies = told["body"]
    tiers = {entry["code"]: entry["tier"] for entry in bodies}
    if sum(entry["tier"] == Tier.FIRST for entry in bodies) != 1:
        yield Fault("one_tier_1", "body")
    if sum(entry["tier"] == Tier.OUTSIDE for entry in bodies) != 1:
        yield Fault("one_inspection", "body")
    charge: Counter[str] = Counter()
    for place, entry in enumerate(bodies):
        at, tier, named = f"body[{place}]", entry["tier"], entry.get("campuses", [])
        if tier not in LEVELS:
            yield Fault("tier_unknown", f"{at}.tier", {"value": tier})
        yield from _of_parent(entry, at=at, tiers=tiers)
        for campus, times in Counter(named).items():
            if campus not in campuses:
                yield Fault("campus_unknown", f"{at}.campuses", {"value": campus, "known": ", ".join(campuses)})
            if times > 1:
                yield Fault("twice", f"{at}.campuses", {"value": campus})
            if tier == Tier.SECOND:
                charge[campus] += 1
                if charge[campus] == 2:
                    yield Fault("campus_of_two", f"{at}.campuses", {"value": campus})
        if entry.get("is_first_office", False) and tier != Tier.SECOND:
            yield Fault("first_office_at_tier_2", f"{at}.is_first_office")
        if tier == Tier.OUTSIDE and named:
            yield Fault("inspection_has_none", f"{at}.campuses")
        if tier == Tier.FIRST and named:
            yield Fault("tier_1_has_all", f"{at}.campuses")
        if tier in {Tier.SECOND, Tier.THIRD} and not named:
            yield Fault("no_campus", at, {"value": entry["code"]})
    for place, campus in enumerate(campuses):
        if not charge[campus]:
            yield Fault("campus_of_nobody", f"campus[{place}].code", {"value": campus})
    yield from _of_cycles(bodies)


def _of_parent(entry: Table, *, at: str, tiers: Mapping[str, int]) -> Iterator[Fault]:
    parent = entry.get("parent", "")
    if entry["tier"] in {Tier.OUTSIDE, Tier.FIRST}:
        if parent:
            yield Fault("tier_1_has_no_parent", f"{at}.parent")
    elif not parent:
        yield Fault("missing_key", at, {"name": "parent"})
    elif parent not in tiers:
        yield Fault("parent_unknown", f"{at}.parent", {"value": parent})
    elif (
        tiers[parent] == Tier.OUTSIDE
        or tiers[parent] > entry["tier"]
        or (entry["tier"] == Tier.SECOND and tiers[parent] != Tier.FIRST)
    ):
        yield Fault("parent_below", f"{at}.parent", {"value": parent})


def _of_cycles(bodies: list[Table]) -> Iterator[Fault]:
    parents = {entry["code"]: entry.get("parent", "") for entry in bodies}
    told: set[str] = set()
    for place, entry in enumerate(bodies):
        path = [entry["code"]]
        while (parent := parents.get(path[-1], "")) and parent not in path:
            path.append(parent)
        # Each cycle once, at the first of its bodies that stands in the file.
        if parent == entry["code"] and not told.intersection(path):
            told.update(path)
            yield Fault("cycle", f"body[{place}].parent", {"value": " → ".join([*path, parent])})


def _of_owners(told: Table) -> Iterator[Fault]:
    tiers = {entry["code"]: entry["tier"] for entry in told["body"]}
    for place, entry in enumerate(told.get("special_system", [])):
        if tiers.get(entry["owner"]) != Tier.THIRD:
            yield Fault("owner_is_no_unit", f"special_system[{place}].owner", {"value": entry["owner"]})


def _of_people(told: Table) -> Iterator[Fault]:
    tiers = {entry["code"]: entry["tier"] for entry in told["body"]}
    for place, entry in enumerate(told.get("person", [])):
        key = f"person[{place}].appointments"
        held = [(one["post"], one["body"]) for one in entry.get("appointments", [])]
        for (post, body), times in Counter(held).items():
            if post not in set(Post):
                yield Fault("post_unknown", key, {"value": post})
            elif body not in tiers:
                yield Fault("body_unknown", key, {"value": body})
            elif tiers[body] not in TIERS_OF[Post(post)]:
                yield Fault("post_not_at_tier", key, {"value": post, "body": body})
            if times > 1:
                yield Fault("appointed_twice", key, {"value": post, "body": body})
        powers = {post if post in APART else "" for post, _body in held}
        if len(powers) > 1:
            yield Fault("powers_apart", key, {"value": entry["username"]})


def _of_policies(told: Table) -> Iterator[Fault]:
    values: Table = told.get("policy", {})
    book = DEFAULTS
    for name, value in values.items():
        if name in POLICIES and type(value) in {int, bool}:
            book = book.with_value(name, int(value))
    for name, value in values.items():
        key = f"policy.{name}"
        if name not in POLICIES:
            yield Fault("policy_unknown", key, {"value": name})
        elif type(value) not in {int, bool}:
            yield Fault("wrong_type", key, {"wanted": "int"})
        else:
            decision = may_hold(SettingFacts(policy=POLICIES[name], value=int(value), book=book))
            for reason in () if decision.allowed else decision.reasons:
                yield Fault("policy_refused", key, {"zh": reason.cited_zh, "en": reason.cited_en})
