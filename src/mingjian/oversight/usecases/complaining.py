"""Complaining, and taking a complaint back. The ledger keeps that it was done, not by whom: it commits to that."""

import os
from dataclasses import dataclass
from hashlib import sha256

from django.db import transaction

from mingjian.base.clock import Clock
from mingjian.oversight import judging, queries
from mingjian.oversight.models import Complaint, ComplaintAct
from mingjian.oversight.usecases.errors import OversightError
from mingjian.oversight.usecases.stepping import body_with, locked, number_of, recorded, require, said
from mingjian.oversight.workflow import OPEN_COMPLAINTS, ComplaintStage, ComplaintStep, IllegalStep, complaint_after
from mingjian.people import acts, policy
from mingjian.people.acts import Actor
from mingjian.people.capacity import Acting
from mingjian.people.models import Body, Person
from mingjian.people.queries import access_person_by_id
from mingjian.regulation.rules.complaining import Addressee, addressee_of

# Ours, not the regulation's: so many complaints of one person wait for an answer at a time.
MOST_OPEN = 20
# Who complains is not named in the ledger, which those may read who are complained about.
PROTECTED = Actor(person_id="", name="complainant", capacity="protected", via="web")
_SALT_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Grievance:
    """What somebody complains about: conduct (an id of a rule), a body, maybe a person by id, maybe a matter."""

    conduct: str
    body: str
    person_id: str
    subject: str
    text: str


def complain(*, grievance: Grievance, acting: Acting, clock: Clock) -> Complaint:
    """Make a complaint; it goes to tier 1, or to discipline inspection where that office is concerned.

    Raises RuleRefused, TextError, and OversightError("oversight.no_inspection") rather than let the office that is
    complained about deal with it.
    """
    about = _person(grievance.person_id)
    decision = judging.may_complain(acting=acting, about=about)
    # Refused before anything is written: an entry would tell who wanted to complain.
    grounds = require(decision)
    with transaction.atomic(durable=True):
        _require_room(acting.person)
        now_90k = clock.utc()
        body = body_with(grievance.body)
        is_concerned = body.is_first_office or (
            about is not None and judging.is_of_first_office(about, now_90k=now_90k)
        )
        handler = _handler(concerns_first_office=is_concerned)
        book = policy.in_force(at_90k=now_90k)
        year, number = number_of(Complaint, now_90k=now_90k)
        row = Complaint.objects.create(
            year=year,
            number=number,
            complainant=acting.person,
            conduct=grievance.conduct,
            about_body=body,
            about_person=about,
            subject=grievance.subject,
            text=said(grievance.text),
            handler=handler,
            handler_tier=handler.tier,
            concerns_first_office=is_concerned,
            stage=ComplaintStage.FILED,
            filed_at_90k=now_90k,
            due_at_90k=now_90k + book.ticks("complaint_answer"),
            policy_version=book.version,
            salt=os.urandom(_SALT_BYTES),
        )
        ComplaintAct.objects.create(
            complaint=row, step=ComplaintStep.FILE, person=acting.person, capacity=acting.code, at_90k=now_90k
        )
        acts.record(
            kind="oversight.complaint_filed",
            actor=PROTECTED,
            subject=f"complaint:{row.pk}",
            facts={
                "ticket": row.ticket,
                "complainant": commitment_of(row, str(acting.person.pk)),
                "text": commitment_of(row, row.text),
                "due_at_90k": row.due_at_90k,
                "policy_version": book.version,
            },
            at_90k=now_90k,
            articles=grounds,
        )
    return row


def withdraw(*, complaint: Complaint, version: int, acting: Acting, clock: Clock) -> None:
    """Take one's own complaint back. Raises OversightError("oversight.stale", "oversight.wrong_stage")."""
    with recorded(acting=acting, subject=f"complaint:{complaint.pk}", clock=clock), transaction.atomic(durable=True):
        row = locked(complaint, version=version)
        now_90k = clock.utc()
        try:
            row.stage = complaint_after(ComplaintStage(row.stage), ComplaintStep.WITHDRAW)
        except IllegalStep as error:
            raise OversightError("oversight.wrong_stage", ticket=row.ticket) from error
        row.ended_at_90k = now_90k
        row.save(update_fields=["stage", "version", "ended_at_90k"])
        ComplaintAct.objects.create(
            complaint=row, step=ComplaintStep.WITHDRAW, person=acting.person, capacity=acting.code, at_90k=now_90k
        )
        acts.record(
            kind="oversight.complaint_withdrawn",
            actor=PROTECTED,
            subject=f"complaint:{row.pk}",
            facts={"ticket": row.ticket, "version": row.version},
            at_90k=now_90k,
        )


def commitment_of(complaint: Complaint, told: str) -> str:
    """Return what a leaf holds in place of a name or a text of this complaint."""
    return sha256(b"\x02" + bytes(complaint.salt) + told.encode()).hexdigest()


def _handler(*, concerns_first_office: bool) -> Body:
    if addressee_of(concerns_first_office=concerns_first_office) is Addressee.TIER_1:
        return queries.first_office()
    found = queries.inspection()
    if found is None:
        raise OversightError("oversight.no_inspection")
    return found


def _person(person_id: str) -> Person | None:
    if not person_id:
        return None
    found = access_person_by_id(person_id=person_id)
    if found is None:
        raise OversightError("oversight.person_unknown")
    return found


def _require_room(complainant: Person) -> None:
    Person.objects.select_for_update(no_key=True).get(pk=complainant.pk)
    waiting = queries.access_own_complaints(person=complainant).filter(stage__in=OPEN_COMPLAINTS)
    if waiting.count() >= MOST_OPEN:
        raise OversightError("oversight.too_many_open", most=MOST_OPEN)
