"""Who enters units of tier 3 (Article 7): the head of the body that answers for their campuses, or the school's.

The text says which bodies look after the units of which campus, not who writes them down: that it is the head, and
where, is our mild reading of it and is labelled so.
"""

from dataclasses import dataclass

from mingjian.regulation import articles
from mingjian.regulation.articles import Source
from mingjian.regulation.decision import Decision, Reason, decide
from mingjian.regulation.posts import PRINCIPALS, Post, Tier


@dataclass(frozen=True, slots=True, kw_only=True)
class EnteringFacts:
    """Who would enter a unit where. `is_below_own`: it would stand below the body acted for."""

    post: Post | None
    tier: Tier | None
    is_below_own: bool
    are_campuses_own: bool


def may_enter(facts: EnteringFacts) -> Decision:
    """Decide whether this capacity enters the unit (A07.2.0)."""
    obstacles = []
    if facts.post not in PRINCIPALS or facts.tier not in {Tier.FIRST, Tier.SECOND}:
        obstacles.append(_NO_HEAD)
    else:
        if not facts.are_campuses_own:
            obstacles.append(_OTHER_CAMPUS)
        if not facts.is_below_own:
            obstacles.append(_OTHER_BODY)
    return decide(grounds=(_GROUND,), obstacles=obstacles)


_NO_HEAD = Reason(
    rule=articles.A07_2_0,
    code="entering.no_head",
    text_zh="单位由一级或二级管理机构的主要负责人录入。请报本校区的二级管理机构。",
    text_en="Units are entered by the head of a body of tier 1 or 2. Ask the tier-2 body of the campus.",
    source=Source.OUR_DEFAULT,
)
_OTHER_CAMPUS = Reason(
    rule=articles.A07_2_0,
    code="entering.other_campus",
    text_zh="这个校区不归您现在代表的机构管。请由该校区的二级管理机构或一级管理机构录入。",
    text_en="The body you act for does not look after that campus. Its tier-2 body, or tier 1, enters the unit.",
)
_OTHER_BODY = Reason(
    rule=articles.A07_2_0,
    code="entering.other_body",
    text_zh="只能在您现在代表的机构之下录入单位。请改填上级机构，或由那个机构录入。",
    text_en="Units are entered below the body you act for only. Change the body above, or let that body enter it.",
    source=Source.OUR_DEFAULT,
)
_GROUND = Reason(
    rule=articles.A07_2_0,
    code="entering.head",
    text_zh="二级管理机构各管各的校区，校区内的单位由其主要负责人录入。",
    text_en="Each tier-2 body looks after its campuses; its head enters their units.",
    source=Source.OUR_DEFAULT,
)
