"""Complaints: heard from anybody, never dealt with by the office or the person that they are about."""

import pytest

from mingjian.regulation.decision import Decision
from mingjian.regulation.posts import ADMINISTRATORS, Capacity, Post, Tier
from mingjian.regulation.rules.complaining import (
    HANDLERS,
    Addressee,
    ComplainingFacts,
    HandlingFacts,
    addressee_of,
    may_complain,
    may_handle,
)


def capacity(post: Post | None, tier: Tier | None) -> Capacity:
    return Capacity(tier=tier, campuses=frozenset(), posts=frozenset() if post is None else frozenset({post}))


INSPECTOR = capacity(Post.DISCIPLINE_INSPECTOR, Tier.OUTSIDE)
SUPERVISOR = capacity(Post.MANAGER, Tier.FIRST)


def handling(by: Capacity, *, office: bool, person: str = "handler") -> Decision:
    return may_handle(
        HandlingFacts(
            capacity=by,
            handler_ids=frozenset({person, "lender"}),
            complainant_id="student",
            about_id="guard",
            concerns_first_office=office,
        )
    )


def codes(decision: Decision) -> list[str]:
    assert not decision.allowed
    return [reason.code for reason in decision.reasons]


@pytest.mark.article("A07.1.4", shows=("allowed", "refused"))
def test_anybody_signed_in_complains_about_anybody_else() -> None:
    assert may_complain(ComplainingFacts(has_account=True, complainant_id="student", about_id="")).allowed
    assert may_complain(ComplainingFacts(has_account=True, complainant_id="student", about_id="guard")).allowed
    oneself = may_complain(ComplainingFacts(has_account=True, complainant_id="student", about_id="student"))
    assert codes(oneself) == ["complaining.about_oneself"]
    outside = may_complain(ComplainingFacts(has_account=False, complainant_id="", about_id=""))
    assert codes(outside) == ["complaining.without_account"]


def test_complaint_goes_to_tier_1_and_about_that_office_elsewhere() -> None:
    assert addressee_of(concerns_first_office=False) is Addressee.TIER_1
    assert addressee_of(concerns_first_office=True) is Addressee.INSPECTION


@pytest.mark.article("A07.1.4", shows="allowed")
@pytest.mark.parametrize("post", sorted(HANDLERS))
def test_tier_1_deals_with_complaints_about_others(post: Post) -> None:
    assert handling(capacity(post, Tier.FIRST), office=False).articles == ("A07.1.4",)


@pytest.mark.article("A07.1.3b", shows=("allowed", "refused"))
@pytest.mark.parametrize("post", sorted(HANDLERS | ADMINISTRATORS))
def test_office_never_deals_with_complaints_about_itself(post: Post) -> None:
    assert codes(handling(capacity(post, Tier.FIRST), office=True)) == ["complaining.not_the_office_itself"]
    assert handling(INSPECTOR, office=True).allowed


@pytest.mark.article("A07.1.4", shows="refused")
@pytest.mark.parametrize("post", sorted(set(Post) - HANDLERS))
def test_nobody_else_deals_with_complaints(post: Post) -> None:
    assert codes(handling(capacity(post, Tier.FIRST), office=False)) == ["complaining.left_to_tier_1"]


@pytest.mark.article("A07.1.4", shows="refused")
@pytest.mark.parametrize("tier", [None, Tier.SECOND, Tier.THIRD])
def test_head_of_another_tier_deals_with_none(tier: Tier | None) -> None:
    assert codes(handling(capacity(Post.PRINCIPAL, tier), office=False)) == ["complaining.left_to_tier_1"]


@pytest.mark.article("A07.1.4", shows="refused")
@pytest.mark.parametrize("person", ["student", "guard"])
def test_nobody_concerned_deals_with_it(person: str) -> None:
    assert codes(handling(SUPERVISOR, office=False, person=person)) == ["complaining.concerned"]
    assert codes(handling(INSPECTOR, office=True, person=person)) == ["complaining.concerned"]
