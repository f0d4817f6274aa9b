"""One seed: a small site is founded, its faults are drawn and done, everything is healed, and the oracles are asked."""

import asyncio
import contextlib
import gc
import logging
import random
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mingjian.base import ids
from mingjian.base.ids import CameraId, VolumeId, new_id
from mingjian.base.ticks import TICKS_PER_S, Ticks90k
from mingjian.grants import signing
from mingjian.grants.signing import KeyPurpose
from mingjian.host import deployment, unix_door
from mingjian.host.home import Home
from mingjian.recorder import keeper, run
from mingjian.recordings import plan_paper, salvage
from mingjian.recordings.model import StreamRole
from mingjian.recordings.plan import PLAN_VERSION, Plan, PlannedCamera, PlannedVolume, RtspStream
from mingjian.recordings.volume import Volume
from simulation import faults as troubles
from simulation.cameras import Camera, Cameras
from simulation.clocks import HostClock, TrueTime
from simulation.control import Control
from simulation.device import CAPACITY_BYTES, Device
from simulation.disk import FoundingDisk, SimulatedDisk
from simulation.faults import Doer, Fault
from simulation.host import Host, keeper_name
from simulation.loop import Door, SimulatedLoop
from simulation.oracles import KILL_TAIL_90K, Oracles
from simulation.sqlite_files import SimulatedFiles
from simulation.trace import Listener, Trace
from simulation.viewing import Audience, Ledger

S = TICKS_PER_S
DAY_S = 86_400
HORIZON_S = 50.0
SETTLE_S = 55.0
CLERK_S = 2.5
MOST_FAULTS = 8
MEMORY = Path("/dev/shm")  # noqa: S108  folders of our own below it


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one seed showed."""

    seed: int
    violations: tuple[str, ...]
    faults: tuple[Fault, ...]
    lines: tuple[str, ...]
    hash: str


def play(seed: int, *, faults: tuple[Fault, ...] | None = None) -> Outcome:
    """Play a seed, with `faults` in place of those it would draw."""
    root = Path(tempfile.mkdtemp(prefix="mingjian-sim-", dir=MEMORY if MEMORY.is_dir() else None))
    gc.disable()
    try:
        with _scaled():
            return _play(seed, root, faults)
    finally:
        gc.enable()
        shutil.rmtree(root, ignore_errors=True)


def _play(seed: int, root: Path, faults: tuple[Fault, ...] | None) -> Outcome:
    dice = random.Random(seed)  # noqa: S311  faults
    truth = TrueTime()
    trace = Trace(truth, root)
    schedule = troubles.draw(dice, horizon_s=HORIZON_S, most=MOST_FAULTS) if faults is None else faults
    chance = random.Random(seed + 1)  # noqa: S311  ids and everything else
    with ids.drawn_from(lambda: uuid.UUID(int=chance.getrandbits(128), version=4)), _heard(trace):
        stage = _found(seed, root, truth, trace, chance)
        asyncio.set_event_loop(stage.host.loop)
        try:
            stage.host.loop.run_until_complete(_perform(stage, schedule))
        finally:
            asyncio.set_event_loop(None)
    oracles = stage.oracles
    return Outcome(seed, tuple(oracles.violations), schedule, tuple(trace.lines), trace.hash)


@dataclass(frozen=True, slots=True)
class _Stage:
    host: Host
    control: Control
    doer: Doer
    oracles: Oracles
    audience: Audience


def _found(seed: int, root: Path, truth: TrueTime, trace: Trace, chance: random.Random) -> _Stage:
    shape = random.Random(seed + 2)  # noqa: S311  the site
    home = Home(root=root / "home", bind="127.0.0.1", port=1, media_port=2)
    for folder in (home.root, home.plan.parent, home.sockets, home.root / "keepers", home.root / "reports"):
        folder.mkdir(parents=True)
    (root / "scratch").mkdir()
    founded = deployment.found(home)
    signer = signing.generate(home, purpose=KeyPurpose.PLAN)
    clock = HostClock(truth)
    disk = SimulatedDisk(truth, clock, chance)
    loop = SimulatedLoop(truth, delay=lambda process: host.thread_delay(process))
    host = Host(
        truth=truth,
        clock=clock,
        disk=disk,
        loop=loop,
        trace=trace,
        cameras=Cameras(),
        home=home,
        deployment=founded,
        dice=chance,
    )
    SimulatedFiles.stand_over(disk)
    for number in range(shape.choice((1, 2, 2, 2))):
        volume_id, path = VolumeId(new_id()), root / f"volume-{number}"
        budget_bytes = shape.choice((0, 40_000, 80_000))
        names = {"deployment_id": founded.deployment_id, "volume_id": volume_id}
        Volume.create(path, **names, budget_bytes=budget_bytes, disk=FoundingDisk())
        host.volumes[volume_id] = path
        disk.devices[path] = Device(path, capacity_bytes=CAPACITY_BYTES)
    floor_s = shape.choice((15, 30, 60))
    planned = [_camera(host, number, floor_s=floor_s, shape=shape) for number in range(shape.choice((1, 2, 3)))]
    plan = Plan(
        version=PLAN_VERSION,
        deployment_id=founded.deployment_id,
        epoch=1,
        revision=1,
        issued_at_90k=clock.utc(),
        cameras=tuple(planned),
        volumes=tuple(PlannedVolume(key, str(path), 0) for key, path in host.volumes.items()),
        holds=(),
        released_holds=(),
        allowed_networks=("10.0.0.0/8",),
        allowed_ports=((1, 65_535),),
        is_demo=False,
        purge_ceiling_days=shape.choice((None, None, 2 * floor_s / DAY_S)),
    )
    disk.devices[home.root] = Device(home.root, capacity_bytes=CAPACITY_BYTES)
    control = Control(host, signer, plan)
    control.publish()
    cameras = host.cameras.by_host
    doer = Doer(host, control, list(cameras.values()), root / "scratch", chance)
    oracles = Oracles(host, control, doer, cameras, floor_90k=floor_s * S)
    audience = Audience(
        host,
        control,
        signer=signing.generate(home, purpose=KeyPurpose.SPOOL),
        verifier=signing.load_verifier(home, purpose=KeyPurpose.SPOOL),
        ledger=Ledger(control, chance),
        cameras=[camera.camera_id for camera in planned],
        dice=random.Random(seed + 3),  # noqa: S311  who watches when
    )
    host.others["media"] = audience.serve
    doer.revoke, doer.power_is_cut = audience.revoke, audience.power_is_cut
    doer.until_s = HORIZON_S - 0.5
    doer.power_will_be_cut, doer.power_was_cut = oracles.expect_cut, oracles.after_cut
    disk.timeline_now = lambda: host.workers["worker"]._timeline.now()
    disk.on_unlink = oracles.deleting
    host.on_death = oracles.dying
    return _Stage(host, control, doer, oracles, audience)


def _camera(host: Host, number: int, *, floor_s: int, shape: random.Random) -> PlannedCamera:
    address = f"10.0.0.{number + 1}"
    host.cameras.by_host[address] = Camera(
        address, host.truth, drift_ppm=shape.choice((0, 0, 300, -300)), size_bytes=shape.choice((80, 300))
    )
    return PlannedCamera(
        camera_id=CameraId(new_id()),
        name=f"camera {number}",
        campus="north",
        slot=number,
        volume_id=list(host.volumes)[number % len(host.volumes)],
        streams=(RtspStream(role=StreamRole.MAIN, address=f"rtsp://{address}:554/main", credentials=""),),
        floor_days=floor_s / DAY_S,
        sub_floor_days=floor_s / DAY_S,
        since_90k=Ticks90k(host.clock.utc()),
    )


async def _perform(stage: _Stage, schedule: tuple[Fault, ...]) -> None:
    host, control = stage.host, stage.control
    loop = host.loop
    host.boot()
    stage.doer.disturbed.append((-1.0, 6.0, None))

    def clerk() -> None:
        control.round()
        loop.call_later(CLERK_S, clerk)

    def watch() -> None:
        stage.oracles.watch()
        loop.call_later(1.0, watch)

    def look() -> None:
        stage.audience.look()
        loop.call_later(0.05, look)

    loop.call_later(0.05, look)
    loop.call_later(0.5, clerk)
    loop.call_later(1.0, watch)
    for fault in schedule:
        loop.call_later(fault.at_s, _do, stage, fault)
    await asyncio.sleep(HORIZON_S)
    host.trace.say("everything is made well")
    stage.doer.heal()
    await asyncio.sleep(SETTLE_S)
    host.trace.say("everything is told to stop")
    host.is_leaving = True
    host.stop("worker")
    host.stop("media")
    await asyncio.sleep(12.0)
    for volume_id in host.volumes:
        host.stop(keeper_name(volume_id))
    await asyncio.sleep(5.0)
    while control.round():
        pass
    for name in list(host.lives):
        stage.oracles.violated(f"8: {name} does not end when it is told to")
        host.kill(name)
    await asyncio.sleep(1.0)
    stage.oracles.finish()
    stage.audience.finish()
    stage.oracles.violations += stage.audience.violations


def _do(stage: _Stage, fault: Fault) -> None:
    if fault.kind != "power_cut":
        stage.oracles.bound_90k = KILL_TAIL_90K
    if fault.kind == "old_copy":
        for path in stage.host.volumes.values():
            stage.doer.keep_copy(path)
        for name in list(stage.host.lives):
            if name != "worker":
                stage.host.stop(name)
        stage.host.loop.call_later(6.0, stage.doer.do, fault)
        return
    stage.doer.do(fault)


@contextlib.contextmanager
def _scaled() -> Iterator[None]:
    """Let files last twenty seconds and passes come every ten, so that minutes show what takes days."""
    kept = run.FILE_90K, keeper.RETENTION_S, keeper.SALVAGE_S, plan_paper.LEGAL_FLOOR_DAYS, keeper.Keeper._reread
    newborn_s, salvage.NEWBORN_S = salvage.NEWBORN_S, 6.0
    run.FILE_90K, keeper.RETENTION_S, keeper.SALVAGE_S, plan_paper.LEGAL_FLOOR_DAYS = 15 * S, 8.0, 30.0, 0
    listening = unix_door.listening
    unix_door.listening = Door  # type: ignore[assignment]
    # The scrub sleeps on a thread of its own for as long as its keeper lives: it is not in the simulation.
    keeper.Keeper._reread = _rest  # type: ignore[method-assign]
    try:
        yield
    finally:
        unix_door.listening = listening
        run.FILE_90K, keeper.RETENTION_S, keeper.SALVAGE_S, plan_paper.LEGAL_FLOOR_DAYS, keeper.Keeper._reread = kept  # type: ignore[method-assign]
        salvage.NEWBORN_S = newborn_s


async def _rest(_keeper: keeper.Keeper) -> None:
    await asyncio.Event().wait()


@contextlib.contextmanager
def _heard(trace: Trace) -> Iterator[None]:
    logger = logging.getLogger("mingjian")
    listener, level, propagates = Listener(trace), logger.level, logger.propagate
    logger.addHandler(listener)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    try:
        yield
    finally:
        logger.removeHandler(listener)
        logger.setLevel(level)
        logger.propagate = propagates
