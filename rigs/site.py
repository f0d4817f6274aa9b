"""A host in a temporary folder: founded, with keys, volumes and a signed plan, whose recorder processes really run."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mingjian.base.clock import SystemClock
from mingjian.base.ids import CameraId, VolumeId, new_id
from mingjian.base.ticks import TICKS_PER_S
from mingjian.grants import sealing, signing
from mingjian.grants.signing import KeyPurpose
from mingjian.host import deployment
from mingjian.host.home import Home
from mingjian.recorder import status
from mingjian.recordings import plan_paper
from mingjian.recordings.model import Coverage, GapCause, StreamKey, StreamRole
from mingjian.recordings.plan import PLAN_VERSION, Plan, PlannedCamera, PlannedVolume, RtspStream
from mingjian.recordings.reader import Library
from mingjian.recordings.volume import Volume

PATIENCE_S = 25.0
HOUR_90K = 3_600 * TICKS_PER_S

_PREAMBLE = "import sys; from mingjian.host.home import Home; home = Home.from_environ(); "
_KEEPER = _PREAMBLE + "from mingjian.recorder import keeper; keeper.main(home, sys.argv[1])"
_WORKER = _PREAMBLE + "from mingjian.recorder import worker; worker.main(home, int(sys.argv[1]))"


class Site:
    """One recorder host under test."""

    KEEPER = _KEEPER
    WORKER = _WORKER

    def __init__(self, home: Home, processes: contextlib.ExitStack) -> None:
        self.home = home
        self.clock = SystemClock()
        self.deployment = deployment.found(home)
        self.signer = signing.generate(home, purpose=KeyPurpose.PLAN)
        self.credential_key = sealing.generate_key(home)
        self.cameras: list[PlannedCamera] = []
        self.volumes: list[PlannedVolume] = []
        self.revision = 0
        self._processes = processes
        self.volume_id = self.add_volume()

    def add_volume(self) -> VolumeId:
        volume_id = VolumeId(new_id())
        path = self.home.volumes / volume_id
        Volume.create(path, deployment_id=self.deployment.deployment_id, volume_id=volume_id, budget_bytes=0)
        self.volumes.append(PlannedVolume(volume_id=volume_id, path=str(path), budget_bytes=0))
        return volume_id

    def add_camera(
        self,
        address: str,
        *,
        user: str = "",
        password: str = "",
        slot: int | None = None,
        volume_id: VolumeId | None = None,
        sub_address: str = "",
    ) -> PlannedCamera:
        camera_id = CameraId(new_id())
        sealed = ""
        if user:
            text = json.dumps({"user": user, "password": password})
            sealed = sealing.seal(text, key=self.credential_key, context=camera_id)
        streams = [RtspStream(role=StreamRole.MAIN, address=address, credentials=sealed)]
        if sub_address:
            streams.append(RtspStream(role=StreamRole.SUB, address=sub_address, credentials=sealed))
        camera = PlannedCamera(
            camera_id=camera_id,
            name=f"camera {len(self.cameras)}",
            campus="north",
            slot=len(self.cameras) if slot is None else slot,
            volume_id=volume_id or self.volume_id,
            streams=tuple(streams),
            floor_days=30,
            sub_floor_days=3,
            since_90k=self.clock.utc(),
        )
        self.cameras.append(camera)
        return camera

    def publish(self, **changes: Any) -> Plan:
        """Sign and write the plan of what was added so far."""
        self.revision += 1
        values: dict[str, Any] = {
            "version": PLAN_VERSION,
            "deployment_id": self.deployment.deployment_id,
            "epoch": self.deployment.epoch,
            "revision": self.revision,
            "issued_at_90k": self.clock.utc(),
            "cameras": tuple(self.cameras),
            "volumes": tuple(self.volumes),
            "holds": (),
            "released_holds": (),
            "allowed_networks": ("127.0.0.0/8",),
            "allowed_ports": ((1, 65_535),),
            "is_demo": False,
            "purge_ceiling_days": None,
        }
        plan = Plan(**(values | changes))
        plan_paper.write_atomically(self.home.plan, plan_paper.encode(plan, signer=self.signer))
        return plan

    def start_keeper(self, volume_id: VolumeId | None = None) -> "subprocess.Popen[bytes]":
        volume_id = volume_id or self.volume_id
        keeper = self.start(self.KEEPER, volume_id)
        self.wait_until(lambda: self.home.keeper_socket(volume_id).exists() or keeper.poll() is not None)
        assert keeper.poll() is None, "the keeper did not come up"
        return keeper

    def start_worker(self, index: int = 0) -> "subprocess.Popen[bytes]":
        return self.start(self.WORKER, str(index))

    def states(self) -> dict[str, dict[str, Any]]:
        """Return the cameras by id as `mingjian status --json` shows them."""
        return {camera["id"]: camera for camera in status.collect(self.home)["cameras"]}

    def worker_paper(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.home.worker_state("w0").read_text())
        return told

    def await_state(self, camera: PlannedCamera, state: str, *, patience_s: float = PATIENCE_S) -> dict[str, Any]:
        self.wait_until(
            lambda: self.states()[camera.camera_id]["state"] == state,
            patience_s=patience_s,
            told=lambda: str(self.states()[camera.camera_id]),
        )
        return self.states()[camera.camera_id]

    def library(self) -> Library:
        return Library(volumes=[Path(volume.path) for volume in self.volumes])

    def coverage(self, camera: PlannedCamera) -> Coverage:
        """Return everything the index tells of a camera's main stream until now."""
        now = status.present(self.home, clock=self.clock)
        return self.library().coverage(
            stream=self.stream_of(camera),
            start_90k=camera.since_90k,
            end_90k=now,
            planned_since_90k=camera.since_90k,
            now_90k=now,
        )

    @staticmethod
    def stream_of(camera: PlannedCamera, role: str = "main") -> StreamKey:
        return StreamKey(camera_id=camera.camera_id, role=StreamRole(role), track="video")

    def await_worker_turns(self, count: int) -> None:
        """Wait until the worker has kept house so many times more."""
        last = self.worker_paper()["at_90k"] + count * TICKS_PER_S
        self.wait_until(lambda: self.worker_paper()["at_90k"] >= last)

    def recorded_s(self, camera: PlannedCamera) -> float:
        return sum(span.end_90k - span.start_90k for span in self.coverage(camera).footage) / TICKS_PER_S

    def await_recorded(self, camera: PlannedCamera, seconds: float) -> None:
        self.wait_until(
            lambda: self.recorded_s(camera) >= seconds,
            patience_s=seconds + PATIENCE_S,
            told=lambda: f"{self.states()[camera.camera_id]} {self.coverage(camera)}",
        )

    def await_gap(self, camera: PlannedCamera, cause: GapCause) -> None:
        self.wait_until(
            lambda: cause in {gap.cause for gap in self.coverage(camera).gaps},
            told=lambda: f"{cause} {self.states()[camera.camera_id]} {self.coverage(camera)}",
        )

    def start(self, program: str, argument: str) -> "subprocess.Popen[bytes]":
        environment = os.environ | {"MINGJIAN_HOME": str(self.home.root)}
        process = subprocess.Popen([sys.executable, "-c", program, argument], env=environment)
        self._processes.callback(self.stop, process)
        return process

    @staticmethod
    def stop(process: "subprocess.Popen[bytes]") -> int:
        """End a process in order and return its exit code; safe to repeat."""
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(timeout=PATIENCE_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(timeout=PATIENCE_S)
        return process.returncode

    @staticmethod
    def kill(process: "subprocess.Popen[bytes]") -> None:
        """End a process as a power cut would."""
        process.kill()
        process.wait(timeout=PATIENCE_S)

    @staticmethod
    def wait_until(
        holds: Callable[[], bool], *, patience_s: float = PATIENCE_S, told: Callable[[], str] = lambda: ""
    ) -> None:
        """Poll until something holds, at most this long."""
        deadline = time.monotonic() + patience_s
        while not holds():
            assert time.monotonic() < deadline, f"waited {patience_s} s in vain {told()}"
            time.sleep(0.05)
