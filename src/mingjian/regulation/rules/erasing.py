"""Erasing what somebody wrote in words of their own: on a legal ground, by two of tier 1, once logs may lose it."""

from dataclasses import dataclass
from enum import StrEnum

from mingjian.base.ticks import Ticks90k
from mingjian.regulation import articles
from mingjian.regulation.articles import Source
from mingjian.regulation.decision import Decision, Reason, decide
from mingjian.regulation.posts import PRINCIPALS, Capacity, Post, Tier
from mingjian.regulation.rules.governing import PROPOSERS
from mingjian.regulation.rules.holding import DAY_90K

# No six months are longer; the law fixes a least, and an instant more hurts nobody.
_LONGEST_MONTH_DAYS = 31


class Ground(StrEnum):
    """What obliges to erase. Stored codes; never reuse one."""

    UNLAWFUL = "unlawful"
    PURPOSE_ACHIEVED = "purpose_achieved"
    CONSENT_WITHDRAWN = "consent_withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasingFacts:
    """Whose words, written when, on what ground to be erased, and who proposes and who decides.

    `author_id` is the one who acted when the words were written.
    """

    ground: Ground
    proposer: Capacity
    proposer_id: str
    decider: Capacity
    decider_id: str
    author_id: str
    written_at_90k: Ticks90k
    now_90k: Ticks90k


def may_erase(facts: ErasingFacts) -> Decision:
    """Decide whether the words of an entry are erased (PIPL.47), which logs have to keep for a while (CSL.23.3).

    The law says what is erased and until when logs stay. That it takes two of tier 1, and who, is our default.
    """
    obstacles = []
    if not _is_of_tier_1(facts.proposer, PROPOSERS):
        obstacles.append(_NOT_TIER_1)
    if not _is_of_tier_1(facts.decider, PRINCIPALS):
        obstacles.append(_NOT_THE_HEAD)
    if facts.decider_id == facts.proposer_id:
        obstacles.append(_OWN_PROPOSAL)
    if facts.decider_id == facts.author_id:
        obstacles.append(_OWN_WORDS)
    if facts.ground is not Ground.UNLAWFUL and facts.now_90k < kept_until(facts.written_at_90k):
        obstacles.append(_LOG_IS_YOUNG)
    return decide(grounds=(_ERASED,), obstacles=obstacles)


def kept_until(written_at_90k: int) -> Ticks90k:
    """Return until when a log keeps what was written, unless it was unlawful to write it."""
    (least,) = articles.CSL_23_3.numbers
    return Ticks90k(written_at_90k + least.value * _LONGEST_MONTH_DAYS * DAY_90K)


def _is_of_tier_1(capacity: Capacity, posts: frozenset[Post]) -> bool:
    return capacity.tier is Tier.FIRST and not capacity.posts.isdisjoint(posts)


_ERASED = Reason(
    rule=articles.PIPL_47,
    code="erasing.erased",
    text_zh="处理目的已实现、同意已撤回或写入本不合法的，清除填写的文字；记录本身保留。",
    text_en="Words are erased once their purpose is achieved, consent withdrawn, or if unlawful; the entry stays.",
    source=Source.NATIONAL_LAW,
)
_NOT_TIER_1 = Reason(
    rule=articles.PIPL_47,
    code="erasing.not_tier_1",
    text_zh="清除日志中的文字由一级管理机构的人员提出，提出人没有这个身份。请由其监督管理人员或主要负责人提出。",
    text_en="Erasing words from the ledger is tier 1's to propose. Let its supervisor or head propose it.",
    source=Source.OUR_DEFAULT,
)
_NOT_THE_HEAD = Reason(
    rule=articles.PIPL_47,
    code="erasing.not_the_head",
    text_zh="清除日志中的文字由一级管理机构主要负责人决定，决定人没有这个身份。请报其决定。",
    text_en="The head of tier 1 decides on erasing words from the ledger. Put it to that person.",
    source=Source.OUR_DEFAULT,
)
_OWN_PROPOSAL = Reason(
    rule=articles.PIPL_47,
    code="erasing.own_proposal",
    text_zh="提出的人不能自己决定。请由另一人提出或决定。",
    text_en="Who proposed does not decide. Let somebody else propose or decide.",
    source=Source.OUR_DEFAULT,
)
_OWN_WORDS = Reason(
    rule=articles.PIPL_47,
    code="erasing.own_words",
    text_zh="这些文字是决定人自己办理时写下的，不能由其决定清除。请由另一位主要负责人决定。",
    text_en="The decider wrote these words in an act of their own. Let another head decide.",
    source=Source.OUR_DEFAULT,
)
_LOG_IS_YOUNG = Reason(
    rule=articles.CSL_23_3,
    code="erasing.log_is_young",
    text_zh="这条日志写入不满六个月，法定的留存期未到，只保存、不清除。请期满后办理；写入本身不合法的，以此为由立即清除。",
    text_en="Logs are kept for six months; the entry is younger. Erase it then, or now if it was unlawful to write.",
    source=Source.NATIONAL_LAW,
)
