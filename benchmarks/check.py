"""Presence of half a million files: `mingjian check` of a volume with so many, and what it finds of those spoiled.

`./dev bench check --files 500000`. The rows are a real index's, a media file and a table of their right sizes made for
each. Then a few files are taken away, cut, or added, and each has to be named. `--cold` drops the
machine's caches before one more look, which needs root and slows down whatever else runs there.
"""

import argparse
import os
import shutil
import tempfile
import time
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
        _enter(index, made)
    table = bytes(fragments.HEADER_BYTES + RECORDS * fragments.RECORD_BYTES)
    for camera_id in cameras:
        (volume.media / camera_id).mkdir()
    for camera_id, recording_id in made:
        volume.media_path(camera_id=camera_id, recording_id=recording_id).write_bytes(MEDIA)
        volume.table_path(camera_id=camera_id, recording_id=recording_id).write_bytes(table)
    print(f"made      {2 * count} files of {CAMERAS} cameras in {time.monotonic() - begun_s:.0f} s", flush=True)
    return volume, made


def _enter(index: indexes.Index, made: list[tuple[CameraId, RecordingId]]) -> None:
    """Enter one run for each camera by its events, and its recordings as rows."""
    files: dict[CameraId, list[RecordingId]] = {}
    for camera_id, recording_id in made:
        files.setdefault(camera_id, []).append(recording_id)
    for number, (camera_id, recordings) in enumerate(files.items(), start=1):
        stream, run_id = StreamKey(camera_id, StreamRole.MAIN, "video"), RunId(ids.new_id())
        index.apply(RunStarted(run_id, stream, Ticks90k(T0), GapCause.UNKNOWN, True, "h264", 16, 16, None, "bench"))
        with index.transaction() as cursor:
            cursor.executemany(
                "INSERT INTO recording VALUES (?, ?, ?, 'closed', ?, ?, 'h264', 'avc1.640028', 16, 16, ?, ?, 50, ?,"
                " 0, '', '', 'bench', 1)",
                (
                    (name, run_id, number, T0 + place * FILE_90K, T0 + (place + 1) * FILE_90K, len(MEDIA), RECORDS - 1,
                     "0" * 64)
                    for place, name in enumerate(recordings)
                ),
            )  # fmt: skip
            cursor.execute("UPDATE stream SET is_rolled_up = 0 WHERE id = ?", (number,))
        end_90k = Ticks90k(T0 + len(recordings) * FILE_90K)
        index.apply(RunEnded(run_id, stream, end_90k, GapCause.CAMERA_SILENT, "bench"))
    while index.catch_up():
        pass


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
    begun_s, used_s = time.monotonic(), time.process_time()
    found = check_presence(volume)
    took_s = time.monotonic() - begun_s
    # On a busy machine the one says what the other cannot.
    figures.metric("presence_cpu", time.process_time() - used_s, "s")
    seen = {(finding.code, finding.subject) for finding in found}
    if seen != expected:
        raise SystemExit(f"found {sorted(seen)}, expected {sorted(expected)}")
    return took_s


if __name__ == "__main__":
    main()
