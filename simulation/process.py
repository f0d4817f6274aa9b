"""A simulated process: whose turn it is, what it holds, and that nothing of it has an effect after it died."""

import asyncio
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


class Killed(BaseException):
    """The process died inside this call. Not an Exception, so that no code of the product can catch it."""


@dataclass(eq=False, slots=True)
class Process:
    """One life of a worker, a keeper or the media server. `fuse` counts the calls that are left to it, None: no end."""

    name: str
    device: Path | None = None
    is_alive: bool = True
    fuse: int | None = None
    on_death: Callable[[], None] = lambda: None
    tasks: list["asyncio.Task[Any]"] = field(default_factory=list)
    transports: list[Any] = field(default_factory=list)
    descriptors: dict[int, None] = field(default_factory=dict)
    connections: list[Any] = field(default_factory=list)


CURRENT: ContextVar[Process | None] = ContextVar("process", default=None)


def burn() -> None:
    """Count one call of the kernel. Raises Killed in a dead process, and in the one whose fuse ends here."""
    process = CURRENT.get()
    if process is None:
        return
    if process.is_alive and process.fuse is not None:
        process.fuse -= 1
        if process.fuse <= 0:
            process.is_alive = False
            process.on_death()
    if not process.is_alive:
        raise Killed


def is_dead() -> bool:
    """Say whether the code that runs now belongs to a process that is gone."""
    process = CURRENT.get()
    return process is not None and not process.is_alive
