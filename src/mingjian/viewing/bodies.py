"""What the API says of applications and sessions, and what it takes."""

from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext_lazy as _

from mingjian.people.resources import TicksField
from mingjian.viewing import judging
from mingjian.viewing.forms import HappenedForm, WhoForm
from mingjian.viewing.models import ApplicationDecision, Objection, ViewingApplication, ViewingSession


@dataclass(frozen=True, slots=True)
class DecisionBody:
    """What was decided on one version of an application."""

    outcome: str
    version: int
    reason: str
    article: str
    decided_at_90k: int
    valid_until_90k: int | None


@dataclass(frozen=True, slots=True)
class ObjectionBody:
    """The objection to a refusal; `outcome` is empty until it is answered."""

    reason: str
    filed_at_90k: int
    outcome: str
    answer: str
    article: str
    answered_at_90k: int | None


@dataclass(frozen=True, slots=True)
class ApplicationBody:
    """An application as its applicant sees it. Cameras are not named."""

    id: str
    ticket: str
    stage: str
    version: int
    incident_kind: str
    reason: str
    campus: str
    building: str
    start_90k: int
    end_90k: int
    unit: str
    submitted_at_90k: int
    decisions: tuple[DecisionBody, ...]
    objection: ObjectionBody | None


@dataclass(frozen=True, slots=True)
class CheckBody:
    """One rule that a decision weighs: "pass", "missing" or "refused"."""

    code: str
    finding: str
    article: str
    text_zh: str
    text_en: str


@dataclass(frozen=True, slots=True)
class DossierBody:
    """An application as the desk sees it, with what the rules say of deciding in this capacity."""

    application: ApplicationBody
    applicant: str
    phone: str
    cameras: tuple[str, ...]
    checks: tuple[CheckBody, ...]


@dataclass(frozen=True, slots=True)
class SeatBody:
    """Somebody who was let in."""

    ticket: str
    name: str
    seat: int
    id_kind: str
    admitted_at_90k: int
    left_at_90k: int | None


@dataclass(frozen=True, slots=True)
class ShownBody:
    """A span of one camera that really left the server."""

    camera: str
    start_90k: int
    end_90k: int


@dataclass(frozen=True, slots=True)
class SessionBody:
    """A supervised session: what was approved, who sat in it, and what was really shown.

    `is_shown_complete` false: older receipts were not read, and more may have been shown.
    """

    id: str
    campus: str
    status: str
    phase: str
    ticket: str
    operator: str
    start_90k: int
    end_90k: int
    issued_at_90k: int
    valid_until_90k: int
    closed_at_90k: int | None
    result: str
    cameras: tuple[str, ...]
    seats: tuple[SeatBody, ...]
    shown: tuple[ShownBody, ...]
    is_shown_complete: bool


class ApplicationForm(HappenedForm, WhoForm):
    """What an applicant says, at once. Both promises have to be made."""

    campus = forms.CharField(label=_("校区"), max_length=32)
    building = forms.CharField(label=_("楼宇"), max_length=64)
    start_90k = TicksField(label=_("从"))
    end_90k = TicksField(label=_("到"))
    is_true = forms.BooleanField()
    is_pledged = forms.BooleanField()


def application(row: ViewingApplication, *, now_90k: int) -> ApplicationBody:
    """Return what the applicant sees."""
    objection = judging.objection_of(row)
    return ApplicationBody(
        id=str(row.pk),
        ticket=row.ticket,
        stage=row.stage_at(now_90k=now_90k).value,
        version=row.version,
        incident_kind=row.incident_kind,
        reason=row.reason,
        campus=row.campus_id,
        building=row.building,
        start_90k=row.start_90k,
        end_90k=row.end_90k,
        unit=row.unit_id or "",
        submitted_at_90k=row.submitted_at_90k,
        decisions=tuple(_decision(each) for each in row.decisions.all()),
        objection=None if objection is None else _objection(objection),
    )


def session(row: ViewingSession, *, shown: tuple[ShownBody, ...], is_complete: bool, now_90k: int) -> SessionBody:
    """Return a session with what was shown in it."""
    return SessionBody(
        id=str(row.pk),
        campus=row.campus_id or "",
        status=row.status_at(now_90k=now_90k).value,
        phase=row.phase,
        ticket="" if row.application is None else row.application.ticket,
        operator=row.person.display_name,
        start_90k=row.start_90k,
        end_90k=row.end_90k,
        issued_at_90k=row.issued_at_90k,
        valid_until_90k=row.valid_until_90k,
        closed_at_90k=row.closed_at_90k,
        result=row.result,
        cameras=tuple(str(camera.pk) for camera in row.cameras.all()),
        seats=tuple(
            SeatBody(
                ticket=seat.application.ticket,
                name=seat.applicant.display_name,
                seat=seat.seat,
                id_kind=seat.id_kind,
                admitted_at_90k=seat.admitted_at_90k,
                left_at_90k=seat.left_at_90k,
            )
            for seat in row.viewers.all()
        ),
        shown=shown,
        is_shown_complete=is_complete,
    )


def _objection(row: Objection) -> ObjectionBody:
    return ObjectionBody(
        reason=row.reason,
        filed_at_90k=row.filed_at_90k,
        outcome=row.outcome,
        answer=row.answer,
        article=row.article,
        answered_at_90k=row.answered_at_90k,
    )


def _decision(row: ApplicationDecision) -> DecisionBody:
    return DecisionBody(
        outcome=row.outcome,
        version=row.version,
        reason=row.reason,
        article=row.article,
        decided_at_90k=row.decided_at_90k,
        valid_until_90k=row.valid_until_90k,
    )
