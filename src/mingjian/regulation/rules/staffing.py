"""Who a system has to have (Article 8): one who answers for its safety, a manager and an operator, part-time or not.

The text asks for the three and lets them be part-time; that the manager, who looks after the operators (Article 17), is
not the only operator, too, is our default and may be set otherwise.
"""

from dataclasses import dataclass

from mingjian.regulation import articles
from mingjian.regulation.articles import Source
from mingjian.regulation.decision import Decision, Reason, decide
from mingjian.regulation.posts import PRINCIPALS, Post
from mingjian.regulation.rules import appointing
from mingjian.regulation.rules.appointing import AppointingFacts

# The head of a unit is its safety-responsible person, with or without a post of that name.
RESPONSIBLE = PRINCIPALS | {Post.SAFETY_RESPONSIBLE}
# Who looks after whom: by default not one person in one body.
COUNTERPART = {Post.MANAGER: Post.OPERATOR, Post.OPERATOR: Post.MANAGER}


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffingFacts:
    """Who holds what in the body of a system, by person; `are_distinct` as the school set it."""

    responsible: frozenset[str]
    managers: frozenset[str]
    operators: frozenset[str]
    are_distinct: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GivingFacts:
    """Who would give which post, and whether that person holds the counterpart in the same body."""

    appointing: AppointingFacts
    holds_counterpart: bool
    are_distinct: bool


def may_run(facts: StaffingFacts) -> Decision:
    """Decide whether a body has whom a system needs (A08.a, A08.b)."""
    obstacles = []
    if not facts.responsible:
        obstacles.append(_NOBODY_RESPONSIBLE)
    if not facts.managers:
        obstacles.append(_NO_MANAGER)
    if not facts.operators:
        obstacles.append(_NO_OPERATOR)
    is_one_person = len(facts.managers) == 1 and facts.managers == facts.operators
    if facts.are_distinct and is_one_person:
        obstacles.append(_ONE_PERSON)
    return decide(grounds=(_RESPONSIBLE, _DESIGNATED), obstacles=obstacles)


def may_give(facts: GivingFacts) -> Decision:
    """Decide whether the post is given: as who appoints, and not to who would look after themselves (A08.a, A08.b)."""
    decision = appointing.may_appoint(facts.appointing)
    if not decision.allowed or not (facts.are_distinct and facts.holds_counterpart):
        return decision
    return decide(grounds=(), obstacles=(_LOOKS_AFTER_ONESELF,))


_NOBODY_RESPONSIBLE = Reason(
    rule=articles.A08_A,
    code="staffing.nobody_responsible",
    text_zh="没有主要负责人，也没有安全责任人。请上级机构任命。",
    text_en="There is no head and nobody responsible for safety. Have the body above appoint one.",
)
_NO_MANAGER = Reason(
    rule=articles.A08_B,
    code="staffing.no_manager",
    text_zh="没有监控系统管理员（可以兼职）。请安全责任人或主要负责人指定。",
    text_en="There is no manager of the system, part-time or not. Whoever is responsible for safety names one.",
)
_NO_OPERATOR = Reason(
    rule=articles.A08_B,
    code="staffing.no_operator",
    text_zh="没有监控系统操作员（可以兼职）。请安全责任人或主要负责人指定。",
    text_en="There is no operator of the system, part-time or not. Whoever is responsible for safety names one.",
)
_ONE_PERSON = Reason(
    rule=articles.A08_B,
    code="staffing.one_person",
    text_zh="管理员和操作员只有同一个人，无人督促（学校可以规定允许）。请另指定一人。",
    text_en="Manager and operator are one person only, so nobody looks after the work. "
    "Name another, or have the school allow it.",
    source=Source.OUR_DEFAULT,
)
_LOOKS_AFTER_ONESELF = Reason(
    rule=articles.A08_B,
    code="staffing.looks_after_oneself",
    text_zh="管理员督促操作员，同一机构不由一人兼任（学校可以规定允许）。请另选一人，或先解除原职务。",
    text_en="The manager looks after the operators, so one person is not both in one body unless the school allows it. "
    "Choose somebody else, or end the other post first.",
    source=Source.OUR_DEFAULT,
)
_RESPONSIBLE = Reason(
    rule=articles.A08_A,
    code="staffing.responsible",
    text_zh="本机构有安全责任人。",
    text_en="Somebody answers for the safety of the system.",
)
_DESIGNATED = Reason(
    rule=articles.A08_B,
    code="staffing.designated",
    text_zh="管理员和操作员都已指定。",
    text_en="Managers and operators are named.",
)
