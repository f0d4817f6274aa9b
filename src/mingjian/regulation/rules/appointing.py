"""Who appoints whom (Articles 7 and 8), and that nobody appoints themselves.

The text says that the head of a unit is its safety-responsible person and names managers and operators. That heads are
appointed from above, and all others by the head of their body, is our mild reading of it and is labelled so.
"""

from dataclasses import dataclass

from mingjian.regulation import articles
from mingjian.regulation.articles import Source
from mingjian.regulation.decision import Decision, Reason, decide
from mingjian.regulation.posts import PRINCIPALS, Post

# Who finds persons in order to appoint them.
APPOINTERS = PRINCIPALS | {Post.SAFETY_RESPONSIBLE}
# Named by the safety-responsible person of the unit itself.
NAMED_BY_RESPONSIBLE = frozenset({Post.MANAGER, Post.OPERATOR})
# Nobody gives these to a colleague of the own body: they come from above.
FROM_ABOVE = frozenset({Post.PRINCIPAL, Post.SAFETY_RESPONSIBLE})


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointingFacts:
    """Who would give or take which post. `is_above`: the appointer's body is above the one of the post."""

    appointer_post: Post | None
    is_own_body: bool
    is_above: bool
    is_oneself: bool
    post: Post


def may_appoint(facts: AppointingFacts) -> Decision:
    """Decide whether this capacity gives the post, or ends it (A08.a, A08.b)."""
    obstacles = [_ONESELF] if facts.is_oneself else []
    if facts.post is Post.DISCIPLINE_INSPECTOR:
        return decide(grounds=(), obstacles=[*obstacles, _BY_THE_SCHOOL])
    if facts.appointer_post in PRINCIPALS:
        if facts.is_own_body and _is_from_above(facts):
            obstacles.append(_FROM_ABOVE)
        elif not (facts.is_own_body or facts.is_above):
            obstacles.append(_OTHER_BODY)
    elif facts.appointer_post is Post.SAFETY_RESPONSIBLE and facts.is_own_body:
        if facts.post not in NAMED_BY_RESPONSIBLE:
            obstacles.append(_ONLY_MANAGERS_AND_OPERATORS)
    else:
        obstacles.append(_OTHER_BODY)
    return decide(grounds=(ground_of(facts.post),), obstacles=obstacles)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmingFacts:
    """Who would confirm that a password given reached the person appointed. `is_giver`: who gave it."""

    appointing: AppointingFacts
    is_giver: bool


def may_confirm(facts: ConfirmingFacts) -> Decision:
    """Decide whether this capacity confirms the hand-over of a post after a gift of a password (A08.a, A08.b)."""
    if facts.is_giver:
        return Decision(allowed=False, reasons=(_GIVER,))
    return may_appoint(facts.appointing)


def ground_of(post: Post) -> Reason:
    """Return the rule that an appointment to this post rests on."""
    if post in NAMED_BY_RESPONSIBLE:
        return _NAMED
    if post is Post.DISCIPLINE_INSPECTOR:
        return _INSPECTING
    return _HEAD if post in FROM_ABOVE else _ORDERED


def _is_from_above(facts: AppointingFacts) -> bool:
    stand_in = facts.appointer_post is Post.ACTING_PRINCIPAL and facts.post is Post.ACTING_PRINCIPAL
    return facts.post in FROM_ABOVE or stand_in


_ONESELF = Reason(
    rule=articles.A08_B,
    code="appointing.oneself",
    text_zh="不能任免自己。请由另一位有权人员办理。",
    text_en="Nobody appoints or dismisses themselves. Somebody else with that power has to.",
    source=Source.OUR_DEFAULT,
)
_FROM_ABOVE = Reason(
    rule=articles.A08_A,
    code="appointing.from_above",
    text_zh="主要负责人和安全责任人由上级机构的主要负责人任免，代理人不再任命代理人。请报上级机构。",
    text_en="Heads and safety-responsible persons are appointed from the body above; a stand-in appoints no stand-in. "
    "Ask the body above.",
    source=Source.OUR_DEFAULT,
)
_OTHER_BODY = Reason(
    rule=articles.A08_B,
    code="appointing.other_body",
    text_zh="您现在的身份不任免这个机构的人员。请由该机构的主要负责人或安全责任人办理。",
    text_en="In this capacity you appoint nobody in that body. Its head or its safety-responsible person does.",
    source=Source.OUR_DEFAULT,
)
_BY_THE_SCHOOL = Reason(
    rule=articles.A07_1_3B,
    code="appointing.by_the_school",
    text_zh="纪检监察人员由学校发文确定，不由被监督的机构任免。请凭文件由平台系统管理员在服务器上登记。",
    text_en="Discipline inspectors are named by the school, not by whom they inspect. The system administrator enters "
    "them on the server, on paper.",
    source=Source.OUR_DEFAULT,
)
_ONLY_MANAGERS_AND_OPERATORS = Reason(
    rule=articles.A08_B,
    code="appointing.managers_and_operators",
    text_zh="安全责任人只指定监控系统管理员和操作员。其他职务请由本机构主要负责人办理。",
    text_en="A safety-responsible person names managers and operators. Other posts are given by the head of the body.",
)
_GIVER = Reason(
    rule=articles.A08_B,
    code="appointing.giver",
    text_zh="发放一次性密码的人不确认交接。请由有权任命的另一人核实本人后确认。",
    text_en="Whoever gave the one-time password does not confirm the hand-over. Somebody else who appoints does, "
    "having seen the person.",
    source=Source.OUR_DEFAULT,
)
WITHHELD = Reason(
    rule=articles.A08_B,
    code="appointing.withheld",
    text_zh="账号由他人发放过一次性密码，所任职务暂停，只能以校内人员身份办理。请本机构主要负责人、安全责任人或上级机构核实本人后，"
    "在“人员与任命”中确认交接。",
    text_en="Somebody gave this account a one-time password, so its posts are withheld and it acts as a member of the "
    "university only. Ask the head or safety-responsible person of the body, or the body above, to confirm the "
    "hand-over under People and posts.",
    source=Source.OUR_DEFAULT,
)
_NAMED = Reason(
    rule=articles.A08_B,
    code="appointing.named",
    text_zh="管理员和操作员由安全责任人或主要负责人指定。",
    text_en="Managers and operators are named by the safety-responsible person or the head.",
)
_HEAD = Reason(
    rule=articles.A08_A,
    code="appointing.head",
    text_zh="单位的主要负责人就是安全责任人，由上级机构任命。",
    text_en="The head of a unit is its safety-responsible person, appointed from above.",
)
_INSPECTING = Reason(
    rule=articles.A07_1_3B,
    code="appointing.inspecting",
    text_zh="涉及一级管理机构自身的事由纪检监察机构办理，其人员由学校确定。",
    text_en="What concerns tier 1 itself goes to discipline inspection, whose people the school names.",
    source=Source.OUR_DEFAULT,
)
_ORDERED = Reason(
    rule=articles.A07_2_0,
    code="appointing.ordered",
    text_zh="机构的主要负责人安排本机构的职务。",
    text_en="The head of a body gives the posts of the body.",
    source=Source.OUR_DEFAULT,
)
