"""A viewing session as it stands now: who supervises, who views, and how many of them (Article 15 (1) items 3, 4)."""

from collections.abc import Iterator
from dataclasses import dataclass

from mingjian.regulation import articles
from mingjian.regulation.articles import Source
from mingjian.regulation.decision import Decision, Reason, decide
from mingjian.regulation.posts import PRINCIPALS, Capacity, Post
from mingjian.regulation.rules import jurisdiction, media
from mingjian.regulation.rules.jurisdiction import JurisdictionFacts

VIEWERS_AT_ONCE = articles.A15_1_4B.numbers[0].value


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """Somebody who would look at the pictures. Operator and accompanying officers are none."""

    person_id: str
    is_approved: bool
    is_identity_checked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomFacts:
    """The session as it would be: its operator and everybody in the room who views.

    `is_operator_present`: signed in at the console and on shift. `viewer_limit` is three, or what a principal's
    recorded exception allows.
    """

    operator_id: str
    operator_posts: frozenset[Post]
    is_operator_present: bool
    viewers: tuple[Viewer, ...]
    viewer_limit: int = VIEWERS_AT_ONCE


@dataclass(frozen=True, slots=True, kw_only=True)
class ExceptionFacts:
    """Who would let more than three view together, on which campus, how many, and why."""

    capacity: Capacity
    campus: str
    viewer_limit: int
    reason: str


def may_show(facts: RoomFacts) -> Decision:
    """Decide whether pictures may be shown in this room (A15.1.3a, A15.1.3b, A15.1.4a, A15.1.4b).

    Ask when the session opens, for the room with each newcomer, and again before each lease.
    """
    obstacles = [*media.obstacles_of_posts(facts.operator_posts), *_of_operator(facts), *_of_viewers(facts)]
    return decide(grounds=_GROUNDS, obstacles=obstacles)


def may_raise_limit(facts: ExceptionFacts) -> Decision:
    """Decide on an exception from the limit: by the head of the campus's tier-2 body, with a reason (A15.1.4b).

    The text only says 原则上; that the head decides, and must say why, is our default.
    """
    obstacles = jurisdiction.obstacles(JurisdictionFacts(capacity=facts.capacity, campus=facts.campus))
    if PRINCIPALS.isdisjoint(facts.capacity.posts):
        obstacles.append(_NOT_A_PRINCIPAL)
    if not facts.reason.strip():
        obstacles.append(_EXCEPTION_WITHOUT_REASON)
    if facts.viewer_limit <= VIEWERS_AT_ONCE:
        obstacles.append(_NOT_AN_EXCEPTION)
    return decide(grounds=_EXCEPTED, obstacles=obstacles)


def _of_operator(facts: RoomFacts) -> Iterator[Reason]:
    if Post.OPERATOR not in facts.operator_posts or not facts.is_operator_present:
        yield _NO_OPERATOR
    if facts.operator_id in {viewer.person_id for viewer in facts.viewers}:
        yield _OPERATOR_VIEWS


def _of_viewers(facts: RoomFacts) -> Iterator[Reason]:
    if not facts.viewers:
        yield _NOBODY_VIEWS
    if not all(viewer.is_approved for viewer in facts.viewers):
        yield _NOT_APPROVED
    if not all(viewer.is_identity_checked for viewer in facts.viewers):
        yield _NOT_IDENTIFIED
    count = len({viewer.person_id for viewer in facts.viewers})
    if count > facts.viewer_limit:
        yield _too_many(count=count, limit=facts.viewer_limit)


def _too_many(*, count: int, limit: int) -> Reason:
    return Reason(
        rule=articles.A15_1_4B,
        code="session.too_many_viewers",
        text_zh=f"同时查阅的人数以 {limit} 人为限，现有 {count} 人。请分批查阅，或请二级管理机构主要负责人准予例外。",
        text_en=f"At most {limit} view together, and here are {count}. Split the session, or ask the head of tier 2.",
    )


_NO_OPERATOR = Reason(
    rule=articles.A15_1_3B,
    code="session.no_operator",
    text_zh="没有当班操作员在场监督，不能出示画面。请操作员到岗登录后再继续。",
    text_en="No operator on shift supervises, so nothing is shown. Go on when the operator is back at the console.",
)
_OPERATOR_VIEWS = Reason(
    rule=articles.A15_1_3B,
    code="session.operator_is_viewer",
    text_zh="操作员不能监督自己查阅。请换一名操作员主持。",
    text_en="Operators do not supervise their own viewing. Let another operator conduct the session.",
    source=Source.OUR_DEFAULT,
)
_NOBODY_VIEWS = Reason(
    rule=articles.A15_1_4A,
    code="session.nobody_views",
    text_zh="申请人还没有到场，不能开始。请等本人到场并核对证件。",
    text_en="The applicant is not here, so the session cannot begin. Wait for that person and check the document.",
)
_NOT_APPROVED = Reason(
    rule=articles.A15_1_4A,
    code="session.not_approved",
    text_zh="在场有人不在获准名单上，不能一同查阅。请其离开，或另行申请。",
    text_en="Somebody in the room is not on the approval. That person leaves, or applies separately.",
)
_NOT_IDENTIFIED = Reason(
    rule=articles.A15_1_3A,
    code="session.not_identified",
    text_zh="查阅人的证件还没有核对。请先核对有效证件并登记。",
    text_en="A viewer's document has not been checked. Check a valid identity document and register it first.",
)
_NOT_A_PRINCIPAL = Reason(
    rule=articles.A15_1_4B,
    code="session.exception_needs_principal",
    text_zh="超过人数的例外由二级管理机构主要负责人决定。请报其决定，或分批查阅。",
    text_en="Only the head of the tier-2 body excepts from the limit. Ask there, or split the session.",
    source=Source.OUR_DEFAULT,
)
_EXCEPTION_WITHOUT_REASON = Reason(
    rule=articles.A15_1_4B,
    code="session.exception_without_reason",
    text_zh="没有写明破例的理由。请补充理由后再提交。",
    text_en="The exception has no reason. State one and submit again.",
    source=Source.OUR_DEFAULT,
)
_NOT_AN_EXCEPTION = Reason(
    rule=articles.A15_1_4B,
    code="session.exception_below_limit",
    text_zh=f"{VIEWERS_AT_ONCE} 人以内不需要例外。请填写更大的人数，或直接查阅。",
    text_en=f"Up to {VIEWERS_AT_ONCE} people need no exception. Enter a larger number, or go on without one.",
    source=Source.OUR_DEFAULT,
)
_GROUNDS = (
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
_EXCEPTED = (
    Reason(
        rule=articles.A15_1_4B,
        code="session.exception",
        text_zh="二级管理机构主要负责人写明理由，准予超过三人同时查阅。",
        text_en="The head of the tier-2 body lets more than three view together, with a reason on record.",
        source=Source.OUR_DEFAULT,
    ),
)
