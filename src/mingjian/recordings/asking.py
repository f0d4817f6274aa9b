"""Asking a volume without waiting for its disk: helper threads with a deadline, and one memory of who hangs.

A call on a hanging disk cannot be broken off, so the thread in it is given up until the disk answers. Meanwhile whoever
else asks the same volume is told at once, and no further thread is spent on it; other volumes are asked as ever.
"""

import threading
import time
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Generic, TypeVar

from mingjian.recordings.errors import RecordingsError

# Longer than a busy disk needs for a cold index, shorter than people wait for a page.
DEADLINE_S = 5.0
IDLE_HELPERS = 8

T = TypeVar("T")


class _Question(Generic[T]):
    def __init__(self, path: Path, asked: Callable[[], T]) -> None:
        self.path = path
        self.begun_s = time.monotonic()
        self.is_given_up = False
        self._asked = asked
        self._answered = threading.Event()
        self._answer: list[T] = []
        self._error: BaseException | None = None

    def run(self) -> None:
        """Find the answer. Whatever is raised is for the one who asks."""
        try:
            self._answer.append(self._asked())
        except BaseException as error:
            self._error = error
        self._answered.set()

    def wait(self, deadline_s: float) -> bool:
        """Say whether there is an answer by then."""
        return self._answered.wait(deadline_s)

    def answer(self) -> T:
        """Return the answer, or raise what asking raised."""
        if self._error is not None:
            raise self._error
        return self._answer[0]


class Asking:
    """The helpers of one process."""

    def __init__(self, *, deadline_s: float = DEADLINE_S) -> None:
        self._deadline_s = deadline_s
        self._lock = threading.Lock()
        self._idle: list[SimpleQueue[_Question[Any]]] = []
        self._hanging: dict[Path, list[_Question[Any]]] = {}

    def ask(self, path: Path, asked: Callable[[], T]) -> T:
        """Return what `asked` returns, which may read the volume at `path`; raise what it raises.

        Raises RecordingsError("recordings.volume_hangs") when there is no answer within the deadline, or when an
        earlier question still has none. Not to be asked from within a question.
        """
        with self._lock:
            waiting = self._hanging.get(path)
            if waiting:
                raise _hangs(path, waiting[0].begun_s)
            helper = self._idle.pop() if self._idle else self._start()
        question = _Question(path, asked)
        helper.put(question)
        if not question.wait(self._deadline_s):
            with self._lock:
                if not question.wait(0):
                    question.is_given_up = True
                    self._hanging.setdefault(path, []).append(question)
                    raise _hangs(path, question.begun_s)
        return question.answer()

    def hangs(self, path: Path) -> bool:
        """Say whether a question about this volume waits in vain."""
        with self._lock:
            return bool(self._hanging.get(path))

    def _start(self) -> "SimpleQueue[_Question[Any]]":
        questions: SimpleQueue[_Question[Any]] = SimpleQueue()
        # As a daemon it does not keep the interpreter from ending; a kernel call without an answer keeps the process.
        threading.Thread(target=self._help, args=(questions,), name="asking", daemon=True).start()
        return questions

    def _help(self, questions: "SimpleQueue[_Question[Any]]") -> None:
        while True:
            question = questions.get()
            question.run()
            with self._lock:
                if question.is_given_up:
                    still = [other for other in self._hanging.pop(question.path) if other is not question]
                    if still:
                        self._hanging[question.path] = still
                if len(self._idle) >= IDLE_HELPERS:
                    return
                self._idle.append(questions)
            del question


def _hangs(path: Path, since_s: float) -> RecordingsError:
    return RecordingsError("recordings.volume_hangs", path=str(path), for_s=round(time.monotonic() - since_s, 1))


_ours = Asking()


def ask(path: Path, asked: Callable[[], T]) -> T:
    """Ask as `Asking.ask` does, with the helpers of this process."""
    return _ours.ask(path, asked)


def hangs(path: Path) -> bool:
    """Say whether a question about this volume, by whoever in this process, waits in vain."""
    return _ours.hangs(path)
