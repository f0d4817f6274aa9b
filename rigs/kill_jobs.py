"""Small lives of a volume for the kill sweep: each runs in one process and says in a pipe what it was promised.

A line is `a RECORDING END` when a fragment was appended, `c RECORDING ROOT` when a row was closed, `h HOLD` when a hold
was in force: from that instant on a death may not take it back.
"""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from mingjian.base import ids
from mingjian.base.clock import SimulatedClock
from mingjian.base.ids import DeploymentId, VolumeId
from mingjian.base.ticks import TICKS_PER_S
from mingjian.media.fmp4_writer import fragment
from mingjian.media.samples import Sample
from mingjian.recordings import index as indexes
from mingjian.recordings import salvage
from mingjian.recordings.index import Index, PlannedStream
from mingjian.recordings.model import (
    GapCause,
    Hold,
    RecordingOpened,
    RunEnded,
    RunStarted,
    StreamKey,
    StreamRole,
)
from mingjian.recordings.retention import Retention
from mingjian.recordings.volume import Volume, read_identity
from mingjian.recordings.writer import RecordingWriter

T0 = 1_700_000_000 * TICKS_PER_S
HALF_90K = TICKS_PER_S // 2
Say = Callable[[str], None]


def volume_at(root: Path) -> Volume:
    """Open the volume of a job's folder."""
    told = read_identity(root / "volume")
    return Volume.open(root / "volume", deployment_id=told.deployment_id, volume_id=told.volume_id)


def kept(root: Path, clock: SimulatedClock) -> "indexes.AbstractContextManager[Index]":
    """Keep the volume of a job's folder."""
    return indexes.keeping(volume_at(root), memory=root / "memory.json", host="rig", epoch=1, clock=clock)


def make(root: Path) -> None:
    """Make an empty volume."""
    Volume.create(
        root / "volume", deployment_id=DeploymentId(ids.new_id()), volume_id=VolumeId(ids.new_id()), budget_bytes=0
    )


def making(root: Path, say: Say, init: bytes) -> None:
    """Make a volume, keep it twice."""
    shutil.rmtree(root / "volume", ignore_errors=True)
    make(root)
    for _ in range(2):
        with kept(root, SimulatedClock(T0)):
            pass
    say("done")


def rotation(root: Path, say: Say, init: bytes) -> None:
    """Record one run in three files, beside a hold."""
    with kept(root, SimulatedClock(T0)) as index:
        stream = StreamKey(ids.new_id(), StreamRole.MAIN, "video")
        index.expect([PlannedStream(stream, T0, 0)])
        hold = Hold(ids.new_id(), stream.camera_id, T0, T0 + TICKS_PER_S, "rig")
        index.set_hold(hold)
        say(f"h {hold.hold_id}")
        record(index, stream, start_90k=T0, files=3, say=say, init=init)


def retention(root: Path, say: Say, init: bytes) -> None:
    """Let footage go under pressure: `before_retention` made it."""
    with kept(root, SimulatedClock(T0 + 100 * TICKS_PER_S)) as index:
        Retention(index=index).run_pass(now_90k=T0 + 100_000 * TICKS_PER_S, ceiling_90k=TICKS_PER_S)
    say("done")


def before_retention(root: Path, init: bytes) -> None:
    """Close files of two cameras past their floor, the first of each held."""
    make(root)
    with kept(root, SimulatedClock(T0)) as index:
        streams = [StreamKey(ids.new_id(), StreamRole.MAIN, "video") for _ in range(2)]
        index.expect([PlannedStream(stream, T0, 0) for stream in streams])
        for stream in streams:
            record(index, stream, start_90k=T0, files=8, say=lambda _: None, init=init)
            index.set_hold(Hold(ids.new_id(), stream.camera_id, T0, T0 + TICKS_PER_S, "rig"))


def salvaging(root: Path, say: Say, init: bytes) -> None:
    """Salvage what `before_salvage` left behind."""
    with kept(root, SimulatedClock(T0 + 100 * TICKS_PER_S)) as index:
        salvage.salvage(index)
    say("done")


def before_salvage(root: Path, init: bytes) -> None:
    """Leave a torn file with a row, a whole one without, and a stray."""
    make(root)
    with kept(root, SimulatedClock(T0)) as index:
        for number in range(2):
            stream = StreamKey(ids.new_id(), StreamRole.MAIN, "video")
            index.expect([PlannedStream(stream, T0, 0)])
            last = record(index, stream, start_90k=T0, files=2, say=lambda _: None, init=init, is_left_open=True)
            with last.open("ab") as media:
                media.write(bytes(700))
            if number:
                with index.transaction() as cursor:
                    cursor.execute("DELETE FROM recording WHERE state = 'open' AND recording_id = ?", (last.stem,))
        (last.parent / "stray.txt").write_text("not ours")


def record(
    index: Index,
    stream: StreamKey,
    *,
    start_90k: int,
    files: int,
    say: Say,
    init: bytes,
    is_left_open: bool = False,
) -> Path:
    """Record files of two seconds as one run; return the last one's path."""
    run_id, at_90k = ids.new_id(), start_90k
    index.apply(RunStarted(run_id, stream, at_90k, GapCause.RECORDER_DOWN, True, "h264", 64, 48, None, "w0"))
    path = Path()
    for number in range(files):
        recording_id = ids.new_id()
        writer = RecordingWriter(
            volume=index.volume, stream=stream, run_id=run_id, recording_id=recording_id, init=init
        )
        path = writer.media_path
        index.apply(RecordingOpened(recording_id, run_id, stream, at_90k, "h264", "avc1.42c00b", 64, 48))
        for sequence in range(4):
            writer.append(
                fragment(sequence=sequence + 1, samples=[Sample(at_90k, at_90k, HALF_90K, bytes(3000), True)]),
                first_pts_90k=at_90k,
                first_dts_90k=at_90k,
                duration_90k=HALF_90K,
                samples=1,
                flags=1,
            )
            at_90k += HALF_90K
            say(f"a {recording_id} {at_90k}")
        if is_left_open and number == files - 1:
            writer.abandon()
            return path
        closed = writer.close()
        index.apply(closed)
        say(f"c {recording_id} {closed.root}")
    index.apply(RunEnded(run_id, stream, at_90k, GapCause.CAMERA_SILENT, "end"))
    return path


def to_pipe(descriptor: int) -> Say:
    """Return how a job says something: one write, whole or not at all."""
    return lambda text: os.write(descriptor, text.encode() + b"\n") and None


JOBS: dict[str, tuple[Callable[[Path, bytes], None], Callable[[Path, Say, bytes], None]]] = {
    "making": (lambda root, _: None, making),
    "rotation": (lambda root, _: make(root), rotation),
    "retention": (before_retention, retention),
    "salvage": (before_salvage, salvaging),
}
