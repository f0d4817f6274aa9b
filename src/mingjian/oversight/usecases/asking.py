"""The auditor's query: asked, answered by the body, settled, asked again, or handed to discipline inspection."""

from django.db import transaction

from mingjian.base.clock import Clock
from mingjian.oversight import judging, queries
from mingjian.oversight.matters import Matter
from mingjian.oversight.models import Inquiry, InquiryAct
from mingjian.oversight.usecases.errors import OversightError
from mingjian.oversight.usecases.stepping import body_with, locked, number_of, recorded, require, said
from mingjian.oversight.workflow import IllegalStep, InquiryStage, InquiryStep, inquiry_after
from mingjian.people import acts, policy
from mingjian.people.capacity import Acting
from mingjian.people.models import Body, Person
from mingjian.regulation.decision import Decision
from mingjian.regulation.rules import inquiring

_KINDS = {
    InquiryStep.ASK: "oversight.inquiry_asked",
    InquiryStep.ANSWER: "oversight.inquiry_answered",
    InquiryStep.ACCEPT: "oversight.inquiry_accepted",
    InquiryStep.ASK_AGAIN: "oversight.inquiry_asked_again",
    InquiryStep.HAND_OVER: "oversight.inquiry_handed_over",
}


def ask(*, matter: Matter, body: str, is_about_conduct: bool, question: str, acting: Acting, clock: Clock) -> Inquiry:
    """Put a query about a matter to a body; without one, to whom it goes by itself: who answers for the matter.

    Raises RuleRefused, which is recorded, TextError, and OversightError.
    """
    with recorded(acting=acting, subject=matter.subject, clock=clock), transaction.atomic(durable=True):
        now_90k = clock.utc()
        concerned = Person.objects.filter(pk=matter.concerned_id).first() if matter.concerned_id else None
        responsible = body_with(body or matter.body)
        is_of_office = responsible.is_first_office or (
            concerned is not None and judging.is_of_first_office(concerned, now_90k=now_90k)
        )
        addressee = responsible
        if not body and inquiring.goes_to_inspection(
            is_about_conduct=is_about_conduct, concerns_first_office=is_of_office
        ):
            addressee = _inspection()
        grounds = require(
            judging.may_ask(
                acting=acting,
                is_about_conduct=is_about_conduct,
                concerns_first_office=is_of_office,
                addressee=addressee,
            )
        )
        book = policy.in_force(at_90k=now_90k)
        year, number = number_of(Inquiry, now_90k=now_90k)
        row = Inquiry.objects.create(
            year=year,
            number=number,
            subject=matter.subject,
            label=matter.label,
            asker=acting.person,
            addressee=addressee,
            addressee_tier=addressee.tier,
            is_about_conduct=is_about_conduct,
            concerns_first_office=is_of_office,
            concerned=concerned,
            stage=InquiryStage.OPEN,
            filed_at_90k=now_90k,
            due_at_90k=now_90k + book.ticks("inquiry_answer"),
            policy_version=book.version,
        )
        _written(row, InquiryStep.ASK, text=said(question), acting=acting, grounds=grounds, at_90k=now_90k)
    return row


def answer(*, inquiry: Inquiry, version: int, text: str, acting: Acting, clock: Clock) -> None:
    """Answer for the body that was asked."""
    decision = judging.may_answer(acting=acting, inquiry=inquiry)
    _take(inquiry, version, InquiryStep.ANSWER, text=said(text), decision=decision, acting=acting, clock=clock)


def accept(*, inquiry: Inquiry, version: int, acting: Acting, clock: Clock) -> None:
    """Settle a query: the answer is enough."""
    decision = _may_settle(inquiry, acting)
    _take(inquiry, version, InquiryStep.ACCEPT, text="", decision=decision, acting=acting, clock=clock)


def ask_again(*, inquiry: Inquiry, version: int, text: str, acting: Acting, clock: Clock) -> None:
    """Ask again, with a new time to answer."""
    decision = _may_settle(inquiry, acting)
    _take(inquiry, version, InquiryStep.ASK_AGAIN, text=said(text), decision=decision, acting=acting, clock=clock)


def hand_inquiry_over(*, inquiry: Inquiry, version: int, text: str, acting: Acting, clock: Clock) -> None:
    """Hand a query to discipline inspection, which answers from then on; the body that was asked sees it no more.

    Raises OversightError("oversight.already_with_inspection", "oversight.no_inspection").
    """
    inspection = _inspection()
    if inquiry.addressee_id == inspection.pk:
        raise OversightError("oversight.already_with_inspection", ticket=inquiry.ticket)
    decision = judging.may_ask(
        acting=acting,
        is_about_conduct=inquiry.is_about_conduct,
        concerns_first_office=inquiry.concerns_first_office,
        addressee=inspection,
    )
    _take(
        inquiry,
        version,
        InquiryStep.HAND_OVER,
        text=said(text),
        decision=decision,
        acting=acting,
        clock=clock,
        addressee=inspection,
    )


def _may_settle(inquiry: Inquiry, acting: Acting) -> Decision:
    return judging.may_ask(
        acting=acting,
        is_about_conduct=inquiry.is_about_conduct,
        concerns_first_office=inquiry.concerns_first_office,
        addressee=inquiry.addressee,
    )


def _take(
    inquiry: Inquiry,
    version: int,
    step: InquiryStep,
    *,
    text: str,
    decision: Decision,
    acting: Acting,
    clock: Clock,
    addressee: Body | None = None,
) -> None:
    with recorded(acting=acting, subject=f"inquiry:{inquiry.pk}", clock=clock), transaction.atomic(durable=True):
        row = locked(inquiry, version=version)
        grounds = require(decision)
        now_90k = clock.utc()
        try:
            row.stage = inquiry_after(InquiryStage(row.stage), step)
        except IllegalStep as error:
            raise OversightError("oversight.wrong_stage", ticket=row.ticket) from error
        if addressee is not None:
            row.addressee, row.addressee_tier = addressee, addressee.tier
        if step in {InquiryStep.ASK_AGAIN, InquiryStep.HAND_OVER}:
            row.due_at_90k = now_90k + policy.in_force(at_90k=now_90k).ticks("inquiry_answer")
        row.ended_at_90k = now_90k if row.stage == InquiryStage.SETTLED else None
        row.save()
        _written(row, step, text=text, acting=acting, grounds=grounds, at_90k=now_90k)


def _inspection() -> Body:
    found = queries.inspection()
    if found is None:
        raise OversightError("oversight.no_inspection")
    return found


def _written(
    row: Inquiry, step: InquiryStep, *, text: str, acting: Acting, grounds: tuple[str, ...], at_90k: int
) -> None:
    InquiryAct.objects.create(
        inquiry=row, step=step, person=acting.person, capacity=acting.code, text=text, at_90k=at_90k
    )
    acts.record(
        kind=_KINDS[step],
        actor=acts.of(acting),
        subject=f"inquiry:{row.pk}",
        facts={
            "ticket": row.ticket,
            "about": row.subject,
            "body": row.addressee_id,
            "version": row.version,
            "due_at_90k": row.due_at_90k,
        },
        texts={"text": text} if text else None,
        at_90k=at_90k,
        articles=grounds,
    )
