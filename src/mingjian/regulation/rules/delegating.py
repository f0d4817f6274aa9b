"""Delegation of a post from one day to another (AB角): by its holder, to a colleague, never wider and never on.

The text knows no delegation. That a post is lent within its body, for a time that ends by itself, with an entry of its
own, is our reading of how a body orders its posts (Article 7) and of registered approval (Article 14), and is labelled
so. What the text gives to one person by name or has somebody else designate (Article 8) is not the holder's to lend.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from mingjian.base.ticks import TICKS_PER_S
from mingjian.regulation import articles
from mingjian.regulation.articles import Source
from mingjian.regulation.decision import Decision, Reason, decide
from mingjian.regulation.posts import APART, Post
from mingjian.regulation.rules.appointing import NAMED_BY_RESPONSIBLE

# What a delegate holds for each post that its holder may lend: the head's stand-in is an acting head.
LENT_AS: Mapping[Post, Post] = {
    Post.PRINCIPAL: Post.ACTING_PRINCIPAL,
    Post.DUTY_LEADER: Post.DUTY_LEADER,
    Post.REVIEWER: Post.REVIEWER,
    Post.APPROVER: Post.APPROVER,
}
_DAY_90K = 86_400 * TICKS_PER_S


@dataclass(frozen=True, slots=True, kw_only=True)
class DelegatingFacts:
    """Who would lend which post to whom, from when to when.

    `is_lent`: the delegator holds it by delegation. `is_colleague`: the delegate holds a post of the same body in their
    own right. `held_until_90k` None: until further notice.
    """

    post: Post
    is_lent: bool
    is_oneself: bool
    is_colleague: bool
    delegate_posts: frozenset[Post]
    since_90k: int
    until_90k: int
    held_until_90k: int | None
    longest_days: int
    now_90k: int


def may_delegate(facts: DelegatingFacts) -> Decision:
    """Decide whether a holder lends the post to this person for this time (A07.2.0, A08.a, A08.b, A14.c)."""
    obstacles = [*_obstacles_of_post(facts), *_obstacles_of_delegate(facts), *_obstacles_of_term(facts)]
    return decide(grounds=_GROUNDS, obstacles=obstacles)


def _obstacles_of_post(facts: DelegatingFacts) -> list[Reason]:
    if facts.is_lent or facts.post is Post.ACTING_PRINCIPAL:
        return [_FURTHER]
    if facts.post in NAMED_BY_RESPONSIBLE:
        return [_NAMED]
    if facts.post is Post.SAFETY_RESPONSIBLE:
        return [_RESPONSIBLE]
    return [] if facts.post in LENT_AS else [_ADMINISTRATOR]


def _obstacles_of_delegate(facts: DelegatingFacts) -> list[Reason]:
    if facts.is_oneself:
        return [_ONESELF]
    if not APART.isdisjoint(facts.delegate_posts):
        return [_TO_ADMINISTRATOR]
    return [] if facts.is_colleague else [_NO_COLLEAGUE]


def _obstacles_of_term(facts: DelegatingFacts) -> list[Reason]:
    if facts.until_90k <= facts.since_90k or facts.since_90k < facts.now_90k:
        return [_TERM]
    if facts.held_until_90k is not None and facts.until_90k > facts.held_until_90k:
        return [_WIDER]
    is_long = facts.until_90k - facts.since_90k > facts.longest_days * _DAY_90K
    return [_too_long(facts.longest_days)] if is_long else []


def _too_long(longest_days: int) -> Reason:
    return Reason(
        rule=articles.A14_C,
        code="delegating.too_long",
        text_zh=f"委托一次最长 {longest_days} 日。请缩短；需要更久的，请由有权人员另行任命。",
        text_en=f"A delegation lasts {longest_days} days at most. Shorten it, or have somebody appointed.",
        source=Source.OUR_DEFAULT,
    )


_FURTHER = Reason(
    rule=articles.A14_C,
    code="delegating.further",
    text_zh="代理或受托的职务不能再委托他人。请由原任职人员委托，或报有权人员另行任命。",
    text_en="A post held as a stand-in or by delegation is not lent on. Its holder lends it, or somebody is appointed.",
    source=Source.OUR_DEFAULT,
)
_NAMED = Reason(
    rule=articles.A08_B,
    code="delegating.named",
    text_zh="管理员和操作员由安全责任人指定，不能自行委托他人。请安全责任人按起止日期另行指定。",
    text_en="Managers and operators are named by the safety-responsible person and lend their post to nobody. "
    "Have somebody named for those days.",
)
_RESPONSIBLE = Reason(
    rule=articles.A08_A,
    code="delegating.responsible",
    text_zh="安全责任人的责任不能委托他人。请由主要负责人或上级机构安排。",
    text_en="The responsibility of the safety-responsible person is not lent. Ask the head or the body above.",
)
_ADMINISTRATOR = Reason(
    rule=articles.D799_16_2,
    code="delegating.administrator",
    text_zh="平台系统、安全、审计管理员和纪检监察人员分设，不能委托他人。请由任命的机构另行任命。",
    text_en="Administrators and discipline inspectors are kept apart and lend their post to nobody. "
    "Have somebody else appointed.",
    source=Source.OUR_DEFAULT,
)
_ONESELF = Reason(
    rule=articles.A14_C,
    code="delegating.oneself",
    text_zh="不能委托给自己。请另选一人。",
    text_en="Nobody delegates to themselves. Choose somebody else.",
    source=Source.OUR_DEFAULT,
)
_TO_ADMINISTRATOR = Reason(
    rule=articles.D799_16_2,
    code="delegating.to_administrator",
    text_zh="平台系统、安全、审计管理员和纪检监察人员不兼任其他职务，也不受委托。请另选一人。",
    text_en="Administrators and discipline inspectors hold no other post, not for a day. Choose somebody else.",
    source=Source.OUR_DEFAULT,
)
_NO_COLLEAGUE = Reason(
    rule=articles.A07_2_0,
    code="delegating.no_colleague",
    text_zh="受托人须在本机构任职。请另选一人，或请有权人员任命。",
    text_en="A delegate holds a post of the same body. Choose somebody else, or have somebody appointed.",
    source=Source.OUR_DEFAULT,
)
_TERM = Reason(
    rule=articles.A14_C,
    code="delegating.term",
    text_zh="委托须写明起止，从现在起，止在起之后。请核对起止日期。",
    text_en="A delegation says from when to when, from now on. Check both days.",
    source=Source.OUR_DEFAULT,
)
_WIDER = Reason(
    rule=articles.A14_C,
    code="delegating.wider",
    text_zh="委托不能超过本人的任期。请把截止日期提前。",
    text_en="A delegation does not outlast the delegator's own term. Let it end earlier.",
    source=Source.OUR_DEFAULT,
)
_GROUNDS = (
    Reason(
        rule=articles.A07_2_0,
        code="delegating.within_body",
        text_zh="职务在本机构内临时代办，职权不出本机构。",
        text_en="The post is done by a colleague for a time, with no power outside the body.",
        source=Source.OUR_DEFAULT,
    ),
    Reason(
        rule=articles.A14_C,
        code="delegating.registered",
        text_zh="委托有起止、有登记，每件事注明代谁办理。",
        text_en="The delegation has its term and its entry, and each act says on whose behalf it was done.",
        source=Source.OUR_DEFAULT,
    ),
)
