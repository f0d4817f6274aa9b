"""Live pictures: patrol by an operator on shift, and whoever answers for the duty, of their own points only."""

from dataclasses import dataclass

from mingjian.regulation import articles
from mingjian.regulation.articles import Source
from mingjian.regulation.decision import Decision, Reason, decide
from mingjian.regulation.posts import DECIDERS, Post, Tier
from mingjian.regulation.rules import media
from mingjian.regulation.systems import SystemClass

LEADERS = DECIDERS | {Post.DUTY_LEADER}
_WITHOUT_SHIFT = {Tier.SECOND: LEADERS, Tier.THIRD: frozenset({Post.MANAGER})}


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveFacts:
    """Who asks for which live picture.

    `tier` and `body` are those of the body acted for (None and empty without one); `campuses` those of its duty in
    question. `campus`, `owner` and `system_class` are the camera's.
    """

    posts: frozenset[Post]
    tier: Tier | None
    body: str
    is_on_shift: bool
    campuses: frozenset[str]
    campus: str
    owner: str
    system_class: SystemClass


def may_watch_live(facts: LiveFacts) -> Decision:
    """Decide on live view (A18.2, A17.1, A14.b, A07.2.0, A07.3.1, A07.1.3b).

    The text makes patrol the operator's duty and its supervision the manager's. That duty is the only ground for live
    pictures, that an operator must be on shift, who may look in without one, that a unit sees its own points and
    tier 1 none, is our mild reading and is labelled so.
    """
    obstacles = media.obstacles_of_posts(facts.posts)
    obstacles.extend(_obstacles_of_capacity(facts))
    obstacles.extend(_obstacles_of_place(facts))
    if not facts.system_class.is_recorded_here:
        obstacles.append(_SECRECY)
    return decide(grounds=_grounds(facts), obstacles=obstacles)


def has_live_duty(*, tier: Tier | None, posts: frozenset[Post]) -> bool:
    """Say whether live pictures belong to the work of such posts at all, whatever the hour and the place."""
    return tier in _WITHOUT_SHIFT and not posts.isdisjoint(_WITHOUT_SHIFT[tier] | {Post.OPERATOR})


def _obstacles_of_capacity(facts: LiveFacts) -> list[Reason]:
    if facts.tier is Tier.FIRST:
        return [_TIER_1]
    if not has_live_duty(tier=facts.tier, posts=facts.posts):
        return [_NOT_ON_DUTY_POST]
    return [] if facts.is_on_shift or _leads(facts) else [_NOT_ON_SHIFT]


def _obstacles_of_place(facts: LiveFacts) -> list[Reason]:
    # To somebody without a body no campus is another one.
    obstacles = [] if facts.tier is None or facts.campus in facts.campuses else [_OTHER_CAMPUS]
    if facts.tier is Tier.THIRD and facts.owner != facts.body:
        obstacles.append(_OTHER_OWNER)
    return obstacles


def _grounds(facts: LiveFacts) -> tuple[Reason, ...]:
    if facts.tier is Tier.THIRD:
        return _MANAGING_OWN if _leads(facts) else _PATROL_OF_OWN
    return _LEADING if _leads(facts) else _PATROL


def _leads(facts: LiveFacts) -> bool:
    return facts.tier in _WITHOUT_SHIFT and not facts.posts.isdisjoint(_WITHOUT_SHIFT[facts.tier])


_TIER_1 = Reason(
    rule=articles.A07_1_3B,
    code="live.tier_1_supervises",
    text_zh="以一级管理机构身份监督查阅和调取，不看实时画面。请换用本人的二级身份，或查看各校区的台账。",
    text_en=(
        "Tier 1 supervises viewing and retrieval and sees no live pictures. "
        "Act in your tier-2 capacity, or read the registers."
    ),
    source=Source.OUR_DEFAULT,
)
_NOT_ON_DUTY_POST = Reason(
    rule=articles.A18_2,
    code="live.not_an_operator",
    text_zh="实时画面只供操作员巡查，以及负责值班的人员督查。需要了解情况的，请提出查阅申请。",
    text_en="Live pictures are for operators on patrol and those who answer for them. Otherwise apply for a viewing.",
)
_NOT_ON_SHIFT = Reason(
    rule=articles.A18_4A,
    code="live.not_on_shift",
    text_zh="您现在不当班，看不到实时画面。请先上岗登记。",
    text_en="You are not on shift, so there are no live pictures. Start your shift first.",
    source=Source.OUR_DEFAULT,
)
_OTHER_CAMPUS = Reason(
    rule=articles.A07_2_0,
    code="live.other_campus",
    text_zh="该点位属于其他校区，不归您所在的机构管。请与该校区的二级管理机构联系。",
    text_en="This camera belongs to another campus. Turn to the tier-2 body of that campus.",
)
_OTHER_OWNER = Reason(
    rule=articles.A07_3_1,
    code="live.other_owner",
    text_zh="该点位不是本单位的自建系统。请与所在校区的二级管理机构联系。",
    text_en="This camera is not of your unit's own system. Turn to the tier-2 body of the campus.",
)
_SECRECY = Reason(
    rule=articles.SSL_31_3,
    code="live.secrecy_system",
    text_zh="保密监控系统不接入本平台，没有画面可看。请与保密管理部门联系。",
    text_en="Secrecy systems are not connected here, so there is no picture. Turn to the secrecy office.",
)
_SECURITY_PURPOSE = Reason(
    rule=articles.A14_B,
    code="live.security_purpose",
    text_zh="巡查属于安全保卫工作。",
    text_en="Patrol is the security departments' work.",
    source=Source.OUR_DEFAULT,
)
_PATROL = (
    Reason(
        rule=articles.A18_2,
        code="live.patrol",
        text_zh="当班操作员在本校区做实时视频巡查。",
        text_en="An operator on shift patrols the operator's own campus.",
    ),
    _SECURITY_PURPOSE,
)
_LEADING = (
    Reason(
        rule=articles.A14_B,
        code="live.leads_the_duty",
        text_zh="主要负责人、带班领导和审核审批人员督查本校区值班，属于安全保卫工作。",
        text_en="Heads, duty leaders and those who decide look after the duty of their campus, which is security work.",
        source=Source.OUR_DEFAULT,
    ),
)
_PATROL_OF_OWN = (
    Reason(
        rule=articles.A18_2,
        code="live.patrol_of_own",
        text_zh="当班操作员巡查本单位的自建系统。",
        text_en="An operator on shift patrols the unit's own system.",
    ),
    Reason(
        rule=articles.A07_3_1,
        code="live.own_system",
        text_zh="自建系统由本单位管理，实时巡查限于本单位的点位。",
        text_en="A unit manages its own system; live patrol keeps to its own points.",
        source=Source.OUR_DEFAULT,
    ),
)
_MANAGING_OWN = (
    Reason(
        rule=articles.A17_1,
        code="live.manages_own_system",
        text_zh="监控系统管理员督促本单位操作员做好实时巡查。",
        text_en="The manager sees to it that the unit's operators patrol.",
        source=Source.OUR_DEFAULT,
    ),
)
