"""What may be done with second factors: added, given, removed, taken away. One function, one act, one ledger entry."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404

from mingjian.base.clock import Clock
from mingjian.base.errors import MingjianError
from mingjian.base.ticks import TICKS_PER_S
from mingjian.grants import sealing
from mingjian.people import accounts, acts, appointing, passkeys, texts, totp, web_sessions
from mingjian.people.acts import Actor
from mingjian.people.capacity import Acting
from mingjian.people.models import Person, SecondFactor, WebSession
from mingjian.people.passkeys import Question, Site

NAME_CHARACTERS = 64
REASON_CHARACTERS = 200
MOST = 8


class FactorError(MingjianError):
    """A second factor is not taken.

    Codes: "people.factor_wrong", "people.factor_too_many", "people.factor_known", "people.factor_missing",
    "people.factor_last".
    """


def standing(person: Person) -> QuerySet[SecondFactor]:
    """Return the second factors that the person can give."""
    return SecondFactor.objects.filter(person=person, removed_at_90k__isnull=True)


def add_app(*, acting: Acting, session: WebSession, secret: str, name: str, code: str, clock: Clock) -> SecondFactor:
    """Add an app that shows codes, once a first code proves that it holds the secret; a proof, too.

    Raises FactorError, TextError.
    """
    made = SecondFactor(id=uuid.uuid4(), kind=SecondFactor.APP)
    step = totp.step_of(code, secret=secret, at_s=clock.utc() // TICKS_PER_S, after=0)
    if step is None:
        raise FactorError("people.factor_wrong")
    made.secret = sealing.seal(secret, key=sealing.load_key(settings.HOME), context=_context(made))
    made.last_used = step
    return _add(made, acting=acting, session=session, name=name, clock=clock)


def ask_for_passkey(*, acting: Acting, site: Site) -> Question:
    """Return what the browser is asked for a new passkey."""
    person = acting.person
    return passkeys.ask_to_make(
        site,
        user_id=person.pk.bytes,
        username=person.username,
        name=person.display_name,
        known=_credentials(_keys(person, site)),
    )


def add_passkey(
    *,
    acting: Acting,
    session: WebSession,
    site: Site,
    state: Mapping[str, Any],
    name: str,
    answer: str,
    clock: Clock,
) -> SecondFactor:
    """Add a passkey that has just been made for this site; a proof, too. Raises FactorError, TextError."""
    key = passkeys.made(site, state=state, answer=answer)
    if key is None:
        raise FactorError("people.factor_wrong")
    if SecondFactor.objects.filter(credential_id=key.credential_id).exists():
        raise FactorError("people.factor_known")
    made = SecondFactor(
        id=uuid.uuid4(),
        kind=SecondFactor.PASSKEY,
        site=site.host,
        credential=key.credential,
        credential_id=key.credential_id,
        last_used=key.counter,
    )
    return _add(made, acting=acting, session=session, name=name, clock=clock)


def ask_for_proof(*, person: Person, site: Site) -> Question | None:
    """Return what the browser is asked of the person's passkeys, None when there are none for this site."""
    keys = _keys(person, site)
    return passkeys.ask_to_use(site, known=_credentials(keys)) if keys and site.takes_passkeys else None


def prove_by_code(*, acting: Acting, session: WebSession, code: str, clock: Clock) -> None:
    """Take a code of one of the person's apps. Raises FactorError; a wrong one is counted as a wrong password is."""
    with transaction.atomic(durable=True):
        now_90k = clock.utc()
        row = _locked(acting)
        used = _app_of(row, code=code, now_90k=now_90k)
        _settle(row, used, acting=acting, session=session, now_90k=now_90k)
    if used is None:
        raise FactorError("people.factor_wrong")


def prove_by_passkey(
    *, acting: Acting, session: WebSession, site: Site, state: Mapping[str, Any], answer: str, clock: Clock
) -> None:
    """Take the answer of one of the person's passkeys. Raises FactorError; a wrong one is counted."""
    with transaction.atomic(durable=True):
        now_90k = clock.utc()
        row = _locked(acting)
        used = _key_of(row, site=site, state=state, answer=answer)
        _settle(row, used, acting=acting, session=session, now_90k=now_90k)
    if used is None:
        raise FactorError("people.factor_wrong")


@transaction.atomic(durable=True)
def remove(*, acting: Acting, factor_id: str, clock: Clock) -> SecondFactor:
    """Remove one of one's own second factors; what is none of them: Http404.

    Raises FactorError for the last one, which is changed by adding another first.
    """
    now_90k = clock.utc()
    mine = list(standing(_locked(acting)))
    found = next((factor for factor in mine if str(factor.pk) == factor_id), None)
    if found is None:
        raise Http404
    if len(mine) == 1:
        raise FactorError("people.factor_last")
    found.removed_at_90k = now_90k
    found.save(update_fields=["removed_at_90k"])
    _record("people.factor_removed", found.person, actor=acts.of(acting), at_90k=now_90k, factor=found)
    return found


@transaction.atomic(durable=True)
def take_away(*, person: Person, reason: str, actor: Actor, clock: Clock) -> int:
    """Remove all of somebody's second factors, who lost them, and return how many; the sessions end.

    Who then signs in with the password alone adds new ones. So the posts are withheld as after a gift of a password.
    """
    written = texts.line(reason, field="reason", longest=REASON_CHARACTERS)
    now_90k = clock.utc()
    row = accounts.of_another(person, actor)
    taken = standing(row).update(removed_at_90k=now_90k)
    if not taken:
        raise FactorError("people.factor_missing")
    appointing.withhold(person=row, given_by=actor.person_id or None, at_90k=now_90k)
    web_sessions.end_all(under=row, reason="factors_taken_away", at_90k=now_90k)
    _record("people.factors_taken_away", row, actor=actor, at_90k=now_90k, count=taken, texts={"reason": written})
    return taken


@transaction.atomic(durable=True)
def _add(made: SecondFactor, *, acting: Acting, session: WebSession, name: str, clock: Clock) -> SecondFactor:
    now_90k = clock.utc()
    row = _locked(acting)
    if standing(row).count() >= MOST:
        raise FactorError("people.factor_too_many", most=MOST)
    made.person, made.added_at_90k, made.used_at_90k = row, now_90k, now_90k
    made.name = texts.line(name, field="name", longest=NAME_CHARACTERS)
    made.save(force_insert=True)
    web_sessions.note_proved(session, now_90k=now_90k)
    _record("people.factor_added", row, actor=acts.of(acting), at_90k=now_90k, factor=made)
    return made


def _settle(row: Person, used: SecondFactor | None, *, acting: Acting, session: WebSession, now_90k: int) -> None:
    if used is None:
        accounts.count_wrong(row, acting=acting, kind="people.factor_refused", now_90k=now_90k)
        return
    used.used_at_90k = now_90k
    used.save(update_fields=["last_used", "used_at_90k"])
    web_sessions.note_proved(session, now_90k=now_90k)
    _record("people.proved", row, actor=acts.of(acting), at_90k=now_90k, factor=used)


def _app_of(person: Person, *, code: str, now_90k: int) -> SecondFactor | None:
    key = sealing.load_key(settings.HOME)
    for factor in standing(person).filter(kind=SecondFactor.APP):
        secret = sealing.unseal(factor.secret, key=key, context=_context(factor))
        step = totp.step_of(code, secret=secret, at_s=now_90k // TICKS_PER_S, after=factor.last_used)
        if step is not None:
            factor.last_used = step
            return factor
    return None


def _key_of(person: Person, *, site: Site, state: Mapping[str, Any], answer: str) -> SecondFactor | None:
    keys = _keys(person, site)
    used = passkeys.used(site, state=state, known=_credentials(keys), answer=answer)
    for factor in keys:
        if used is not None and bytes(factor.credential_id or b"") == used.credential_id:
            # Zero: it does not count. Not beyond the last: somebody has a copy of it.
            if used.counter and used.counter <= factor.last_used:
                return None
            factor.last_used = used.counter
            return factor
    return None


def _keys(person: Person, site: Site) -> list[SecondFactor]:
    return list(standing(person).filter(kind=SecondFactor.PASSKEY, site=site.host))


def _credentials(keys: Sequence[SecondFactor]) -> list[bytes]:
    return [bytes(key.credential) for key in keys]


def _locked(acting: Acting) -> Person:
    return Person.objects.select_for_update().get(pk=acting.person.pk)


def _context(factor: SecondFactor) -> str:
    return f"second-factor:{factor.pk}"


def _record(
    kind: str,
    row: Person,
    *,
    actor: Actor,
    at_90k: int,
    factor: SecondFactor | None = None,
    texts: Mapping[str, str] | None = None,
    **facts: str | int,
) -> None:
    told: dict[str, str | int] = {"username": row.username, **facts}
    if factor is not None:
        told |= {"factor": str(factor.pk), "kind": factor.kind, "name": factor.name}
    acts.record(kind=kind, actor=actor, subject=f"person:{row.pk}", facts=told, texts=texts, at_90k=at_90k)
