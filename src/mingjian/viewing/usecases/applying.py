"""What an applicant may do about an application, and what a unit may: hand it on."""

from collections.abc import Sequence

from django.db import transaction

from mingjian.base.clock import Clock
from mingjian.people import acts, policy, scope
from mingjian.people.acts import Actor
from mingjian.people.capacity import Acting
from mingjian.people.posts import CAMPUS_BODY
from mingjian.registry import queries as registry_queries
from mingjian.viewing import judging
from mingjian.viewing.examining import Examined
from mingjian.viewing.holding import held_until_after
from mingjian.viewing.models import ViewingApplication
from mingjian.viewing.usecases import refusals
from mingjian.viewing.usecases.attaching import attach_within
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


# What an applicant sets in motion reaches cameras, holds and numbers that an applicant never sees.
@scope.machine()
def submit(*, acting: Acting, wish: Wish, clock: Clock, attachments: Sequence[Examined] = ()) -> ViewingApplication:
    """Send an application and lock the footage it asks for, at once and together. Raises ViewingError, RuleRefused."""
    actor = acts.of(acting)
    now_90k = clock.utc()
    book = policy.in_force(at_90k=now_90k)
    check_wish(wish, book=book, now_90k=now_90k)
    cameras = cameras_asked_for(campus=wish.campus, building=wish.building)
    with (
        refusals.recorded(actor=actor, about=cameras[0].campus, clock=clock),
        transaction.atomic(durable=True),
    ):
        refusals.require(judging.may_apply(acting=acting, campus=wish.campus))
        registry_queries.lock_cameras(
            campus=wish.campus, building=wish.building, camera_ids=[camera.pk for camera in cameras]
        )
        # Asked again now that none of them can go elsewhere.
        cameras = cameras_asked_for(campus=wish.campus, building=wish.building)
        if acting.tier != CAMPUS_BODY:
            require_room(acting.person)
        year, number = next_number(now_90k=now_90k)
        application = ViewingApplication.objects.create(
            year=year,
            number=number,
            applicant=acting.person,
            incident_kind=wish.incident_kind,
            reason=worded(wish.reason, most=LONGEST_REASON),
            campus_id=wish.campus,
            building=wish.building,
            start_90k=wish.start_90k,
            end_90k=wish.end_90k,
            phone=worded(wish.phone, most=LONGEST_PHONE),
            staff_capacity=acting.code if acting.tier == CAMPUS_BODY else "",
            pledged_at_90k=now_90k,
            unit_id=wish.unit or None,
            stage=(Stage.AT_UNIT if wish.unit else Stage.SUBMITTED).value,
            submitted_at_90k=now_90k,
            held_until_90k=now_90k + book.ticks("application_hold"),
        )
        application.cameras.set(cameras)
        attach_within(application, attachments, by=acting.person, at_90k=now_90k)
        record_submission(
            application,
            kind="viewing.application_submitted",
            policy_version=book.version,
            actor=actor,
            at_90k=now_90k,
        )
        hold_footage(application, actor=actor, clock=clock)
    return application


@scope.machine()
def resubmit(
    *, application: ViewingApplication, version: int, reason: str, phone: str, actor: Actor, clock: Clock
) -> None:
    """Complete what was returned and send it again; place and window stay. Raises ViewingError.

    When its cameras have come under one other campus since, it goes to the body of that one. When they are under
    several, those that still stand at the place are asked for; what was held of the others stays held.
    """
    with transaction.atomic(durable=True):
        lock_cameras_of(application)
        row = locked(application, version=version)
        row.reason, row.phone = worded(reason, most=LONGEST_REASON), worded(phone, most=LONGEST_PHONE)
        take_step(row, Step.RESUBMIT)
        campuses = judging.campuses_of(row)
        if len(campuses) == 1:
            row.campus_id = next(iter(campuses))
        else:
            row.cameras.set(cameras_asked_for(campus=row.campus_id, building=row.building))
        row.save(update_fields=["reason", "phone", "stage", "version", "campus"])
        hold_footage(row, actor=actor, clock=clock)
        now_90k = clock.utc()
        record_submission(
            row,
            kind="viewing.application_resubmitted",
            policy_version=policy.in_force(at_90k=now_90k).version,
            actor=actor,
            at_90k=now_90k,
        )


@scope.machine()
def withdraw(*, application: ViewingApplication, version: int, actor: Actor, clock: Clock) -> None:
    """Take the application back. Its footage stays locked until the campus's body lets it go. Raises ViewingError."""
    with transaction.atomic(durable=True):
        row = locked(application, version=version)
        take_step(row, Step.WITHDRAW)
        now_90k = clock.utc()
        row.ended_at_90k = now_90k
        row.held_until_90k = held_until_after(Stage.WITHDRAWN, book=policy.in_force(at_90k=now_90k), now_90k=now_90k)
        row.save(update_fields=["stage", "version", "ended_at_90k", "held_until_90k"])
        acts.record(
            kind="viewing.application_withdrawn",
            actor=actor,
            subject=refusals.subject_of(row),
            facts={"campus": row.campus_id, "person": str(row.applicant_id), "ticket": row.ticket},
            at_90k=now_90k,
        )


def forward(*, application: ViewingApplication, version: int, acting: Acting, clock: Clock) -> None:
    """Hand an application on to tier 2: all that a unit may do with it (A15.1.2). Raises ViewingError, RuleRefused."""
    actor = acts.of(acting)
    with (
        refusals.recorded(actor=actor, about=application, clock=clock),
        transaction.atomic(durable=True),
    ):
        row = locked(application, version=version)
        grounds = refusals.require(judging.may_forward(acting=acting, application=row))
        take_step(row, Step.FORWARD)
        now_90k = clock.utc()
        row.forwarded_by, row.forwarded_at_90k = acting.person, now_90k
        row.save(update_fields=["stage", "version", "forwarded_by", "forwarded_at_90k"])
        acts.record(
            kind="viewing.application_forwarded",
            actor=actor,
            subject=refusals.subject_of(row),
            facts={"campus": row.campus_id, "person": str(row.applicant_id), "ticket": row.ticket},
            at_90k=now_90k,
            articles=grounds,
        )
