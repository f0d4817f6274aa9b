"""A supervised session from its opening to its end: the operator plays, marks, pauses and closes."""

from django.db import transaction

from mingjian.base.clock import Clock
from mingjian.people import acts, policy
from mingjian.people.acts import Actor
from mingjian.people.capacity import Acting
from mingjian.regulation import articles
from mingjian.viewing import conducting
from mingjian.viewing.models import ApplicationDecision, Clue, SessionViewer, ViewingApplication, ViewingSession
from mingjian.viewing.usecases import refusals
from mingjian.viewing.usecases.errors import ViewingError
from mingjian.viewing.usecases.holding import settle_at_closing
from mingjian.viewing.usecases.permitting import GROUNDS
from mingjian.viewing.usecases.stepping import take_step
from mingjian.viewing.usecases.turning import begin_turn, end_turn, locked, locked_application, supervised
from mingjian.viewing.words import HoldChoice, Result
from mingjian.viewing.workflow import Event, PauseCause, Phase, Stage, Step


def open_session(*, application: ViewingApplication, acting: Acting, clock: Clock) -> ViewingSession:
    """Open the session of an approved application: the operator searches, nobody sits yet.

    Raises RuleRefused, ViewingError.
    """
    actor = acts.of(acting)
    with refusals.recorded(actor=actor, about=application, clock=clock), transaction.atomic(durable=True):
        row = locked_application(application)
        now_90k = clock.utc()
        grounds = refusals.require(conducting.may_open(acting=acting, application=row, now_90k=now_90k))
        book = policy.in_force(at_90k=now_90k)
        decision = _approval(row)
        take_step(row, Step.ENTER)
        row.save(update_fields=["stage", "version"])
        session = ViewingSession.objects.create(
            person=acting.person,
            campus_id=row.campus_id,
            application=row,
            start_90k=row.start_90k,
            end_90k=row.end_90k,
            purpose=row.reason,
            articles=list(GROUNDS),
            issued_by=decision.decider,
            issued_at_90k=now_90k,
            valid_until_90k=min(now_90k + book.ticks("session_longest"), decision.valid_until_90k or now_90k),
            attended_at_90k=now_90k,
        )
        session.cameras.set(row.cameras.all())
        acts.record(
            kind="viewing.session_opened",
            actor=actor,
            subject=refusals.subject_of(session),
            facts={
                "campus": row.campus_id,
                "ticket": row.ticket,
                "cameras": tuple(sorted(str(camera.pk) for camera in row.cameras.all())),
                "start_90k": row.start_90k,
                "end_90k": row.end_90k,
                "valid_until_90k": session.valid_until_90k,
                "policy_version": book.version,
                **begin_turn(session, phase=Phase.SEARCHING, at_90k=now_90k),
            },
            at_90k=now_90k,
            articles=grounds,
        )
    return session


def mark_clue(*, session: ViewingSession, camera_id: str, at_90k: int, note: str, acting: Acting, clock: Clock) -> Clue:
    """Mark an instant of the footage. Raises RuleRefused, ViewingError."""
    actor = acts.of(acting)
    with refusals.recorded(actor=actor, about=session, clock=clock), transaction.atomic(durable=True):
        held = supervised(session, Event.MARK, acting=acting, clock=clock)
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
            facts={"campus": held.campus_id, "camera": str(camera.pk), "clue_at_90k": at_90k},
            texts={"note": clue.note},
            at_90k=now_90k,
        )
    return clue


def pause(*, session: ViewingSession, cause: PauseCause, acting: Acting, clock: Clock) -> None:
    """Stop showing until somebody goes on by hand: no lease is given meanwhile.

    Always possible for the session's operator, on shift or not. Raises ViewingError.
    """
    with transaction.atomic(durable=True):
        held = locked(session, Event.PAUSE, clock=clock)
        if held.person_id != acting.person.pk:
            raise ViewingError("viewing.not_supervising")
        stop(held, cause=cause, actor=acts.of(acting), at_90k=clock.utc())


def stop(held: ViewingSession, *, cause: PauseCause, actor: Actor, at_90k: int) -> None:
    """Pause a session whose row is locked, within the caller's transaction."""
    held.paused_at_90k, held.pause_cause = at_90k, cause.value
    held.save(update_fields=["paused_at_90k", "pause_cause"])
    acts.record(
        kind="viewing.session_paused",
        actor=actor,
        subject=refusals.subject_of(held),
        facts={"campus": held.campus_id, "cause": cause.value},
        at_90k=at_90k,
        articles=() if cause is PauseCause.OPERATOR else (articles.A15_1_3B.id,),
    )


def resume(*, session: ViewingSession, acting: Acting, clock: Clock) -> None:
    """Go on. Raises RuleRefused, ViewingError."""
    actor = acts.of(acting)
    with refusals.recorded(actor=actor, about=session, clock=clock), transaction.atomic(durable=True):
        held = supervised(session, Event.RESUME, acting=acting, clock=clock)
        held.paused_at_90k, held.pause_cause = None, ""
        held.save(update_fields=["paused_at_90k", "pause_cause"])
        acts.record(
            kind="viewing.session_resumed",
            actor=actor,
            subject=refusals.subject_of(held),
            facts={"campus": held.campus_id},
            at_90k=clock.utc(),
        )


def close_session(
    *, session: ViewingSession, result: Result, note: str, hold: HoldChoice, acting: Acting, clock: Clock
) -> None:
    """End the session with its result; every application in it is done, and the locked footage kept or let go as said.

    Raises RuleRefused, ViewingError.
    """
    actor = acts.of(acting)
    with refusals.recorded(actor=actor, about=session, clock=clock), transaction.atomic(durable=True):
        held = supervised(session, Event.CLOSE, acting=acting, clock=clock)
        now_90k = clock.utc()
        is_shown = held.viewers.exists()
        held.closed_at_90k, held.result, held.result_note = now_90k, result.value, note.strip()
        held.save(update_fields=["closed_at_90k", "result", "result_note"])
        end_turn(held, reason="session_closed", at_90k=now_90k)
        tickets = []
        for application in conducting.applications_of(held):
            row = locked_application(application)
            if row.stage == Stage.IN_SESSION:
                take_step(row, Step.FINISH)
                row.ended_at_90k = now_90k
                settle_at_closing(row, choice=hold, actor=actor, clock=clock)
                row.save(update_fields=["stage", "version", "ended_at_90k", "held_until_90k"])
            tickets.append(row.ticket)
        SessionViewer.objects.filter(session=held, left_at_90k__isnull=True).update(left_at_90k=now_90k)
        acts.record(
            kind="viewing.session_closed",
            actor=actor,
            subject=refusals.subject_of(held),
            facts={
                "campus": held.campus_id,
                "result": result.value,
                "is_shown": is_shown,
                "hold": hold.value,
                "tickets": tuple(tickets),
            },
            texts={"note": held.result_note},
            at_90k=now_90k,
            articles=(articles.A18_1.id,),
        )


def _approval(application: ViewingApplication) -> ApplicationDecision:
    decision = application.final_decision
    if decision is None:
        raise ViewingError("viewing.wrong_stage", ticket=application.ticket, stage=application.stage, step="enter")
    return decision
