"""Presence of half a million files: `mingjian check` of a volume with so many, and what it finds of those spoiled.

`./dev bench check --files 500000`. Rows are entered by the index's own event door, a media file and a table of their
right sizes made for each. Then a few files are taken away, cut, or added, and each has to be named. `--cold` drops the
machine's caches before one more look, which needs root and slows down whatever else runs there.
"""

import argparse
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from benchmarks import figures
from mingjian.base import ids
from mingjian.base.clock import SimulatedClock
from mingjian.base.ids import CameraId, DeploymentId, RecordingId, RunId, VolumeId
from mingjian.base.ticks import TICKS_PER_S, Ticks90k
from mingjian.recordings import fragments
from mingjian.recordings import index as indexes
from mingjian.recordings.check import check_presence
from mingjian.recordings.model import (
    GapCause,
    RecorderEvent,
    RecordingClosed,
    RecordingOpened,
    RunEnded,
    RunStarted,
    StreamKey,
    StreamRole,
)
from mingjian.recordings.volume import Volume

BAR_S = 20.0
CAMERAS = 100
FILE_90K = 600 * TICKS_PER_S
T0 = 1_790_000_000 * TICKS_PER_S
MEDIA = bytes(512)
RECORDS = 3


def main() -> None:
    """Make, look, spoil, look again."""
    parser = argparse.ArgumentParser(description=__doc__, prog="./dev bench check")
    parser.add_argument("--files", type=int, default=500_000, help="two for each recording")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--cold", action="store_true", help="also with all caches dropped (root)")
    options = parser.parse_args()
    figures.print_machine()
    root = Path(tempfile.mkdtemp(prefix="mingjian-bench-check-"))
    try:
        volume, made = _make(root, options.files // 2)
        for number in range(options.rounds):
            figures.metric(f"presence_warm_{number + 1}", _look(volume, expected=set()), "s", at_most=BAR_S)
        if options.cold:
            os.sync()
            Path("/proc/sys/vm/drop_caches").write_text("3")
            figures.metric("presence_cold", _look(volume, expected=set()), "s", at_most=BAR_S)
        _look(volume, expected=_spoil(volume, made))
        figures.metric("spoiled_files_named", 1, "of 1", at_least=1)
    finally:
        shutil.rmtree(root)


def _make(root: Path, count: int) -> tuple[Volume, list[tuple[CameraId, RecordingId]]]:
    deployment_id, volume_id = DeploymentId(ids.new_id()), VolumeId(ids.new_id())
    volume = Volume.create(root / "volume", deployment_id=deployment_id, volume_id=volume_id, budget_bytes=0)
    cameras = [CameraId(ids.new_id()) for _ in range(CAMERAS)]
    made = [(cameras[number % CAMERAS], RecordingId(ids.new_id())) for number in range(count)]
    begun_s = time.monotonic()
    with indexes.keeping(volume, memory=root / "memory", host="bench", epoch=1, clock=SimulatedClock(T0)) as index:
        events = _events(made)
        while batch := list(islice(events, 5_000)):
            index.apply_many(batch)
        with index.transaction() as cursor:
            cursor.execute("DELETE FROM outbox")
    table = bytes(fragments.HEADER_BYTES + RECORDS * fragments.RECORD_BYTES)
    for camera_id in cameras:
        (volume.media / camera_id).mkdir()
    for camera_id, recording_id in made:
        volume.media_path(camera_id=camera_id, recording_id=recording_id).write_bytes(MEDIA)
        volume.table_path(camera_id=camera_id, recording_id=recording_id).write_bytes(table)
    print(f"made      {2 * count} files of {CAMERAS} cameras in {time.monotonic() - begun_s:.0f} s", flush=True)
    return volume, made


def _events(made: list[tuple[CameraId, RecordingId]]) -> Iterator[RecorderEvent]:
    runs = {camera_id: RunId(ids.new_id()) for camera_id, _ in made}
    ends: dict[CameraId, int] = {}
    for camera_id, recording_id in made:
        stream, run_id = StreamKey(camera_id, StreamRole.MAIN, "video"), runs[camera_id]
        start_90k = Ticks90k(ends.get(camera_id, T0))
        end_90k = Ticks90k(start_90k + FILE_90K)
        if camera_id not in ends:
            yield RunStarted(run_id, stream, start_90k, GapCause.UNKNOWN, True, "h264", 16, 16, None, "bench")
        ends[camera_id] = end_90k
        yield RecordingOpened(recording_id, run_id, stream, start_90k, "h264", "avc1.640028", 16, 16)
        yield RecordingClosed(
            recording_id, run_id, stream, start_90k, end_90k, len(MEDIA), RECORDS - 1, 50, "0" * 64, is_salvaged=False
        )
    for camera_id, end in ends.items():
        stream = StreamKey(camera_id, StreamRole.MAIN, "video")
        yield RunEnded(runs[camera_id], stream, Ticks90k(end), GapCause.CAMERA_SILENT, "bench")


def _spoil(volume: Volume, made: list[tuple[CameraId, RecordingId]]) -> set[tuple[str, str]]:
    """Take away, cut and add files; return the code and the subject of each finding there must be."""
    gone, cut, torn = (made[len(made) * part // 4] for part in (1, 2, 3))
    volume.media_path(camera_id=gone[0], recording_id=gone[1]).unlink()
    os.truncate(volume.media_path(camera_id=cut[0], recording_id=cut[1]), len(MEDIA) - 1)
    os.truncate(volume.table_path(camera_id=torn[0], recording_id=torn[1]), fragments.HEADER_BYTES + 5)
    stray = volume.media_path(camera_id=gone[0], recording_id=RecordingId(ids.new_id()))
    stray.touch()
    os.utime(stray, (0, 0))
    unknown = f"{gone[0]}/{stray.name}"
    return {
        ("file_missing", gone[1]), ("size_differs", cut[1]), ("table_torn", torn[1]), ("file_unknown", unknown)
    }  # fmt: skip


def _look(volume: Volume, *, expected: set[tuple[str, str]]) -> float:
    begun_s = time.monotonic()
    found = check_presence(volume)
    took_s = time.monotonic() - begun_s
    seen = {(finding.code, finding.subject) for finding in found}
    if seen != expected:
        raise SystemExit(f"found {sorted(seen)}, expected {sorted(expected)}")
    return took_s


if __name__ == "__main__":
    main()
