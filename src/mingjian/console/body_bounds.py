"""How much a request may bring: counted while it comes, before anything of it is kept or read.

Django reads a whole body before it asks who sends it. So the door counts: what is too much is cut off there, and the
page that answers says so. Only for somebody signed in is it as much as the forms with files take, and for few at once.
"""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import asynccontextmanager
from typing import Any

from django.conf import settings
from django.http import HttpRequest, parse_cookie
from django.http.response import HttpResponseBase

from mingjian.console import problems
from mingjian.streaming.crowd import Crowd
from mingjian.viewing.examining import LARGEST_BYTES, MOST_FILES

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]

USUAL_BYTES = 512 * 1024
# The forms that take files: all of them at their largest, and the words around them.
FILES_BYTES = MOST_FILES * LARGEST_BYTES + USUAL_BYTES
_TAKES_FILES = re.compile(r"/viewings/(?:apply|[0-9a-f-]{36}/attachments)/|/people/import/[a-z]+/")
_MARK = "mingjian.body_is_too_large"
_NO_ROOM = "mingjian.no_room_for_body"

# Large bodies on their way, each as large as all files together; one person's pages do not take all the room.
LARGE_AT_ONCE = 4
LARGE_OF_ONE = 2
_large = Crowd(in_all=LARGE_AT_ONCE, of_one=LARGE_OF_ONE)


@asynccontextmanager
async def door(
    scope: Message, receive: Receive, *, person_of: Callable[[str], Awaitable[str | None]]
) -> AsyncIterator[Receive]:
    """Give the `receive` of one request, for as long as it is answered.

    What may become a large body is one only of somebody signed in, and while there is room: else nothing of it is read.
    """
    if not _may_be_large(scope):
        yield bounded(scope, receive, most=USUAL_BYTES)
        return
    person = await person_of(_session_key(scope))
    if person is None:
        yield bounded(scope, receive, most=USUAL_BYTES)
        return
    with _large.admit(person) as has_room:
        scope[_NO_ROOM] = not has_room
        yield bounded(scope, receive, most=FILES_BYTES) if has_room else _cut_off(receive)


def _cut_off(receive: Receive) -> Receive:
    """Return a `receive` that ends the body here; then, as Django expects, it tells of nothing but the leaving."""
    is_told = False

    async def cut() -> Message:
        nonlocal is_told
        if not is_told:
            is_told = True
            return {"type": "http.request", "body": b"", "more_body": False}
        while (message := await receive())["type"] == "http.request":
            pass
        return message

    return cut


def _may_be_large(scope: Message) -> bool:
    if scope["method"] != "POST" or not _TAKES_FILES.fullmatch(scope["path"]):
        return False
    declared = _header(scope, b"content-length")
    return not declared.isdigit() or int(declared) > USUAL_BYTES


def _session_key(scope: Message) -> str:
    cookies = parse_cookie(_header(scope, b"cookie").decode("latin-1"))
    return cookies.get(settings.SESSION_COOKIE_NAME, "")


def _header(scope: Message, name: bytes) -> bytes:
    found: bytes = dict(scope["headers"]).get(name, b"")
    return found


def bounded(scope: Message, receive: Receive, *, most: int) -> Receive:
    """Return a `receive` that lets no more of the body through than that, and marks the scope."""
    declared = _header(scope, b"content-length")
    came_bytes = int(declared) if declared.isdigit() else 0
    cut = _cut_off(receive)

    async def counted() -> Message:
        nonlocal came_bytes
        if came_bytes > most:
            scope[_MARK] = True
            return await cut()
        message = await receive()
        if not declared:
            came_bytes += len(message.get("body", b""))
            return await counted() if came_bytes > most else message
        return message

    return counted


class BoundedBodies:
    """Answers for what the door cut off."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        scope = getattr(request, "scope", {})
        if scope.get(_NO_ROOM):
            return problems.too_many_large(request)
        if scope.get(_MARK):
            return problems.too_large(request)
        return self._get_response(request)
