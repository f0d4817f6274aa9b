"""Objecting to a refusal (申请复核), and answering: somebody else than the one who refused (A14, A07.1.3).

The text speaks of no objection; all of it is our reading of A14 (登记审批制度) and of tier 1's supervision: one
objection, within the days in which the footage stays locked, answered within the body, or by tier 1 where the body has
nobody else.
"""

from dataclasses import dataclass

from mingjian.base.ticks import Ticks90k
from mingjian.regulation import articles
from mingjian.regulation.articles import Source
from mingjian.regulation.decision import Decision, Reason, decide
from mingjian.regulation.posts import APART, PRINCIPALS, Capacity, Post, Tier
from mingjian.regulation.rules import deciding
from mingjian.regulation.rules.deciding import DecidingFacts
from mingjian.regulation.rules.holding import DAY_90K

# Who supervises for tier 1.
SUPERVISORS = PRINCIPALS | {Post.MANAGER}


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectionFacts:
    """Who objects to whose refusal, of which instant, within how many days, and whether there was an objection already.

    `period_days` are those that the applicant was told when it was refused.
    """

    capacity: Capacity
    person_id: str
    applicant_id: str
    refused_at_90k: Ticks90k
    period_days: int
    has_objected: bool
    now_90k: Ticks90k


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewFacts:
    """Who would answer an objection. `has_another`: the body has a decider who is neither concerned nor refused."""

    deciding: DecidingFacts
    has_another: bool


def until(*, refused_at_90k: int, period_days: int) -> Ticks90k:
    """Return the first instant at which nobody can object to the refusal any more."""
    return Ticks90k(refused_at_90k + period_days * DAY_90K)


def may_object(facts: ObjectionFacts) -> Decision:
    """Decide whether this person may object to the refusal now (A14.c)."""
    obstacles = []
    if not APART.isdisjoint(facts.capacity.posts):
        obstacles.append(_IN_PERSON)
    if facts.person_id != facts.applicant_id:
        obstacles.append(_NOT_THE_APPLICANT)
    if facts.has_objected:
        obstacles.append(_ONCE_ONLY)
    if facts.now_90k >= until(refused_at_90k=facts.refused_at_90k, period_days=facts.period_days):
        obstacles.append(_too_late(facts.period_days))
    return decide(grounds=_OBJECTING, obstacles=obstacles)


def may_review(facts: ReviewFacts) -> Decision:
    """Decide whether this person may answer the objection (A14.c, A07.2.0, A07.2.3; for tier 1 A07.1.3b)."""
    if facts.deciding.capacity.tier is not Tier.FIRST:
        return deciding.may_decide(facts.deciding)
    obstacles = deciding.obstacles_of_person(facts.deciding)
    if facts.has_another or SUPERVISORS.isdisjoint(facts.deciding.capacity.posts):
        obstacles.append(_LEFT_TO_THE_BODY)
    return decide(grounds=_SUPERVISING, obstacles=obstacles)


def _too_late(period_days: int) -> Reason:
    return Reason(
        rule=articles.A14_C,
        code="objecting.too_late",
        text_zh=f"申请复核的期限（{period_days} 日）已过。请另行申请查阅。",
        text_en=f"The {period_days} days to object are over. Apply anew.",
        source=Source.OUR_DEFAULT,
    )


_NOT_THE_APPLICANT = Reason(
    rule=articles.A14_C,
    code="objecting.not_the_applicant",
    text_zh="只有申请人本人可以申请复核。请由申请人登录后办理。",
    text_en="Only the applicant objects. That person signs in and does it.",
    source=Source.OUR_DEFAULT,
)
_IN_PERSON = Reason(
    rule=articles.A14_C,
    code="objecting.in_person",
    text_zh="平台管理员和纪检监察人员身份不参与查阅事项。请换用本人身份申请复核。",
    text_en="Administrators and discipline inspectors have no part in viewings. Object in your own person instead.",
    source=Source.OUR_DEFAULT,
)
_ONCE_ONLY = Reason(
    rule=articles.A14_C,
    code="objecting.once_only",
    text_zh="这份申请已经复核过一次，不能再次申请复核。有新情况的，请另行申请查阅。",
    text_en="This application has been reviewed once already. Where something new has come up, apply anew.",
    source=Source.OUR_DEFAULT,
)
_LEFT_TO_THE_BODY = Reason(
    rule=articles.A07_1_3B,
    code="objecting.left_to_the_body",
    text_zh="该校区的二级管理机构另有审核人，由其复核；一级管理机构只在其没有他人时督促重新办理。请交该机构办理。",
    text_en="The body of the campus has another reviewer, who answers; tier 1 steps in only where it has nobody else.",
    source=Source.OUR_DEFAULT,
)
_OBJECTING = (
    Reason(
        rule=articles.A14_C,
        code="objecting.in_time",
        text_zh="申请人本人在期限内申请复核。",
        text_en="The applicant objects within the time for it.",
        source=Source.OUR_DEFAULT,
    ),
)
_SUPERVISING = (
    Reason(
        rule=articles.A07_1_3B,
        code="objecting.supervised",
        text_zh="二级管理机构没有其他审核人，由一级管理机构监督：维持原决定，或责成其重新审批，不代为同意。",
        text_en="The body has no other reviewer, so tier 1 upholds, or has the body decide anew; it approves nothing.",
        source=Source.OUR_DEFAULT,
    ),
    Reason(
        rule=articles.A14_C,
        code="objecting.by_another",
        text_zh="由原审批人以外的人复核。",
        text_en="Somebody else than the one who refused answers.",
        source=Source.OUR_DEFAULT,
    ),
)
