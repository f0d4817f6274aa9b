"""Permission to play without an application, for the shell of a demo; and the revocation of any permission."""

from collections.abc import Sequence

from django.db import transaction

from mingjian.base.clock import Clock
from mingjian.people import acts
from mingjian.people.acts import Actor
from mingjian.people.models import Person
from mingjian.people.revocation import revoke_grant
from mingjian.registry.models import Camera
from mingjian.regulation import articles
from mingjian.viewing.models import ViewingSession
from mingjian.viewing.usecases.errors import ViewingError
from mingjian.viewing.workflow import ALLOWED, Event

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
            "grant": str(session.grant_id),
        },
        at_90k=now_90k,
        articles=GROUNDS,
    )
    return session


@transaction.atomic(durable=True)
def revoke_session(*, session: ViewingSession, reason: str, actor: Actor, clock: Clock) -> None:
    """End the session now: streaming is told in the moment this commits. Raises ViewingError("viewing.not_open")."""
    locked = ViewingSession.objects.select_for_update().get(pk=session.pk)
    now_90k = clock.utc()
    status = locked.status_at(now_90k=now_90k)
    if Event.REVOKE not in ALLOWED[status]:
        raise ViewingError("viewing.not_open", session=str(locked.pk), status=status.value)
    locked.revoked_at_90k = now_90k
    locked.revocation_reason = reason
    locked.save(update_fields=["revoked_at_90k", "revocation_reason"])
    revoke_grant(grant_id=str(locked.grant_id), reason="session_revoked", at_90k=now_90k)
    acts.record(
        kind="viewing.session_revoked",
        actor=actor,
        subject=f"viewing:{locked.pk}",
        facts={"person": str(locked.person_id), "grant": str(locked.grant_id), "reason": reason},
        at_90k=now_90k,
        articles=(articles.A14_C.id,),
    )


def _check(cameras: Sequence[Camera], *, start_90k: int, end_90k: int, purpose: str) -> None:
    if not cameras:
        raise ViewingError("viewing.no_camera")
    if start_90k >= end_90k:
        raise ViewingError("viewing.span_empty", start_90k=start_90k, end_90k=end_90k)
    if not purpose.strip():
        raise ViewingError("viewing.purpose_missing")
