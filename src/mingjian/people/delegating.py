"""Delegation of a post (AB角): lent by its holder to a colleague for a time, taken back at will, over by itself."""

from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.http import Http404

from mingjian.base import ids
from mingjian.base.clock import Clock
from mingjian.people import acts, appointing, policy, texts, usecases
from mingjian.people.appointing import DOCUMENT_CHARACTERS
from mingjian.people.capacity import Acting, posts_of
from mingjian.people.models import Appointment, Person
from mingjian.people.routing import RuleRefused
from mingjian.regulation.decision import Decision
from mingjian.regulation.posts import APART, Post
from mingjian.regulation.rules import delegating as rules

_PATH = "/delegations/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Loan:
    """To whom the post acted in is lent, from when (None: now) to when, and why (a paper, or words of one's own)."""

    to: Person
    since_90k: int | None
    until_90k: int
    reason: str


def delegate(*, loan: Loan, acting: Acting, clock: Clock) -> Appointment:
    """Lend the post acted in. What the delegate then does says on whose behalf, and ends with the term.

    Raises RuleRefused, which is recorded, AppointingError and TextError.
    """
    source = acting.appointment
    if source is None:
        raise Http404
    now_90k = clock.utc()
    since_90k = now_90k if loan.since_90k is None else loan.since_90k
    decision = may_delegate(acting=acting, loan=loan, now_90k=now_90k)
    _require(decision, acting=acting, clock=clock)
    reason = texts.line(loan.reason, field="reason", longest=DOCUMENT_CHARACTERS)
    lent = Appointment(
        person=loan.to,
        post=rules.LENT_AS[Post(source.post)].value,
        body=source.body,
        tier=source.tier,
        since_90k=since_90k,
        until_90k=loan.until_90k,
        document=reason,
        appointed_by=acting.person,
        delegated_from=source,
    )
    with transaction.atomic(durable=True):
        try:
            with transaction.atomic():
                lent.save(force_insert=True)
        except IntegrityError as error:
            raise appointing.broken(error, lent) from error
        acts.record(
            kind="people.delegated",
            actor=acts.of(acting),
            subject=f"person:{loan.to.pk}",
            facts={
                "appointment": str(lent.pk),
                "from": str(source.pk),
                "person": str(loan.to.pk),
                "post": lent.post,
                "body": lent.body_id,
                "since_90k": lent.since_90k,
                "until_90k": lent.until_90k,
            },
            texts={"reason": reason},
            at_90k=now_90k,
            articles=decision.articles,
        )
    return lent


@transaction.atomic(durable=True)
def revoke(*, lent: Appointment, reason: str, acting: Acting, clock: Clock) -> None:
    """Take back what one lent. Web sessions acting under it end with it, and their pictures within two seconds.

    Raises AppointingError("people.not_appointed") for what is over already.
    """
    now_90k = clock.utc()
    row = Appointment.objects.select_for_update().get(pk=lent.pk)
    if row.until_90k is None or row.until_90k <= now_90k:
        raise appointing.AppointingError("people.not_appointed", post=row.post, body=row.body_id)
    written = texts.line(reason, field="reason", longest=DOCUMENT_CHARACTERS)
    appointing.end(row, kind="people.delegation_revoked", reason=written, actor=acts.of(acting), at_90k=now_90k)


def may_delegate(*, acting: Acting, loan: Loan, now_90k: int) -> Decision:
    """Decide whether the post acted in is lent so (A07.2.0, A08.a, A08.b, A14.c)."""
    source = acting.appointment
    if source is None:
        raise Http404
    return rules.may_delegate(
        rules.DelegatingFacts(
            post=Post(source.post),
            is_lent=source.delegated_from_id is not None,
            is_oneself=loan.to.pk == acting.person.pk,
            is_colleague=loan.to.pk in _colleagues(source, now_90k=now_90k),
            delegate_posts=posts_of(loan.to, now_90k=now_90k),
            since_90k=now_90k if loan.since_90k is None else loan.since_90k,
            until_90k=loan.until_90k,
            held_until_90k=source.until_90k,
            longest_days=policy.in_force(at_90k=now_90k).value("delegation_longest"),
            now_90k=now_90k,
        )
    )


def lends(acting: Acting) -> bool:
    """Say whether the post acted in is one that its holder may lend at all."""
    source = acting.appointment
    return source is not None and source.delegated_from_id is None and acting.post in rules.LENT_AS


def colleagues(acting: Acting, *, now_90k: int) -> QuerySet[Person]:
    """Return to whom the post acted in can be lent, by name."""
    if acting.appointment is None:
        return Person.objects.none()
    found = Person.objects.filter(pk__in=_colleagues(acting.appointment, now_90k=now_90k))
    return found.exclude(pk=acting.person.pk).order_by("display_name", "username")


def access_lent_by_me(*, acting: Acting) -> QuerySet[Appointment]:
    """Return what this person ever lent, whatever the capacity, the latest first."""
    lent = Appointment.objects.filter(delegated_from__person=acting.person)
    return lent.select_related("person", "body", "delegated_from__person").order_by("-since_90k")


def access_lent_to_me(*, acting: Acting) -> QuerySet[Appointment]:
    """Return what was ever lent to this person, the latest first."""
    lent = Appointment.objects.filter(delegated_from__isnull=False, person=acting.person)
    return lent.select_related("person", "body", "delegated_from__person").order_by("-since_90k")


def access_own_loan(*, acting: Acting, appointment_id: str) -> Appointment:
    """Return one of those this person lent, or raise Http404."""
    found = access_lent_by_me(acting=acting).filter(pk=appointment_id).first() if ids.is_id(appointment_id) else None
    if found is None:
        raise Http404
    return found


def _colleagues(source: Appointment, *, now_90k: int) -> frozenset[UUID]:
    """Return who holds a post of the same body in their own right, and can sign in."""
    held = Appointment.objects.filter(
        Q(until_90k__isnull=True) | Q(until_90k__gt=now_90k),
        body=source.body_id,
        since_90k__lte=now_90k,
        delegated_from__isnull=True,
        person__is_active=True,
        person__suspended_at_90k__isnull=True,
    )
    return frozenset(held.exclude(post__in=APART).values_list("person_id", flat=True))


def _require(decision: Decision, *, acting: Acting, clock: Clock) -> None:
    if not decision.allowed:
        usecases.record_refusal(acting=acting, decision=decision, path=_PATH, clock=clock)
        raise RuleRefused(decision)
