"""Queries: the auditor's alone, answered by the body, never by who acted; conduct at tier 1 goes to inspection."""

import pytest

from mingjian.regulation.decision import Decision
from mingjian.regulation.posts import Capacity, Post, Tier
from mingjian.regulation.rules.inquiring import (
    ANSWERERS,
    AnsweringFacts,
    AskingFacts,
    goes_to_inspection,
    may_answer,
    may_ask,
)


def asking(post: Post, *, conduct: bool = False, office: bool = False, inspection: bool = False) -> Decision:
    return may_ask(
        AskingFacts(
            capacity=Capacity(tier=Tier.FIRST, campuses=frozenset(), posts=frozenset({post})),
            is_about_conduct=conduct,
            concerns_first_office=office,
            is_to_inspection=inspection,
        )
    )


def answering(post: Post, *, tier: Tier = Tier.SECOND, own: bool = True, person: str = "head") -> Decision:
    return may_answer(
        AnsweringFacts(
            capacity=Capacity(tier=tier, campuses=frozenset(), posts=frozenset({post})),
            person_ids=frozenset({person, "deputy"}),
            is_own_body=own,
            concerned_id="guard",
        )
    )


def codes(decision: Decision) -> list[str]:
    assert not decision.allowed
    return [reason.code for reason in decision.reasons]


@pytest.mark.article("A18.1", shows=("allowed", "refused"))
@pytest.mark.parametrize("post", list(Post))
def test_only_the_auditor_asks(post: Post) -> None:
    if post is Post.AUDIT_ADMINISTRATOR:
        assert asking(post).articles == ("A18.1",)
    else:
        assert codes(asking(post)) == ["inquiring.the_auditors"]


@pytest.mark.article("A07.1.3b", shows="refused")
@pytest.mark.parametrize("conduct", [False, True])
@pytest.mark.parametrize("office", [False, True])
def test_conduct_of_tier_1s_people_goes_to_inspection_and_only_that(*, conduct: bool, office: bool) -> None:
    assert goes_to_inspection(is_about_conduct=conduct, concerns_first_office=office) is (conduct and office)
    decision = asking(Post.AUDIT_ADMINISTRATOR, conduct=conduct, office=office)
    assert decision.allowed is not (conduct and office)
    assert asking(Post.AUDIT_ADMINISTRATOR, conduct=conduct, office=office, inspection=True).allowed


@pytest.mark.article("A07.1.3b", shows=("allowed", "refused"))
@pytest.mark.parametrize("post", list(Post))
def test_body_answers_by_those_who_lead_it(post: Post) -> None:
    decision = answering(post)
    assert decision.allowed is (post in ANSWERERS)
    assert codes(answering(post, own=False)) == ["inquiring.the_bodys"]


@pytest.mark.article("A07.1.3b", shows=("allowed", "refused"))
def test_inspection_answers_outside_the_tiers_only() -> None:
    assert answering(Post.DISCIPLINE_INSPECTOR, tier=Tier.OUTSIDE).allowed
    assert codes(answering(Post.DISCIPLINE_INSPECTOR, tier=Tier.FIRST)) == ["inquiring.the_bodys"]
    assert codes(answering(Post.REVIEWER, tier=Tier.OUTSIDE)) == ["inquiring.the_bodys"]


@pytest.mark.article("A07.1.3b", shows="refused")
def test_nobody_answers_for_the_own_act() -> None:
    assert codes(answering(Post.PRINCIPAL, person="guard")) == ["inquiring.ones_own_act"]
