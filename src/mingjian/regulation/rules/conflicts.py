"""Conflicts of interest (利害关系): who has a part in a matter does not decide on it, and whither it goes instead.

The text knows no recusal. That nobody decides on what concerns themselves, their head or the body they serve, and that
tier 1 decides where a campus's body has nobody else, is our reading of A14 (登记审批制度) and of tier 1's supervision.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from mingjian.regulation import articles
from mingjian.regulation.articles import Source
from mingjian.regulation.decision import Decision, Reason, decide
from mingjian.regulation.posts import DECIDERS, PRINCIPALS, Capacity, Post, Tier

# Who decides for tier 1 what a campus's body cannot.
ROUTED_TO = PRINCIPALS | {Post.MANAGER}


class Tie(StrEnum):
    """What ties somebody to a matter. Stored codes; never reuse one.

    SUBJECT: the footage or the matter is about them. RELATED: kin, friend or foe, by their own word. SUBORDINATE: the
    applicant is their head. OF_THE_BODY: the matter is against the body they serve.
    """

    SUBJECT = "subject"
    RELATED = "related"
    SUBORDINATE = "subordinate"
    OF_THE_BODY = "of_the_body"


# What somebody says of themselves.
DECLARED = (Tie.SUBJECT, Tie.RELATED)


@dataclass(frozen=True, slots=True, kw_only=True)
class ElsewhereFacts:
    """Who asks that an application be decided outside the body it is against."""

    person_id: str
    applicant_id: str
    is_open: bool


def may_recuse(capacity: Capacity, *, is_open: bool) -> Decision:
    """Decide whether this capacity may recuse itself (A14.c): who would decide, while it is not decided."""
    obstacles = [] if not DECIDERS.isdisjoint(capacity.posts) and capacity.tier is Tier.SECOND else [_NOT_A_DECIDER]
    if not is_open:
        obstacles.append(_DECIDED)
    return decide(grounds=(_STANDS_BACK,), obstacles=obstacles)


def may_ask_elsewhere(facts: ElsewhereFacts) -> Decision:
    """Decide whether this person may ask that another body decide (A14.c): the applicant, while it is not decided."""
    obstacles = [] if facts.person_id == facts.applicant_id else [_NOT_THE_APPLICANT]
    if not facts.is_open:
        obstacles.append(_DECIDED)
    return decide(grounds=(_GOES_ELSEWHERE,), obstacles=obstacles)


def obstacles_of(ties: Iterable[Tie]) -> list[Reason]:
    """Return why somebody so tied does not decide."""
    return [_TIED[tie] for tie in sorted(set(ties))]


def _tied(code: str, *, zh: str, en: str) -> Reason:
    return Reason(
        rule=articles.A14_C,
        code=f"conflicts.{code}",
        text_zh=f"{zh}，您应当回避。请交本机构的其他审核人；没有他人的，由一级管理机构办理。",
        text_en=f"{en}, so you do not decide. Another reviewer of the body does, or tier 1 where there is nobody else.",
        source=Source.OUR_DEFAULT,
    )


_TIED = {
    Tie.SUBJECT: _tied("subject", zh="申请的事项涉及您本人", en="The matter is about yourself"),
    Tie.RELATED: _tied("related", zh="您与申请的事项有利害关系", en="You have a part in the matter"),
    Tie.SUBORDINATE: _tied("subordinate", zh="申请人是您的上级负责人", en="The applicant is your head"),
    Tie.OF_THE_BODY: _tied("of_the_body", zh="申请涉及您任职的机构本身", en="The matter is against the body you serve"),
}
_NOT_A_DECIDER = Reason(
    rule=articles.A14_C,
    code="conflicts.not_a_decider",
    text_zh="回避由二级管理机构中可以审批的人自己提出。您不审批这份申请，不用回避。",
    text_en="Those of tier 2 who decide recuse themselves. You do not, so there is nothing to stand back from.",
    source=Source.OUR_DEFAULT,
)
_NOT_THE_APPLICANT = Reason(
    rule=articles.A14_C,
    code="conflicts.not_the_applicant",
    text_zh="只有申请人本人可以提出由他方审批。请由申请人登录后办理。",
    text_en="Only the applicant asks for another body. That person signs in and does it.",
    source=Source.OUR_DEFAULT,
)
_DECIDED = Reason(
    rule=articles.A14_C,
    code="conflicts.decided",
    text_zh="申请已经决定或不在办理，不能再提出回避。对不予同意有异议的，请申请复核。",
    text_en="The application is decided or no longer dealt with. Against a refusal, object to it.",
    source=Source.OUR_DEFAULT,
)
_STANDS_BACK = Reason(
    rule=articles.A14_C,
    code="conflicts.stands_back",
    text_zh="有利害关系的人回避，由他人审批。",
    text_en="Who has a part in the matter stands back and another decides.",
    source=Source.OUR_DEFAULT,
)
_GOES_ELSEWHERE = Reason(
    rule=articles.A14_C,
    code="conflicts.goes_elsewhere",
    text_zh="涉及受理机构本身的申请，由他方审批。",
    text_en="An application against the body itself is decided elsewhere.",
    source=Source.OUR_DEFAULT,
)
