"""A recorder host whose volumes are loop disks and whose processes are forked from this one, ready in milliseconds."""

import contextlib
import logging
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from mingjian.base.ids import CameraId, VolumeId, new_id
from mingjian.base.ticks import TICKS_PER_S
from mingjian.host import secrets
from mingjian.host.home import Home
from mingjian.recorder import keeper, run, worker
from mingjian.recordings.plan import PlannedVolume
from mingjian.recordings.volume import Volume
from rigs import cameras
from rigs.disk import LoopDisk
from rigs.site import Site

_GST_CAMERA = Path(__file__).parent.parent / "tests" / "cameras" / "gst_camera.py"


class Forked:
    """A child process that runs one of our functions."""

    def __init__(self, name: str, main: Callable[[], None], *, log: Path) -> None:
        sys.stdout.flush()
        self.name = name
        self.exit_code: int | None = None
        self.pid = os.fork()
        if self.pid == 0:
            with log.open("ab") as file:
                os.dup2(file.fileno(), 1)
                os.dup2(file.fileno(), 2)
            code = 1
            try:
                main()
                code = 0
            except BaseException as error:
                print(f"{name}: {type(error).__name__}: {error}", file=sys.stderr, flush=True)
            finally:
                os._exit(code)

    def signal(self, number: int) -> None:
        """Send a signal; a process that is gone gets none."""
        if self.is_alive():
            os.kill(self.pid, number)

    def is_alive(self) -> bool:
        """Say whether it has not ended yet."""
        if self.exit_code is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            self.exit_code = os.waitstatus_to_exitcode(status) if pid else None
        return self.exit_code is None

    def kill(self) -> None:
        """End it as a power cut would."""
        self.signal(signal.SIGKILL)
        if self.exit_code is None:
            self.exit_code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


class Host:
    """Home, plan, one simulated camera model for all cameras, loop disks, and the processes of the moment."""

    def __init__(self, root: Path, stack: contextlib.ExitStack, *, home_mib: int) -> None:
        # Under the volumes, which are mounted inside it.
        self.home_disk = LoopDisk(root / "home.img", root / "home", size_mib=home_mib) if home_mib else None
        self.home = Home(root=root / "home", bind="127.0.0.1", port=1, media_port=2)
        home = self.home
        for folder in (home.secrets, home.public_keys, home.sockets, home.volumes, home.logs, home.plan.parent):
            secrets.make_private_folder(folder)
        secrets.ensure(home.secrets / "django.key")
        self.site = Site(home, stack)
        self.site.volumes.clear()
        shutil.rmtree(home.volumes / self.site.volume_id)
        self.disks: dict[VolumeId, LoopDisk] = {}
        self.folders: list[VolumeId] = []
        self.processes: list[Forked] = []
        self.log = root / "processes.log"
        self._root = root
        self._stack = stack
        stack.callback(self.kill_all)

    def add_disk(self, *, size_mib: int = 96, options: tuple[str, ...] = ()) -> VolumeId:
        """Put in a fresh disk with a volume on it."""
        volume_id = VolumeId(new_id())
        path = self.home.volumes / volume_id
        self.disks[volume_id] = LoopDisk(self._root / f"{volume_id}.img", path, size_mib=size_mib, options=options)
        Volume.create(path, deployment_id=self.site.deployment.deployment_id, volume_id=volume_id, budget_bytes=0)
        self.site.volumes.append(PlannedVolume(volume_id=volume_id, path=str(path), budget_bytes=0))
        return volume_id

    def add_stranger(self, image: Path) -> Path:
        """Make the image of a disk that holds another volume of this deployment."""
        place = self._root / "stranger"
        disk = LoopDisk(image, place)
        Volume.create(
            place, deployment_id=self.site.deployment.deployment_id, volume_id=VolumeId(new_id()), budget_bytes=0
        )
        disk.unmount()
        return image

    def add_folder(self) -> VolumeId:
        """Put a volume into a plain folder of this machine's disk."""
        volume_id = self.site.add_volume()
        self.folders.append(volume_id)
        return volume_id

    def add_camera(self, *, volume_id: VolumeId, kbps: int = 300) -> CameraId:
        """Start a camera and plan its main stream for a volume."""
        options: dict[str, str | int] = {"width": 320, "height": 180, "kbps": kbps, "gop": 25}
        camera = cameras.launch(["/usr/bin/python3", str(_GST_CAMERA)], port=None, options=options)
        self._stack.callback(camera.stop)
        return self.site.add_camera(camera.address, volume_id=volume_id).camera_id

    def start(self, *, seeded: Callable[[str], None] = lambda _: None, file_s: int = 1) -> None:
        """Start a keeper per volume and one worker; `seeded` may plant a bug, told "keeper" or "worker"."""
        for volume_id in self.disks:
            self.start_keeper(volume_id, seeded=seeded)
        self.start_worker(seeded=seeded, file_s=file_s)

    def start_keeper(self, volume_id: VolumeId, *, seeded: Callable[[str], None] = lambda _: None) -> Forked:
        """Start the keeper of one volume."""

        def main() -> None:
            seeded("keeper")
            keeper.main(self.home, volume_id)

        return self._start(f"keeper {volume_id[:8]}", main)

    def start_worker(self, *, seeded: Callable[[str], None] = lambda _: None, file_s: int = 1) -> Forked:
        """Start worker 0; its files last so many seconds, not ten minutes."""

        def main() -> None:
            seeded("worker")
            run.FILE_90K = file_s * TICKS_PER_S
            worker.main(self.home, 0)

        return self._start("worker", main)

    def freeze(self) -> None:
        """Stop every process where it stands, as at the instant of a power cut."""
        for process in self.processes:
            process.signal(signal.SIGSTOP)

    def kill_all(self) -> None:
        """End every process at once; none is asked."""
        for process in self.processes:
            process.kill()
        self.processes.clear()

    def cut_power(self) -> None:
        """Cut every disk, end what ran, and put the disks in again."""
        disks = [*self.disks.values(), *([self.home_disk] if self.home_disk else [])]
        for disk in disks:
            disk.cut()
        self.kill_all()
        for disk in disks:
            disk.unmount()
        for disk in reversed(disks):
            disk.mount()

    def volume(self, volume_id: VolumeId) -> Volume:
        """Open a volume as its keeper would."""
        path = self.home.volumes / volume_id
        return Volume.open(path, deployment_id=self.site.deployment.deployment_id, volume_id=volume_id)

    def memory(self, volume_id: VolumeId) -> Path:
        """Where this host remembers how often a volume was opened."""
        return self.home.keeper_memory(volume_id)

    def _start(self, name: str, main: Callable[[], None]) -> Forked:
        process = Forked(name, main, log=self.log)
        self.processes.append(process)
        return process


@contextmanager
def founded(*, home_mib: int = 0) -> Iterator[Host]:
    """Found a host in a short-named folder; whatever happens, its processes end and its disks come out.

    With `home_mib` the data folder lies on a disk of its own, else in a folder of this machine's.
    """
    root = Path(tempfile.mkdtemp(prefix="rig-"))
    logging.basicConfig(filename=root / "processes.log", level=logging.WARNING, force=True)
    host: Host | None = None
    try:
        with contextlib.ExitStack() as stack:
            host = Host(root, stack, home_mib=home_mib)
            yield host
    finally:
        disks = [] if host is None else [*host.disks.values(), *([host.home_disk] if host.home_disk else [])]
        for disk in disks:
            with contextlib.suppress(OSError):
                disk.pull()
        shutil.rmtree(root, ignore_errors=True)
