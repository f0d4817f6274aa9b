"""Appointments as acts: what their rows and leaves say to the letter, and the first and last instant of each."""

from collections.abc import Callable
from typing import Any

import pytest

from mingjian.base.clock import SimulatedClock
from mingjian.people import acts, appointing
from mingjian.people.appointing import AppointingError, Term
from mingjian.people.capacity import appointments_of
from mingjian.people.models import Appointment, Person, Revocation, WebSession
from mingjian.people.texts import TextError
from mingjian.regulation.posts import Post

OFFICE = "security-office-campus"
Hire = Callable[..., Person]
Written = Callable[[], list[dict[str, Any]]]


def appoint(
    person: Person, clock: SimulatedClock, *, by: Person | None = None, post: Post = Post.REVIEWER, **term: Any
) -> Appointment:
    return appointing.appoint(
        person=person,
        post=post,
        body=OFFICE,
        term=Term(**{"since_90k": clock.utc(), "until_90k": None, "document": "文件"} | term),
        appointed_by=by,
        actor=acts.SHELL,
        clock=clock,
    )


def end(held: Appointment, clock: SimulatedClock, reason: str = " 调离 ") -> None:
    appointing.end_appointment(appointment=held, reason=reason, actor=acts.SHELL, clock=clock)


def entered(held: Appointment, key: str = "0" * 64) -> WebSession:
    return WebSession.objects.create(
        key_hash=key, person=held.person, appointment=held, device="", begun_at_90k=0, seen_at_90k=0
    )


def test_appointment_says_who_what_where_how_long_and_on_what_paper(
    hire: Hire, clock: SimulatedClock, written: Written
) -> None:
    person, head = hire("qian", "钱审核"), hire("wu", "吴主任")
    before, now_90k = len(written()), clock.utc()

    held = appoint(person, clock, by=head, until_90k=now_90k + 1, document=" 保卫处〔2026〕12号 ")

    held.refresh_from_db()
    assert (held.person, held.post, held.body_id, held.tier) == (person, "reviewer", OFFICE, 2)
    assert (held.since_90k, held.until_90k, held.document) == (now_90k, now_90k + 1, "保卫处〔2026〕12号")
    assert (held.appointed_by, held.is_withheld) == (head, False)
    (act,) = written()[before:]
    assert (act["kind"], act["subject"], act["articles"]) == ("people.appointed", f"person:{person.pk}", ["A07.2.0"])
    assert act["facts"] == {
        "appointment": str(held.pk),
        "post": "reviewer",
        "body": OFFICE,
        "since_90k": now_90k,
        "until_90k": now_90k + 1,
        "document": "保卫处〔2026〕12号",
    }


def test_paper_and_reason_have_so_many_characters_and_no_more(hire: Hire, clock: SimulatedClock) -> None:
    person = hire("qian", "钱审核")
    with pytest.raises(TextError) as refused:
        appoint(person, clock, document="文" * 201)
    assert (refused.value.code, refused.value.facts) == ("people.text_too_long", {"field": "document", "longest": 200})
    assert not person.appointments.exists()
    held = appoint(person, clock, document="文" * 200)
    with pytest.raises(TextError) as long:
        end(held, clock, "调" * 201)
    assert long.value.facts == {"field": "reason", "longest": 200}
    end(held, clock, "调" * 200)


def test_loan_that_is_over_is_not_ended_with_what_it_was_lent_from(
    hire: Hire, clock: SimulatedClock, written: Written
) -> None:
    held = hire("qian", "钱审核", ("reviewer", OFFICE), clock=clock).appointments.get()
    now_90k = clock.utc()
    over, lasting = (
        Appointment.objects.create(
            person=hire(name, name, clock=clock),
            post="reviewer",
            body_id=OFFICE,
            tier=2,
            since_90k=now_90k,
            until_90k=until_90k,
            document="出差",
            appointed_by=held.person,
            delegated_from=held,
        )
        for name, until_90k in (("a", now_90k + 5), ("b", now_90k + 6))
    )
    clock.advance(5)
    before = len(written())
    end(held, clock)
    assert [act["facts"]["appointment"] for act in written()[before:]] == [str(lasting.pk), str(held.pk)]
    for one, until_90k in ((over, now_90k + 5), (lasting, now_90k + 5), (held, now_90k + 5)):
        one.refresh_from_db()
        assert one.until_90k == until_90k


@pytest.mark.article("A08.b")
def test_end_says_whose_and_why_and_ends_what_is_done_under_it_and_nothing_else(
    hire: Hire, clock: SimulatedClock, written: Written
) -> None:
    person = hire("li", "李值班", ("operator", OFFICE), ("operator", "library"), clock=clock)
    held, other = person.appointments.get(body=OFFICE), person.appointments.get(body="library")
    session, elsewhere = entered(held), entered(other, "1" * 64)
    before = len(written())

    end(held, clock)

    (act,) = written()[before:]
    assert (act["kind"], act["subject"]) == ("people.appointment_ended", f"person:{person.pk}")
    assert (act["at_90k"], act["articles"]) == (clock.utc(), ["A08.b"])
    assert act["facts"] == {
        "appointment": str(held.pk),
        "person": str(person.pk),
        "post": "operator",
        "body": OFFICE,
        "reason": "调离",
    }
    for one in (session, elsewhere):
        one.refresh_from_db()
    assert (session.ended_at_90k, elsewhere.ended_at_90k) == (clock.utc(), None)
    assert Revocation.objects.get(pk=session.pk).reason == "appointment_ended"
    assert [one.body_id for one in appointments_of(person, now_90k=clock.utc())] == ["library"]


def test_appointment_is_ended_up_to_its_last_instant_and_one_to_come_before_its_first(
    hire: Hire, clock: SimulatedClock
) -> None:
    person, now_90k = hire("qian", "钱审核"), clock.utc()
    held = appoint(person, clock, until_90k=now_90k + 10)
    clock.advance(10)
    with pytest.raises(AppointingError) as over:
        end(held, clock)
    assert over.value.code == "people.not_appointed"
    last = appoint(person, clock, until_90k=now_90k + 21)
    clock.advance(10)
    end(last, clock)
    last.refresh_from_db()
    assert last.until_90k == now_90k + 20

    to_come = appoint(person, clock, since_90k=now_90k + 50)
    end(to_come, clock)
    to_come.refresh_from_db()
    assert to_come.until_90k == to_come.since_90k == now_90k + 50


def test_gift_of_a_password_withholds_what_lasts_and_undoes_a_confirmation(hire: Hire, clock: SimulatedClock) -> None:
    person, now_90k = hire("qian", "钱审核"), clock.utc()
    giver, head = hire("admin", "卫系统"), hire("wu", "吴主任")
    over = appoint(person, clock, post=Post.APPROVER, until_90k=now_90k + 5)
    lasting = appoint(person, clock, until_90k=now_90k + 6)
    to_come = appoint(person, clock, since_90k=now_90k + 100)
    clock.advance(5)

    appointing.withhold(person=person, given_by=str(giver.pk), at_90k=clock.utc())

    for held, is_withheld in ((over, False), (lasting, True), (to_come, True)):
        held.refresh_from_db()
        assert held.is_withheld is is_withheld
    assert (lasting.withheld_at_90k, lasting.withheld_by) == (clock.utc(), giver)
    appointing.confirm(appointment=to_come, reason="核对", confirmed_by=head, actor=acts.SHELL, clock=clock)
    to_come.refresh_from_db()
    assert (to_come.is_withheld, to_come.confirmed_at_90k, to_come.confirmed_by) == (False, clock.utc(), head)
    appointing.withhold(person=person, given_by=None, at_90k=clock.utc() + 1)
    to_come.refresh_from_db()
    assert (to_come.is_withheld, to_come.confirmed_at_90k, to_come.confirmed_by) == (True, None, None)
    assert to_come.withheld_by is None


@pytest.mark.article("A08.b")
def test_what_is_confirmed_is_the_password_that_was_seen(hire: Hire, clock: SimulatedClock, written: Written) -> None:
    person = hire("li", "李值班", ("operator", OFFICE), clock=clock)
    head, held = hire("wu", "吴主任"), person.appointments.get()

    def confirm(seen: Appointment, reason: str = " 当面核对 ") -> None:
        appointing.confirm(appointment=seen, reason=reason, confirmed_by=head, actor=acts.SHELL, clock=clock)

    with pytest.raises(AppointingError) as never:
        confirm(held)
    appointing.withhold(person=person, given_by=None, at_90k=clock.utc())
    seen = Appointment.objects.get(pk=held.pk)
    clock.advance(1)
    appointing.withhold(person=person, given_by=None, at_90k=clock.utc())
    with pytest.raises(AppointingError) as another:
        confirm(seen)
    assert never.value.code == another.value.code == "people.not_withheld"
    for reason in ("", "核" * 201):
        with pytest.raises(TextError) as unread:
            confirm(Appointment.objects.get(pk=held.pk), reason)
        assert unread.value.facts["field"] == "reason"
    before = len(written())
    confirm(Appointment.objects.get(pk=held.pk))
    (act,) = written()[before:]
    assert (act["kind"], act["subject"]) == ("people.hand_over_confirmed", f"person:{person.pk}")
    assert (act["at_90k"], act["articles"]) == (clock.utc(), ["A08.b"])
    assert act["facts"] == {"appointment": str(held.pk), "post": "operator", "body": OFFICE, "reason": "当面核对"}
    with pytest.raises(AppointingError):
        confirm(Appointment.objects.get(pk=held.pk))
