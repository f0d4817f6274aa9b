"""Who sits in the room: let in with a document checked, let out, three at most unless the principal consents."""

from django.db import IntegrityError, transaction

from mingjian.base.clock import Clock
from mingjian.people import acts
from mingjian.people.capacity import Acting
from mingjian.viewing import conducting
from mingjian.viewing.conducting import IdCheck
from mingjian.viewing.models import (
    MOST_VIEWERS,
    HeadCountException,
    SessionViewer,
    ViewingApplication,
    ViewingSession,
)
from mingjian.viewing.usecases import refusals
from mingjian.viewing.usecases.errors import ViewingError
from mingjian.viewing.usecases.stepping import take_step
from mingjian.viewing.usecases.turning import locked, locked_application, supervised
from mingjian.viewing.workflow import Event, Stage, Step


def admit(
    *, session: ViewingSession, application: ViewingApplication, check: IdCheck, acting: Acting, clock: Clock
) -> None:
    """Let an applicant of this footage in. The fourth is refused unless the principal consented (A15.1.4b)."""
    actor = acts.of(acting)
    with refusals.recorded(actor=actor, about=session, clock=clock), transaction.atomic(durable=True):
        held = supervised(session, Event.ADMIT, acting=acting, clock=clock)
        row = locked_application(application)
        now_90k = clock.utc()
        grounds = refusals.require(
            conducting.may_admit(acting=acting, held=held, application=row, check=check, now_90k=now_90k)
        )
        if not _covers(row, held):
            raise ViewingError("viewing.other_footage", ticket=row.ticket)
        acts.record(
            kind="viewing.viewer_admitted",
            actor=actor,
            subject=refusals.subject_of(held),
            facts={"campus": held.campus_id, **_seat(held, row, check, acting=acting, now_90k=now_90k)},
            at_90k=now_90k,
            articles=grounds,
        )


def let_out(*, session: ViewingSession, viewer_id: str, acting: Acting, clock: Clock) -> SessionViewer:
    """Note that a viewer has left the room: the seat is free, and may be taken by this or another applicant."""
    actor = acts.of(acting)
    with refusals.recorded(actor=actor, about=session, clock=clock), transaction.atomic(durable=True):
        held = supervised(session, Event.LEAVE, acting=acting, clock=clock)
        seat = (
            held.viewers.select_related("application", "applicant")
            .filter(pk=viewer_id, left_at_90k__isnull=True)
            .first()
        )
        if seat is None:
            raise ViewingError("viewing.not_seated")
        now_90k = clock.utc()
        seat.left_at_90k = now_90k
        seat.save(update_fields=["left_at_90k"])
        acts.record(
            kind="viewing.viewer_left",
            actor=actor,
            subject=refusals.subject_of(held),
            facts={
                "campus": held.campus_id,
                "person": str(seat.applicant_id),
                "ticket": seat.application.ticket,
                "seat": seat.seat,
            },
            at_90k=now_90k,
        )
    return seat


def allow_more(*, session: ViewingSession, limit: int, reason: str, acting: Acting, clock: Clock) -> HeadCountException:
    """Record the principal's consent to more than three in this session. Raises RuleRefused, ViewingError."""
    actor = acts.of(acting)
    with refusals.recorded(actor=actor, about=session, clock=clock), transaction.atomic(durable=True):
        held = locked(session, Event.REVOKE, clock=clock)
        grounds = refusals.require(conducting.may_allow_more(acting=acting, held=held, limit=limit, reason=reason))
        if HeadCountException.objects.filter(session=held).exists():
            raise ViewingError("viewing.already_decided", ticket=str(held.pk))
        now_90k = clock.utc()
        exception = HeadCountException.objects.create(
            session=held,
            principal=acting.person,
            capacity=actor.capacity,
            limit=limit,
            reason=reason.strip(),
            granted_at_90k=now_90k,
        )
        acts.record(
            kind="viewing.more_viewers_allowed",
            actor=actor,
            subject=refusals.subject_of(held),
            facts={"campus": held.campus_id, "limit": limit},
            texts={"reason": exception.reason},
            at_90k=now_90k,
            articles=grounds,
        )
    return exception


def _seat(
    session: ViewingSession, application: ViewingApplication, check: IdCheck, *, acting: Acting, now_90k: int
) -> dict[str, str | int]:
    """Give the applicant the lowest free seat and return what the ledger says of it. The session's row is locked."""
    taken = set(SessionViewer.objects.filter(session=session, left_at_90k__isnull=True).values_list("seat", flat=True))
    seat = next(number for number in range(1, len(taken) + 2) if number not in taken)
    exception = HeadCountException.objects.filter(session=session).first() if seat > MOST_VIEWERS else None
    try:
        with transaction.atomic():
            SessionViewer.objects.create(
                session=session,
                application=application,
                applicant_id=application.applicant_id,
                admitted_by=acting.person,
                seat=seat,
                exception=exception,
                id_kind=check.kind,
                id_last4=check.last4,
                admitted_at_90k=now_90k,
            )
    except IntegrityError as error:
        raise ViewingError("viewing.already_seated", ticket=application.ticket) from error
    if application.stage == Stage.APPROVED:
        take_step(application, Step.ENTER)
        application.save(update_fields=["stage", "version"])
    return {
        "person": str(application.applicant_id),
        "ticket": application.ticket,
        "seat": seat,
        "id_kind": check.kind,
    }


def _covers(application: ViewingApplication, session: ViewingSession) -> bool:
    """Say whether the application was approved for all that the session shows."""
    shown = set(session.cameras.values_list("pk", flat=True))
    approved = set(application.cameras.values_list("pk", flat=True))
    return shown <= approved and application.start_90k <= session.start_90k and session.end_90k <= application.end_90k
