"""Complaints (投诉、举报): anybody may make one, tier 1 answers, what concerns tier 1 goes elsewhere (A07.1.4, A20).

The text gives the handling of breaches to the office that is tier 1 and says nothing about breaches of that office.
That those go to discipline inspection, and that nobody concerned has a part in it, is our reading (待保卫处解释).
"""

from dataclasses import dataclass
from enum import StrEnum

from mingjian.regulation import articles
from mingjian.regulation.articles import Source
from mingjian.regulation.decision import Decision, Reason, decide
from mingjian.regulation.posts import PRINCIPALS, Capacity, Post, Tier

# Who deals with complaints for tier 1.
HANDLERS = PRINCIPALS | {Post.MANAGER}


class Addressee(StrEnum):
    """Whither a complaint goes. Stored codes."""

    TIER_1 = "tier_1"
    INSPECTION = "inspection"


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplainingFacts:
    """Who complains about whom. `has_account`: signed in, and so a member of the university."""

    has_account: bool
    complainant_id: str
    about_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HandlingFacts:
    """Who would deal with a complaint, in person and for whom.

    `concerns_first_office`: it is about the office that is tier 1, or its people.
    """

    capacity: Capacity
    handler_ids: frozenset[str]
    complainant_id: str
    about_id: str
    concerns_first_office: bool


def addressee_of(*, concerns_first_office: bool) -> Addressee:
    """Return whither a complaint goes: never to the office that it is about (A07.1.4; our reading)."""
    return Addressee.INSPECTION if concerns_first_office else Addressee.TIER_1


def may_complain(facts: ComplainingFacts) -> Decision:
    """Decide whether this person may complain (A07.1.4): anybody with an account, about anybody else."""
    obstacles = [] if facts.has_account else [_WITHOUT_ACCOUNT]
    if facts.complainant_id and facts.complainant_id == facts.about_id:
        obstacles.append(_ABOUT_ONESELF)
    return decide(grounds=_COMPLAINING, obstacles=obstacles)


def may_handle(facts: HandlingFacts) -> Decision:
    """Decide whether this person deals with the complaint (A07.1.4, A07.1.3b)."""
    obstacles = []
    if facts.concerns_first_office:
        if Post.DISCIPLINE_INSPECTOR not in facts.capacity.posts:
            obstacles.append(_NOT_THE_OFFICE_ITSELF)
    elif facts.capacity.tier is not Tier.FIRST or HANDLERS.isdisjoint(facts.capacity.posts):
        obstacles.append(_LEFT_TO_TIER_1)
    if not facts.handler_ids.isdisjoint({facts.complainant_id, facts.about_id}):
        obstacles.append(_CONCERNED)
    return decide(grounds=_INSPECTING if facts.concerns_first_office else _HANDLING, obstacles=obstacles)


_WITHOUT_ACCOUNT = Reason(
    rule=articles.A07_1_4,
    code="complaining.without_account",
    text_zh="网上投诉须先登录。没有账号的，请当面或以书面向保卫处提出；涉及保卫处的，向学校纪检监察机构提出。",
    text_en="Complaints are made signed in. Without an account turn to the Security Office in person or in writing, or "
    "to discipline inspection about that office itself.",
    source=Source.OUR_DEFAULT,
)
_ABOUT_ONESELF = Reason(
    rule=articles.A07_1_4,
    code="complaining.about_oneself",
    text_zh="投诉的对象不能是本人。请写明是哪个机构或哪位其他人员。",
    text_en="A complaint is about somebody else. Name the body, or another person.",
    source=Source.OUR_DEFAULT,
)
_NOT_THE_OFFICE_ITSELF = Reason(
    rule=articles.A07_1_3B,
    code="complaining.not_the_office_itself",
    text_zh="涉及一级管理机构自身或其人员的投诉，不由该机构办理。由学校纪检监察人员办理。",
    text_en="What concerns tier 1 itself or its people is not dealt with there, but by discipline inspection.",
    source=Source.OUR_DEFAULT,
)
_LEFT_TO_TIER_1 = Reason(
    rule=articles.A07_1_4,
    code="complaining.left_to_tier_1",
    text_zh="对其他机构和人员的投诉由一级管理机构的主要负责人或监督管理人员办理。请交其办理。",
    text_en="Complaints about other bodies are dealt with by the head or a supervisor of tier 1. Leave it to them.",
)
_CONCERNED = Reason(
    rule=articles.A07_1_4,
    code="complaining.concerned",
    text_zh="投诉人和被投诉人不参与办理。请由另一位有权人员办理。",
    text_en="Neither who complained nor who was complained about deals with it. Somebody else with that power has to.",
    source=Source.OUR_DEFAULT,
)
_COMPLAINING = (
    Reason(
        rule=articles.A07_1_4,
        code="complaining.heard",
        text_zh="违反规定的行为由一级管理机构处理，任何登录的人都可以提出。",
        text_en="Breaches are dealt with by tier 1, and whoever is signed in may report one.",
        source=Source.OUR_DEFAULT,
    ),
)
_HANDLING = (
    Reason(
        rule=articles.A07_1_4,
        code="complaining.handled",
        text_zh="由一级管理机构核实、责令改正并作出处理。",
        text_en="Tier 1 looks into it, has it corrected and deals with it.",
    ),
)
_INSPECTING = (
    Reason(
        rule=articles.A07_1_3B,
        code="complaining.inspected",
        text_zh="涉及一级管理机构自身的，由纪检监察人员办理。",
        text_en="What concerns tier 1 itself is dealt with by discipline inspection.",
        source=Source.OUR_DEFAULT,
    ),
)
