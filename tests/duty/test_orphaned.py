"""A shift ends with the post or the account it stood on, by the clerk, and its pictures with it."""

from collections.abc import Callable
from typing import Any

import pytest

from mingjian.base.clock import SimulatedClock
from mingjian.duty import usecases
from mingjian.duty.models import Shift
from mingjian.people import accounts, acts, appointing, leaving, queries
from mingjian.people.capacity import Acting
from mingjian.people.models import Person


def dismiss(person: Person, clock: SimulatedClock) -> None:
    (held,) = person.appointments.all()
    appointing.end_appointment(appointment=held, reason="调离", actor=acts.SHELL, clock=clock)


def suspend(person: Person, clock: SimulatedClock) -> None:
    accounts.suspend(person=person, reason="外借", actor=acts.SHELL, clock=clock)


def close(person: Person, clock: SimulatedClock) -> None:
    leaving.close_account(person=person, actor=acts.SHELL, clock=clock)


@pytest.mark.article("A18.4a")
@pytest.mark.parametrize("end", [dismiss, suspend, close])
def test_shift_ends_with_what_it_stood_on(
    operator: Person,
    act_as: Callable[..., Acting],
    clock: SimulatedClock,
    written: Callable[[], list[dict[str, Any]]],
    end: Callable[[Person, SimulatedClock], None],
) -> None:
    shift = usecases.start_shift(acting=act_as(operator), campus="lingshui", actor=acts.SHELL, clock=clock)
    assert usecases.end_orphaned_shifts(clock=clock) == 0
    clock.advance(90_000)
    end(operator, clock)

    assert usecases.end_orphaned_shifts(clock=clock) == 1

    assert Shift.objects.get(pk=shift.pk).ended_at_90k == clock.utc()
    assert queries.is_revoked(key=str(shift.grant_id))
    act = written()[-1]
    assert (act["kind"], act["actor"]["name"], act["facts"]["reason"]) == ("duty.shift_ended", "clerk", "post_ended")
    assert usecases.end_orphaned_shifts(clock=clock) == 0
