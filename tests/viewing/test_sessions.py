"""Viewing sessions: issued by somebody else, leased while they stand, revoked at once."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404

from mingjian.base.clock import SimulatedClock
from mingjian.base.ticks import TICKS_PER_S
from mingjian.people import acts
from mingjian.people import queries as people
from mingjian.people.capacity import first_capacity
from mingjian.people.leasing import Permission
from mingjian.people.models import Person
from mingjian.registry.models import Camera
from mingjian.regulation.decision import Decision
from mingjian.viewing import leases, usecases
from mingjian.viewing.models import ViewingSession
from mingjian.viewing.usecases import ViewingError
from mingjian.viewing.workflow import Status, status

HOUR_90K = 3600 * TICKS_PER_S
Issue = Callable[..., ViewingSession]
Written = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def issue(operator: Person, register: Callable[..., Camera], clock: SimulatedClock) -> Issue:
    """Issue a session of one camera for an hour; keywords change what is asked."""
    camera = register()

    def make(**changes: Any) -> ViewingSession:
        now_90k = clock.utc()
        asked = {
            "person": operator,
            "cameras": [camera],
            "start_90k": now_90k - HOUR_90K,
            "end_90k": now_90k,
            "purpose": "自行车失窃查找",
            "valid_until_90k": now_90k + HOUR_90K,
            "issued_by": None,
            "actor": acts.SHELL,
            "clock": clock,
        }
        return usecases.issue_session(**(asked | changes))

    return make


@pytest.mark.article("A14.c")
def test_session_permits_exactly_what_it_names(issue: Issue, operator: Person, clock: SimulatedClock) -> None:
    session = issue()

    permission = leases.permission(
        acting=first_capacity(operator, now_90k=clock.utc()), wanted_id=str(session.pk), now_90k=clock.utc()
    )

    assert isinstance(permission, Permission)
    assert (permission.start_90k, permission.end_90k) == (session.start_90k, session.end_90k)
    assert permission.camera_ids == tuple(str(camera.pk) for camera in session.cameras.all())
    assert permission.articles == ("A14.b", "A14.c", "A15.1.4a")


@pytest.mark.article("A14.c")
def test_session_gives_no_lease_from_the_instant_it_runs_out(
    issue: Issue, operator: Person, clock: SimulatedClock
) -> None:
    session = issue()
    last_90k = session.valid_until_90k

    before = leases.permission(
        acting=first_capacity(operator, now_90k=clock.utc()), wanted_id=str(session.pk), now_90k=last_90k - 1
    )
    at = leases.permission(
        acting=first_capacity(operator, now_90k=clock.utc()), wanted_id=str(session.pk), now_90k=last_90k
    )

    assert isinstance(before, Permission)
    assert isinstance(at, Decision)
    assert at.reasons[0].code == "viewing.expired"


def test_revocation_is_recorded_and_reaches_streaming(
    issue: Issue, operator: Person, written: Written, clock: SimulatedClock
) -> None:
    session = issue()

    usecases.revoke_session(session=session, reason="误签", actor=acts.SHELL, clock=clock)

    refused = leases.permission(
        acting=first_capacity(operator, now_90k=clock.utc()), wanted_id=str(session.pk), now_90k=clock.utc()
    )
    assert isinstance(refused, Decision)
    assert refused.reasons[0].code == "viewing.revoked"
    assert people.is_revoked(key=str(session.grants.get().pk))
    assert [act["kind"] for act in written()][-2:] == ["viewing.session_issued", "viewing.session_revoked"]
    with pytest.raises(ViewingError) as again:
        usecases.revoke_session(session=session, reason="误签", actor=acts.SHELL, clock=clock)
    assert again.value.code == "viewing.not_open"


@pytest.mark.article("A15.1.4a")
def test_session_does_not_exist_for_anybody_else(issue: Issue, outsider: Person, clock: SimulatedClock) -> None:
    session = issue()

    for session_id in (str(session.pk), "nonsense"):
        with pytest.raises(Http404):
            leases.permission(
                acting=first_capacity(outsider, now_90k=clock.utc()), wanted_id=session_id, now_90k=clock.utc()
            )


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"cameras": []}, "viewing.no_camera"),
        ({"start_90k": 5, "end_90k": 5}, "viewing.span_empty"),
        ({"purpose": "  "}, "viewing.purpose_missing"),
        ({"valid_until_90k": 1}, "viewing.validity_empty"),
    ],
)
def test_issue_session_says_why_not(issue: Issue, changes: dict[str, Any], code: str) -> None:
    with pytest.raises(ViewingError) as refused:
        issue(**changes)

    assert refused.value.code == code


def test_nobody_issues_to_themselves_by_use_case_or_sql(issue: Issue, operator: Person) -> None:
    with pytest.raises(ViewingError) as refused:
        issue(issued_by=operator)
    assert refused.value.code == "viewing.own_request"

    session = issue()
    with pytest.raises(IntegrityError), transaction.atomic():
        ViewingSession.objects.filter(pk=session.pk).update(issued_by=operator)


@pytest.mark.parametrize(
    ("revoked_at_90k", "now_90k", "expected"),
    [
        (None, 9, Status.OPEN),
        (None, 10, Status.EXPIRED),
        (5, 9, Status.REVOKED),
        (5, 10, Status.REVOKED),
    ],
)
def test_status_follows_from_the_row(revoked_at_90k: int | None, now_90k: int, expected: Status) -> None:
    assert status(valid_until_90k=10, revoked_at_90k=revoked_at_90k, now_90k=now_90k) is expected
