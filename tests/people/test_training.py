"""Training and pledges: entered by who appoints, told before they lapse, asked for where the school says so."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from mingjian.base import ticks
from mingjian.base.clock import SimulatedClock, SystemClock
from mingjian.people import acts, appointing, lapses, policy, qualified, training, training_waiting
from mingjian.people.capacity import Acting, first_capacity
from mingjian.people.models import Body, Person, Qualification, Ruling
from mingjian.people.qualification import Kind
from mingjian.people.routing import RuleRefused
from mingjian.people.training import Certificate, TrainingError

PASSWORD = "correct horse battery"
OFFICE = "security-office-campus"
DAY_90K = 86_400 * ticks.TICKS_PER_S
Hire = Callable[..., Person]
Written = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def staff(hire: Hire, clock: SimulatedClock) -> dict[str, Person]:
    return {
        "head": hire("head", "馆长", ("principal", "library"), clock=clock),
        "safety": hire("safety", "责任人", ("safety_responsible", "library"), clock=clock),
        "operator": hire("guard", "值班员", ("operator", "library"), clock=clock),
        "other": hire("other", "外单位责任人", ("safety_responsible", "chemical-engineering"), clock=clock),
    }


def acting(person: Person, clock: SimulatedClock) -> Acting:
    return first_capacity(person, now_90k=clock.utc())


def certificate(kind: Kind = Kind.TRAINING, day: date = date(2026, 11, 22)) -> Certificate:
    return Certificate(kind=kind, held_on=day, topic="操作规程、办法和保密", document="签到表 2026-11")


def enter(staff: dict[str, Person], clock: SimulatedClock, **more: Any) -> Qualification:
    return training.record(
        person=staff["operator"], certificate=certificate(**more), acting=acting(staff["safety"], clock), clock=clock
    )


@pytest.mark.article("A08.d", "A16.2")
def test_training_holds_for_the_months_in_force_when_it_was_entered(
    staff: dict[str, Person], clock: SimulatedClock, written: Written
) -> None:
    row = enter(staff, clock)

    assert ticks.day_of(row.valid_until_90k) == date(2027, 11, 22)
    (act,) = written()
    assert (act["kind"], act["articles"]) == ("people.qualification_recorded", ["A08.d"])
    assert act["facts"]["person"] == str(staff["operator"].pk)
    _rule(clock, training_validity=6)
    assert qualified.validity_of(staff["operator"]).until_90k == {Kind.TRAINING: row.valid_until_90k}
    assert ticks.day_of(enter(staff, clock).valid_until_90k) == date(2027, 5, 22)


@pytest.mark.article("A08.d")
@pytest.mark.parametrize(
    ("by", "code"),
    [("other", "training.not_responsible"), ("operator", "training.oneself"), ("safety", "training.oneself")],
)
def test_training_is_refused_to_strangers_and_for_oneself_with_an_entry(
    staff: dict[str, Person], clock: SimulatedClock, written: Written, by: str, code: str
) -> None:
    person = staff["operator"] if by == "other" else staff[by]
    with pytest.raises(RuleRefused) as refused:
        training.record(person=person, certificate=certificate(), acting=acting(staff[by], clock), clock=clock)

    assert refused.value.decision.reasons[0].code == code
    assert [act["kind"] for act in written()] == ["people.refused"]
    assert not Qualification.objects.exists()


def test_day_to_come_and_day_too_long_ago_are_refused(staff: dict[str, Person], clock: SimulatedClock) -> None:
    for day, code in (
        (date(2026, 11, 23), "people.training_in_the_future"),
        (date(2025, 11, 22), "people.training_lapsed_already"),
    ):
        with pytest.raises(TrainingError) as refused:
            enter(staff, clock, day=day)
        assert refused.value.code == code
    assert enter(staff, clock, day=date(2025, 11, 23))


def test_wrong_entry_is_withdrawn_once_and_stays(staff: dict[str, Person], clock: SimulatedClock) -> None:
    row = enter(staff, clock)
    for _ in range(2):
        try:
            training.withdraw(qualification=row, reason="登错人", acting=acting(staff["safety"], clock), clock=clock)
        except TrainingError as again:
            assert again.code == "people.training_withdrawn"

    assert Qualification.objects.get().withdrawal_reason == "登错人"
    assert qualified.validity_of(staff["operator"]).until_90k == {}


@pytest.mark.parametrize(
    "change",
    [
        {"valid_until_90k": 1 << 60},
        {"document": "x"},
        {"withdrawn_at_90k": None, "withdrawn_by": None, "withdrawal_reason": ""},
    ],
)
def test_database_changes_no_entry_and_deletes_none(
    staff: dict[str, Person], clock: SimulatedClock, change: dict[str, Any]
) -> None:
    row = enter(staff, clock)
    training.withdraw(qualification=row, reason="登错人", acting=acting(staff["safety"], clock), clock=clock)
    with pytest.raises(IntegrityError), transaction.atomic():
        Qualification.objects.update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        Qualification.objects.all().delete()


def test_database_takes_no_entry_by_oneself(staff: dict[str, Person], clock: SimulatedClock) -> None:
    row = enter(staff, clock)
    row.pk, row.recorded_by = None, staff["operator"]
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


@pytest.mark.article("A08.d", "A16.2")
def test_lapse_is_told_once_at_each_step_to_the_person_and_who_is_responsible(
    staff: dict[str, Person], clock: SimulatedClock, written: Written
) -> None:
    row = enter(staff, clock)
    written_before = len(written())
    told: list[int] = []
    for left in (31, 30, 29, 7, 1, 0, -5):
        clock.advance(row.valid_until_90k - left * DAY_90K - clock.utc())
        told.append(lapses.tell(clock=clock) + lapses.tell(clock=clock))

    assert told == [0, 1, 0, 1, 1, 1, 0]
    notices = written()[written_before:]
    assert [(act["kind"], act["facts"]["days"]) for act in notices] == [
        ("people.qualification_lapsing", 30),
        ("people.qualification_lapsing", 7),
        ("people.qualification_lapsing", 1),
        ("people.qualification_lapsed", 0),
    ]
    assert notices[-1]["facts"]["told"] == sorted([str(staff["operator"].pk), str(staff["safety"].pk)])
    assert (notices[-1]["facts"]["body"], notices[-1]["articles"]) == ("library", ["A08.d"])


def test_clerk_that_was_away_tells_the_step_it_finds_and_no_earlier_one(
    staff: dict[str, Person], clock: SimulatedClock, written: Written
) -> None:
    row = enter(staff, clock)
    clock.advance(row.valid_until_90k - clock.utc() - DAY_90K)

    assert lapses.tell(clock=clock) == 1
    assert written()[-1]["facts"]["days"] == 1


def test_what_was_renewed_or_is_no_duty_any_more_lapses_in_silence(
    staff: dict[str, Person], clock: SimulatedClock
) -> None:
    row = enter(staff, clock)
    enter(staff, clock, kind=Kind.PLEDGE)
    clock.advance(row.valid_until_90k - clock.utc() - 8 * DAY_90K)
    assert lapses.tell(clock=clock) == 2
    today = ticks.day_of(clock.utc())
    enter(staff, clock, day=today)
    clock.advance(2 * DAY_90K)
    assert lapses.tell(clock=clock) == 1
    appointing.end_appointment(
        appointment=staff["operator"].appointments.get(), reason="调岗", actor=acts.SHELL, clock=clock
    )
    clock.advance(6 * DAY_90K)
    assert lapses.tell(clock=clock) == 0


def test_lapse_waits_on_the_pages_of_the_person_and_of_who_is_responsible(
    staff: dict[str, Person], clock: SimulatedClock
) -> None:
    def counted(name: str) -> int:
        told = training_waiting.told(acting=acting(staff[name], clock), now_90k=clock.utc())
        return sum(waiting.count for waiting in told)

    assert (counted("operator"), counted("safety"), counted("head"), counted("other")) == (0, 1, 1, 0)
    _rule(clock, training_closes_duty=1)
    assert counted("operator") == 2
    enter(staff, clock)
    enter(staff, clock, kind=Kind.PLEDGE)
    assert (counted("operator"), counted("safety")) == (0, 0)
    clock.advance(365 * DAY_90K)
    assert (counted("operator"), counted("safety")) == (2, 1)


@pytest.mark.article("A08.d")
def test_duty_is_closed_by_a_lapse_only_once_the_school_said_so(
    staff: dict[str, Person], clock: SimulatedClock, written: Written
) -> None:
    me = acting(staff["operator"], clock)
    training.require_fit(acting=me, path="/shift/start/", clock=clock)
    _rule(clock, training_closes_duty=1)
    with pytest.raises(RuleRefused) as refused:
        training.require_fit(acting=me, path="/shift/start/", clock=clock)

    assert refused.value.decision.articles == ("A08.d", "A16.2")
    assert written()[-1]["facts"]["codes"] == ["training.lapsed", "training.pledge_lapsed"]
    enter(staff, clock)
    enter(staff, clock, kind=Kind.PLEDGE)
    training.require_fit(acting=me, path="/shift/start/", clock=clock)


def entered(username: str) -> Client:
    client = Client()
    client.post("/sign-in/", {"username": username, "password": PASSWORD})
    return client


def test_training_is_entered_renewed_and_withdrawn_by_page(hire: Hire) -> None:
    hire("safety", "责任人", ("safety_responsible", "library"))
    guard = hire("guard", "值班员", ("operator", "library"))
    today = ticks.day_of(SystemClock().utc())
    page = entered("safety")
    sent = {"kind": "training", "held_on": today.isoformat(), "topic": "操作规程", "document": "签到表"}
    assert page.post(f"/people/{guard.pk}/training/record/", sent | {"topic": ""}).status_code == 400
    assert page.post(f"/people/{guard.pk}/training/record/", sent).status_code == 302
    row = Qualification.objects.get()

    assert "没有登记" in page.get("/staff/").content.decode()
    assert "操作规程" in page.get(f"/people/{guard.pk}/training/").content.decode()
    assert "操作规程" in entered("guard").get("/training/").content.decode()
    assert page.post(f"/training/{row.pk}/withdraw/", {"reason": ""}).status_code == 400
    assert page.post(f"/training/{row.pk}/withdraw/", {"reason": "登错"}).status_code == 302
    assert "已撤销" in page.get(f"/people/{guard.pk}/training/").content.decode()


def test_training_of_strangers_does_not_exist(hire: Hire) -> None:
    hire("safety", "责任人", ("safety_responsible", "chemical-engineering"))
    guard = hire("guard", "值班员", ("operator", "library"))
    row = training.enter(
        person=guard,
        body=Body.objects.get(pk="library"),
        certificate=certificate(day=ticks.day_of(SystemClock().utc()) - timedelta(days=1)),
        recorded_by=None,
        actor=acts.SHELL,
        clock=SystemClock(),
    )
    page = entered("safety")

    for path in (f"/people/{guard.pk}/training/", "/people/nobody/training/"):
        assert page.get(path).status_code == 404
    for path in (f"/people/{guard.pk}/training/record/", f"/training/{row.pk}/withdraw/", "/training/x/withdraw/"):
        assert page.post(path, {"reason": "x"}).status_code == 404
    assert "值班员" not in page.get("/staff/").content.decode()


def _rule(clock: SimulatedClock, **values: int) -> None:
    """Put values into force as a profile founds them."""
    for topic, value in values.items():
        version = Ruling.objects.count() + 1
        Ruling.objects.create(
            topic=topic,
            value=value,
            reason="试验",
            proposed_at_90k=clock.utc(),
            decided_at_90k=clock.utc(),
            version=version,
            effective_at_90k=clock.utc(),
        )
        assert policy.in_force(at_90k=clock.utc()).value(topic) == value
