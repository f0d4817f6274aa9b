"""Recorded pictures: only to the person permitted, for the stated purpose, while the permission stands."""

from dataclasses import dataclass

from mingjian.base.ticks import Ticks90k
from mingjian.regulation import articles
from mingjian.regulation.decision import Decision, Reason, decide
from mingjian.regulation.posts import Post
from mingjian.regulation.rules import media


@dataclass(frozen=True, slots=True)
class ServingFacts:
    """A viewing session and the person who asks for its pictures now. `posts` are that person's.

    `purpose` is the reason stated for it; `is_decided_by_another` that somebody else than the viewer permitted it.
    """

    posts: frozenset[Post]
    is_holder: bool
    is_decided_by_another: bool
    purpose: str
    is_revoked: bool
    valid_until_90k: Ticks90k
    now_90k: Ticks90k


def may_be_served(facts: ServingFacts) -> Decision:
    """Decide whether the next lease of a viewing session may be given (A14.b, A14.c, A15.1.4a).

    The permission holds while now < valid_until.
    """
    obstacles = media.obstacles_of_posts(facts.posts)
    if not facts.is_holder:
        obstacles.append(_NOT_HOLDER)
    if not facts.purpose.strip():
        obstacles.append(_NO_PURPOSE)
    if not facts.is_decided_by_another:
        obstacles.append(_OWN_DECISION)
    if facts.is_revoked:
        obstacles.append(_REVOKED)
    elif facts.now_90k >= facts.valid_until_90k:
        obstacles.append(_EXPIRED)
    return decide(grounds=_GROUNDS, obstacles=obstacles)


_NOT_HOLDER = Reason(
    rule=articles.A15_1_4A,
    code="viewing.not_the_holder",
    text_zh="这次查阅只准许申请人本人，不能由他人代看。请本人登录，或另行申请。",
    text_en="This viewing is permitted to its applicant in person only. Sign in as that person, or apply yourself.",
)
_NO_PURPOSE = Reason(
    rule=articles.A14_B,
    code="viewing.no_purpose",
    text_zh="没有写明用途，不能出示画面。请补充事由后重新申请。",
    text_en="No purpose is stated, so nothing is shown. State the reason and apply again.",
)
_OWN_DECISION = Reason(
    rule=articles.A14_C,
    code="viewing.own_decision",
    text_zh="查阅须由他人审批，不能自己批准自己。请交二级管理机构办理。",
    text_en="A viewing is approved by somebody else. Hand it to the tier-2 body.",
)
_REVOKED = Reason(
    rule=articles.A14_C,
    code="viewing.revoked",
    text_zh="这次查阅的许可已被撤回。如仍有需要，请重新申请。",
    text_en="The permission for this viewing was withdrawn. Apply again if it is still needed.",
)
_EXPIRED = Reason(
    rule=articles.A14_C,
    code="viewing.expired",
    text_zh="这次查阅的许可已经到期。如仍有需要，请重新申请。",
    text_en="The permission for this viewing has run out. Apply again if it is still needed.",
)
_GROUNDS = (
    Reason(
        rule=articles.A14_B,
        code="viewing.purpose_stated",
        text_zh="查阅有写明的安全保卫用途。",
        text_en="The viewing has a stated security purpose.",
    ),
    Reason(
        rule=articles.A14_C,
        code="viewing.approved",
        text_zh="查阅已登记并由他人批准，仍在有效期内。",
        text_en="The viewing is registered, approved by another person, and still valid.",
    ),
    Reason(
        rule=articles.A15_1_4A,
        code="viewing.in_person",
        text_zh="由获准的本人查阅。",
        text_en="The person permitted is the one who views.",
    ),
)
