"""What may be done about persons: one function, one act, one transaction, one ledger entry."""

from dataclasses import dataclass
from enum import StrEnum

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet

from mingjian.base.clock import Clock
from mingjian.base.errors import MingjianError
from mingjian.people import acts, password_rules, passwords, policy, texts, web_sessions, workflow
from mingjian.people.acts import Actor
from mingjian.people.capacity import Acting, first_capacity
from mingjian.people.doors import Door
from mingjian.people.models import Person, SignInNoise
from mingjian.regulation.decision import Decision

NOISE_BUCKET_90K = 10 * 60 * 90_000
USERNAME_CHARACTERS, NAME_CHARACTERS = 64, 64


class PeopleError(MingjianError):
    """An account cannot be made as asked: "people.username_taken"."""


class SignInRefusal(StrEnum):
    """Why nobody was signed in. For the ledger: the page says all three in the same words."""

    WRONG = "people.wrong_password"
    UNKNOWN = "people.unknown_person"
    LOCKED = "people.locked"


@dataclass(frozen=True, slots=True)
class SignInOutcome:
    """Who is signed in, or the refusal."""

    acting: Acting | None
    refusal: SignInRefusal | None


def create_person(*, username: str, display_name: str, password: str, actor: Actor, clock: Clock) -> Person:
    """Open an account with a password its person knows. What they may do follows from appointments alone.

    Raises PeopleError, PasswordError, TextError.
    """
    username = texts.name(username, field="username", longest=USERNAME_CHARACTERS)
    rules = password_rules.rules_of(policy.in_force(at_90k=clock.utc()))
    password_rules.check(password, username=username, rules=rules)
    person = Person(username=username, display_name=display_name, password=passwords.hashed(password))
    return _enter(person, actor=actor, clock=clock)


def open_account(*, username: str, display_name: str, actor: Actor, clock: Clock) -> tuple[Person, str]:
    """Open an account and return it with a password that works once. It is shown now and never again.

    Raises PeopleError, TextError.
    """
    password = passwords.one_time()
    person = Person(
        username=texts.name(username, field="username", longest=USERNAME_CHARACTERS),
        display_name=display_name,
        password=passwords.hashed(password),
        must_change_password=True,
    )
    return _enter(person, actor=actor, clock=clock), password


@transaction.atomic(durable=True)
def _enter(person: Person, *, actor: Actor, clock: Clock) -> Person:
    now_90k = clock.utc()
    person.display_name = texts.name(person.display_name, field="display_name", longest=NAME_CHARACTERS)
    person.created_at_90k = person.password_set_at_90k = now_90k
    try:
        with transaction.atomic():
            person.save(force_insert=True)
    except IntegrityError as error:
        raise PeopleError("people.username_taken", username=person.username) from error
    acts.record(
        kind="people.person_created",
        actor=actor,
        subject=f"person:{person.pk}",
        facts={"username": person.username},
        at_90k=now_90k,
    )
    return person


def sign_in(*, username: str, password: str, clock: Clock) -> SignInOutcome:
    """Compare the password and count. Every outcome about a person we know is in the ledger.

    An unknown name, a locked account and a wrong password cost the same time. While an account is locked no password is
    compared, so that the lock tells nobody which one is right. Raises PasswordError("people.sign_in_busy").
    """
    known = of_username(username).first()
    is_open = known is not None and not known.sign_in_state.is_locked(now_90k=clock.utc())
    # Outside the transaction: a comparison takes long, and a connection is dearer than a core.
    is_right = passwords.is_right(password, stored=known.password if known is not None and is_open else None)
    with transaction.atomic(durable=True):
        now_90k = clock.utc()
        person = of_username(username).select_for_update().first()
        if person is None:
            return turn_away(SignInRefusal.UNKNOWN, now_90k=now_90k)
        # Locked or given another password since: what was compared counts no more.
        if person.sign_in_state.is_locked(now_90k=now_90k) or known is None or not is_open:
            return turn_away(SignInRefusal.LOCKED, now_90k=now_90k)
        if not is_right or person.password != known.password:
            return count_wrong(person, door=Door.PASSWORD, now_90k=now_90k)
        start_afresh(person)
        return let_in(person, door=Door.PASSWORD, now_90k=now_90k)


@transaction.atomic(durable=True)
def sign_out(*, acting: Acting, key_hash: str, clock: Clock) -> None:
    """Record that the person left and end the session with this hash, and with it what is being served to it."""
    now_90k = clock.utc()
    web_sessions.end_one(key_hash=key_hash, reason="signed_out", at_90k=now_90k)
    acts.record(
        kind="people.signed_out",
        actor=acts.of(acting),
        subject=f"person:{acting.person.pk}",
        facts={"body": acting.body},
        at_90k=now_90k,
    )


@transaction.atomic(durable=True)
def record_refusal(*, acting: Acting, decision: Decision, path: str, clock: Clock) -> None:
    """Record that the rules refused this person something; in a transaction of its own, so that it stays."""
    acts.record(
        kind="people.refused",
        actor=acts.of(acting),
        subject=f"page:{path}",
        facts={"codes": [reason.code for reason in decision.reasons], "body": acting.body},
        articles=decision.articles,
        at_90k=clock.utc(),
    )


@transaction.atomic(durable=True)
def digest_noise(*, clock: Clock) -> int:
    """Tell every finished bucket of unattributed sign-in attempts as one entry; return how many were told."""
    now_90k = clock.utc()
    finished = SignInNoise.objects.select_for_update().filter(bucket_start_90k__lte=now_90k - NOISE_BUCKET_90K)
    buckets = list(finished)
    for bucket in buckets:
        acts.record(
            kind="people.sign_in_noise",
            actor=acts.CLERK,
            subject="sign_in",
            facts={"attempts": bucket.attempts, "bucket_start_90k": bucket.bucket_start_90k},
            at_90k=now_90k,
        )
    SignInNoise.objects.filter(pk__in=[bucket.pk for bucket in buckets]).delete()
    return len(buckets)


def of_username(username: str) -> QuerySet[Person]:
    """Return the account that may be signed in to under this name; closed and suspended ones are none."""
    return Person.objects.filter(username=username, is_active=True, suspended_at_90k__isnull=True)


def let_in(person: Person, *, door: Door, now_90k: int) -> SignInOutcome:
    """Record the sign-in, within the transaction that holds the person's row."""
    acting = first_capacity(person, now_90k=now_90k)
    acts.record(
        kind=kind_of("people.signed_in", door=door),
        actor=acts.of(acting),
        subject=f"person:{person.pk}",
        facts={"body": acting.body},
        at_90k=now_90k,
    )
    return SignInOutcome(acting, None)


def count_wrong(person: Person, *, door: Door, now_90k: int) -> SignInOutcome:
    """Count and record a wrong password, whichever door compared it: the fifth locks the account."""
    lock_out = workflow.lock_out_of(policy.in_force(at_90k=now_90k))
    state = workflow.after_wrong_password(person.sign_in_state, lock_out=lock_out, now_90k=now_90k)
    _set_state(person, state)
    is_locked = state.is_locked(now_90k=now_90k)
    acting = first_capacity(person, now_90k=now_90k)
    acts.record(
        kind="people.locked" if is_locked else kind_of("people.sign_in_refused", door=door),
        actor=acts.of(acting),
        subject=f"person:{person.pk}",
        facts={"refusals": state.refusals, "body": acting.body},
        at_90k=now_90k,
    )
    return SignInOutcome(None, SignInRefusal.LOCKED if is_locked else SignInRefusal.WRONG)


def turn_away(refusal: SignInRefusal, *, now_90k: int) -> SignInOutcome:
    """Count an attempt that nobody can be named for, or that an account's lock has met."""
    bucket = now_90k - now_90k % NOISE_BUCKET_90K
    SignInNoise.objects.get_or_create(bucket_start_90k=bucket)
    SignInNoise.objects.filter(bucket_start_90k=bucket).update(attempts=F("attempts") + 1)
    return SignInOutcome(None, refusal)


def start_afresh(person: Person) -> None:
    """Forget the wrong passwords of before a right one."""
    _set_state(person, workflow.after_right_password())


def kind_of(kind: str, *, door: Door) -> str:
    """Return the kind of an act at a door: the local password's own, or "<kind>_by_<door>"."""
    return kind if door is Door.PASSWORD else f"{kind}_by_{door}"


def _set_state(person: Person, state: workflow.SignInState) -> None:
    person.refusals = state.refusals
    person.locked_until_90k = state.locked_until_90k
    person.save(update_fields=["refusals", "locked_until_90k"])
