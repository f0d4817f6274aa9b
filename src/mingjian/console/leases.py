"""The socket over which the browser keeps its right to see: every two seconds asked anew, every time decided anew.

The client sends `{"want":[{"kind":"viewing","id":…} | {"kind":"live","cameras":[…]}]}`, at any time and as often as it
likes; the newest list holds. Each want may carry its own `"for"`, a short text that comes back in every answer to it;
without one it is `viewing:<id>` or `live`. Answers: `{"lease":{"for","token","expires_at_90k"}}`,
`{"refused":{"for","code","message","articles"}}`, and `{"waiting":{"code","message"}}` when the database is away: then
nothing is renewed, and pictures stop when their lease does.

A page whose player is used adds `"active": true` to a list: somebody is there, though no page is opened.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from django.conf import settings
from django.db import Error as DatabaseError
from django.http import parse_cookie
from django.http.request import split_domain_port, validate_host
from django.utils import translation

from mingjian.base import ticks
from mingjian.console import deciding
from mingjian.console.deciding import Lane, Want
from mingjian.console.messages import words_for
from mingjian.console.preferences import language_of
from mingjian.grants.claims import RENEWAL_90K
from mingjian.streaming.crowd import Crowd

log = logging.getLogger(__name__)

PATH = "/leases"
RULE = "signed_in"
MAX_MESSAGE_CHARACTERS = 16 << 10
MAX_WANTS = 16
MAX_FOR_CHARACTERS = 80
CLOSE_SIGNED_OUT = 4401
CLOSE_MALFORMED = 4400
CLOSE_TOO_MANY = 4429
# Counted by person, however many web sessions they have.
SOCKETS_PER_PERSON = 16
SOCKETS_IN_ALL = 512
RENEWAL_S = RENEWAL_90K / ticks.TICKS_PER_S
# One page that asks without pause must not keep the few threads from everybody else's renewals.
QUICKEST_S = 0.25
# After so many answers in a row without a lease, a page is answered so many times less often.
FRUITLESS = 3
SLOWER = 2

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

_open = Crowd(in_all=SOCKETS_IN_ALL, of_one=SOCKETS_PER_PERSON)


class MalformedWant(ValueError):
    """A message that no page of ours sends."""


async def serve(scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
    """Speak with one page until it leaves, its person is signed out, or it says something senseless."""
    if (await receive())["type"] != "websocket.connect":
        return
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    cookies = parse_cookie(headers.get("cookie", ""))
    session_key = cookies.get(settings.SESSION_COOKIE_NAME, "")
    if scope["path"] != PATH or not is_same_origin(headers, scheme=scope.get("scheme", "ws")):
        await send({"type": "websocket.close", "code": CLOSE_MALFORMED})
        return
    person = await person_of(session_key)
    if person is None:
        await send({"type": "websocket.close", "code": CLOSE_SIGNED_OUT})
        return
    with _open.admit(person) as has_room:
        if not has_room:
            await send({"type": "websocket.close", "code": CLOSE_TOO_MANY})
            return
        await send({"type": "websocket.accept"})
        language = language_of(cookies)
        await _Conversation(session_key=session_key, language=language, receive=receive, send=send).run()


def is_same_origin(headers: dict[str, str], *, scheme: str) -> bool:
    """Say whether a page of our own opened the socket: Origin is this very host and port, and the host is ours."""
    host = headers.get("host", "")
    name, _port = split_domain_port(host)
    if not name or not validate_host(name, settings.ALLOWED_HOSTS):
        return False
    return headers.get("origin") == f"{'https' if scheme == 'wss' else 'http'}://{host}"


def parse_wants(text: str) -> list[Want]:
    """Return what the page wants. Raises MalformedWant."""
    if len(text) > MAX_MESSAGE_CHARACTERS:
        raise MalformedWant("length")
    try:
        message = json.loads(text)
        # Escapes can spell half a character, which no answer could carry back.
        json.dumps(message, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise MalformedWant("json") from error
    listed = message.get("want") if isinstance(message, dict) else None
    if not isinstance(listed, list) or len(listed) > MAX_WANTS:
        raise MalformedWant("want")
    return [_parse_want(item) for item in listed]


def says_active(text: str) -> bool:
    """Say whether a message that `parse_wants` took tells of a hand at the player."""
    return json.loads(text).get("active") is True


def _parse_want(item: object) -> Want:
    if not isinstance(item, dict):
        raise MalformedWant("want")
    name = item.get("for")
    if name is not None and not (isinstance(name, str) and 0 < len(name) <= MAX_FOR_CHARACTERS):
        raise MalformedWant("for")
    match item:
        case {"kind": "viewing", "id": str(session_id)} if len(session_id) <= MAX_FOR_CHARACTERS:
            return Want(name=name or f"viewing:{session_id}", session_id=session_id, camera_ids=())
        case {"kind": "live", "cameras": list(cameras)} if all(isinstance(camera, str) for camera in cameras):
            return Want(name=name or "live", session_id=None, camera_ids=tuple(cameras))
    raise MalformedWant("kind")


async def person_of(session_key: str) -> str | None:
    """Return who is signed in under the key of a session cookie; nobody is while the database is away."""
    if not session_key.isascii() or not session_key:
        return None
    try:
        return await deciding.in_database(lambda: deciding.person_of(session_key))
    except DatabaseError:
        return None


class _Conversation:
    """One accepted socket: a reader that replaces the wants, and a renewal every two seconds."""

    def __init__(self, *, session_key: str, language: str, receive: Receive, send: Send) -> None:
        self._session_key = session_key
        self._language = language
        self._receive, self._send = receive, send
        self._wants: list[Want] = []
        self._is_active = False
        self._asked = asyncio.Event()
        self._holds_lease = False
        self._fruitless = 0

    async def run(self) -> None:
        """Renew until the reader ends or the person is signed out."""
        reader = asyncio.create_task(self._read())
        renewer = asyncio.create_task(self._renew())
        try:
            await asyncio.wait((reader, renewer), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (reader, renewer):
                task.cancel()
            for outcome in await asyncio.gather(reader, renewer, return_exceptions=True):
                if isinstance(outcome, Exception) and not isinstance(outcome, OSError):
                    raise outcome

    async def _read(self) -> None:
        while True:
            event = await self._receive()
            if event["type"] == "websocket.disconnect":
                return
            text = event.get("text") or ""
            try:
                self._wants = parse_wants(text)
                self._is_active = self._is_active or says_active(text)
            except MalformedWant:
                await self._send({"type": "websocket.close", "code": CLOSE_MALFORMED})
                return
            self._asked.set()

    async def _renew(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            begun_s = loop.time()
            self._asked.clear()
            try:
                lane = Lane.RENEWING if self._holds_lease else Lane.ASKING
                answers = await deciding.in_database(self._decide, lane=lane)
                self._note_outcome(answers or [])
            except DatabaseError as error:
                log.warning("leases not renewed: database away", extra={"reason": type(error).__name__})
                with translation.override(self._language):
                    words = words_for("console.database_away")
                answers = [{"waiting": {"code": "console.database_away", "message": words.text}}]
            for answer in answers or ():
                await self._send({"type": "websocket.send", "text": json.dumps(answer, ensure_ascii=False)})
            if answers is None:
                await self._send({"type": "websocket.close", "code": CLOSE_SIGNED_OUT})
                return
            slower = SLOWER if self._fruitless >= FRUITLESS else 1
            try:
                async with asyncio.timeout(RENEWAL_S * slower):
                    await self._asked.wait()
            except TimeoutError:
                continue
            await asyncio.sleep(max(0.0, begun_s + QUICKEST_S * slower - loop.time()))

    def _note_outcome(self, answers: list[dict[str, Any]]) -> None:
        self._holds_lease = any("lease" in answer for answer in answers)
        self._fruitless = self._fruitless + 1 if answers and not self._holds_lease else 0

    def _decide(self) -> list[dict[str, Any]] | None:
        if self._is_active:
            self._is_active = False
            deciding.note_active(self._session_key)
        return deciding.answer(session_key=self._session_key, wants=self._wants, language=self._language)
