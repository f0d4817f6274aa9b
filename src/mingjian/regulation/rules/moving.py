"""Moving a point to another campus: an act of the body that manages it where it stands now (Article 7)."""

from dataclasses import dataclass

from mingjian.regulation import articles
from mingjian.regulation.articles import Source
from mingjian.regulation.decision import Decision, Reason, decide
from mingjian.regulation.posts import PRINCIPALS, Capacity, Post
from mingjian.regulation.rules import jurisdiction
from mingjian.regulation.rules.jurisdiction import JurisdictionFacts

MOVERS = PRINCIPALS | {Post.MANAGER}


@dataclass(frozen=True, slots=True, kw_only=True)
class MovingFacts:
    """Who wants to hand over a point that stands on which campus."""

    capacity: Capacity
    campus: str


def may_move_point(facts: MovingFacts) -> Decision:
    """Decide on the move (A07.2.1, A07.2.0).

    The text gives building and upkeep to the tier-2 body of the campus. That its head or its manager hands a point
    over, and that the campus it leaves decides, is our default.
    """
    obstacles = jurisdiction.obstacles(JurisdictionFacts(capacity=facts.capacity, campus=facts.campus))
    if MOVERS.isdisjoint(facts.capacity.posts):
        obstacles.append(_NOT_A_MOVER)
    return decide(grounds=(_MANAGES,), obstacles=obstacles)


_MANAGES = Reason(
    rule=articles.A07_2_1,
    code="moving.manages_the_campus",
    text_zh="点位现在所在的校区由本机构建设和维护，由其主要负责人或监控系统管理员移出。",
    text_en="The campus the point leaves is built and kept by this body; its head or its manager hands it over.",
    source=Source.OUR_DEFAULT,
)
_NOT_A_MOVER = Reason(
    rule=articles.A07_2_1,
    code="moving.not_a_manager",
    text_zh="点位调整校区由二级管理机构的主要负责人或监控系统管理员办理。请与其联系。",
    text_en="A point is moved by the head or the manager of the tier-2 body. Turn to them.",
    source=Source.OUR_DEFAULT,
)
