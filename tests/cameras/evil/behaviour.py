"""What makes up a behaviour: which part of an ordinary camera it replaces, and what the recorder must call it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evil.connection import Connection

# Answers one request; False ends the connection.
Answer = Callable[["Connection", str], Awaitable[bool]]
Packets = list[tuple[bytes, int]]
Pictures = Callable[["Connection", int], list[bytes]]
Payloads = Callable[[list[bytes]], Packets]
Frames = Callable[["Connection", Packets, int], bytes]


@dataclass(frozen=True, slots=True)
class Behaviour:
    """One way to misbehave. A part that is None is that of an ordinary camera.

    `code` is what the recorder must name, empty when it must record all the same; then `flaw` is what it must note,
    if anything. A behaviour that `is_live` may begin in the middle of good pictures; others begin with a connection.
    """

    does: str
    code: str = ""
    flaw: str = ""
    is_live: bool = False
    demands_digest: bool = False
    # Takes the place of the whole dialogue.
    greet: Callable[["Connection"], Awaitable[None]] | None = None
    # Answers by method; "*" stands for every method without its own.
    answers: Mapping[str, Answer] = field(default_factory=dict)
    # The media part of the session description.
    media: Callable[["Connection"], str] | None = None
    # The NAL units of the n-th picture.
    pictures: Pictures | None = None
    # The RTP time-stamp of the n-th picture, from 0.
    times: Callable[[int, int], int] | None = None
    # NAL units into payloads with marker bits.
    payloads: Payloads | None = None
    # Payloads of one picture into interleaved frames.
    frames: Frames | None = None
    # Takes the place of the pictures, with the time-stamp of the first that fails to come.
    turn: Callable[["Connection", int], Awaitable[None]] | None = None
