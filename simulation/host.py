"""The simulated host: its power, its processes with their supervisor, its disks; everything real above the ports."""

import asyncio
import contextvars
import random
import shutil
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mingjian.base.errors import MingjianError
from mingjian.base.ids import VolumeId
from mingjian.base.ticks import TICKS_PER_S
from mingjian.host.deployment import Deployment
from mingjian.host.home import Home
from mingjian.recorder import keeper, timeline
from mingjian.recorder.keeper import Keeper
from mingjian.recorder.plan_source import PlanSource
from mingjian.recorder.ports import Ports
from mingjian.recorder.timeline import Timeline
from mingjian.recorder.timeline_clock import TimelineClock
from mingjian.recorder.worker import Worker
from mingjian.recordings import index as indexes
from mingjian.recordings.errors import RecordingsError
from mingjian.recordings.index import Index
from mingjian.recordings.volume import Volume
from simulation import sqlite_files
from simulation.cameras import Cameras
from simulation.clocks import HostClock, TrueTime
from simulation.device import Device
from simulation.disk import SimulatedDisk
from simulation.hands import JOB_S, SteppedHands
from simulation.loop import SimulatedLoop
from simulation.process import CURRENT, Killed, Process
from simulation.trace import Trace

RESTART_S = 1.0
THREAD_S = 0.002
SLOW_S = 0.4

Main = Callable[[asyncio.Event], Coroutine[Any, Any, None]]


@dataclass(eq=False, slots=True)
class Life:
    """One life of a process with its task and its wish to stop."""

    process: Process
    stopping: asyncio.Event
    task: "asyncio.Task[None]"
    began_90k: int


@dataclass(slots=True)
class Host:
    """What stands in the control room's rack."""

    truth: TrueTime
    clock: HostClock
    disk: SimulatedDisk
    loop: SimulatedLoop
    trace: Trace
    cameras: Cameras
    home: Home
    deployment: Deployment
    dice: random.Random
    volumes: dict[VolumeId, Path] = field(default_factory=dict)
    lives: dict[str, Life] = field(default_factory=dict)
    workers: dict[str, Worker] = field(default_factory=dict)
    indexes: dict[VolumeId, Index] = field(default_factory=dict)
    # Processes beside those of the recorder.
    others: dict[str, Main] = field(default_factory=dict)
    is_up: bool = False
    is_leaving: bool = False
    on_death: Callable[[str], None] = lambda name: None
    # What no process may end by: bugs.
    faults_met: list[str] = field(default_factory=list)

    def boot(self) -> None:
        """Switch on: a new boot, and every process is started."""
        self.clock.boot()
        self.is_up = True
        self.trace.say(
            f"host: boot {self.clock.boot_id} wall clock wrong by {self.clock.error_90k / TICKS_PER_S:.0f} s"
        )
        for volume_id in self.volumes:
            self.start(keeper_name(volume_id))
        for name in ("worker", *self.others):
            self.start(name)

    def start(self, name: str) -> None:
        """Start a process, unless it lives or the host is off."""
        if not self.is_up or self.is_leaving or name in self.lives:
            return
        volume_id = next((key for key in self.volumes if keeper_name(key) == name), None)
        process = Process(name, device=None if volume_id is None else self.volumes[volume_id])
        context = contextvars.copy_context()
        context.run(CURRENT.set, process)
        stopping = asyncio.Event()
        if name in self.others:
            main = self.others[name](stopping)
        elif volume_id is None:
            main = self._worker(stopping)
        else:
            main = self._keeper(volume_id, stopping)
        task = self.loop.create_task(main, context=context)
        life = Life(process, stopping, task, self.truth.now_90k)
        process.on_death = lambda: self.loop.call_soon(self.kill, name)
        self.lives[name] = life
        # What stood here belongs to a life before.
        self.workers.pop(name, None)
        self.trace.say(f"host: {name} starts")
        task.add_done_callback(lambda _task: self._ended(name, life), context=contextvars.Context())

    def kill(self, name: str) -> None:
        """SIGKILL."""
        life = self.lives.pop(name, None)
        if life is None:
            return
        self.on_death(name)
        self.trace.say(f"host: {name} is dead")
        self._bury(life.process)
        self.loop.call_later(RESTART_S, self.start, name, context=contextvars.Context())

    def stop(self, name: str) -> None:
        """SIGTERM."""
        if name in self.lives:
            self.trace.say(f"host: {name} is told to stop")
            self.lives[name].stopping.set()

    def power_off(self) -> None:
        """Everything stops where it stands; what the disks keep is another question."""
        self.is_up = False
        for name in list(self.lives):
            self.kill(name)

    def replace_disk(self, path: Path, *, keep: Path, put: Path | None) -> None:
        """Pull a disk: what was not synced is lost, whoever has it open meets errors. Put another there, or nothing."""
        before = self.disk.devices[path]
        before.cut(self.dice, luck=0.0)
        before.trouble.is_gone = True
        path.rename(keep)
        if put is None:
            path.mkdir()
        else:
            shutil.copytree(put, path)
        self.disk.devices[path] = Device(path, capacity_bytes=before.capacity_bytes)

    def bring_back(self, path: Path, *, kept: Path) -> None:
        """Put the right disk back in place of whatever lies there."""
        stranger = self.disk.devices[path]
        stranger.trouble.is_gone = True
        shutil.rmtree(path)
        kept.rename(path)
        self.disk.devices[path] = Device(path, capacity_bytes=stranger.capacity_bytes)

    def wait_s(self, path: Path) -> float | None:
        """Return how long a write to a device takes, None while it hangs."""
        trouble = self.disk.devices[path].trouble
        if trouble.hangs_until_90k > self.truth.now_90k:
            return None
        return SLOW_S if trouble.is_slow else JOB_S

    def thread_delay(self, process: Process | None) -> float:
        """Return how long a call given to a thread takes to be done."""
        if process is None or process.device is None:
            return THREAD_S
        trouble = self.disk.devices[process.device].trouble
        hangs_90k = max(0, trouble.hangs_until_90k - self.truth.now_90k)
        return THREAD_S + hangs_90k / TICKS_PER_S

    def _ended(self, name: str, life: Life) -> None:
        if self.lives.get(name) is not life:
            return
        del self.lives[name]
        error = None if life.task.cancelled() else life.task.exception()
        self.trace.say(f"host: {name} has ended" + ("" if error is None else f": {error!r}"))
        self.on_death(name)
        self._bury(life.process)
        if error is not None and not isinstance(error, MingjianError | OSError | Killed | sqlite_files.TROUBLE):
            self.faults_met.append(f"{name} ended by {error!r}")
        self.loop.call_later(RESTART_S, self.start, name, context=contextvars.Context())

    def _bury(self, process: Process) -> None:
        process.is_alive = False
        self.disk.let_go(process)
        sqlite_files.bury(process)
        for transport in process.transports:
            transport.abort()
        for task in process.tasks:
            task.cancel()

    def _timeline(self) -> Timeline:
        return Timeline(
            path=self.home.root / timeline.PAPER,
            clock=self.clock,
            boot_id=self.clock.boot_id,
            is_synchronised=self.clock.is_synchronised,
            disk=self.disk,
        )

    async def _worker(self, stopping: asyncio.Event) -> None:
        paths = {f"writer-{volume_id[:8]}": path for volume_id, path in self.volumes.items()}
        worker = Worker(
            home=self.home,
            index=0,
            deployment=self.deployment,
            clock=self.clock,
            host_timeline=self._timeline(),
            ports=Ports(
                connect=self.cameras.connect,
                hire=lambda name, work: SteppedHands(work, wait_s=lambda: self.wait_s(paths[name])),
                disk=self.disk,
            ),
        )
        self.workers["worker"] = worker
        await worker.serve(stopping=stopping)

    async def _keeper(self, volume_id: VolumeId, stopping: asyncio.Event) -> None:
        """Do what `keeper.main` does, on our clock and disk."""
        plan_source = PlanSource(home=self.home, deployment=self.deployment)
        path = keeper.volume_path(self.home, plan_source, volume_id)
        volume = Volume.open(
            path,
            deployment_id=self.deployment.deployment_id,
            volume_id=volume_id,
            memory=self.home.keeper_memory(volume_id),
            disk=self.disk,
        )
        host_timeline = self._timeline()
        with indexes.keeping(
            volume,
            memory=self.home.keeper_memory(volume_id),
            host=self.deployment.host,
            epoch=self.deployment.epoch,
            clock=TimelineClock(timeline=host_timeline, clock=self.clock),
        ) as index:
            self.indexes[volume_id] = index
            await Keeper(
                home=self.home,
                index=index,
                plan_source=plan_source,
                clock=self.clock,
                host_timeline=host_timeline,
            ).serve(stopping=stopping)

    def try_second_keeper(self, volume_id: VolumeId) -> bool:
        """Try to keep a volume that is kept; say whether it was refused."""
        try:
            volume = Volume.open(
                self.volumes[volume_id],
                deployment_id=self.deployment.deployment_id,
                volume_id=volume_id,
                disk=self.disk,
            )
            with volume.keep(
                memory=self.home.keeper_memory(volume_id), index_opens=lambda: None, write_index_opens=lambda _: None
            ):
                return False
        except (RecordingsError, OSError):
            # Whatever is wrong with the disk by then, nobody keeps it beside the first.
            return True


def keeper_name(volume_id: VolumeId) -> str:
    """Return what a volume's keeper is called."""
    return f"keeper {volume_id[:8]}"
