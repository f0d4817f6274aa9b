"""What recording costs, against one `ffmpeg -c copy -f segment` per camera in the same run.

`./dev bench recorder --cameras 10 50 100 --codecs h264 h265 --runs 3`. Both record the same sender-paced cameras of
1080p25 (see rig.py), one after the other, as often as asked. Figures are processor seconds per camera-minute of the
recorder's own threads, keeper and workers together; the rig and the rest of the machine are told apart, and how late
the rig was. Bars hold from fifty cameras on, where a process is shared by many. Differences below about 15 % are noise.
Prints a line per run, then METRIC lines of medians.
"""

import argparse
import contextlib
import json
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from benchmarks import accounting, node
from benchmarks.clips import FPS, make_clip
from benchmarks.figures import metric, print_machine
from benchmarks.rig import WIRE_MBPS, RunningRig, running
from mingjian.media import fragments
from mingjian.recordings.fragments import media_records, read_table

BAR = 0.35
BAR_PSS_MB = 2.5
MANY, BAR_CORES = 300, 0.7
SHARED_BY = 50
WARM_UP_S = 8.0
STEADY_S = 3.0
PATIENCE_S = 120.0
WRITTEN_BYTES = 1 << 20
# A run in which a hundredth of the pictures left later than this says nothing about recorders.
LATE_MS = 100
FFMPEG_STAGGER_S = 0.1


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
    rig_late_ms: int
    other_cores: float


def main() -> None:
    """Run both recorders in turn and print what they cost."""
    parser = argparse.ArgumentParser(prog="./dev bench recorder", description=__doc__)
    parser.add_argument("--cameras", type=int, nargs="+", default=[20])
    parser.add_argument("--codecs", choices=["h264", "h265"], nargs="+", default=["h264"])
    parser.add_argument("--seconds", type=float, default=15.0, help="measured, after the start has settled")
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--only", choices=["mingjian", "ffmpeg"], help="one of them")
    parser.add_argument("--wire-mbps", type=int, default=WIRE_MBPS, help="of each camera's network; see rig.py")
    options = parser.parse_args()
    print_machine()
    for codec in options.codecs:
        clip = make_clip(codec)
        for cameras in options.cameras:
            _compare(options, codec=codec, clip=clip, cameras=cameras)


def _compare(options: argparse.Namespace, *, codec: str, clip: Path, cameras: int) -> None:
    print(f"{codec}, {cameras} cameras")
    print("recorder   CPU-s/cam-min  PSS MB/cam  wakes/cam/s            missing  rwnd ms    rig  late ms  other")
    found = []
    for _ in range(options.runs):
        for name in [options.only] if options.only else ["mingjian", "ffmpeg"]:
            run = one_run(name, clip=clip, cameras=cameras, seconds=options.seconds, wire_mbps=options.wire_mbps)
            print_run(run)
            found.append(run)
    report(found, codec=codec, cameras=cameras)


def one_run(name: str, *, clip: Path, cameras: int, seconds: float, wire_mbps: int) -> Figures:
    """Record all cameras with one recorder into a fresh folder and measure a window of it."""
    folder = Path(tempfile.mkdtemp(prefix="mingjian-bench-"))
    try:
        with running(clip, wire_mbps=wire_mbps) as rig:
            start = {"mingjian": start_mingjian, "ffmpeg": start_ffmpeg}[name]
            with start(folder, rig.port, cameras) as pids:
                _settle(folder, rig, cameras)
                # What happens before is left out: windows grow, and ffmpeg decodes to find out what it is given.
                before = _sample(pids, rig.pid, rig.port)
                time.sleep(seconds)
                after = _sample(pids, rig.pid, rig.port)
                late_ms = rig.late_p99_ms()
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
        rig_late_ms=late_ms,
        other_cores=(busy_s - cpu_s - rig_s) / wall_s,
    )


def _settle(folder: Path, rig: RunningRig, cameras: int) -> None:
    """Wait until every camera is being written and the rig is on time; return what cannot settle as it is."""
    deadline = time.monotonic() + PATIENCE_S
    time.sleep(WARM_UP_S)
    while time.monotonic() < deadline:
        written = [path for path in folder.rglob("*.mp4") if path.stat().st_size > WRITTEN_BYTES]
        if rig.late_p99_ms() <= LATE_MS and len(written) >= cameras:
            return
        time.sleep(STEADY_S)


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
def start_mingjian(folder: Path, port: int, cameras: int) -> Iterator[list[int]]:
    """Start keeper and workers of a home in the folder; yield their ids."""
    with node.recording(node.found(folder, port=port, cameras=cameras)) as pids:
        yield pids


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
            time.sleep(FFMPEG_STAGGER_S)
        yield [process.pid for process in processes]
    finally:
        node.end(processes)


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
        missing += sum(max(0, step - 1) for step in steps)
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
        missing += sum(max(0, step - 1) for step in steps)
    return expected, missing


def print_run(run: Figures) -> None:
    """Print one line of the table."""
    pictures = f"{run.missing} of {run.expected}"
    print(
        f"{run.recorder:<10}{run.cpu_s_per_camera_minute:>14.4f}{run.pss_bytes_per_camera / 1e6:>12.2f}"
        f"{run.wake_ups_per_camera_second:>13.1f}{pictures:>19}{run.window_limited_ms:>9}{run.rig_cores:>7.2f}"
        f"{run.rig_late_ms:>9}{run.other_cores:>7.2f}",
        flush=True,
    )


def report(found: list[Figures], *, codec: str, cameras: int) -> None:
    """Print the METRIC lines."""
    label, is_barred = f"{codec}@{cameras}", cameras >= SHARED_BY
    valid = [run for run in found if run.rig_late_ms <= LATE_MS]
    if len(valid) < len(found):
        print(f"left out: {len(found) - len(valid)} runs in which the rig was late")
    ours = [run for run in valid if run.recorder == "mingjian"]
    theirs = [run for run in valid if run.recorder == "ffmpeg"]
    if not ours:
        return
    cpu = _median(ours, lambda run: run.cpu_s_per_camera_minute)
    pss_mb = _median(ours, lambda run: run.pss_bytes_per_camera) / 1e6
    metric(f"recorder_cpu_s_per_camera_minute_{label}", cpu, "s")
    metric(f"recorder_own_cores_{label}", cpu * cameras / 60, "cores", at_most=BAR_CORES if cameras == MANY else None)
    metric(f"recorder_pss_per_camera_{label}", pss_mb, "MB", at_most=BAR_PSS_MB if is_barred else None)
    metric(f"recorder_missing_{label}", sum(run.missing for run in ours), "pictures", at_most=0)
    metric(f"recorder_rwnd_limited_{label}", sum(run.window_limited_ms for run in ours), "ms", at_most=0)
    if theirs:
        ratio = cpu / _median(theirs, lambda run: run.cpu_s_per_camera_minute)
        metric(f"recorder_cpu_ratio_to_ffmpeg_{label}", ratio, "x", at_most=BAR if is_barred else None)


def _median(runs: list[Figures], figure: Callable[[Figures], float]) -> float:
    return statistics.median(figure(run) for run in runs)


if __name__ == "__main__":
    main()
