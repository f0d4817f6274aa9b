"""From rows and capacities to the facts the rules ask for, and back to what a page shows: pass, missing or refused."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from mingjian.base.ticks import Ticks90k
from mingjian.people import policy, scope
from mingjian.people.capacity import Acting
from mingjian.people.models import Person
from mingjian.registry.models import Hold
from mingjian.regulation import articles
from mingjian.regulation.articles import Source
from mingjian.regulation.decision import Decision, Reason
from mingjian.regulation.posts import Capacity, Tier
from mingjian.regulation.rules import applying, conflicts, deciding, objecting, restricting
from mingjian.regulation.rules import holding as hold_rules
from mingjian.viewing import holding, ties
from mingjian.viewing.models import Objection, ViewingApplication
from mingjian.viewing.workflow import Stage


class Finding(StrEnum):
    """What a rule says to a request: it holds, something is missing that can be completed, or it forbids."""

    HOLDS = "pass"
    MISSING = "missing"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Check:
    """One rule with its finding and the sentence that says it."""

    finding: Finding
    reason: Reason


def checks_of(*, acting: Acting, application: ViewingApplication, now_90k: int) -> list[Check]:
    """Return every rule that a decision on the application weighs, for this capacity, in reading order."""
    if application.stage == Stage.OBJECTED:
        answering = may_review(acting=acting, application=application, now_90k=now_90k)
        asked = [(answering, Finding.REFUSED)]
    else:
        asked = [
            (is_complete(application), Finding.MISSING),
            *(
                []
                if is_routed_to(acting=acting, application=application, now_90k=now_90k)
                else [(may_accept(acting=acting, application=application), Finding.REFUSED)]
            ),
            (may_decide(acting=acting, application=application, now_90k=now_90k), Finding.REFUSED),
        ]
    found: dict[str, Check] = {}
    for decision, otherwise in asked:
        for reason in decision.reasons:
            found.setdefault(reason.code, Check(Finding.HOLDS if decision.allowed else otherwise, reason))
    if application.stage == Stage.AT_UNIT:
        found[STILL_AT_UNIT.code] = Check(Finding.MISSING, STILL_AT_UNIT)
    return list(found.values())


def may_apply(*, acting: Acting, campus: str = "") -> Decision:
    """Decide whether somebody applies in this capacity at all (A15.1.1a), and for its work on this campus (A07.2.0)."""
    return applying.may_apply(capacity_of(acting), campus=campus)


def may_draft(*, acting: Acting, applicant: Person) -> Decision:
    """Decide whether a unit may begin an application for somebody (A15.1.2b)."""
    return applying.may_forward(
        applying.ForwardingFacts(capacity=capacity_of(acting), is_applicant_named=applicant.pk != acting.person.pk)
    )


def is_complete(application: ViewingApplication) -> Decision:
    """Decide whether what was sent is complete (A15.1.1a). Who signed in is a member of the university."""
    return applying.may_submit(
        applying.ApplicationFacts(
            is_internal=True,
            reason=application.reason,
            place=application.building,
            start_90k=Ticks90k(application.start_90k),
            end_90k=Ticks90k(application.end_90k),
            now_90k=Ticks90k(application.submitted_at_90k),
        )
    )


def may_accept(*, acting: Acting, application: ViewingApplication) -> Decision:
    """Decide whether the body acted for takes the application up (A15.1.2a, A07.2.0)."""
    return applying.may_accept(applying.AcceptanceFacts(capacity=capacity_of(acting), campus=application.campus_id))


def may_decide(*, acting: Acting, application: ViewingApplication, now_90k: int) -> Decision:
    """Decide whether this capacity may decide on the application at all (A07.2.3, A14.c, A15.1.2a)."""
    return deciding.may_decide(_deciding_facts(acting, application, campuses_of(application), now_90k=now_90k))


def may_return(*, acting: Acting, application: ViewingApplication, now_90k: int) -> Decision:
    """Decide whether this capacity may hand the application back: who decides may. When its cameras have come under
    another campus since, the body that it was sent to may still do so, because nobody else could end it.
    """
    handed_to = frozenset({application.campus_id})
    return deciding.may_decide(_deciding_facts(acting, application, handed_to, now_90k=now_90k))


def may_revoke(*, acting: Acting, application: ViewingApplication, now_90k: int) -> Decision:
    """Decide whether this capacity may take back what was approved: who decides may, whoever refused before (A14.c)."""
    facts = _deciding_facts(acting, application, campuses_of(application), now_90k=now_90k)
    return deciding.may_decide(replace(facts, barred_ids=frozenset()))


def may_object(*, acting: Acting, application: ViewingApplication, now_90k: int) -> Decision:
    """Decide whether this person may object to the refusal of the application (A14.c)."""
    refusal = application.final_decision
    refused_at_90k = now_90k if refusal is None else refusal.decided_at_90k
    return objecting.may_object(
        objecting.ObjectionFacts(
            capacity=capacity_of(acting),
            person_id=str(acting.person.pk),
            applicant_id=str(application.applicant_id),
            refused_at_90k=Ticks90k(refused_at_90k),
            # What came into force since changes nothing about what the applicant was told.
            period_days=policy.in_force(at_90k=refused_at_90k).value("objection_period"),
            has_objected=objection_of(application) is not None,
            now_90k=Ticks90k(now_90k),
        )
    )


def may_review(*, acting: Acting, application: ViewingApplication, now_90k: int) -> Decision:
    """Decide whether this capacity may answer the objection: not who refused; tier 1 when the body has nobody else."""
    concerned = _concerned(application) | _barred(application)
    others = ties.untied_deciders(application=application, concerned=concerned, now_90k=now_90k)
    return objecting.may_review(
        objecting.ReviewFacts(
            deciding=_deciding_facts(acting, application, campuses_of(application), now_90k=now_90k),
            has_another=bool(others),
        )
    )


def may_restrict(*, acting: Acting, application: ViewingApplication) -> Decision:
    """Decide whether this capacity says who alone may know of the application."""
    return restricting.may_restrict(
        restricting.RestrictingFacts(
            capacity=capacity_of(acting),
            person_id=str(acting.person.pk),
            applicant_id=str(application.applicant_id),
            campus=application.campus_id,
        )
    )


def objection_of(application: ViewingApplication) -> Objection | None:
    """Return the objection to the application's refusal, if there was one."""
    return getattr(application, "objection", None)


def campuses_of(application: ViewingApplication) -> frozenset[str]:
    """Return the campuses on which the cameras stand now; a camera may have come under another since it was asked."""
    # One that did is no longer seen from here, and counts all the same.
    with scope.machine():
        return frozenset(application.cameras.order_by().values_list("campus_id", flat=True))


def may_recuse(*, acting: Acting, application: ViewingApplication) -> Decision:
    """Decide whether this person may stand back from the application (A14.c)."""
    return conflicts.may_recuse(capacity_of(acting), is_open=ties.is_open(application))


def may_ask_elsewhere(*, acting: Acting, application: ViewingApplication) -> Decision:
    """Decide whether the applicant may have it decided outside the body it is against (A14.c)."""
    return conflicts.may_ask_elsewhere(
        conflicts.ElsewhereFacts(
            person_id=str(acting.person.pk),
            applicant_id=str(application.applicant_id),
            is_open=ties.is_open(application),
        )
    )


def is_routed_to(*, acting: Acting, application: ViewingApplication, now_90k: int) -> bool:
    """Say whether the application stands with tier 1 because its body has nobody free to decide, and this is tier 1."""
    return acting.tier == Tier.FIRST and _deciding_facts(acting, application, frozenset(), now_90k=now_90k).is_routed


def may_forward(*, acting: Acting, application: ViewingApplication) -> Decision:
    """Decide whether a unit may hand the application on (A15.1.2b)."""
    return applying.may_forward(
        applying.ForwardingFacts(
            capacity=capacity_of(acting), is_applicant_named=application.applicant_id != acting.person.pk
        )
    )


def may_keep(*, acting: Acting, application: ViewingApplication, holds: Iterable[Hold], now_90k: int) -> Decision:
    """Decide whether this capacity may keep the application's footage locked."""
    return hold_rules.may_keep(_hold_facts(acting, application, holds, now_90k=now_90k))


def may_release(*, acting: Acting, application: ViewingApplication, holds: Iterable[Hold], now_90k: int) -> Decision:
    """Decide whether this capacity may let the application's footage go at this instant."""
    return hold_rules.may_release(_hold_facts(acting, application, holds, now_90k=now_90k))


def capacity_of(acting: Acting) -> Capacity:
    """Return the capacity as the rules take it: campuses are a tier-2 body's alone."""
    tier = None if acting.tier is None else Tier(acting.tier)
    campuses = frozenset(acting.campuses) if tier is Tier.SECOND else frozenset()
    return Capacity(tier=tier, campuses=campuses, posts=acting.posts)


def _deciding_facts(
    acting: Acting, application: ViewingApplication, campuses: frozenset[str], *, now_90k: int
) -> deciding.DecidingFacts:
    return deciding.DecidingFacts(
        capacity=capacity_of(acting),
        decider_id=str(acting.person.pk),
        on_behalf_of_id=acting.behalf_id,
        ties=ties.ties_of(acting=acting, application=application, now_90k=now_90k),
        # Who refused before an objection is no tie: another is appointed, and tier 1 has already answered.
        is_routed=ties.is_routed(application=application, concerned=_concerned(application), now_90k=now_90k),
        applicant_ids=frozenset(str(person_id) for person_id in _concerned(application)),
        camera_campuses=campuses,
        barred_ids=frozenset(str(person_id) for person_id in _barred(application)),
    )


def _concerned(application: ViewingApplication) -> set[uuid.UUID]:
    found = {application.applicant_id, application.drafted_by_id}
    return {person_id for person_id in found if person_id is not None}


def _barred(application: ViewingApplication) -> set[uuid.UUID]:
    objection = objection_of(application)
    if objection is None:
        return set()
    # What was refused on somebody's behalf was that person's refusal, too.
    found = {objection.first_decider_id, objection.refusal.on_behalf_of_id}
    return {person_id for person_id in found if person_id is not None}


def _hold_facts(
    acting: Acting, application: ViewingApplication, holds: Iterable[Hold], *, now_90k: int
) -> hold_rules.HoldFacts:
    free_from_90k = holding.free_from(application, now_90k=now_90k)
    return hold_rules.HoldFacts(
        capacity=capacity_of(acting),
        decider_id=str(acting.person.pk),
        on_behalf_of_id=acting.behalf_id,
        applicant_ids=frozenset({str(application.applicant_id)}),
        campuses=frozenset(hold.camera.campus_id for hold in holds),
        free_from_90k=None if free_from_90k is None else Ticks90k(free_from_90k),
        now_90k=Ticks90k(now_90k),
    )


STILL_AT_UNIT = Reason(
    rule=articles.A15_1_2A,
    code="viewing.still_at_unit",
    text_zh="申请还在三级管理机构，等待转交。转交后才能审批。",
    text_en="The application is still with the tier-3 unit. It is decided once it has been forwarded.",
    source=Source.OUR_DEFAULT,
)
MOVED = Reason(
    rule=articles.A07_2_0,
    code="viewing.moved",
    text_zh="同意之后，摄像机已划归其他校区，不能再据此出示。请申请人撤回，向现在的校区重新申请；原录像仍然锁定。",
    text_en="Since the approval a camera has come under another campus. Apply there anew; the footage stays locked.",
    source=Source.OUR_DEFAULT,
)
