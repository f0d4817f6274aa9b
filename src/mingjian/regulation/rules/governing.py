"""Setting a policy value, interpreting an open point: tier 1, two persons, within the bounds (A07.1.1, A23)."""

from collections.abc import Sequence
from dataclasses import dataclass

from mingjian.regulation import articles
from mingjian.regulation.articles import Source
from mingjian.regulation.decision import Decision, Reason, decide
from mingjian.regulation.policies import ORDERED, POLICIES, Book, Policy
from mingjian.regulation.posts import PRINCIPALS, Capacity, Post, Tier

PROPOSERS = PRINCIPALS | {Post.MANAGER}


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingFacts:
    """A value that would come into force. `book` is what is in force otherwise."""

    policy: Policy
    value: int
    book: Book


@dataclass(frozen=True, slots=True, kw_only=True)
class InterpretingFacts:
    """What somebody would have an open point mean, and the paper that says so."""

    answer: str
    document: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmingFacts:
    """Who decides on whose proposal. `proposer_id` is empty for the founding profile.

    The `_for_id` are those who lent the post, empty without one: nobody decides on the own proposal by another's hand.
    """

    capacity: Capacity
    decider_id: str
    proposer_id: str
    decider_for_id: str = ""
    proposer_for_id: str = ""

    @property
    def is_own(self) -> bool:
        """Whether one person stands on both sides."""
        proposers = {self.proposer_id, self.proposer_for_id} - {""}
        return not proposers.isdisjoint({self.decider_id, self.decider_for_id})


Asked = SettingFacts | InterpretingFacts


def may_govern(capacity: Capacity) -> Decision:
    """Decide whether this capacity has to do with setting values at all (A07.1.1)."""
    return decide(grounds=(_TIER_1_RULES,), obstacles=() if _is_of(capacity, PROPOSERS) else (_NOT_TIER_1,))


def may_propose(*, capacity: Capacity, asked: Asked) -> Decision:
    """Decide whether this may be proposed (A07.1.1 for a value, A23 for an interpretation, and the bounds' rules)."""
    obstacles = [] if _is_of(capacity, PROPOSERS) else [_NOT_TIER_1]
    return decide(grounds=_grounds_of(asked), obstacles=(*obstacles, *_obstacles_of(asked)))


def may_confirm(facts: ConfirmingFacts, *, asked: Asked) -> Decision:
    """Decide whether this person puts it into force: the head of tier 1, another than who proposed, bounds asked anew.

    The text gives the rules to tier 1; that two persons set a value, and which posts they hold, is our default.
    """
    obstacles = [] if _is_of(facts.capacity, PRINCIPALS) else [_NOT_THE_HEAD]
    if facts.is_own:
        obstacles.append(_OWN_PROPOSAL)
    return decide(grounds=_grounds_of(asked), obstacles=(*obstacles, *_obstacles_of(asked)))


def may_turn_down(facts: ConfirmingFacts) -> Decision:
    """Decide whether this person turns a proposal down: as who confirms, or whoever withdraws the own one (A07.1.1)."""
    is_own = facts.is_own and _is_of(facts.capacity, PROPOSERS)
    obstacles = () if is_own or _is_of(facts.capacity, PRINCIPALS) else (_NOT_THE_HEAD,)
    return decide(grounds=(_TIER_1_RULES,), obstacles=obstacles)


def may_hold(facts: SettingFacts) -> Decision:
    """Decide on the value alone, for a profile that founds a university (A13.c, A13.d, D799.17, A07.1.1)."""
    return decide(grounds=(_TIER_1_RULES,), obstacles=_obstacles_of(facts))


def _is_of(capacity: Capacity, posts: frozenset[Post]) -> bool:
    return capacity.tier is Tier.FIRST and not capacity.posts.isdisjoint(posts)


def _grounds_of(asked: Asked) -> tuple[Reason, ...]:
    return (_TIER_1_RULES,) if isinstance(asked, SettingFacts) else (_TIER_1_INTERPRETS,)


def _obstacles_of(asked: Asked) -> Sequence[Reason]:
    if isinstance(asked, InterpretingFacts):
        obstacles = [] if asked.document.strip() else [_NO_DOCUMENT]
        return obstacles if asked.answer.strip() else [*obstacles, _NO_ANSWER]
    policy, value = asked.policy, asked.value
    if value < policy.least:
        return [_below(policy)]
    if value > policy.most:
        return [_above(policy)]
    book = asked.book.with_value(policy.name, value)
    return [
        _disordered(POLICIES[lesser], POLICIES[greater])
        for lesser, greater in ORDERED
        if policy.name in {lesser, greater} and book.value(lesser) > book.value(greater)
    ]


def _below(policy: Policy) -> Reason:
    return Reason(
        rule=policy.floor_rule or policy.rule,
        code="governing.below_floor",
        text_zh=f"“{policy.label_zh}”不能低于 {policy.least}，没有采用。请填写 {policy.least} 或更大的数。",
        text_en=f"The {policy.label_en} is never below {policy.least}; nothing was set. Enter {policy.least} or more.",
        source=policy.floor_source,
    )


def _above(policy: Policy) -> Reason:
    return Reason(
        rule=policy.rule,
        code="governing.above_most",
        text_zh=f"“{policy.label_zh}”不能高于 {policy.most}，没有采用。请填写 {policy.most} 或更小的数。",
        text_en=f"The {policy.label_en} is never above {policy.most}; nothing was set. Enter {policy.most} or less.",
        source=Source.OUR_DEFAULT,
    )


def _disordered(lesser: Policy, greater: Policy) -> Reason:
    return Reason(
        rule=greater.rule,
        code="governing.out_of_order",
        text_zh=f"“{lesser.label_zh}”不能大于“{greater.label_zh}”，没有采用。请先调整另一项。",
        text_en=f"The {lesser.label_en} would exceed the {greater.label_en}; nothing was set. Change the other first.",
        source=Source.OUR_DEFAULT,
    )


_NOT_TIER_1 = Reason(
    rule=articles.A07_1_1,
    code="governing.not_tier_1",
    text_zh="规定值和解释由一级管理机构提出，其他身份不能改。请以一级身份办理，或向保卫处反映。",
    text_en="Values and interpretations are tier 1's to propose. Act as tier 1, or tell the Security Office.",
)
_NOT_THE_HEAD = Reason(
    rule=articles.A07_1_1,
    code="governing.not_the_head",
    text_zh="由一级管理机构主要负责人决定，其他人不能代为决定。请报其办理。",
    text_en="The head of tier 1 decides, and nobody else. Put it to that person.",
    source=Source.OUR_DEFAULT,
)
_OWN_PROPOSAL = Reason(
    rule=articles.A07_1_1,
    code="governing.own_proposal",
    text_zh="提出的人不能自己决定。请由另一位主要负责人决定，或由监督管理人员提出。",
    text_en="Who proposed does not decide. Let another head decide, or let a supervisor propose.",
    source=Source.OUR_DEFAULT,
)
_NO_DOCUMENT = Reason(
    rule=articles.A23,
    code="governing.no_document",
    text_zh="没有写明解释的文号，不能登记。请填写保卫处解释文件的文号。",
    text_en="The interpretation names no document. Enter the number of the Security Office's paper.",
    source=Source.OUR_DEFAULT,
)
_NO_ANSWER = Reason(
    rule=articles.A23,
    code="governing.no_answer",
    text_zh="没有写明怎样解释。请写清今后按什么办。",
    text_en="The interpretation says nothing. Say what holds from now on.",
)
_TIER_1_RULES = Reason(
    rule=articles.A07_1_1,
    code="governing.tier_1_rules",
    text_zh="规章及其数值由一级管理机构制定，未低于法定下限。",
    text_en="The rules and their values are tier 1's; none is below a legal floor.",
)
_TIER_1_INTERPRETS = Reason(
    rule=articles.A23,
    code="governing.tier_1_interprets",
    text_zh="办法由保卫处解释。",
    text_en="The regulation is interpreted by the Security Office.",
)
