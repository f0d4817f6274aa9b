"""How much a request may bring: counted while it comes, before anything of it is kept or read.

Django reads a whole body before it asks who sends it. So the door counts: what is too much is cut off there, and the
page that answers says so.
"""

import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from mingjian.console import problems
from mingjian.viewing.examining import LARGEST_BYTES, MOST_FILES

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]

USUAL_BYTES = 512 * 1024
# The forms that take files: all of them at their largest, and the words around them.
FILES_BYTES = MOST_FILES * LARGEST_BYTES + USUAL_BYTES
_TAKES_FILES = re.compile(r"/viewings/(?:apply|[0-9a-f-]{36}/attachments)/")
_MARK = "mingjian.body_is_too_large"


def bounded(scope: Message, receive: Receive) -> Receive:
    """Return a `receive` that lets no more of the body through than this address takes, and marks the scope."""
    most = FILES_BYTES if _TAKES_FILES.fullmatch(scope["path"]) else USUAL_BYTES
    declared = dict(scope["headers"]).get(b"content-length", b"")
    came_bytes = int(declared) if declared.isdigit() else 0

    async def counted() -> Message:
        nonlocal came_bytes
        if came_bytes > most:
            scope[_MARK] = True
            return {"type": "http.request", "body": b"", "more_body": False}
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
        if getattr(request, "scope", {}).get(_MARK):
            return problems.too_large(request)
        return self._get_response(request)
