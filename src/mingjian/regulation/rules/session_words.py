"""What the rules of a viewing session say: each reason with its article and what to do instead."""

from mingjian.regulation import articles
from mingjian.regulation.articles import Source
from mingjian.regulation.decision import Reason

VIEWERS_AT_ONCE = articles.A15_1_4B.numbers[0].value


def too_many(*, count: int, limit: int) -> Reason:
    """Say that one more may not sit down."""
    return Reason(
        rule=articles.A15_1_4B,
        code="session.too_many_viewers",
        text_zh=f"同时查阅的人数以 {limit} 人为限，现有 {count} 人。请分批查阅，或请二级管理机构主要负责人准予例外。",
        text_en=f"At most {limit} view together, and here are {count}. Split the session, or ask the head of tier 2.",
    )


NO_OPERATOR = Reason(
    rule=articles.A15_1_3B,
    code="session.no_operator",
    text_zh="没有当班操作员在场监督，不能出示画面。请操作员到岗登录后再继续。",
    text_en="No operator on shift supervises, so nothing is shown. Go on when the operator is back at the console.",
)
OPERATOR_VIEWS = Reason(
    rule=articles.A15_1_3B,
    code="session.operator_is_viewer",
    text_zh="操作员不能监督自己查阅。请换一名操作员主持。",
    text_en="Operators do not supervise their own viewing. Let another operator conduct the session.",
    source=Source.OUR_DEFAULT,
)
NOBODY_VIEWS = Reason(
    rule=articles.A15_1_4A,
    code="session.nobody_views",
    text_zh="申请人还没有到场，不能开始。请等本人到场并核对证件。",
    text_en="The applicant is not here, so the session cannot begin. Wait for that person and check the document.",
)
NOT_APPROVED = Reason(
    rule=articles.A15_1_4A,
    code="session.not_approved",
    text_zh="在场有人不在获准名单上，不能一同查阅。请其离开，或另行申请。",
    text_en="Somebody in the room is not on the approval. That person leaves, or applies separately.",
)
NOT_IDENTIFIED = Reason(
    rule=articles.A15_1_3A,
    code="session.not_identified",
    text_zh="查阅人的证件还没有核对。请先核对有效证件并登记。",
    text_en="A viewer's document has not been checked. Check a valid identity document and register it first.",
)
NOT_A_PRINCIPAL = Reason(
    rule=articles.A15_1_4B,
    code="session.exception_needs_principal",
    text_zh="超过人数的例外由二级管理机构主要负责人决定。请报其决定，或分批查阅。",
    text_en="Only the head of the tier-2 body excepts from the limit. Ask there, or split the session.",
    source=Source.OUR_DEFAULT,
)
EXCEPTION_WITHOUT_REASON = Reason(
    rule=articles.A15_1_4B,
    code="session.exception_without_reason",
    text_zh="没有写明破例的理由。请补充理由后再提交。",
    text_en="The exception has no reason. State one and submit again.",
    source=Source.OUR_DEFAULT,
)
NOT_AN_EXCEPTION = Reason(
    rule=articles.A15_1_4B,
    code="session.exception_below_limit",
    text_zh=f"{VIEWERS_AT_ONCE} 人以内不需要例外。请填写更大的人数，或直接查阅。",
    text_en=f"Up to {VIEWERS_AT_ONCE} people need no exception. Enter a larger number, or go on without one.",
    source=Source.OUR_DEFAULT,
)
GROUNDS = (
    Reason(
        rule=articles.A15_1_3A,
        code="session.identified",
        text_zh="查阅人的证件已核对登记。",
        text_en="Every viewer's document is checked and registered.",
    ),
    Reason(
        rule=articles.A15_1_3B,
        code="session.supervised",
        text_zh="当班操作员在场监督。",
        text_en="An operator on shift supervises.",
    ),
    Reason(
        rule=articles.A15_1_4A,
        code="session.approved_only",
        text_zh="在场查阅的都是获准的本人。",
        text_en="Those who view are the persons permitted.",
    ),
    Reason(
        rule=articles.A15_1_4B,
        code="session.within_limit",
        text_zh="同时查阅的人数没有超过限度。",
        text_en="No more people view together than allowed.",
    ),
)
EXCEPTED = (
    Reason(
        rule=articles.A15_1_4B,
        code="session.exception",
        text_zh="二级管理机构主要负责人写明理由，准予超过三人同时查阅。",
        text_en="The head of the tier-2 body lets more than three view together, with a reason on record.",
        source=Source.OUR_DEFAULT,
    ),
)
OPERATOR_DECIDED = Reason(
    rule=articles.A14_C,
    code="session.operator_decided",
    text_zh="审批这份申请的人不能再主持它的查阅。请换一名操作员主持。",
    text_en="Who decided on the application does not conduct its viewing. Let another operator conduct it.",
    source=Source.OUR_DEFAULT,
)
NO_APPROVAL = Reason(
    rule=articles.A15_1_4A,
    code="session.no_approval",
    text_zh="申请没有仍然有效的同意决定，不能开始查阅。请先由二级管理机构审批。",
    text_en="The application has no approval in force, so no session begins. Let tier 2 decide on it first.",
)
SEARCH_IS_ALONE = Reason(
    rule=articles.A15_1_1A,
    code="session.search_is_alone",
    text_zh="还有查阅人在场，不能检索：只向查阅人出示相关片段。请查阅人先离场，再返回检索。",
    text_en="Viewers are in the room, so nothing is searched: they see relevant segments only. Let them leave first.",
    source=Source.OUR_DEFAULT,
)
NOTHING_MARKED = Reason(
    rule=articles.A15_1_1A,
    code="session.nothing_marked",
    text_zh="还没有标记出示片段。请先检索并标记相关片段；没有相关内容的，以“未发现线索”结束。",
    text_en="No segment is marked yet. Search and mark what is relevant; if nothing is, close with “no clue found”.",
)
STILL_SUPERVISED = Reason(
    rule=articles.A15_1_3B,
    code="session.still_supervised",
    text_zh="原操作员仍在岗监督，不能接手。请由其继续；其离岗后方可接手。",
    text_en="The session's operator is still at the console. Take it over once that operator has left.",
    source=Source.OUR_DEFAULT,
)
SUPERVISED = (
    Reason(
        rule=articles.A15_1_3B,
        code="session.supervised",
        text_zh="当班操作员在场监督。",
        text_en="An operator on shift supervises.",
    ),
)
SEARCHED = (
    Reason(
        rule=articles.A07_2_3,
        code="session.searched_by_tier_2",
        text_zh="二级管理机构的当班操作员在本校区检索获准时段。",
        text_en="An operator on shift of the campus's tier-2 body searches the approved window.",
    ),
    Reason(
        rule=articles.A15_1_1A,
        code="session.searched_first",
        text_zh="先由操作员单独检索，再按需要出示。",
        text_en="The operator searches alone first; what is needed is shown afterwards.",
    ),
)
SHOWN_AS_NEEDED = (
    Reason(
        rule=articles.A15_1_1A,
        code="session.shown_as_needed",
        text_zh="只出示操作员标记的相关片段。",
        text_en="Only segments that the operator marked as relevant are shown.",
    ),
)
