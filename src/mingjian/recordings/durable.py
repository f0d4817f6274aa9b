"""Small files replaced whole or not at all, and directories made durable."""

import errno
import os
from contextlib import suppress
from pathlib import Path

from mingjian.recordings.disk import SYSTEM, Disk


def replace(path: Path, content: bytes, *, disk: Disk = SYSTEM) -> None:
    """Put `content` at `path` atomically: temporary name, fsync, rename, fsync of the directory. Raises OSError."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        _write(temporary, content, disk=disk)
    except OSError:
        # Each start of a process would leave another one, on a disk that has no name left for the next.
        with suppress(OSError):
            disk.unlink(temporary)
        raise
    disk.rename(temporary, path)
    sync_directory(path.parent, disk=disk)


def sync_directory(path: Path, *, disk: Disk = SYSTEM) -> None:
    """Make the entries of a directory durable. Raises OSError; never to be retried (design invariant 2)."""
    descriptor = disk.open(path, os.O_RDONLY | os.O_DIRECTORY, 0)
    try:
        disk.fsync(descriptor)
    finally:
        disk.close(descriptor)


def _write(path: Path, content: bytes, *, disk: Disk) -> None:
    descriptor = disk.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o640)
    try:
        if disk.write(descriptor, content) != len(content):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        disk.fsync(descriptor)
    finally:
        disk.close(descriptor)
