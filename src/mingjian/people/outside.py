"""Signing in through a door outside: it says who somebody is; the account, its lock and its posts stay ours.

Nobody gets an account by signing in: the name must be an account's already. The second factor is asked for as ever.
"""

from django.db import transaction

from mingjian.base.clock import Clock
from mingjian.people import acts, directory, texts, usecases
from mingjian.people.capacity import first_capacity
from mingjian.people.doors import Door, Ldap
from mingjian.people.models import Person
from mingjian.people.usecases import USERNAME_CHARACTERS, SignInOutcome, SignInRefusal


@transaction.atomic(durable=True)
def sign_in(*, username: str, door: Door, clock: Clock) -> SignInOutcome:
    """Let in the person whom CAS or an OpenID provider has vouched for; a lock of ours still holds.

    The count of wrong local passwords stays as it is: somebody else may be guessing them. A proven name whose account
    is locked, suspended or closed is told in the ledger as that person's.
    """
    now_90k = clock.utc()
    if not _is_a_name(username):
        return usecases.turn_away(SignInRefusal.UNKNOWN, now_90k=now_90k)
    person = usecases.of_username(username).select_for_update().first()
    if person is not None and not person.sign_in_state.is_locked(now_90k=now_90k):
        return usecases.let_in(person, door=door, now_90k=now_90k)
    shut = person or Person.objects.filter(username=username).first()
    if shut is None:
        return usecases.turn_away(SignInRefusal.UNKNOWN, now_90k=now_90k)
    acting = first_capacity(shut, now_90k=now_90k)
    acts.record(
        kind=usecases.kind_of("people.sign_in_refused", door=door),
        actor=acts.of(acting),
        subject=f"person:{shut.pk}",
        facts={"refusals": shut.refusals, "body": acting.body, "reason": "account_shut"},
        at_90k=now_90k,
    )
    return SignInOutcome(None, SignInRefusal.UNKNOWN if person is None else SignInRefusal.LOCKED)


def sign_in_by_directory(*, ldap: Ldap, typed: str, password: str, clock: Clock) -> SignInOutcome:
    """Try a password against the directory and count as with a local one: wrong ones, the fifth, the lock.

    The account is the one that the entry names, however the name was typed, so that no spelling goes around its lock.
    Raises DoorError; then nothing is counted, because nothing was compared.
    """
    entry = directory.find(ldap, typed=typed) if _is_a_name(typed) else None
    username = typed if entry is None else entry.username
    known = usecases.of_username(username).first() if _is_a_name(username) else None
    is_open = known is not None and not known.sign_in_state.is_locked(now_90k=clock.utc())
    # Outside the transaction: the directory may take seconds. While the account is locked, its password is not tried.
    is_right = directory.is_right(ldap, entry=entry if is_open else None, password=password)
    with transaction.atomic(durable=True):
        now_90k = clock.utc()
        person = None if known is None else usecases.of_username(username).select_for_update().first()
        if person is None:
            return usecases.turn_away(SignInRefusal.UNKNOWN, now_90k=now_90k)
        if person.sign_in_state.is_locked(now_90k=now_90k) or not is_open:
            return usecases.turn_away(SignInRefusal.LOCKED, now_90k=now_90k)
        if not is_right:
            return usecases.count_wrong(person, door=Door.LDAP, now_90k=now_90k)
        usecases.start_afresh(person)
        return usecases.let_in(person, door=Door.LDAP, now_90k=now_90k)


def _is_a_name(username: str) -> bool:
    return 0 < len(username) <= USERNAME_CHARACTERS and not texts.has_invisible(username)
