"""Rows of appointments against persons, bodies and what they hold: who may give it, for how long, beside what."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache

from django.db.models import Q
from django.utils import translation

from mingjian.people import personnel
from mingjian.people.capacity import Acting
from mingjian.people.importing import days
from mingjian.people.importing.kinds import Fault, Row, fault
from mingjian.people.importing.plan import NewAppointment, Plan
from mingjian.people.models import Appointment, Body, Person
from mingjian.people.posts import POST_NAMES, TIERS_OF, post_name
from mingjian.regulation.decision import Decision
from mingjian.regulation.posts import APART, Post
from mingjian.regulation.rules import appointing
from mingjian.regulation.rules.appointing import AppointingFacts


@dataclass(frozen=True, slots=True)
class _Held:
    """A post somebody holds, or would: in force during [since, until)."""

    post: Post
    body: str
    since_90k: int
    until_90k: int
    row: int

    def overlaps(self, other: "_Held") -> bool:
        return self.since_90k < other.until_90k and other.since_90k < self.until_90k


_FOR_EVER = (1 << 62) - 1


@dataclass(slots=True)
class _World:
    """What stands already, and grows with every row. `acting` None is the shell, whom no rule of the pages binds."""

    persons: Mapping[str, Person]
    bodies: Mapping[str, Body]
    by_name: Mapping[str, str]
    acting: Acting | None
    reach: frozenset[str]
    now_90k: int
    held: dict[str, list[_Held]] = field(default_factory=lambda: defaultdict(list))


def plan(rows: list[Row], *, acting: Acting | None, now_90k: int) -> Plan:
    """Return which posts would be given."""
    world = _world(rows, acting=acting, now_90k=now_90k)
    new: list[NewAppointment] = []
    faults: list[Fault] = []
    refused: dict[str, Decision] = {}
    for row in rows:
        found = list(_faults_of(row, world))
        if not found:
            wanted = _appointment(row, world)
            decision = _may_give(wanted, world)
            if decision is not None and not decision.allowed:
                refused[decision.reasons[0].code] = decision
                words = decision.reasons[0]
                found.append(fault(row, "post", "refused", zh=words.cited_zh, en=words.cited_en))
            found += _beside(row, wanted, world)
            new.append(wanted)
        faults += found
    return Plan(tuple(new), 0, tuple(faults), tuple(refused.values()))


def _world(rows: list[Row], *, acting: Acting | None, now_90k: int) -> _World:
    usernames = {row["username"] for row in rows}
    persons = {row.username: row for row in Person.objects.filter(username__in=usernames, is_active=True)}
    bodies = {body.code: body for body in Body.objects.all()}
    reach = frozenset(bodies) if acting is None else frozenset(body.pk for body in personnel.bodies_in_reach(acting))
    world = _World(persons, bodies, {body.name: body.code for body in bodies.values()}, acting, reach, now_90k)
    lasting = Q(until_90k__isnull=True) | Q(until_90k__gt=now_90k)
    for one in Appointment.objects.filter(lasting, person__in=persons.values()):
        until_90k = _FOR_EVER if one.until_90k is None else one.until_90k
        world.held[str(one.person_id)].append(_Held(Post(one.post), one.body_id, one.since_90k, until_90k, 0))
    return world


def _faults_of(row: Row, world: _World) -> Iterator[Fault]:
    if row["username"] and row["username"] not in world.persons:
        yield fault(row, "username", "person_unknown")
    body, post = _body(row, world), _post(row)
    if row["body"] and body is None:
        yield fault(row, "body", "body_unknown")
    if row["post"] and post is None:
        yield fault(row, "post", "post_unknown", known="、".join(str(name) for name in POST_NAMES.values()))
    elif body is not None and post is not None and body.tier not in TIERS_OF[post]:
        yield fault(row, "post", "post_not_at_tier", body=body.name)
    since, until = days.day_of(row["since"]), days.day_of(row["until"])
    for column, day in (("since", since), ("until", until)):
        if row[column] and day is None:
            yield fault(row, column, "no_date")
    if since is not None and days.midnight(since + timedelta(days=1)) <= world.now_90k:
        yield fault(row, "since", "in_the_past")
    begins_90k = world.now_90k if since is None else max(days.midnight(since), world.now_90k)
    if until is not None and days.midnight(until + timedelta(days=1)) <= begins_90k:
        yield fault(row, "until", "term_empty")


def _appointment(row: Row, world: _World) -> NewAppointment:
    body, post = _body(row, world), _post(row)
    if body is None or post is None:
        raise AssertionError("a row without faults names a body and a post")
    since, until = days.day_of(row["since"]), days.day_of(row["until"])
    since_90k = None if since is None or days.midnight(since) <= world.now_90k else days.midnight(since)
    person = world.persons[row["username"]]
    return NewAppointment(
        person_id=str(person.pk),
        username=person.username,
        post=post,
        body=body.code,
        tier=body.tier,
        since_90k=since_90k,
        until_90k=None if until is None else days.midnight(until + timedelta(days=1)),
        document=row["document"],
    )


def _may_give(wanted: NewAppointment, world: _World) -> Decision | None:
    acting = world.acting
    if acting is None:
        return None
    return appointing.may_appoint(
        AppointingFacts(
            appointer_post=acting.post,
            is_own_body=wanted.body == acting.body,
            is_above=wanted.body in world.reach and wanted.body != acting.body,
            is_oneself=wanted.person_id == str(acting.person.pk),
            post=wanted.post,
        )
    )


def _beside(row: Row, wanted: NewAppointment, world: _World) -> Iterator[Fault]:
    """Tell what the post would overlap, of the person's posts now and of the rows above."""
    since_90k = world.now_90k if wanted.since_90k is None else wanted.since_90k
    until_90k = _FOR_EVER if wanted.until_90k is None else wanted.until_90k
    one = _Held(wanted.post, wanted.body, since_90k, until_90k, row.number)
    for held in world.held[wanted.person_id]:
        if not held.overlaps(one):
            continue
        if (held.post, held.body) == (one.post, one.body):
            yield fault(row, "post", "overlaps_row" if held.row else "overlaps", first=held.row)
        elif held.post != one.post and {held.post, one.post} & APART:
            known = post_name(held.post, tier=world.bodies[held.body].tier)
            yield fault(row, "post", "powers_apart", known=known)
    world.held[wanted.person_id].append(one)


def _body(row: Row, world: _World) -> Body | None:
    return world.bodies.get(row["body"]) or world.bodies.get(world.by_name.get(row["body"], ""))


def _post(row: Row) -> Post | None:
    return _posts().get(row["post"])


@cache
def _posts() -> Mapping[str, Post]:
    """Return every post by its code and by its names in both languages, as pages show them."""
    found = {post.value: post for post in Post}
    for language in ("zh-hans", "en"):
        with translation.override(language):
            found |= {post_name(post, tier=tier): post for post, tiers in TIERS_OF.items() for tier in tiers}
    return found
