"""The decision on an application: by another person, of the body of that campus, on what that person has read."""

from django.db import IntegrityError, transaction

from mingjian.base.clock import Clock
from mingjian.people import acts, policy
from mingjian.people.capacity import Acting
from mingjian.regulation.rules.holding import DAY_90K
from mingjian.viewing import judging
from mingjian.viewing.holding import held_until_after
from mingjian.viewing.models import ApplicationDecision, ViewingApplication
from mingjian.viewing.usecases import refusals
from mingjian.viewing.usecases.errors import ViewingError
from mingjian.viewing.usecases.sending import LONGEST_REASON, worded
from mingjian.viewing.usecases.stepping import locked, take_step
from mingjian.viewing.words import Outcome
from mingjian.viewing.workflow import Stage, Step

_STEPS = {Outcome.APPROVED: Step.APPROVE, Outcome.REFUSED: Step.REFUSE, Outcome.RETURNED: Step.RETURN}


def decide(
    *,
    application: ViewingApplication,
    version: int,
    outcome: Outcome,
    reason: str,
    article: str,
    validity_days: int | None,
    acting: Acting,
    clock: Clock,
) -> ApplicationDecision:
    """Approve, refuse or return an application.

    `reason` is wanted for all but an approval, `article` for a refusal, `validity_days` (None: usual) for an approval.
    Raises RuleRefused, which is recorded, and ViewingError("viewing.stale", "viewing.already_decided", …).
    """
    actor = acts.of(acting)
    with (
        refusals.recorded(actor=actor, about=application, clock=clock),
        transaction.atomic(durable=True),
    ):
        row = locked(application, version=version)
        weigh = judging.may_return if outcome is Outcome.RETURNED else judging.may_decide
        grounds = refusals.require(weigh(acting=acting, application=row, now_90k=clock.utc()))
        if outcome is Outcome.APPROVED:
            refusals.require(judging.is_complete(row))
        said = worded(reason, most=LONGEST_REASON) if outcome is not Outcome.APPROVED or reason.strip() else ""
        if outcome is Outcome.REFUSED and not article:
            raise ViewingError("viewing.article_missing")
        now_90k = clock.utc()
        book = policy.in_force(at_90k=now_90k)
        wanted = book.value("approval_usual") if validity_days is None else validity_days
        days = min(max(wanted, 1), book.value("approval_longest"))
        objection = judging.objection_of(row)
        decision = ApplicationDecision(
            application=row,
            applicant_id=row.applicant_id,
            version=row.version,
            outcome=outcome.value,
            decider=acting.person,
            on_behalf_of=acting.on_behalf_of,
            capacity=actor.capacity,
            reason=said,
            article=article if outcome is Outcome.REFUSED else "",
            decided_at_90k=now_90k,
            policy_version=book.version,
            objection=objection,
            barred_decider_id=None if objection is None else objection.first_decider_id,
            valid_until_90k=now_90k + days * DAY_90K if outcome is Outcome.APPROVED else None,
        )
        take_step(row, _STEPS[outcome])
        try:
            with transaction.atomic():
                decision.save(force_insert=True)
        except IntegrityError as error:
            raise ViewingError("viewing.already_decided", ticket=row.ticket) from error
        row.ended_at_90k = now_90k if outcome is Outcome.REFUSED else None
        if outcome is Outcome.REFUSED:
            # Against a refusal anew nothing more can be said, so nobody has to wait for it.
            last = Stage.REFUSED if objection is None else Stage.UPHELD
            row.held_until_90k = held_until_after(last, book=book, now_90k=now_90k)
        row.save(update_fields=["stage", "version", "ended_at_90k", "held_until_90k"])
        acts.record(
            kind=f"viewing.application_{outcome.value}",
            actor=actor,
            subject=refusals.subject_of(row),
            facts={
                "person": str(row.applicant_id),
                "campus": row.campus_id,
                "ticket": row.ticket,
                "valid_until_90k": decision.valid_until_90k,
                "version": decision.version,
                "policy_version": decision.policy_version,
            },
            texts={"reason": decision.reason},
            at_90k=now_90k,
            articles=(article,) if outcome is Outcome.REFUSED else grounds,
        )
    return decision
