"""Permission to play without an application, for the shell of a demo; and the withdrawal of any permission."""

from collections.abc import Sequence

from django.db import transaction

from mingjian.base.clock import Clock
from mingjian.people import acts
from mingjian.people.acts import Actor
from mingjian.people.capacity import Acting
from mingjian.people.models import Person
from mingjian.registry.models import Camera
from mingjian.regulation import articles
from mingjian.viewing import conducting
from mingjian.viewing.models import ViewingSession
from mingjian.viewing.usecases import refusals
from mingjian.viewing.usecases.errors import ViewingError
from mingjian.viewing.usecases.turning import begin_turn, end_turn, locked
from mingjian.viewing.workflow import Event, Phase

# Registered and approved first (A14.c), for a stated purpose (A14.b), for the person named (A15.1.4a).
GROUNDS = tuple(rule.id for rule in (articles.A14_C, articles.A14_B, articles.A15_1_4A))


@transaction.atomic(durable=True)
def issue_session(
    *,
    person: Person,
    cameras: Sequence[Camera],
    start_90k: int,
    end_90k: int,
    purpose: str,
    valid_until_90k: int,
    issued_by: Person | None,
    actor: Actor,
    clock: Clock,
) -> ViewingSession:
    """Permit `person` to play `[start_90k, end_90k)` of the cameras until `valid_until_90k`.

    `issued_by` is None only for the shell of a demo or a test. Raises ViewingError.
    """
    now_90k = clock.utc()
    _check(cameras, start_90k=start_90k, end_90k=end_90k, purpose=purpose)
    if valid_until_90k <= now_90k:
        raise ViewingError("viewing.validity_empty", valid_until_90k=valid_until_90k)
    if issued_by is not None and issued_by.pk == person.pk:
        raise ViewingError("viewing.own_request", person=str(person.pk))
    session = ViewingSession.objects.create(
        person=person,
        start_90k=start_90k,
        end_90k=end_90k,
        purpose=purpose,
        articles=list(GROUNDS),
        issued_by=issued_by,
        issued_at_90k=now_90k,
        valid_until_90k=valid_until_90k,
        attended_at_90k=now_90k,
    )
    session.cameras.set(cameras)
    acts.record(
        kind="viewing.session_issued",
        actor=actor,
        subject=f"viewing:{session.pk}",
        facts={
            "person": str(person.pk),
            "campus": cameras[0].campus_id,
            "cameras": tuple(sorted(str(camera.pk) for camera in cameras)),
            "start_90k": start_90k,
            "end_90k": end_90k,
            "valid_until_90k": valid_until_90k,
            "purpose": purpose,
            **begin_turn(session, phase=Phase.SEARCHING, at_90k=now_90k),
        },
        at_90k=now_90k,
        articles=GROUNDS,
    )
    return session


@transaction.atomic(durable=True)
def revoke_session(*, session: ViewingSession, reason: str, actor: Actor, clock: Clock) -> None:
    """End the session now: streaming is told in the moment this commits. Raises ViewingError("viewing.not_open")."""
    _revoke(locked(session, Event.REVOKE, clock=clock), reason=reason, actor=actor, at_90k=clock.utc(), grounds=())


def revoke_of_closed_accounts(*, clock: Clock) -> int:
    """Revoke what somebody without an account any more may play alone; return how many. For the clerk.

    A supervised session is the campus's: it pauses as unattended, and another operator takes it over.
    """
    left = ViewingSession.objects.filter(
        application__isnull=True,
        person__is_active=False,
        closed_at_90k__isnull=True,
        revoked_at_90k__isnull=True,
        valid_until_90k__gt=clock.utc(),
    )
    for session in left:
        revoke_session(session=session, reason="account_closed", actor=acts.CLERK, clock=clock)
    return len(left)


def withdraw_permission(*, session: ViewingSession, reason: str, acting: Acting, clock: Clock) -> None:
    """The same by whoever may decide on its application, with a reason. Raises RuleRefused, ViewingError."""
    actor = acts.of(acting)
    with refusals.recorded(actor=actor, about=session, clock=clock), transaction.atomic(durable=True):
        held = locked(session, Event.REVOKE, clock=clock)
        grounds = refusals.require(conducting.may_revoke(acting=acting, held=held, now_90k=clock.utc()))
        if not reason.strip():
            raise ViewingError("viewing.reason_missing")
        _revoke(held, reason=reason.strip(), actor=actor, at_90k=clock.utc(), grounds=grounds)


def _revoke(held: ViewingSession, *, reason: str, actor: Actor, at_90k: int, grounds: tuple[str, ...]) -> None:
    held.revoked_at_90k, held.revocation_reason = at_90k, reason
    held.save(update_fields=["revoked_at_90k", "revocation_reason"])
    end_turn(held, reason="session_revoked", at_90k=at_90k)
    acts.record(
        kind="viewing.session_revoked",
        actor=actor,
        subject=refusals.subject_of(held),
        facts={"person": str(held.person_id), "campus": held.campus_id},
        texts={"reason": reason},
        at_90k=at_90k,
        articles=grounds or (articles.A14_C.id,),
    )


def _check(cameras: Sequence[Camera], *, start_90k: int, end_90k: int, purpose: str) -> None:
    if not cameras:
        raise ViewingError("viewing.no_camera")
    if start_90k >= end_90k:
        raise ViewingError("viewing.span_empty", start_90k=start_90k, end_90k=end_90k)
    if not purpose.strip():
        raise ViewingError("viewing.purpose_missing")
