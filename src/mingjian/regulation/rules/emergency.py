"""Viewing at once in an emergency: the head of a tier-1 or tier-2 body consents, and nobody else (A15.1.5)."""

from dataclasses import dataclass

from mingjian.regulation import articles
from mingjian.regulation.articles import Source
from mingjian.regulation.decision import Decision, Reason, decide
from mingjian.regulation.posts import PRINCIPALS, Capacity, Tier
from mingjian.regulation.rules import jurisdiction
from mingjian.regulation.rules.jurisdiction import JurisdictionFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentFacts:
    """Who would consent to viewing at once, on which campus, and the incident that calls for it."""

    capacity: Capacity
    campus: str
    incident: str


def may_consent(facts: ConsentFacts) -> Decision:
    """Decide whether this consent opens an emergency viewing (A15.1.5, A14.b, A07.2.0).

    The head of tier 1 consents for every campus, the head of a tier-2 body for its own. That an acting head, appointed
    on record, stands for the head is our default.
    """
    obstacles = []
    if facts.capacity.tier not in {Tier.FIRST, Tier.SECOND} or PRINCIPALS.isdisjoint(facts.capacity.posts):
        obstacles.append(_NOT_A_PRINCIPAL)
    elif facts.capacity.tier is Tier.SECOND:
        obstacles.extend(jurisdiction.obstacles(JurisdictionFacts(capacity=facts.capacity, campus=facts.campus)))
    if not facts.incident.strip():
        obstacles.append(_NO_INCIDENT)
    return decide(grounds=_GROUNDS, obstacles=obstacles)


_NOT_A_PRINCIPAL = Reason(
    rule=articles.A15_1_5,
    code="emergency.not_a_principal",
    text_zh="即时查阅须由一级或二级管理机构的主要负责人同意，值班人员和三级单位不能代为同意。请立即联系主要负责人。",
    text_en="Only the head of a tier-1 or tier-2 body consents to viewing at once. Call that person now.",
)
_NO_INCIDENT = Reason(
    rule=articles.A14_B,
    code="emergency.no_incident",
    text_zh="没有写明是什么突发事件。请写清发生了什么，再提交同意。",
    text_en="The emergency is not stated. Say what is happening and submit the consent again.",
)
_GROUNDS = (
    Reason(
        rule=articles.A15_1_5,
        code="emergency.consented",
        text_zh="遇突发事件，主要负责人同意即时查阅。",
        text_en="In an emergency, the head of the body consents to viewing at once.",
    ),
    Reason(
        rule=articles.A14_B,
        code="emergency.purpose_stated",
        text_zh="即时查阅服务于突发事件的处置。",
        text_en="Viewing at once serves the handling of the emergency.",
        source=Source.OUR_DEFAULT,
    ),
)
