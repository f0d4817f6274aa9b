"""Live pictures: patrol by an operator on shift, and whoever leads the duty, on the own campus and nothing else."""

from dataclasses import dataclass

from mingjian.regulation import articles
from mingjian.regulation.articles import Source
from mingjian.regulation.decision import Decision, Reason, decide
from mingjian.regulation.posts import PRINCIPALS, Post
from mingjian.regulation.rules import media

LEADERS = PRINCIPALS | {Post.DUTY_LEADER}


@dataclass(frozen=True, slots=True)
class LiveFacts:
    """Who asks for which live picture. `campuses` are those of the tier-2 body acted for; `campus` the camera's."""

    posts: frozenset[Post]
    is_on_shift: bool
    campuses: frozenset[str]
    campus: str


def may_watch_live(facts: LiveFacts) -> Decision:
    """Decide on live view (A18.2, A14.b, A07.2.0).

    That duty is the only ground for live pictures, that an operator must be on shift, and that duty leader and head of
    the body may look in without a shift, is our mild reading of A14 and A18 and is labelled so.
    """
    obstacles = media.obstacles_of_posts(facts.posts)
    is_leader = not LEADERS.isdisjoint(facts.posts)
    if not is_leader:
        obstacles.extend(_obstacles_of_patrol(facts))
    if facts.campus not in facts.campuses:
        obstacles.append(_OTHER_CAMPUS)
    return decide(grounds=_LEADING if is_leader else _PATROL, obstacles=obstacles)


def _obstacles_of_patrol(facts: LiveFacts) -> list[Reason]:
    if Post.OPERATOR not in facts.posts:
        return [_NOT_AN_OPERATOR]
    return [] if facts.is_on_shift else [_NOT_ON_SHIFT]


_NOT_AN_OPERATOR = Reason(
    rule=articles.A18_2,
    code="live.not_an_operator",
    text_zh="实时画面只供操作员巡查和带班领导、主要负责人督查。需要了解情况的，请提出查阅申请。",
    text_en="Live pictures are for operators on patrol and those who lead them. Otherwise apply for a viewing.",
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
_PATROL = (
    Reason(
        rule=articles.A18_2,
        code="live.patrol",
        text_zh="当班操作员在本校区做实时视频巡查。",
        text_en="An operator on shift patrols the operator's own campus.",
    ),
    Reason(
        rule=articles.A14_B,
        code="live.security_purpose",
        text_zh="巡查属于安全保卫工作。",
        text_en="Patrol is the security departments' work.",
        source=Source.OUR_DEFAULT,
    ),
)
_LEADING = (
    Reason(
        rule=articles.A14_B,
        code="live.leads_the_duty",
        text_zh="带班领导或主要负责人督查本校区值班，属于安全保卫工作。",
        text_en="A duty leader or head of the body looks after the duty of the own campus, which is security work.",
        source=Source.OUR_DEFAULT,
    ),
)
