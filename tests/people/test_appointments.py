"""Appointments: in words by the use-case, and by the database whoever writes the row."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from mingjian.base.clock import SimulatedClock
from mingjian.people import acts, appointing
from mingjian.people.appointing import AppointingError, Term
from mingjian.people.models import Appointment, Body, Jurisdiction, Person
from mingjian.people.posts import POST_NAMES, TIERS_OF
from mingjian.regulation.posts import Post

OFFICE, SCHOOL = "security-office-campus", "security-office"
INSPECTION = "discipline-inspection"
Written = Callable[[], list[dict[str, Any]]]
Hire = Callable[..., Person]
Appoint = Callable[..., Appointment]


@pytest.fixture
def appoint(clock: SimulatedClock) -> Appoint:
    """Appoint a person: appoint(person, "reviewer", body, since, until)."""

    def make(person: Person, post: str, body: str, since: int = 0, until: int | None = None, **named: Any) -> Any:
        asked = {"appointed_by": None, "actor": acts.SHELL, "clock": clock} | named
        term = asked.pop("term", Term(since_90k=since, until_90k=until, document="任命文件"))
        return appointing.appoint(person=person, post=Post(post), body=body, term=term, **asked)

    return make


def insert(person: Person, post: str, body: str, tier: int, since: int, until: int | None) -> None:
    """Write the row past the use-case, as somebody with the database's password would."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO people_appointment (id, person_id, post, body_id, tier, since_90k, until_90k, document)"
            " VALUES (gen_random_uuid(), %s, %s, %s, %s, %s, %s, '')",
            [person.pk, post, body, tier, since, until],
        )


def test_appointment_and_its_end_are_acts(operator: Person, written: Written, clock: SimulatedClock) -> None:
    (held,) = operator.appointments.all()
    clock.advance(90_000)

    appointing.end_appointment(appointment=held, reason="调离", actor=acts.SHELL, clock=clock)

    held.refresh_from_db()
    assert held.until_90k == clock.utc()
    told = [(act["kind"], act["facts"]["post"]) for act in written()]
    assert told[-1] == ("people.appointment_ended", "operator")
    with pytest.raises(AppointingError) as again:
        appointing.end_appointment(appointment=held, reason="调离", actor=acts.SHELL, clock=clock)
    assert again.value.code == "people.not_appointed"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"body": "moon"}, "people.body_unknown"),
        ({"body": SCHOOL}, "people.post_not_at_tier"),
        ({"body": "library"}, "people.post_not_at_tier"),
        ({"term": Term(since_90k=5, until_90k=5, document="文件")}, "people.term_empty"),
        ({"term": Term(since_90k=5, until_90k=None, document="  ")}, "people.document_missing"),
    ],
)
def test_appointment_says_why_not(hire: Hire, appoint: Appoint, changes: dict[str, Any], code: str) -> None:
    person = hire("qian", "钱审核")

    with pytest.raises(AppointingError) as refused:
        appoint(**({"person": person, "post": "reviewer", "body": OFFICE} | changes))

    assert refused.value.code == code


def test_nobody_appoints_themselves_by_use_case_or_sql(hire: Hire, appoint: Appoint) -> None:
    person = hire("qian", "钱审核", ("reviewer", OFFICE))
    with pytest.raises(AppointingError) as refused:
        appoint(person, "approver", OFFICE, appointed_by=person)
    assert refused.value.code == "people.own_appointment"

    with pytest.raises(IntegrityError), transaction.atomic():
        person.appointments.update(appointed_by=person)


@pytest.mark.parametrize(
    ("since", "until", "is_refused"),
    [(0, 100, True), (99, 200, True), (100, 200, False), (200, None, False), (50, None, True)],
)
def test_same_appointment_never_overlaps(
    hire: Hire, appoint: Appoint, *, since: int, until: int | None, is_refused: bool
) -> None:
    person = hire("qian", "钱审核")
    appoint(person, "reviewer", OFFICE, 0, 100)
    appoint(person, "reviewer", "panjin-general-affairs", 0, 100)

    if not is_refused:
        appoint(person, "reviewer", OFFICE, since, until)
        return
    with pytest.raises(AppointingError) as refused:
        appoint(person, "reviewer", OFFICE, since, until)
    assert refused.value.code == "people.already_appointed"
    with pytest.raises(IntegrityError):
        insert(person, "reviewer", OFFICE, 2, since, until)


@pytest.mark.article("A14.b")
@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("operator", OFFICE, 2), ("system_administrator", SCHOOL, 1)),
        (("audit_administrator", SCHOOL, 1), ("operator", "library", 3)),
        (("audit_administrator", SCHOOL, 1), ("principal", SCHOOL, 1)),
        (("system_administrator", SCHOOL, 1), ("security_administrator", SCHOOL, 1)),
        (("security_administrator", SCHOOL, 1), ("audit_administrator", SCHOOL, 1)),
        (("discipline_inspector", INSPECTION, 0), ("principal", SCHOOL, 1)),
        (("operator", OFFICE, 2), ("discipline_inspector", INSPECTION, 0)),
        (("discipline_inspector", INSPECTION, 0), ("audit_administrator", SCHOOL, 1)),
        (("system_administrator", SCHOOL, 1), ("discipline_inspector", INSPECTION, 0)),
    ],
)
def test_who_stands_apart_holds_no_second_post_at_the_same_time(
    hire: Hire, appoint: Appoint, first: tuple[str, str, int], second: tuple[str, str, int]
) -> None:
    person = hire("wei", "卫系统")
    appoint(person, first[0], first[1], 0, 100)

    with pytest.raises(AppointingError) as refused:
        appoint(person, second[0], second[1], 99, 200)
    assert refused.value.code == "people.powers_apart"
    with pytest.raises(IntegrityError):
        insert(person, *second, 99, 200)
    appoint(person, second[0], second[1], 100, 200)


def test_database_knows_tiers_and_posts(operator: Person) -> None:
    for post, body, tier in (
        ("operator", SCHOOL, 2),
        ("operator", SCHOOL, 1),
        ("reviewer", "library", 3),
        ("emperor", OFFICE, 2),
        ("discipline_inspector", SCHOOL, 1),
        ("discipline_inspector", OFFICE, 2),
        ("principal", INSPECTION, 0),
        ("manager", INSPECTION, 0),
    ):
        with pytest.raises(IntegrityError):
            insert(operator, post, body, tier, 0, 10)


@pytest.mark.article("A07.2.0")
def test_campus_has_one_body_of_tier_two(university: None) -> None:
    second = Body.objects.create(code="second", name="第二", tier=2, parent_id=SCHOOL)

    with pytest.raises(IntegrityError), transaction.atomic():
        Jurisdiction.objects.create(body=second, campus_id="lingshui", tier=2)
    with pytest.raises(IntegrityError), transaction.atomic():
        Jurisdiction.objects.create(body=second, campus_id="lingshui", tier=3)


def test_every_post_has_a_name_and_a_tier() -> None:
    assert set(POST_NAMES) == set(TIERS_OF) == set(Post)
