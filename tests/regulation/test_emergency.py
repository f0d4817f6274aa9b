"""Viewing at once: whose consent opens it."""

import pytest

from mingjian.regulation.posts import PRINCIPALS, Post
from mingjian.regulation.rules.emergency import ConsentFacts, may_consent


def consenting(capacity, **changes):
    facts = {"campus": "lingshui", "incident": "学生失联，有危险"}
    return may_consent(ConsentFacts(capacity=capacity, **(facts | changes)))


def codes(decision):
    assert not decision.allowed
    return [reason.code for reason in decision.reasons]


@pytest.mark.article("A15.1.5", shows=("allowed", "refused"))
@pytest.mark.parametrize("post", list(Post))
def test_heads_of_tiers_1_and_2_consent_and_nobody_else(tier_1, tier_2, post):
    for capacity in (tier_1(post), tier_2(post)):
        decision = consenting(capacity)
        assert decision.allowed is (post in PRINCIPALS)
        if not decision.allowed:
            assert (codes(decision), decision.articles) == (["emergency.not_a_principal"], ("A15.1.5",))


@pytest.mark.article("A15.1.5", shows="refused")
def test_the_head_of_a_tier_3_unit_does_not_consent(tier_3, nobody):
    assert codes(consenting(tier_3(Post.PRINCIPAL))) == ["emergency.not_a_principal"]
    assert codes(consenting(nobody)) == ["emergency.not_a_principal"]


@pytest.mark.article("A07.2.0", shows="refused")
def test_a_tier_2_head_consents_for_the_own_campuses_only(tier_1, tier_2):
    assert consenting(tier_2(Post.PRINCIPAL), campus="kaifaqu").allowed
    assert codes(consenting(tier_2(Post.PRINCIPAL), campus="panjin")) == ["jurisdiction.other_campus"]
    assert consenting(tier_1(Post.PRINCIPAL), campus="panjin").allowed


@pytest.mark.article("A14.b", shows="refused")
@pytest.mark.parametrize("incident", ["", " \u3000"])
def test_consent_is_refused_when_no_emergency_is_stated(tier_2, incident):
    assert codes(consenting(tier_2(Post.PRINCIPAL), incident=incident)) == ["emergency.no_incident"]
