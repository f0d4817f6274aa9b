"""The demo's training is entered once, whatever the number of starts."""

import pytest

from mingjian.base.clock import SystemClock
from mingjian.demo import trainings
from mingjian.demo.cast import ACCOUNTS
from mingjian.demo.installation import _ensure_person
from mingjian.people.models import Qualification


@pytest.mark.usefixtures("university")
def test_training_of_the_demo_is_entered_once() -> None:
    clock = SystemClock()
    for account in ACCOUNTS:
        _ensure_person(account, clock=clock)
    for _ in range(2):
        trainings.ensure(clock=clock)

    assert Qualification.objects.count() == sum(len(kinds) for kinds, _days in trainings.HELD.values())
