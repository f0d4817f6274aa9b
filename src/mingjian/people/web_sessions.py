"""Web sessions as rows: begun, given a capacity, ended. One function, one act; streaming hears of every end."""

from hashlib import sha256

from django.db import transaction
from django.db.models import Q

from mingjian.base.clock import Clock
from mingjian.base.errors import MingjianError
from mingjian.base.ticks import TICKS_PER_S
from mingjian.people import acts, policy
from mingjian.people.capacity import Acting, acting_under
from mingjian.people.models import Appointment, Console, Person, WebSession
from mingjian.people.revocation import revoke_session

SEEN_EVERY_90K = 30 * TICKS_PER_S


class CapacityError(MingjianError):
    """Nobody can act as asked: "people.no_such_capacity"."""


def hash_of(session_key: str) -> str:
    """Return what rows and grants say of a web session: the SHA-256 of its key, in hex."""
    return sha256(session_key.encode()).hexdigest()


@transaction.atomic
def begin(
    *, key_hash: str, replaces: str | None, acting: Acting, device: str, console: Console | None, clock: Clock
) -> WebSession:
    """Enter the session of somebody who has just signed in, which is in the ledger already.

    `replaces` is the hash of the session that the same browser carried until now; it ends.
    """
    now_90k = clock.utc()
    if replaces is not None:
        end_one(key_hash=replaces, reason="replaced", at_90k=now_90k)
    _make_room(acting=acting, at_90k=now_90k)
    return WebSession.objects.create(
        key_hash=key_hash,
        person=acting.person,
        appointment=acting.appointment,
        console=console,
        device=device,
        begun_at_90k=now_90k,
        seen_at_90k=now_90k,
    )


def _make_room(*, acting: Acting, at_90k: int) -> None:
    """End the sessions of a person that were seen longest ago, so that one more may begin."""
    Person.objects.select_for_update(no_key=True).get(pk=acting.person.pk)
    book = policy.in_force(at_90k=at_90k)
    standing = WebSession.objects.filter(
        person=acting.person,
        ended_at_90k__isnull=True,
        # What ran idle serves nobody any more.
        seen_at_90k__gt=at_90k - book.ticks("idle_time"),
    )
    for session in standing.order_by("-seen_at_90k", "pk")[book.value("sessions_at_once") - 1 :]:
        end_one(key_hash=session.pk, reason="too_many_sessions", at_90k=at_90k)
        acts.record(
            kind="people.session_ended",
            actor=acts.of(acting),
            subject=f"person:{acting.person.pk}",
            facts={
                "session": session.pk,
                "device": session.device,
                "body": acting.body,
                "reason": "too_many_sessions",
            },
            at_90k=at_90k,
        )


def note_seen(session: WebSession, *, now_90k: int) -> None:
    """Remember that a person is there; written at most every half minute."""
    if now_90k - session.seen_at_90k >= SEEN_EVERY_90K:
        WebSession.objects.filter(pk=session.pk).update(seen_at_90k=now_90k)


def stands(session: WebSession) -> bool:
    """Say whether the session still serves its person, asked of the database now."""
    return WebSession.objects.filter(pk=session.pk, ended_at_90k__isnull=True).exists()


def note_proved(session: WebSession, *, now_90k: int) -> None:
    """Remember that a second factor was given in the session, within the transaction of the act."""
    WebSession.objects.filter(pk=session.pk).update(proved_at_90k=now_90k)
    session.proved_at_90k = now_90k


@transaction.atomic(durable=True)
def choose_capacity(*, acting: Acting, session: WebSession, appointment_id: str | None, clock: Clock) -> Acting:
    """Let the session go on in another capacity: an own appointment in force, or None for a member of the university.

    Raises CapacityError.
    """
    now_90k = clock.utc()
    chosen = acting_under(acting.person, appointment_id=appointment_id, now_90k=now_90k)
    if (chosen.appointment is None) != (appointment_id is None):
        raise CapacityError("people.no_such_capacity", appointment=appointment_id)
    WebSession.objects.filter(pk=session.pk).update(appointment=chosen.appointment, seen_at_90k=now_90k)
    acts.record(
        kind="people.capacity_chosen",
        actor=acts.of(chosen),
        subject=f"person:{acting.person.pk}",
        facts={"from": acting.code, "to": chosen.code, "body": chosen.body},
        at_90k=now_90k,
    )
    return chosen


@transaction.atomic(durable=True)
def end_own(*, acting: Acting, session: WebSession, clock: Clock) -> None:
    """End one of one's own sessions, on whatever machine it is; its pictures stop within two seconds."""
    now_90k = clock.utc()
    _end(Q(pk=session.pk), reason="session_ended", at_90k=now_90k)
    acts.record(
        kind="people.session_ended",
        actor=acts.of(acting),
        subject=f"person:{acting.person.pk}",
        facts={"session": session.pk, "device": session.device, "body": acting.body},
        at_90k=now_90k,
    )


def end_all(*, under: Appointment | Person, reason: str, at_90k: int) -> None:
    """End the sessions of a person, or those acting under an appointment, within the transaction of the act."""
    whose = Q(person=under) if isinstance(under, Person) else Q(appointment=under)
    _end(whose, reason=reason, at_90k=at_90k)


def end_others(*, than: WebSession, reason: str, at_90k: int) -> None:
    """End every other session of the same person, within the transaction of the act."""
    _end(Q(person=than.person_id) & ~Q(pk=than.pk), reason=reason, at_90k=at_90k)


def end_one(*, key_hash: str, reason: str, at_90k: int) -> None:
    """End the session with this hash, if there is one, within the transaction of the act."""
    _end(Q(pk=key_hash), reason=reason, at_90k=at_90k)


def _end(which: Q, *, reason: str, at_90k: int) -> None:
    for session in WebSession.objects.select_for_update().filter(which, ended_at_90k__isnull=True):
        session.ended_at_90k = at_90k
        session.save(update_fields=["ended_at_90k"])
        revoke_session(key_hash=session.pk, reason=reason, at_90k=at_90k)
