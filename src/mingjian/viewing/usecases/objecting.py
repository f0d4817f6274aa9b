"""An applicant's objection to a refusal (申请复核), and the answer of somebody other than the one who refused."""

from django.db import IntegrityError, transaction

from mingjian.base.clock import Clock
from mingjian.people import acts, policy
from mingjian.people.capacity import Acting
from mingjian.viewing import judging
from mingjian.viewing.holding import held_until_after
from mingjian.viewing.models import Objection, ViewingApplication
from mingjian.viewing.usecases import refusals
from mingjian.viewing.usecases.errors import ViewingError
from mingjian.viewing.usecases.sending import LONGEST_REASON, worded
from mingjian.viewing.usecases.stepping import locked, take_step
from mingjian.viewing.words import ReviewOutcome
from mingjian.viewing.workflow import Stage, Step

_STEPS = {ReviewOutcome.UPHELD: Step.UPHOLD, ReviewOutcome.REOPENED: Step.REOPEN}


def object_to_refusal(
    *, application: ViewingApplication, version: int, reason: str, acting: Acting, clock: Clock
) -> Objection:
    """Object to the refusal of one's application; its footage stays locked until the objection is answered.

    Raises RuleRefused, which is recorded, and ViewingError("viewing.stale", "viewing.wrong_stage").
    """
    actor = acts.of(acting)
    with refusals.recorded(actor=actor, about=application, clock=clock), transaction.atomic(durable=True):
        row = locked(application, version=version)
        refusal = row.final_decision
        take_step(row, Step.OBJECT)
        if refusal is None:
            raise AssertionError("a refused application has its refusal")
        now_90k = clock.utc()
        grounds = refusals.require(judging.may_object(acting=acting, application=row, now_90k=now_90k))
        book = policy.in_force(at_90k=now_90k)
        objection = Objection.objects.create(
            application=row,
            refusal=refusal,
            applicant_id=row.applicant_id,
            first_decider_id=refusal.decider_id,
            reason=worded(reason, most=LONGEST_REASON),
            filed_at_90k=now_90k,
            policy_version=book.version,
        )
        row.ended_at_90k = None
        row.held_until_90k = max(row.held_until_90k, now_90k + book.ticks("application_hold"))
        row.save(update_fields=["stage", "version", "ended_at_90k", "held_until_90k"])
        acts.record(
            kind="viewing.objection_filed",
            actor=actor,
            subject=refusals.subject_of(row),
            facts={
                "person": str(row.applicant_id),
                "campus": row.campus_id,
                "ticket": row.ticket,
                "version": row.version,
                "policy_version": objection.policy_version,
            },
            texts={"reason": objection.reason},
            at_90k=now_90k,
            articles=grounds,
        )
    return objection


def review(
    *,
    application: ViewingApplication,
    version: int,
    outcome: ReviewOutcome,
    reason: str,
    article: str,
    acting: Acting,
    clock: Clock,
) -> Objection:
    """Answer an objection: the refusal stands for good, on `article`, or the application is decided anew by another.

    Raises RuleRefused, which is recorded, and ViewingError("viewing.stale", "viewing.article_missing", …).
    """
    actor = acts.of(acting)
    is_upheld = outcome is ReviewOutcome.UPHELD
    with refusals.recorded(actor=actor, about=application, clock=clock), transaction.atomic(durable=True):
        row = locked(application, version=version)
        now_90k = clock.utc()
        grounds = refusals.require(judging.may_review(acting=acting, application=row, now_90k=now_90k))
        take_step(row, _STEPS[outcome])
        if is_upheld and not article:
            raise ViewingError("viewing.article_missing")
        objection: Objection = row.objection
        objection.outcome = outcome.value
        objection.reviewer, objection.capacity = acting.person, actor.capacity
        objection.on_behalf_of = acting.on_behalf_of
        objection.answer = worded(reason, most=LONGEST_REASON)
        objection.article = article if is_upheld else ""
        objection.answered_at_90k = now_90k
        try:
            with transaction.atomic():
                objection.save(
                    update_fields=[
                        "outcome",
                        "reviewer",
                        "on_behalf_of",
                        "capacity",
                        "answer",
                        "article",
                        "answered_at_90k",
                    ]
                )
        except IntegrityError as error:
            raise ViewingError("viewing.already_decided", ticket=row.ticket) from error
        if is_upheld:
            book = policy.in_force(at_90k=now_90k)
            row.ended_at_90k = now_90k
            row.held_until_90k = held_until_after(Stage.UPHELD, book=book, now_90k=now_90k)
        row.save(update_fields=["stage", "version", "ended_at_90k", "held_until_90k"])
        acts.record(
            kind=f"viewing.objection_{outcome.value}",
            actor=actor,
            subject=refusals.subject_of(row),
            facts={
                "person": str(row.applicant_id),
                "campus": row.campus_id,
                "ticket": row.ticket,
                "version": row.version,
            },
            texts={"reason": objection.answer},
            at_90k=now_90k,
            articles=(article,) if is_upheld else grounds,
        )
    return objection
