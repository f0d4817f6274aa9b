"""Until when somebody is trained and pledged, what that is called, and which staff is asked for it."""

from collections.abc import Callable

import pytest

from mingjian.base.clock import SimulatedClock
from mingjian.base.ticks import TICKS_PER_S
from mingjian.people import qualified
from mingjian.people.capacity import first_capacity
from mingjian.people.models import Appointment, Body, Person, Qualification, Ruling
from mingjian.people.qualification import Kind
from mingjian.people.qualified import Validity
from mingjian.regulation.posts import Post
from mingjian.regulation.rules.training import STAFF

OFFICE = "security-office-campus"
DAY_90K = 86_400 * TICKS_PER_S
Hire = Callable[..., Person]


def held(person: Person, kind: Kind, until_90k: int, *, withdrawn: bool = False) -> None:
    Qualification.objects.create(
        person=person,
        body=Body.objects.get(pk=OFFICE),
        kind=kind,
        document="签到表",
        held_on_90k=1,
        valid_until_90k=until_90k,
        policy_version=0,
        recorded_at_90k=1,
        **({"withdrawn_at_90k": 2, "withdrawal_reason": "登错"} if withdrawn else {}),
    )


@pytest.mark.article("A08.d")
def test_state_changes_at_the_very_instants() -> None:
    end = 100 * DAY_90K
    one = Validity({Kind.TRAINING: end})
    told = [
        (0, "valid"),
        (70 * DAY_90K - 1, "valid"),
        (70 * DAY_90K, "soon"),
        (end - 1, "soon"),
        (end, "lapsed"),
    ]
    assert [(at, one.state(Kind.TRAINING, now_90k=at)) for at, _ in told] == told
    assert one.state(Kind.PLEDGE, now_90k=0) == "missing"
    assert not one.is_whole(now_90k=0)
    both = Validity({Kind.TRAINING: end, Kind.PLEDGE: end + 1})
    assert [both.is_whole(now_90k=at) for at in (0, end - 1, end)] == [True, True, False]


@pytest.mark.article("A08.d")
def test_what_holds_longest_counts_and_what_was_withdrawn_does_not(hire: Hire) -> None:
    li, chen, nobody = hire("li", "李值班"), hire("chen", "陈值班"), hire("zhao", "赵同学")
    held(li, Kind.TRAINING, 10)
    held(li, Kind.TRAINING, 30)
    held(li, Kind.TRAINING, 20)
    held(li, Kind.TRAINING, 40, withdrawn=True)
    held(li, Kind.PLEDGE, 15)
    held(chen, Kind.PLEDGE, 99)

    found = qualified.validities([li.pk, nobody.pk])

    assert found == {li.pk: Validity({Kind.TRAINING: 30, Kind.PLEDGE: 15}), nobody.pk: Validity({})}
    assert qualified.validity_of(chen) == Validity({Kind.PLEDGE: 99})


@pytest.mark.article("A08.d", "A16.2")
def test_duty_asks_for_both_where_the_school_says_so(hire: Hire, clock: SimulatedClock) -> None:
    li = hire("li", "李值班", ("operator", OFFICE), clock=clock)
    acting, now_90k = first_capacity(li, now_90k=clock.utc()), clock.utc()

    def told(at_90k: int = now_90k) -> list[str]:
        decision = qualified.may_serve(acting=acting, now_90k=at_90k)
        return [] if decision.allowed else [reason.code for reason in decision.reasons]

    assert told() == []
    Ruling.objects.create(
        topic="training_closes_duty",
        value=1,
        reason="试验",
        proposed_at_90k=now_90k,
        decided_at_90k=now_90k,
        version=1,
        effective_at_90k=now_90k,
    )
    assert told(now_90k - 1) == []
    assert told() == ["training.lapsed", "training.pledge_lapsed"]
    held(li, Kind.TRAINING, now_90k + 10)
    assert told() == ["training.pledge_lapsed"]
    held(li, Kind.PLEDGE, now_90k + 20)
    assert (told(), told(now_90k + 9), told(now_90k + 10)) == ([], [], ["training.lapsed"])


@pytest.mark.article("A08.d")
def test_staff_are_the_appointments_in_force_whose_work_is_with_footage(hire: Hire, clock: SimulatedClock) -> None:
    now_90k = clock.utc()
    for post in (Post.OPERATOR, Post.REVIEWER, Post.PRINCIPAL):
        hire(post.value, f"{post.value}女士", (post.value, OFFICE), clock=clock)
    hire("librarian", "图书馆值班", ("operator", "library"), clock=clock)
    closed = hire("closed", "已离校", ("operator", OFFICE), clock=clock)
    Person.objects.filter(pk=closed.pk).update(is_active=False)

    def found(bodies: list[str] | None = None, at_90k: int = now_90k) -> list[str]:
        return [one.person.username for one in qualified.staff(now_90k=at_90k, bodies=bodies)]

    assert Post.PRINCIPAL not in STAFF
    assert found() == ["operator", "reviewer", "librarian"]
    assert found([OFFICE]) == ["operator", "reviewer"]
    assert found([]) == []
    Appointment.objects.filter(post="reviewer").update(since_90k=now_90k, until_90k=now_90k + 10)
    assert [found([OFFICE], at) for at in (now_90k - 1, now_90k, now_90k + 9, now_90k + 10)] == [
        ["operator"],
        ["operator", "reviewer"],
        ["operator", "reviewer"],
        ["operator"],
    ]
