"""Letting locked footage go: who may, and not before nobody waits for it."""

import pytest

from mingjian.base.ticks import Ticks90k
from mingjian.regulation.posts import DECIDERS, Post
from mingjian.regulation.rules.holding import HoldFacts, may_keep, may_release

FREE_90K = Ticks90k(1_000)


def facts(capacity, **changes):
    told = {
        "decider_id": "reviewer",
        "applicant_ids": frozenset({"student"}),
        "campuses": frozenset({"lingshui"}),
        "free_from_90k": FREE_90K,
        "now_90k": FREE_90K,
    }
    return HoldFacts(capacity=capacity, **(told | changes))


def codes(decision):
    assert not decision.allowed
    return [reason.code for reason in decision.reasons]


@pytest.mark.article("A07.2.3", shows=("allowed", "refused"))
@pytest.mark.parametrize("post", list(Post))
def test_tier_2_lets_go_by_the_posts_that_decide(tier_2, post):
    assert may_release(facts(tier_2(post))).allowed is (post in DECIDERS)
    assert may_keep(facts(tier_2(post))).allowed is (post in DECIDERS)


@pytest.mark.article("A14.c", shows=("allowed", "refused"))
def test_footage_is_let_go_from_its_instant_on_and_kept_at_any(tier_2):
    reviewer = tier_2(Post.REVIEWER)
    early = facts(reviewer, now_90k=Ticks90k(FREE_90K - 1))

    assert may_release(facts(reviewer)).articles == ("A07.2.3", "A07.2.0", "A14.c")
    assert codes(may_release(early)) == ["holding.too_early"]
    assert may_keep(early).allowed


@pytest.mark.article("A14.c", shows=("allowed", "refused"))
def test_footage_of_an_open_application_is_not_let_go(tier_2):
    assert codes(may_release(facts(tier_2(Post.REVIEWER), free_from_90k=None))) == ["holding.still_needed"]


@pytest.mark.article("A14.c", shows="refused")
def test_nobody_lets_go_what_they_asked_for(tier_2):
    own = facts(tier_2(Post.REVIEWER), decider_id="student")
    assert codes(may_release(own)) == ["deciding.own_application"]


@pytest.mark.article("A14.c", shows=("allowed", "refused"))
def test_nobody_settles_for_whoever_lent_the_post_what_that_person_asked_for(tier_2):
    lent = facts(tier_2(Post.REVIEWER), decider_id="delegate", on_behalf_of_id="student")
    assert codes(may_keep(lent)) == ["deciding.lenders_application"]
    assert may_keep(facts(tier_2(Post.REVIEWER), decider_id="delegate", on_behalf_of_id="reviewer")).allowed


@pytest.mark.article("A07.2.0", shows="refused")
def test_no_other_body_lets_go(tier_1, tier_2, tier_3):
    assert codes(may_release(facts(tier_2(Post.REVIEWER), campuses=frozenset({"panjin"})))) == [
        "jurisdiction.other_campus"
    ]
    assert codes(may_release(facts(tier_1(Post.PRINCIPAL)))) == ["jurisdiction.tier_1_supervises"]
    assert codes(may_release(facts(tier_3(Post.MANAGER)))) == ["applying.tier_3"]


def test_release_rests_on_the_time_being_over_besides_what_keeping_rests_on(tier_2):
    reviewer = facts(tier_2(Post.REVIEWER))
    kept = [reason.code for reason in may_keep(reviewer).reasons]
    assert [reason.code for reason in may_release(reviewer).reasons] == [*kept, "holding.over"]
