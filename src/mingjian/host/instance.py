"""One supervisor per data folder: a lock that names its holder and leaves nothing behind."""

import contextlib
import fcntl
import json
import os
from collections.abc import Iterator
from pathlib import Path

from mingjian.base import ticks
from mingjian.base.clock import Clock
from mingjian.base.errors import MingjianError
from mingjian.host.home import Home


class InstanceError(MingjianError):
    """Another supervisor serves this data folder ("host.already_running", with its pid and since when)."""


@contextlib.contextmanager
def only_one(*, home: Home, clock: Clock) -> Iterator[None]:
    """Hold the data folder for the length of the with-block.

    The lock dies with its process, however that ends; what the file says is for people. Raises InstanceError.
    """
    path = lock_path(home)
    descriptor = _acquire(path)
    try:
        note = json.dumps({"pid": os.getpid(), "since": ticks.to_iso(clock.utc())})
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, note.encode(), 0)
        yield
    finally:
        path.unlink(missing_ok=True)
        os.close(descriptor)


def lock_path(home: Home) -> Path:
    """Return the file that says who serves this home; it is there only while somebody does."""
    return home.root / "mingjian.lock"


def _acquire(path: Path) -> int:
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            facts = _read_note(descriptor)
            os.close(descriptor)
            raise InstanceError("host.already_running", home=str(path.parent), **facts) from error
        # The holder before us may have unlinked this very file between our open and our lock.
        with contextlib.suppress(FileNotFoundError):
            if path.stat().st_ino == os.fstat(descriptor).st_ino:
                return descriptor
        os.close(descriptor)


def _read_note(descriptor: int) -> dict[str, int | str]:
    try:
        note = json.loads(os.pread(descriptor, 4096, 0))
        return {"pid": int(note["pid"]), "since": str(note["since"])}
    except (ValueError, KeyError, TypeError):
        return {}
