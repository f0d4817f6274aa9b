"""The auditor's queries (疑问单): who asks, who answers, and that nobody answers for the own act (A18.1, A07.1.3).

The auditor changes nothing. What becomes of a query is told by the body responsible; about the conduct of the people of
the office that is tier 1 it is discipline inspection that answers. All of it is our reading of the ledger that A18
demands and of who supervises whom (A07.1.3).
"""

from dataclasses import dataclass

from mingjian.regulation import articles
from mingjian.regulation.articles import Source
from mingjian.regulation.decision import Decision, Reason, decide
from mingjian.regulation.posts import PRINCIPALS, Capacity, Post, Tier

# Who answers for a body.
ANSWERERS = PRINCIPALS | {Post.MANAGER, Post.SAFETY_RESPONSIBLE}


@dataclass(frozen=True, slots=True, kw_only=True)
class AskingFacts:
    """Who asks about what, and whom. `is_about_conduct`: about what somebody did, not about a matter.

    `concerns_first_office`: that person, or who acted, is of the office that is tier 1.
    """

    capacity: Capacity
    is_about_conduct: bool
    concerns_first_office: bool
    is_to_inspection: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweringFacts:
    """Who would answer, in person and for whom. `is_own_body`: the query was put to the body acted for."""

    capacity: Capacity
    person_ids: frozenset[str]
    is_own_body: bool
    concerned_id: str


def goes_to_inspection(*, is_about_conduct: bool, concerns_first_office: bool) -> bool:
    """Say whether discipline inspection answers, and not the body itself (A07.1.3; our reading)."""
    return is_about_conduct and concerns_first_office


def may_ask(facts: AskingFacts) -> Decision:
    """Decide whether this capacity puts the query to that addressee (A18.1, A07.1.3b)."""
    obstacles = [] if Post.AUDIT_ADMINISTRATOR in facts.capacity.posts else [_THE_AUDITORS]
    is_due = goes_to_inspection(
        is_about_conduct=facts.is_about_conduct, concerns_first_office=facts.concerns_first_office
    )
    if is_due and not facts.is_to_inspection:
        obstacles.append(_NOT_THE_OFFICE_ITSELF)
    return decide(grounds=_ASKING, obstacles=obstacles)


def may_answer(facts: AnsweringFacts) -> Decision:
    """Decide whether this person answers for the body (A07.1.3b)."""
    is_inspector = facts.capacity.tier is Tier.OUTSIDE and Post.DISCIPLINE_INSPECTOR in facts.capacity.posts
    obstacles = []
    if not facts.is_own_body or not (is_inspector or not ANSWERERS.isdisjoint(facts.capacity.posts)):
        obstacles.append(_THE_BODYS)
    if facts.concerned_id in facts.person_ids:
        obstacles.append(_ONES_OWN_ACT)
    return decide(grounds=_ANSWERING, obstacles=obstacles)


_THE_AUDITORS = Reason(
    rule=articles.A18_1,
    code="inquiring.the_auditors",
    text_zh="疑问单由平台审计管理员依据操作日志提出和了结。发现问题的，请联系审计管理员，或提出投诉。",
    text_en="Queries are asked and settled by the audit administrator. Turn to them, or complain.",
    source=Source.OUR_DEFAULT,
)
_NOT_THE_OFFICE_ITSELF = Reason(
    rule=articles.A07_1_3B,
    code="inquiring.not_the_office_itself",
    text_zh="涉及一级管理机构人员行为的疑问不送该机构自己答复。请送纪检监察机构。",
    text_en="Queries about the conduct of tier 1's people are not answered by that office. Put them to inspection.",
    source=Source.OUR_DEFAULT,
)
_THE_BODYS = Reason(
    rule=articles.A07_1_3B,
    code="inquiring.the_bodys",
    text_zh="疑问单由被问的机构答复：其主要负责人、安全责任人或监控系统管理员。请交其办理。",
    text_en="The body that was asked answers: its head, safety-responsible person or manager. Leave it to them.",
    source=Source.OUR_DEFAULT,
)
_ONES_OWN_ACT = Reason(
    rule=articles.A07_1_3B,
    code="inquiring.ones_own_act",
    text_zh="所问的正是您本人的操作，不能由您答复。请由本机构的另一位负责人答复。",
    text_en="The query is about your own act, so somebody else who leads the body answers it.",
    source=Source.OUR_DEFAULT,
)
_ASKING = (
    Reason(
        rule=articles.A18_1,
        code="inquiring.asked",
        text_zh="台账由系统写成；审计管理员只查不改，有疑问的向负责的机构提出。",
        text_en="The system writes the ledger; the auditor reads, changes nothing, and asks the body responsible.",
        source=Source.OUR_DEFAULT,
    ),
)
_ANSWERING = (
    Reason(
        rule=articles.A07_1_3B,
        code="inquiring.answered",
        text_zh="被问的机构在期限内答复，写入操作日志。",
        text_en="The body that was asked answers in time; the ledger keeps it.",
        source=Source.OUR_DEFAULT,
    ),
)
