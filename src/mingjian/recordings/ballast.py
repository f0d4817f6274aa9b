"""Room kept back on a volume, in bytes and in names, so that its keeper can start on a disk without a free byte.

SQLite writes before it deletes: opening the index, and each deletion, needs a few pages of write-ahead log and two
names more. On a disk that others filled to the last byte nothing could ever be let go. The ballast is what goes first.
"""

import errno
import logging
import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from mingjian.recordings import durable, levels
from mingjian.recordings.disk import Disk
from mingjian.recordings.errors import RecordingsError

_log = logging.getLogger(__name__)

# One file for each name that opening takes (identity, write-ahead log, its memory) and some to delete with.
PIECES = 8
# A write-ahead log grows to 4 MiB before it is folded in; as much again for what else is written meanwhile.
LARGEST_BYTES = 8 << 20
# Below this SQLite may find no room even though the file system says there is some.
CRAMPED_BYTES = 1 << 17
_NAMES_LEFT = 64
_CHUNK_BYTES = 1 << 17

_T = TypeVar("_T")


def piece_bytes(room: os.statvfs_result) -> int:
    """Return the size of one piece: together 8 MiB, on a small disk a hundredth of it.

    Less than what the level *full* keeps free, so that nobody records into the room that was let go.
    """
    whole = min(LARGEST_BYTES, room.f_blocks * room.f_frsize // 100)
    return max(1, whole // PIECES // room.f_frsize) * room.f_frsize


def is_whole(volume: Path, *, disk: Disk) -> bool:
    """Say whether every piece is there in full."""
    size_bytes = piece_bytes(disk.statvfs(volume))
    return all((_size_of(piece) or 0) >= size_bytes for piece in _pieces(volume))


def make(volume: Path, *, disk: Disk) -> None:
    """Write the pieces that lack, each durable on return. Raises OSError; what was begun is taken away again."""
    size_bytes = piece_bytes(disk.statvfs(volume))
    folder = _folder(volume)
    disk.mkdir(folder)
    for piece in _pieces(volume):
        if (_size_of(piece) or 0) < size_bytes:
            _write(piece, size_bytes, disk=disk)
    durable.sync_directory(folder, disk=disk)
    durable.sync_directory(volume, disk=disk)


def restore(volume: Path, *, disk: Disk) -> None:
    """Make the ballast again where it lacks, as soon as that leaves room for recordings. Raises OSError."""
    if is_whole(volume, disk=disk):
        return
    room = disk.statvfs(volume)
    left_bytes = room.f_bavail * room.f_frsize - PIECES * piece_bytes(room)
    if left_bytes < levels.full_below(room) or (room.f_files and room.f_favail < _NAMES_LEFT):
        return
    make(volume, disk=disk)
    _log.warning("ballast made again", extra={"path": str(volume)})


def let_go(volume: Path, *, disk: Disk) -> bool:
    """Give the ballast's room back; return False when there was none. Raises OSError."""
    pieces = [piece for piece in _pieces(volume) if _size_of(piece) is not None]
    for piece in pieces:
        disk.unlink(piece)
    if pieces:
        _log.error("ballast let go: the disk is full", extra={"path": str(volume), "pieces": len(pieces)})
    return bool(pieces)


def relieved(volume: Path, work: Callable[[], _T], *, disk: Disk) -> _T:
    """Return what `work` returns; when it finds the volume full, let the ballast go and let it try once more."""
    if is_cramped(disk.statvfs(volume)):
        let_go(volume, disk=disk)
    try:
        return work()
    except RecordingsError as error:
        if error.code != "recordings.volume_full" or not let_go(volume, disk=disk):
            raise
    return work()


def is_cramped(room: os.statvfs_result) -> bool:
    """Say whether SQLite may fail for want of bytes or names."""
    return room.f_bavail * room.f_frsize < CRAMPED_BYTES or bool(room.f_files and room.f_favail < PIECES)


def _write(piece: Path, size_bytes: int, *, disk: Disk) -> None:
    # Neither zeros nor the same again: a file system that packs or shares blocks would keep nothing back.
    dice = random.Random(piece.name)  # noqa: S311  filling
    descriptor = disk.open(piece, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        left = size_bytes
        while left:
            taken = disk.write(descriptor, dice.randbytes(min(left, _CHUNK_BYTES)))
            if not taken:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(piece))
            left -= taken
        disk.fsync(descriptor)
    except OSError:
        disk.unlink(piece)
        raise
    finally:
        disk.close(descriptor)


def _folder(volume: Path) -> Path:
    return volume / "ballast"


def _pieces(volume: Path) -> list[Path]:
    return [_folder(volume) / str(number) for number in range(PIECES)]


def _size_of(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return None
