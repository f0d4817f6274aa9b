"""What may be done about an account after it is opened: locked, unlocked, a new password. One function, one act."""

from django.db import transaction

from mingjian.base.clock import Clock
from mingjian.base.errors import MingjianError
from mingjian.people import acts, appointing, former, password_rules, passwords, policy, texts, web_sessions, workflow
from mingjian.people.acts import Actor
from mingjian.people.capacity import Acting
from mingjian.people.models import Person, WebSession
from mingjian.people.passwords import PasswordError

REASON_CHARACTERS = 200


class AccountError(MingjianError):
    """An account cannot change as asked: "people.own_account", "people.account_as_asked"."""


@transaction.atomic(durable=True)
def suspend(*, person: Person, reason: str, actor: Actor, clock: Clock) -> None:
    """Lock the account until somebody unlocks it; its sessions end, and their pictures within two seconds."""
    written = texts.line(reason, field="reason", longest=REASON_CHARACTERS)
    now_90k = clock.utc()
    row = of_another(person, actor)
    if row.suspended_at_90k is not None:
        raise AccountError("people.account_as_asked", username=row.username)
    row.suspended_at_90k = now_90k
    row.save(update_fields=["suspended_at_90k"])
    web_sessions.end_all(under=row, reason="account_suspended", at_90k=now_90k)
    _record("people.account_suspended", row, actor=actor, at_90k=now_90k, reason=written)


@transaction.atomic(durable=True)
def reinstate(*, person: Person, reason: str, actor: Actor, clock: Clock) -> None:
    """Let the account answer again, whether somebody or wrong passwords locked it."""
    written = texts.line(reason, field="reason", longest=REASON_CHARACTERS)
    now_90k = clock.utc()
    row = of_another(person, actor)
    if row.suspended_at_90k is None and not row.sign_in_state.is_locked(now_90k=now_90k):
        raise AccountError("people.account_as_asked", username=row.username)
    row.suspended_at_90k = None
    state = workflow.after_right_password()
    row.refusals, row.locked_until_90k = state.refusals, state.locked_until_90k
    row.save(update_fields=["suspended_at_90k", "refusals", "locked_until_90k"])
    _record("people.account_reinstated", row, actor=actor, at_90k=now_90k, reason=written)


def renew_password(*, person: Person, reason: str, actor: Actor, clock: Clock) -> str:
    """Give the account a password that works once, and return it: it is shown now and never again. Its sessions end.

    Who gives it could sign in with it. So the posts of the account are withheld until another confirms the hand-over.
    """
    written = texts.line(reason, field="reason", longest=REASON_CHARACTERS)
    password = passwords.one_time()
    stored = passwords.hashed(password)
    with transaction.atomic(durable=True):
        now_90k = clock.utc()
        row = of_another(person, actor)
        rules = password_rules.rules_of(policy.in_force(at_90k=now_90k))
        former.keep(person=row, rules=rules, at_90k=now_90k)
        row.password, row.must_change_password, row.password_set_at_90k = stored, True, now_90k
        row.save(update_fields=["password", "must_change_password", "password_set_at_90k"])
        appointing.withhold(person=row, given_by=actor.person_id or None, at_90k=now_90k)
        web_sessions.end_all(under=row, reason="password_renewed", at_90k=now_90k)
        _record("people.password_renewed", row, actor=actor, at_90k=now_90k, reason=written)
    return password


def change_own_password(*, acting: Acting, session: WebSession, old: str, new: str, clock: Clock) -> Person:
    """Change one's own password and end one's other sessions. Raises PasswordError.

    A wrong old password is counted as at sign-in, so that an unguarded page is no place to guess.
    """
    person = acting.person
    rules = password_rules.rules_of(policy.in_force(at_90k=clock.utc()))
    password_rules.check(new, username=person.username, rules=rules)
    if new == old:
        raise PasswordError("people.password_same")
    is_right = passwords.is_right(old, stored=person.password)
    if is_right:
        # Only then: what was used before is nothing to try out without the password of today.
        former.require_new(new, person=person, rules=rules)
    stored = passwords.hashed(new) if is_right else ""
    with transaction.atomic(durable=True):
        now_90k = clock.utc()
        row = Person.objects.select_for_update().get(pk=person.pk)
        # Given another password meanwhile, by whoever ended this very session: what was compared counts no more.
        if row.password != person.password:
            raise PasswordError("people.password_wrong")
        if not is_right:
            count_wrong(row, acting=acting, kind="people.password_refused", now_90k=now_90k)
        else:
            former.keep(person=row, rules=rules, at_90k=now_90k)
            row.password, row.must_change_password, row.password_set_at_90k = stored, False, now_90k
            row.save(update_fields=["password", "must_change_password", "password_set_at_90k"])
            web_sessions.end_others(than=session, reason="password_changed", at_90k=now_90k)
            _record("people.password_changed", row, actor=acts.of(acting), at_90k=now_90k, reason="")
    if not is_right:
        raise PasswordError("people.password_wrong")
    return row


def count_wrong(row: Person, *, acting: Acting, kind: str, now_90k: int) -> None:
    """Count what somebody signed in got wrong as at sign-in, within the transaction of the act: the fifth locks."""
    state = row.sign_in_state
    if not state.is_locked(now_90k=now_90k):
        lock_out = workflow.lock_out_of(policy.in_force(at_90k=now_90k))
        state = workflow.after_wrong_password(state, lock_out=lock_out, now_90k=now_90k)
    row.refusals, row.locked_until_90k = state.refusals, state.locked_until_90k
    row.save(update_fields=["refusals", "locked_until_90k"])
    is_locked = state.is_locked(now_90k=now_90k)
    if is_locked:
        web_sessions.end_all(under=row, reason="account_locked", at_90k=now_90k)
    acts.record(
        kind="people.locked" if is_locked else kind,
        actor=acts.of(acting),
        subject=f"person:{row.pk}",
        facts={"refusals": state.refusals, "body": acting.body},
        at_90k=now_90k,
    )


def of_another(person: Person, actor: Actor) -> Person:
    """Lock and return the row of an account that is not the actor's own. Raises AccountError."""
    if actor.person_id == str(person.pk):
        raise AccountError("people.own_account", username=person.username)
    return Person.objects.select_for_update().get(pk=person.pk)


def _record(kind: str, row: Person, *, actor: Actor, at_90k: int, reason: str) -> None:
    acts.record(
        kind=kind,
        actor=actor,
        subject=f"person:{row.pk}",
        facts={"username": row.username},
        texts={"reason": reason} if reason else {},
        at_90k=at_90k,
    )
