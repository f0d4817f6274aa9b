"""Who has a part in a matter does not decide on it; tier 1 does where the campus's body has nobody else."""

from collections.abc import Callable
from typing import Any

import pytest

from mingjian.regulation.decision import Decision
from mingjian.regulation.posts import DECIDERS, Capacity, Post
from mingjian.regulation.rules.conflicts import ROUTED_TO, ElsewhereFacts, Tie, may_ask_elsewhere, may_recuse
from mingjian.regulation.rules.deciding import DecidingFacts, may_decide

Make = Callable[..., Capacity]


def codes(decision: Decision) -> list[str]:
    assert not decision.allowed
    return [reason.code for reason in decision.reasons]


def deciding(capacity: Capacity, **changes: Any) -> Decision:
    facts: dict[str, Any] = {
        "capacity": capacity,
        "decider_id": "decider",
        "applicant_ids": frozenset({"applicant"}),
        "camera_campuses": frozenset({"lingshui"}),
    }
    return may_decide(DecidingFacts(**(facts | changes)))


@pytest.mark.article("A14.c", shows=("allowed", "refused"))
@pytest.mark.parametrize("tie", list(Tie))
def test_who_is_tied_to_the_matter_does_not_decide(tier_2: Make, tie: Tie) -> None:
    assert deciding(tier_2(Post.REVIEWER)).allowed
    assert codes(deciding(tier_2(Post.REVIEWER), ties=frozenset({tie}))) == [f"conflicts.{tie}"]


@pytest.mark.article("A07.1.3b", shows=("allowed", "refused"))
@pytest.mark.parametrize("post", sorted(ROUTED_TO))
def test_tier_1_decides_only_what_the_campus_cannot(tier_1: Make, post: Post) -> None:
    assert deciding(tier_1(post), is_routed=True).articles == ("A07.1.3b", "A14.c")
    assert codes(deciding(tier_1(post))) == ["jurisdiction.tier_1_supervises"]
    assert codes(deciding(tier_1(post), is_routed=True, ties=frozenset({Tie.SUBJECT}))) == ["conflicts.subject"]


@pytest.mark.article("A07.2.0", "A07.2.3", shows="refused")
def test_what_is_routed_is_no_business_of_another_post_or_campus(tier_1: Make, tier_2: Make) -> None:
    assert codes(deciding(tier_1(Post.SAFETY_RESPONSIBLE), is_routed=True)) == ["deciding.without_post"]
    elsewhere = deciding(tier_2(Post.REVIEWER), is_routed=True, camera_campuses=frozenset({"panjin"}))
    assert codes(elsewhere) == ["jurisdiction.other_campus"]
    several = deciding(tier_1(Post.PRINCIPAL), is_routed=True, camera_campuses=frozenset({"panjin", "lingshui"}))
    assert codes(several) == ["deciding.several_campuses"]
    assert codes(deciding(tier_1(Post.PRINCIPAL), is_routed=True, camera_campuses=frozenset())) == [
        "deciding.no_camera"
    ]


@pytest.mark.article("A14.c", shows=("allowed", "refused"))
@pytest.mark.parametrize("post", list(Post))
def test_deciders_of_tier_2_recuse_themselves_while_it_is_open(tier_1: Make, tier_2: Make, post: Post) -> None:
    assert may_recuse(tier_2(post), is_open=True).allowed is (post in DECIDERS)
    assert "conflicts.decided" in codes(may_recuse(tier_2(post), is_open=False))
    assert codes(may_recuse(tier_1(post), is_open=True)) == ["conflicts.not_a_decider"]


@pytest.mark.article("A14.c", shows=("allowed", "refused"))
def test_applicant_alone_asks_for_another_body_while_it_is_open() -> None:
    def ask(person: str, *, is_open: bool = True) -> Decision:
        return may_ask_elsewhere(ElsewhereFacts(person_id=person, applicant_id="applicant", is_open=is_open))

    assert ask("applicant").allowed
    assert codes(ask("another")) == ["conflicts.not_the_applicant"]
    assert codes(ask("applicant", is_open=False)) == ["conflicts.decided"]
