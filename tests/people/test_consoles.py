"""Machines of control rooms: a code that works once, for an operator of the campus; a token that stands for one."""

from collections.abc import Callable
from typing import Any

import pytest

from mingjian.base.clock import SimulatedClock
from mingjian.people import acts, consoles, scope
from mingjian.people.capacity import first_capacity
from mingjian.people.consoles import ConsoleError
from mingjian.people.models import Console, Person, WebSession
from mingjian.people.texts import TextError
from mingjian.people.web_sessions import hash_of

OFFICE = "security-office-campus"
Written = Callable[[], list[dict[str, Any]]]


def added(clock: SimulatedClock, **changes: str) -> tuple[Console, str]:
    return consoles.add_console(**{"name": "主控台", "campus": "lingshui"} | changes, actor=acts.SHELL, clock=clock)


@pytest.fixture
def register(clock: SimulatedClock) -> Callable[..., str]:
    """Register a machine by code as somebody, under a web session of theirs."""

    def make(person: Person, code: str) -> str:
        acting = first_capacity(person, now_90k=clock.utc())
        session, _ = WebSession.objects.get_or_create(
            key_hash=f"{person.username:0>64}",
            defaults={"person": person, "device": "", "begun_at_90k": 0, "seen_at_90k": 0},
        )
        return consoles.register_console(acting=acting, session=session, code=code, clock=clock)

    return make


def test_machine_is_entered_with_its_campus_and_the_code_is_kept_as_a_hash(
    university: None, clock: SimulatedClock, written: Written
) -> None:
    before = len(written())
    console, code = added(clock, name=" 主控台 ")

    assert (console.name, console.campus_id, console.code_hash) == ("主控台", "lingshui", hash_of(code))
    (act,) = written()[before:]
    assert (act["kind"], act["subject"]) == ("people.console_added", f"console:{console.pk}")
    assert (act["facts"], act["at_90k"]) == ({"name": "主控台", "campus": "lingshui"}, clock.utc())
    assert len(code) == 16
    with pytest.raises(ConsoleError) as nowhere:
        added(clock, campus="moon")
    assert nowhere.value.code == "people.campus_unknown"
    with pytest.raises(TextError) as long:
        added(clock, name="台" * 65)
    assert long.value.facts == {"field": "name", "longest": 64}
    added(clock, name="台" * 64)


def test_machine_is_registered_once_and_its_token_stands_for_it(
    operator: Person, register: Callable[..., str], clock: SimulatedClock, written: Written
) -> None:
    (console, code), (other, _) = added(clock), added(clock, name="另一台")
    elsewhere = WebSession.objects.create(key_hash="1" * 64, person=operator, device="", begun_at_90k=0, seen_at_90k=0)
    before = len(written())

    token = register(operator, code)

    console.refresh_from_db()
    assert (console.code_hash, console.token_hash, len(token)) == ("", hash_of(token), 43)
    assert WebSession.objects.exclude(pk=elsewhere.pk).get().console == console
    assert WebSession.objects.get(pk=elsewhere.pk).console is None
    (act,) = written()[before:]
    assert (act["kind"], act["subject"]) == ("people.console_registered", f"console:{console.pk}")
    assert act["facts"] == {"name": "主控台", "campus": "lingshui", "body": OFFICE}
    assert (act["at_90k"], act["actor"]["id"]) == (clock.utc(), str(operator.pk))
    with pytest.raises(ConsoleError) as again:
        register(operator, code)
    assert again.value.code == "people.console_code_wrong"
    assert consoles.console_of(token) == console
    for nothing in ("", "台", "\ud800", "x", code):
        assert consoles.console_of(nothing) is None
    Console.objects.filter(pk=console.pk).update(retired_at_90k=1)
    assert consoles.console_of(token) is None
    assert other.token_hash == ""


@pytest.mark.article("A07.2.0")
def test_machine_is_registered_by_an_operator_of_its_campus_and_by_nobody_else(
    hire: Callable[..., Person], operator: Person, register: Callable[..., str], clock: SimulatedClock
) -> None:
    _, code = added(clock)
    head = hire("head", "主任", ("principal", OFFICE), clock=clock)
    elsewhere = hire("pan", "盘锦值班", ("operator", "panjin-general-affairs"), clock=clock)
    for person, told in (
        (head, code),
        (elsewhere, code),
        (operator, "x"),
        (operator, ""),
        (operator, "台"),
        (operator, "\ud800"),
    ):
        with pytest.raises(ConsoleError) as refused:
            register(person, told)
        assert refused.value.code == "people.console_code_wrong"
    _, retired = added(clock, name="退役")
    Console.objects.filter(name="退役").update(retired_at_90k=1)
    with pytest.raises(ConsoleError):
        register(operator, retired)
    assert register(operator, code)


def test_machine_is_known_before_anybody_is(
    operator: Person, register: Callable[..., str], clock: SimulatedClock, request: pytest.FixtureRequest
) -> None:
    console, code = added(clock)
    token = register(operator, code)
    scope.leave()
    request.getfixturevalue("runtime_role")

    assert not Console.objects.exists()
    assert consoles.console_of(token) == console
