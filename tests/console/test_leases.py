"""The lease socket: who gets through the door, what is given, and how soon it ends."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client

from mingjian.base.clock import SystemClock
from mingjian.base.ticks import TICKS_PER_S
from mingjian.console import deciding, leases
from mingjian.duty import usecases as duty
from mingjian.grants import signing, token
from mingjian.grants.claims import Grant, Purpose
from mingjian.grants.signing import KeyPurpose
from mingjian.host import deployment
from mingjian.people import acts, appointing, consoles
from mingjian.people.capacity import Acting
from mingjian.people.models import Console, Person, WebSession
from mingjian.people.web_sessions import hash_of
from mingjian.registry.models import Camera
from mingjian.viewing import usecases as viewing
from mingjian.viewing.models import ViewingSession

pytestmark = pytest.mark.django_db(transaction=True)
CLOCK = SystemClock()
HOUR_90K = 3600 * TICKS_PER_S
Register = Callable[..., Camera]


async def meanwhile(act: Callable[..., Any], *args: Any, **named: Any) -> Any:
    """Let somebody else act while the page is open; their connection is given back."""
    return await deciding.in_database(lambda: act(*args, **named))


class Page:
    """The browser's end of an ASGI WebSocket."""

    def __init__(self) -> None:
        self.to_server: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.from_server: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    async def want(self, *wants: dict[str, Any]) -> None:
        await self.say(json.dumps({"want": list(wants)}))

    async def say(self, text: str) -> None:
        await self.to_server.put({"type": "websocket.receive", "text": text})

    async def event(self) -> dict[str, Any]:
        return await asyncio.wait_for(self.from_server.get(), 10)

    async def answer(self) -> dict[str, Any]:
        event = await self.event()
        assert event["type"] == "websocket.send", event
        return dict(json.loads(event["text"]))


@asynccontextmanager
async def page_with(
    session_key: str, *, origin: str = "http://localhost:8000", path: str = "/leases", language: str = "zh-hans"
) -> AsyncIterator[Page]:
    page = Page()
    scope = {
        "type": "websocket",
        "path": path,
        "scheme": "ws",
        "headers": [
            (b"host", b"localhost:8000"),
            (b"origin", origin.encode()),
            (b"cookie", f"mingjian_session={session_key}; mingjian_language={language}".encode()),
        ],
    }
    await page.to_server.put({"type": "websocket.connect"})
    serving = asyncio.create_task(leases.serve(scope, page.to_server.get, page.from_server.put))
    try:
        yield page
    finally:
        await page.to_server.put({"type": "websocket.disconnect", "code": 1000})
        await asyncio.wait_for(serving, 10)


@pytest.fixture
def session_key(operator: Person, client: Client) -> str:
    client.post("/sign-in/", {"username": "zhang", "password": "correct horse battery"})
    return str(client.cookies["mingjian_session"].value)


@pytest.fixture
def session(operator: Person, register: Register) -> ViewingSession:
    return issue(operator, [register()])


@pytest.fixture(autouse=True)
def fast_renewals(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Renew after a tenth of a second: what is decided does not depend on how often."""
    monkeypatch.setattr(leases, "RENEWAL_S", 0.1)
    deciding.issuer.cache_clear()
    yield
    deciding.wait_until_idle()


def issue(person: Person, cameras: list[Camera]) -> ViewingSession:
    now_90k = CLOCK.utc()
    return viewing.issue_session(
        person=person,
        cameras=cameras,
        start_90k=now_90k - HOUR_90K,
        end_90k=now_90k,
        purpose="失窃",
        valid_until_90k=now_90k + HOUR_90K,
        issued_by=None,
        actor=acts.SHELL,
        clock=CLOCK,
    )


def opened(answer: dict[str, Any], session_key: str) -> Grant:
    """Verify the token as the media port does."""
    founded = deployment.load(settings.HOME)
    return token.verify(
        answer["lease"]["token"],
        verifier=signing.load_verifier(settings.HOME, purpose=KeyPurpose.GRANT),
        deployment_id=founded.deployment_id,
        host=founded.host,
        now_90k=CLOCK.utc(),
        session_hash=hash_of(session_key),
    )


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"origin": "http://evil.example"}, leases.CLOSE_MALFORMED),
        ({"origin": "http://localhost:8001"}, leases.CLOSE_MALFORMED),
        ({"origin": "https://localhost:8000"}, leases.CLOSE_MALFORMED),
        ({"path": "/elsewhere"}, leases.CLOSE_MALFORMED),
        ({"session_key": ""}, leases.CLOSE_SIGNED_OUT),
        ({"session_key": "madeup0000000000000000000000000000"}, leases.CLOSE_SIGNED_OUT),
    ],
)
@pytest.mark.asyncio
async def test_door_stays_closed(session_key: str, changes: dict[str, str], code: int) -> None:
    async with page_with(**({"session_key": session_key} | changes)) as page:
        assert await page.event() == {"type": "websocket.close", "code": code}


@pytest.fixture
def turn(session: ViewingSession) -> str:
    """The grant under which the session is played."""
    return str(session.grants.get().pk)


@pytest.mark.asyncio
async def test_viewing_lease_is_given_and_renewed(
    session_key: str, session: ViewingSession, turn: str, operator: Person
) -> None:
    async with page_with(session_key) as page:
        assert (await page.event())["type"] == "websocket.accept"
        await page.want({"kind": "viewing", "id": str(session.pk)})

        first, second = await page.answer(), await page.answer()

    grant = opened(first, session_key)
    assert first["lease"]["for"] == f"viewing:{session.pk}"
    assert (grant.purpose, grant.person_id) == (Purpose.VIEWING, str(operator.pk))
    assert (grant.start_90k, grant.end_90k) == (session.start_90k, session.end_90k)
    assert grant.grant_id == opened(second, session_key).grant_id == turn
    assert second["lease"]["expires_at_90k"] > first["lease"]["expires_at_90k"]


@pytest.mark.asyncio
async def test_footage_wants_a_second_factor_given_in_this_session(
    session_key: str, session: ViewingSession, operator: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "SECOND_FACTOR", "demanded")
    async with page_with(session_key) as page:
        await page.event()
        await page.want({"kind": "viewing", "id": str(session.pk)})
        refused = await page.answer()
    proved = WebSession.objects.filter(person=operator)
    await meanwhile(proved.update, proved_at_90k=CLOCK.utc() - HOUR_90K)
    async with page_with(session_key) as page:
        await page.event()
        await page.want({"kind": "viewing", "id": str(session.pk)})
        given = await page.answer()

    assert refused["refused"]["code"] == "people.proof_needed"
    # Hours ago will do: nobody is interrupted in the middle of a viewing.
    assert "lease" in given


@pytest.mark.asyncio
async def test_lease_ends_with_the_revocation(session_key: str, session: ViewingSession) -> None:
    async with page_with(session_key, language="en") as page:
        await page.event()
        await page.want({"kind": "viewing", "id": str(session.pk), "for": "mine"})
        assert "lease" in await page.answer()

        await meanwhile(viewing.revoke_session, session=session, reason="误签", actor=acts.SHELL, clock=CLOCK)

        while "lease" in (answer := await page.answer()):
            pass
    refused = answer["refused"]
    assert (refused["for"], refused["code"], refused["articles"]) == ("mine", "viewing.revoked", ["Article 14"])
    assert "withdrawn" in refused["message"]


@pytest.mark.asyncio
async def test_socket_ends_with_the_web_session(session_key: str, session: ViewingSession) -> None:
    async with page_with(session_key) as page:
        await page.event()
        await page.want({"kind": "viewing", "id": str(session.pk)})
        assert "lease" in await page.answer()

        await meanwhile(SessionStore(session_key).delete)

        while (event := await page.event())["type"] == "websocket.send":
            pass
    assert event == {"type": "websocket.close", "code": leases.CLOSE_SIGNED_OUT}


@pytest.mark.asyncio
async def test_session_of_another_person_does_not_exist(session_key: str, outsider: Person, register: Register) -> None:
    camera = await meanwhile(register, name="乙")
    foreign = await meanwhile(issue, outsider, [camera])
    async with page_with(session_key) as page:
        await page.event()
        await page.want({"kind": "viewing", "id": str(foreign.pk)}, {"kind": "viewing", "id": "nonsense"})

        answers = [await page.answer(), await page.answer()]

    assert [answer["refused"]["code"] for answer in answers] == ["console.not_found"] * 2


@pytest.mark.asyncio
async def test_live_lease_lasts_as_long_as_the_shift(
    session_key: str, operator: Person, register: Register, act_as: Callable[..., Acting]
) -> None:
    camera = await meanwhile(register)
    acting = await meanwhile(act_as, operator)
    want = {"kind": "live", "cameras": [str(camera.pk)]}
    async with page_with(session_key) as page:
        await page.event()
        await page.want(want)
        assert (await page.answer())["refused"]["code"] == "live.not_on_shift"

        shift = await meanwhile(duty.start_shift, acting=acting, campus="lingshui", actor=acts.SHELL, clock=CLOCK)
        while "lease" not in (answer := await page.answer()):
            pass
        grant = opened(answer, session_key)
        await meanwhile(duty.end_shift, person=operator, actor=acts.SHELL, clock=CLOCK)
        while "lease" in (answer := await page.answer()):
            pass

    assert (grant.grant_id, grant.purpose) == (str(shift.grant_id), Purpose.DUTY_LIVE)
    assert grant.covers(camera_id=str(camera.pk), track="video")
    assert not grant.covers(camera_id=str(camera.pk), track="audio")
    assert answer["refused"]["code"] == "live.not_on_shift"


def seen_s_ago(session_key: str) -> float:
    """Say how long ago the session's person was seen."""
    return (CLOCK.utc() - WebSession.objects.get(pk=hash_of(session_key)).seen_at_90k) / TICKS_PER_S


def age(session_key: str, *, console: Console | None) -> None:
    """Let the person have been seen five minutes ago, at that machine."""
    long_ago_90k = CLOCK.utc() - 300 * TICKS_PER_S
    WebSession.objects.filter(pk=hash_of(session_key)).update(seen_at_90k=long_ago_90k, console=console)


@pytest.mark.parametrize("machine", ["control room", "elsewhere"])
@pytest.mark.asyncio
async def test_wall_keeps_the_session_on_a_registered_console_only(
    session_key: str, operator: Person, register: Register, act_as: Callable[..., Acting], machine: str
) -> None:
    camera = await meanwhile(register)
    acting = await meanwhile(act_as, operator)
    await meanwhile(duty.start_shift, acting=acting, campus="lingshui", actor=acts.SHELL, clock=CLOCK)
    console, _code = await meanwhile(
        consoles.add_console, name="主控台", campus="lingshui", actor=acts.SHELL, clock=CLOCK
    )
    await meanwhile(age, session_key, console=console if machine == "control room" else None)
    async with page_with(session_key) as page:
        await page.event()
        await page.want({"kind": "live", "cameras": [str(camera.pk)]})
        for _ in range(2):
            assert "lease" in await page.answer()

    assert (await meanwhile(seen_s_ago, session_key) < 60) is (machine == "control room")


@pytest.mark.asyncio
async def test_hand_at_the_player_keeps_the_session(session_key: str, session: ViewingSession) -> None:
    await meanwhile(age, session_key, console=None)
    async with page_with(session_key) as page:
        await page.event()
        await page.say(json.dumps({"want": [{"kind": "viewing", "id": str(session.pk)}], "active": False}))
        await page.answer()
        assert await meanwhile(seen_s_ago, session_key) > 60
        await page.say(json.dumps({"want": [{"kind": "viewing", "id": str(session.pk)}], "active": True}))
        await page.answer()
        await page.answer()

    assert await meanwhile(seen_s_ago, session_key) < 60


@pytest.mark.asyncio
async def test_socket_ends_when_nobody_was_seen_for_the_time_out(session_key: str, session: ViewingSession) -> None:
    async with page_with(session_key) as page:
        await page.event()
        await page.want({"kind": "viewing", "id": str(session.pk)})
        assert "lease" in await page.answer()
        await meanwhile(WebSession.objects.update, seen_at_90k=0)
        while (event := await page.event())["type"] == "websocket.send":
            pass
    assert event == {"type": "websocket.close", "code": leases.CLOSE_SIGNED_OUT}


@pytest.mark.asyncio
async def test_live_lease_ends_with_the_appointment(
    session_key: str, operator: Person, register: Register, act_as: Callable[..., Acting]
) -> None:
    camera = await meanwhile(register)
    acting = await meanwhile(act_as, operator)
    await meanwhile(duty.start_shift, acting=acting, campus="lingshui", actor=acts.SHELL, clock=CLOCK)
    async with page_with(session_key) as page:
        await page.event()
        await page.want({"kind": "live", "cameras": [str(camera.pk)]})
        assert "lease" in await page.answer()
        await meanwhile(
            appointing.end_appointment, appointment=acting.appointment, reason="调离", actor=acts.SHELL, clock=CLOCK
        )
        while (event := await page.event())["type"] == "websocket.send":
            pass
    assert event == {"type": "websocket.close", "code": leases.CLOSE_SIGNED_OUT}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"want": 1}',
        '{"want": [{"kind": "viewing"}]}',
        '{"want": [{"kind": "live", "cameras": [1]}]}',
        '{"want": [{"kind": "everything"}]}',
        '{"want": [{"kind": "live", "cameras": [], "for": 7}]}',
        json.dumps({"want": [{"kind": "live", "cameras": []}] * 17}),
        '{"want": "' + "x" * leases.MAX_MESSAGE_CHARACTERS + '"}',
        "[" * 10_000,
        '{"want": [{"kind": "viewing", "id": "\\ud800"}]}',
        '{"want": [{"kind": "live", "cameras": [], "for": "\\udfff"}]}',
    ],
)
@pytest.mark.asyncio
async def test_senseless_message_closes_the_socket(session_key: str, text: str) -> None:
    async with page_with(session_key) as page:
        await page.event()
        await page.say(text)

        assert await page.event() == {"type": "websocket.close", "code": leases.CLOSE_MALFORMED}


@pytest.mark.asyncio
async def test_asking_without_pause_is_answered_now_and_then(
    session_key: str, session: ViewingSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leases, "RENEWAL_S", 60.0)
    async with page_with(session_key) as page:
        await page.event()
        begun_s = asyncio.get_running_loop().time()
        for _ in range(100):
            await page.want({"kind": "viewing", "id": str(session.pk)})
            await asyncio.sleep(0.005)
        took_s = asyncio.get_running_loop().time() - begun_s

        assert 1 <= page.from_server.qsize() <= took_s / leases.QUICKEST_S + 2


@pytest.mark.asyncio
async def test_one_person_holds_a_bounded_number_of_sockets(session_key: str) -> None:
    second_key = await meanwhile(sign_in_again)
    async with AsyncExitStack() as stack:
        for number in range(leases.SOCKETS_PER_PERSON):
            page = await stack.enter_async_context(page_with((session_key, second_key)[number % 2]))
            assert (await page.event())["type"] == "websocket.accept"
        async with page_with(second_key) as one_more:
            assert await one_more.event() == {"type": "websocket.close", "code": leases.CLOSE_TOO_MANY}
    async with page_with(session_key) as again:
        assert (await again.event())["type"] == "websocket.accept"


def sign_in_again() -> str:
    """Sign the same person in from another browser."""
    client = Client()
    client.post("/sign-in/", {"username": "zhang", "password": "correct horse battery"})
    return str(client.cookies["mingjian_session"].value)


@pytest.mark.asyncio
async def test_renewal_does_not_wait_behind_those_who_only_ask(session_key: str, session: ViewingSession) -> None:
    let_go = threading.Event()
    async with page_with(session_key) as page:
        await page.event()
        await page.want({"kind": "viewing", "id": str(session.pk)})
        assert "lease" in await page.answer()
        crowd = [asyncio.create_task(deciding.in_database(lambda: let_go.wait(30))) for _ in range(300)]
        try:
            for _ in range(5):
                assert "lease" in await page.answer()
            assert sum(not asking.done() for asking in crowd) == 300
        finally:
            let_go.set()
            await asyncio.gather(*crowd)


@pytest.mark.asyncio
async def test_refused_page_is_asked_again_less_often(
    session_key: str, session: ViewingSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []
    timeout = asyncio.timeout
    monkeypatch.setattr(leases.asyncio, "timeout", lambda delay: waits.append(delay) or timeout(delay))
    async with page_with(session_key) as page:
        await page.event()
        await page.want({"kind": "viewing", "id": "nonsense"})
        for _ in range(leases.FRUITLESS + 1):
            assert "refused" in await page.answer()
        assert max(waits) == leases.RENEWAL_S * leases.SLOWER
        await page.want({"kind": "viewing", "id": str(session.pk)})
        while "lease" not in await page.answer():
            pass
        waits.clear()
        for _ in range(2):
            await page.answer()
        assert set(waits) == {leases.RENEWAL_S}
