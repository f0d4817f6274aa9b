"""One call that makes everything written to a file system durable."""

import os
from pathlib import Path

from mingjian.recordings.disk import Disk


class FileSystem:
    """The file system below a directory, kept open so that an error of its write-back is told to us, once."""

    def __init__(self, path: Path, *, disk: Disk) -> None:
        self._disk = disk
        self._descriptor = disk.open(path, os.O_RDONLY | os.O_DIRECTORY, 0)

    def sync(self) -> None:
        """Return when all is on the disk, at least one write of ours among it, so that the disk did answer.

        Raises OSError; what it was about may be lost, and asking again lies.
        """
        self._disk.touch(self._descriptor)
        self._disk.syncfs(self._descriptor)

    def close(self) -> None:
        """Let go of the directory."""
        self._disk.close(self._descriptor)
