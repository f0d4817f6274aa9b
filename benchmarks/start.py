"""How long cameras go unrecorded: from cold until all are written, and when a switch takes all of them away at once.

`./dev bench start --cameras 200`. Cold: keeper and workers are started, and a camera counts once its fragment table
names pictures. Switch: the rig ends, cameras refuse for some seconds, another rig answers on the same port; a camera
counts once pictures were written since. Seconds at which 99 % and all were recorded.
"""

import argparse
import contextlib
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks import node
from benchmarks.clips import make_clip
from benchmarks.figures import metric, print_machine
from benchmarks.rig import running
from mingjian.recordings.fragments import HEADER_BYTES, RECORD_BYTES

BAR_COLD_S = 15
BAR_SWITCH_S = 20
PATIENCE_S = 120.0
LOOK_S = 0.25
MOST_LATE = 0.99


def main() -> None:
    """Start, take away, give back; print when."""
    parser = argparse.ArgumentParser(prog="./dev bench start", description=__doc__)
    parser.add_argument("--cameras", type=int, default=200)
    parser.add_argument("--dark", type=float, default=10.0, help="seconds without cameras")
    options = parser.parse_args()
    print_machine()
    clip = make_clip("h264")
    with tempfile.TemporaryDirectory(prefix="mingjian-bench-") as name, contextlib.ExitStack() as stack:
        folder = Path(name)
        with running(clip) as rig:
            home, begun = node.found(folder, port=rig.port, cameras=options.cameras), time.monotonic()
            stack.enter_context(node.recording(home))
            cold = _recorded(folder, options.cameras, begun=begun, since=0.0)
        time.sleep(options.dark)
        since = time.time()
        with running(clip, port=rig.port):
            switched = _recorded(folder, options.cameras, begun=time.monotonic(), since=since)
    metric(f"start_cold_99_percent@{options.cameras}", cold[0], "s")
    metric(f"start_cold_all@{options.cameras}", cold[1], "s", at_most=BAR_COLD_S)
    metric(f"start_switch_99_percent@{options.cameras}", switched[0], "s", at_most=BAR_SWITCH_S)
    metric(f"start_switch_all@{options.cameras}", switched[1], "s")


def _recorded(folder: Path, cameras: int, *, begun: float, since: float) -> tuple[float, float]:
    """Return after how many seconds 99 % and all cameras had pictures written since an instant."""
    most = None
    while time.monotonic() - begun < PATIENCE_S:
        count = len(set(_written(folder, since)))
        now_s = time.monotonic() - begun
        if most is None and count >= cameras * MOST_LATE:
            most = now_s
        if count >= cameras:
            return most or now_s, now_s
        time.sleep(LOOK_S)
    raise TimeoutError(f"{count} of {cameras} are recorded")


def _written(folder: Path, since: float) -> Iterator[str]:
    for camera in folder.glob("volumes/*/media/*"):
        for entry in os.scandir(camera):
            if entry.name.endswith(".frg"):
                found = entry.stat()
                # Record 0 is the init segment.
                if found.st_size >= HEADER_BYTES + 2 * RECORD_BYTES and found.st_mtime >= since:
                    yield camera.name


if __name__ == "__main__":
    main()
