"""A tier-2 body acts on its own campuses; tier 1 supervises, tier 3 and others hand over."""

import pytest

from mingjian.regulation.rules.jurisdiction import JurisdictionFacts, has_jurisdiction


def asked(capacity, campus="lingshui"):
    decision = has_jurisdiction(JurisdictionFacts(capacity=capacity, campus=campus))
    return decision.allowed, decision.articles


@pytest.mark.article("A07.2.0", shows="allowed")
@pytest.mark.parametrize("campus", ["lingshui", "kaifaqu"])
def test_a_body_has_each_of_its_campuses(tier_2, campus):
    assert asked(tier_2(), campus) == (True, ("A07.2.0",))


@pytest.mark.article("A07.2.0", shows="refused")
@pytest.mark.parametrize("campus", ["shinei", "panjin", "Lingshui", ""])
def test_a_body_has_no_other_campus(tier_2, campus):
    assert asked(tier_2(), campus) == (False, ("A07.2.0",))


@pytest.mark.article("A07.1.3b", shows="refused")
def test_tier_1_supervises_and_does_not_act_in_tier_2s_place(tier_1):
    assert asked(tier_1()) == (False, ("A07.1.3b",))


@pytest.mark.article("A07.2.3", shows="refused")
def test_tier_3_and_people_of_no_body_have_no_campus(tier_3, nobody):
    assert asked(tier_3()) == (False, ("A07.2.3",))
    assert asked(nobody) == (False, ("A07.2.3",))
