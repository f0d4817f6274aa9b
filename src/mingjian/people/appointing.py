"""Who holds which post in which body: one function, one act, one transaction, one ledger entry."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Q

from mingjian.base.clock import Clock
from mingjian.base.errors import MingjianError
from mingjian.people import acts, texts, web_sessions
from mingjian.people.acts import Actor
from mingjian.people.models import Appointment, Body, Person
from mingjian.people.posts import TIERS_OF
from mingjian.regulation.posts import Post
from mingjian.regulation.rules import appointing as rules

DOCUMENT_CHARACTERS = 200


class AppointingError(MingjianError):
    """Somebody cannot be appointed, or an appointment not be ended, as asked.

    Codes: "people.body_unknown", "people.post_not_at_tier", "people.term_empty", "people.document_missing",
    "people.own_appointment", "people.already_appointed", "people.powers_apart", "people.not_appointed",
    "people.not_withheld".
    """


@dataclass(frozen=True, slots=True)
class Term:
    """From when to when (None: until further notice), and the paper it rests on."""

    since_90k: int
    until_90k: int | None
    document: str


@transaction.atomic(durable=True)
def appoint(
    *, person: Person, post: Post, body: str, term: Term, appointed_by: Person | None, actor: Actor, clock: Clock
) -> Appointment:
    """Give the person the post in the body with this code. Raises AppointingError.

    Nobody holds the same appointment twice at a time, and an administrator of the platform holds no other post; the
    database refuses both whoever asks.
    """
    found = Body.objects.filter(pk=body).first()
    if found is None:
        raise AppointingError("people.body_unknown", body=body)
    _check(person, post=post, body=found, term=term, appointed_by=appointed_by)
    appointment = Appointment(
        person=person,
        post=post.value,
        body=found,
        tier=found.tier,
        since_90k=term.since_90k,
        until_90k=term.until_90k,
        document=texts.line(term.document, field="document", longest=DOCUMENT_CHARACTERS),
        appointed_by=appointed_by,
    )
    try:
        with transaction.atomic():
            appointment.save(force_insert=True)
    except IntegrityError as error:
        raise broken(error, appointment) from error
    acts.record(
        kind="people.appointed",
        actor=actor,
        subject=f"person:{person.pk}",
        facts={
            "appointment": str(appointment.pk),
            "post": post.value,
            "body": body,
            "since_90k": term.since_90k,
            "until_90k": term.until_90k,
            "document": appointment.document,
        },
        at_90k=clock.utc(),
        articles=(rules.ground_of(post).rule.id,),
    )
    return appointment


@transaction.atomic(durable=True)
def end_appointment(*, appointment: Appointment, reason: str, actor: Actor, clock: Clock) -> None:
    """End the appointment now. Web sessions acting under it end with it, and their pictures within two seconds."""
    now_90k = clock.utc()
    reason = texts.line(reason, field="reason", longest=DOCUMENT_CHARACTERS)
    locked = Appointment.objects.select_for_update().get(pk=appointment.pk)
    if locked.until_90k is not None and locked.until_90k <= now_90k:
        raise AppointingError("people.not_appointed", post=locked.post, body=locked.body_id)
    # What was lent ends first: it is never wider than what it was lent from.
    lent = locked.delegations.select_for_update().filter(until_90k__gt=now_90k)
    for one in (*lent, locked):
        end(one, kind="people.appointment_ended", reason=reason, actor=actor, at_90k=now_90k)


def end(appointment: Appointment, *, kind: str, reason: str, actor: Actor, at_90k: int) -> None:
    """End an appointment whose row is locked, and what is done under it, within the transaction of the act."""
    appointment.until_90k = max(at_90k, appointment.since_90k)
    appointment.save(update_fields=["until_90k"])
    web_sessions.end_all(under=appointment, reason="appointment_ended", at_90k=at_90k)
    acts.record(
        kind=kind,
        actor=actor,
        subject=f"person:{appointment.person_id}",
        facts={
            "appointment": str(appointment.pk),
            "person": str(appointment.person_id),
            "post": appointment.post,
            "body": appointment.body_id,
        },
        texts={"reason": reason},
        at_90k=at_90k,
        articles=(rules.ground_of(Post(appointment.post)).rule.id,),
    )


def withhold(*, person: Person, given_by: str | None, at_90k: int) -> None:
    """Withhold what the person holds now or later, within the transaction that gives a password (None: by the shell).

    What is given from now on is not withheld: whoever appoints has seen to whom.
    """
    lasting = person.appointments.filter(Q(until_90k__isnull=True) | Q(until_90k__gt=at_90k))
    lasting.update(withheld_at_90k=at_90k, withheld_by=given_by, confirmed_at_90k=None, confirmed_by=None)


@transaction.atomic(durable=True)
def confirm(*, appointment: Appointment, reason: str, confirmed_by: Person | None, actor: Actor, clock: Clock) -> None:
    """Confirm that the password given is in the hands of the person appointed, who acts under the post again.

    Raises AppointingError; the database refuses who gave the password, and oneself.
    """
    now_90k = clock.utc()
    reason = texts.line(reason, field="reason", longest=DOCUMENT_CHARACTERS)
    locked = Appointment.objects.select_for_update().get(pk=appointment.pk)
    # Given once more since the page was shown: what was confirmed is another password.
    if not locked.is_withheld or locked.withheld_at_90k != appointment.withheld_at_90k:
        raise AppointingError("people.not_withheld", post=locked.post, body=locked.body_id)
    locked.confirmed_at_90k, locked.confirmed_by = now_90k, confirmed_by
    locked.save(update_fields=["confirmed_at_90k", "confirmed_by"])
    acts.record(
        kind="people.hand_over_confirmed",
        actor=actor,
        subject=f"person:{locked.person_id}",
        facts={"appointment": str(locked.pk), "post": locked.post, "body": locked.body_id},
        texts={"reason": reason},
        at_90k=now_90k,
        articles=(rules.ground_of(Post(locked.post)).rule.id,),
    )


def _check(person: Person, *, post: Post, body: Body, term: Term, appointed_by: Person | None) -> None:
    if body.tier not in TIERS_OF[post]:
        raise AppointingError("people.post_not_at_tier", post=post.value, body=body.code, tier=body.tier)
    if term.until_90k is not None and term.until_90k <= term.since_90k:
        raise AppointingError("people.term_empty", username=person.username)
    if not term.document.strip():
        raise AppointingError("people.document_missing", username=person.username)
    if appointed_by is not None and appointed_by.pk == person.pk:
        raise AppointingError("people.own_appointment", username=person.username)


def broken(error: IntegrityError, appointment: Appointment) -> AppointingError:
    """Return in words which constraint refused the row."""
    apart = "people_appointment_powers_apart" in str(error)
    return AppointingError(
        "people.powers_apart" if apart else "people.already_appointed",
        username=appointment.person.username,
        post=appointment.post,
        body=appointment.body_id,
    )
