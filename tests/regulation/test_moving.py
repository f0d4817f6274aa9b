"""Handing a point over to another campus: the head or the manager of the body whose campus it leaves."""

import pytest

from mingjian.regulation.posts import PRINCIPALS, Post
from mingjian.regulation.rules.moving import MovingFacts, may_move_point


def moving(capacity, campus="lingshui"):
    return may_move_point(MovingFacts(capacity=capacity, campus=campus))


def codes(decision):
    assert not decision.allowed
    return [reason.code for reason in decision.reasons]


@pytest.mark.article("A07.2.1", shows=("allowed", "refused"))
@pytest.mark.parametrize("post", list(Post))
def test_head_or_manager_of_the_campus_hands_a_point_over(tier_2, post):
    decision = moving(tier_2(post))
    if post in PRINCIPALS | {Post.MANAGER}:
        assert (decision.allowed, decision.articles) == (True, ("A07.2.1",))
    else:
        assert codes(decision) == ["moving.not_a_manager"]


@pytest.mark.article("A07.2.0", shows="refused")
def test_no_other_body_hands_it_over(tier_1, tier_2, tier_3, nobody):
    assert codes(moving(tier_2(Post.PRINCIPAL), campus="panjin")) == ["jurisdiction.other_campus"]
    assert codes(moving(tier_1(Post.PRINCIPAL))) == ["jurisdiction.tier_1_supervises"]
    assert codes(moving(tier_3(Post.MANAGER))) == ["jurisdiction.tier_3"]
    assert codes(moving(nobody)) == ["jurisdiction.no_body", "moving.not_a_manager"]
