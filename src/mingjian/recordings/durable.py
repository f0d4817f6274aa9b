"""Small files replaced whole or not at all, and directories made durable."""

import os
from pathlib import Path

from mingjian.recordings.disk import SYSTEM, Disk


def replace(path: Path, content: bytes, *, disk: Disk = SYSTEM) -> None:
    """Put `content` at `path` atomically: temporary name, fsync, rename, fsync of the directory. Raises OSError."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.new")
    descriptor = disk.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o640)
    try:
        disk.write(descriptor, content)
        disk.fsync(descriptor)
    finally:
        disk.close(descriptor)
    disk.rename(temporary, path)
    sync_directory(path.parent, disk=disk)


def sync_directory(path: Path, *, disk: Disk = SYSTEM) -> None:
    """Make the entries of a directory durable. Raises OSError; never to be retried (design invariant 2)."""
    descriptor = disk.open(path, os.O_RDONLY | os.O_DIRECTORY, 0)
    try:
        disk.fsync(descriptor)
    finally:
        disk.close(descriptor)
