"""Work in a process of its own that is waited for only so long, and done anew once when it never answers.

A browser now and then keeps a call waiting for ever, with nobody doing anything; no time-out of its own covers that.
The process is ended with everything that it started.
"""

import multiprocessing
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any, TypeVar

T = TypeVar("T")
_SPAWN = multiprocessing.get_context("spawn")


class NoAnswer(AssertionError):
    """The work did not answer, however often it was begun."""


def apart(work: Callable[..., T], *told: object, patience_s: float = 300.0, tries: int = 2) -> T:
    """Return what the work returns, or raise what it raises. Work and arguments are pickled. Raises NoAnswer."""
    for _ in range(tries):
        ours, theirs = _SPAWN.Pipe(duplex=False)
        child = _SPAWN.Process(target=_answer, args=(theirs, work, told))
        child.start()
        theirs.close()
        try:
            if ours.poll(patience_s):
                answer, error = ours.recv()
                if error is not None:
                    raise error
                return answer  # type: ignore[no-any-return]  # pickled by the work itself
        except EOFError:
            pass  # it died without a word
        finally:
            child.kill()
            child.join()
    raise NoAnswer(f"{work.__name__}{told}: no answer within {patience_s} s, {tries} times")


def _answer(line: Connection, work: Callable[..., Any], told: tuple[object, ...]) -> None:
    try:
        line.send((work(*told), None))
    except Exception as error:
        line.send((None, AssertionError(f"{type(error).__name__}: {error}")))
