"""What ends a session from outside: nobody there, the post or the shift gone, time, the decider; and relief."""

from typing import Any

import pytest
from django.test import Client

from mingjian.base.ticks import TICKS_PER_S
from mingjian.duty import usecases as duty
from mingjian.people import acts
from mingjian.people import queries as people
from mingjian.people.leasing import Permission
from mingjian.people.models import Appointment
from mingjian.people.routing import RuleRefused
from mingjian.regulation.decision import Decision
from mingjian.viewing import conducting, leases, usecases
from mingjian.viewing.models import ApplicationDecision, ViewingApplication, ViewingSession
from mingjian.viewing.usecases import ViewingError
from mingjian.viewing.workflow import Stage

LONGEST_90K = conducting.LONGEST_UNATTENDED_S * TICKS_PER_S


def lease(walk: Any, session: ViewingSession, name: str = "operator") -> Permission | Decision:
    segment = session.segments.get()
    return leases.permission(acting=walk.acting(name), wanted_id=str(segment.pk), now_90k=walk.clock.utc())


def code_of(answer: Permission | Decision) -> str:
    assert isinstance(answer, Decision)
    return answer.reasons[0].code


def relieve(walk: Any) -> None:
    """Let the other operator of the campus begin a shift."""
    duty.start_shift(acting=walk.acting("off_shift"), campus="lingshui", actor=acts.SHELL, clock=walk.clock)


def row_of(session: ViewingSession) -> ViewingSession:
    return ViewingSession.objects.get(pk=session.pk)


@pytest.mark.article("A15.1.3b")
def test_console_without_a_hand_gives_no_lease_and_the_session_pauses(walk: Any, written: Any) -> None:
    session = walk.shown(walk.approved())
    walk.clock.advance(LONGEST_90K)
    at_the_limit = lease(walk, session)
    assert usecases.pause_unattended(clock=walk.clock) == 0
    walk.clock.advance(1)

    beyond = lease(walk, session)
    assert (usecases.pause_unattended(clock=walk.clock), usecases.pause_unattended(clock=walk.clock)) == (1, 0)

    assert isinstance(at_the_limit, Permission)
    assert code_of(beyond) == "viewing.unattended"
    assert row_of(session).pause_cause == "unattended"
    said = written()[-1]
    assert (said["kind"], said["actor"]["name"], said["articles"]) == ("viewing.session_paused", "clerk", ["A15.1.3b"])
    usecases.resume(session=session, acting=walk.acting("operator"), clock=walk.clock)
    assert isinstance(lease(walk, session), Permission)


@pytest.mark.article("A15.1.3b")
@pytest.mark.parametrize("gone", ["shift", "post", "account"])
def test_operator_who_is_gone_is_relieved_and_the_session_closed_with_a_result(walk: Any, gone: str) -> None:
    application = walk.approved()
    session = walk.shown(application)
    relieve(walk)
    with pytest.raises(RuleRefused) as too_early:
        usecases.take_over(session=session, acting=walk.acting("off_shift"), clock=walk.clock)
    operator = walk.people["operator"]
    if gone == "shift":
        duty.end_shift(person=operator, actor=acts.SHELL, clock=walk.clock)
    elif gone == "post":
        Appointment.objects.filter(person=operator).update(until_90k=walk.clock.utc())
    else:
        type(operator).objects.filter(pk=operator.pk).update(is_active=False)

    assert usecases.pause_unattended(clock=walk.clock) == 1
    usecases.take_over(session=session, acting=walk.acting("off_shift"), clock=walk.clock)

    assert too_early.value.decision.reasons[0].code == "session.still_supervised"
    held = row_of(session)
    assert (held.person, held.status_at(now_90k=walk.clock.utc())) == (walk.people["off_shift"], "paused")
    with pytest.raises((ViewingError, RuleRefused)):
        walk.close(session, by="operator")
    usecases.resume(session=session, acting=walk.acting("off_shift"), clock=walk.clock)
    assert isinstance(lease(walk, session, "off_shift"), Permission)
    walk.close(session, by="off_shift")
    assert ViewingApplication.objects.get(pk=application.pk).stage == Stage.COMPLETED


@pytest.mark.article("A14.c")
def test_decider_withdraws_and_the_picture_ends_at_once(walk: Any, written: Any) -> None:
    session = walk.shown(walk.approved())
    grants = [str(grant.pk) for grant in session.grants.filter(ended_at_90k__isnull=True)]
    for name in ("operator", "tier_1"):
        with pytest.raises(RuleRefused):
            usecases.withdraw_permission(session=session, reason="误批", acting=walk.acting(name), clock=walk.clock)
    with pytest.raises(ViewingError) as wordless:
        usecases.withdraw_permission(session=session, reason=" ", acting=walk.acting("reviewer"), clock=walk.clock)

    usecases.withdraw_permission(session=session, reason="误批", acting=walk.acting("reviewer"), clock=walk.clock)

    assert wordless.value.code == "viewing.reason_missing"
    assert grants
    assert all(people.is_revoked(key=grant) for grant in grants)
    assert code_of(lease(walk, session)) == "viewing.revoked"
    assert written()[-1]["kind"] == "viewing.session_revoked"
    walk.close(session)
    assert row_of(session).result


@pytest.mark.article("A14.c")
def test_approval_that_runs_out_stops_the_picture_and_leaves_closing(walk: Any) -> None:
    session = walk.shown(walk.approved())
    walk.clock.advance(session.valid_until_90k - walk.clock.utc() - 1)
    usecases.note_attended(session=session, acting=walk.acting("operator"), clock=walk.clock)
    before = lease(walk, session)
    walk.clock.advance(1)

    assert isinstance(before, Permission)
    assert code_of(lease(walk, session)) == "viewing.expired"
    walk.close(session)


@pytest.mark.article("A15.1.4a")
def test_viewer_whose_own_approval_has_run_out_has_to_leave(walk: Any) -> None:
    session, other = walk.shown(walk.approved()), walk.approved("friend")
    walk.admit(session, other)
    ApplicationDecision.objects.filter(application=other).update(valid_until_90k=walk.clock.utc() + 1)
    walk.clock.advance(1)

    assert code_of(lease(walk, session)) == "session.not_approved"
    seat = session.viewers.get(application=other)
    usecases.let_out(session=session, viewer_id=str(seat.pk), acting=walk.acting("operator"), clock=walk.clock)
    assert isinstance(lease(walk, session), Permission)


def test_posts_without_the_page_s_token_change_nothing(walk: Any) -> None:
    session = walk.shown(walk.approved())
    client = Client(enforce_csrf_checks=True)
    assert Client().get(f"/viewing-sessions/{session.pk}/").status_code == 302

    for act in ("segment", "show", "search", "admit", "let-out", "mark", "pause", "resume", "close", "attend"):
        assert client.post(f"/viewing-sessions/{session.pk}/{act}/", {}).status_code == 403, act
    for act in ("exception", "revoke", "take-over"):
        assert client.post(f"/viewing-sessions/{session.pk}/{act}/", {}).status_code == 403, act
    assert row_of(session).paused_at_90k is None
