"""What a request may bring is counted at the door: declared or not, too much is answered with words, not taken."""

import asyncio
from contextlib import AsyncExitStack
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from mingjian.console.body_bounds import FILES_BYTES, LARGE_AT_ONCE, LARGE_OF_ONE, USUAL_BYTES, BoundedBodies, door

PATHS = (("/sign-in/", USUAL_BYTES), ("/viewings/apply/", FILES_BYTES), ("/viewings/apply/more/", USUAL_BYTES))


async def known(session_key: str) -> str | None:
    return session_key if session_key.startswith("known") else None


def scope_of(path: str, *, session_key: str, size_bytes: int | None = None) -> dict[str, Any]:
    headers = [(b"cookie", f"a=b; mingjian_session={session_key}".encode())]
    headers += [] if size_bytes is None else [(b"content-length", str(size_bytes).encode())]
    return {"path": path, "method": "POST", "headers": headers}


def brought(path: str, *, size_bytes: int, is_declared: bool, session_key: str = "known") -> tuple[int, bool]:
    """Send a body in pieces; return how much of it came through, and whether it was marked."""
    piece = 256 * 1024
    left = size_bytes
    scope = scope_of(path, session_key=session_key, size_bytes=size_bytes if is_declared else None)

    async def receive() -> dict[str, Any]:
        nonlocal left
        sent, left = min(piece, left), left - min(piece, left)
        return {"type": "http.request", "body": b"x" * sent, "more_body": left > 0}

    async def read() -> int:
        came = 0
        async with door(scope, receive, person_of=known) as counted:
            while True:
                message = await counted()
                came += len(message["body"])
                if not message["more_body"]:
                    return came

    came = asyncio.run(read())
    return came, bool(scope.get("mingjian.body_is_too_large"))


@pytest.mark.parametrize(("path", "most"), PATHS)
@pytest.mark.parametrize("is_declared", [True, False])
def test_body_comes_through_up_to_its_bound_and_no_further(*, path: str, most: int, is_declared: bool) -> None:
    assert brought(path, size_bytes=most, is_declared=is_declared) == (most, False)
    came, is_marked = brought(path, size_bytes=most + 1, is_declared=is_declared)
    assert is_marked
    assert came <= most


@pytest.mark.parametrize("is_declared", [True, False])
@pytest.mark.parametrize("path", ["/viewings/apply/", "/viewings/0196f000-0000-7000-8000-000000000000/attachments/"])
def test_who_is_not_signed_in_brings_no_files(*, path: str, is_declared: bool) -> None:
    came, is_marked = brought(path, size_bytes=FILES_BYTES, is_declared=is_declared, session_key="made up")
    assert is_marked
    assert came <= USUAL_BYTES
    assert brought(path, size_bytes=USUAL_BYTES, is_declared=is_declared, session_key="") == (USUAL_BYTES, False)


def test_few_large_bodies_come_at_once_and_the_others_hear_so() -> None:
    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"x", "more_body": False}

    async def bring(session_key: str) -> bool:
        scope = scope_of("/viewings/apply/", session_key=session_key, size_bytes=FILES_BYTES)
        async with door(scope, receive, person_of=known) as counted:
            came = bool((await counted())["body"])
            request = RequestFactory().post("/viewings/apply/")
            request.scope = scope  # type: ignore[attr-defined]  # as Django's request of this door has it
            answer = BoundedBodies(lambda _: HttpResponse())(request)
            assert answer.status_code == (200 if came else 503)
            return came

    async def crowd() -> None:
        async with AsyncExitStack() as there:
            for number in range(LARGE_AT_ONCE):
                scope = scope_of("/viewings/apply/", session_key=f"known{number // LARGE_OF_ONE}")
                await there.enter_async_context(door(scope, receive, person_of=known))
                assert await bring("known0") is (number + 1 < LARGE_OF_ONE)
            assert not await bring("known9")
        assert await bring("known9")

    asyncio.run(crowd())


def test_what_is_cut_off_tells_then_of_the_leaving_alone() -> None:
    messages = [{"type": "http.request", "body": b"x", "more_body": True}] * 3 + [{"type": "http.disconnect"}]

    async def receive() -> dict[str, Any]:
        return messages.pop(0)

    async def heard() -> list[str]:
        scope = scope_of("/sign-in/", session_key="", size_bytes=USUAL_BYTES + 1)
        async with door(scope, receive, person_of=known) as counted:
            return [str((await counted())["type"]) for _ in range(2)]

    assert asyncio.run(heard()) == ["http.request", "http.disconnect"]
