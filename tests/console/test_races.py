"""Two at once, and what changed between reading and pressing: one lawful outcome, recorded, over real HTTP."""

import asyncio
import json
import threading
from collections.abc import Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client

from mingjian.base.clock import SystemClock
from mingjian.console import deciding, leases
from mingjian.people import acts, appointing
from mingjian.people.models import Appointment, Person
from mingjian.viewing import usecases as viewing
from mingjian.viewing.models import ApplicationDecision, SessionViewer, ViewingSession
from mingjian.viewing.workflow import PauseCause

pytestmark = pytest.mark.django_db(transaction=True)
CLOCK = SystemClock()
PASSWORD = "correct horse battery"


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody signed in at a real server, as a program is: a cookie and a token."""

    address: str
    cookies: str
    token: str

    def post(self, path: str, told: dict[str, Any], **headers: str) -> tuple[int, dict[str, Any]]:
        server = HTTPConnection(str(urlsplit(self.address).netloc), timeout=30)
        try:
            sent = {"Cookie": self.cookies, "X-CSRFToken": self.token, "Content-Type": "application/json", **headers}
            server.request("POST", f"/api/v1/{path}", json.dumps(told), sent)
            answer = server.getresponse()
            return answer.status, dict(json.loads(answer.read()))
        finally:
            server.close()


def call_as(server: Any, name: str) -> Caller:
    client = Client()
    assert client.post("/sign-in/", {"username": name, "password": PASSWORD}).status_code == 302
    token = client.get("/api/v1/me/").json()["csrf_token"]
    cookies = "; ".join(f"{cookie.key}={cookie.value}" for cookie in client.cookies.values())
    return Caller(server.url, cookies, token)


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Run all together; return what each met, in the order given."""
    told: list[Any] = [None] * len(calls)
    together = threading.Barrier(len(calls))

    def run(place: int) -> None:
        together.wait(10)
        told[place] = calls[place]()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return told


def written(kind: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_pending WHERE convert_from(body, 'UTF8') LIKE %s", [f'%"{kind}"%'])
        return int(cursor.fetchone()[0])


def test_two_approvals_at_once_are_one_decision(world: Any, hire: Callable[..., Person], live_server: Any) -> None:
    hire("second", "另一审核", ("approver", "security-office-campus"))
    known = written("viewing.application_approved")
    callers = [call_as(live_server, name) for name in ("decider", "second")]
    for _ in range(3):
        row = world.applied()
        path, told = f"desk/applications/{row.pk}/decide/", {"version": 1, "outcome": "approved"}

        answers = at_once(*(partial(caller.post, path, told) for caller in callers))

        assert sorted(status for status, _ in answers) == [200, 409]
        assert next(body for status, body in answers if status == 409)["code"] == "viewing.stale"
        assert ApplicationDecision.objects.filter(application=row).count() == 1
    assert written("viewing.application_approved") == known + 3


def test_one_reviewer_pressing_ten_times_decides_once(world: Any, live_server: Any) -> None:
    known = written("viewing.application_approved")
    caller, row = call_as(live_server, "decider"), world.applied()
    path = f"desk/applications/{row.pk}/decide/"

    answers = at_once(*[lambda: caller.post(path, {"version": 1, "outcome": "approved"})] * 10)

    assert sorted(status for status, _ in answers) == [200, *[409] * 9]
    assert written("viewing.application_approved") == known + 1


def test_withdrawal_and_approval_at_once_have_one_winner(world: Any, live_server: Any) -> None:
    victim, decider = call_as(live_server, "victim"), call_as(live_server, "decider")
    row = world.applied()

    answers = at_once(
        lambda: victim.post(f"applications/{row.pk}/withdraw/", {"version": 1}),
        lambda: decider.post(f"desk/applications/{row.pk}/decide/", {"version": 1, "outcome": "approved"}),
    )

    assert sorted(status for status, _ in answers) == [200, 409]
    row.refresh_from_db()
    assert row.stage == ("withdrawn" if answers[0][0] == 200 else "approved")


@pytest.mark.article("A14.c")
def test_operators_opening_at_once_open_one_session(world: Any, live_server: Any) -> None:
    guard, row = call_as(live_server, "guard"), world.approved()

    answers = at_once(*[lambda: guard.post(f"desk/applications/{row.pk}/open/", {})] * 5)

    assert sorted(status for status, _ in answers) == [200, 403, 403, 403, 403]
    assert (ViewingSession.objects.count(), SessionViewer.objects.count()) == (1, 0)


def test_foreign_origin_is_refused_by_the_real_server(world: Any, live_server: Any) -> None:
    caller, row = call_as(live_server, "decider"), world.applied()
    path, told = f"desk/applications/{row.pk}/decide/", {"version": 1, "outcome": "approved"}

    assert caller.post(path, told, Origin="https://evil.example")[1]["code"] == "console.stale_form"
    assert caller.post(path, told, Origin=live_server.url)[0] == 200


def appointment_of(world: Any, name: str) -> Appointment:
    return Appointment.objects.get(person=world.people[name])


def test_reviewer_dismissed_between_reading_and_pressing_decides_nothing(world: Any) -> None:
    client, row = world.client("decider"), world.applied()
    assert client.get(f"/api/v1/desk/applications/{row.pk}/").status_code == 200

    appointing.end_appointment(
        appointment=appointment_of(world, "decider"), reason="调离", actor=acts.SHELL, clock=CLOCK
    )
    told = {"version": 1, "outcome": "approved"}
    by_api = client.post(f"/api/v1/desk/applications/{row.pk}/decide/", told, content_type="application/json")
    by_page = client.post(f"/viewing-desk/{row.pk}/decide/", told)

    assert (by_api.status_code, by_api.json()["code"]) == (401, "people.not_signed_in")
    assert (by_page.status_code, by_page["Location"]) == (302, "/sign-in/")
    assert not ApplicationDecision.objects.exists()


def test_reviewer_whose_term_runs_out_decides_nothing_from_then_on(world: Any) -> None:
    client, row = world.client("decider"), world.applied()
    assert client.get(f"/api/v1/desk/applications/{row.pk}/").status_code == 200

    Appointment.objects.filter(pk=appointment_of(world, "decider").pk).update(until_90k=CLOCK.utc())
    told = {"version": 1, "outcome": "approved"}
    answer = client.post(f"/api/v1/desk/applications/{row.pk}/decide/", told, content_type="application/json")

    assert answer.status_code == 404
    assert client.get("/api/v1/me/").json()["capacity"]["post"] == ""
    assert not ApplicationDecision.objects.exists()


class Page:
    """The browser's end of the lease socket."""

    def __init__(self) -> None:
        self.to_server: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.from_server: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    async def next(self) -> dict[str, Any]:
        event = await asyncio.wait_for(self.from_server.get(), 10)
        return dict(json.loads(event["text"])) if event["type"] == "websocket.send" else event


@asynccontextmanager
async def open_page(client: Client, session: ViewingSession) -> Any:
    """Open the socket of a page that plays the session, and wait for its first lease."""
    page, cookie = Page(), f"mingjian_session={client.cookies['mingjian_session'].value}"
    headers = [(b"host", b"localhost:8000"), (b"origin", b"http://localhost:8000"), (b"cookie", cookie.encode())]
    scope = {"type": "websocket", "path": "/leases", "scheme": "ws", "headers": headers}
    await page.to_server.put({"type": "websocket.connect"})
    want = json.dumps({"want": [{"kind": "viewing", "id": str(session.pk)}]})
    await page.to_server.put({"type": "websocket.receive", "text": want})
    serving = asyncio.create_task(leases.serve(scope, page.to_server.get, page.from_server.put))
    try:
        assert (await page.next())["type"] == "websocket.accept"
        assert "lease" in await page.next()
        yield page
    finally:
        await page.to_server.put({"type": "websocket.disconnect", "code": 1000})
        await asyncio.wait_for(serving, 10)


def end_of_term(world: Any, session: ViewingSession) -> None:
    Appointment.objects.filter(pk=appointment_of(world, "guard").pk).update(until_90k=CLOCK.utc())


def dismissal(world: Any, session: ViewingSession) -> None:
    appointing.end_appointment(appointment=appointment_of(world, "guard"), reason="调离", actor=acts.SHELL, clock=CLOCK)


def end_of_validity(world: Any, session: ViewingSession) -> None:
    ViewingSession.objects.filter(pk=session.pk).update(
        issued_at_90k=session.issued_at_90k - 2, valid_until_90k=session.issued_at_90k - 1
    )


def pause(world: Any, session: ViewingSession) -> None:
    viewing.pause(session=session, cause=PauseCause.OPERATOR, acting=world.acting("guard"), clock=CLOCK)


@pytest.mark.parametrize(
    ("happens", "code", "article"),
    [
        (end_of_validity, "viewing.expired", "第十四条"),
        (end_of_term, "session.no_operator", "第十五条（一）查阅程序与纪律第3项"),
        (pause, "viewing.paused", "第十五条（一）查阅程序与纪律第3项"),
        (dismissal, "", ""),
    ],
)
@pytest.mark.asyncio
async def test_pictures_end_with_what_permitted_them(
    world: Any, monkeypatch: pytest.MonkeyPatch, happens: Callable[..., None], code: str, article: str
) -> None:
    monkeypatch.setattr(leases, "RENEWAL_S", 0.1)
    deciding.issuer.cache_clear()
    session = await deciding.in_database(lambda: world.opened(world.approved()))
    client = await deciding.in_database(lambda: world.client("guard"))
    async with open_page(client, session) as page:
        await deciding.in_database(lambda: happens(world, session))
        while "lease" in (answer := await page.next()):
            pass

    if code:
        assert (answer["refused"]["code"], answer["refused"]["articles"][0]) == (code, article)
    else:
        assert answer == {"type": "websocket.close", "code": leases.CLOSE_SIGNED_OUT}


def test_session_that_ran_out_is_closed_and_nothing_else(world: Any) -> None:
    """What the API and the pages still do with it: show what it was, and close it."""
    session = world.opened(world.approved())
    late, client = world.approved(by="librarian"), world.client("guard")
    end_of_validity(world, session)
    json_wanted = {"Accept": "application/json"}
    check = {"id_kind": "campus_card", "id_last4": "0417", "is_pledged": "on", "are_phones_away": "on"}

    assert client.get(f"/api/v1/sessions/{session.pk}/").json()["status"] == "expired"
    for step, told in (("pause", {}), ("resume", {}), ("admit", {**check, "application": str(late.pk)})):
        answer = client.post(f"/viewing-sessions/{session.pk}/{step}/", told, headers=json_wanted)
        assert (answer.status_code, answer.json()["code"]) == (409, "viewing.not_open"), step
    answer = client.post(f"/viewing-sessions/{session.pk}/close/", {"result": "no_clue", "hold": "keep"})
    assert answer.status_code == 302
