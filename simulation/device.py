"""What a disk would hold after a power cut: per file the bytes that were synced, per directory the names that were.

The files themselves lie on a memory file system and are what the kernel would show: the page cache. Beside them this
keeps what is durable, and in order what was written since. A cut rebuilds the tree from the durable part, and from as
much of the rest as chance lets survive, writes torn and out of order included.
"""

import os
import random
import shutil
import stat
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

# What SQLite shares between processes of one boot; nothing of it is ever on the disk.
# How much a simulated disk holds when nothing is wrong with it.
CAPACITY_BYTES = 24 << 20
NEVER_DURABLE = "-shm"
Cut = int


@dataclass(slots=True)
class Inode:
    """One file: what the disk has for certain, and what waits. `is_whole` says that every write went past us."""

    durable: bytearray = field(default_factory=bytearray)
    pending: "list[tuple[int, bytes] | Cut]" = field(default_factory=list)
    size_bytes: int = 0
    changed_90k: int = 0
    is_whole: bool = True
    has_lost: bool = False
    # How often its write-back failed, and whether anybody was told of the last time.
    errors: int = 0
    is_told: bool = True


@dataclass(slots=True)
class Trouble:
    """What the device does wrong now."""

    write_errno: int | None = None
    failing_syncs: int = 0
    is_gone: bool = False
    hangs_until_90k: int = 0
    is_slow: bool = False


class Device:
    """One file system below `root`."""

    def __init__(self, root: Path, *, capacity_bytes: int) -> None:
        self.root = root
        # Told once when an index on this device has committed.
        self.on_commit: Callable[[], None] | None = None
        self.capacity_bytes = capacity_bytes
        self.trouble = Trouble()
        self._inodes: dict[int, Inode] = {}
        self._entries: dict[int, dict[str, int]] = {}
        self.used_bytes = 0
        self.adopt()

    def adopt(self) -> None:
        """Take everything that lies below the root as durable, as a disk just mounted has it."""
        self._inodes.clear()
        self._entries.clear()
        self.used_bytes = 0
        for folder, _folders, files in os.walk(self.root):
            self.sync_folder(Path(folder))
            for name in files:
                path = Path(folder) / name
                content = path.read_bytes()
                self._resize(self._inodes.setdefault(path.stat().st_ino, Inode(bytearray(content))), len(content))

    def inode(self, number: int) -> Inode:
        """Return a file's record, made when it is new to us."""
        return self._inodes.setdefault(number, Inode())

    def has_inode(self, number: int) -> bool:
        """Say whether this is a file that was written through us."""
        return number in self._inodes

    def drop(self, number: int) -> None:
        """A file has lost its last name: its room is free, its bytes may come back with a power cut."""
        if number in self._inodes:
            self._resize(self._inodes[number], 0)

    def write(self, number: int, offset: int, data: bytes) -> None:
        """Note bytes that the page cache has now."""
        inode = self.inode(number)
        inode.pending.append((offset, data))
        self._resize(inode, max(inode.size_bytes, offset + len(data)))

    def truncate(self, number: int, size_bytes: int) -> None:
        """Note that a file was cut."""
        inode = self.inode(number)
        inode.pending.append(size_bytes)
        self._resize(inode, size_bytes)

    def sync_file(self, number: int, *, content_of: Path) -> None:
        """Make a file durable; one that somebody wrote past us is read whole."""
        inode = self._inodes.get(number)
        if inode is None or not inode.is_whole:
            content = content_of.read_bytes()
            inode = self._inodes.setdefault(number, Inode(is_whole=False))
            inode.durable, inode.pending = bytearray(content), []
            self._resize(inode, len(content))
            return
        for change in inode.pending:
            _apply(inode.durable, change)
        inode.pending.clear()

    def fail_sync(self, number: int, *, is_told: bool) -> None:
        """Do what a kernel does whose write-back failed: tell it once, and hold the lost pages for clean."""
        inode = self.inode(number)
        inode.has_lost = inode.has_lost or bool(inode.pending)
        inode.pending.clear()
        inode.errors += 1
        inode.is_told = is_told

    def forget(self, number: int, path: Path) -> None:
        """Show the disk's bytes instead of those that a failed sync left in the page cache."""
        inode = self._inodes.get(number)
        if inode is None or not inode.has_lost:
            return
        content = bytearray(inode.durable)
        for change in inode.pending:
            _apply(content, change)
        path.write_bytes(content)
        self._resize(inode, len(content))
        inode.has_lost = False

    def _resize(self, inode: Inode, size_bytes: int) -> None:
        self.used_bytes += size_bytes - inode.size_bytes
        inode.size_bytes = size_bytes

    def sync_folder(self, folder: Path) -> None:
        """Make the names in a directory durable."""
        with os.scandir(folder) as found:
            names = {entry.name: entry.inode() for entry in found if not entry.name.endswith(NEVER_DURABLE)}
        self._entries[folder.stat().st_ino] = names

    def sync_all(self) -> None:
        """Make everything durable."""
        for folder, _folders, files in os.walk(self.root):
            self.sync_folder(Path(folder))
            for name in files:
                path = Path(folder) / name
                if not name.endswith(NEVER_DURABLE):
                    number = path.stat().st_ino
                    inode = self._inodes.get(number)
                    if inode is None or inode.pending or not inode.is_whole:
                        self.sync_file(number, content_of=path)

    def fail_sync_all(self, dice: random.Random) -> None:
        """Lose what waited of some files."""
        for number in sorted(self._inodes):
            if self._inodes[number].pending and dice.random() < 0.5:
                self.fail_sync(number, is_told=False)

    def cut(self, dice: random.Random, *, luck: float) -> None:
        """Lose the power: put the tree that the disk has in place of the one that the kernel showed.

        `luck` is the chance of each unsynced change to be there all the same; 0 and 1 are the two extremes.
        """
        image = self._image(self.root.stat().st_ino, self.root, dice, luck)
        trash = self.root.with_name(f".{self.root.name}.cut")
        self.root.rename(trash)
        self._lay_out(self.root, image)
        shutil.rmtree(trash)
        self.adopt()

    def _image(self, number: int, folder: Path | None, dice: random.Random, luck: float) -> "dict[str, object]":
        durable = self._entries.get(number, {})
        shown: dict[str, int] = {}
        folders: dict[int, Path] = {}
        if folder is not None:
            with os.scandir(folder) as found:
                for entry in found:
                    shown[entry.name] = entry.inode()
                    if entry.is_dir(follow_symlinks=False):
                        folders[entry.inode()] = Path(entry.path)
        image: dict[str, object] = {}
        for name in sorted(durable.keys() | shown.keys()):
            if name.endswith(NEVER_DURABLE):
                continue
            before, now = durable.get(name), shown.get(name)
            kept = now if before == now or dice.random() < luck else before
            if kept is None:
                continue
            if kept in folders or kept in self._entries:
                image[name] = self._image(kept, folders.get(kept), dice, luck)
            else:
                image[name] = self._content(kept, dice, luck)
        return image

    def _content(self, number: int, dice: random.Random, luck: float) -> bytes:
        inode = self._inodes.get(number)
        if inode is None:
            return b""
        content = bytearray(inode.durable)
        for change in inode.pending:
            if dice.random() < luck:
                if luck < 1 and not isinstance(change, Cut) and dice.random() < 0.3:
                    offset, data = change
                    change = offset, data[: dice.randrange(len(data) + 1)]
                _apply(content, change)
        return bytes(content)

    def _lay_out(self, folder: Path, image: "dict[str, object]") -> None:
        folder.mkdir(mode=0o700)
        for name, content in image.items():
            if isinstance(content, dict):
                self._lay_out(folder / name, content)
            elif isinstance(content, bytes):
                (folder / name).write_bytes(content)


def is_folder(descriptor: int) -> bool:
    """Say whether a descriptor is that of a directory."""
    return stat.S_ISDIR(os.fstat(descriptor).st_mode)


def _apply(content: bytearray, change: "tuple[int, bytes] | Cut") -> None:
    if isinstance(change, Cut):
        del content[change:]
        content.extend(bytes(max(0, change - len(content))))
        return
    offset, data = change
    if len(content) < offset:
        content.extend(bytes(offset - len(content)))
    content[offset : offset + len(data)] = data
