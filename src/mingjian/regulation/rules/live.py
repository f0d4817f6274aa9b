"""Live pictures: duty patrol by an operator on shift, on the operator's own campus, and nothing else."""

from dataclasses import dataclass

from mingjian.regulation import articles
from mingjian.regulation.articles import Source
from mingjian.regulation.decision import Decision, Reason, decide
from mingjian.regulation.posts import Post
from mingjian.regulation.rules import media


@dataclass(frozen=True, slots=True)
class LiveFacts:
    """Who asks for which live picture. `campuses` are those of the body the person acts for; `campus` the camera's."""

    posts: frozenset[Post]
    is_on_shift: bool
    campuses: frozenset[str]
    campus: str


def may_watch_live(facts: LiveFacts) -> Decision:
    """Decide on live view (A18.2, A14.b, A07.2.0).

    That patrol is the only ground for live pictures, and being on shift its condition, is our mild reading of A14 and
    A18 and is labelled so.
    """
    obstacles = media.obstacles_of_posts(facts.posts)
    if Post.OPERATOR not in facts.posts:
        obstacles.append(
            Reason(
                rule=articles.A18_2,
                code="live.not_an_operator",
                text_zh="实时画面只供操作员巡查。需要了解情况的，请提出查阅申请。",
                text_en="Live pictures are for the operators' patrol. To learn what happened, apply for a viewing.",
            )
        )
    elif not facts.is_on_shift:
        obstacles.append(
            Reason(
                rule=articles.A18_4A,
                code="live.not_on_shift",
                text_zh="您现在不当班，看不到实时画面。请先上岗登记。",
                text_en="You are not on shift, so there are no live pictures. Start your shift first.",
                source=Source.OUR_DEFAULT,
            )
        )
    if facts.campus not in facts.campuses:
        obstacles.append(
            Reason(
                rule=articles.A07_2_0,
                code="live.other_campus",
                text_zh="该点位属于其他校区，不归您所在的机构管。请与该校区的二级管理机构联系。",
                text_en="This camera belongs to another campus. Turn to the tier-2 body of that campus.",
            )
        )
    return decide(grounds=_GROUNDS, obstacles=obstacles)


_GROUNDS = (
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
