"""What a body lacks is shown where its people are managed; nobody looks after themselves, unless the school says so."""

from collections.abc import Callable

import pytest
from django.test import Client

from mingjian.base.clock import SystemClock
from mingjian.people import acts, appointing, governing, staffing
from mingjian.people.capacity import first_capacity
from mingjian.people.models import Body, Person
from mingjian.people.staffing import Staffing

PASSWORD = "correct horse battery"
CLOCK = SystemClock()
Hire = Callable[..., Person]


def entered(username: str) -> Client:
    client = Client()
    client.post("/sign-in/", {"username": username, "password": PASSWORD})
    return client


def library() -> Staffing:
    found = staffing.staffing_of(Body.objects.get(pk="library"), now_90k=CLOCK.utc())
    assert found is not None
    return found


def codes() -> list[str]:
    decision = library().decision
    return [] if decision.allowed else [reason.code for reason in decision.reasons]


@pytest.mark.article("A08.a", "A08.b")
def test_body_is_whole_once_the_three_are_there_and_lacks_who_leaves(hire: Hire) -> None:
    assert codes() == ["staffing.nobody_responsible", "staffing.no_manager", "staffing.no_operator"]
    hire("han", "韩馆长", ("principal", "library"))
    hire("feng", "冯管理", ("manager", "library"))
    guard = hire("chen", "陈操作", ("operator", "library"))
    assert codes() == []
    appointing.end_appointment(appointment=guard.appointments.get(), reason="调岗", actor=acts.SHELL, clock=CLOCK)
    assert codes() == ["staffing.no_operator"]


def test_tier_1_runs_no_system(hire: Hire) -> None:
    assert staffing.staffing_of(Body.objects.get(pk="security-office"), now_90k=CLOCK.utc()) is None


@pytest.mark.article("A08.b")
def test_what_is_missing_is_shown_and_waits_for_who_appoints(hire: Hire) -> None:
    head = hire("han", "韩馆长", ("safety_responsible", "library"))
    hire("feng", "冯管理", ("manager", "library"))

    page = entered("han").get("/staff/").content.decode()
    assert "没有监控系统操作员" in page
    (waiting,) = staffing.told(acting=first_capacity(head, now_90k=CLOCK.utc()), now_90k=CLOCK.utc())
    assert (waiting.count, waiting.address) == (1, "/staff/")
    above = hire("head", "二级主任", ("principal", "security-office-campus"))
    told = staffing.told(acting=first_capacity(above, now_90k=CLOCK.utc()), now_90k=CLOCK.utc())
    assert sum(one.count for one in told) == 2


@pytest.mark.article("A08.b")
def test_manager_is_not_made_operator_of_the_same_body_until_the_school_allows_it(hire: Hire) -> None:
    hire("han", "韩馆长", ("safety_responsible", "library"))
    manager = hire("feng", "冯管理", ("manager", "library"))
    page = entered("han")
    sent = {"what": "library|operator", "document": "馆〔2026〕1号"}
    refused = page.post(f"/people/{manager.pk}/appoint/", sent)

    assert (refused.status_code, "管理员督促操作员" in refused.content.decode()) == (403, True)
    governing.found(values={"staff_distinct": 0}, actor=acts.SHELL, now_90k=CLOCK.utc())
    assert page.post(f"/people/{manager.pk}/appoint/", sent).status_code == 302
    held = manager.appointments.get(post="operator")
    ended = page.post(f"/appointments/{held.pk}/end/", {"reason": "另有人选"}, follow=True)
    assert "现在缺人" in ended.content.decode()
