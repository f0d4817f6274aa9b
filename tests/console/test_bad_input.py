"""What no page of ours sends, to every door of the table: an answer that says so, no bug, and nothing leaks."""

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from mingjian.base.ids import new_id
from mingjian.base.ticks import TICKS_PER_S
from mingjian.console.routes import Door, all_routes
from mingjian.viewing.models import Clue, HeadCountException

HOUR_90K = 3600 * TICKS_PER_S
PASSWORD = "correct horse battery"
WEB = [door for door in all_routes() if (door.port, door.kind) == ("web", "http")]
POSTS = [door for door in WEB if "POST" in door.methods]
CAPTURED = re.compile(r"<(?:str|int):(\w+)>")
MARK = "<script>alert('x')</script>\"><img src=x onerror=alert(1)>"


@pytest.fixture
def things(world: Any) -> dict[str, str]:
    """One of each thing that an address names, on Lingshui."""
    held = world.opened(world.approved())
    world.applied()
    return {
        "application_id": str(world.applied().pk),
        "session_id": str(held.pk),
        "camera_id": str(world.camera.pk),
        "key_hash": "0" * 64,
        "seq": "1",
    }


@contextmanager
def undone(client: Client) -> Iterator[None]:
    """Let the next request meet the same rows and carry the same cookies."""
    before, cookies = transaction.savepoint(), deepcopy(client.cookies)
    try:
        yield
    finally:
        transaction.savepoint_rollback(before)
        client.cookies = cookies


def addressed(door: Door, things: dict[str, str]) -> str:
    return CAPTURED.sub(lambda found: things.get(found[1], new_id()), door.path)


def send(client: Client, address: str, told: dict[str, Any], **headers: str) -> Any:
    if address.startswith("/api/"):
        return client.post(address, told, content_type="application/json", headers=headers)
    return client.post(address, told, headers=headers)


@pytest.fixture(params=["guard", "decider"])
def somebody(request: pytest.FixtureRequest, world: Any) -> Client:
    return world.client(request.param)


def strict(world: Any, name: str) -> tuple[Client, str]:
    """Sign in with a browser that checks tokens; return it with its token."""
    client = Client(enforce_csrf_checks=True)
    token = _token(client.get("/sign-in/"))
    told = {"username": name, "password": PASSWORD, "csrfmiddlewaretoken": token}
    assert client.post("/sign-in/", told).status_code == 302
    return client, str(client.get("/api/v1/me/").json()["csrf_token"])


def _token(answer: Any) -> str:
    return str(answer.content.decode().split('name="csrfmiddlewaretoken" value="')[1].split('"')[0])


def test_no_door_takes_a_post_without_its_token_or_from_elsewhere(world: Any, things: dict[str, str]) -> None:
    client, token = strict(world, "guard")
    for door in POSTS:
        address = addressed(door, things)
        for told, headers in (
            ({}, {}),
            ({"csrfmiddlewaretoken": "a" * 64}, {"X-CSRFToken": "a" * 64}),
            ({"csrfmiddlewaretoken": token}, {"X-CSRFToken": token, "Origin": "https://evil.example"}),
            ({"csrfmiddlewaretoken": token}, {"X-CSRFToken": token, "Origin": "null"}),
        ):
            answer = send(client, address, told, **headers)
            assert answer.status_code == 403, address
            assert "console.stale_form" in answer.content.decode(), address


def test_ten_megabytes_are_told_to_be_too_much(somebody: Client, things: dict[str, str]) -> None:
    for door in POSTS:
        with undone(somebody):
            answer = send(somebody, addressed(door, things), {"reason": "长" * 3_500_000})
        # What reads nothing of its form does what it does; whatever reads refuses.
        assert answer.status_code in {204, 302, 403, 404, 409, 413}, (door.path, answer.status_code)
        assert len(answer.content) < 200_000


def test_ten_megabytes_never_pass_the_token(world: Any, things: dict[str, str]) -> None:
    client, token = strict(world, "guard")
    for door in POSTS:
        answer = client.post(addressed(door, things), {"csrfmiddlewaretoken": token, "reason": "长" * 3_500_000})
        assert answer.status_code == 413, (door.path, answer.status_code)
        assert "console.too_large" in answer.content.decode()


NASTY = (
    "\x00",
    "甲\x00乙",
    "\ud800",
    "\u202e",
    "\ufdfd" * 50,
    "9" * 400,
    "-1",
    "1e309",
    "None",
    "../../etc/passwd",
    "%s%n",
    "';--",
)
NAMES = (
    "next appointment code campus version outcome validity_days article reason incident_kind place start end phone "
    "unit is_true step go id_kind id_last4 application camera at note result hold limit username password language "
    "theme holds keep_days"
).split()


@pytest.mark.timeout(900)
def test_every_field_of_every_form_takes_nonsense_without_a_bug(somebody: Client, things: dict[str, str]) -> None:
    for door in POSTS:
        if door.path.startswith("/api/"):
            continue
        for nasty in NASTY:
            body = "&".join(f"{name}={_quoted(nasty)}" for name in NAMES)
            with undone(somebody):
                answer = somebody.post(addressed(door, things), body, content_type="application/x-www-form-urlencoded")
            assert answer.status_code < 500, (door.path, nasty)


@pytest.mark.timeout(900)
def test_every_query_takes_nonsense_without_a_bug(somebody: Client, things: dict[str, str]) -> None:
    names = ("kind", "before", "camera", "layout", "mechanism", "next", "limit", "offset", "start_90k", "end_90k", "q")
    for door in WEB:
        if "GET" not in door.methods:
            continue
        for nasty in NASTY:
            query = "&".join(f"{name}={_quoted(nasty)}" for name in names)
            answer = somebody.get(f"{addressed(door, things)}?{query}")
            assert answer.status_code < 500, (door.path, nasty)


@pytest.mark.timeout(900)
def test_every_name_in_an_address_takes_nonsense_without_a_bug(somebody: Client) -> None:
    for door in WEB:
        if "<" not in door.path:
            continue
        for nasty in (*NASTY, new_id(), new_id().upper(), f"urn:uuid:{new_id()}", "é" * 64, "a" * 5_000):
            address = CAPTURED.sub(_quoted(nasty), door.path)
            for method in door.methods:
                answer = somebody.generic(method, address, "{}", content_type="application/json")
                assert answer.status_code in {400, 404}, (address, method, answer.status_code)


def _quoted(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode("utf-8", "surrogatepass"))


def test_wrong_methods_are_told_the_right_ones(world: Any, things: dict[str, str]) -> None:
    client = world.client("guard")
    for door in WEB:
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"} - set(door.methods):
            answer = client.generic(method, addressed(door, things), "{}", content_type="application/json")
            assert answer.status_code == 405, (door.path, method)
            assert set(answer["Allow"].split(", ")) == set(door.methods)


def test_what_is_elsewhere_is_answered_like_what_never_was(world: Any, hire: Any) -> None:
    """The same words and the same number of questions to the database, whoever asks and however."""
    held = world.opened(world.approved())
    lingshui = {
        "application_id": str(world.applied().pk),
        "session_id": str(held.pk),
        "camera_id": str(world.camera.pk),
    }
    never = {name: new_id() for name in lingshui}
    world.people["stranger"] = hire("stranger", "他校区审核", ("reviewer", "panjin-general-affairs"))
    world.people["neighbour"] = hire("neighbour", "他校区操作员", ("operator", "panjin-general-affairs"))
    world.people["lector"] = hire("lector", "别的学院", ("manager", "chemical-engineering"))
    for name in ("stranger", "neighbour", "lector"):
        client = world.client(name)
        client.get("/")
        for door in WEB:
            named = set(CAPTURED.findall(door.path))
            if not named or not named <= set(lingshui):
                continue
            for method in door.methods:
                told = []
                for there in (lingshui, never):
                    with undone(client), CaptureQueriesContext(connection) as asked:
                        answer = client.generic(method, addressed(door, there), "{}", content_type="application/json")
                    body = re.sub(r"\d{4}-\d\d-\d\d[T ][\d:.+]+|[A-Za-z0-9]{64}", "", answer.content.decode())
                    for value in there.values():
                        body = body.replace(value, "")
                    told.append((answer.status_code, body, len(asked)))
                assert told[0] == told[1], (name, door.path, method)
                assert told[0][0] == 404


def test_what_people_write_is_shown_as_they_wrote_it_and_never_run(world: Any, hire: Any, register: Any) -> None:
    """Names, places and every text field carry a script; all pages of everybody show it escaped, or not at all."""
    people = {
        "victim": hire("marked", MARK[:60]),
        "guard": hire("marked-guard", MARK[:60], ("operator", "security-office-campus")),
        "head": hire("marked-head", MARK[:60], ("principal", "security-office-campus")),
    }
    world.people.update({person.username: person for person in people.values()})
    register(name=MARK[:60], building=MARK[:60])
    victim, guard, decider, head = map(world.client, ("marked", "marked-guard", "decider", "marked-head"))
    guard.post("/shift/start/", {"campus": "lingshui"})
    sent = _apply(victim)
    decider.post(f"/viewing-desk/{sent}/decide/", {"version": 1, "outcome": "returned", "reason": MARK})
    victim.post(f"/viewings/{sent}/complete/", {"version": 2, "reason": MARK, "phone": MARK[:32]})
    decider.post(f"/viewing-desk/{sent}/decide/", {"version": 3, "outcome": "approved", "reason": MARK})
    check = {"id_kind": "campus_card", "id_last4": "0417", "is_pledged": "on", "are_phones_away": "on"}
    opened = guard.post(f"/viewing-desk/{sent}/open/")
    held = opened["Location"].strip("/").split("/")[-1]
    head.post(f"/viewing-sessions/{held}/exception/", {"limit": 4, "reason": MARK})
    told = guard.get(f"/api/v1/sessions/{held}/").json()
    at = _civil(told["start_90k"])
    marked = {"camera": told["cameras"][0], "start": at, "end": _civil(told["end_90k"]), "note": MARK}
    guard.post(f"/viewing-sessions/{held}/segment/", marked)
    guard.post(f"/viewing-sessions/{held}/show/")
    guard.post(f"/viewing-sessions/{held}/admit/", {**check, "application": sent})
    guard.post(f"/viewing-sessions/{held}/mark/", {"camera": told["cameras"][0], "at": at, "note": MARK})
    assert (HeadCountException.objects.count(), Clue.objects.count()) == (1, 1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_sequence(1, 1000)")
    things = {"application_id": sent, "session_id": held, "camera_id": told["cameras"][0]}
    shown = 0
    for client in (victim, guard, decider, head):
        for door in WEB:
            if "GET" not in door.methods or door.path == "/healthz":
                continue
            answer = client.get(f"{addressed(door, things)}?next={MARK}&kind={MARK}")
            said = answer.content.decode()
            shown += _is_safe(answer, said)
        refilled = client.post("/viewings/apply/", {"step": "4", "reason": MARK, "phone": MARK, "unit": MARK})
        _is_safe(refilled, refilled.content.decode())
    assert shown > 10
    guard.post(f"/viewing-sessions/{held}/close/", {"result": "clue", "note": MARK, "hold": "keep"})
    register_page = guard.get("/viewing-register/")
    assert _is_safe(register_page, register_page.content.decode())


def _is_safe(answer: Any, said: str) -> bool:
    """Assert that nothing of the mark would run; return whether it was shown."""
    if answer["Content-Type"].startswith("text/html"):
        assert "<script>alert" not in said
        assert "<img src=x" not in said
        assert "script-src 'self'" in answer["Content-Security-Policy"]
        assert "unsafe" not in answer["Content-Security-Policy"]
    else:
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "json" in answer["Content-Type"]
    return html.escape("<script>alert('x')") in said


def _apply(client: Client) -> str:
    told = {
        "incident_kind": "theft",
        "reason": MARK,
        "place": f"lingshui|{MARK[:60]}",
        "start": "2026-01-01T08:00",
        "end": "2026-01-01T09:00",
        "phone": MARK[:32],
        "is_true": "on",
        "is_pledged": "on",
        "step": "4",
    }
    answer = client.post("/viewings/apply/", told)
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"]).strip("/").split("/")[-1]


def _civil(at_90k: int) -> str:
    from mingjian.base import ticks

    return f"{ticks.to_datetime(ticks.Ticks90k(at_90k)).astimezone(ticks.CIVIL_ZONE):%Y-%m-%d %H:%M:%S}"
