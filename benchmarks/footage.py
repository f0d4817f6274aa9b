"""Footage without cameras: a clip laid end to end into recordings, by the recorder's own writer and index."""

import contextlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.clips import FPS, make_clip
from benchmarks.rig import CODINGS, pictures_of
from mingjian.base.clock import SystemClock
from mingjian.base.ids import CameraId, DeploymentId, RecordingId, RunId, VolumeId, new_id
from mingjian.base.ticks import TICKS_PER_S, Ticks90k
from mingjian.media.fmp4_writer import codec_string, fragment, init_segment
from mingjian.media.nal import PACKINGS
from mingjian.media.samples import Codec, Sample, VideoFormat
from mingjian.recorder.fragmenting import Fragmenter
from mingjian.recordings.index import Index, PlannedStream, keeping
from mingjian.recordings.model import (
    FLAG_SYNC_FIRST,
    GapCause,
    RecordingOpened,
    RunEnded,
    RunStarted,
    StreamKey,
    StreamRole,
)
from mingjian.recordings.volume import Volume
from mingjian.recordings.writer import RecordingWriter

FILE_S = 600
PICTURE_90K = TICKS_PER_S // FPS
# An instant in summer, on the hour.
START_90K = 1_751_328_000 * TICKS_PER_S


@dataclass(frozen=True, slots=True)
class Film:
    """A clip as samples: its format, each picture as one NAL unit behind its length, and whether that is a sync one."""

    format: VideoFormat
    pictures: list[tuple[bytes, bool]]

    @classmethod
    def of(cls, codec: str) -> "Film":
        """Read the clip of this codec."""
        coding = CODINGS[codec]
        sets, units = pictures_of(make_clip(codec).read_bytes(), coding)
        sync_types = {5} if codec == "h264" else set(range(16, 22))
        pictures = [(len(unit).to_bytes(4, "big") + unit, coding.type_of(unit) in sync_types) for unit in units]
        return cls(PACKINGS[Codec(codec)].format_of(tuple(sets.values())), pictures)

    def fragments(self, *, start_90k: int, seconds: int) -> Iterator[list[Sample]]:
        """Yield so many seconds of it in the recorder's fragments."""
        fragmenter = Fragmenter()
        for number in range(seconds * FPS):
            data, is_sync = self.pictures[number % len(self.pictures)]
            at_90k = start_90k + number * PICTURE_90K
            yield from fragmenter.push([Sample(at_90k, at_90k, PICTURE_90K, data, is_sync)])
        yield from fragmenter.flush()


@dataclass(frozen=True, slots=True)
class Store:
    """A volume that its keeper's index is open for."""

    volume: Volume
    index: Index


@contextlib.contextmanager
def opened_store(folder: Path) -> Iterator[Store]:
    """Make a volume in the folder and keep its index."""
    deployment_id = DeploymentId(new_id())
    volume = Volume.create(folder / "volume", deployment_id=deployment_id, volume_id=VolumeId(new_id()), budget_bytes=0)
    with keeping(volume, memory=folder / "memory.json", host="bench", epoch=1, clock=SystemClock()) as index:
        yield Store(volume, index)


@contextlib.contextmanager
def recorded(*, seconds: int, codec: str = "h264") -> Iterator[tuple[Store, StreamKey]]:
    """Record so long of one camera into files of ten minutes, in a folder that goes with the context."""
    stream = StreamKey(CameraId(new_id()), StreamRole.MAIN, "video")
    with tempfile.TemporaryDirectory(prefix="mingjian-bench-") as folder, opened_store(Path(folder)) as store:
        store.index.expect([PlannedStream(stream, Ticks90k(0), Ticks90k(0))])
        record(store, stream, film=Film.of(codec), start_90k=START_90K, seconds=seconds, file_s=FILE_S)
        yield store, stream


def record(store: Store, stream: StreamKey, *, film: Film, start_90k: int, seconds: int, file_s: int) -> None:
    """Record one run of so many seconds from that instant into files of that length."""
    fmt, run_id = film.format, RunId(new_id())
    codec, width, height = fmt.codec, fmt.width, fmt.height
    start = Ticks90k(start_90k)
    store.index.apply(RunStarted(run_id, stream, start, GapCause.RECORDER_DOWN, True, codec, width, height, None, "b"))
    for first_s in range(0, seconds, file_s):
        recording_id, start = RecordingId(new_id()), Ticks90k(start_90k + first_s * TICKS_PER_S)
        writer = RecordingWriter(
            volume=store.volume, stream=stream, run_id=run_id, recording_id=recording_id, init=init_segment(fmt)
        )
        store.index.apply(RecordingOpened(recording_id, run_id, stream, start, codec, codec_string(fmt), width, height))
        length_s = min(file_s, seconds - first_s)
        for number, samples in enumerate(film.fragments(start_90k=start, seconds=length_s), start=1):
            append(writer, number, samples)
        store.index.apply(writer.close())
    end_90k = Ticks90k(start_90k + seconds * TICKS_PER_S)
    store.index.apply(RunEnded(run_id, stream, end_90k, GapCause.RECORDER_DOWN, ""))


def append(writer: RecordingWriter, sequence: int, samples: list[Sample]) -> None:
    """Write one fragment as the recorder does."""
    first = samples[0]
    writer.append(
        [b"".join(fragment(sequence=sequence, samples=samples))],
        first_pts_90k=first.pts_90k,
        first_dts_90k=first.dts_90k,
        duration_90k=sum(sample.duration_90k for sample in samples),
        samples=len(samples),
        flags=FLAG_SYNC_FIRST if first.is_sync else 0,
    )
