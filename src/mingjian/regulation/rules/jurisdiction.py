"""Whose campus it is: a tier-2 body acts on its own campuses, and no other body in its place (Article 7)."""

from dataclasses import dataclass

from mingjian.regulation import articles
from mingjian.regulation.decision import Decision, Reason, decide
from mingjian.regulation.posts import Capacity, Tier


@dataclass(frozen=True, slots=True, kw_only=True)
class JurisdictionFacts:
    """Who wants to act as the body in charge of which campus."""

    capacity: Capacity
    campus: str


def has_jurisdiction(facts: JurisdictionFacts) -> Decision:
    """Decide whether the capacity has the powers of the campus's tier-2 body (A07.2.0, A07.2.3, A07.1.3b, A07.3.1)."""
    return decide(grounds=GROUNDS, obstacles=obstacles(facts))


def obstacles(facts: JurisdictionFacts) -> list[Reason]:
    """Return what speaks against it, for rules that ask for jurisdiction among other things."""
    match facts.capacity.tier:
        case Tier.SECOND:
            return [] if facts.campus in facts.capacity.campuses else [_OTHER_CAMPUS]
        case Tier.FIRST:
            return [_TIER_1]
        case Tier.THIRD:
            return [_TIER_3]
    return [_NO_BODY]


GROUNDS = (
    Reason(
        rule=articles.A07_2_0,
        code="jurisdiction.own_campus",
        text_zh="点位所在校区由本机构负责。",
        text_en="The campus is in the charge of this body.",
    ),
)
_OTHER_CAMPUS = Reason(
    rule=articles.A07_2_0,
    code="jurisdiction.other_campus",
    text_zh="这不是本机构负责的校区，不能办理。请转给该校区的二级管理机构。",
    text_en="This campus is not in your body's charge. Hand the matter to the tier-2 body of that campus.",
)
_TIER_1 = Reason(
    rule=articles.A07_1_3B,
    code="jurisdiction.tier_1_supervises",
    text_zh="以一级管理机构身份只能监督，不能代为办理。请由该校区的二级管理机构办理，或换用本人的二级身份。",
    text_en="Tier 1 supervises and does not act for tier 2. Leave it to tier 2, or act in your tier-2 capacity.",
)
_TIER_3 = Reason(
    rule=articles.A07_2_3,
    code="jurisdiction.tier_3",
    text_zh="三级管理机构没有查阅权和调取权。请转给所在校区的二级管理机构。",
    text_en="A tier-3 body has no right to view or retrieve. Hand the matter to the tier-2 body of the campus.",
)
_NO_BODY = Reason(
    rule=articles.A07_2_3,
    code="jurisdiction.no_body",
    text_zh="您没有代表任何管理机构，不能办理。请与所在校区的二级管理机构联系。",
    text_en="You act for no body, so you cannot do this. Turn to the tier-2 body of the campus.",
)
