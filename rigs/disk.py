"""A small ext4 disk on a loop device that can be cut from power, filled, frozen, made read-only, pulled and swapped."""

import fcntl
import os
import shlex
import shutil
import struct
import subprocess
from pathlib import Path

# EXT4_IOC_SHUTDOWN with EXT4_GOING_FLAGS_NOLOGFLUSH: from then on nothing reaches the device, not even its journal.
_SHUTDOWN = 0x8004587D
_NO_LOG_FLUSH = struct.pack("I", 2)
_PATH = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"


class LoopDisk:
    """One image, mounted at `path` while it is in the machine."""

    def __init__(self, image: Path, path: Path, *, size_mib: int = 96, options: tuple[str, ...] = ()) -> None:
        """Make and mount the image. `options` go to mkfs.ext4; a small journal keeps mounting quick."""
        self.image = image
        self.path = path
        with image.open("wb") as file:
            file.truncate(size_mib << 20)
        _run("mkfs.ext4", "-q", "-F", "-J", "size=4", "-E", "lazy_itable_init=1,nodiscard", *options, str(image))
        path.mkdir(parents=True, exist_ok=True)
        self.mount()

    def mount(self, *, image: Path | None = None) -> None:
        """Put the disk in, or another one; the journal is replayed."""
        _run("mount", "-o", "loop,errors=remount-ro", str(image or self.image), str(self.path))

    def cut(self) -> None:
        """Cut the power: what the device has not got is lost, and every later call on it fails with EIO."""
        descriptor = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.ioctl(descriptor, _SHUTDOWN, _NO_LOG_FLUSH)
        finally:
            os.close(descriptor)

    def unmount(self) -> None:
        """Take the disk out; nobody may have a file open on it."""
        _run("umount", str(self.path))

    def pull(self) -> None:
        """Take the disk out while files are open: they go on to the old place, new names meet the bare mount point."""
        _run("umount", "--lazy", str(self.path))

    def remount_read_only(self) -> None:
        """Turn it read-only under those who write, as the kernel does after an error: asks no one."""
        _run("mount", "-o", "remount,abort", str(self.path))

    def freeze(self, *, seconds: int) -> None:
        """Let every write hang for so long; the end is set before it begins, for nobody who hangs could set it."""
        thaw = f"sleep {seconds}; exec fsfreeze --unfreeze {shlex.quote(str(self.path))}"
        subprocess.Popen(["/bin/sh", "-c", thaw], env=os.environ | {"PATH": _PATH})
        _run("fsfreeze", "--freeze", str(self.path))

    def copy_image(self, target: Path) -> Path:
        """Copy the unmounted image, as somebody restoring a disk from yesterday would."""
        shutil.copyfile(self.image, target)
        return target


def _run(program: str, *arguments: str) -> None:
    found = shutil.which(program, path=_PATH)
    if found is None:
        raise FileNotFoundError(program)
    done = subprocess.run([found, *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise OSError(f"{program} {' '.join(arguments)}: {done.stderr.strip()}")
