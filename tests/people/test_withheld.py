"""What a person is told whose posts are withheld, and what is refused meanwhile."""

from collections.abc import Callable

import pytest
from django.utils import translation

from mingjian.base.clock import SimulatedClock
from mingjian.base.ticks import Ticks90k
from mingjian.people import appointing, withheld
from mingjian.people.capacity import Acting, acting_under, first_capacity
from mingjian.people.models import Appointment, Person
from mingjian.people.routing import RuleRefused
from mingjian.regulation.rules.appointing import WITHHELD

NOW = Ticks90k(160_000_000_000_000)
CLOCK = SimulatedClock(NOW)
OFFICE = "security-office-campus"


@pytest.fixture
def operator(hire: Callable[..., Person]) -> Person:
    return hire("zhang", "张工", ("operator", OFFICE), clock=CLOCK)


def as_member(person: Person) -> Acting:
    return Acting(person, None, ())


def test_nothing_is_withheld_until_a_password_is_given(operator: Person) -> None:
    acting = as_member(operator)
    assert withheld.appointments(acting=acting, now_90k=NOW) == []
    assert withheld.refusal(acting=acting, now_90k=NOW) is None
    assert withheld.told(acting=acting, now_90k=NOW) == []


def test_whoever_was_given_a_password_is_told_how_many_posts_wait(operator: Person) -> None:
    appointing.withhold(person=operator, given_by=None, at_90k=NOW)
    acting = first_capacity(operator, now_90k=NOW)

    assert acting.appointment is None
    (waiting,) = withheld.told(acting=acting, now_90k=NOW)
    assert (waiting.count, waiting.address) == (1, "/capacity/")
    refusal = withheld.refusal(acting=acting, now_90k=NOW)
    assert refusal is not None
    assert (refusal.allowed, refusal.reasons) == (False, (WITHHELD,))


def test_who_acts_under_a_post_is_told_of_no_other(operator: Person) -> None:
    held = Appointment.objects.get(person=operator)
    acting = acting_under(operator, appointment_id=held.pk, now_90k=NOW)
    appointing.withhold(person=operator, given_by=None, at_90k=NOW)

    assert acting.appointment is not None
    assert withheld.told(acting=acting, now_90k=NOW) == []
    assert withheld.refusal(acting=acting, now_90k=NOW) is None


@pytest.mark.django_db(transaction=True)
def test_acting_under_what_is_withheld_is_refused_and_recorded(operator: Person) -> None:
    held = Appointment.objects.get(person=operator)
    withheld.require_in_hand(acting=as_member(operator), appointment_id=str(held.pk), path="/capacity/", clock=CLOCK)
    appointing.withhold(person=operator, given_by=None, at_90k=NOW)
    with pytest.raises(RuleRefused):
        withheld.require_in_hand(
            acting=as_member(operator), appointment_id=str(held.pk), path="/capacity/", clock=CLOCK
        )
    withheld.require_in_hand(acting=as_member(operator), appointment_id=None, path="/capacity/", clock=CLOCK)


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh-hans", WITHHELD.text_zh), ("en", WITHHELD.text_en), ("en-gb", WITHHELD.text_en), (None, WITHHELD.text_zh)],
)
def test_it_is_told_in_the_readers_language(language: str | None, words: str) -> None:
    with translation.override(language):
        assert withheld.words() == words
