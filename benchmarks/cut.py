"""What cutting one hour into one MP4 takes, against `cp` of the same files and `ffmpeg -f concat -c copy`.

`./dev bench cut --minutes 60 --runs 3`. The hour (1080p25, 4 Mbit/s, six files of ten minutes) is recorded by our own
writer and lies in the page cache, as `cp` would find it too. The three take turns; wall and processor seconds, medians.
The bar is on throughput: at least 0.7 of what `cp` moves in a second.
"""

import argparse
import resource
import statistics
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.figures import metric, print_machine
from benchmarks.footage import START_90K, recorded
from mingjian.base.ticks import TICKS_PER_S
from mingjian.recordings import serve
from mingjian.recordings.model import StreamKey
from mingjian.recordings.reader import Library

BAR = 0.7


def main() -> None:
    """Record, let each have its turns, print medians."""
    parser = argparse.ArgumentParser(prog="./dev bench cut", description=__doc__)
    parser.add_argument("--minutes", type=int, default=60)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    print_machine()
    with recorded(seconds=options.minutes * 60) as (store, stream):
        files = [
            Path(recording.media_path)
            for recording in Library(volumes=[store.volume.path]).window(
                stream=stream, start_90k=START_90K, end_90k=START_90K + options.minutes * 60 * TICKS_PER_S
            )
        ]
        size_bytes = sum(path.stat().st_size for path in files)
        folder = store.volume.path
        ways: dict[str, Callable[[], None]] = {
            "cp": lambda: _copy(files, folder / "copied"),
            "mingjian": lambda: _cut(folder, stream, folder / "cut.mp4", minutes=options.minutes),
            "ffmpeg": lambda: _concatenate(files, folder / "joined.mp4"),
        }
        taken: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
        for _ in range(options.runs):
            for name, way in ways.items():
                taken[name].append(_timed(way))
    print(f"{size_bytes / 1e9:.2f} GB in {len(files)} files")
    wall = {name: statistics.median(wall_s for wall_s, _ in runs) for name, runs in taken.items()}
    cpu = {name: statistics.median(cpu_s for _, cpu_s in runs) for name, runs in taken.items()}
    for name in ways:
        metric(f"cut_{name}_wall", wall[name], "s")
        metric(f"cut_{name}_cpu", cpu[name], "s")
        metric(f"cut_{name}_throughput", size_bytes / wall[name] / 1e6, "MB/s")
    metric("cut_throughput_ratio_to_cp", wall["cp"] / wall["mingjian"], "x", at_least=BAR)
    metric("cut_wall_ratio_to_ffmpeg", wall["mingjian"] / wall["ffmpeg"], "x")


def _timed(way: Callable[[], None]) -> tuple[float, float]:
    before, begun = _processor_s(), time.monotonic()
    way()
    return time.monotonic() - begun, _processor_s() - before


def _processor_s() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _cut(volume: Path, stream: StreamKey, target: Path, *, minutes: int) -> None:
    target.unlink(missing_ok=True)
    with target.open("xb") as file:
        serve.export_window(
            Library(volumes=[volume]),
            stream=stream,
            start_90k=START_90K,
            end_90k=START_90K + minutes * 60 * TICKS_PER_S,
            target=file,
        )


def _copy(files: list[Path], folder: Path) -> None:
    subprocess.run(["/bin/rm", "-rf", str(folder)], check=True)
    folder.mkdir()
    subprocess.run(["/bin/cp", *map(str, files), str(folder)], check=True)


def _concatenate(files: list[Path], target: Path) -> None:
    listed = target.with_suffix(".txt")
    listed.write_text("".join(f"file '{path}'\n" for path in files), encoding="ascii")
    asked = [
        "-nostdin",
        "-v",
        "error",
        "-y",
        "-f",
        "concat",
        "-safe",
        "0",
        "-i",
        str(listed),
        "-c",
        "copy",
        str(target),
    ]
    subprocess.run(["/usr/bin/ffmpeg", *asked], check=True)


if __name__ == "__main__":
    main()
