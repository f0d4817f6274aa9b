"""What sending an application takes, whoever began it: a wish in bounds, a number, held footage, a leaf."""

from dataclasses import dataclass

from django.db import connection
from django.db.models import Max

from mingjian.base import ticks
from mingjian.base.clock import Clock
from mingjian.people import acts
from mingjian.people.acts import Actor
from mingjian.people.models import Person
from mingjian.registry import queries as registry_queries
from mingjian.registry import usecases as registry
from mingjian.registry.models import Camera
from mingjian.regulation import articles
from mingjian.regulation.policies import Book
from mingjian.viewing.models import ViewingApplication
from mingjian.viewing.plain import plain_text
from mingjian.viewing.usecases import refusals
from mingjian.viewing.usecases.errors import ViewingError

# Ours, not the regulation's: how many applications of one person may keep footage locked at a time. What is locked is
# never deleted, so whoever could lock without end could fill the disks that cameras are recorded on.
MOST_STANDING = 10
LONGEST_REASON = 500
LONGEST_PHONE = 32
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


def require_room(applicant: Person) -> None:
    """Raise ViewingError("viewing.too_many_standing") when the applicant's applications lock enough footage already.

    Within the caller's transaction; what the same applicant sends at once waits for one another.
    """
    Person.objects.select_for_update(no_key=True).get(pk=applicant.pk)
    standing = ViewingApplication.objects.filter(
        applicant=applicant, holds__isnull=False, holds__released_at_90k__isnull=True
    )
    if standing.distinct().count() >= MOST_STANDING:
        raise ViewingError("viewing.too_many_standing", most=MOST_STANDING)


def hold_footage(application: ViewingApplication, *, actor: Actor, clock: Clock) -> None:
    """Place a hold on every camera of the application that has none yet."""
    held = set(application.holds.filter(released_at_90k__isnull=True).values_list("camera_id", flat=True))
    for camera in application.cameras.exclude(pk__in=held):
        hold = registry.place_hold(
            camera=camera,
            start_90k=application.start_90k,
            end_90k=application.end_90k,
            reason=f"viewing {application.ticket}",
            actor=actor,
            clock=clock,
        )
        application.holds.add(hold)


def record_submission(
    application: ViewingApplication, *, kind: str, policy_version: int, actor: Actor, at_90k: int
) -> None:
    """Tell the ledger what was asked for, by whom, and in which words."""
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
            "attachments": tuple(one.sha256 for one in application.attachments.all()),
            "version": application.version,
            "policy_version": policy_version,
            "staff_capacity": application.staff_capacity,
            "drafted_by": "" if application.drafted_by_id is None else str(application.drafted_by_id),
        },
        texts={"purpose": application.reason},
        at_90k=at_90k,
        articles=(articles.A15_1_1A.id,),
    )


def cameras_asked_for(*, campus: str, building: str) -> list[Camera]:
    """Return the cameras that stand at the place. Raises ViewingError("viewing.no_camera")."""
    found = registry_queries.cameras_of_place(campus=campus, building=building)
    if not found:
        raise ViewingError("viewing.no_camera")
    return found


def lock_cameras_of(application: ViewingApplication) -> None:
    """Lock what the application may ask for, before its own row: see registry.queries.lock_cameras."""
    named = application.cameras.order_by().values_list("pk", flat=True)
    registry_queries.lock_cameras(campus=application.campus_id, building=application.building, camera_ids=list(named))


def worded(text: str, *, most: int) -> str:
    """Return the text without what cannot be seen. Raises ViewingError when nothing or too much is left."""
    plain = plain_text(text)
    if not plain:
        raise ViewingError("viewing.purpose_missing")
    if len(plain) > most:
        raise ViewingError("viewing.text_too_long", most=most)
    return plain


def check_wish(wish: Wish, *, book: Book, now_90k: int) -> None:
    """Raise ViewingError when no application can ask for this."""
    if wish.start_90k >= wish.end_90k:
        raise ViewingError("viewing.span_empty", start_90k=wish.start_90k, end_90k=wish.end_90k)
    if wish.end_90k - wish.start_90k > book.ticks("window_longest"):
        raise ViewingError("viewing.span_too_long", hours=book.value("window_longest"))
    if wish.end_90k < now_90k - book.ticks("window_oldest"):
        raise ViewingError("viewing.span_too_old", days=book.value("window_oldest"))
    if wish.end_90k > now_90k:
        raise ViewingError("viewing.span_in_future", end_90k=wish.end_90k)


def next_number(*, now_90k: int) -> tuple[int, int]:
    """Return the next ticket number of the civil year, without a gap; those who ask at once wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_NUMBER_LOCK])
    year = ticks.to_datetime(now_90k).astimezone(ticks.CIVIL_ZONE).year
    last = ViewingApplication.objects.filter(year=year).aggregate(last=Max("number"))["last"]
    return year, (last or 0) + 1
