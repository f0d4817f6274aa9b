"""What may go wrong, drawn by a seed, and how each is done to the host. A schedule is plain data, so it can be cut."""

import contextvars
import errno
import json
import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from mingjian.base.ids import VolumeId
from mingjian.base.ticks import TICKS_PER_S
from simulation.cameras import Camera, Mood
from simulation.control import Control
from simulation.device import CAPACITY_BYTES, Device, Trouble
from simulation.host import Host, keeper_name

S = TICKS_PER_S
YEAR_S = 365 * 86_400
# How long a power cut waits for a commit.
COMMIT_WITHIN_S = 4.0
MOODS = (Mood.REFUSING, Mood.UNREACHABLE, Mood.HUNG, Mood.LATE, Mood.HEADLESS)
STEPS_S = (0.4, 2.0, 60.0, 3_600.0, YEAR_S, 10 * YEAR_S)
ERRNOS = (errno.EIO, errno.ENOSPC, errno.EROFS)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong at an instant (seconds of true time) for a while."""

    at_s: float
    kind: str
    target: int = 0
    for_s: float = 0.0
    amount: float = 0.0

    def __str__(self) -> str:
        return f"{self.at_s:7.2f} s  {self.kind} target={self.target} for={self.for_s:g} s amount={self.amount:g}"


WEIGHTS = {
    "camera": 6, "camera_jump": 2, "camera_format": 2, "camera_reset": 2, "wall_step": 3, "worker_killed": 4,
    "worker_stopped": 2, "keeper_killed": 5, "keeper_stopped": 2, "host_reset": 2, "power_cut": 4, "write_fails": 3,
    "sync_fails": 3, "hangs": 2, "slow": 2, "pulled": 2, "swapped": 1, "old_copy": 1, "full": 2, "hold": 4,
    "release": 2, "database_away": 3, "web_away": 2, "revoked": 2, "plan_changed": 3, "plan_restored": 1,
    "second_keeper": 1, "media_killed": 2,
}  # fmt: skip


def draw(dice: random.Random, *, horizon_s: float, most: int) -> tuple[Fault, ...]:
    """Return a schedule for one seed."""
    kinds, weights = list(WEIGHTS), list(WEIGHTS.values())
    # Each seed favours some kinds, so that rare pairs meet.
    favoured = dice.sample(kinds, 6)
    weights = [weight * (4 if kind in favoured else 1) for kind, weight in zip(kinds, weights, strict=True)]
    count = dice.randint(2, most)
    found = [_one(dice, kind, dice.uniform(5, horizon_s)) for kind in dice.choices(kinds, weights, k=count)]
    return tuple(sorted(found, key=lambda fault: fault.at_s))


def _one(dice: random.Random, kind: str, at_s: float) -> Fault:
    target = dice.randrange(1000)
    for_s = dice.choice((1.0, 3.0, 8.0, 15.0, 25.0))
    amount = dice.random()
    if kind == "wall_step" or (kind == "power_cut" and dice.random() < 0.3):
        amount = (
            dice.choice((-1, 1)) * dice.choice((0.4, 2.0, 60.0, 3_600.0, YEAR_S, 10 * YEAR_S)) * dice.uniform(0.5, 1)
        )
    if kind == "power_cut":
        for_s = dice.choice((1.0, 5.0, 600.0, 86_400.0))
    return Fault(round(at_s, 3), kind, target, for_s, amount)


class Doer:
    """Does faults to a host and undoes them when their time is over."""

    def __init__(self, host: Host, control: Control, cameras: list[Camera], scratch: Path, dice: random.Random) -> None:
        self._host, self._control, self._cameras = host, control, cameras
        self._scratch, self._dice = scratch, dice
        self._away: dict[Path, Path] = {}
        self._old: dict[Path, Path] = {}
        self._strangers: dict[Path, dict[str, bytes]] = {}
        self._lists = 0
        # (from, until, camera or None for all): seconds that may be missing; the oracle of losses reads it.
        self.disturbed: list[tuple[float, float, str | None]] = []
        self.violations: list[str] = []
        self.revoke: Callable[[int], None] = lambda target: None
        # No fault begins later.
        self.until_s = float("inf")
        self.power_will_be_cut: Callable[[], None] = lambda: None
        self.power_is_cut: Callable[[], None] = lambda: None
        self.power_was_cut: Callable[[], None] = lambda: None

    def is_out(self, path: Path) -> bool:
        """Say whether nothing, or another disk, lies where a volume's own was."""
        return path in self._away

    def do(self, fault: Fault) -> None:
        """Begin one."""
        self._host.trace.say(f"FAULT {fault.kind} target={fault.target} for={fault.for_s:g} amount={fault.amount:g}")
        getattr(self, f"_{fault.kind}")(fault)

    def heal(self) -> None:
        """Make everything right: disks in, clocks true, control there, cameras well."""
        host = self._host
        for path in list(self._away):
            self._return(path)
        for device in host.disk.devices.values():
            if not device.trouble.is_gone:
                device.trouble = Trouble()
        host.clock.error_90k, host.clock.has_ntp, host.clock.is_misled = 0, True, False
        self._control.is_there = self._control.has_web = True
        for camera in self._cameras:
            camera.mood = Mood.WELL
        if not host.is_up:
            host.boot()

    def _later(self, fault: Fault, undo: Callable[[], None]) -> None:
        self._host.loop.call_later(fault.for_s, undo)

    def _camera_of(self, fault: Fault) -> Camera:
        return self._cameras[fault.target % len(self._cameras)]

    def _volume_of(self, fault: Fault) -> tuple[VolumeId, Path]:
        volumes = list(self._host.volumes.items())
        return volumes[fault.target % len(volumes)]

    def _disturb(self, before_s: float, after_s: float, camera: str | None = None) -> None:
        now_s = self._host.truth.now_s
        self.disturbed.append((now_s - before_s, now_s + after_s, camera))

    def _camera(self, fault: Fault) -> None:
        camera = self._camera_of(fault)
        camera.mood = MOODS[int(fault.amount * len(MOODS))]
        self._host.trace.say(f"camera {camera.address}: {camera.mood}")
        self._disturb(3, fault.for_s + 45, camera.address)

        def undo() -> None:
            camera.mood = Mood.WELL

        self._later(fault, undo)

    def _camera_jump(self, fault: Fault) -> None:
        camera = self._camera_of(fault)
        camera.skew_90k += round((fault.amount - 0.5) * 20 * S)
        self._disturb(3, 45, camera.address)
        # A jump that looks like lateness is one after a minute of it.
        self._disturb(-55, 80, camera.address)

    def _camera_format(self, fault: Fault) -> None:
        camera = self._camera_of(fault)
        camera.form = 1 - camera.form
        self._disturb(3, 10, camera.address)

    def _camera_reset(self, fault: Fault) -> None:
        camera = self._camera_of(fault)
        camera.sessions += 1
        self._disturb(3, 45, camera.address)

    def _wall_step(self, fault: Fault) -> None:
        clock = self._host.clock
        clock.error_90k += round(fault.amount * S)
        clock.is_misled = fault.target % 2 == 0
        # What the clock shows is wrong until NTP has mended it; then the timeline may go forward to it.
        self._disturb(3, 8)

        def undo() -> None:
            clock.error_90k, clock.is_misled = 0, False
            self._disturb(3, 8)

        self._later(fault, undo)

    def _worker_killed(self, fault: Fault) -> None:
        self._disturb(3, 10)
        self._kill("worker", fault)

    def _keeper_killed(self, fault: Fault) -> None:
        # A keeper's death makes no gap: no second is disturbed.
        self._kill(keeper_name(self._volume_of(fault)[0]), fault)

    def _kill(self, name: str, fault: Fault) -> None:
        life = self._host.lives.get(name)
        if life is None:
            return
        if fault.amount < 0.4:
            self._host.kill(name)
        else:
            life.process.fuse = 1 + int((fault.amount - 0.4) * 60)
            if name == "worker":
                self._disturb(3, 30)

    def _worker_stopped(self, fault: Fault) -> None:
        self._disturb(3, 14)
        self._host.stop("worker")

    def _keeper_stopped(self, fault: Fault) -> None:
        self._host.stop(keeper_name(self._volume_of(fault)[0]))

    def _host_reset(self, fault: Fault) -> None:
        """Every process is killed at once; the kernel lives."""
        self._disturb(3, 10)
        for name in list(self._host.lives):
            self._host.kill(name)

    def _power_cut(self, fault: Fault) -> None:
        """Cut the power, at once or in the instant after the next commit of an index, which somebody may have seen."""
        wait_s = min(COMMIT_WITHIN_S, self.until_s - self._host.truth.now_s)
        if fault.target % 3 or wait_s <= 0:
            self._cut_power(fault)
            return
        _volume_id, path = self._volume_of(fault)
        device, loop = self._host.disk.devices[path], self._host.loop
        late = loop.call_later(wait_s, self._cut_power, fault)

        def committed() -> None:
            late.cancel()
            loop.call_soon(self._cut_power, fault, context=contextvars.Context())

        device.on_commit = committed

    def _cut_power(self, fault: Fault) -> None:
        host = self._host
        if not host.is_up:
            return
        self.power_will_be_cut()
        # Hours without power pass outside of the schedule: whatever else was due comes after.
        luck = (0.0, 0.0, 0.5, 1.0)[fault.target % 4]
        off_s = min(fault.for_s, 5.0)
        self._disturb(5, off_s + 15)
        host.power_off()
        self.power_is_cut()
        for device in host.disk.devices.values():
            device.on_commit = None
            if not device.trouble.is_gone:
                device.cut(self._dice, luck=luck)
                device.trouble = Trouble()
        self.power_was_cut()
        if abs(fault.amount) > 1:
            host.clock.error_90k = round(fault.amount * S)
            host.clock.is_misled = fault.target % 2 == 0
            host.loop.call_later(off_s + 10, self._mend_clock)

        def undo() -> None:
            if not host.is_up:
                host.truth.now_90k += round((fault.for_s - off_s) * S)
                self._disturb(fault.for_s + 5, 15)
                host.boot()

        host.loop.call_later(off_s, undo)

    def _mend_clock(self) -> None:
        self._host.clock.error_90k, self._host.clock.is_misled = 0, False
        self._disturb(3, 8)

    def _trouble(self, fault: Fault, begin: Callable[[Device], None], *, after_s: float) -> None:
        _volume_id, path = self._volume_of(fault)
        device = self._host.disk.devices[path]
        begin(device)
        self._disturb(4, fault.for_s + after_s)

        def undo() -> None:
            if not device.trouble.is_gone:
                device.trouble = Trouble()

        self._later(fault, undo)

    def _write_fails(self, fault: Fault) -> None:
        def begin(device: Device) -> None:
            device.trouble.write_errno = ERRNOS[int(fault.amount * len(ERRNOS))]

        self._trouble(fault, begin, after_s=20)

    def _sync_fails(self, fault: Fault) -> None:
        def begin(device: Device) -> None:
            device.trouble.failing_syncs = 1 + int(fault.amount * 3)

        self._trouble(replace(fault, for_s=25.0), begin, after_s=20)

    def _hangs(self, fault: Fault) -> None:
        def begin(device: Device) -> None:
            device.trouble.hangs_until_90k = self._host.truth.now_90k + round(fault.for_s * S)

        self._trouble(fault, begin, after_s=25)

    def _slow(self, fault: Fault) -> None:
        def begin(device: Device) -> None:
            device.trouble.is_slow = True

        self._trouble(fault, begin, after_s=25)

    def _pulled(self, fault: Fault) -> None:
        self._replace(fault, put=None)

    def _swapped(self, fault: Fault) -> None:
        _volume_id, path = self._volume_of(fault)
        others = [other for other in self._host.volumes.values() if other != path and other not in self._away]
        self._replace(fault, put=others[0] if others else None)

    def _old_copy(self, fault: Fault) -> None:
        _volume_id, path = self._volume_of(fault)
        copy = self._old.get(path)
        # One made within the same opening cannot be told from the original, by nobody: see docs/durability.md.
        is_older = copy is not None and path not in self._away and _opens(copy) < _opens(path)
        self._replace(fault, put=copy if is_older else None)

    def _replace(self, fault: Fault, *, put: Path | None) -> None:
        host = self._host
        _volume_id, path = self._volume_of(fault)
        if path in self._away or not host.is_up:
            return
        self._disturb(6, fault.for_s + 30)
        keep = self._scratch / f"away-{len(self._away)}-{self._lists}"
        self._lists += 1
        host.replace_disk(path, keep=keep, put=put)
        self._away[path] = keep
        self._strangers[path] = _content(path)
        self._later(fault, lambda: self._return(path))

    def _return(self, path: Path) -> None:
        if path not in self._away:
            return
        before, after = self._strangers.pop(path), _content(path)
        changed = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
        if changed:
            self.violations.append(f"6: written to a disk that is not the volume: {changed}")
        self._host.bring_back(path, kept=self._away.pop(path))
        self._host.trace.say(f"the disk of {path.name} is back")
        self._disturb(3, 30)

    def keep_copy(self, path: Path) -> None:
        """Make a copy of a disk as it is, to be put in its place some day."""
        if path in self._away:
            return
        copy = self._scratch / f"copy-{self._lists}"
        self._lists += 1
        shutil.copytree(path, copy, ignore=shutil.ignore_patterns("*-shm"))
        self._old[path] = copy

    def _full(self, fault: Fault) -> None:
        _volume_id, path = self._volume_of(fault)
        device = self._host.disk.devices[path]
        device.capacity_bytes = min(device.capacity_bytes, device.used_bytes + int(fault.amount * 40_000))
        self._disturb(4, fault.for_s + 30)

        def undo() -> None:
            # Not what it was before: that may have been another such fault, which is over by then.
            self._host.disk.devices[path].capacity_bytes = CAPACITY_BYTES

        self._later(fault, undo)

    def _hold(self, fault: Fault) -> None:
        if not self._control.is_there:
            return
        cameras = self._control.plan.cameras
        if cameras:
            camera = cameras[fault.target % len(cameras)]
            end_90k = self._host.clock.utc() + round((fault.amount - 0.5) * 40 * S)
            start_90k = end_90k - round((5 + fault.for_s) * S)
            self._control.place_hold(camera_id=camera.camera_id, start_90k=max(0, start_90k), end_90k=max(1, end_90k))

    def _release(self, fault: Fault) -> None:
        holds = self._control.plan.holds
        if self._control.is_there and holds:
            self._control.release_hold(holds[fault.target % len(holds)].hold_id)

    def _database_away(self, fault: Fault) -> None:
        self._control.is_there = False

        def undo() -> None:
            self._control.is_there = True

        self._later(fault, undo)

    def _web_away(self, fault: Fault) -> None:
        self._control.has_web = False

        def undo() -> None:
            self._control.has_web = True

        self._later(fault, undo)

    def _revoked(self, fault: Fault) -> None:
        if self._control.is_there:
            self.revoke(fault.target)

    def _plan_changed(self, fault: Fault) -> None:
        """A camera leaves the plan, or moves to another volume, and comes back later."""
        control = self._control
        if not control.is_there or len(control.plan.cameras) < 2:
            return
        camera = control.plan.cameras[fault.target % len(control.plan.cameras)]
        address = _host_of(camera.streams[0].address)
        others = tuple(other for other in control.plan.cameras if other is not camera)
        volumes = [volume.volume_id for volume in control.plan.volumes]
        self._disturb(3, fault.for_s + 15, address)
        if fault.amount < 0.5:
            moved = replace(camera, volume_id=volumes[(volumes.index(camera.volume_id) + 1) % len(volumes)])
            control.change(replace(control.plan, cameras=(*others, moved)))
            self._disturb(3, 60, address)
            return
        control.change(replace(control.plan, cameras=others))

        def undo() -> None:
            control.change(replace(control.plan, cameras=(*control.plan.cameras, camera)))
            self._disturb(3, 15 + 30, address)

        self._later(fault, undo)

    def _plan_restored(self, fault: Fault) -> None:
        """Somebody puts an older plan back; it must be refused, and no hold ends by its absence."""
        control = self._control
        if control.is_there:
            older = replace(control.plan, revision=0, holds=(), cameras=())
            now, control.plan = control.plan, older
            control.publish()
            control.plan = now
            control.is_owing = True
            self._disturb(0, 25)

    def _media_killed(self, fault: Fault) -> None:
        self._kill("media", fault)

    def _second_keeper(self, fault: Fault) -> None:
        volume_id, _path = self._volume_of(fault)
        name = keeper_name(volume_id)
        life = self._host.lives.get(name)
        # A keeper that has begun to listen has the lock, for as long as it lives and its disk is in. Tried in this very
        # turn: in the next one a power cut of the same instant may have taken the first.
        if life is None or life.task.done() or not life.process.transports:
            return
        if self._host.disk.has_open(life.process, self._volume_of(fault)[1] / "keeper.lock"):
            if not self._host.try_second_keeper(volume_id):
                self.violations.append("6: two keepers at once")


def _content(path: Path) -> dict[str, bytes]:
    """Return every file below a path that a process could have made or changed.

    Without a write-ahead log and its memory SQLite reads no index, so whoever reads one makes them, the log empty.
    That says nothing, and the disk is the same to everybody; a log with a single byte in it is a change.
    """
    files = [found for found in sorted(path.rglob("*")) if found.is_file() and not found.name.endswith("-shm")]
    contents = {str(found.relative_to(path)): found.read_bytes() for found in files}
    return {name: content for name, content in contents.items() if content or not name.endswith("-wal")}


def _opens(path: Path) -> int:
    return int(json.loads((path / "volume.json").read_bytes())["opens"])


def _host_of(address: str) -> str:
    return address.split("//")[1].split(":")[0]
