"""The web process: Django for pages, one socket for leases, nothing else."""

import os
import warnings
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import django
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mingjian.console.settings")
django.setup()

from mingjian.console import leases  # noqa: E402 - after Django knows its rooms
from mingjian.console.body_bounds import door  # noqa: E402 - the same

# WhiteNoise hands out small files as plain iterators; that one is read whole in a thread is what we want.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

_pages: Any = get_asgi_application()


async def application(scope: Message, receive: Receive, send: Send) -> None:
    """Hand each connection to its door."""
    if scope["type"] == "http":
        async with door(scope, receive, person_of=leases.person_of) as counted:
            await _pages(scope, counted, send)
    elif scope["type"] == "websocket":
        await leases.serve(scope, receive, send)
    elif scope["type"] == "lifespan":
        await _lifespan(receive, send)


async def _lifespan(receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await send({"type": "lifespan.shutdown.complete"})
