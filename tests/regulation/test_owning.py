"""Whose a system may be: a tier by class, a named unit for special kinds, and somebody always."""

import pytest

from mingjian.regulation.decision import Decision
from mingjian.regulation.posts import Tier
from mingjian.regulation.rules.owning import OwningFacts, may_own
from mingjian.regulation.systems import SystemClass, class_for


def owning(system_class: SystemClass, tier: Tier | None, *, owner: str = "library", named: str = "") -> Decision:
    return may_own(OwningFacts(system_class=system_class, owner=owner, owner_tier=tier, named_owner=named))


def codes(decision: Decision) -> list[str]:
    assert not decision.allowed
    return [reason.code for reason in decision.reasons]


@pytest.mark.article("A02", shows="refused")
@pytest.mark.parametrize("system_class", list(SystemClass))
def test_nothing_is_entered_without_an_owner(system_class: SystemClass) -> None:
    assert codes(owning(system_class, None)) == ["owning.nobody"]


@pytest.mark.article("A02", shows="allowed")
@pytest.mark.parametrize("system_class", list(SystemClass))
def test_every_class_is_allowed_to_its_tier(system_class: SystemClass) -> None:
    assert owning(system_class, system_class.owner_tier).articles[0] == "A02"


@pytest.mark.article("A04.p2", shows=("allowed", "refused"))
@pytest.mark.parametrize("tier", list(Tier))
def test_a_school_built_system_is_tier_2s_and_no_other_bodys(tier: Tier) -> None:
    decision = owning(SystemClass.SCHOOL, tier)
    assert decision.allowed is (tier is Tier.SECOND)
    assert "A04.p2" in decision.articles


@pytest.mark.article("A04.p4", shows=("allowed", "refused"))
@pytest.mark.parametrize("tier", list(Tier))
@pytest.mark.parametrize("system_class", sorted(set(SystemClass) - {SystemClass.SCHOOL}))
def test_a_unit_built_system_is_tier_3s_and_no_other_bodys(tier: Tier, system_class: SystemClass) -> None:
    decision = owning(system_class, tier)
    assert decision.allowed is (tier is Tier.THIRD)
    assert "A04.p4" in decision.articles


@pytest.mark.article("A21.a", shows=("allowed", "refused"))
@pytest.mark.parametrize(("owner", "allowed"), [("teaching-operations", True), ("library", False)])
def test_a_special_system_is_its_named_units(owner: str, allowed: bool) -> None:  # noqa: FBT001 - a table's column
    decision = owning(SystemClass.EXAMINATION, Tier.THIRD, owner=owner, named="teaching-operations")
    assert (decision.allowed, "A21.a" in decision.articles) == (allowed, True)


def test_everything_wrong_is_told_at_once() -> None:
    told = codes(owning(SystemClass.EXAMINATION, Tier.SECOND, named="teaching-operations"))
    assert told == ["owning.unit_built", "owning.another_is_named"]


def test_class_of_a_point_follows_from_the_tier_of_its_owner_where_nothing_else_is_known() -> None:
    assert [class_for(tier) for tier in (Tier.FIRST, Tier.SECOND, Tier.THIRD)] == [
        SystemClass.UNIT,
        SystemClass.SCHOOL,
        SystemClass.UNIT,
    ]
    assert [class_for(tier).owner_tier for tier in (Tier.SECOND, Tier.THIRD)] == [Tier.SECOND, Tier.THIRD]
