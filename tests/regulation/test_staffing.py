"""Who a system has to have, and that nobody looks after themselves unless the school allows it."""

from typing import Any

import pytest

from mingjian.regulation.decision import Decision
from mingjian.regulation.posts import Post
from mingjian.regulation.rules.appointing import AppointingFacts
from mingjian.regulation.rules.staffing import GivingFacts, StaffingFacts, may_give, may_run


def codes(decision: Decision) -> list[str]:
    assert not decision.allowed
    return [reason.code for reason in decision.reasons]


def run(responsible: str = "a", managers: str = "b", operators: str = "c", *, distinct: bool = True) -> Decision:
    return may_run(
        StaffingFacts(
            responsible=frozenset(responsible),
            managers=frozenset(managers),
            operators=frozenset(operators),
            are_distinct=distinct,
        )
    )


def give(*, counterpart: bool, distinct: bool = True, **changes: Any) -> Decision:
    facts: dict[str, Any] = {
        "appointer_post": Post.SAFETY_RESPONSIBLE,
        "is_own_body": True,
        "is_above": False,
        "is_oneself": False,
        "post": Post.OPERATOR,
    }
    return may_give(
        GivingFacts(
            appointing=AppointingFacts(**(facts | changes)), holds_counterpart=counterpart, are_distinct=distinct
        )
    )


@pytest.mark.article("A08.a", "A08.b", shows=("allowed", "refused"))
def test_system_has_one_responsible_a_manager_and_an_operator() -> None:
    assert (run().allowed, run().articles) == (True, ("A08.a", "A08.b"))
    assert run(responsible="b", managers="b").allowed
    assert codes(run(responsible="")) == ["staffing.nobody_responsible"]
    assert codes(run(managers="")) == ["staffing.no_manager"]
    assert codes(run(operators="")) == ["staffing.no_operator"]
    assert codes(run(responsible="", managers="", operators="")) == [
        "staffing.nobody_responsible",
        "staffing.no_manager",
        "staffing.no_operator",
    ]


@pytest.mark.article("A08.b", shows=("allowed", "refused"))
def test_only_manager_is_not_the_only_operator_unless_the_school_allows_it() -> None:
    assert codes(run(managers="b", operators="b")) == ["staffing.one_person"]
    assert run(managers="b", operators="b", distinct=False).allowed
    assert run(managers="b", operators="bc").allowed
    assert run(managers="bd", operators="b").allowed
    assert run(managers="bd", operators="bd").allowed


@pytest.mark.article("A08.b", shows=("allowed", "refused"))
def test_post_is_not_given_to_who_would_look_after_themselves_unless_the_school_allows_it() -> None:
    assert give(counterpart=False).allowed
    assert give(counterpart=True, distinct=False).allowed
    assert codes(give(counterpart=True)) == ["staffing.looks_after_oneself"]
    assert codes(give(counterpart=True, is_oneself=True)) == ["appointing.oneself"]
