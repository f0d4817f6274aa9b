"""Every door, one table: a route that is not listed here fails, and each role meets what is written."""

from collections.abc import Callable
from copy import deepcopy

import pytest
from django.db import transaction
from django.test import Client

from mingjian.base.clock import SystemClock
from mingjian.base.ticks import TICKS_PER_S
from mingjian.console.routes import all_routes
from mingjian.duty import usecases as duty
from mingjian.people import acts
from mingjian.people.capacity import Acting
from mingjian.people.models import Person
from mingjian.registry.models import Camera
from mingjian.viewing import usecases as viewing
from mingjian.viewing.models import ViewingSession

PASSWORD = "correct horse battery"
HOUR_90K = 3600 * TICKS_PER_S

RULES = {
    ("web", "http", "/"): "signed_in",
    ("web", "http", "/ledger/"): "signed_in",
    ("web", "http", "/preferences/"): "anyone",
    ("web", "http", "/healthz"): "anyone",
    ("web", "http", "/sign-in/"): "anyone",
    ("web", "http", "/sign-out/"): "signed_in",
    ("web", "http", "/capacity/"): "signed_in",
    ("web", "http", "/sessions/"): "signed_in",
    ("web", "http", "/sessions/console/"): "operator",
    ("web", "http", "/sessions/<str:key_hash>/end/"): "signed_in",
    ("web", "http", "/shift/start/"): "operator",
    ("web", "http", "/shift/end/"): "operator",
    ("web", "http", "/wall/"): "operator_on_shift",
    ("web", "http", "/viewings/"): "signed_in",
    ("web", "http", "/playback/<str:session_id>/"): "own_open_session",
    ("web", "http", "/cameras/"): "staff",
    ("web", "websocket", "/leases"): "signed_in",
    ("media", "http", "/healthz"): "anyone",
    ("media", "websocket", "/media"): "grant",
}

# What each role gets from each page: anonymous, no post, operator off shift, operator on shift, of another campus, the
# holder of the viewing session once it has been revoked, the campus's reviewer, the supervisor of tier 1, the operator
# of a tier-3 unit, the audit administrator.
ROLES = (
    "anonymous",
    "none",
    "off_shift",
    "on_shift",
    "other_campus",
    "revoked_holder",
    "reviewer",
    "supervisor",
    "unit_operator",
    "auditor",
)
GET_ANSWERS = {
    "/": (302, 200, 200, 200, 200, 200, 200, 200, 200, 200),
    "/ledger/": (302, 200, 200, 200, 200, 200, 200, 200, 200, 200),
    "/preferences/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/healthz": (200, 200, 200, 200, 200, 200, 200, 200, 200, 200),
    "/sign-in/": (200, 302, 302, 302, 302, 302, 302, 302, 302, 302),
    "/sign-out/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/capacity/": (302, 200, 200, 200, 200, 200, 200, 200, 200, 200),
    "/sessions/": (302, 200, 200, 200, 200, 200, 200, 200, 200, 200),
    "/sessions/console/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/sessions/<str:key_hash>/end/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/shift/start/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/shift/end/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/wall/": (302, 403, 403, 200, 200, 403, 403, 403, 403, 403),
    "/viewings/": (302, 200, 200, 200, 200, 200, 200, 200, 200, 200),
    "/playback/<str:session_id>/": (302, 404, 404, 200, 404, 403, 404, 404, 404, 404),
    "/cameras/": (302, 404, 200, 200, 200, 200, 200, 200, 404, 404),
}
POST_ANSWERS = {
    "/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/ledger/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/preferences/": (302, 302, 302, 302, 302, 302, 302, 302, 302, 302),
    "/healthz": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/sign-in/": (400, 400, 400, 400, 400, 400, 400, 400, 400, 400),
    "/sign-out/": (302, 302, 302, 302, 302, 302, 302, 302, 302, 302),
    "/capacity/": (302, 302, 302, 302, 302, 302, 302, 302, 302, 302),
    "/sessions/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/sessions/console/": (302, 404, 403, 403, 403, 403, 404, 404, 404, 404),
    "/sessions/<str:key_hash>/end/": (302, 404, 404, 404, 404, 404, 404, 404, 404, 404),
    "/shift/start/": (302, 404, 302, 409, 409, 302, 404, 404, 404, 404),
    "/shift/end/": (302, 404, 409, 302, 302, 409, 404, 404, 404, 404),
    "/wall/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/viewings/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/playback/<str:session_id>/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/cameras/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
}
PAGES = [door for door in all_routes() if (door.port, door.kind) == ("web", "http")]


def test_every_door_declares_the_rule_that_is_written_here() -> None:
    assert {(door.port, door.kind, door.path): door.rule for door in all_routes()} == RULES


def test_every_page_stands_in_both_tables() -> None:
    assert {door.path for door in PAGES} == set(GET_ANSWERS) == set(POST_ANSWERS)


HELD = {
    "none": (),
    "off_shift": (("operator", "security-office-campus"),),
    "on_shift": (("operator", "security-office-campus"),),
    "other_campus": (("operator", "panjin-general-affairs"),),
    "revoked_holder": (("operator", "security-office-campus"),),
    "reviewer": (("reviewer", "security-office-campus"),),
    "supervisor": (("manager", "security-office"),),
    "unit_operator": (("operator", "library"),),
    "auditor": (("audit_administrator", "security-office"),),
}


@pytest.fixture
def persons(
    register: Callable[..., Camera], hire: Callable[..., Person], act_as: Callable[..., Acting]
) -> dict[str, Person]:
    """One person per role; the camera stands on Lingshui."""
    register()
    made = {role: hire(role, role, *held) for role, held in HELD.items()}
    for role, campus in (("on_shift", "lingshui"), ("other_campus", "panjin")):
        duty.start_shift(acting=act_as(made[role]), campus=campus, actor=acts.SHELL, clock=SystemClock())
    return made


def issue(person: Person) -> ViewingSession:
    clock = SystemClock()
    now_90k = clock.utc()
    return viewing.issue_session(
        person=person,
        cameras=list(Camera.objects.all()),
        start_90k=now_90k - HOUR_90K,
        end_90k=now_90k,
        purpose="失窃",
        valid_until_90k=now_90k + HOUR_90K,
        issued_by=None,
        actor=acts.SHELL,
        clock=clock,
    )


def enter(client: Client, role: str, persons: dict[str, Person]) -> str:
    """Sign in as the role and return the viewing session it will ask for."""
    session = issue(persons["revoked_holder" if role == "revoked_holder" else "on_shift"])
    if role == "revoked_holder":
        viewing.revoke_session(session=session, reason="误签", actor=acts.SHELL, clock=SystemClock())
    if role != "anonymous":
        client.post("/sign-in/", {"username": role, "password": PASSWORD})
    return str(session.pk)


@pytest.mark.parametrize("role", ROLES)
def test_each_role_meets_what_the_tables_say(role: str, client: Client, persons: dict[str, Person]) -> None:
    place = ROLES.index(role)
    session_id = enter(client, role, persons)
    entered = deepcopy(client.cookies)

    met = {}
    for door in PAGES:
        path = door.path.replace("<str:session_id>", session_id).replace("<str:key_hash>", "0" * 64)
        for method in ("get", "post"):
            # Each request meets the same rows; what it did is taken back.
            before = transaction.savepoint()
            client.cookies = deepcopy(entered)
            answer = getattr(client, method)(path)
            met[door.path, method] = answer.status_code
            assert answer["Cache-Control"] == "no-store"
            if answer.status_code != 200:
                assert b"mj-" not in answer.content
            transaction.savepoint_rollback(before)

    expected = {(path, "get"): answers[place] for path, answers in GET_ANSWERS.items()}
    expected |= {(path, "post"): answers[place] for path, answers in POST_ANSWERS.items()}
    assert met == expected


def test_each_form_is_refused_without_its_token(persons: dict[str, Person]) -> None:
    client = Client(enforce_csrf_checks=True)

    for door in PAGES:
        if "POST" in door.methods:
            answer = client.post(door.path, {"username": "on_shift", "password": PASSWORD})
            assert answer.status_code == 403
            assert "console.stale_form" in answer.content.decode()
