"""Dealing with a complaint: taking it up or not, answering, handing it to inspection, naming who alone may see it."""

from collections.abc import Collection

from django.db import transaction

from mingjian.base.clock import Clock
from mingjian.oversight import judging, queries
from mingjian.oversight.matter_words import Finding
from mingjian.oversight.models import Complaint, ComplaintAct
from mingjian.oversight.usecases.complaining import commitment_of
from mingjian.oversight.usecases.errors import OversightError
from mingjian.oversight.usecases.stepping import locked, recorded, require, said
from mingjian.oversight.workflow import ComplaintStage, ComplaintStep, IllegalStep, complaint_after
from mingjian.people import acts, policy, scope
from mingjian.people.capacity import Acting

_KINDS = {
    ComplaintStep.ACCEPT: "oversight.complaint_accepted",
    ComplaintStep.DECLINE: "oversight.complaint_declined",
    ComplaintStep.ANSWER: "oversight.complaint_answered",
    ComplaintStep.HAND_OVER: "oversight.complaint_handed_over",
    ComplaintStep.RESTRICT: "oversight.complaint_restricted",
}


def accept_complaint(*, complaint: Complaint, version: int, acting: Acting, clock: Clock) -> None:
    """Take a complaint up. Raises RuleRefused, which is recorded, and OversightError."""
    _take(complaint, version, ComplaintStep.ACCEPT, text="", acting=acting, clock=clock)


def decline(*, complaint: Complaint, version: int, reason: str, acting: Acting, clock: Clock) -> None:
    """Decline a complaint, with the reason that its complainant reads."""
    _take(complaint, version, ComplaintStep.DECLINE, text=said(reason), acting=acting, clock=clock)


def answer_complaint(
    *, complaint: Complaint, version: int, finding: Finding, text: str, acting: Acting, clock: Clock
) -> None:
    """Answer a complaint: what was found, and what was ordered to be corrected or why it does not hold."""
    _take(complaint, version, ComplaintStep.ANSWER, text=said(text), acting=acting, clock=clock, finding=finding)


def restrict(*, complaint: Complaint, version: int, named_ids: Collection[str], acting: Acting, clock: Clock) -> None:
    """Name who alone deals with the complaint, besides who does so now.

    Raises OversightError("oversight.nobody_named").
    """
    known = {str(person.pk): person.pk for person in queries.handlers_of(complaint, now_90k=clock.utc())}
    if not named_ids or not known.keys() >= set(named_ids):
        raise OversightError("oversight.nobody_named", ticket=complaint.ticket)
    chosen = sorted({acting.person.pk, *(known[one] for one in named_ids)})
    with recorded(acting=acting, subject=f"complaint:{complaint.pk}", clock=clock), transaction.atomic(durable=True):
        row, grounds = _begun(complaint, version, ComplaintStep.RESTRICT, acting)
        row.named_ids = chosen
        row.save(update_fields=["named_ids", "stage", "version"])
        _written(row, ComplaintStep.RESTRICT, text="", acting=acting, grounds=grounds, at_90k=clock.utc())


def hand_over(*, complaint: Complaint, version: int, reason: str, acting: Acting, clock: Clock) -> None:
    """Hand a complaint of tier 1 to discipline inspection, because it turns out to concern the office itself.

    Raises OversightError("oversight.already_with_inspection", "oversight.no_inspection").
    """
    text = said(reason)
    if complaint.concerns_first_office:
        raise OversightError("oversight.already_with_inspection", ticket=complaint.ticket)
    inspection = queries.inspection()
    if inspection is None:
        raise OversightError("oversight.no_inspection")
    with recorded(acting=acting, subject=f"complaint:{complaint.pk}", clock=clock), transaction.atomic(durable=True):
        row, grounds = _begun(complaint, version, ComplaintStep.HAND_OVER, acting)
        now_90k = clock.utc()
        row.handler, row.handler_tier, row.concerns_first_office = inspection, inspection.tier, True
        row.named_ids = None
        row.due_at_90k = now_90k + policy.in_force(at_90k=now_90k).ticks("complaint_answer")
        # Whoever hands it over sees it no more.
        with scope.machine():
            row.save()
            _written(row, ComplaintStep.HAND_OVER, text=text, acting=acting, grounds=grounds, at_90k=now_90k)


def _take(
    complaint: Complaint,
    version: int,
    step: ComplaintStep,
    *,
    text: str,
    acting: Acting,
    clock: Clock,
    finding: Finding | None = None,
) -> None:
    with recorded(acting=acting, subject=f"complaint:{complaint.pk}", clock=clock), transaction.atomic(durable=True):
        row, grounds = _begun(complaint, version, step, acting)
        now_90k = clock.utc()
        row.finding = "" if finding is None else finding.value
        row.ended_at_90k = None if step is ComplaintStep.ACCEPT else now_90k
        row.save(update_fields=["stage", "version", "finding", "ended_at_90k"])
        _written(row, step, text=text, acting=acting, grounds=grounds, at_90k=now_90k)


def _begun(
    complaint: Complaint, version: int, step: ComplaintStep, acting: Acting
) -> tuple[Complaint, tuple[str, ...]]:
    """Return the locked row one step further, and what the step rests on."""
    row = locked(complaint, version=version)
    grounds = require(judging.may_handle(acting=acting, complaint=row))
    try:
        row.stage = complaint_after(ComplaintStage(row.stage), step)
    except IllegalStep as error:
        raise OversightError("oversight.wrong_stage", ticket=row.ticket) from error
    return row, grounds


def _written(
    row: Complaint, step: ComplaintStep, *, text: str, acting: Acting, grounds: tuple[str, ...], at_90k: int
) -> None:
    ComplaintAct.objects.create(
        complaint=row, step=step, person=acting.person, capacity=acting.code, text=text, at_90k=at_90k
    )
    acts.record(
        kind=_KINDS[step],
        actor=acts.of(acting),
        subject=f"complaint:{row.pk}",
        facts={
            "ticket": row.ticket,
            "version": row.version,
            "finding": row.finding,
            "text": commitment_of(row, text),
        },
        at_90k=at_90k,
        articles=grounds,
    )
