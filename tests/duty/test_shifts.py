"""Shifts begin and end by their person, one at a time, and their end ends every live picture."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from mingjian.base.clock import SimulatedClock
from mingjian.duty import usecases
from mingjian.duty.models import Shift
from mingjian.duty.usecases import DutyError
from mingjian.people import acts
from mingjian.people import queries as people
from mingjian.people.capacity import Acting
from mingjian.people.models import Person

ActAs = Callable[[Person], Acting]
Written = Callable[[], list[dict[str, Any]]]


def test_shift_begins_and_ends_with_an_entry_each(
    operator: Person, written: Written, act_as: ActAs, clock: SimulatedClock
) -> None:
    acting = act_as(operator)
    shift = usecases.start_shift(acting=acting, campus="lingshui", actor=acts.of(acting), clock=clock)
    clock.advance(90_000)
    usecases.end_shift(person=operator, actor=acts.of(acting), clock=clock)

    assert [(act["kind"], act["articles"]) for act in written()] == [
        ("duty.shift_started", ["A18.4a"]),
        ("duty.shift_ended", ["A18.4a"]),
    ]
    assert people.is_revoked(key=str(shift.grant_id))


def test_shift_is_refused_to_a_person_without_the_post(outsider: Person, act_as: ActAs, clock: SimulatedClock) -> None:
    with pytest.raises(DutyError) as refused:
        usecases.start_shift(acting=act_as(outsider), campus="lingshui", actor=acts.SHELL, clock=clock)

    assert refused.value.code == "duty.not_an_operator"


def test_second_shift_is_refused_by_use_case_and_database(
    operator: Person, act_as: ActAs, clock: SimulatedClock
) -> None:
    usecases.start_shift(acting=act_as(operator), campus="lingshui", actor=acts.SHELL, clock=clock)

    with pytest.raises(DutyError) as refused:
        usecases.start_shift(acting=act_as(operator), campus="lingshui", actor=acts.SHELL, clock=clock)
    assert refused.value.code == "duty.already_on_shift"
    with pytest.raises(IntegrityError), transaction.atomic():
        Shift.objects.create(person=operator, body_id="security-office-campus", campus_id="lingshui", started_at_90k=1)


def test_end_of_no_shift_is_refused(operator: Person, clock: SimulatedClock) -> None:
    with pytest.raises(DutyError) as refused:
        usecases.end_shift(person=operator, actor=acts.SHELL, clock=clock)

    assert refused.value.code == "duty.not_on_shift"
