"""A recording node without its control plane: a home with a signed plan, its keeper and its workers."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from mingjian.base.clock import SystemClock
from mingjian.base.ids import CameraId, VolumeId, new_id
from mingjian.grants import signing
from mingjian.grants.signing import KeyPurpose
from mingjian.host import deployment
from mingjian.host.home import Home
from mingjian.recorder.targets import workers_needed
from mingjian.recordings import plan_paper
from mingjian.recordings.model import StreamRole
from mingjian.recordings.plan import PLAN_VERSION, Plan, PlannedCamera, PlannedVolume, RtspStream
from mingjian.recordings.volume import Volume

_PROCESS = "import sys; from mingjian.host.home import Home; from mingjian.recorder import {0}; {0}.main({1})"
KEEPER = _PROCESS.format("keeper", "Home.from_environ(), sys.argv[1]")
WORKER = _PROCESS.format("worker", "Home.from_environ(), int(sys.argv[1])")


@dataclass(frozen=True, slots=True)
class Node:
    """A home that was founded, and its plan."""

    home: Home
    plan: Plan

    @property
    def volume(self) -> Path:
        """Return the folder of its only volume."""
        return Path(self.plan.volumes[0].path)

    @property
    def environment(self) -> dict[str, str]:
        """Return what its processes need to find it."""
        return os.environ | {
            "MINGJIAN_HOME": str(self.home.root),
            "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        }


def found(folder: Path, *, port: int, cameras: int) -> Node:
    """Found a home in the folder and plan the cameras of a rig on this port of loopback."""
    home = Home(root=folder, bind="127.0.0.1", port=8000, media_port=8001)
    for path in (home.sockets, home.secrets, home.public_keys, home.volumes):
        path.mkdir(mode=0o700, parents=True)
    founded = deployment.found(home)
    signer = signing.generate(home, purpose=KeyPurpose.PLAN)
    volume_id = VolumeId(new_id())
    volume = home.volumes / volume_id
    Volume.create(volume, deployment_id=founded.deployment_id, volume_id=volume_id, budget_bytes=0)
    now = SystemClock().utc()
    plan = Plan(
        version=PLAN_VERSION,
        deployment_id=founded.deployment_id,
        epoch=founded.epoch,
        revision=1,
        issued_at_90k=now,
        cameras=tuple(
            PlannedCamera(
                camera_id=CameraId(new_id()),
                name=f"camera {slot}",
                campus="bench",
                slot=slot,
                volume_id=volume_id,
                streams=(RtspStream(role=StreamRole.MAIN, address=f"rtsp://127.0.0.1:{port}/{slot}", credentials=""),),
                floor_days=30,
                sub_floor_days=3,
                since_90k=now,
            )
            for slot in range(cameras)
        ),
        volumes=(PlannedVolume(volume_id=volume_id, path=str(volume), budget_bytes=0),),
        holds=(),
        released_holds=(),
        allowed_networks=("127.0.0.0/8",),
        allowed_ports=((1, 65_535),),
        is_demo=False,
        purge_ceiling_days=None,
    )
    plan_paper.write_atomically(home.plan, plan_paper.encode(plan, signer=signer))
    return Node(home, plan)


@contextlib.contextmanager
def recording(node: Node, *, worker: Sequence[str] = (sys.executable, "-c", WORKER)) -> Iterator[list[int]]:
    """Run keeper and workers of the node; yield their ids, the keeper's first. `worker` is the command of one."""
    commands = [
        [sys.executable, "-c", KEEPER, node.plan.volumes[0].volume_id],
        *([*worker, str(index)] for index in range(workers_needed(node.plan))),
    ]
    processes = [subprocess.Popen(command, env=node.environment) for command in commands]
    try:
        yield [process.pid for process in processes]
    finally:
        end(processes[::-1])


def end(processes: "Sequence[subprocess.Popen[str] | subprocess.Popen[bytes]]") -> None:
    """Ask one process after the other to end, and wait for it: workers have something to tell the keeper."""
    for process in processes:
        process.terminate()
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
