"""Who enters units of tier 3: the head of the body that answers for their campuses, below that body."""

from dataclasses import replace

import pytest

from mingjian.regulation.posts import Post, Tier
from mingjian.regulation.rules.entering import EnteringFacts, may_enter

HEAD = EnteringFacts(post=Post.PRINCIPAL, tier=Tier.SECOND, is_below_own=True, are_campuses_own=True)


@pytest.mark.article("A07.2.0", shows="allowed")
@pytest.mark.parametrize("tier", [Tier.FIRST, Tier.SECOND])
@pytest.mark.parametrize("post", [Post.PRINCIPAL, Post.ACTING_PRINCIPAL])
def test_heads_of_tiers_1_and_2_enter_units(post: Post, tier: Tier) -> None:
    decision = may_enter(replace(HEAD, post=post, tier=tier))
    assert (decision.allowed, [reason.code for reason in decision.reasons]) == (True, ["entering.head"])


@pytest.mark.article("A07.2.0", shows="refused")
@pytest.mark.parametrize(
    ("facts", "codes"),
    [
        (replace(HEAD, tier=Tier.THIRD), ["entering.no_head"]),
        (replace(HEAD, tier=None, post=None), ["entering.no_head"]),
        *((replace(HEAD, post=post), ["entering.no_head"]) for post in (Post.MANAGER, Post.SYSTEM_ADMINISTRATOR)),
        (replace(HEAD, are_campuses_own=False), ["entering.other_campus"]),
        (replace(HEAD, is_below_own=False), ["entering.other_body"]),
        (replace(HEAD, are_campuses_own=False, is_below_own=False), ["entering.other_campus", "entering.other_body"]),
    ],
)
def test_others_and_foreign_places_are_refused(facts: EnteringFacts, codes: list[str]) -> None:
    decision = may_enter(facts)
    assert (decision.allowed, [reason.code for reason in decision.reasons]) == (False, codes)
