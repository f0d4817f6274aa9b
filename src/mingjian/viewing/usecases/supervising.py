"""A supervised session: the operator opens, admits, plays, marks, pauses and closes; the applicant watches."""

from django.db import IntegrityError, transaction

from mingjian.base.clock import Clock
from mingjian.base.ticks import TICKS_PER_S
from mingjian.people import acts
from mingjian.people.acts import Actor
from mingjian.people.capacity import Acting
from mingjian.people.revocation import revoke_grant
from mingjian.regulation import articles
from mingjian.viewing import judging
from mingjian.viewing.judging import IdCheck
from mingjian.viewing.models import (
    MOST_VIEWERS,
    ApplicationDecision,
    Clue,
    HeadCountException,
    SessionViewer,
    ViewingApplication,
    ViewingSession,
)
from mingjian.viewing.usecases import refusals
from mingjian.viewing.usecases.errors import ViewingError
from mingjian.viewing.usecases.holding import settle_at_closing
from mingjian.viewing.usecases.permitting import GROUNDS
from mingjian.viewing.usecases.stepping import take_step
from mingjian.viewing.words import HoldChoice, Result
from mingjian.viewing.workflow import ALLOWED, Event, Step

# Ours, not the regulation's: no session lasts longer than half a shift.
LONGEST_SESSION_90K = 4 * 3600 * TICKS_PER_S


def open_session(*, application: ViewingApplication, check: IdCheck, acting: Acting, clock: Clock) -> ViewingSession:
    """Open the session of an approved application, its applicant seated first. Raises RuleRefused, ViewingError."""
    actor = acts.of(acting)
    with refusals.recorded(actor=actor, about=application, clock=clock), transaction.atomic(durable=True):
        row = _locked_application(application)
        now_90k = clock.utc()
        grounds = refusals.require(judging.may_open(acting=acting, application=row, check=check, now_90k=now_90k))
        decision = _approval(row)
        session = ViewingSession.objects.create(
            person=acting.person,
            campus_id=row.campus_id,
            start_90k=row.start_90k,
            end_90k=row.end_90k,
            purpose=row.reason,
            articles=list(GROUNDS),
            issued_by=decision.decider,
            issued_at_90k=now_90k,
            valid_until_90k=min(now_90k + LONGEST_SESSION_90K, decision.valid_until_90k or now_90k),
        )
        session.cameras.set(row.cameras.all())
        acts.record(
            kind="viewing.session_opened",
            actor=actor,
            subject=refusals.subject_of(session),
            facts={
                "campus": row.campus_id,
                "cameras": tuple(sorted(str(camera.pk) for camera in row.cameras.all())),
                "start_90k": row.start_90k,
                "end_90k": row.end_90k,
                "valid_until_90k": session.valid_until_90k,
                "grant": str(session.grant_id),
                **_seat(session, row, check, actor=actor, acting=acting, now_90k=now_90k),
            },
            at_90k=now_90k,
            articles=grounds,
        )
    return session


def admit(
    *, session: ViewingSession, application: ViewingApplication, check: IdCheck, acting: Acting, clock: Clock
) -> None:
    """Let another applicant of the same footage in. The fourth is refused unless the principal consented (A15.1.4b)."""
    actor = acts.of(acting)
    with refusals.recorded(actor=actor, about=session, clock=clock), transaction.atomic(durable=True):
        held = _locked_session(session, Event.ADMIT, clock=clock)
        if held.person_id != acting.person.pk:
            raise ViewingError("viewing.not_supervising")
        row = _locked_application(application)
        now_90k = clock.utc()
        grounds = refusals.require(
            judging.may_admit(acting=acting, held=held, application=row, check=check, now_90k=now_90k)
        )
        if not _covers(row, held):
            raise ViewingError("viewing.other_footage", ticket=row.ticket)
        acts.record(
            kind="viewing.viewer_admitted",
            actor=actor,
            subject=refusals.subject_of(held),
            facts={"campus": held.campus_id, **_seat(held, row, check, actor=actor, acting=acting, now_90k=now_90k)},
            at_90k=now_90k,
            articles=grounds,
        )


def allow_more(*, session: ViewingSession, limit: int, reason: str, acting: Acting, clock: Clock) -> HeadCountException:
    """Record the principal's consent to more than three in this session. Raises RuleRefused, ViewingError."""
    actor = acts.of(acting)
    with refusals.recorded(actor=actor, about=session, clock=clock), transaction.atomic(durable=True):
        held = _locked_session(session, Event.ADMIT, clock=clock)
        grounds = refusals.require(judging.may_allow_more(acting=acting, held=held, limit=limit, reason=reason))
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
            facts={"campus": held.campus_id, "limit": limit, "reason": exception.reason},
            at_90k=now_90k,
            articles=grounds,
        )
    return exception


def mark_clue(*, session: ViewingSession, camera_id: str, at_90k: int, note: str, actor: Actor, clock: Clock) -> Clue:
    """Mark an instant of the footage shown. Raises ViewingError."""
    with transaction.atomic(durable=True):
        held = _locked_session(session, Event.MARK, clock=clock)
        camera = held.cameras.filter(pk=camera_id).first()
        if camera is None or not held.start_90k <= at_90k < held.end_90k:
            raise ViewingError("viewing.outside_window")
        now_90k = clock.utc()
        clue = Clue.objects.create(
            session=held,
            camera=camera,
            at_90k=at_90k,
            note=note.strip(),
            marked_by_id=actor.person_id,
            marked_at_90k=now_90k,
        )
        acts.record(
            kind="viewing.clue_marked",
            actor=actor,
            subject=refusals.subject_of(held),
            facts={"campus": held.campus_id, "camera": str(camera.pk), "clue_at_90k": at_90k, "note": clue.note},
            at_90k=now_90k,
        )
    return clue


def pause(*, session: ViewingSession, actor: Actor, clock: Clock) -> None:
    """Stop showing for a while: no lease is given until the operator goes on."""
    _set_pause(session, Event.PAUSE, actor=actor, clock=clock)


def resume(*, session: ViewingSession, actor: Actor, clock: Clock) -> None:
    """Go on showing."""
    _set_pause(session, Event.RESUME, actor=actor, clock=clock)


def close_session(
    *, session: ViewingSession, result: Result, note: str, hold: HoldChoice, actor: Actor, clock: Clock
) -> None:
    """End the session with its result; everybody in it is done, and the locked footage is kept or let go as said."""
    with transaction.atomic(durable=True):
        held = _locked_session(session, Event.CLOSE, clock=clock)
        now_90k = clock.utc()
        held.closed_at_90k, held.result, held.result_note = now_90k, result.value, note.strip()
        held.save(update_fields=["closed_at_90k", "result", "result_note"])
        revoke_grant(grant_id=str(held.grant_id), reason="session_closed", at_90k=now_90k)
        tickets = []
        seats = SessionViewer.objects.filter(session=held, left_at_90k__isnull=True)
        for seat in seats.select_related("application").order_by("seat"):
            row = _locked_application(seat.application)
            take_step(row, Step.FINISH)
            row.ended_at_90k = now_90k
            settle_at_closing(row, choice=hold, actor=actor, clock=clock)
            row.save(update_fields=["stage", "version", "ended_at_90k", "held_until_90k"])
            tickets.append(row.ticket)
        seats.update(left_at_90k=now_90k)
        acts.record(
            kind="viewing.session_closed",
            actor=actor,
            subject=refusals.subject_of(held),
            facts={
                "campus": held.campus_id,
                "grant": str(held.grant_id),
                "result": result.value,
                "note": held.result_note,
                "hold": hold.value,
                "tickets": tuple(tickets),
            },
            at_90k=now_90k,
            articles=(articles.A18_1.id,),
        )


def _set_pause(session: ViewingSession, event: Event, *, actor: Actor, clock: Clock) -> None:
    with transaction.atomic(durable=True):
        held = _locked_session(session, event, clock=clock)
        now_90k = clock.utc()
        held.paused_at_90k = now_90k if event is Event.PAUSE else None
        held.save(update_fields=["paused_at_90k"])
        acts.record(
            kind="viewing.session_paused" if event is Event.PAUSE else "viewing.session_resumed",
            actor=actor,
            subject=refusals.subject_of(held),
            facts={"campus": held.campus_id},
            at_90k=now_90k,
        )


def _seat(
    session: ViewingSession,
    application: ViewingApplication,
    check: IdCheck,
    *,
    actor: Actor,
    acting: Acting,
    now_90k: int,
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


def _approval(application: ViewingApplication) -> ApplicationDecision:
    decision = application.final_decision
    if decision is None:
        raise ViewingError("viewing.wrong_stage", ticket=application.ticket, stage=application.stage, step="enter")
    return decision


def _locked_application(application: ViewingApplication) -> ViewingApplication:
    return ViewingApplication.objects.select_for_update().get(pk=application.pk)


def _locked_session(session: ViewingSession, event: Event, *, clock: Clock) -> ViewingSession:
    """Return the row for update if the event may happen to it now. Raises ViewingError("viewing.not_open")."""
    row = ViewingSession.objects.select_for_update().get(pk=session.pk)
    status = row.status_at(now_90k=clock.utc())
    if event not in ALLOWED[status]:
        raise ViewingError("viewing.not_open", session=str(row.pk), status=status.value)
    return row
