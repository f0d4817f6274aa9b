"""Known bugs, planted into the processes of a rig and nowhere else, to show that the rig would find them."""

import os
import stat
import threading
from collections.abc import Callable
from typing import Any

from mingjian.recordings import database

_fsync = os.fsync


def _is_file(descriptor: int) -> bool:
    return stat.S_ISREG(os.fstat(descriptor).st_mode)


def no_file_sync() -> None:
    """The worker tells of closed files without having synced them."""
    os.fsync = lambda descriptor: None if _is_file(descriptor) else _fsync(descriptor)  # type: ignore[assignment]


def row_before_file() -> None:
    """The worker tells of a closed file first and syncs it three seconds later."""

    def later(descriptor: int) -> None:
        kept = os.dup(descriptor)

        def sync() -> None:
            _fsync(kept)
            os.close(kept)

        timer = threading.Timer(3.0, sync)
        timer.daemon = True
        timer.start()

    os.fsync = later  # type: ignore[assignment]


def synchronous_normal() -> None:
    """The keeper commits to the write-ahead log without syncing it."""
    open_for_writing = database.open_for_writing

    def carelessly(*arguments: Any, **named: Any) -> Any:
        connection = open_for_writing(*arguments, **named)
        connection.pragma("synchronous", "normal")
        return connection

    database.open_for_writing = carelessly


def no_directory_sync() -> None:
    """The worker syncs files and not the directories that name them. ext4 forgives it; the order checker does not."""
    os.fsync = lambda descriptor: _fsync(descriptor) if _is_file(descriptor) else None  # type: ignore[assignment]


IN_WORKER: dict[str, Callable[[], None]] = {
    "no_file_sync": no_file_sync,
    "row_before_file": row_before_file,
    "no_directory_sync": no_directory_sync,
}
IN_KEEPER: dict[str, Callable[[], None]] = {"synchronous_normal": synchronous_normal}
