"""A unit's help: it begins an application for somebody, who reads it, pledges and sends it (A15.1.2b). Never more."""

from django.db import transaction

from mingjian.base.clock import Clock
from mingjian.people import acts, policy, scope
from mingjian.people.capacity import Acting
from mingjian.people.models import Person
from mingjian.viewing import judging
from mingjian.viewing.models import ViewingApplication
from mingjian.viewing.usecases import refusals
from mingjian.viewing.usecases.sending import (
    LONGEST_PHONE,
    LONGEST_REASON,
    Wish,
    cameras_asked_for,
    check_wish,
    hold_footage,
    lock_cameras_of,
    next_number,
    record_submission,
    require_room,
    worded,
)
from mingjian.viewing.usecases.stepping import locked, take_step
from mingjian.viewing.workflow import Stage, Step


# Whoever helps or is helped reaches cameras, holds and numbers that neither of them sees.
@scope.machine()
def draft(*, applicant: Person, wish: Wish, acting: Acting, clock: Clock) -> ViewingApplication:
    """Begin an application for `applicant`, on behalf of the unit acted for. Nothing is sent or held by it.

    Raises RuleRefused, which is recorded, and ViewingError.
    """
    actor = acts.of(acting)
    now_90k = clock.utc()
    check_wish(wish, book=policy.in_force(at_90k=now_90k), now_90k=now_90k)
    cameras = cameras_asked_for(campus=wish.campus, building=wish.building)
    with (
        refusals.recorded(actor=actor, about=cameras[0].campus, clock=clock),
        transaction.atomic(durable=True),
    ):
        grounds = refusals.require(judging.may_draft(acting=acting, applicant=applicant))
        year, number = next_number(now_90k=now_90k)
        application = ViewingApplication.objects.create(
            year=year,
            number=number,
            applicant=applicant,
            incident_kind=wish.incident_kind,
            reason=worded(wish.reason, most=LONGEST_REASON),
            campus_id=wish.campus,
            building=wish.building,
            start_90k=wish.start_90k,
            end_90k=wish.end_90k,
            phone=worded(wish.phone, most=LONGEST_PHONE),
            unit_id=acting.body,
            drafted_by=acting.person,
            drafted_at_90k=now_90k,
            stage=Stage.DRAFT.value,
            submitted_at_90k=now_90k,
            held_until_90k=now_90k,
        )
        acts.record(
            kind="viewing.application_drafted",
            actor=actor,
            subject=refusals.subject_of(application),
            facts={"campus": wish.campus, "person": str(applicant.pk), "ticket": application.ticket},
            at_90k=now_90k,
            articles=grounds,
        )
    return application


@scope.machine()
def confirm(
    *, application: ViewingApplication, version: int, reason: str, phone: str, acting: Acting, clock: Clock
) -> None:
    """Send what a unit began for oneself, with the own pledge; from now on the footage is held.

    It is an application like any other: in the capacities that do not apply it is refused as well, and recorded.
    Raises RuleRefused, ViewingError.
    """
    actor = acts.of(acting)
    with (
        refusals.recorded(actor=actor, about=application, clock=clock),
        transaction.atomic(durable=True),
    ):
        lock_cameras_of(application)
        row = locked(application, version=version)
        refusals.require(judging.may_apply(acting=acting, campus=row.campus_id))
        take_step(row, Step.CONFIRM)
        require_room(row.applicant)
        now_90k = clock.utc()
        row.reason, row.phone = worded(reason, most=LONGEST_REASON), worded(phone, most=LONGEST_PHONE)
        row.pledged_at_90k = row.submitted_at_90k = now_90k
        book = policy.in_force(at_90k=now_90k)
        row.held_until_90k = now_90k + book.ticks("application_hold")
        row.save()
        row.cameras.set(cameras_asked_for(campus=row.campus_id, building=row.building))
        record_submission(
            row,
            kind="viewing.application_submitted",
            policy_version=book.version,
            actor=actor,
            at_90k=now_90k,
        )
        hold_footage(row, actor=actor, clock=clock)
