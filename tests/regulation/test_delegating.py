"""Delegation of a post: by its own holder, to a colleague, within the term and for so many days."""

from typing import Any

import pytest

from mingjian.base.ticks import TICKS_PER_S
from mingjian.regulation.articles import Source
from mingjian.regulation.decision import Decision
from mingjian.regulation.posts import APART, Post
from mingjian.regulation.rules.delegating import LENT_AS, DelegatingFacts, may_delegate

DAY_90K = 86_400 * TICKS_PER_S
NOW = 1_000 * DAY_90K


def delegating(post: Post = Post.REVIEWER, **changes: Any) -> Decision:
    facts: dict[str, Any] = {
        "post": post,
        "is_lent": False,
        "is_oneself": False,
        "is_colleague": True,
        "delegate_posts": frozenset({Post.OPERATOR}),
        "since_90k": NOW,
        "until_90k": NOW + 7 * DAY_90K,
        "held_until_90k": None,
        "longest_days": 30,
        "now_90k": NOW,
    }
    return may_delegate(DelegatingFacts(**(facts | changes)))


def codes(decision: Decision) -> list[str]:
    assert not decision.allowed
    return [reason.code for reason in decision.reasons]


@pytest.mark.article("A07.2.0", "A14.c", shows="allowed")
@pytest.mark.parametrize("post", sorted(LENT_AS))
def test_holder_lends_the_post_to_a_colleague_for_some_days(post: Post) -> None:
    assert delegating(post).articles == ("A07.2.0", "A14.c")


@pytest.mark.article("A08.a", "A08.b", shows="refused")
@pytest.mark.parametrize(
    ("post", "code"),
    [
        (Post.ACTING_PRINCIPAL, "delegating.further"),
        (Post.MANAGER, "delegating.named"),
        (Post.OPERATOR, "delegating.named"),
        (Post.SAFETY_RESPONSIBLE, "delegating.responsible"),
        *((post, "delegating.administrator") for post in sorted(APART)),
    ],
)
def test_what_others_designate_is_not_the_holders_to_lend(post: Post, code: str) -> None:
    assert codes(delegating(post)) == [code]


@pytest.mark.article("A14.c", shows="refused")
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"is_lent": True}, "delegating.further"),
        ({"is_oneself": True}, "delegating.oneself"),
        ({"until_90k": NOW}, "delegating.term"),
        ({"since_90k": NOW - 1}, "delegating.term"),
        ({"held_until_90k": NOW + 7 * DAY_90K - 1}, "delegating.wider"),
        ({"until_90k": NOW + 30 * DAY_90K + 1}, "delegating.too_long"),
    ],
)
def test_delegation_is_refused_on_to_oneself_or_beyond_the_term(changes: dict[str, Any], code: str) -> None:
    assert codes(delegating(**changes)) == [code]


def test_longest_term_is_our_default_and_told_as_such() -> None:
    (too_long,) = delegating(until_90k=NOW + 30 * DAY_90K + 1).reasons
    assert too_long.source is Source.OUR_DEFAULT


@pytest.mark.article("A14.c", shows="allowed")
@pytest.mark.parametrize("changes", [{"held_until_90k": NOW + 7 * DAY_90K}, {"until_90k": NOW + 30 * DAY_90K}])
def test_delegation_may_last_to_the_last_instant(changes: dict[str, Any]) -> None:
    assert delegating(**changes).allowed


@pytest.mark.article("A07.2.0", shows="refused")
def test_delegate_is_a_colleague_and_no_administrator() -> None:
    assert codes(delegating(is_colleague=False)) == ["delegating.no_colleague"]
    for post in APART:
        assert codes(delegating(delegate_posts=frozenset({post}))) == ["delegating.to_administrator"]
