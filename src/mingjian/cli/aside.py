"""A question asked in a process of its own: one that waits in the kernel for a disk cannot end, and ours must."""

import os
import pickle
import traceback
from collections.abc import Callable
from typing import Any, TypeVar

from mingjian.base.errors import MingjianError
from mingjian.cli.commands import CommandError

T = TypeVar("T")


def answer(asked: Callable[[], T]) -> T:
    """Return what `asked` returns, or raise what it raises, found by a child that nobody waits for afterwards.

    For a process with one thread. Every disk that `asked` looks at must be looked at with a deadline
    (`recordings.asking`); what is left hanging is left to the child.
    """
    reading, writing = os.pipe()
    if os.fork() == 0:
        _find(asked, writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        told = pipe.read()
    if not told:
        raise CommandError("cli.no_answer")
    found, error = pickle.loads(told)  # noqa: S301  from our own child
    if error is not None:
        kind, code, facts = error
        raise kind(code, **facts)
    return found  # type: ignore[no-any-return]  # what `asked` returned


def _find(asked: Callable[[], object], writing: int) -> None:
    """Find the answer, write it, and end; the terminal is the parent's."""
    try:
        nowhere = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1):
            os.dup2(nowhere, descriptor)
        found: tuple[object, tuple[type[MingjianError], str, dict[str, Any]] | None]
        try:
            found = asked(), None
        except MingjianError as error:
            found = None, (type(error), error.code, error.facts)
        # Whoever reads our standard error to its end must not wait for us either.
        os.dup2(nowhere, 2)
        with os.fdopen(writing, "wb") as pipe:
            pickle.dump(found, pipe)
    except Exception:
        traceback.print_exc()
    finally:
        os._exit(0)
