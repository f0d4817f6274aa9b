"""An application for viewing on its way to the desk: complete, accepted by tier 2 only, forwarded by tier 3."""

from dataclasses import dataclass

from mingjian.base.ticks import Ticks90k
from mingjian.regulation import articles
from mingjian.regulation.articles import Source
from mingjian.regulation.decision import Decision, Reason, decide
from mingjian.regulation.posts import APART, Capacity, Tier
from mingjian.regulation.rules import jurisdiction
from mingjian.regulation.rules.jurisdiction import JurisdictionFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationFacts:
    """What an application says. `place` is where it happened; the footage asked for is [start, end).

    `is_internal`: the applicant is a member of the university, as its directory says.
    """

    is_internal: bool
    reason: str
    place: str
    start_90k: Ticks90k
    end_90k: Ticks90k
    now_90k: Ticks90k


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptanceFacts:
    """In which capacity somebody would take up an application, and the campus of its cameras."""

    capacity: Capacity
    campus: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ForwardingFacts:
    """In which capacity somebody would forward an application, and whether it names the person who applies."""

    capacity: Capacity
    is_applicant_named: bool


def may_submit(facts: ApplicationFacts) -> Decision:
    """Decide whether an application is complete enough to be submitted (A15.1.1a, A15.1.1b, A14.b).

    The footage must lie in the past in part at least: what is yet to be recorded cannot be needed.
    """
    obstacles = []
    if not facts.is_internal:
        obstacles.append(_OUTSIDER)
    if not facts.reason.strip():
        obstacles.append(_NO_REASON)
    if not facts.place.strip():
        obstacles.append(_NO_PLACE)
    if facts.start_90k >= facts.end_90k:
        obstacles.append(_NO_TIME)
    elif facts.start_90k >= facts.now_90k:
        obstacles.append(_IN_THE_FUTURE)
    return decide(grounds=_COMPLETE, obstacles=obstacles)


def may_apply(capacity: Capacity, *, campus: str = "") -> Decision:
    """Decide whether somebody acting so may apply (A15.1.1a): as a member of the university, or of a tier-2 body.

    Whoever acts for a unit forwards, tier 1 supervises, administrators run the platform; each may still apply in
    person. That the capacity decides is our default. `campus`: where it happened, empty as long as nobody said;
    a tier-2 body's work lies on its own campuses (A07.2.0).
    """
    if not APART.isdisjoint(capacity.posts):
        obstacles = [_AS_ADMINISTRATOR]
    elif capacity.tier is Tier.THIRD:
        obstacles = [_AS_UNIT]
    else:
        obstacles = [_AS_TIER_1] if capacity.tier is Tier.FIRST else []
    if capacity.tier is Tier.SECOND and campus and campus not in capacity.campuses:
        obstacles.append(_AS_ANOTHER_CAMPUS)
    return decide(grounds=_APPLIED, obstacles=obstacles)


def may_accept(facts: AcceptanceFacts) -> Decision:
    """Decide whether this body takes up the application: tier 2 of the campus alone (A15.1.2a, A07.2.0, A07.1.3b)."""
    if facts.capacity.tier is Tier.THIRD:
        return decide(grounds=(), obstacles=(TIER_3_ACCEPTS_NOTHING,))
    asked = JurisdictionFacts(capacity=facts.capacity, campus=facts.campus)
    return decide(grounds=_ACCEPTED_BY_TIER_2, obstacles=jurisdiction.obstacles(asked))


def may_forward(facts: ForwardingFacts) -> Decision:
    """Decide whether somebody of a tier-3 body may pass an applicant's matter on to tier 2 (A15.1.2b)."""
    obstacles = []
    if facts.capacity.tier is not Tier.THIRD:
        obstacles.append(_NOT_A_FORWARDER)
    if not facts.is_applicant_named:
        obstacles.append(_FOR_NOBODY)
    return decide(grounds=_FORWARDED, obstacles=obstacles)


TIER_3_ACCEPTS_NOTHING = Reason(
    rule=articles.A15_1_2A,
    code="applying.tier_3",
    text_zh="三级管理机构不受理查阅申请。请向申请人说明流程，并协助其转交二级管理机构。",
    text_en="A tier-3 body accepts no application. Explain the procedure and forward it to tier 2 for the applicant.",
)
_AS_UNIT = Reason(
    rule=articles.A15_1_2B,
    code="applying.as_unit",
    text_zh="三级管理机构只协助和转交，不以单位身份申请。本人需要查阅的，请把办理身份换为“校内人员”后申请。",
    text_en="A unit assists and forwards. To view something yourself, change your capacity to member and apply.",
    source=Source.OUR_DEFAULT,
)
_AS_ANOTHER_CAMPUS = Reason(
    rule=articles.A07_2_0,
    code="applying.as_another_campus",
    text_zh="以本机构身份只能就所管校区的工作提出申请。本人需要查阅的，请把办理身份换为“校内人员”后申请。",
    text_en="For your body you apply for its own campuses. To view something yourself, change your capacity to member.",
)
_AS_TIER_1 = Reason(
    rule=articles.A07_1_3B,
    code="applying.as_tier_1",
    text_zh="一级管理机构监督查阅，不以监督身份申请。本人需要查阅的，请把办理身份换为“校内人员”后申请。",
    text_en="Tier 1 supervises viewings. To view something yourself, change your capacity to member and apply.",
    source=Source.OUR_DEFAULT,
)
_AS_ADMINISTRATOR = Reason(
    rule=articles.A14_C,
    code="applying.as_administrator",
    text_zh="平台管理员和纪检监察人员不参与查阅。本人需要查阅的，请把办理身份换为“校内人员”后申请。",
    text_en="Administrators take no part in viewings. To view something yourself, change your capacity to member.",
    source=Source.OUR_DEFAULT,
)
_OUTSIDER = Reason(
    rule=articles.A15_1_1B,
    code="applying.outsider",
    text_zh="校外人员不能自行申请。请先向公安或司法机关报案，受理后由执法人员陪同前来。",
    text_en="Outsiders cannot apply by themselves. Report to the police or a judicial organ; come with officers.",
)
_NO_REASON = Reason(
    rule=articles.A15_1_1A,
    code="applying.no_reason",
    text_zh="没有写明查阅事由。请写清发生了什么、要找什么。",
    text_en="The reason is missing. Say what happened and what is looked for.",
)
_NO_PLACE = Reason(
    rule=articles.A15_1_1A,
    code="applying.no_place",
    text_zh="没有写明地点。请写清事情发生在哪里，或选择摄像机。",
    text_en="The place is missing. Say where it happened, or choose cameras.",
    source=Source.OUR_DEFAULT,
)
_NO_TIME = Reason(
    rule=articles.A15_1_1A,
    code="applying.no_time",
    text_zh="起止时间不对，结束应晚于开始。请重新填写时段。",
    text_en="The end must come after the beginning. Enter the time again.",
    source=Source.OUR_DEFAULT,
)
_IN_THE_FUTURE = Reason(
    rule=articles.A15_1_1A,
    code="applying.in_the_future",
    text_zh="所填时段还没有到，没有录像可查。请填写已经过去的时段。",
    text_en="That time has not come yet, so there is no footage. Enter a time that has passed.",
    source=Source.OUR_DEFAULT,
)
_NOT_A_FORWARDER = Reason(
    rule=articles.A15_1_2B,
    code="applying.not_a_forwarder",
    text_zh="转交是三级管理机构的协助方式。本人需要查阅的请直接申请，二级管理机构请直接受理。",
    text_en="Forwarding is how tier 3 assists. To view something yourself, apply; tier 2 takes applications up itself.",
)
_FOR_NOBODY = Reason(
    rule=articles.A15_1_2B,
    code="applying.for_nobody",
    text_zh="转交的申请没有写明申请人。请填写申请人本人的信息。",
    text_en="The application names no applicant. Enter the person who applies.",
)
_COMPLETE = (
    Reason(
        rule=articles.A15_1_1A,
        code="applying.complete",
        text_zh="校内人员提出，事由、地点和时段齐全。",
        text_en="A member of the university applies, with reason, place and time.",
    ),
)
_APPLIED = (
    Reason(
        rule=articles.A15_1_1A,
        code="applying.in_person",
        text_zh="校内人员本人，或二级管理机构因工作提出。",
        text_en="A member of the university in person, or tier 2 for its work.",
    ),
)
_ACCEPTED_BY_TIER_2 = (
    Reason(
        rule=articles.A15_1_2A,
        code="applying.accepted_by_tier_2",
        text_zh="由点位所在校区的二级管理机构受理。",
        text_en="The tier-2 body of the campus takes the application up.",
    ),
    *jurisdiction.GROUNDS,
)
_FORWARDED = (
    Reason(
        rule=articles.A15_1_2B,
        code="applying.forwarded",
        text_zh="三级管理机构协助申请人转交，不作决定。",
        text_en="The tier-3 body forwards for the applicant and decides nothing.",
    ),
)
