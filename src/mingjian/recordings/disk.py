"""The calls by which footage is written, made durable and deleted, as a port: the kernel's, or a simulated disk's.

Reading goes to the file system directly. One call here is one system call; a fragment costs one look-up more.
"""

import ctypes
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from mingjian.media.samples import Buffer

_libc = ctypes.CDLL(None, use_errno=True)


class Disk(Protocol):
    """What writers and keepers may ask of the file systems below volumes and home. Every call may raise OSError."""

    def open(self, path: Path, flags: int, mode: int) -> int:
        """Return a descriptor, for writing; `path` is created when the flags say so."""
        ...

    def close(self, descriptor: int) -> None:
        """Let go of a descriptor."""
        ...

    def write(self, descriptor: int, data: Buffer) -> int:
        """Write; return how many bytes were taken."""
        ...

    def writev(self, descriptor: int, buffers: Sequence[Buffer]) -> int:
        """Write several buffers with one call; return how many bytes were taken."""
        ...

    def truncate(self, descriptor: int, size_bytes: int) -> None:
        """Cut a file."""
        ...

    def fsync(self, descriptor: int) -> None:
        """Make a file, or the entries of a directory, durable. Never to be tried again after a failure."""
        ...

    def fdatasync(self, descriptor: int) -> None:
        """Make the content of a file durable."""
        ...

    def syncfs(self, descriptor: int) -> None:
        """Make everything on a file system durable; what an error is about may be lost, and asking again lies."""
        ...

    def touch(self, descriptor: int) -> None:
        """Give a file the present time: the smallest write there is."""
        ...

    def forget(self, descriptor: int) -> None:
        """Drop what is cached of a file and not waiting to be written, so that reading shows what the disk has."""
        ...

    def rename(self, source: Path, target: Path) -> None:
        """Give a file another name, replacing what has it."""
        ...

    def unlink(self, path: Path) -> None:
        """Take a name away; none is no error."""
        ...

    def mkdir(self, path: Path) -> None:
        """Make a directory; one that is there is no error."""
        ...

    def statvfs(self, path: Path) -> os.statvfs_result:
        """Return the room of the file system."""
        ...

    def age_s(self, path: Path) -> float:
        """Return how long ago a file was changed, by the wall clock."""
        ...


class SystemDisk:
    """The kernel's calls."""

    def open(self, path: Path, flags: int, mode: int) -> int:
        return os.open(path, flags | os.O_CLOEXEC, mode)

    def close(self, descriptor: int) -> None:
        os.close(descriptor)

    def write(self, descriptor: int, data: Buffer) -> int:
        return os.write(descriptor, data)

    def writev(self, descriptor: int, buffers: Sequence[Buffer]) -> int:
        return os.writev(descriptor, buffers)

    def truncate(self, descriptor: int, size_bytes: int) -> None:
        os.ftruncate(descriptor, size_bytes)

    def fsync(self, descriptor: int) -> None:
        os.fsync(descriptor)

    def fdatasync(self, descriptor: int) -> None:
        os.fdatasync(descriptor)

    def syncfs(self, descriptor: int) -> None:
        # Python does not offer it.
        if _libc.syncfs(descriptor) != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))

    def touch(self, descriptor: int) -> None:
        os.utime(descriptor)

    def forget(self, descriptor: int) -> None:
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)

    def rename(self, source: Path, target: Path) -> None:
        source.replace(target)

    def unlink(self, path: Path) -> None:
        path.unlink(missing_ok=True)

    def mkdir(self, path: Path) -> None:
        path.mkdir(exist_ok=True)

    def statvfs(self, path: Path) -> os.statvfs_result:
        return os.statvfs(path)

    def age_s(self, path: Path) -> float:
        return time.time() - path.stat().st_mtime


SYSTEM = SystemDisk()
