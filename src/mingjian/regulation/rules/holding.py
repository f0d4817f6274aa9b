"""Letting locked footage go, or keeping it: the tier-2 body of the campus, by name and with a reason, never a clock.

The text fixes no period for this. That a hold outlives a refusal for some days, and that somebody else than the
applicant lets it go, is our reading of A14 (登记审批制度).
"""

from dataclasses import dataclass

from mingjian.base.ticks import TICKS_PER_S, Ticks90k
from mingjian.regulation import articles
from mingjian.regulation.articles import Source
from mingjian.regulation.decision import Decision, Reason, decide
from mingjian.regulation.posts import Capacity
from mingjian.regulation.rules import deciding
from mingjian.regulation.rules.deciding import DecidingFacts

DAY_90K = 24 * 3600 * TICKS_PER_S


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldFacts:
    """Who would settle a hold, whose application placed it, and from when on it may be let go.

    `campuses` are those on which the held cameras stand now. `free_from_90k` None: the application is still open.
    """

    capacity: Capacity
    decider_id: str
    applicant_ids: frozenset[str]
    on_behalf_of_id: str = ""
    campuses: frozenset[str]
    free_from_90k: Ticks90k | None
    now_90k: Ticks90k


def may_keep(facts: HoldFacts) -> Decision:
    """Decide whether this person may keep the footage locked (A07.2.0, A07.2.3, A14.c)."""
    return deciding.may_decide(
        DecidingFacts(
            capacity=facts.capacity,
            decider_id=facts.decider_id,
            on_behalf_of_id=facts.on_behalf_of_id,
            applicant_ids=facts.applicant_ids,
            camera_campuses=facts.campuses,
        )
    )


def may_release(facts: HoldFacts) -> Decision:
    """Decide whether this person may let the footage go now: the same persons, once nobody waits for it any more."""
    kept = may_keep(facts)
    if not kept.allowed:
        return kept
    if facts.free_from_90k is None:
        return decide(grounds=(), obstacles=(_STILL_NEEDED,))
    if facts.now_90k < facts.free_from_90k:
        return decide(grounds=(), obstacles=(_TOO_EARLY,))
    return decide(grounds=(*kept.reasons, _OVER), obstacles=())


_STILL_NEEDED = Reason(
    rule=articles.A14_C,
    code="holding.still_needed",
    text_zh="申请还没有办结，录像不能解除锁定。请先办结申请。",
    text_en="The application is still open, so its footage stays locked. Finish the application first.",
    source=Source.OUR_DEFAULT,
)
_TOO_EARLY = Reason(
    rule=articles.A14_C,
    code="holding.too_early",
    text_zh="已告知申请人的锁定期限还没有到，不能解除锁定。请到期后再办理。",
    text_en="The applicant was told that the footage stays locked until a later day. Come back then.",
    source=Source.OUR_DEFAULT,
)
_OVER = Reason(
    rule=articles.A14_C,
    code="holding.over",
    text_zh="申请已办结，已告知的锁定期限已过。",
    text_en="The application is finished and the time that was promised has passed.",
    source=Source.OUR_DEFAULT,
)
