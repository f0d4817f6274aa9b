"""SIGKILL at chosen system calls of everything that writes a volume; after each the volume must be sound again.

Two kinds of points. Jobs (making, rotation, retention, salvage) are small lives of a volume in one process, replayed
from a copy for every point. The real keeper and the real worker are killed while they record a simulated camera,
started again, and the volume is checked.
"""

import argparse
import logging
import os
import random
import shutil
import signal
import subprocess
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image

from mingjian.base.clock import SimulatedClock, SystemClock
from mingjian.base.ticks import TICKS_PER_S
from mingjian.media.coding import encode_clip
from mingjian.media.fmp4_writer import init_segment
from mingjian.media.samples import Codec
from mingjian.recordings import deletion, salvage
from mingjian.recordings import index as indexes
from mingjian.recordings.check import check
from mingjian.recordings.salvage import Fate
from rigs import apart, host, kill_jobs
from rigs.host import Forked
from rigs.verdict import Verdict

CALLS = (
    "openat", "mkdir", "write", "writev", "pwrite64", "fsync", "fdatasync", "ftruncate", "rename", "unlink", "flock"
)  # fmt: skip
_NEVER = frozenset({Fate.FAILED, Fate.LOST})


@dataclass(frozen=True, slots=True)
class Point:
    """Die on entering a call for the n-th time."""

    job: str
    call: str
    when: int


@dataclass(slots=True)
class Tally:
    """What the sweep showed."""

    points: int = 0
    deaths: int = 0
    violations: list[str] = field(default_factory=list)


def main() -> None:
    """Sweep and tell."""
    parser = argparse.ArgumentParser(description=__doc__, prog="./dev killsweep")
    parser.add_argument("--points", type=int, default=300, help="a fifth of them in the real keeper and worker")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    apart.enter()
    verdict = Verdict()
    logging.getLogger("mingjian").addHandler(logging.NullHandler())
    dice = random.Random(options.seed)  # noqa: S311  which points
    tally = Tally()
    root = Path(tempfile.mkdtemp(prefix="rig-"))
    try:
        of_processes = options.points // 5
        _sweep_jobs(root, tally, dice, points=options.points - of_processes)
    finally:
        shutil.rmtree(root, ignore_errors=True)
    _sweep_processes(tally, dice, points=of_processes)
    for violation in tally.violations[:10]:
        verdict.note(f"  {violation}")
    verdict.judge_least("points", tally.points, "points", at_least=options.points)
    verdict.judge_least("deaths", tally.deaths, "deaths", at_least=options.points * 9 // 10)
    verdict.judge("violations", len(tally.violations), "violations", at_most=0)
    verdict.finish()


def _sweep_jobs(root: Path, tally: Tally, dice: random.Random, *, points: int) -> None:
    images = [Image.new("RGB", (64, 48), "navy")] * 4
    init = init_segment(encode_clip(images, codec=Codec.H264, fps=4, bitrate_bps=100_000, gop=4)[0])
    candidates: dict[str, list[Point]] = {}
    for job, (prepare, _) in kill_jobs.JOBS.items():
        (root / job).mkdir()
        prepare(root / job, init)
        counted = _count(root, job, init)
        candidates[job] = [Point(job, call, n + 1) for call, count in counted.items() for n in range(count)]
        print(f"{job}: {dict(counted)}", flush=True)
        dice.shuffle(candidates[job])
    chosen = [point for job in candidates.values() for point in job[: points // len(candidates)]]
    left = [point for job in candidates.values() for point in job[points // len(candidates) :]]
    for point in chosen + left[: points - len(chosen)]:
        _kill_once(root, point, init, tally)


def _count(root: Path, job: str, init: bytes) -> "Counter[str]":
    trace = root / "count"
    _run(root, job, init, ["-o", str(trace), "-e", f"trace={','.join(CALLS)}"])
    return Counter(
        line.split(maxsplit=1)[1].split("(")[0]
        for line in trace.read_text().splitlines()
        if "(" in line and "resumed" not in line
    )


def _kill_once(root: Path, point: Point, init: bytes, tally: Tally) -> None:
    inject = ["-o", "/dev/null", "-e", f"trace={point.call}"]
    inject += ["-e", f"inject={point.call}:signal=KILL:when={point.when}"]
    exit_code, said = _run(root, point.job, init, inject)
    tally.points += 1
    tally.deaths += exit_code == -signal.SIGKILL
    where = f"{point.job} {point.call} {point.when}"
    try:
        _judge(root / "now", said, where, tally)
    except Exception as error:
        tally.violations.append(f"{where}: {type(error).__name__} {error}")


def _judge(root: Path, said: list[list[str]], where: str, tally: Tally) -> None:
    if not (root / "volume" / "volume.json").exists():
        # It died before there was a volume.
        if not where.startswith("making"):
            tally.violations.append(f"{where}: the volume's identity is gone")
        return
    with kill_jobs.kept(root, SimulatedClock(kill_jobs.T0 + 200 * TICKS_PER_S)) as index:
        found = salvage.salvage(index)
        deletion.finish(index)
        rows = {row.recording_id: row for row in index.recordings("")}
        holds = index.holds()
        held = [row for row in rows.values() for hold in holds if hold.camera_id == row.stream.camera_id]
        if where.startswith("retention") and not held:
            tally.violations.append(f"{where}: held footage is gone")
        for word, *rest in said:
            if word == "c" and (rest[0] not in rows or rows[rest[0]].root != rest[1]):
                tally.violations.append(f"{where}: closed {rest[0]} is not there")
            if word == "a" and (rest[0] not in rows or (rows[rest[0]].end_90k or 0) < int(rest[1])):
                tally.violations.append(f"{where}: a fragment of {rest[0]} is not there")
            if word == "h" and rest[0] not in {hold.hold_id for hold in holds}:
                tally.violations.append(f"{where}: hold {rest[0]} is not in force")
    if not _NEVER.isdisjoint(found.fates):
        tally.violations.append(f"{where}: salvage says {found.fates}")
    tally.violations += [f"{where}: {finding}" for finding in check(kill_jobs.volume_at(root))]


def _run(root: Path, job: str, init: bytes, strace: list[str]) -> tuple[int, list[list[str]]]:
    """Run a job on a fresh copy under strace; return how it ended and what it said."""
    shutil.rmtree(root / "now", ignore_errors=True)
    shutil.copytree(root / job, root / "now")
    reading, writing = os.pipe()

    def life() -> None:
        os.kill(os.getpid(), signal.SIGSTOP)
        kill_jobs.JOBS[job][1](root / "now", kill_jobs.to_pipe(writing), init)

    child = Forked(job, life, log=root / "log")
    os.close(writing)
    _under_strace(child.pid, strace)
    with os.fdopen(reading) as pipe:
        said = [line.split() for line in pipe.read().splitlines()]
    while child.is_alive():
        time.sleep(0.002)
    return child.exit_code or 0, said


def _under_strace(pid: int, arguments: list[str]) -> None:
    """Attach strace to a process that stops itself, and let it go on."""
    _, status = os.waitpid(pid, os.WUNTRACED)
    assert os.WIFSTOPPED(status)
    attach(pid, arguments)
    os.kill(pid, signal.SIGCONT)


def attach(pid: int, arguments: list[str]) -> None:
    """Attach strace to a process; return when it is attached to its first thread."""
    tracer = subprocess.Popen(
        ["/usr/bin/strace", "-f", "-p", str(pid), *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert tracer.stderr is not None
    if "attached" not in (line := tracer.stderr.readline()):
        raise apart.MissingPrivilege(f"ptrace: {line}")
    _TRACERS.append(tracer)


# Kept until the end: strace leaves by itself when its process does.
_TRACERS: "list[subprocess.Popen[str]]" = []


def _sweep_processes(tally: Tally, dice: random.Random, *, points: int) -> None:
    with host.founded() as rig:
        volume_id = rig.add_folder()
        for _ in range(2):
            rig.add_camera(volume_id=volume_id)
        rig.site.publish()
        for number in range(points):
            victim = ("keeper", "worker")[number % 2]
            calls = ("pwrite64", "fdatasync") if victim == "keeper" else ("writev", "flock", "fsync")
            call, when = dice.choice(calls), dice.randrange(1, 7)
            _kill_process(rig, volume_id, victim, call, when, tally)


def _kill_process(rig: host.Host, volume_id: str, victim: str, call: str, when: int, tally: Tally) -> None:
    where = f"{victim} {call} {when}"

    def stopped(process: str) -> None:
        if process == victim:
            os.kill(os.getpid(), signal.SIGSTOP)

    keeper = rig.start_keeper(volume_id, seeded=stopped)
    worker = rig.start_worker(seeded=stopped)
    dying, other = (keeper, worker) if victim == "keeper" else (worker, keeper)
    _under_strace(dying.pid, ["-o", "/dev/null", "-e", f"trace={call}", "-e", f"inject={call}:signal=KILL:when={when}"])
    deadline_s = time.monotonic() + 20
    while dying.is_alive() and time.monotonic() < deadline_s:
        time.sleep(0.01)
    tally.points += 1
    tally.deaths += dying.exit_code == -signal.SIGKILL
    if not other.is_alive():
        tally.violations.append(f"{where}: the other process died of it")
    rig.kill_all()
    volume = rig.volume(volume_id)
    with indexes.keeping(volume, memory=rig.memory(volume_id), host="rig", epoch=1, clock=SystemClock()) as index:
        found = salvage.salvage(index)
        if not _NEVER.isdisjoint(found.fates):
            tally.violations.append(f"{where}: salvage says {found.fates}")
    tally.violations += [f"{where}: {finding}" for finding in check(volume)]


if __name__ == "__main__":
    main()
