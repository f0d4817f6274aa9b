"""Deciding on an application for viewing: another person, with the post, in the tier-2 body of the one campus."""

from dataclasses import dataclass

from mingjian.regulation import articles
from mingjian.regulation.articles import Source
from mingjian.regulation.decision import Decision, Reason, decide
from mingjian.regulation.posts import APART, DECIDERS, Capacity, Tier
from mingjian.regulation.rules import conflicts, jurisdiction
from mingjian.regulation.rules.applying import TIER_3_ACCEPTS_NOTHING
from mingjian.regulation.rules.conflicts import Tie
from mingjian.regulation.rules.jurisdiction import JurisdictionFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidingFacts:
    """Who would decide, for whom, and on which campuses the cameras asked for stand.

    `applicant_ids` are everybody who would view, and whoever wrote the application for them; `barred_ids` whose refusal
    was objected to. `on_behalf_of_id` is who lent the decider the post, empty without one: what bars that person bars
    the delegate. `ties` are what ties either to the matter; `is_routed`: the campus's body has nobody untied.
    """

    capacity: Capacity
    decider_id: str
    applicant_ids: frozenset[str]
    camera_campuses: frozenset[str]
    barred_ids: frozenset[str] = frozenset()
    on_behalf_of_id: str = ""
    ties: frozenset[Tie] = frozenset()
    is_routed: bool = False


def may_decide(facts: DecidingFacts) -> Decision:
    """Decide whether this person may approve or refuse the application (A07.2.0, A07.2.3, A14.c, A15.1.2a).

    That nobody decides the own application, that administrators decide none, and that tier 1 decides where everybody
    of the campus's body is tied to the matter (A07.1.3b), is our reading of A14 (登记审批制度) and of supervision.
    """
    obstacles = obstacles_of_person(facts)
    if facts.capacity.tier is Tier.FIRST and facts.is_routed:
        if conflicts.ROUTED_TO.isdisjoint(facts.capacity.posts):
            obstacles.append(_WITHOUT_POST)
        return decide(grounds=(_ROUTED, _BY_ANOTHER), obstacles=(*obstacles, *_obstacles_of_cameras(facts)))
    if facts.capacity.tier is Tier.THIRD:
        obstacles.append(TIER_3_ACCEPTS_NOTHING)
    else:
        obstacles.extend(_obstacles_of_body(facts))
    return decide(grounds=_GROUNDS, obstacles=obstacles)


def obstacles_of_person(facts: DecidingFacts) -> list[Reason]:
    """Return what speaks against this person, whatever the body; for rules that ask it among other things."""
    found = []
    if facts.decider_id in facts.applicant_ids:
        found.append(_OWN_APPLICATION)
    elif facts.on_behalf_of_id in facts.applicant_ids:
        found.append(_LENDERS_APPLICATION)
    if not facts.barred_ids.isdisjoint({facts.decider_id, facts.on_behalf_of_id}):
        found.append(_REFUSED_BEFORE)
    found.extend(conflicts.obstacles_of(facts.ties))
    if not APART.isdisjoint(facts.capacity.posts):
        found.append(_ADMINISTRATOR)
    elif facts.capacity.tier is Tier.SECOND and DECIDERS.isdisjoint(facts.capacity.posts):
        found.append(_WITHOUT_POST)
    return found


def _obstacles_of_cameras(facts: DecidingFacts) -> list[Reason]:
    if not facts.camera_campuses:
        return [_NO_CAMERA]
    return [_SEVERAL_CAMPUSES] if len(facts.camera_campuses) > 1 else []


def _obstacles_of_body(facts: DecidingFacts) -> list[Reason]:
    if found := _obstacles_of_cameras(facts):
        return found
    (campus,) = facts.camera_campuses
    return jurisdiction.obstacles(JurisdictionFacts(capacity=facts.capacity, campus=campus))


_OWN_APPLICATION = Reason(
    rule=articles.A14_C,
    code="deciding.own_application",
    text_zh="这是您本人的申请，不能自己决定。请交本机构的其他审核人办理。",
    text_en="This is your own application, so another reviewer of the body decides it.",
    source=Source.OUR_DEFAULT,
)
_LENDERS_APPLICATION = Reason(
    rule=articles.A14_C,
    code="deciding.lenders_application",
    text_zh="这是委托您代办的人本人的申请，受托人也不能决定。请交本机构的其他审核人办理。",
    text_en="This is the application of the person whose post you hold, so another reviewer of the body decides it.",
    source=Source.OUR_DEFAULT,
)
_REFUSED_BEFORE = Reason(
    rule=articles.A14_C,
    code="deciding.refused_before",
    text_zh="原来的不予同意由您作出，申请人已申请复核，不能再由您办理。请交本机构的其他审核人；没有他人的，由一级管理机构督办。",
    text_en="You refused this and the applicant objected, so another reviewer of the body, or tier 1, goes on.",
    source=Source.OUR_DEFAULT,
)
_ADMINISTRATOR = Reason(
    rule=articles.A14_C,
    code="deciding.administrator",
    text_zh="平台管理员和纪检监察人员不参与审批。请由二级管理机构的审核人办理。",
    text_en="Administrators and discipline inspectors decide no applications. Leave it to a reviewer of tier 2.",
    source=Source.OUR_DEFAULT,
)
_WITHOUT_POST = Reason(
    rule=articles.A07_2_3,
    code="deciding.without_post",
    text_zh="您的岗位不能决定查阅申请。请交本机构的审核人或主要负责人办理。",
    text_en="Your post does not decide applications. Hand it to a reviewer or the head of the body.",
    source=Source.OUR_DEFAULT,
)
_NO_CAMERA = Reason(
    rule=articles.A15_1_1A,
    code="deciding.no_camera",
    text_zh="申请还没有确定摄像机，无从决定。请先按地点和时段选定摄像机。",
    text_en="No camera has been settled, so there is nothing to decide. Choose cameras by place and time first.",
    source=Source.OUR_DEFAULT,
)
_SEVERAL_CAMPUSES = Reason(
    rule=articles.A07_2_0,
    code="deciding.several_campuses",
    text_zh="申请涉及不止一个校区，不能一并决定。请按校区拆成几份，分别办理。",
    text_en="The application reaches over several campuses. Split it by campus and have each decided on its own.",
    source=Source.OUR_DEFAULT,
)
_ROUTED = Reason(
    rule=articles.A07_1_3B,
    code="deciding.routed",
    text_zh="所在校区的二级管理机构没有可以审批的人（均须回避），由一级管理机构办理。",
    text_en="Everybody of the campus's body who decides has a part in it, so tier 1 decides.",
    source=Source.OUR_DEFAULT,
)
_BY_ANOTHER = Reason(
    rule=articles.A14_C,
    code="deciding.by_another",
    text_zh="由申请人以外的人审批。",
    text_en="Somebody else than the applicant decides.",
    source=Source.OUR_DEFAULT,
)
_GROUNDS = (
    Reason(
        rule=articles.A07_2_3,
        code="deciding.right_of_tier_2",
        text_zh="查阅由点位所在校区的二级管理机构决定。",
        text_en="The tier-2 body of the campus decides on viewing.",
    ),
    *jurisdiction.GROUNDS,
    _BY_ANOTHER,
)
