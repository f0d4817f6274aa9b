"""How long a viewer waits after choosing an instant: seek to first bytes, in an index of ninety days of 200 cameras.

`./dev bench playback --seeks 300`. A seek is what the media server does: ask the index, read the table, read and
cut the fragment in which the window opens. The index is synthetic, chosen files are real (see archive.py).
Windows of an hour, as they are granted; then windows from the instant to the newest footage, the worst there is. Each
seek is taken cold (tables, media and index pushed out of the page cache before it) and again at once.
"""

import argparse
import os
import random
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks import archive
from benchmarks.archive import Archive, Files
from benchmarks.figures import metric, percentile, print_machine
from benchmarks.system import Foreign
from mingjian.base.clock import SystemClock
from mingjian.base.ticks import TICKS_PER_S
from mingjian.recordings.model import StreamKey
from mingjian.recordings.reader import Library
from mingjian.streaming.footage import Piece
from mingjian.streaming.history import Walk, Window

BAR_MS = 50
HOUR_90K = 3_600 * TICKS_PER_S


@dataclass(frozen=True, slots=True)
class Taken:
    """What one seek took; where the machine is busy with other things, the processor time is what is ours."""

    wall_ms: float
    cpu_ms: float


def main() -> None:
    """Make the files, seek, print percentiles."""
    parser = argparse.ArgumentParser(prog="./dev bench playback", description=__doc__)
    parser.add_argument("--cameras", type=int, default=200)
    parser.add_argument("--days", type=int, default=90)
    parser.add_argument("--seeks", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    print_machine()
    store = archive.opened(cameras=options.cameras, days=options.days)
    print(f"index of {(store.path / 'index.db').stat().st_size / 1e6:.0f} MB", flush=True)
    files, foreign = Files(), Foreign()
    try:
        chosen = list(_chosen(store, files, count=options.seeks, seed=options.seed))
        for name, span_90k in (("hour", HOUR_90K), ("to_the_end", store.end_90k)):
            foreign.cores()
            taken = [_seek(store, stream, at_90k, span_90k) for stream, at_90k in chosen]
            metric(f"seek_{name}_foreign_load", foreign.cores(), "cores")
            for number, state in enumerate(("cold", "warm")):
                times_ms = [pair[number].wall_ms for pair in taken]
                cpu_ms = [pair[number].cpu_ms for pair in taken]
                metric(f"seek_{name}_{state}_cpu_p99", percentile(cpu_ms, 0.99), "ms")
                metric(f"seek_{name}_{state}_median", percentile(times_ms, 0.5), "ms")
                metric(f"seek_{name}_{state}_p99", percentile(times_ms, 0.99), "ms", at_most=BAR_MS)
    finally:
        files.remove()


def _chosen(store: Archive, files: Files, *, count: int, seed: int) -> list[tuple[StreamKey, int]]:
    """Choose instants that were recorded, and make their files."""
    source, library = random.Random(seed), Library(volumes=[store.path])  # noqa: S311 - the same every time
    chosen: list[tuple[StreamKey, int]] = []
    while len(chosen) < count:
        stream = source.choice(store.streams)
        at_90k = source.randrange(store.end_90k - store.days * archive.DAY_S * TICKS_PER_S, store.end_90k - HOUR_90K)
        found = library.window(stream=stream, start_90k=at_90k, end_90k=at_90k + 1)
        if found and (found[0].end_90k or 0) - at_90k > archive.AROUND_90K:
            files.make(found[0], at_90k=at_90k)
            chosen.append((stream, at_90k))
    return chosen


def _seek(store: Archive, stream: StreamKey, at_90k: int, span_90k: int) -> tuple[Taken, Taken]:
    """Return what it took until the first bytes, cold and warm."""
    window = Window(stream, at_90k - HOUR_90K // 2, min(at_90k + span_90k, store.end_90k), 0)
    for path in (store.path / "index.db", *(store.path / "media" / stream.camera_id).iterdir()):
        _push_out(path)
    return _first_bytes(store, window, at_90k), _first_bytes(store, window, at_90k)


def _first_bytes(store: Archive, window: Window, at_90k: int) -> Taken:
    begun, begun_cpu = time.perf_counter(), time.process_time()
    walk = Walk(
        library=Library(volumes=[store.path]), clock=SystemClock(), window=window, at_90k=at_90k, is_sync_only=False
    )
    piece = next(item for item in walk.items() if isinstance(item, Piece))
    if abs(piece.first_pts_90k - at_90k) > archive.AROUND_90K:
        raise AssertionError("not where it was asked for")
    return Taken((time.perf_counter() - begun) * 1000, (time.process_time() - begun_cpu) * 1000)


def _push_out(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fdatasync(descriptor)
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(descriptor)


if __name__ == "__main__":
    main()
