"""Standing back from an application (回避), and asking that another body decide on what is against the body itself."""

from django.db import IntegrityError, transaction

from mingjian.base.clock import Clock
from mingjian.people import acts
from mingjian.people.capacity import Acting
from mingjian.people.models import Person
from mingjian.regulation.decision import Decision
from mingjian.regulation.rules.conflicts import Tie
from mingjian.viewing import judging
from mingjian.viewing.models import Concern, ViewingApplication
from mingjian.viewing.usecases import refusals
from mingjian.viewing.usecases.errors import ViewingError
from mingjian.viewing.usecases.sending import LONGEST_REASON, worded


def recuse(*, application: ViewingApplication, tie: Tie, reason: str, acting: Acting, clock: Clock) -> Concern:
    """Stand back for good from deciding on this application. Raises RuleRefused, which is recorded, ViewingError."""
    decision = judging.may_recuse(acting=acting, application=application)
    return _declare(
        application, tie=tie, person=acting.person, decision=decision, reason=reason, acting=acting, clock=clock
    )


def ask_elsewhere(*, application: ViewingApplication, reason: str, acting: Acting, clock: Clock) -> Concern:
    """Ask, as the applicant, that nobody of the body decide, because the matter is against it.

    Raises RuleRefused, which is recorded, and ViewingError.
    """
    decision = judging.may_ask_elsewhere(acting=acting, application=application)
    return _declare(
        application, tie=Tie.OF_THE_BODY, person=None, decision=decision, reason=reason, acting=acting, clock=clock
    )


def _declare(
    application: ViewingApplication,
    *,
    tie: Tie,
    person: Person | None,
    decision: Decision,
    reason: str,
    acting: Acting,
    clock: Clock,
) -> Concern:
    actor = acts.of(acting)
    with refusals.recorded(actor=actor, about=application, clock=clock), transaction.atomic(durable=True):
        grounds = refusals.require(decision)
        now_90k = clock.utc()
        concern = Concern(
            application=application,
            tie=tie.value,
            person=person,
            reason=worded(reason, most=LONGEST_REASON),
            declared_by=acting.person,
            declared_at_90k=now_90k,
        )
        try:
            with transaction.atomic():
                concern.save(force_insert=True)
        except IntegrityError as error:
            raise ViewingError("viewing.recused_already", ticket=application.ticket) from error
        acts.record(
            kind="viewing.recused" if person is not None else "viewing.elsewhere_asked",
            actor=actor,
            subject=refusals.subject_of(application),
            facts={
                "person": str(application.applicant_id),
                "campus": application.campus_id,
                "ticket": application.ticket,
                "tie": tie.value,
            },
            texts={"reason": concern.reason},
            at_90k=now_90k,
            articles=grounds,
        )
    return concern
