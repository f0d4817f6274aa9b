"""Which value is in force at which instant, what is told of each topic, and what was ever proposed."""

from collections.abc import Callable
from typing import Any

import pytest

from mingjian.base.clock import SimulatedClock
from mingjian.people import governing, policy
from mingjian.people.capacity import Acting
from mingjian.people.governing import Proposal
from mingjian.people.models import Person, Ruling
from mingjian.regulation.policies import DEFAULTS, POLICIES
from mingjian.regulation.readings import READINGS

SCHOOL = "security-office"
Hire = Callable[..., Person]
As = Callable[[str], Acting]


def propose(people: As, clock: SimulatedClock, by: str = "chu", **asked: Any) -> Ruling:
    told = {"topic": "objection_period", "value": 10, "reason": "周期太短"} | asked
    return governing.propose(proposal=Proposal(**told), acting=people(by), clock=clock)


def accepted(
    people: As, topic: str, value: int | None, *, version: int, effective_at_90k: int, answer: str = ""
) -> Ruling:
    """Write a ruling as it lies in the table once it was decided, at the beginning of time."""
    ruling = Ruling.objects.create(
        topic=topic,
        value=value,
        answer=answer,
        document="文件" if answer else "",
        reason="试验",
        proposed_by=people("chu").person,
        proposed_at_90k=1,
    )
    decided = {"decided_by": people("wu").person, "decided_at_90k": 1}
    Ruling.objects.filter(pk=ruling.pk).update(**decided, version=version, effective_at_90k=effective_at_90k)
    return Ruling.objects.get(pk=ruling.pk)


def test_value_in_force_is_the_last_to_take_effect_then_the_last_decided(people: As) -> None:
    accepted(people, "objection_period", 11, version=1, effective_at_90k=100)
    accepted(people, "objection_period", 13, version=3, effective_at_90k=50)
    accepted(people, "case_hold", 21, version=4, effective_at_90k=100)
    accepted(people, "case_hold", 20, version=2, effective_at_90k=100)
    accepted(people, "forgotten_by_now", 5, version=5, effective_at_90k=10)
    accepted(people, "Q04", None, answer="是", version=6, effective_at_90k=100)
    accepted(people, "Q04", None, answer="否", version=7, effective_at_90k=100)
    accepted(people, "Q05", None, answer="早", version=8, effective_at_90k=101)
    accepted(people, "Q99", None, answer="已无此问", version=9, effective_at_90k=100)

    def book(at_90k: int) -> tuple[int, int, int]:
        found = policy.in_force(at_90k=at_90k)
        return found.version, found.value("objection_period"), found.value("case_hold")

    standard = DEFAULTS.value("case_hold")
    assert book(9) == (0, DEFAULTS.value("objection_period"), standard)
    assert book(49) == (1, DEFAULTS.value("objection_period"), standard)
    assert book(50) == (2, 13, standard)
    assert book(99) == (2, 13, standard)
    assert book(100) == (8, 11, 21)
    assert "forgotten_by_now" not in policy.in_force(at_90k=100).rulings
    assert "Q04" not in policy.in_force(at_90k=100).rulings
    answers = {topic: one.answer for topic, one in policy.interpretations(at_90k=100).items()}
    assert answers == {"Q04": "否"}
    assert policy.interpretations(at_90k=99) == {}
    effects = [policy.last_effect(topics=["objection_period", "Q05"], at_90k=at) for at in (49, 50, 100, 101)]
    assert effects == [0, 50, 100, 101]
    assert policy.last_effect(topics=[], at_90k=100) == 0


@pytest.mark.article("A07.1.1")
def test_page_tells_of_each_topic_what_stands_what_comes_and_what_waits(people: As, clock: SimulatedClock) -> None:
    now_90k = clock.utc()
    stands = accepted(people, "objection_period", 11, version=1, effective_at_90k=now_90k)
    last, first = (
        accepted(people, "objection_period", value, version=value, effective_at_90k=now_90k + value)
        for value in (14, 12)
    )
    other = accepted(people, "case_hold", 40, version=20, effective_at_90k=now_90k + 1)
    waits = propose(people, clock, value=20)

    told = policy.standings(now_90k=now_90k)

    assert list(told) == [*POLICIES, *READINGS]
    period = told["objection_period"]
    assert (period.topic, period.current, period.coming, period.proposed) == (
        "objection_period",
        stands,
        (first, last),
        waits,
    )
    assert (told["case_hold"].current, told["case_hold"].coming, told["case_hold"].proposed) == (None, (other,), None)
    assert set(policy.history("objection_period")) == {stands, first, last, waits}
    assert policy.history("objection_period")[0] == waits
