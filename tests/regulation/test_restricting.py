"""Who says who alone may know of an application: the head of the campus's body, and not about the own one."""

import pytest

from mingjian.regulation.decision import Decision
from mingjian.regulation.posts import PRINCIPALS, Capacity, Post, Tier
from mingjian.regulation.rules.restricting import RestrictingFacts, may_restrict


def restricting(post: Post, *, tier: Tier = Tier.SECOND, campus: str = "lingshui", person: str = "head") -> Decision:
    campuses = frozenset({"lingshui"}) if tier is Tier.SECOND else frozenset[str]()
    capacity = Capacity(tier=tier, campuses=campuses, posts=frozenset({post}))
    return may_restrict(RestrictingFacts(capacity=capacity, person_id=person, applicant_id="student", campus=campus))


@pytest.mark.article("A14.c", shows=("allowed", "refused"))
@pytest.mark.parametrize("post", list(Post))
def test_only_the_head_of_the_body_closes_an_application(post: Post) -> None:
    assert restricting(post).allowed is (post in PRINCIPALS)


@pytest.mark.article("A07.2.0", shows="refused")
def test_head_of_another_campus_closes_nothing() -> None:
    assert "A07.2.0" in restricting(Post.PRINCIPAL, campus="panjin").articles


@pytest.mark.article("A07.1.3b", shows="refused")
def test_tier_1_closes_nothing() -> None:
    for post in (Post.PRINCIPAL, Post.MANAGER):
        refused = restricting(post, tier=Tier.FIRST)
        assert [reason.code for reason in refused.reasons] == ["jurisdiction.tier_1_supervises"]


@pytest.mark.article("A14.c", shows="refused")
def test_nobody_closes_the_own_application() -> None:
    refused = restricting(Post.PRINCIPAL, person="student")
    assert [reason.code for reason in refused.reasons] == ["restricting.own_application"]
