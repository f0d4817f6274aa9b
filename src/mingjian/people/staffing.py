"""Whether each body has whom its system needs, and who that is."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from mingjian.people import personnel, policy
from mingjian.people.capacity import Acting
from mingjian.people.models import Appointment, Body, Person
from mingjian.people.posts import CAMPUS_BODY, UNIT
from mingjian.people.waiting import Waiting
from mingjian.regulation.decision import Decision
from mingjian.regulation.posts import Post
from mingjian.regulation.rules import staffing as rules


@dataclass(frozen=True, slots=True)
class Staffing:
    """A body with a system, who holds its posts, and what Article 8 says to that."""

    body: Body
    responsible: tuple[Person, ...]
    managers: tuple[Person, ...]
    operators: tuple[Person, ...]
    decision: Decision


def staffings(bodies: Collection[Body], *, now_90k: int) -> list[Staffing]:
    """Return those of the bodies that have a system, tiers 2 and 3, what lacks somebody first."""
    with_system = [body for body in bodies if body.tier in {CAMPUS_BODY, UNIT}]
    held = Appointment.objects.filter(
        _lasting(now_90k), since_90k__lte=now_90k, body__in=with_system, person__is_active=True
    ).select_related("person")
    by_body: dict[str, list[Appointment]] = {}
    for one in held.order_by("person__display_name"):
        by_body.setdefault(one.body_id, []).append(one)
    are_distinct = _are_distinct(now_90k)
    found = [_of(body, by_body.get(body.pk, []), are_distinct=are_distinct) for body in with_system]
    return sorted(found, key=lambda one: one.decision.allowed)


def staffing_of(body: Body, *, now_90k: int) -> Staffing | None:
    """Return how one body is staffed; None for one of another tier, which runs no system."""
    return next(iter(staffings([body], now_90k=now_90k)), None)


def may_give(*, acting: Acting, person: Person, body: Body, post: Post, now_90k: int) -> Decision:
    """Decide whether this capacity gives the person the post (A08.a, A08.b)."""
    counterpart = rules.COUNTERPART.get(post)
    held = person.appointments.filter(_lasting(now_90k), body=body, post=counterpart)
    return rules.may_give(
        rules.GivingFacts(
            appointing=personnel.facts_of(acting, person, body, post),
            holds_counterpart=counterpart is not None and held.exists(),
            are_distinct=_are_distinct(now_90k),
        )
    )


def told(*, acting: Acting, now_90k: int) -> list[Waiting]:
    """Return that the own body lacks somebody, for who appoints there."""
    if acting.appointment is None or not personnel.appoints(acting):
        return []
    own = staffing_of(acting.appointment.body, now_90k=now_90k)
    count = 0 if own is None or own.decision.allowed else len(own.decision.reasons)
    return [Waiting(_("本机构监控系统缺人"), count, reverse("staff"))] if count else []


def _of(body: Body, held: list[Appointment], *, are_distinct: bool) -> Staffing:
    responsible, managers, operators = (
        tuple(dict.fromkeys(one.person for one in held if one.post in posts))
        for posts in (rules.RESPONSIBLE, {Post.MANAGER}, {Post.OPERATOR})
    )
    decision = rules.may_run(
        rules.StaffingFacts(
            responsible=frozenset(str(person.pk) for person in responsible),
            managers=frozenset(str(person.pk) for person in managers),
            operators=frozenset(str(person.pk) for person in operators),
            are_distinct=are_distinct,
        )
    )
    return Staffing(body, responsible, managers, operators, decision)


def _lasting(now_90k: int) -> Q:
    return Q(until_90k__isnull=True) | Q(until_90k__gt=now_90k)


def _are_distinct(now_90k: int) -> bool:
    return policy.in_force(at_90k=now_90k).is_on("staff_distinct")
