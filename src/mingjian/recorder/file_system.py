"""One call that makes everything written to a file system durable: syncfs(2), which Python does not offer."""

import ctypes
import os
from pathlib import Path

_libc = ctypes.CDLL(None, use_errno=True)


class FileSystem:
    """The file system below a directory, kept open so that an error of its write-back is told to us, once."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)

    def sync(self) -> None:
        """Return when all is on the disk. Raises OSError; what it was about may be lost, and asking again lies."""
        if _libc.syncfs(self._descriptor) != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number), str(self._path))

    def close(self) -> None:
        """Let go of the directory."""
        os.close(self._descriptor)
