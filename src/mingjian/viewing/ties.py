"""What ties a decider to an application, and whether its body has anybody left to decide: from rows to facts."""

from collections.abc import Iterator
from uuid import UUID

from django.db.models import Q

from mingjian.people import scope
from mingjian.people.capacity import Acting
from mingjian.people.models import Appointment, Body
from mingjian.people.posts import CAMPUS_BODY
from mingjian.people.queries import deciders_of
from mingjian.regulation.posts import PRINCIPALS
from mingjian.regulation.rules.conflicts import Tie
from mingjian.viewing.models import Concern, ViewingApplication
from mingjian.viewing.workflow import Stage

# While somebody still has to decide.
OPEN = frozenset({Stage.AT_UNIT, Stage.SUBMITTED, Stage.RETURNED, Stage.OBJECTED})


def is_open(application: ViewingApplication) -> bool:
    """Say whether the application still waits for a decision."""
    return Stage(application.stage) in OPEN


def ties_of(*, acting: Acting, application: ViewingApplication, now_90k: int) -> frozenset[Tie]:
    """Return what ties this person, or whose post it is, to the application.

    That the applicant is one's head counts in the campus's body only: tier 1 is where such a matter goes.
    """
    whose = {acting.person.pk} | ({acting.on_behalf_of.pk} if acting.on_behalf_of is not None else set())
    found = {Tie(one.tie) for one in _concerns(application) if one.person_id in whose}
    body = _body_of(application)
    if _is_against_body(application) and _serves(whose, body=body, now_90k=now_90k):
        found.add(Tie.OF_THE_BODY)
    if acting.tier == CAMPUS_BODY and _is_headed_by_applicant(application, body=body, now_90k=now_90k):
        found.add(Tie.SUBORDINATE)
    return frozenset(found)


def is_routed(*, application: ViewingApplication, concerned: set[UUID], now_90k: int) -> bool:
    """Say whether the campus's body has deciders, and every one of them is tied: then tier 1 decides.

    `concerned` are those whom other rules keep out: who applied, and who wrote it for them.
    """
    return bool(deciders_of(campus=application.campus_id, concerned=(), now_90k=now_90k)) and not untied_deciders(
        application=application, concerned=concerned, now_90k=now_90k
    )


def untied_deciders(*, application: ViewingApplication, concerned: set[UUID], now_90k: int) -> frozenset[UUID]:
    """Return who of the campus's body may decide on the application."""
    body = _body_of(application)
    if _is_against_body(application) or _is_headed_by_applicant(application, body=body, now_90k=now_90k):
        return frozenset()
    tied = {one.person_id for one in _concerns(application) if one.person_id is not None}
    return deciders_of(campus=application.campus_id, concerned=concerned | tied, now_90k=now_90k)


def _concerns(application: ViewingApplication) -> list[Concern]:
    # A tie counts whoever asks, also where the application is not seen any more.
    with scope.machine():
        return list(Concern.objects.filter(application=application))


def _is_against_body(application: ViewingApplication) -> bool:
    return any(one.tie == Tie.OF_THE_BODY for one in _concerns(application))


def _body_of(application: ViewingApplication) -> Body | None:
    return Body.objects.filter(tier=CAMPUS_BODY, campuses=application.campus_id).select_related("parent").first()


def _serves(whose: set[UUID], *, body: Body | None, now_90k: int) -> bool:
    return Appointment.objects.filter(_in_force(now_90k), body=body, person__in=whose).exists()


def _is_headed_by_applicant(application: ViewingApplication, *, body: Body | None, now_90k: int) -> bool:
    held = Appointment.objects.filter(
        _in_force(now_90k), person=application.applicant_id, post__in=PRINCIPALS, body__in=list(_and_above(body))
    )
    return held.exists()


def _and_above(body: Body | None) -> Iterator[Body]:
    while body is not None:
        yield body
        body = body.parent


def _in_force(now_90k: int) -> Q:
    return Q(since_90k__lte=now_90k) & (Q(until_90k__isnull=True) | Q(until_90k__gt=now_90k))
