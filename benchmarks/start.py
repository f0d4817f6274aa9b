"""How long cameras go unrecorded: from cold until all are written, and when a switch takes all of them away at once.

`./dev bench start --cameras 200`. Cold: keeper and workers are started, and a camera counts once its fragment table
names pictures. Switch: the rig ends, cameras refuse for some seconds, another rig answers on the same port; a camera
counts once pictures were written since. Seconds at which 99 % and all were recorded. Then the same with a whole demo,
PostgreSQL and pages included, whose interface is asked five times a second: before, and from the switch's end until all
are back (`--only node` and `--only pages` for one of the two).
"""

import argparse
import contextlib
import os
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks import node, outage
from benchmarks.clips import make_clip
from benchmarks.figures import metric, percentile, print_machine
from benchmarks.rig import running
from benchmarks.system import Foreign, running_demo
from mingjian.base.clock import SystemClock
from mingjian.base.ticks import TICKS_PER_S
from mingjian.recordings.fragments import HEADER_BYTES, RECORD_BYTES

BAR_COLD_S = 15
BAR_SWITCH_S = 20
PATIENCE_S = 120.0
LOOK_S = 0.25
BAR_API_MS = 500
RATE = 5.0
QUIET_S = 20.0
MOST_LATE = 0.99


def main() -> None:
    """Start, take away, give back; print when."""
    parser = argparse.ArgumentParser(prog="./dev bench start", description=__doc__)
    parser.add_argument("--cameras", type=int, default=200)
    parser.add_argument("--dark", type=float, default=10.0, help="seconds without cameras")
    parser.add_argument("--only", choices=["node", "pages"], help="one of the two parts")
    options = parser.parse_args()
    print_machine()
    clip = make_clip("h264")
    if options.only != "pages":
        _measure_node(clip, cameras=options.cameras, dark_s=options.dark)
    if options.only != "node":
        _measure_pages(clip, cameras=options.cameras, dark_s=options.dark)


def _measure_node(clip: Path, *, cameras: int, dark_s: float) -> None:
    with tempfile.TemporaryDirectory(prefix="mingjian-bench-") as name, contextlib.ExitStack() as stack:
        folder = Path(name)
        with running(clip) as rig:
            home, begun = node.found(folder, port=rig.port, cameras=cameras), time.monotonic()
            stack.enter_context(node.recording(home))
            cold = _recorded(folder / "volumes", cameras, begun=begun, since=0.0)
        time.sleep(dark_s)
        since = time.time()
        with running(clip, port=rig.port):
            switched = _recorded(folder / "volumes", cameras, begun=time.monotonic(), since=since)
    metric(f"start_cold_99_percent@{cameras}", cold[0], "s")
    metric(f"start_cold_all@{cameras}", cold[1], "s", at_most=BAR_COLD_S)
    metric(f"start_switch_99_percent@{cameras}", switched[0], "s", at_most=BAR_SWITCH_S)
    metric(f"start_switch_all@{cameras}", switched[1], "s")


def _measure_pages(clip: Path, *, cameras: int, dark_s: float) -> None:
    with running_demo() as demo, tempfile.TemporaryDirectory(prefix="mingjian-bench-") as name:
        with running(clip) as rig:
            path, ids = outage.register(demo, port=rig.port, cameras=cameras, folder=Path(name))
            _recorded(path.parent, cameras, begun=time.monotonic(), since=0.0)
            asker, foreign = outage.Asker(demo, _asked(ids), session=demo.sign_in(), rate=RATE), Foreign()
            asking = threading.Thread(target=asker.run)
            asking.start()
            time.sleep(QUIET_S)
            before = asker.take()
            foreign.cores()
        try:
            time.sleep(dark_s)
            since = time.time()
            with running(clip, port=rig.port):
                switched = _recorded(path.parent, cameras, begun=time.monotonic(), since=since)
                during, busy = asker.take(), foreign.cores()
        finally:
            asker.stop()
            asking.join()
    for phase, answers in (("before", before), ("outage", during)):
        outage.print_by_path(phase, answers)
        taken_ms = [answer.ms for answer in answers]
        metric(f"start_api_{phase}_median@{cameras}", percentile(taken_ms, 0.5), "ms")
        metric(f"start_api_{phase}_p99@{cameras}", percentile(taken_ms, 0.99), "ms", at_most=BAR_API_MS)
    metric(f"start_pages_switch_99_percent@{cameras}", switched[0], "s", at_most=BAR_SWITCH_S)
    metric(f"start_api_outage_answers@{cameras}", len(during), "answers")
    metric(f"start_api_refused@{cameras}", asker.refused, "answers", at_most=0)
    metric(f"start_foreign_load@{cameras}", busy, "cores")


def _asked(ids: list[str]) -> list[str]:
    """Return what is asked in turn: cameras with their states, what was recorded of some of them, and pages."""
    now_90k = SystemClock().utc()
    window = f"start_90k={now_90k - 3_600 * TICKS_PER_S}&end_90k={now_90k}"
    return [
        "/api/v1/cameras/",
        f"/api/v1/cameras/{ids[0]}/",
        f"/api/v1/cameras/{ids[-1]}/coverage/?{window}",
        "/api/v1/holds/",
        "/",
        f"/cameras/{ids[0]}/",
    ]


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
    for camera in folder.glob("*/media/*"):
        for entry in os.scandir(camera):
            if entry.name.endswith(".frg"):
                found = entry.stat()
                # Record 0 is the init segment.
                if found.st_size >= HEADER_BYTES + 2 * RECORD_BYTES and found.st_mtime >= since:
                    yield camera.name


if __name__ == "__main__":
    main()
