"""What an applicant may do about an application, and what a unit may: hand it on."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Max

from mingjian.base import ticks
from mingjian.base.clock import Clock
from mingjian.base.ticks import TICKS_PER_S
from mingjian.people import acts, scope
from mingjian.people.acts import Actor
from mingjian.people.capacity import Acting
from mingjian.registry import queries as registry_queries
from mingjian.registry import usecases as registry
from mingjian.regulation import articles
from mingjian.viewing import judging
from mingjian.viewing.examining import Examined
from mingjian.viewing.holding import held_until_after
from mingjian.viewing.models import ViewingApplication
from mingjian.viewing.usecases import refusals
from mingjian.viewing.usecases.attaching import attach_within
from mingjian.viewing.usecases.errors import ViewingError
from mingjian.viewing.usecases.stepping import locked, take_step
from mingjian.viewing.workflow import Stage, Step

DAY_90K = 24 * 3600 * TICKS_PER_S
# Ours, not the regulation's: how long one application may reach, and how long footage stays locked at least.
LONGEST_WINDOW_90K = DAY_90K
HELD_90K = 30 * DAY_90K
_NUMBER_LOCK = 0x6D6A_0003


@dataclass(frozen=True, slots=True)
class Wish:
    """What an applicant fills in. The place is a building of one campus, never a list of cameras."""

    incident_kind: str
    reason: str
    campus: str
    building: str
    start_90k: int
    end_90k: int
    phone: str
    unit: str = ""


# What an applicant sets in motion reaches cameras, holds and numbers that an applicant never sees.
@scope.machine()
def submit(*, acting: Acting, wish: Wish, clock: Clock, attachments: Sequence[Examined] = ()) -> ViewingApplication:
    """Send an application and lock the footage it asks for, at once and together. Raises ViewingError, RuleRefused."""
    actor = acts.of(acting)
    now_90k = clock.utc()
    refusals.require(judging.may_apply(acting=acting))
    _check(wish, now_90k=now_90k)
    with transaction.atomic(durable=True):
        cameras = registry_queries.cameras_of_place(campus=wish.campus, building=wish.building)
        if not cameras:
            raise ViewingError("viewing.no_camera")
        year, number = _next_number(now_90k=now_90k)
        application = ViewingApplication.objects.create(
            year=year,
            number=number,
            applicant=acting.person,
            incident_kind=wish.incident_kind,
            reason=wish.reason.strip(),
            campus_id=wish.campus,
            building=wish.building,
            start_90k=wish.start_90k,
            end_90k=wish.end_90k,
            phone=wish.phone.strip(),
            pledged_at_90k=now_90k,
            unit_id=wish.unit or None,
            stage=(Stage.AT_UNIT if wish.unit else Stage.SUBMITTED).value,
            submitted_at_90k=now_90k,
            held_until_90k=now_90k + HELD_90K,
        )
        application.cameras.set(cameras)
        attach_within(application, attachments, by=acting.person, at_90k=now_90k)
        _record_submission(application, kind="viewing.application_submitted", actor=actor, at_90k=now_90k)
        _hold(application, actor=actor, clock=clock)
    return application


@scope.machine()
def resubmit(
    *, application: ViewingApplication, version: int, reason: str, phone: str, actor: Actor, clock: Clock
) -> None:
    """Complete what was returned and send it again; place and window stay. Raises ViewingError."""
    if not reason.strip() or not phone.strip():
        raise ViewingError("viewing.purpose_missing")
    with transaction.atomic(durable=True):
        row = locked(application, version=version)
        row.reason, row.phone = reason.strip(), phone.strip()
        take_step(row, Step.RESUBMIT)
        row.save(update_fields=["reason", "phone", "stage", "version"])
        _record_submission(row, kind="viewing.application_resubmitted", actor=actor, at_90k=clock.utc())


@scope.machine()
def withdraw(*, application: ViewingApplication, version: int, actor: Actor, clock: Clock) -> None:
    """Take the application back. Its footage stays locked until the campus's body lets it go. Raises ViewingError."""
    with transaction.atomic(durable=True):
        row = locked(application, version=version)
        take_step(row, Step.WITHDRAW)
        now_90k = clock.utc()
        row.ended_at_90k = now_90k
        row.held_until_90k = held_until_after(Stage.WITHDRAWN, now_90k=now_90k)
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


def _hold(application: ViewingApplication, *, actor: Actor, clock: Clock) -> None:
    for camera in application.cameras.all():
        hold = registry.place_hold(
            camera=camera,
            start_90k=application.start_90k,
            end_90k=application.end_90k,
            reason=f"viewing {application.ticket}",
            actor=actor,
            clock=clock,
        )
        application.holds.add(hold)


def _record_submission(application: ViewingApplication, *, kind: str, actor: Actor, at_90k: int) -> None:
    acts.record(
        kind=kind,
        actor=actor,
        subject=refusals.subject_of(application),
        facts={
            "person": str(application.applicant_id),
            "campus": application.campus_id,
            "ticket": application.ticket,
            "incident": application.incident_kind,
            "building": application.building,
            "cameras": tuple(sorted(str(camera.pk) for camera in application.cameras.all())),
            "start_90k": application.start_90k,
            "end_90k": application.end_90k,
            "purpose": application.reason,
            "attachments": tuple(one.sha256 for one in application.attachments.all()),
            "version": application.version,
        },
        at_90k=at_90k,
        articles=(articles.A15_1_1A.id,),
    )


def _check(wish: Wish, *, now_90k: int) -> None:
    if not wish.reason.strip() or not wish.phone.strip():
        raise ViewingError("viewing.purpose_missing")
    if wish.start_90k >= wish.end_90k:
        raise ViewingError("viewing.span_empty", start_90k=wish.start_90k, end_90k=wish.end_90k)
    if wish.end_90k - wish.start_90k > LONGEST_WINDOW_90K:
        raise ViewingError("viewing.span_too_long", hours=LONGEST_WINDOW_90K // (3600 * TICKS_PER_S))
    if wish.end_90k > now_90k:
        raise ViewingError("viewing.span_in_future", end_90k=wish.end_90k)


def _next_number(*, now_90k: int) -> tuple[int, int]:
    """Return the next ticket number of the civil year, without a gap; those who ask at once wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_NUMBER_LOCK])
    year = ticks.to_datetime(now_90k).astimezone(ticks.CIVIL_ZONE).year
    last = ViewingApplication.objects.filter(year=year).aggregate(last=Max("number"))["last"]
    return year, (last or 0) + 1
