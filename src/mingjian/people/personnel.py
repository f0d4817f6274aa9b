"""Persons as those see them who keep accounts or appoint: who is found, and what this capacity may do about whom."""

from collections.abc import Iterator

from django.db.models import Q, QuerySet
from django.http import Http404

from mingjian.base import ids
from mingjian.people.capacity import Acting
from mingjian.people.models import Appointment, Body, Person
from mingjian.people.posts import TIERS_OF
from mingjian.regulation.decision import Decision
from mingjian.regulation.posts import PRINCIPALS, Post
from mingjian.regulation.rules import appointing
from mingjian.regulation.rules.appointing import AppointingFacts, ConfirmingFacts

SHOWN = 100


def keeps_accounts(acting: Acting) -> bool:
    """Whether accounts are this capacity's business: the system administrator's, and nobody else's."""
    return acting.post is Post.SYSTEM_ADMINISTRATOR


def appoints(acting: Acting) -> bool:
    """Whether this capacity appoints anybody at all."""
    return acting.post in appointing.APPOINTERS


def access_persons(*, acting: Acting, words: str = "") -> QuerySet[Person]:
    """Return the persons whose name or user name has the words, for who keeps accounts or appoints; else nobody."""
    if not (keeps_accounts(acting) or appoints(acting)):
        return Person.objects.none()
    return _named(Person.objects.filter(is_active=True), words)


def access_closed(*, acting: Acting, words: str = "") -> QuerySet[Person]:
    """Return the persons whose account was closed, for who keeps accounts; else nobody."""
    return _named(Person.objects.filter(is_active=False), words) if keeps_accounts(acting) else Person.objects.none()


def access_closed_person(*, acting: Acting, person_id: str) -> Person:
    """Return one person whose account was closed, or raise Http404."""
    found = access_closed(acting=acting).filter(pk=person_id).first() if ids.is_id(person_id) else None
    if found is None:
        raise Http404
    return found


def access_person(*, acting: Acting, person_id: str) -> Person:
    """Return one person, or raise Http404."""
    found = access_persons(acting=acting).filter(pk=person_id).first() if ids.is_id(person_id) else None
    if found is None:
        raise Http404
    return found


def access_appointment(*, acting: Acting, appointment_id: str) -> Appointment:
    """Return an appointment in a body within reach, or raise Http404."""
    found = None
    if ids.is_id(appointment_id):
        reach = [body.pk for body in bodies_in_reach(acting)]
        found = Appointment.objects.filter(pk=appointment_id, body__in=reach).select_related("body", "person").first()
    if found is None:
        raise Http404
    return found


def bodies_in_reach(acting: Acting) -> list[Body]:
    """Return the own body and, for its head, every body below it."""
    if acting.appointment is None or not appoints(acting):
        return []
    own = acting.appointment.body
    if acting.post not in PRINCIPALS:
        return [own]
    return [own, *_below(own, list(Body.objects.exclude(pk=own.pk)))]


def may_appoint(*, acting: Acting, person: Person, body: Body, post: Post) -> Decision:
    """Decide whether this capacity has the power to give or take the post."""
    return appointing.may_appoint(facts_of(acting, person, body, post))


def may_confirm(*, acting: Acting, appointment: Appointment) -> Decision:
    """Decide whether this capacity confirms that the appointment, withheld since a gift of a password, is in hand."""
    return appointing.may_confirm(
        ConfirmingFacts(
            appointing=facts_of(acting, appointment.person, appointment.body, Post(appointment.post)),
            is_giver=appointment.withheld_by_id == acting.person.pk,
        )
    )


def posts_to_give(*, acting: Acting, person: Person) -> list[tuple[Body, list[Post]]]:
    """Return the posts that this capacity may give the person, by body."""
    found = []
    for body in bodies_in_reach(acting):
        posts = [
            post
            for post, tiers in TIERS_OF.items()
            if body.tier in tiers and may_appoint(acting=acting, person=person, body=body, post=post).allowed
        ]
        if posts:
            found.append((body, posts))
    return found


def facts_of(acting: Acting, person: Person, body: Body, post: Post) -> AppointingFacts:
    """Return what the rules of appointing ask about this capacity, person and post."""
    reach = {found.pk for found in bodies_in_reach(acting)}
    return AppointingFacts(
        appointer_post=acting.post,
        is_own_body=body.pk == acting.body,
        is_above=body.pk in reach and body.pk != acting.body,
        # Nor does a delegate appoint or dismiss the one whose post it is.
        is_oneself=str(person.pk) in {str(acting.person.pk), acting.behalf_id},
        post=post,
    )


def _named(found: QuerySet[Person], words: str) -> QuerySet[Person]:
    ordered = found.order_by("display_name", "username")
    return ordered.filter(Q(display_name__icontains=words) | Q(username__icontains=words)) if words else ordered


def _below(body: Body, others: list[Body]) -> Iterator[Body]:
    for other in others:
        if other.parent_id == body.pk:
            yield other
            yield from _below(other, others)
