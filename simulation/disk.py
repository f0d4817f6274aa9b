"""The disk port of a simulation: the kernel's calls on a memory file system, with faults, death and a book of syncs."""

import errno
import os
import random
from collections.abc import Callable, Sequence
from pathlib import Path

from mingjian.base.ticks import TICKS_PER_S
from mingjian.media.samples import Buffer
from mingjian.recordings.disk import SystemDisk
from simulation.clocks import HostClock, TrueTime
from simulation.device import CAPACITY_BYTES, Device, is_folder
from simulation.process import CURRENT, Process, burn, is_dead

BLOCK_BYTES = 512


class SimulatedDisk:
    """Every device of the host behind one port. `on_unlink` is asked before a name goes."""

    def __init__(self, truth: TrueTime, clock: HostClock, dice: random.Random) -> None:
        self.devices: dict[Path, Device] = {}
        self.on_unlink: Callable[[Path], None] = lambda path: None
        # When each file was last written to, by true time and by the worker's timeline; over power cuts too.
        self.written_90k: dict[str, tuple[int, int]] = {}
        self.timeline_now: Callable[[], int] = lambda: 0
        self._truth = truth
        self._clock = clock
        self._dice = dice
        self._open: dict[int, tuple[Device, int, Path]] = {}
        self._errors_seen: dict[int, int] = {}

    def device_of(self, path: Path) -> Device:
        """Return the device that a path lies on."""
        text = str(path)
        for root, device in self.devices.items():
            below = str(root)
            if text.startswith(below) and text[len(below) : len(below) + 1] in ("", "/"):
                return device
        raise AssertionError(f"{path} lies on no device")

    def open(self, path: Path, flags: int, mode: int) -> int:
        burn()
        device = self.device_of(path)
        _require_there(device)
        is_new = bool(flags & os.O_CREAT) and not path.exists()
        if is_new and device.trouble.write_errno is not None:
            raise OSError(device.trouble.write_errno, os.strerror(device.trouble.write_errno), str(path))
        descriptor = os.open(path, flags | os.O_CLOEXEC, mode)
        found = os.fstat(descriptor)
        if is_new:
            device.inode(found.st_ino).changed_90k = self._clock.utc()
        elif flags & os.O_TRUNC:
            device.truncate(found.st_ino, 0)
        self._open[descriptor] = device, found.st_ino, path
        inode = device.inode(found.st_ino)
        self._errors_seen[descriptor] = inode.errors - (not inode.is_told)
        process = CURRENT.get()
        if process is not None:
            process.descriptors[descriptor] = None
        return descriptor

    def has_open(self, process: Process, path: Path) -> bool:
        """Say whether a process has this file open on the disk that is in now."""
        device = self.device_of(path)
        return any(self._open[number][0] is device and self._open[number][2] == path for number in process.descriptors)

    def close(self, descriptor: int) -> None:
        process = CURRENT.get()
        if process is not None and process.descriptors.pop(descriptor, descriptor) is not None:
            # Closed with its process.
            return
        self._forget_descriptor(descriptor)
        os.close(descriptor)

    def let_go(self, process: Process) -> None:
        """Close what the kernel closes when a process is gone; its locks end with it."""
        for descriptor in process.descriptors:
            self._forget_descriptor(descriptor)
            os.close(descriptor)
        process.descriptors.clear()

    def write(self, descriptor: int, data: Buffer) -> int:
        burn()
        device, number, path = self._open[descriptor]
        _require_there(device)
        if device.trouble.write_errno is not None:
            raise OSError(device.trouble.write_errno, os.strerror(device.trouble.write_errno), str(path))
        left = device.capacity_bytes - device.used_bytes
        taken = bytes(data[: max(0, left)])
        if data and not taken:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        inode = device.inode(number)
        os.write(descriptor, taken)
        device.write(number, inode.size_bytes, taken)
        inode.changed_90k = self._clock.utc()
        if path.suffix == ".mp4":
            self.written_90k[path.name] = self._truth.now_90k, self.timeline_now()
        return len(taken)

    def writev(self, descriptor: int, buffers: Sequence[Buffer]) -> int:
        return self.write(descriptor, b"".join(buffers))

    def truncate(self, descriptor: int, size_bytes: int) -> None:
        burn()
        device, number = self._at(descriptor)
        os.ftruncate(descriptor, size_bytes)
        device.truncate(number, size_bytes)

    def fsync(self, descriptor: int) -> None:
        burn()
        device, number = self._at(descriptor)
        if device.trouble.failing_syncs:
            device.trouble.failing_syncs -= 1
            device.fail_sync(number, is_told=True)
            self._errors_seen[descriptor] = device.inode(number).errors
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        inode = device.inode(number)
        untold = inode.errors - (not inode.is_told)
        if inode.errors > (self._errors_seen[descriptor] if descriptor in self._open else untold):
            # As the kernel does it: everybody who has the file open is told of a failed write-back once.
            self._errors_seen[descriptor], inode.is_told = inode.errors, True
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        here = Path(f"/proc/self/fd/{descriptor}")
        if is_folder(descriptor):
            device.sync_folder(here)
        else:
            device.sync_file(number, content_of=here)

    def fdatasync(self, descriptor: int) -> None:
        self.fsync(descriptor)

    def syncfs(self, descriptor: int) -> None:
        burn()
        device, _number = self._at(descriptor)
        if device.trouble.failing_syncs:
            device.trouble.failing_syncs -= 1
            device.fail_sync_all(self._dice)
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        device.sync_all()

    def forget(self, descriptor: int) -> None:
        burn()
        device, number = self._at(descriptor)
        device.forget(number, Path(f"/proc/self/fd/{descriptor}"))

    def touch(self, descriptor: int) -> None:
        burn()
        device, number = self._at(descriptor)
        device.inode(number).changed_90k = self._clock.utc()

    def rename(self, source: Path, target: Path) -> None:
        burn()
        _require_there(self.device_of(target))
        source.replace(target)

    def unlink(self, path: Path) -> None:
        burn()
        device = self.device_of(path)
        _require_there(device)
        if path.exists():
            self.on_unlink(path)
            number = path.stat().st_ino
            path.unlink()
            device.drop(number)

    def mkdir(self, path: Path) -> None:
        burn()
        _require_there(self.device_of(path))
        path.mkdir(exist_ok=True)

    def statvfs(self, path: Path) -> os.statvfs_result:
        if is_dead():
            burn()
        device = self.device_of(path)
        _require_there(device)
        flags = os.ST_RDONLY if device.trouble.write_errno == errno.EROFS else 0
        return _room(device.capacity_bytes, used_bytes=device.used_bytes, flags=flags)

    def age_s(self, path: Path) -> float:
        inode = self.device_of(path).inode(path.stat().st_ino)
        return (self._clock.utc() - inode.changed_90k) / TICKS_PER_S

    def _forget_descriptor(self, descriptor: int) -> None:
        self._open.pop(descriptor, None)
        self._errors_seen.pop(descriptor, None)

    def _at(self, descriptor: int) -> tuple[Device, int]:
        known = self._open.get(descriptor)
        if known is None:
            path = Path(f"/proc/self/fd/{descriptor}").readlink()
            known = self.device_of(path), os.fstat(descriptor).st_ino, path
        _require_there(known[0])
        return known[0], known[1]


class FoundingDisk(SystemDisk):
    """Makes volumes before there is anything to go wrong, as large as the simulated disks will be."""

    def statvfs(self, path: Path) -> os.statvfs_result:
        del path
        return _room(CAPACITY_BYTES, used_bytes=0, flags=0)


def _room(capacity_bytes: int, *, used_bytes: int, flags: int) -> os.statvfs_result:
    blocks = capacity_bytes // BLOCK_BYTES
    free = max(0, capacity_bytes - used_bytes) // BLOCK_BYTES
    return os.statvfs_result((BLOCK_BYTES, BLOCK_BYTES, blocks, free, free, 1000, 900, 900, flags, 255))


def _require_there(device: Device) -> None:
    if device.trouble.is_gone:
        raise OSError(errno.EIO, os.strerror(errno.EIO))
