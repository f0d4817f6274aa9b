"""Reads of applications and sessions. `access_*` is the only door for a page or a lease; outside it is Http404."""

import uuid
from collections.abc import Mapping
from typing import TypeVar

from django.db.models import F, Q, QuerySet
from django.http import Http404

from mingjian.people.capacity import Acting
from mingjian.people.models import Person
from mingjian.people.posts import CAMPUS_BODY, SCHOOL, UNIT
from mingjian.registry import queries as registry
from mingjian.registry.models import Hold
from mingjian.regulation.posts import APART, DECIDERS, Post
from mingjian.viewing import holding
from mingjian.viewing.holding import Held
from mingjian.viewing.models import Attachment, Segment, SessionViewer, ViewingApplication, ViewingGrant, ViewingSession
from mingjian.viewing.workflow import Stage

# Who of a unit assists applicants (A15.1.2).
FORWARDERS = frozenset({Post.MANAGER, Post.OPERATOR})

Row = TypeVar("Row", ViewingApplication, ViewingSession)


def access_own_sessions(*, person: Person) -> QuerySet[ViewingSession]:
    """Return the sessions this person may play, newest first."""
    return ViewingSession.objects.filter(person=person).select_related("application").prefetch_related("cameras")


def access_own_session(*, person: Person, session_id: str) -> ViewingSession:
    """Return one's own session, or raise Http404: another's does not exist for this person."""
    return _one(access_own_sessions(person=person), session_id)


def access_own_turn(*, person: Person, wanted_id: str) -> ViewingGrant:
    """Return the standing or else last turn of one's own session or segment, by the id of either; or Http404."""
    try:
        wanted = uuid.UUID(wanted_id)
    except ValueError as error:
        raise Http404 from error
    own = ViewingGrant.objects.filter(session__person=person)
    found = own.filter(Q(segment=wanted) | Q(session=wanted, segment__isnull=True))
    by_standing = F("ended_at_90k").desc(nulls_first=True)
    turn = found.select_related("session__application", "segment__camera").order_by(by_standing).first()
    if turn is None:
        raise Http404
    return turn


def access_own_applications(*, person: Person) -> QuerySet[ViewingApplication]:
    """Return what this person applied for, newest first."""
    return _applications().filter(applicant=person)


def access_own_application(*, person: Person, application_id: str) -> ViewingApplication:
    """Return one's own application, or raise Http404."""
    return _one(access_own_applications(person=person), application_id)


def access_applications(*, acting: Acting) -> QuerySet[ViewingApplication]:
    """Return the applications that are this capacity's business, newest first.

    A unit's manager and operator: those that came through the unit. An operator: the approved ones and what
    became of them. Who decides, leads or supervises: all of the campuses reached. What is closed: the named alone.
    """
    found = _applications().filter(_open_to(acting.person), campus__in=acting.campuses)
    if acting.post is None or acting.post in APART:
        return found.none()
    if acting.tier == UNIT:
        if acting.post not in FORWARDERS:
            return found.none()
        return found.filter(unit=acting.body)
    # What a unit began is nobody's business before its applicant has sent it.
    found = found.exclude(stage=Stage.DRAFT).exclude(pledged_at_90k__isnull=True)
    if acting.post is Post.OPERATOR:
        return found.filter(stage__in=[Stage.APPROVED, Stage.IN_SESSION, Stage.COMPLETED])
    if acting.tier == SCHOOL or acting.post in DECIDERS:
        return found
    return found.none()


def access_application(*, acting: Acting, application_id: str) -> ViewingApplication:
    """Return one application within the capacity's business, or raise Http404."""
    return _one(access_applications(acting=acting), application_id)


def access_held(*, acting: Acting, now_90k: int) -> list[Held]:
    """Return what applications hold on the capacity's campuses, what is due first, then by when it will be."""
    holds = {hold.pk: hold for hold in registry.access_standing_holds(acting=acting)}
    found = _applications().filter(_open_to(acting.person), holds__in=holds).distinct()
    held = [held_of(application, holds=holds, now_90k=now_90k) for application in found]
    return sorted(held, key=lambda one: (not one.is_due, one.free_from_90k is None, one.free_from_90k or 0))


def count_due_holds(*, acting: Acting, now_90k: int) -> int:
    """Count what is due of `access_held`. Every page asks, for its top bar, so only what may be over is read."""
    standing = registry.access_standing_holds(acting=acting).filter(released_at_90k__isnull=True)
    found = ViewingApplication.objects.filter(
        _open_to(acting.person), stage__in=holding.MAY_BE_OVER, holds__in=standing
    )
    read = found.distinct().select_related("objection").prefetch_related("decisions", "hold_decisions")
    ends = [holding.free_from(application, now_90k=now_90k) for application in read]
    return sum(end is not None and now_90k >= end for end in ends)


def access_held_application(*, acting: Acting, application_id: str) -> ViewingApplication:
    """Return an application that still holds footage of the capacity's campuses, or raise Http404."""
    return _one(
        _applications()
        .filter(_open_to(acting.person), holds__in=registry.access_standing_holds(acting=acting))
        .distinct(),
        application_id,
    )


def held_of(application: ViewingApplication, *, holds: Mapping[uuid.UUID, Hold], now_90k: int) -> Held:
    """Return what an application holds among `holds`, with what remains to be done."""
    own = [holds[hold.pk] for hold in application.holds.all() if hold.pk in holds]
    return holding.held_of(application=application, holds=own, now_90k=now_90k)


def access_other_holds(*, acting: Acting) -> list[Hold]:
    """Return the standing holds of the capacity's campuses that no application placed."""
    placed = ViewingApplication.objects.exclude(holds=None).values("holds")
    return list(registry.access_standing_holds(acting=acting).exclude(pk__in=placed))


def access_own_attachment(*, person: Person, application_id: str, attachment_id: str) -> Attachment:
    """Return a file of one's own application, or raise Http404."""
    return _attachment(access_own_application(person=person, application_id=application_id), attachment_id)


def access_attachment(*, acting: Acting, application_id: str, attachment_id: str) -> Attachment:
    """Return a file of an application that this capacity decides on, or raise Http404: nobody else reads them."""
    if not reads_attachments(acting):
        raise Http404
    return _attachment(access_application(acting=acting, application_id=application_id), attachment_id)


def reads_attachments(acting: Acting) -> bool:
    """Say whether files of applicants are this capacity's business: deciders of a campus, nobody else."""
    return acting.tier == CAMPUS_BODY and acting.post in DECIDERS


def access_sessions(*, acting: Acting) -> QuerySet[ViewingSession]:
    """Return the supervised sessions of the campuses reached, newest first: for the register and the principal."""
    found = ViewingSession.objects.exclude(campus=None).filter(_open_to(acting.person), campus__in=acting.campuses)
    is_reader = acting.post is not None and acting.post not in APART and acting.tier in (SCHOOL, CAMPUS_BODY)
    if not is_reader:
        return found.none()
    return found.select_related(
        "person", "campus", "issued_by", "exception", "application__applicant"
    ).prefetch_related(
        "cameras", "viewers__application", "viewers__applicant", "clues__camera", "grants", "segments__camera"
    )


def access_session(*, acting: Acting, session_id: str) -> ViewingSession:
    """Return one supervised session of the campuses reached, or raise Http404."""
    return _one(access_sessions(acting=acting), session_id)


def viewers_present(session: ViewingSession) -> list[SessionViewer]:
    """Return who sits in the session now, by seat."""
    seats = SessionViewer.objects.filter(session=session, left_at_90k__isnull=True)
    return list(seats.select_related("application", "applicant").order_by("seat"))


def segments_marked(session: ViewingSession) -> list[Segment]:
    """Return what is marked for showing, in time."""
    marked = Segment.objects.filter(session=session, removed_at_90k__isnull=True)
    return list(marked.select_related("camera").order_by("start_90k", "camera__name"))


def applications_for_session(session: ViewingSession) -> list[ViewingApplication]:
    """Return whose applications open this room: the session's own that sit outside now, then others of its campus.

    The others are approved for all that the session may show.
    """
    seated = Q(seats__left_at_90k__isnull=True, seats__isnull=False)
    own = _applications().filter(Q(sessions=session) | Q(seats__session=session), stage=Stage.IN_SESSION)
    found = _applications().filter(
        campus_id=session.campus_id,
        stage=Stage.APPROVED,
        start_90k__lte=session.start_90k,
        end_90k__gte=session.end_90k,
    )
    shown = {camera.pk for camera in session.cameras.all()}
    others = [application for application in found if shown <= {camera.pk for camera in application.cameras.all()}]
    return [*own.exclude(pk__in=_applications().filter(seated).values("pk")).distinct(), *others]


def find_session(*, session_id: str) -> ViewingSession | None:
    """Return any session by id. For the shell."""
    try:
        return ViewingSession.objects.filter(pk=uuid.UUID(session_id)).first()
    except ValueError:
        return None


def _applications() -> QuerySet[ViewingApplication]:
    return ViewingApplication.objects.select_related(
        "applicant",
        "campus",
        "unit",
        "forwarded_by",
        "drafted_by",
        "objection__reviewer",
        "objection__on_behalf_of",
        "objection__refusal__decider",
        "objection__refusal__on_behalf_of",
    ).prefetch_related(
        "decisions__decider",
        "decisions__on_behalf_of",
        "cameras",
        "holds__camera",
        "hold_decisions__decider",
        "attachments",
    )


def _open_to(person: Person) -> Q:
    """What is not closed to all but the named, or is named to this person."""
    return Q(named_ids__isnull=True) | Q(named_ids__contains=[person.pk])


def _attachment(application: ViewingApplication, attachment_id: str) -> Attachment:
    try:
        wanted = uuid.UUID(attachment_id)
    except ValueError as error:
        raise Http404 from error
    found = application.attachments.filter(pk=wanted).first()
    if found is None:
        raise Http404
    return found


def _one(rows: QuerySet[Row], row_id: str) -> Row:
    try:
        wanted = uuid.UUID(row_id)
    except ValueError as error:
        raise Http404 from error
    row = rows.filter(pk=wanted).first()
    if row is None:
        raise Http404
    return row
