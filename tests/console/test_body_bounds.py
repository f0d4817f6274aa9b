"""What a request may bring is counted at the door: declared or not, too much is answered with words, not taken."""

import asyncio
from typing import Any

import pytest

from mingjian.console.body_bounds import FILES_BYTES, USUAL_BYTES, bounded

PATHS = (("/sign-in/", USUAL_BYTES), ("/viewings/apply/", FILES_BYTES), ("/viewings/apply/more/", USUAL_BYTES))


def brought(path: str, *, size_bytes: int, is_declared: bool) -> tuple[int, bool]:
    """Send a body in pieces; return how much of it came through, and whether it was marked."""
    piece = 256 * 1024
    left = size_bytes
    headers = [(b"content-length", str(size_bytes).encode())] if is_declared else []
    scope: dict[str, Any] = {"path": path, "headers": headers}

    async def receive() -> dict[str, Any]:
        nonlocal left
        sent, left = min(piece, left), left - min(piece, left)
        return {"type": "http.request", "body": b"x" * sent, "more_body": left > 0}

    async def read() -> int:
        counted, came = bounded(scope, receive), 0
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
