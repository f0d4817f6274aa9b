"""Disks that fail under real recording: each scenario spoils one of two disks while cameras are recorded on both.

Told for each: the longest gap of a camera whose disk failed (whatever of it lies on either disk afterwards), the gap of
the camera on the other disk, how soon the worker named the trouble, and what `check` finds after repair.
"""

import argparse
import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from mingjian.base.clock import SystemClock
from mingjian.base.ids import VolumeId
from mingjian.base.ticks import TICKS_PER_S
from mingjian.recorder import status
from mingjian.recordings import asking, salvage
from mingjian.recordings import index as indexes
from mingjian.recordings.check import check
from mingjian.recordings.plan import PlannedCamera
from rigs import apart, brimful, host, killsweep
from rigs.host import Forked, Host
from rigs.verdict import Verdict

NOTICED_WITHIN_S = 5.0
HANGS_S = 14
# One deadline for the volume that hangs, and what starting a command takes on a busy machine.
ASKED_WITHIN_S = asking.DEADLINE_S + 3.0


@dataclass(slots=True)
class Scene:
    """One host with a disk that fails, a disk that does not, and their processes."""

    rig: Host
    failing: VolumeId
    sound: VolumeId
    worker: Forked
    root: Path

    @property
    def path(self) -> Path:
        """Where the failing disk is mounted."""
        return self.rig.home.volumes / self.failing


def power_gone(scene: Scene) -> None:
    scene.rig.disks[scene.failing].cut()


def turned_read_only(scene: Scene) -> None:
    scene.rig.disks[scene.failing].remount_read_only()


def full(scene: Scene) -> None:
    with (scene.path / "stuffing").open("wb") as stuffing, contextlib.suppress(OSError):
        while True:
            stuffing.write(bytes(1 << 18))
            stuffing.flush()


def no_inodes(scene: Scene) -> None:
    with contextlib.suppress(OSError):
        for number in range(10_000):
            (scene.path / f"stuffing{number}").touch()


def hanging(scene: Scene) -> None:
    scene.rig.disks[scene.failing].freeze(seconds=HANGS_S)


def pulled(scene: Scene) -> None:
    scene.rig.disks[scene.failing].pull()


def swapped(scene: Scene) -> None:
    other = scene.rig.add_stranger(scene.root / "stranger.img")
    scene.rig.disks[scene.failing].pull()
    scene.rig.disks[scene.failing].mount(image=other)


def sync_fails(scene: Scene) -> None:
    # The sync of one camera's directory: by its name strace tells it from the files of the sound disk.
    trace = scene.root / "trace"
    arguments = ["-y", "-o", str(trace), "-P", str(next((scene.path / "media").iterdir()))]
    killsweep.attach(scene.worker.pid, [*arguments, "-e", "trace=fsync", "-e", "inject=fsync:error=EIO:when=1"])


@dataclass(frozen=True, slots=True)
class Scenario:
    """What fails, what status must say of it, and how many seconds a camera of that disk may miss."""

    fail: Callable[[Scene], None]
    troubles: frozenset[str]
    gap_s: float
    options: tuple[str, ...] = ()


_WRITE = frozenset({"recordings.write_failed", "recordings.sync_failed", "recordings.volume_read_only"})
SCENARIOS = {
    "power_gone": Scenario(power_gone, _WRITE | {"recordings.volume_missing"}, 2.0),
    "read_only": Scenario(turned_read_only, _WRITE, 2.0),
    "full": Scenario(full, frozenset({"recordings.write_failed", "recordings.volume_full"}), 2.0),
    "no_inodes": Scenario(
        no_inodes, frozenset({"recordings.write_failed", "recordings.volume_full"}), 2.0, ("-N", "64")
    ),
    "hanging": Scenario(hanging, frozenset({"recorder.disk_hangs"}), 3.0),
    "pulled": Scenario(pulled, _WRITE | {"recordings.volume_missing"}, 2.0),
    "swapped": Scenario(swapped, _WRITE | {"recordings.volume_missing", "recordings.volume_foreign"}, 2.0),
    "sync_fails": Scenario(sync_fails, frozenset({"recordings.sync_failed"}), 2.0),
}


def main() -> None:
    """Play them and tell."""
    parser = argparse.ArgumentParser(description=__doc__, prog="./dev faults")
    every = [*SCENARIOS, *brimful.BRIMS]
    parser.add_argument("names", nargs="*", default=every, metavar="NAME", help=" ".join(every))
    options = parser.parse_args()
    apart.enter()
    verdict = Verdict()
    for name in options.names:
        if name in brimful.BRIMS:
            brimful.play(name, brimful.BRIMS[name], verdict)
            continue
        with host.founded() as rig:
            _play(rig, name, SCENARIOS[name], verdict)
    verdict.finish()


def _play(rig: Host, name: str, scenario: Scenario, verdict: Verdict) -> None:
    failing, sound = rig.add_disk(options=scenario.options), rig.add_disk()
    moved = [rig.add_camera(volume_id=failing) for _ in range(2)]
    neighbour = rig.add_camera(volume_id=sound)
    rig.site.publish()
    for volume_id in (failing, sound):
        rig.start_keeper(volume_id)
    worker = rig.start_worker(file_s=2)
    planned = {camera.camera_id: camera for camera in rig.site.cameras}
    for camera_id in (*moved, neighbour):
        rig.site.await_recorded(planned[camera_id], 4)
    media_before = _files(rig, failing)
    scenario.fail(Scene(rig, failing, sound, worker, rig.home.root.parent))
    failed_s = time.monotonic()
    seen = _await_trouble(rig, failing, scenario.troubles)
    verdict.judge(f"{name}_noticed", time.monotonic() - failed_s, "s", at_most=NOTICED_WITHIN_S)
    verdict.note(f"  the worker says {seen}")
    if name == "hanging":
        _ask_meanwhile(rig, failing, sound, verdict)
    time.sleep(max(4.0, HANGS_S - (time.monotonic() - failed_s)) if name == "hanging" else 4)
    ended_90k = status.present(rig.home, clock=SystemClock())
    verdict.judge_least(f"{name}_worker_lives", int(worker.is_alive()), "process", at_least=1)
    if name in ("pulled", "swapped"):
        beside = len(_files(rig, failing) - media_before)
        verdict.judge(f"{name}_written_beside", beside, "files", at_most=0)
    if name == "sync_fails":
        verdict.judge(f"{name}_tried_again", _retries(rig.home.root.parent / "trace"), "fsyncs", at_most=0)
    _repair(rig, failing, name)
    findings = _heal(rig)
    for finding in findings[:5]:
        verdict.note(f"  {finding}")
    verdict.judge(f"{name}_findings", len(findings), "findings", at_most=0)
    lost_s = max(_gap_s(rig, planned[camera_id], ended_90k) for camera_id in moved)
    verdict.judge(f"{name}_lost", lost_s, "s", at_most=scenario.gap_s)
    verdict.judge(f"{name}_neighbour_lost", _gap_s(rig, planned[neighbour], ended_90k), "s", at_most=0.0)


def _ask_meanwhile(rig: Host, failing: VolumeId, sound: VolumeId, verdict: Verdict) -> None:
    """Ask as a shell and as a page do while the disk hangs: both get their answer, and the page's next one at once."""
    begun_s = time.monotonic()
    command = [sys.executable, "-m", "mingjian.cli", "status", "--json"]
    environment = os.environ | {"MINGJIAN_HOME": str(rig.home.root)}
    told = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=True)
    verdict.judge("hanging_status_answers", time.monotonic() - begun_s, "s", at_most=ASKED_WITHIN_S)
    volumes = {volume["id"]: volume for volume in json.loads(told.stdout)["volumes"]}
    verdict.note(f"  {volumes[failing]['troubles']} since {volumes[failing]['answered_at']}")
    is_told = "recordings.volume_hangs" in volumes[failing]["troubles"] and not volumes[sound]["troubles"]
    verdict.judge_least("hanging_status_names_it", int(is_told), "volume", at_least=1)
    for metric, bound_s in (("hanging_page_answers", ASKED_WITHIN_S), ("hanging_next_page_answers", 0.5)):
        begun_s = time.monotonic()
        status.collect(rig.home)
        verdict.judge(metric, time.monotonic() - begun_s, "s", at_most=bound_s)


def _await_trouble(rig: Host, failing: VolumeId, troubles: frozenset[str]) -> list[str]:
    def seen() -> list[str]:
        # The worker's paper, not `status`: that one asks the disk itself, and hangs with it.
        entry = rig.site.worker_paper()["volumes"].get(failing, {})
        return [str(entry["trouble"])] if entry.get("trouble") else []

    rig.site.wait_until(lambda: bool(troubles.intersection(seen())), patience_s=15, told=lambda: str(seen()))
    return seen()


def _files(rig: Host, volume_id: VolumeId) -> set[Path]:
    with contextlib.suppress(OSError):
        return set((rig.home.volumes / volume_id).rglob("*.mp4"))
    return set()


def _retries(trace: Path) -> int:
    """Count fsyncs of a file after one of it failed."""
    failed: set[str] = set()
    again = 0
    for line in trace.read_text().splitlines():
        path = line.partition("<")[2].partition(">")[0]
        again += path in failed
        if "(INJECTED)" in line:
            failed.add(path)
    return again


def _repair(rig: Host, failing: VolumeId, name: str) -> None:
    """Stop everything and put the right disk back in."""
    disk = rig.disks[failing]
    rig.kill_all()
    if name == "swapped":
        disk.unmount()
    if name in ("power_gone", "read_only"):
        disk.unmount()
    if name in ("power_gone", "read_only", "pulled", "swapped"):
        disk.mount()
    for stuffing in (rig.home.volumes / failing).glob("stuffing*"):
        stuffing.unlink()


def _heal(rig: Host) -> list[str]:
    """Salvage both volumes as their keepers would; return what check finds."""
    found = []
    for volume_id in rig.disks:
        volume = rig.volume(volume_id)
        with indexes.keeping(volume, memory=rig.memory(volume_id), host="rig", epoch=1, clock=SystemClock()) as index:
            salvage.salvage(index)
        found += [f"{finding.code} {finding.subject} {finding.detail}" for finding in check(volume)]
    return found


def _gap_s(rig: Host, camera: PlannedCamera, ended_90k: int) -> float:
    """Return the seconds without footage between a camera's first picture and a second before the end."""
    coverage = rig.site.coverage(camera)
    first = coverage.footage[0].start_90k
    last = ended_90k - 2 * TICKS_PER_S
    gaps = [gap for gap in coverage.gaps if gap.start_90k >= first and gap.start_90k < last]
    return sum(min(gap.end_90k, last) - gap.start_90k for gap in gaps) / TICKS_PER_S


if __name__ == "__main__":
    main()
