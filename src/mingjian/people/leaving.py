"""An account ends, and posts, web sessions and what is served end with it in one act; and it may be opened again."""

from collections.abc import Mapping

from django.db import transaction
from django.db.models import Q

from mingjian.base.clock import Clock
from mingjian.people import acts, appointing, texts, web_sessions
from mingjian.people.accounts import REASON_CHARACTERS, AccountError
from mingjian.people.acts import Actor
from mingjian.people.models import Appointment, Person


@transaction.atomic(durable=True)
def leave(*, person: Person, list_sha256: str, actor: Actor, clock: Clock) -> bool:
    """Close the account of somebody whom a list of leavers names, and say whether it stood until now."""
    return _close(person, why="person_left", reason="离校", facts={"list": list_sha256}, actor=actor, clock=clock)


@transaction.atomic(durable=True)
def close_account(*, person: Person, actor: Actor, clock: Clock) -> bool:
    """Close the account by hand, and say whether it stood until now; the row stays, because the ledger names it."""
    return _close(person, why="account_closed", reason="停用账号", facts={}, actor=actor, clock=clock)


@transaction.atomic(durable=True)
def reopen(*, person: Person, reason: str, actor: Actor, clock: Clock) -> None:
    """Let a closed account stand again, without posts and without a password that works. Raises AccountError.

    No list that names a day before now ends it again.
    """
    written = texts.line(reason, field="reason", longest=REASON_CHARACTERS)
    now_90k = clock.utc()
    row = Person.objects.select_for_update().get(pk=person.pk)
    if row.is_active:
        raise AccountError("people.account_as_asked", username=row.username)
    # Accounts closed by hand kept their posts once.
    _end_posts(row, reason="停用账号", actor=actor, now_90k=now_90k)
    row.is_active, row.reopened_at_90k = True, now_90k
    row.save(update_fields=["is_active", "reopened_at_90k"])
    acts.record(
        kind="people.account_reopened",
        actor=actor,
        subject=f"person:{row.pk}",
        facts={"username": row.username, "reason": written},
        at_90k=now_90k,
    )


def _close(person: Person, *, why: str, reason: str, facts: Mapping[str, str], actor: Actor, clock: Clock) -> bool:
    """End the account and all that hangs on it. Pictures stop within two seconds.

    Shifts and viewing sessions follow by the clerk, as whenever a post or an account ends.
    """
    now_90k = clock.utc()
    row = Person.objects.select_for_update().get(pk=person.pk)
    if not row.is_active:
        return False
    row.is_active = False
    row.save(update_fields=["is_active"])
    web_sessions.end_all(under=row, reason=why, at_90k=now_90k)
    posts = _end_posts(row, reason=reason, actor=actor, now_90k=now_90k)
    acts.record(
        kind=f"people.{why}",
        actor=actor,
        subject=f"person:{row.pk}",
        facts={"username": row.username, **facts, "posts": posts},
        at_90k=now_90k,
    )
    return True


def _end_posts(person: Person, *, reason: str, actor: Actor, now_90k: int) -> int:
    """End every post of the person, what they lent of them first, and return how many they had."""
    lasting = Q(until_90k__isnull=True) | Q(until_90k__gt=now_90k)
    lent = Appointment.objects.filter(lasting, delegated_from__person=person).select_for_update(of=("self",))
    for loan in lent:
        appointing.end(loan, kind="people.delegation_revoked", reason=reason, actor=actor, at_90k=now_90k)
    held = list(person.appointments.filter(lasting).select_for_update(of=("self",)))
    for post in held:
        appointing.end(post, kind="people.appointment_ended", reason=reason, actor=actor, at_90k=now_90k)
    return len(held)
