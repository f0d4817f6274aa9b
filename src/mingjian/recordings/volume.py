"""A volume: the directory that holds recordings, its identity, its lock and how full it is."""

import errno
import fcntl
import json
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from mingjian.base import ids
from mingjian.base.clock import SystemClock
from mingjian.base.ids import CameraId, DeploymentId, RecordingId, VolumeId
from mingjian.recordings import ballast, durable, levels
from mingjian.recordings.disk import SYSTEM, Disk
from mingjian.recordings.errors import RecordingsError
from mingjian.recordings.levels import VolumeLevel

_log = logging.getLogger(__name__)

_IDENTITY = "volume.json"
_LEVEL = "level.json"
_LOCK = "keeper.lock"


@dataclass(frozen=True, slots=True)
class VolumeIdentity:
    """What `volume.json` says. `opens` counts keepers' starts; `is_clean` that the last one ended in order."""

    deployment_id: DeploymentId
    volume_id: VolumeId
    created_at_90k: int
    budget_bytes: int
    opens: int
    open_id: str
    is_clean: bool


class Volume:
    """One opened volume. Many processes may write files on it; one keeper owns its index."""

    def __init__(
        self, path: Path, identity: VolumeIdentity, *, disk: Disk = SYSTEM, memory: Path | None = None
    ) -> None:
        self.path = path
        self.disk = disk
        self.identity = identity
        self._memory = memory
        self._device = path.stat().st_dev

    @classmethod
    def create(
        cls,
        path: Path,
        *,
        deployment_id: DeploymentId,
        volume_id: VolumeId,
        budget_bytes: int,
        disk: Disk = SYSTEM,
    ) -> "Volume":
        """Make an empty volume; the only function that makes one. `budget_bytes` 0 leaves it to the file system.

        Raises RecordingsError("recordings.volume_exists") when the directory already holds one.
        """
        if (path / _IDENTITY).exists():
            raise RecordingsError("recordings.volume_exists", path=str(path))
        identity = VolumeIdentity(
            deployment_id=deployment_id,
            volume_id=volume_id,
            created_at_90k=SystemClock().utc(),
            budget_bytes=budget_bytes,
            opens=0,
            open_id="",
            is_clean=True,
        )
        with _named_errors(path):
            path.mkdir(parents=True, exist_ok=True)
            # For nobody else on this host: the names below tell what was filmed and when.
            (path / "media").mkdir(exist_ok=True, mode=0o700)
            (path / "quarantine").mkdir(exist_ok=True, mode=0o700)
            disk.close(disk.open(path / _LOCK, os.O_RDWR | os.O_CREAT, 0o640))
            ballast.make(path, disk=disk)
            durable.replace(path / _IDENTITY, _encode(identity), disk=disk)
            durable.sync_directory(path.parent, disk=disk)
        return cls(path, identity, disk=disk)

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        deployment_id: DeploymentId,
        volume_id: VolumeId,
        memory: Path | None = None,
        disk: Disk = SYSTEM,
    ) -> "Volume":
        """Open an existing volume for writing. A full one opens too, so that it can be relieved.

        `memory` is what `keep` left off the volume. Raises RecordingsError `recordings.volume_missing` (never makes a
        directory, so that an absent mount does not fill the disk below it), `.volume_foreign`, `.volume_read_only`,
        `.volume_old_copy`.
        """
        # Before the identity: a keeper that starts meanwhile writes that one first.
        remembered = (0, "") if memory is None else _remembered(memory)
        volume = cls.open_for_reading(path, deployment_id=deployment_id, volume_id=volume_id, disk=disk)
        if disk.statvfs(path).f_flag & os.ST_RDONLY or not os.access(path, os.W_OK | os.X_OK):
            raise RecordingsError("recordings.volume_read_only", path=str(path))
        _require_newest(volume.identity, remembered=remembered, index_opens=None, path=path)
        return cls(path, volume.identity, disk=disk, memory=memory)

    @classmethod
    def open_for_reading(
        cls, path: Path, *, deployment_id: DeploymentId, volume_id: VolumeId, disk: Disk = SYSTEM
    ) -> "Volume":
        """Open an existing volume without asking to write. Raises `recordings.volume_missing`, `.volume_foreign`."""
        identity = read_identity(path)
        if (identity.deployment_id, identity.volume_id) != (deployment_id, volume_id):
            raise RecordingsError(
                "recordings.volume_foreign",
                path=str(path),
                found_deployment=identity.deployment_id,
                found_volume=identity.volume_id,
            )
        return cls(path, identity, disk=disk)

    @property
    def index_path(self) -> Path:
        """Where the index lies."""
        return self.path / "index.db"

    @property
    def media(self) -> Path:
        """One directory per camera below this."""
        return self.path / "media"

    @property
    def quarantine(self) -> Path:
        """Where files go that salvage cannot explain."""
        return self.path / "quarantine"

    def media_path(self, *, camera_id: CameraId, recording_id: RecordingId) -> Path:
        """Return where a recording's media lies; its table lies beside it (`table_path`)."""
        return self.media / camera_id / f"{recording_id}.mp4"

    def table_path(self, *, camera_id: CameraId, recording_id: RecordingId) -> Path:
        """Return where a recording's fragment table lies."""
        return self.media / camera_id / f"{recording_id}.frg"

    def free_bytes(self) -> int:
        """Return what the file system still gives."""
        room = self.disk.statvfs(self.path)
        return room.f_bavail * room.f_frsize

    def require_present(self) -> None:
        """Check that this is still the volume that was opened.

        Raises RecordingsError `recordings.volume_missing` when another file system lies here now or none,
        `.volume_foreign` when another volume does, `.volume_old_copy` when one that was opened less often does.
        """
        # Keepers may have come and gone since we opened it, so that a copy of that time has our own count of opens.
        remembered = 0, ""
        if self._memory is not None:
            # A home whose disk fails ends no recording.
            with suppress(OSError):
                remembered = _remembered(self._memory)
        found = read_identity(self.path)
        if self.path.stat().st_dev != self._device:
            raise RecordingsError("recordings.volume_missing", path=str(self.path))
        if (found.deployment_id, found.volume_id) != (self.identity.deployment_id, self.identity.volume_id):
            raise RecordingsError("recordings.volume_foreign", path=str(self.path), found_volume=found.volume_id)
        if found.opens < self.identity.opens:
            raise RecordingsError("recordings.volume_old_copy", path=str(self.path), volume_opens=found.opens)
        _require_newest(found, remembered=remembered, index_opens=None, path=self.path)

    def require_room(self) -> None:
        """Check that a new recording may begin: bytes and inodes left, and not stopped by the keeper.

        Raises RecordingsError("recordings.volume_full") with what ran out.
        """
        room = self.disk.statvfs(self.path)
        if room.f_files and not room.f_favail:
            raise RecordingsError("recordings.volume_full", path=str(self.path), ran_out="inodes")
        if levels.by_file_system(room) is VolumeLevel.FULL:
            raise RecordingsError("recordings.volume_full", path=str(self.path), ran_out="bytes")
        if self.published_level() is VolumeLevel.FULL:
            raise RecordingsError("recordings.volume_full", path=str(self.path), ran_out="budget")

    def level(self, *, used_bytes: int) -> VolumeLevel:
        """Return how full the volume is, by its budget and by the file system, the worse of both.

        `used_bytes` is what recordings take, as the index or the directory says.
        """
        by_file_system = levels.by_file_system(self.disk.statvfs(self.path))
        by_budget = levels.by_budget(used_bytes=used_bytes, budget_bytes=self.identity.budget_bytes)
        return max(by_file_system, by_budget, key=list(VolumeLevel).index)

    def excess_bytes(self, *, used_bytes: int) -> int:
        """Return how much must be deleted to be roomy enough again; 0 when nothing must."""
        room = self.disk.statvfs(self.path)
        lacking = levels.pressed_below(room) - room.f_bavail * room.f_frsize
        over_budget = used_bytes - self.identity.budget_bytes * 95 // 100 if self.identity.budget_bytes else 0
        return max(lacking, over_budget, 0)

    def room_bytes(self, *, used_bytes: int) -> int:
        """Return how much may be written before recording stops here, by the file system and by the budget."""
        room = self.disk.statvfs(self.path)
        by_file_system = room.f_bavail * room.f_frsize - levels.full_below(room)
        by_budget = self.identity.budget_bytes - used_bytes if self.identity.budget_bytes else by_file_system
        return max(0, min(by_file_system, by_budget))

    def publish_level(self, level: VolumeLevel, *, full_in_days: int | None = None) -> None:
        """Let every writer on the volume know the keeper's verdict; no write when it has not changed."""
        told = {"level": level.value, "full_in_days": full_in_days}
        if told != self._published():
            durable.replace(self.path / _LEVEL, json.dumps(told).encode(), disk=self.disk)

    def published_level(self) -> VolumeLevel:
        """Return the keeper's last verdict; roomy when there is none yet."""
        return VolumeLevel(self._published().get("level", VolumeLevel.ROOMY))

    def published_full_in_days(self) -> int | None:
        """Return when recording here must stop, by the keeper's projection; None when that is not in sight."""
        days = self._published().get("full_in_days")
        return None if days is None else int(days)

    def _published(self) -> dict[str, Any]:
        try:
            return dict(json.loads((self.path / _LEVEL).read_bytes()))
        except FileNotFoundError:
            return {}
        except ValueError:
            # Told anew within a minute; a keeper that ended by it would never come to that.
            _log.error("volume's level cannot be read", extra={"path": str(self.path)})
            return {}

    def _end_in_order(self, opened: VolumeIdentity) -> None:
        try:
            self.require_present()
        except RecordingsError as error:
            # Its identity written to the bare mount point would make that a volume.
            _log.error("volume is not there at the keeper's end", extra={"path": str(self.path), "code": error.code})
            return
        self.identity = replace(opened, is_clean=True)
        self._write_identity(self.identity)

    def _write_identity(self, identity: VolumeIdentity) -> None:
        with _named_errors(self.path):
            durable.replace(self.path / _IDENTITY, _encode(identity), disk=self.disk)

    @contextmanager
    def keep(
        self, *, memory: Path, index_opens: Callable[[], int | None], write_index_opens: Callable[[int], None]
    ) -> Iterator["Volume"]:
        """Own the volume's index for as long as the context lasts; one keeper at a time.

        `memory` is a small file off the volume that remembers how often the volume was opened, and `index_opens`
        asks the index (None when there is no index): a disk or an index that knows less than they do is an older copy.
        `write_index_opens` lets an index catch up whose keeper died before it could.
        Yields the volume with its new identity. Raises RecordingsError `recordings.volume_locked` naming the owner,
        `.volume_old_copy`, `.volume_read_only`.
        """
        with _named_errors(self.path):
            descriptor = self.disk.open(self.path / _LOCK, os.O_RDWR | os.O_CREAT, 0o640)
        try:
            _take_lock(descriptor, self.path)
            found, remembered = read_identity(self.path), _remembered(memory)
            # By what is known off the volume, before anything of it is let go for the sake of asking its index.
            _require_newest(found, remembered=remembered, index_opens=None, path=self.path)
            opens = ballast.relieved(self.path, index_opens, disk=self.disk)
            _require_newest(found, remembered=remembered, index_opens=opens, path=self.path)
            if opens is not None and opens < found.opens:
                # First: a second start that fails like the last one would leave the index two behind, an old copy.
                ballast.relieved(self.path, lambda: write_index_opens(found.opens), disk=self.disk)
            opened = replace(found, opens=found.opens + 1, open_id=ids.new_id(), is_clean=False)
            ballast.relieved(self.path, lambda: self._write_identity(opened), disk=self.disk)
            memory.parent.mkdir(parents=True, exist_ok=True)
            told = json.dumps({"opens": opened.opens, "open_id": opened.open_id})
            durable.replace(memory, told.encode(), disk=self.disk)
            self.identity = opened
            yield self
            self._end_in_order(opened)
        finally:
            self.disk.close(descriptor)


def read_identity(path: Path) -> VolumeIdentity:
    """Return what a volume says about itself. Raises RecordingsError `recordings.volume_missing`, `.volume_foreign`."""
    try:
        told = json.loads((path / _IDENTITY).read_bytes())
        return VolumeIdentity(**told)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise RecordingsError("recordings.volume_missing", path=str(path)) from error
    except (ValueError, TypeError) as error:
        raise RecordingsError("recordings.volume_foreign", path=str(path), reason="unreadable") from error


def _encode(identity: VolumeIdentity) -> bytes:
    return json.dumps(asdict(identity), indent=1).encode("ascii")


def _take_lock(descriptor: int, path: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        owner = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip()
        raise RecordingsError("recordings.volume_locked", path=str(path), owner_pid=owner) from error
    # Written over the last owner's, so that no block has to be found on a full disk; it is but told to people.
    with suppress(OSError):
        os.pwrite(descriptor, f"{os.getpid():<32}".encode("ascii"), 0)


def _remembered(memory: Path) -> tuple[int, str]:
    try:
        told = json.loads(memory.read_bytes())
        return int(told["opens"]), str(told["open_id"])
    except FileNotFoundError:
        return 0, ""


def _require_newest(found: VolumeIdentity, *, remembered: tuple[int, str], index_opens: int | None, path: Path) -> None:
    opens, open_id = remembered
    is_behind_memory = found.opens < opens or (found.opens == opens and opens > 0 and found.open_id != open_id)
    # The identity is written before the index; a keeper that died between them leaves the index one behind.
    slack = 0 if found.is_clean else 1
    is_index_apart = index_opens is not None and not found.opens - slack <= index_opens <= found.opens
    if is_behind_memory or is_index_apart:
        raise RecordingsError(
            "recordings.volume_old_copy",
            path=str(path),
            volume_opens=found.opens,
            remembered_opens=opens,
            index_opens=index_opens,
        )


@contextmanager
def _named_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
            raise RecordingsError("recordings.volume_read_only", path=str(path)) from error
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise RecordingsError("recordings.volume_full", path=str(path), ran_out="bytes") from error
        raise
