"""The files of the index, by SQLite's own door for file systems: each write and sync is booked, may fail or kill."""

from pathlib import Path

import apsw

from simulation.device import Device
from simulation.disk import SimulatedDisk
from simulation.process import CURRENT, Killed, Process, burn

TROUBLE = apsw.Error
# Of a frame of the write-ahead log; in that of a commit stands how many pages the database has then.
_FRAME_HEADER_BYTES = 24
_JOURNALS = apsw.SQLITE_OPEN_WAL | apsw.SQLITE_OPEN_MAIN_JOURNAL


class SimulatedFiles(apsw.VFS):
    """The default file system of SQLite while it is registered; the disk below is told of everything."""

    _one: "SimulatedFiles | None" = None

    def __init__(self, disk: SimulatedDisk) -> None:
        super().__init__("simulated", "unix", makedefault=True)
        self.disk = disk

    @classmethod
    def stand_over(cls, disk: SimulatedDisk) -> None:
        """Serve every database of this process from these devices, from now on."""
        if cls._one is None:
            cls._one = cls(disk)
            watch_connections()
        cls._one.disk = disk

    def xOpen(self, name: object, flags: list[int]) -> apsw.VFSFile:
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        if not isinstance(path, str) or not path:
            return apsw.VFSFile("unix", name, flags)
        device = self.disk.device_of(Path(path))
        if device.trouble.is_gone:
            raise apsw.CantOpenError("the disk is gone")
        return _File(name, flags, device, Path(path))

    def xDelete(self, name: str, sync_directory: bool) -> None:  # noqa: FBT001
        _burn()
        path = Path(name)
        device = self.disk.device_of(path)
        if path.exists():
            device.drop(path.stat().st_ino)
        super().xDelete(name, sync_directory)
        if sync_directory:
            device.sync_folder(path.parent)

    def excepthook(self, *_: object) -> None:
        """Say nothing of what a dead process could not do any more."""


class _File(apsw.VFSFile):
    def __init__(self, name: object, flags: list[int], device: Device, path: Path) -> None:
        is_new = not path.exists()
        super().__init__("unix", name, flags)
        self._device, self._path = device, path
        self._number = path.stat().st_ino
        self._process = CURRENT.get()
        self._is_for_reading = bool(flags[0] & apsw.SQLITE_OPEN_READONLY)
        self._is_log = bool(flags[0] & apsw.SQLITE_OPEN_WAL)
        self._owes_name = is_new and bool(flags[0] & _JOURNALS)

    def xLock(self, level: int) -> None:
        if self._is_for_reading and level > apsw.SQLITE_LOCK_SHARED:
            # The kernel would refuse it, SQLite shrugs, but an exception on its way through Python would not.
            raise apsw.BusyError("opened for reading")
        super().xLock(level)

    def xWrite(self, data: bytes, offset: int) -> None:
        self._require_fit(len(data))
        super().xWrite(data, offset)
        self._device.write(self._number, offset, bytes(data))
        if self._is_log and len(data) == _FRAME_HEADER_BYTES and any(data[4:8]) and self._device.on_commit is not None:
            told, self._device.on_commit = self._device.on_commit, None
            told()

    def xTruncate(self, size_bytes: int) -> None:
        self._require_fit(0)
        super().xTruncate(size_bytes)
        self._device.truncate(self._number, size_bytes)

    def xSync(self, flags: int) -> None:
        self._require_fit(0)
        if self._device.trouble.failing_syncs:
            self._device.trouble.failing_syncs -= 1
            self._device.fail_sync(self._number, is_told=True)
            raise apsw.IOError("sync failed")
        self._device.sync_file(self._number, content_of=self._path)
        if self._owes_name:
            # As SQLite does it: a new journal's first sync is also one of its directory.
            self._device.sync_folder(self._path.parent)
            self._owes_name = False

    def xRead(self, count: int, offset: int) -> bytes:
        if self._device.trouble.is_gone:
            raise apsw.IOError("the disk is gone")
        return super().xRead(count, offset)

    def _require_fit(self, size_bytes: int) -> None:
        _burn(self._process)
        device = self._device
        if device.trouble.is_gone or device.trouble.write_errno is not None:
            raise apsw.IOError("the disk fails")
        if size_bytes and device.used_bytes + size_bytes > device.capacity_bytes:
            raise apsw.FullError("the disk is full")


def _burn(process: Process | None = None) -> None:
    if process is not None and not process.is_alive:
        raise apsw.IOError("of a dead process")
    try:
        burn()
    except Killed:
        # What SQLite does about it has no effect any more; who called it learns by the next call.
        raise apsw.IOError("the process was killed") from None


def watch_connections() -> None:
    """Remember each connection with its process."""

    def remember(connection: apsw.Connection) -> None:
        process = CURRENT.get()
        if process is not None:
            process.connections.append(connection)

    apsw.connection_hooks.append(remember)


def bury(process: Process) -> None:
    """Close what a dead process had open, as its death does: without a checkpoint, without a rollback on disk."""
    for connection in process.connections:
        try:
            connection.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
            connection.close(True)
        except apsw.Error:
            continue
    process.connections.clear()
