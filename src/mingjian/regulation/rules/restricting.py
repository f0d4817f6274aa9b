"""Naming who alone may know of a matter (限知): the head of the tier-2 body, among those who deal with it (A14.c).

The text demands secrecy and says no more; that the head names the persons, and whom, is our reading.
"""

from dataclasses import dataclass

from mingjian.regulation import articles
from mingjian.regulation.articles import Source
from mingjian.regulation.decision import Decision, Reason, decide
from mingjian.regulation.posts import PRINCIPALS, Capacity, Tier
from mingjian.regulation.rules import jurisdiction
from mingjian.regulation.rules.jurisdiction import JurisdictionFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class RestrictingFacts:
    """Who would close which application of whom, on which campus."""

    capacity: Capacity
    person_id: str
    applicant_id: str
    campus: str


def may_restrict(facts: RestrictingFacts) -> Decision:
    """Decide whether this person says who alone may know of an application (A14.c, A07.2.0)."""
    obstacles = jurisdiction.obstacles(JurisdictionFacts(capacity=facts.capacity, campus=facts.campus))
    if facts.capacity.tier is Tier.SECOND and PRINCIPALS.isdisjoint(facts.capacity.posts):
        obstacles.append(_THE_HEADS)
    if facts.person_id == facts.applicant_id:
        obstacles.append(_OWN_APPLICATION)
    return decide(grounds=_CLOSING, obstacles=obstacles)


_THE_HEADS = Reason(
    rule=articles.A14_C,
    code="restricting.the_heads",
    text_zh="限定知情人由二级管理机构的主要负责人办理。请报其决定。",
    text_en="The head of the tier-2 body says who alone may know. Ask the head.",
    source=Source.OUR_DEFAULT,
)
_OWN_APPLICATION = Reason(
    rule=articles.A14_C,
    code="restricting.own_application",
    text_zh="这是您本人的申请，不能由您限定知情人。请由代理主要负责人办理。",
    text_en="This is your own application, so somebody else who heads the body says who may know.",
    source=Source.OUR_DEFAULT,
)
_CLOSING = (
    Reason(
        rule=articles.A14_C,
        code="restricting.kept_secret",
        text_zh="须保密的事项只让办理的人知道，由主要负责人指定。",
        text_en="What has to be kept secret is known to those who deal with it, named by the head.",
        source=Source.OUR_DEFAULT,
    ),
)
