"""Whoever gives a password does not come to act as the person: posts are withheld until another confirms."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from mingjian.base.clock import SystemClock
from mingjian.duty import live
from mingjian.duty import queries as duty_queries
from mingjian.duty import usecases as duty
from mingjian.people import accounts, acts, appointing, queries
from mingjian.people.appointing import AppointingError, Term
from mingjian.people.capacity import acting_under, appointments_of, first_capacity, posts_of
from mingjian.people.models import Appointment, Person
from mingjian.regulation.posts import Post

CLOCK = SystemClock()
PASSWORD, CHOSEN = "correct horse battery", "ein neues wort"
OFFICE, SCHOOL = "security-office-campus", "security-office"
Hire = Callable[..., Person]
Written = Callable[[], list[dict[str, Any]]]


def entered(username: str, password: str = PASSWORD) -> Client:
    client = Client()
    client.post("/sign-in/", {"username": username, "password": password})
    return client


@pytest.fixture
def staff(hire: Hire) -> dict[str, Person]:
    return {
        "admin": hire("admin", "卫系统", ("system_administrator", SCHOOL)),
        "tier1": hire("tier1", "吴处长", ("principal", SCHOOL)),
        "head": hire("head", "二级主任", ("principal", OFFICE)),
        "librarian": hire("librarian", "馆长", ("safety_responsible", "library")),
        "zhao": hire("zhao", "赵同学"),
    }


def given(person: Person, by: str = "admin") -> Client:
    """Give the person a password by page, and enter with it as whoever reads it first."""
    shown = entered(by).post(f"/people/{person.pk}/password/", {"reason": "忘记密码"})
    found = re.search(r"<strong>([a-z2-9-]{19})</strong>", shown.content.decode())
    assert found is not None
    client = entered(person.username, found.group(1))
    client.post("/password/", {"old": found.group(1), "new": CHOSEN, "again": CHOSEN})
    return client


def confirm(by: str, held: Appointment, reason: str = "当面核对校园卡") -> int:
    return int(entered(by).post(f"/appointments/{held.pk}/confirm/", {"reason": reason}).status_code)


@pytest.mark.article("A08.b")
def test_giver_of_a_password_comes_to_no_post_and_no_picture(staff: dict[str, Person], written: Written) -> None:
    (held,) = staff["head"].appointments.all()
    assert entered("head").get("/wall/").status_code == 200

    client = given(staff["head"])

    assert first_capacity(staff["head"], now_90k=CLOCK.utc()).appointment is None
    wall = client.get("/wall/")
    assert (wall.status_code, "所任职务暂停" in wall.content.decode()) == (403, True)
    assert "第八条" in wall.content.decode()
    chosen = client.post("/capacity/", {"appointment": str(held.pk)})
    assert (chosen.status_code, "所任职务暂停" in chosen.content.decode()) == (403, True)
    by_api = client.post("/api/v1/capacity/", {"appointment": str(held.pk)}, content_type="application/json")
    assert (by_api.status_code, by_api.json()["code"]) == (403, "appointing.withheld")
    page = client.get("/capacity/").content.decode()
    assert "所任职务暂停" in page
    assert f'value="{held.pk}"' not in page
    assert "您的职务待确认交接" in client.get("/ledger/").content.decode()
    assert [act["facts"]["codes"] for act in written() if act["kind"] == "people.refused"] == [
        ["appointing.withheld"]
    ] * 3
    assert not live.decide(acting=first_capacity(staff["head"], now_90k=CLOCK.utc()), now_90k=CLOCK.utc()).allowed


@pytest.mark.article("A08.a")
def test_another_who_appoints_confirms_and_the_post_is_in_hand_again(
    staff: dict[str, Person], written: Written
) -> None:
    (held,) = staff["head"].appointments.all()
    client = given(staff["head"])
    assert staff["head"].pk not in queries.deciders_of(campus="lingshui", concerned=(), now_90k=CLOCK.utc())
    page = entered("tier1").get(f"/people/{staff['head'].pk}/").content.decode()
    assert "待确认交接" in page
    assert f"/appointments/{held.pk}/confirm/" in page

    assert confirm("tier1", held, reason="") == 400
    assert confirm("tier1", held) == 302

    assert client.post("/capacity/", {"appointment": str(held.pk)}).status_code == 302
    assert client.get("/wall/").status_code == 200
    assert staff["head"].pk in queries.deciders_of(campus="lingshui", concerned=(), now_90k=CLOCK.utc())
    (told,) = [act for act in written() if act["kind"] == "people.hand_over_confirmed"]
    assert (told["facts"]["reason"], told["articles"]) == ("当面核对校园卡", ["A08.a"])
    assert confirm("tier1", held) == 409


@pytest.mark.article("A08.a")
@pytest.mark.parametrize(("by", "status"), [("admin", 404), ("librarian", 404), ("head", 403)])
def test_who_does_not_appoint_there_does_not_confirm(staff: dict[str, Person], by: str, status: int) -> None:
    colleague = appointing.appoint(
        person=staff["zhao"],
        post=Post.PRINCIPAL,
        body=OFFICE,
        term=Term(since_90k=0, until_90k=None, document="文件"),
        appointed_by=None,
        actor=acts.SHELL,
        clock=CLOCK,
    )
    accounts.renew_password(person=staff["zhao"], reason="忘记", actor=acts.SHELL, clock=CLOCK)

    assert confirm(by, colleague) == status

    colleague.refresh_from_db()
    assert colleague.is_withheld


@pytest.mark.article("A08.b")
def test_giver_who_appoints_by_now_does_not_confirm_and_the_database_says_so(staff: dict[str, Person]) -> None:
    (held,) = staff["librarian"].appointments.all()
    as_giver = acts.Actor(str(staff["head"].pk), "二级主任", "system_administrator", "web")
    accounts.renew_password(person=staff["librarian"], reason="忘记", actor=as_giver, clock=CLOCK)

    refused = entered("head").post(f"/appointments/{held.pk}/confirm/", {"reason": "核对"})

    assert (refused.status_code, "不确认交接" in refused.content.decode()) == (403, True)
    held.refresh_from_db()
    for nobody in (staff["head"], staff["librarian"]):
        with pytest.raises(IntegrityError), transaction.atomic():
            Appointment.objects.filter(pk=held.pk).update(confirmed_at_90k=CLOCK.utc(), confirmed_by=nobody)
    assert confirm("tier1", held) == 302


def test_accounts_without_posts_and_posts_given_after_the_gift_are_not_withheld(staff: dict[str, Person]) -> None:
    client = given(staff["zhao"])
    assert client.get("/ledger/").status_code == 200
    what = {"what": f"{OFFICE}|{Post.REVIEWER}", "document": "文件"}
    assert entered("head").post(f"/people/{staff['zhao'].pk}/appoint/", what).status_code == 302

    assert appointments_of(staff["zhao"], now_90k=CLOCK.utc()).count() == 1


def test_what_was_confirmed_is_withheld_again_with_the_next_gift(staff: dict[str, Person]) -> None:
    (held,) = staff["librarian"].appointments.all()
    given(staff["librarian"])
    stale = Appointment.objects.get(pk=held.pk)
    accounts.renew_password(person=staff["librarian"], reason="又忘", actor=acts.SHELL, clock=CLOCK)

    with pytest.raises(AppointingError):
        appointing.confirm(appointment=stale, reason="核对", confirmed_by=None, actor=acts.SHELL, clock=CLOCK)
    assert confirm("head", held) == 302
    accounts.renew_password(person=staff["librarian"], reason="再忘", actor=acts.SHELL, clock=CLOCK)

    held.refresh_from_db()
    assert held.is_withheld
    assert acting_under(staff["librarian"], appointment_id=held.pk, now_90k=CLOCK.utc()).appointment is None


def test_withheld_post_forbids_what_it_forbade_and_ends_the_shift(staff: dict[str, Person], hire: Hire) -> None:
    guard = hire("guard", "张工", ("operator", OFFICE))
    acting = first_capacity(guard, now_90k=CLOCK.utc())
    duty.start_shift(acting=acting, campus="lingshui", actor=acts.SHELL, clock=CLOCK)
    for person in (guard, staff["admin"]):
        accounts.renew_password(person=person, reason="忘记", actor=acts.SHELL, clock=CLOCK)

    now_90k = CLOCK.utc()
    assert posts_of(staff["admin"], now_90k=now_90k) == {Post.SYSTEM_ADMINISTRATOR}
    assert first_capacity(staff["admin"], now_90k=now_90k).appointment is None
    assert [shift.person_id for shift in duty_queries.orphaned_shifts(now_90k=now_90k)] == [guard.pk]
