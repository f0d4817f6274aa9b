"""The supervised session: who may open it, who may sit in it, what is served, and how it ends."""

import threading
from dataclasses import replace
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.http import Http404

from mingjian.duty import usecases as duty
from mingjian.people import acts
from mingjian.people.capacity import Acting, acting_under
from mingjian.people.leasing import Permission
from mingjian.people.routing import RuleRefused
from mingjian.registry.models import Hold
from mingjian.regulation.decision import Decision
from mingjian.viewing import leases, queries, usecases
from mingjian.viewing.models import HeadCountException, SessionViewer, ViewingApplication
from mingjian.viewing.usecases import IdCheck, ViewingError
from mingjian.viewing.words import HoldChoice, Result
from mingjian.viewing.workflow import Stage

SEEN = IdCheck(kind="campus_card", last4="0417", is_pledged=True, are_phones_away=True)
OFFICE = "security-office-campus"
NAMES = ("student", "friend", "reviewer", "principal")


def lease(walk: Any, session: Any, name: str = "operator") -> Permission | Decision:
    return leases.permission(acting=walk.acting(name), session_id=str(session.pk), now_90k=walk.clock.utc())


def crowd(walk: Any, count: int = 4) -> list[ViewingApplication]:
    """Approved applications of different people for the same footage."""
    applications = []
    for name in NAMES[:count]:
        application = walk.submitted(name)
        applications.append(walk.decide(application, by="principal" if name == "reviewer" else "reviewer"))
    return applications


@pytest.mark.article("A15.1.3b")
def test_operator_plays_and_the_applicant_never_does(walk: Any) -> None:
    application = walk.approved()
    session = walk.open(application)

    served = lease(walk, session)

    assert isinstance(served, Permission)
    assert (served.holder.person, served.holder.code) == (walk.people["operator"], "operator@security-office-campus")
    assert {"A15.1.3a", "A15.1.3b", "A15.1.4b", "A14.c"} <= set(served.articles)
    with pytest.raises(Http404):
        lease(walk, session, "student")
    assert ViewingApplication.objects.get(pk=application.pk).stage == Stage.IN_SESSION
    assert session.issued_by == walk.people["reviewer"]


@pytest.mark.article("A15.1.3a")
@pytest.mark.parametrize("changes", [{"last4": ""}, {"is_pledged": False}, {"are_phones_away": False}])
def test_session_does_not_open_without_document_and_promise(walk: Any, written: Any, changes: dict[str, Any]) -> None:
    application = walk.approved()

    with pytest.raises(RuleRefused) as refused:
        walk.open(application, check=replace(SEEN, **changes))

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
def test_who_approved_does_not_play(walk: Any, hire: Any, written: Any) -> None:
    as_reviewer, as_operator = in_the_other_post(walk, hire, ("reviewer", OFFICE), ("operator", OFFICE))
    duty.start_shift(acting=as_operator, campus="lingshui", actor=acts.SHELL, clock=walk.clock)
    application = walk.decide(walk.submitted(), acting=as_reviewer)

    with pytest.raises(RuleRefused) as refused:
        usecases.open_session(application=application, check=SEEN, acting=as_operator, clock=walk.clock)

    assert [reason.code for reason in refused.value.decision.reasons] == ["viewing.own_decision"]
    assert (written()[-1]["kind"], written()[-1]["articles"]) == ("viewing.refused", ["A14.c"])


@pytest.mark.article("A15.1.3b")
def test_shift_for_another_body_is_no_presence_in_the_room(walk: Any, hire: Any) -> None:
    of_unit, of_campus = in_the_other_post(walk, hire, ("operator", "library"), ("operator", OFFICE))
    duty.start_shift(acting=of_unit, campus="lingshui", actor=acts.SHELL, clock=walk.clock)
    application = walk.approved()

    with pytest.raises(RuleRefused) as refused:
        usecases.open_session(application=application, check=SEEN, acting=of_campus, clock=walk.clock)

    assert [reason.code for reason in refused.value.decision.reasons] == ["session.no_operator"]


@pytest.mark.article("A15.1.4a")
def test_session_needs_an_approval_in_force(walk: Any) -> None:
    with pytest.raises(RuleRefused) as refused:
        walk.open(walk.submitted())

    assert "A15.1.4a" in refused.value.decision.articles


@pytest.mark.article("A15.1.3b")
def test_operator_does_not_supervise_the_own_viewing(walk: Any) -> None:
    with pytest.raises(RuleRefused) as refused:
        walk.open(walk.approved("operator"))

    assert "session.operator_is_viewer" in {reason.code for reason in refused.value.decision.reasons}


@pytest.mark.article("A15.1.4b")
def test_fourth_viewer_is_refused_until_the_principal_consents(walk: Any, written: Any) -> None:
    first, second, third, fourth = crowd(walk)
    session = walk.open(first)
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
    assert isinstance(lease(walk, session), Permission)


@pytest.mark.article("A15.1.4b")
def test_database_knows_no_fourth_seat(walk: Any) -> None:
    first, second, *_rest = crowd(walk)
    session = walk.open(first)

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
    session = walk.open(walk.approved())
    other = walk.approved("friend", start_90k=walk.wish().start_90k + 90_000)

    with pytest.raises(ViewingError) as refused:
        walk.admit(session, other)

    assert refused.value.code == "viewing.other_footage"
    assert queries.applications_for_session(session) == []


def test_pause_end_of_shift_and_closing_stop_the_leases(walk: Any) -> None:
    session = walk.open(walk.approved())
    actor = acts.of(walk.acting("operator"))

    usecases.pause(session=session, actor=actor, clock=walk.clock)
    paused = lease(walk, session)
    usecases.resume(session=session, actor=actor, clock=walk.clock)
    resumed = lease(walk, session)
    duty.end_shift(person=walk.people["operator"], actor=actor, clock=walk.clock)
    left = lease(walk, session)

    assert isinstance(paused, Decision)
    assert paused.reasons[0].code == "viewing.paused"
    assert isinstance(resumed, Permission)
    assert isinstance(left, Decision)
    assert left.reasons[0].code == "session.no_operator"


@pytest.mark.parametrize(("hold", "released"), [(HoldChoice.KEEP, 0), (HoldChoice.RELEASE, 2)])
def test_closing_says_result_and_what_becomes_of_the_hold(
    walk: Any, written: Any, hold: HoldChoice, released: int
) -> None:
    application = walk.approved()
    session = walk.open(application)
    actor = acts.of(walk.acting("operator"))
    camera = session.cameras.first()
    usecases.mark_clue(
        session=session,
        camera_id=str(camera.pk),
        at_90k=session.start_90k,
        note="推车出门",
        actor=actor,
        clock=walk.clock,
    )
    with pytest.raises(ViewingError):
        usecases.mark_clue(
            session=session, camera_id=str(camera.pk), at_90k=session.end_90k, note="", actor=actor, clock=walk.clock
        )

    usecases.close_session(
        session=session, result=Result.CLUE, note="建议报警", hold=hold, actor=actor, clock=walk.clock
    )

    assert isinstance(lease(walk, session), Decision)
    assert ViewingApplication.objects.get(pk=application.pk).stage == Stage.COMPLETED
    assert Hold.objects.filter(released_at_90k__isnull=False).count() == released
    assert "viewing.session_closed" in [act["kind"] for act in written()]
    with pytest.raises(ViewingError):
        usecases.close_session(
            session=session, result=Result.NO_CLUE, note="", hold=hold, actor=actor, clock=walk.clock
        )


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
    session = walk.open(walk.approved())
    applications = []
    for place in range(8):
        walk.people[f"guest{place}"] = hire(f"guest{place}", f"guest{place}", clock=walk.clock)
        applications.append(walk.approved(f"guest{place}"))

    outcomes = at_once(50, lambda place: walk.admit(session, applications[place % 8]))

    assert outcomes.count("done") == 2
    assert len(queries.viewers_present(session)) == 3
    assert set(outcomes) <= {"done", "A15.1.4b", "A15.1.4a"}


@pytest.mark.django_db(transaction=True)
def test_two_reviewers_at_once_give_one_decision(walk: Any) -> None:
    application = walk.submitted()

    outcomes = at_once(2, lambda place: walk.decide(application, by=("reviewer", "principal")[place], version=1))

    assert sorted(outcomes) == ["done", "viewing.stale"]
    assert application.decisions.count() == 1
