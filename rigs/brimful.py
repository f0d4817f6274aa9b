"""Disks without a byte or a name left, on which a keeper must start, delete what may go, and keep what is held.

Tried twice on each: without the ballast, to show that the disk really is that full, and with it. What is run is the
keeper's own opening and one retention pass, as whoever owns the files: root, or somebody for whom the file system
keeps nothing in reserve.
"""

import contextlib
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import apsw

from mingjian.base.clock import SimulatedClock
from mingjian.base.ticks import TICKS_PER_S
from mingjian.media.fmp4_writer import init_segment
from mingjian.recordings import ballast
from mingjian.recordings.check import check
from mingjian.recordings.disk import SYSTEM
from mingjian.recordings.errors import RecordingsError
from mingjian.recordings.retention import Retention
from mingjian.recordings.volume import Volume
from rigs import clocks, kill_jobs
from rigs.disk import LoopDisk
from rigs.host import Forked
from rigs.verdict import Verdict

NOBODY = 65_534
FILES = 16
HELD = 2
# On a disk this small the write-ahead log outgrows the ballast: the keeper ends, its successor finds it folded in.
MOST_STARTS = 3
_FULL = 3


@dataclass(frozen=True, slots=True)
class Brim:
    """How a disk is made, who owns what is on it, and what it is filled with."""

    options: tuple[str, ...]
    owner: int
    fill: Callable[[Path], None]


def _bytes(volume: Path) -> None:
    """Fill to the last block, then to the last directory entry that needs none."""
    with (volume / "stuffing").open("wb", buffering=0) as stuffing:
        for size_bytes in (1 << 20, 1 << 12, 1 << 10, 1):
            with contextlib.suppress(OSError):
                while True:
                    stuffing.write(bytes(size_bytes))
        with contextlib.suppress(OSError):
            os.fsync(stuffing.fileno())


def _names(volume: Path) -> None:
    with contextlib.suppress(OSError):
        for number in range(10_000):
            (volume / f"stuffing{number}").touch()


BRIMS = {
    "brimful": Brim(("-m", "0"), 0, _bytes),
    "brimful_no_inodes": Brim(("-N", "128"), 0, _names),
    "brimful_reserved": Brim(("-m", "5"), NOBODY, _bytes),
}


def play(name: str, brim: Brim, verdict: Verdict) -> None:
    """Fill a disk and start on it."""
    with tempfile.TemporaryDirectory(prefix="rig-") as folder:
        root = Path(folder)
        root.chmod(0o755)
        disk = LoopDisk(root / "disk.img", root / "volume", options=brim.options)
        try:
            _play(name, brim, root, verdict)
        finally:
            disk.pull()


def _play(name: str, brim: Brim, root: Path, verdict: Verdict) -> None:
    volume = root / "volume"
    kill_jobs.before_retention(root, init_segment(clocks.clip()[0]))
    _own(root, brim.owner)
    for piece in (volume / "ballast").iterdir():
        piece.unlink()
    _as(brim.owner, lambda: brim.fill(volume))
    room = os.statvfs(volume)
    verdict.note(f"  {room.f_bavail} blocks and {room.f_favail} names left, {room.f_bfree - room.f_bavail} in reserve")
    refused = _as(brim.owner, lambda: _start(root))
    verdict.judge_least(f"{name}_refused_without_ballast", int(refused == _FULL), "start", at_least=1)
    _empty(volume)
    ballast.make(volume, disk=SYSTEM)
    _own(root, brim.owner)
    _as(brim.owner, lambda: brim.fill(volume))
    opened = kill_jobs.volume_at(root)
    verdict.judge(f"{name}_starts_needed", _starts_needed(root, brim.owner), "starts", at_most=MOST_STARTS)
    verdict.judge_least(f"{name}_ballast_told_gone", int(not _is_whole(opened)), "volume", at_least=1)
    left = len(list(opened.media.glob("*/*.mp4")))
    verdict.judge(f"{name}_still_there", left, f"of {FILES}", at_most=HELD)
    verdict.judge_least(f"{name}_held_there", left, "recordings", at_least=HELD)
    _empty(volume)
    verdict.judge(f"{name}_starts_needed_after", _starts_needed(root, brim.owner), "starts", at_most=1)
    verdict.judge_least(f"{name}_ballast_made_again", int(_is_whole(opened)), "volume", at_least=1)
    verdict.judge(f"{name}_findings", len(check(opened)), "findings", at_most=0)


def _starts_needed(root: Path, owner: int) -> int:
    """Start as often as a supervisor would; return which start could let everything go."""
    return next((count for count in range(1, MOST_STARTS + 1) if not _as(owner, lambda: _start(root))), MOST_STARTS + 1)


def _start(root: Path) -> int:
    """Open as a keeper does, let one pass delete what may go, and make the ballast again if there is room."""
    now_90k = kill_jobs.T0 + 100_000 * TICKS_PER_S
    try:
        with kill_jobs.kept(root, SimulatedClock(now_90k)) as index:
            Retention(index=index).run_pass(now_90k=now_90k, ceiling_90k=TICKS_PER_S)
            for _ in range(FILES):
                # The brake lets one go in each pass.
                Retention(index=index).run_pass(now_90k=now_90k, ceiling_90k=TICKS_PER_S)
            ballast.restore(index.volume.path, disk=index.volume.disk)
    except apsw.FullError:
        return _FULL
    except RecordingsError as error:
        if error.code != "recordings.volume_full":
            raise
        return _FULL
    return 0


def _as(owner: int, work: Callable[[], int | None]) -> int:
    """Do it in a process of that user; return what it returns."""

    def main() -> None:
        os.setgid(owner)
        os.setuid(owner)
        code = work() or 0
        if code:
            os._exit(code)

    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        process = Forked("start", main, log=log)
        while process.is_alive():
            os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        if process.exit_code not in (0, _FULL):
            raise AssertionError(log.read_text())
        return process.exit_code or 0


def _own(root: Path, owner: int) -> None:
    for path in (root, *root.rglob("*")):
        os.chown(path, owner, owner)


def _empty(volume: Path) -> None:
    for stuffing in volume.glob("stuffing*"):
        stuffing.unlink()


def _is_whole(volume: Volume) -> bool:
    return ballast.is_whole(volume.path, disk=volume.disk)
