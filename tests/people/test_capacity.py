"""The acting capacity: one at a time, chosen when there are several, gone with the appointment."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from mingjian.base.clock import SystemClock
from mingjian.people import acts, appointing, session
from mingjian.people.capacity import Acting, acting_under, first_capacity, posts_of
from mingjian.people.models import Person, Revocation, WebSession
from mingjian.people.web_sessions import hash_of
from mingjian.regulation.posts import Post

OFFICE, SCHOOL = "security-office-campus", "security-office"
Hire = Callable[..., Person]
Written = Callable[[], list[dict[str, Any]]]


def sign_in(client: Client, username: str) -> str:
    """Sign in and return where the page leads."""
    answer = client.post("/sign-in/", {"username": username, "password": "correct horse battery"})
    return str(answer["Location"])


def acting_of(client: Client) -> Acting | None:
    found = session.signed_in_by_key(client.cookies["mingjian_session"].value)
    return None if found is None else found.acting


@pytest.fixture
def head(hire: Hire) -> Person:
    """The Security Office's head: of tier 1 and of tier 2."""
    return hire("wu", "吴处长", ("principal", SCHOOL), ("principal", OFFICE))


@pytest.mark.article("A07.2.0")
@pytest.mark.parametrize(
    ("held", "code", "campuses", "is_staff", "reads_all"),
    [
        ((), "member", (), False, False),
        (("operator", OFFICE), f"operator@{OFFICE}", ("lingshui", "kaifaqu"), True, False),
        (("manager", SCHOOL), f"manager@{SCHOOL}", ("lingshui", "kaifaqu", "shinei", "panjin"), True, True),
        (("operator", "library"), "operator@library", ("lingshui",), False, False),
        (
            ("audit_administrator", SCHOOL),
            f"audit_administrator@{SCHOOL}",
            ("lingshui", "kaifaqu", "shinei", "panjin"),
            False,
            True,
        ),
        (
            ("system_administrator", SCHOOL),
            f"system_administrator@{SCHOOL}",
            ("lingshui", "kaifaqu", "shinei", "panjin"),
            False,
            False,
        ),
    ],
)
def test_capacity_reaches_what_its_body_answers_for(
    hire: Hire, *, held: tuple[str, str], code: str, campuses: tuple[str, ...], is_staff: bool, reads_all: bool
) -> None:
    person = hire("x", "某人", *([held] if held else []))

    acting = first_capacity(person, now_90k=1)

    assert (acting.code, acting.campuses) == (code, campuses)
    assert (acting.is_staff, acting.reads_every_ledger) == (is_staff, reads_all)


def test_capacity_begins_and_ends_with_the_term(operator: Person) -> None:
    operator.appointments.update(since_90k=10, until_90k=20)
    (held,) = operator.appointments.all()

    def posts(at: int) -> frozenset[Post]:
        return acting_under(operator, appointment_id=held.pk, now_90k=at).posts

    assert [bool(posts(at)) for at in (9, 10, 19, 20)] == [False, True, True, False]
    assert [bool(posts_of(operator, now_90k=at)) for at in (9, 10, 19, 20)] == [False, True, True, False]


def test_only_appointment_is_the_capacity_at_once(operator: Person, client: Client) -> None:
    assert sign_in(client, "zhang") == "/"
    acting = acting_of(client)
    assert acting is not None
    assert acting.posts == {Post.OPERATOR}


def test_several_are_chosen_from_and_no_act_is_done_for_two(head: Person, client: Client, written: Written) -> None:
    assert sign_in(client, "wu") == "/capacity/?next=%2F"
    acting = acting_of(client)
    assert acting is not None
    assert (acting.posts, acting.campuses) == (frozenset(), ())
    school, office = head.appointments.order_by("tier")

    assert client.post("/capacity/", {"appointment": str(office.pk), "next": "/ledger/"})["Location"] == "/ledger/"
    acting = acting_of(client)
    assert acting is not None
    assert (acting.tier, acting.campuses, acting.reads_every_ledger) == (2, ("lingshui", "kaifaqu"), False)
    client.post("/capacity/", {"appointment": str(school.pk)})
    client.post("/capacity/", {"appointment": ""})

    chosen = [act for act in written() if act["kind"] == "people.capacity_chosen"]
    assert [act["actor"]["capacity"] for act in chosen] == [f"principal@{OFFICE}", f"principal@{SCHOOL}", "member"]


def test_shell_names_the_capacity_and_offers_another(operator: Person, client: Client) -> None:
    sign_in(client, "zhang")
    page = client.get("/").content.decode()
    assert "保卫处（凌水、开发区） 监控系统操作员" in page
    assert "更换身份" in page


def test_capacity_of_somebody_else_or_of_the_past_is_refused(
    head: Person, operator: Person, client: Client, written: Written
) -> None:
    sign_in(client, "zhang")
    (own,) = operator.appointments.all()
    for appointment in (head.appointments.first(), own):
        assert appointment is not None
        operator.appointments.update(until_90k=1)
        assert client.post("/capacity/", {"appointment": str(appointment.pk)}).status_code == 403
    assert client.post("/capacity/", {"appointment": "nonsense"}).status_code == 404
    assert "people.capacity_chosen" not in [act["kind"] for act in written()]


def test_end_of_the_appointment_ends_the_sessions_under_it(operator: Person, client: Client) -> None:
    sign_in(client, "zhang")
    key = client.cookies["mingjian_session"].value
    (held,) = operator.appointments.all()

    appointing.end_appointment(appointment=held, reason="调离", actor=acts.SHELL, clock=SystemClock())

    assert session.signed_in_by_key(key) is None
    assert Revocation.objects.get(pk=hash_of(key)).reason == "appointment_ended"
    assert client.get("/")["Location"].startswith("/sign-in/")


def test_term_that_runs_out_leaves_a_member(operator: Person, client: Client) -> None:
    sign_in(client, "zhang")
    operator.appointments.update(until_90k=1)

    assert client.get("/cameras/").status_code == 404
    acting = acting_of(client)
    assert acting is not None
    assert acting.code == "member"
    assert WebSession.objects.get(person=operator).ended_at_90k is None
