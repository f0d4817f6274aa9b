"""What recording costs, against one `ffmpeg -c copy -f segment` per camera in the same run.

`./dev bench recorder --cameras 50 --seconds 30 --runs 3`. Both record the same sender-paced 1080p25 cameras of about
4 Mbit/s (see rig.py), one after the other, as often as asked. Figures are processor seconds per camera-minute of the
recorder's own threads (keeper and workers together); the rig and the rest of the machine are told apart. Differences
below about 15 % are noise. Prints a table, then one METRIC line per figure.
"""

import argparse
import contextlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path

from benchmarks import accounting
from mingjian.base.clock import SystemClock
from mingjian.base.ids import CameraId, VolumeId, new_id
from mingjian.grants import signing
from mingjian.grants.signing import KeyPurpose
from mingjian.host import deployment
from mingjian.host.home import Home
from mingjian.media import fragments
from mingjian.recorder.targets import workers_needed
from mingjian.recordings import plan_paper
from mingjian.recordings.fragments import media_records, read_table
from mingjian.recordings.model import StreamRole
from mingjian.recordings.plan import PLAN_VERSION, Plan, PlannedCamera, PlannedVolume, RtspStream
from mingjian.recordings.volume import Volume

FPS = 25
BAR = 0.35
CLIP_S = 12
WARM_UP_S = 8.0
_PROCESS = "import sys; from mingjian.host.home import Home; from mingjian.recorder import {0}; {0}.main({1})"
_KEEPER = _PROCESS.format("keeper", "Home.from_environ(), sys.argv[1]")
_WORKER = _PROCESS.format("worker", "Home.from_environ(), int(sys.argv[1])")


@dataclass(frozen=True, slots=True)
class Figures:
    """What one recorder cost in one run."""

    recorder: str
    cpu_s_per_camera_minute: float
    pss_bytes_per_camera: int
    wake_ups_per_camera_second: float
    expected: int
    missing: int
    window_limited_ms: int
    rig_cores: float
    other_cores: float


def main() -> None:
    """Run both recorders in turn and print what they cost."""
    parser = argparse.ArgumentParser(prog="./dev bench recorder", description=__doc__)
    parser.add_argument("--cameras", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=15.0, help="measured, after the start has settled")
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--only", choices=["mingjian", "ffmpeg"], help="one of them, for profiling")
    parser.add_argument("--wire-mbps", type=int, default=100, help="of each camera's network; see rig.py")
    parser.add_argument("--python", default=sys.executable, help="interpreter of our processes")
    options = parser.parse_args()
    clip = make_clip()
    names = [options.only] if options.only else ["mingjian", "ffmpeg"]
    found = [
        one_run(
            name,
            clip=clip,
            cameras=options.cameras,
            seconds=options.seconds,
            python=options.python,
            wire_mbps=options.wire_mbps,
        )
        for _ in range(options.runs)
        for name in names
    ]
    report(found, cameras=options.cameras)


def make_clip() -> Path:
    """Return the clip, encoded at the first call: noise keeps the sync samples as large as a real scene's."""
    clip = Path(tempfile.gettempdir()) / f"mingjian-bench-1080p25-{CLIP_S}s.h264"
    if not clip.exists():
        draft = clip.with_suffix(f".{os.getpid()}.h264")
        source = f"testsrc2=size=1920x1080:rate={FPS},noise=alls=10:allf=t"
        coding = ["-c:v", "libx264", "-preset", "veryfast", "-b:v", "4M", "-maxrate", "4M", "-bufsize", "4M"]
        form = ["-bf", "0", "-g", "50", "-x264-params", "scenecut=0:sliced-threads=0", "-pix_fmt", "yuv420p"]
        command = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", source, "-t", str(CLIP_S), *coding, *form, str(draft)]
        subprocess.run(command, check=True)
        draft.replace(clip)
    return clip


def one_run(name: str, *, clip: Path, cameras: int, seconds: float, python: str, wire_mbps: int) -> Figures:
    """Record all cameras with one recorder into a fresh folder and measure a window of it."""
    folder = Path(tempfile.mkdtemp(prefix="mingjian-bench-"))
    try:
        with rig(clip, wire_mbps) as (rig_pid, port):
            start = {"mingjian": partial(start_mingjian, python=python), "ffmpeg": start_ffmpeg}[name]
            with start(folder, port, cameras) as pids:
                time.sleep(WARM_UP_S + cameras / 25)
                # Throttling at the very start, before windows have grown, is counted apart from the measured window.
                before = _sample(pids, rig_pid, port)
                time.sleep(seconds)
                after = _sample(pids, rig_pid, port)
                pss = accounting.pss_bytes(pids)
        count = {"mingjian": count_mingjian, "ffmpeg": count_ffmpeg}[name]
        expected, missing = count(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    wall_s = after.at_s - before.at_s
    cpu_s, rig_s = (after.cpu_ns - before.cpu_ns) / 1e9, (after.rig_ns - before.rig_ns) / 1e9
    busy_s = (after.busy_ns - before.busy_ns) / 1e9
    return Figures(
        recorder=name,
        cpu_s_per_camera_minute=cpu_s / cameras / wall_s * 60,
        pss_bytes_per_camera=pss // cameras,
        wake_ups_per_camera_second=(after.wake_ups - before.wake_ups) / cameras / wall_s,
        expected=expected,
        missing=missing,
        window_limited_ms=after.limited_ms - before.limited_ms,
        rig_cores=rig_s / wall_s,
        other_cores=(busy_s - cpu_s - rig_s) / wall_s,
    )


@dataclass(frozen=True, slots=True)
class _Sample:
    at_s: float
    cpu_ns: int
    rig_ns: int
    busy_ns: int
    limited_ms: int
    wake_ups: int


def _sample(pids: list[int], rig_pid: int, port: int) -> _Sample:
    return _Sample(
        at_s=time.monotonic(),
        cpu_ns=accounting.cpu_ns(pids),
        rig_ns=accounting.cpu_ns([rig_pid]),
        busy_ns=accounting.machine_busy_ns(),
        limited_ms=sum(accounting.receive_window_limited_ms(port)),
        wake_ups=accounting.wake_ups(pids),
    )


@contextlib.contextmanager
def rig(clip: Path, wire_mbps: int) -> Iterator[tuple[int, int]]:
    """Run the cameras; yield the process's id and its port."""
    command = [sys.executable, "-m", "benchmarks.rig", str(clip), "--wire-mbps", str(wire_mbps)]
    sender = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert sender.stdout is not None  # noqa: S101 - a pipe was asked for
        yield sender.pid, int(sender.stdout.readline().split()[1])
    finally:
        _end([sender])


@contextlib.contextmanager
def start_mingjian(folder: Path, port: int, cameras: int, *, python: str) -> Iterator[list[int]]:
    """Found a home in the folder, plan the cameras, start keeper and workers; yield their ids."""
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
    environment = os.environ | {"MINGJIAN_HOME": str(folder), "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    programs = [(_KEEPER, volume_id), *((_WORKER, str(index)) for index in range(workers_needed(plan)))]
    processes = [subprocess.Popen([python, "-c", program, argument], env=environment) for program, argument in programs]
    try:
        yield [process.pid for process in processes]
    finally:
        _end(processes[::-1])


@contextlib.contextmanager
def start_ffmpeg(folder: Path, port: int, cameras: int) -> Iterator[list[int]]:
    """Start one ffmpeg per camera, each writing fragmented segments; yield their ids."""
    processes = []
    try:
        for number in range(cameras):
            source = ["-rtsp_transport", "tcp", "-i", f"rtsp://127.0.0.1:{port}/{number}"]
            form = ["-segment_time", "600", "-segment_format_options", "movflags=+frag_keyframe+empty_moov"]
            target = [*form, str(folder / f"{number}-%d.mp4")]
            command = ["ffmpeg", "-nostdin", "-v", "error", *source, "-map", "0:v", "-c", "copy", "-f", "segment"]
            processes.append(subprocess.Popen([*command, *target], stdin=subprocess.DEVNULL))
        yield [process.pid for process in processes]
    finally:
        _end(processes)


def count_mingjian(folder: Path) -> tuple[int, int]:
    """Return how many pictures were to be expected between the first and the last of each file, and how many lack."""
    expected = missing = 0
    for table in folder.glob("volumes/*/media/*/*.frg"):
        records = media_records(read_table(table))
        with table.with_suffix(".mp4").open("rb") as media:
            times = [
                sample.pts_90k
                for record in records
                if media.seek(record.offset) >= 0
                for sample in fragments.read_fragment(media.read(record.length))
            ]
        steps = [round((after - before) * FPS / 90_000) for before, after in pairwise(times)]
        expected += sum(steps) + 1
        missing += sum(step - 1 for step in steps)
    return expected, missing


def count_ffmpeg(folder: Path) -> tuple[int, int]:
    """Return the same for ffmpeg's segments, by ffprobe."""
    expected = missing = 0
    for segment in folder.glob("*.mp4"):
        asked = ["ffprobe", "-v", "error", "-show_entries", "packet=pts_time", "-of", "json", str(segment)]
        told = subprocess.run(asked, capture_output=True, text=True, check=False)
        times = [float(packet["pts_time"]) for packet in json.loads(told.stdout or "{}").get("packets", [])]
        steps = [round((after - before) * FPS) for before, after in pairwise(times)]
        expected += sum(steps) + 1
        missing += sum(step - 1 for step in steps)
    return expected, missing


def report(found: list[Figures], *, cameras: int) -> None:
    """Print the table and the METRIC lines."""
    print("recorder   CPU-s/cam-min  PSS MB/cam  wakes/cam/s            missing  rwnd ms    rig  other")
    for run in found:
        pictures = f"{run.missing} of {run.expected}"
        print(
            f"{run.recorder:<10}{run.cpu_s_per_camera_minute:>14.4f}{run.pss_bytes_per_camera / 1e6:>12.2f}"
            f"{run.wake_ups_per_camera_second:>13.1f}{pictures:>19}{run.window_limited_ms:>9}{run.rig_cores:>7.2f}{run.other_cores:>7.2f}"
        )
    ours = [run for run in found if run.recorder == "mingjian"]
    theirs = [run for run in found if run.recorder == "ffmpeg"]
    if not ours:
        return
    cpu = _median(ours, lambda run: run.cpu_s_per_camera_minute)
    print(f"METRIC recorder_cpu_s_per_camera_minute@{cameras} {cpu:.4f} s")
    print(
        f"METRIC recorder_pss_per_camera@{cameras} {_median(ours, lambda run: run.pss_bytes_per_camera) / 1e6:.2f} MB"
    )
    _verdict(f"recorder_missing_pictures@{cameras}", sum(run.missing for run in ours), "pictures", bar=0)
    _verdict(f"recorder_rwnd_limited@{cameras}", sum(run.window_limited_ms for run in ours), "ms", bar=0)
    if theirs:
        ratio = cpu / _median(theirs, lambda run: run.cpu_s_per_camera_minute)
        _verdict(f"recorder_cpu_ratio_to_ffmpeg@{cameras}", round(ratio, 3), "x", bar=BAR)


def _median(runs: list[Figures], figure: Callable[[Figures], float]) -> float:
    return statistics.median(figure(run) for run in runs)


def _verdict(name: str, value: float, unit: str, *, bar: float) -> None:
    print(f"METRIC {name} {value} {unit} {'PASS' if value <= bar else 'FAIL'}")


def _end(processes: "list[subprocess.Popen[str]] | list[subprocess.Popen[bytes]]") -> None:
    for process in processes:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


if __name__ == "__main__":
    main()
