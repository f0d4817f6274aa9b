"""The supervised session: searched first, shown as needed, who may sit in it, what is served, and how it ends."""

import threading
from dataclasses import replace
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.http import Http404

from mingjian.duty import usecases as duty
from mingjian.people import acts
from mingjian.people import queries as people
from mingjian.people.capacity import Acting, acting_under
from mingjian.people.leasing import Permission
from mingjian.people.routing import RuleRefused
from mingjian.registry.models import Hold
from mingjian.regulation.decision import Decision
from mingjian.viewing import leases, queries, usecases
from mingjian.viewing.models import (
    HeadCountException,
    Segment,
    SessionViewer,
    ViewingApplication,
    ViewingGrant,
    ViewingSession,
)
from mingjian.viewing.usecases import IdCheck, ViewingError
from mingjian.viewing.words import HoldChoice, Result
from mingjian.viewing.workflow import PauseCause, Stage

SEEN = IdCheck(kind="campus_card", last4="0417", is_pledged=True, are_phones_away=True)
OFFICE = "security-office-campus"
NAMES = ("student", "friend", "reviewer", "classmate")


def lease(walk: Any, wanted: ViewingSession | Segment, name: str = "operator") -> Permission | Decision:
    return leases.permission(acting=walk.acting(name), wanted_id=str(wanted.pk), now_90k=walk.clock.utc())


def code_of(answer: Permission | Decision) -> str:
    assert isinstance(answer, Decision)
    assert not answer.allowed
    return answer.reasons[0].code


def crowd(walk: Any, count: int = 4) -> list[ViewingApplication]:
    """Approved applications of different people for the same footage."""
    applications = []
    for name in NAMES[:count]:
        application = walk.submitted(name)
        applications.append(walk.decide(application, by="principal" if name == "reviewer" else "reviewer"))
    return applications


# Search first, then show --------------------------------------------------------------------------------------------


@pytest.mark.article("A15.1.1a")
def test_operator_searches_the_window_alone_before_anybody_is_let_in(walk: Any) -> None:
    application = walk.approved()
    session = walk.open(application)

    searched = lease(walk, session)

    assert isinstance(searched, Permission)
    assert (searched.start_90k, searched.end_90k) == (session.start_90k, session.end_90k)
    assert {"A07.2.3", "A15.1.1a", "A14.c"} <= set(searched.articles)
    with pytest.raises(ViewingError) as refused:
        walk.admit(session, application)
    assert refused.value.code == "viewing.wrong_phase"
    assert ViewingApplication.objects.get(pk=application.pk).stage == Stage.IN_SESSION
    assert session.issued_by == walk.people["reviewer"]


@pytest.mark.article("A15.1.1a")
def test_showing_opens_the_marked_segments_and_nothing_else(walk: Any, written: Any) -> None:
    application = walk.approved()
    session = walk.open(application)
    kept, dropped = walk.mark(session), walk.mark(session, start_s=1200)
    usecases.remove_segment(
        session=session, segment_id=str(dropped.pk), acting=walk.acting("operator"), clock=walk.clock
    )
    search = session.grants.get()
    walk.begin_showing(session)

    before_anybody_sits = lease(walk, kept)
    walk.admit(session, application)
    shown = lease(walk, kept)

    assert code_of(before_anybody_sits) == "session.nobody_views"
    assert isinstance(shown, Permission)
    assert (shown.start_90k, shown.end_90k) == (kept.start_90k, kept.end_90k)
    assert shown.camera_ids == (str(kept.camera_id),)
    assert {"A15.1.3a", "A15.1.3b", "A15.1.4b", "A14.c"} <= set(shown.articles)
    # The search is over: its grant is dead, and asking again for the whole window is refused.
    assert people.is_revoked(key=str(search.pk))
    assert code_of(lease(walk, session)) == "viewing.turn_over"
    with pytest.raises(Http404):
        lease(walk, dropped)
    kinds = [act["kind"] for act in written()]
    assert kinds[-5:] == [
        "viewing.segment_marked",
        "viewing.segment_marked",
        "viewing.segment_removed",
        "viewing.showing_begun",
        "viewing.viewer_admitted",
    ]


@pytest.mark.article("A15.1.1a")
def test_nothing_is_shown_before_something_is_marked(walk: Any, written: Any) -> None:
    session = walk.open(walk.approved())

    with pytest.raises(RuleRefused) as refused:
        walk.begin_showing(session)

    assert [reason.code for reason in refused.value.decision.reasons] == ["session.nothing_marked"]
    assert written()[-1]["kind"] == "viewing.refused"


@pytest.mark.article("A15.1.1a")
def test_search_goes_on_only_in_an_empty_room(walk: Any) -> None:
    session = walk.shown(walk.approved())
    operator = walk.acting("operator")
    segment = session.segments.get()
    shown = ViewingGrant.objects.get(segment=segment)

    with pytest.raises(RuleRefused) as refused:
        usecases.search_again(session=session, acting=operator, clock=walk.clock)
    seat = queries.viewers_present(session)[0]
    usecases.let_out(session=session, viewer_id=str(seat.pk), acting=operator, clock=walk.clock)
    usecases.search_again(session=session, acting=operator, clock=walk.clock)

    assert refused.value.decision.reasons[0].code == "session.search_is_alone"
    assert people.is_revoked(key=str(shown.pk))
    assert isinstance(lease(walk, session), Permission)
    assert code_of(lease(walk, segment)) == "viewing.turn_over"
    # And back again: the same segment under a grant of its own.
    walk.begin_showing(session)
    walk.admit(session, session.application)
    again = lease(walk, segment)
    assert isinstance(again, Permission)
    assert again.grant_id != str(shown.pk)


@pytest.mark.parametrize(("start_s", "seconds"), [(-1, 10), (3599, 2), (3600, 10), (10, 0), (10, -5)])
def test_segment_lies_within_the_approved_window(walk: Any, start_s: int, seconds: int) -> None:
    session = walk.open(walk.approved())

    with pytest.raises(ViewingError) as refused:
        walk.mark(session, start_s=start_s, seconds=seconds)

    assert refused.value.code == "viewing.segment_outside"
    assert walk.mark(session, start_s=0, seconds=3600).start_90k == session.start_90k


def test_segments_are_bounded_and_taken_back_once(walk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mingjian.viewing.usecases.searching.MOST_SEGMENTS", 2)
    session = walk.open(walk.approved())
    first, _second = walk.mark(session), walk.mark(session)

    with pytest.raises(ViewingError) as bounded:
        walk.mark(session)
    usecases.remove_segment(session=session, segment_id=str(first.pk), acting=walk.acting("operator"), clock=walk.clock)
    with pytest.raises(ViewingError) as gone:
        usecases.remove_segment(
            session=session, segment_id=str(first.pk), acting=walk.acting("operator"), clock=walk.clock
        )

    assert (bounded.value.code, gone.value.code) == ("viewing.too_many_segments", "viewing.segment_gone")


@pytest.mark.article("A15.1.1a")
def test_search_without_a_find_ends_without_showing(walk: Any, written: Any) -> None:
    application = walk.approved()
    session = walk.open(application)

    walk.close(session, Result.NO_CLUE, HoldChoice.RELEASE)

    row = ViewingApplication.objects.get(pk=application.pk)
    assert row.stage == Stage.COMPLETED
    closing = next(act for act in written() if act["kind"] == "viewing.session_closed")
    assert (closing["facts"]["result"], closing["facts"]["is_shown"]) == ("no_clue", False)
    assert not Hold.objects.filter(released_at_90k__isnull=True).exists()
    assert not session.viewers.exists()


# Who is there ------------------------------------------------------------------------------------------------------


@pytest.mark.article("A15.1.3b")
def test_operator_plays_and_the_applicant_never_does(walk: Any) -> None:
    session = walk.shown(walk.approved())
    segment = session.segments.get()

    served = lease(walk, segment)

    assert isinstance(served, Permission)
    assert (served.holder.person, served.holder.code) == (walk.people["operator"], "operator@security-office-campus")
    for wanted in (session, segment):
        with pytest.raises(Http404):
            lease(walk, wanted, "student")


@pytest.mark.article("A15.1.3a")
@pytest.mark.parametrize("changes", [{"last4": ""}, {"is_pledged": False}, {"are_phones_away": False}])
def test_nobody_sits_down_without_document_and_promise(walk: Any, written: Any, changes: dict[str, Any]) -> None:
    application = walk.approved()
    session = walk.open(application)
    walk.mark(session)
    walk.begin_showing(session)

    with pytest.raises(RuleRefused) as refused:
        walk.admit(session, application, check=replace(SEEN, **changes))

    assert "A15.1.3a" in refused.value.decision.articles
    assert written()[-1]["kind"] == "viewing.refused"


@pytest.mark.article("A15.1.3b")
@pytest.mark.parametrize("name", ["off_shift", "reviewer", "unit_manager", "tier_1"])
def test_session_does_not_open_without_an_operator_on_shift(walk: Any, name: str) -> None:
    with pytest.raises(RuleRefused) as refused:
        walk.open(walk.approved(), by=name)

    assert "A15.1.3b" in refused.value.decision.articles


def in_the_other_post(walk: Any, hire: Any, *held: tuple[str, str]) -> tuple[Acting, Acting]:
    """Somebody with two posts, acting in each."""
    person = hire("zhou", "周两任", *held, clock=walk.clock)
    now_90k = walk.clock.utc()
    held_now = {appointment.post + appointment.body_id: appointment.pk for appointment in person.appointments.all()}
    first, second = (acting_under(person, appointment_id=held_now[post + body], now_90k=now_90k) for post, body in held)
    return first, second


@pytest.mark.article("A14.c")
def test_who_approved_conducts_nothing(walk: Any, hire: Any, written: Any) -> None:
    as_reviewer, as_operator = in_the_other_post(walk, hire, ("reviewer", OFFICE), ("operator", OFFICE))
    duty.start_shift(acting=as_operator, campus="lingshui", actor=acts.SHELL, clock=walk.clock)
    application = walk.decide(walk.submitted(), acting=as_reviewer)

    with pytest.raises(RuleRefused) as refused:
        usecases.open_session(application=application, acting=as_operator, clock=walk.clock)

    assert [reason.code for reason in refused.value.decision.reasons] == ["session.operator_decided"]
    assert (written()[-1]["kind"], written()[-1]["articles"]) == ("viewing.refused", ["A14.c"])


@pytest.mark.article("A15.1.3b")
def test_shift_for_another_body_is_no_presence_in_the_room(walk: Any, hire: Any) -> None:
    of_unit, of_campus = in_the_other_post(walk, hire, ("operator", "library"), ("operator", OFFICE))
    duty.start_shift(acting=of_unit, campus="lingshui", actor=acts.SHELL, clock=walk.clock)
    application = walk.approved()

    with pytest.raises(RuleRefused) as refused:
        usecases.open_session(application=application, acting=of_campus, clock=walk.clock)

    assert [reason.code for reason in refused.value.decision.reasons] == ["session.no_operator"]


@pytest.mark.article("A15.1.4a")
def test_who_sits_in_one_session_sees_nothing_of_another_on_the_same_screen(walk: Any) -> None:
    first, second = crowd(walk, 2)
    other = walk.open(second)
    segment = walk.mark(other)
    walk.shown(first)

    searched = lease(walk, other)
    walk.begin_showing(other)
    with pytest.raises(RuleRefused) as refused:
        walk.admit(other, second)
    (seat,) = SessionViewer.objects.all()
    usecases.let_out(session=seat.session, viewer_id=str(seat.pk), acting=walk.acting("operator"), clock=walk.clock)
    walk.admit(other, second)

    assert code_of(searched) == "session.search_is_alone"
    assert [reason.code for reason in refused.value.decision.reasons] == ["session.not_approved"]
    assert isinstance(lease(walk, segment), Permission)


@pytest.mark.article("A15.1.4a")
def test_session_needs_an_approval_in_force(walk: Any) -> None:
    with pytest.raises(RuleRefused) as refused:
        walk.open(walk.submitted())

    assert refused.value.decision.articles == ("A15.1.4a",)


@pytest.mark.article("A15.1.3b")
def test_operator_does_not_supervise_the_own_viewing(walk: Any) -> None:
    with pytest.raises(RuleRefused) as refused:
        walk.open(walk.approved("operator"))

    assert "session.operator_is_viewer" in {reason.code for reason in refused.value.decision.reasons}


@pytest.mark.article("A15.1.4b")
def test_fourth_viewer_is_refused_until_the_principal_consents(walk: Any, written: Any) -> None:
    first, second, third, fourth = crowd(walk)
    session = walk.shown(first)
    for application in (second, third):
        walk.admit(session, application)

    with pytest.raises(RuleRefused) as refused:
        walk.admit(session, fourth)
    assert "A15.1.4b" in refused.value.decision.articles
    assert written()[-1]["kind"] == "viewing.refused"

    for name in ("reviewer", "tier_1", "operator"):
        with pytest.raises(RuleRefused):
            usecases.allow_more(session=session, limit=4, reason="同案四人", acting=walk.acting(name), clock=walk.clock)
    usecases.allow_more(session=session, limit=4, reason="同案四人", acting=walk.acting("principal"), clock=walk.clock)
    walk.admit(session, fourth)

    assert len(queries.viewers_present(session)) == 4
    assert isinstance(lease(walk, session.segments.get()), Permission)


@pytest.mark.article("A15.1.4b")
def test_seat_of_who_left_early_may_be_taken_by_another(walk: Any, written: Any) -> None:
    first, second, third, fourth = crowd(walk)
    session = walk.shown(first)
    for application in (second, third):
        walk.admit(session, application)
    leaver = queries.viewers_present(session)[1]

    usecases.let_out(session=session, viewer_id=str(leaver.pk), acting=walk.acting("operator"), clock=walk.clock)
    assert written()[-1]["kind"] == "viewing.viewer_left"
    walk.admit(session, fourth)
    with pytest.raises(ViewingError) as again:
        usecases.let_out(session=session, viewer_id=str(leaver.pk), acting=walk.acting("operator"), clock=walk.clock)
    with pytest.raises(RuleRefused):
        walk.admit(session, second)

    assert again.value.code == "viewing.not_seated"
    assert [(seat.seat, seat.application) for seat in queries.viewers_present(session)] == [
        (1, first),
        (2, fourth),
        (3, third),
    ]
    # Who left belongs to this session still, and is done when it ends.
    walk.close(session)
    assert set(ViewingApplication.objects.values_list("stage", flat=True)) == {Stage.COMPLETED}


@pytest.mark.article("A15.1.4b")
def test_database_knows_no_fourth_seat(walk: Any) -> None:
    first, second, *_rest = crowd(walk)
    session = walk.shown(first)

    for seat in (0, 1, 4):
        with pytest.raises(IntegrityError), transaction.atomic():
            SessionViewer.objects.create(
                session=session,
                application=second,
                applicant_id=second.applicant_id,
                admitted_by=walk.people["operator"],
                seat=seat,
                id_kind="campus_card",
                id_last4="0000",
                admitted_at_90k=1,
            )
    assert not HeadCountException.objects.exists()


def test_only_who_was_approved_for_the_same_footage_is_let_in(walk: Any) -> None:
    session = walk.shown(walk.approved())
    other = walk.approved("friend", start_90k=walk.wish().start_90k + 90_000)

    with pytest.raises(ViewingError) as refused:
        walk.admit(session, other)

    assert refused.value.code == "viewing.other_footage"
    assert queries.applications_for_session(session) == []


def test_viewer_is_seated_once(walk: Any) -> None:
    application = walk.approved()
    session = walk.shown(application)

    with pytest.raises(ViewingError) as refused:
        walk.admit(session, application)

    assert refused.value.code == "viewing.already_seated"


# How it ends -------------------------------------------------------------------------------------------------------


@pytest.mark.article("D799.16.3")
@pytest.mark.parametrize(("hold", "released"), [(HoldChoice.KEEP, 0), (HoldChoice.RELEASE, 2)])
def test_closing_says_result_and_what_becomes_of_the_hold(
    walk: Any, written: Any, hold: HoldChoice, released: int
) -> None:
    application = walk.approved()
    session = walk.shown(application)
    operator = walk.acting("operator")
    segment = session.segments.get()
    marked = {"session": session, "camera_id": str(segment.camera_id), "acting": operator, "clock": walk.clock}
    usecases.mark_clue(**marked, at_90k=session.start_90k, note="推车出门")
    with pytest.raises(ViewingError):
        usecases.mark_clue(**marked, at_90k=session.end_90k, note="")

    walk.close(session, Result.CLUE, hold)

    assert isinstance(lease(walk, segment), Decision)
    assert people.is_revoked(key=str(ViewingGrant.objects.get(segment=segment).pk))
    assert ViewingApplication.objects.get(pk=application.pk).stage == Stage.COMPLETED
    assert Hold.objects.filter(released_at_90k__isnull=False).count() == released
    assert "viewing.session_closed" in [act["kind"] for act in written()]
    with pytest.raises(ViewingError):
        walk.close(session)


def test_pause_stops_the_leases_and_needs_a_hand_to_go_on(walk: Any, written: Any) -> None:
    session = walk.shown(walk.approved())
    segment = session.segments.get()
    operator = walk.acting("operator")

    usecases.pause(session=session, cause=PauseCause.HIDDEN, acting=operator, clock=walk.clock)
    paused = lease(walk, segment)
    with pytest.raises(ViewingError):
        usecases.pause(session=session, cause=PauseCause.OPERATOR, acting=operator, clock=walk.clock)
    usecases.resume(session=session, acting=operator, clock=walk.clock)

    assert code_of(paused) == "viewing.paused"
    assert isinstance(lease(walk, segment), Permission)
    said = [(act["kind"], act["facts"].get("cause"), act["articles"]) for act in written()[-2:]]
    assert said == [("viewing.session_paused", "hidden", ["A15.1.3b"]), ("viewing.session_resumed", None, [])]


def at_once(count: int, work: Any) -> list[str]:
    """Run the work on so many threads that start together; return what became of each, as a word."""
    gate = threading.Barrier(count)
    outcomes: list[str] = []

    def run(place: int) -> None:
        gate.wait(20)
        try:
            work(place)
            outcomes.append("done")
        except RuleRefused as refused:
            outcomes.append(refused.decision.articles[0])
        except ViewingError as error:
            outcomes.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return outcomes


@pytest.mark.django_db(transaction=True)
@pytest.mark.article("A15.1.4b")
def test_fifty_at_once_fill_three_seats_and_no_more(walk: Any, hire: Any) -> None:
    session = walk.shown(walk.approved())
    applications = []
    for place in range(8):
        walk.people[f"guest{place}"] = hire(f"guest{place}", f"guest{place}", clock=walk.clock)
        applications.append(walk.approved(f"guest{place}"))

    outcomes = at_once(50, lambda place: walk.admit(session, applications[place % 8]))

    assert outcomes.count("done") == 2
    assert len(queries.viewers_present(session)) == 3
    assert set(outcomes) <= {"done", "A15.1.4b", "viewing.already_seated"}


@pytest.mark.django_db(transaction=True)
def test_two_operators_at_once_open_one_session(walk: Any) -> None:
    application = walk.approved()

    outcomes = at_once(2, lambda place: walk.open(application))

    assert sorted(outcomes) == ["A15.1.4a", "done"]
    assert ViewingSession.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.article("A15.1.1a")
def test_nobody_slips_in_while_the_room_goes_back_to_searching(walk: Any) -> None:
    application = walk.approved()
    session = walk.open(application)
    walk.mark(session)
    walk.begin_showing(session)
    operator = walk.acting("operator")

    def work(place: int) -> None:
        if place:
            walk.admit(session, application)
        else:
            usecases.search_again(session=session, acting=operator, clock=walk.clock)

    at_once(2, work)

    row = ViewingSession.objects.get(pk=session.pk)
    assert (row.phase == "searching") != bool(queries.viewers_present(row))


@pytest.mark.django_db(transaction=True)
def test_two_reviewers_at_once_give_one_decision(walk: Any) -> None:
    application = walk.submitted()

    outcomes = at_once(2, lambda place: walk.decide(application, by=("reviewer", "principal")[place], version=1))

    assert sorted(outcomes) == ["done", "viewing.stale"]
    assert application.decisions.count() == 1
