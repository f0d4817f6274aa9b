"""A volume with its index, and a studio that records real pictures on it at any instant it likes."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from mingjian.base import ids
from mingjian.base.clock import SimulatedClock
from mingjian.base.ticks import TICKS_PER_S
from mingjian.media.coding import encode_clip
from mingjian.media.fmp4_writer import codec_string, fragment, init_segment
from mingjian.media.samples import Codec, Sample, VideoFormat
from mingjian.recordings import index as indexes
from mingjian.recordings.index import Index, PlannedStream
from mingjian.recordings.model import (
    FLAG_SYNC_FIRST,
    GapCause,
    RecordingClosed,
    RecordingOpened,
    RunEnded,
    RunStarted,
    StreamKey,
    StreamRole,
)
from mingjian.recordings.reader import Library
from mingjian.recordings.volume import Volume
from mingjian.recordings.writer import RecordingWriter

T0 = 1_700_000_000 * TICKS_PER_S
FPS = 10
GOP = 10
SAMPLE_90K = TICKS_PER_S // FPS
SAMPLES_PER_FRAGMENT = 5
DAY_90K = 86_400 * TICKS_PER_S


@pytest.fixture(scope="session")
def clip() -> tuple[VideoFormat, list[tuple[bytes, bool]]]:
    """Two seconds of H.264: a square that moves, a sync sample each second."""

    def draw(number: int) -> Image.Image:
        image = Image.new("RGB", (64, 48), "navy")
        ImageDraw.Draw(image).rectangle((number * 2, 10, number * 2 + 8, 20), fill="white")
        return image

    return encode_clip(map(draw, range(20)), codec=Codec.H264, fps=FPS, bitrate_bps=100_000, gop=GOP)


@pytest.fixture(scope="session")
def init_file(clip: tuple[VideoFormat, list[tuple[bytes, bool]]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An init segment as a file, for processes that record."""
    path = tmp_path_factory.mktemp("init") / "init.mp4"
    path.write_bytes(init_segment(clip[0]))
    return path


@pytest.fixture
def clock() -> SimulatedClock:
    """The keeper's timeline, standing at T0."""
    return SimulatedClock(T0)


@pytest.fixture
def volume(tmp_path: Path) -> Volume:
    """An empty volume without a budget, opened for writing."""
    deployment_id, volume_id = ids.new_id(), ids.new_id()
    Volume.create(tmp_path / "volume", deployment_id=deployment_id, volume_id=volume_id, budget_bytes=0)
    return Volume.open(tmp_path / "volume", deployment_id=deployment_id, volume_id=volume_id)


@pytest.fixture
def memory(tmp_path: Path) -> Path:
    """Where the host remembers how often the volume was opened."""
    return tmp_path / "memory" / "volume.json"


@pytest.fixture
def index(volume: Volume, memory: Path, clock: SimulatedClock) -> Iterator[Index]:
    """The volume's index, kept."""
    with indexes.keeping(volume, memory=memory, host="test", epoch=1, clock=clock) as kept:
        yield kept


@pytest.fixture
def library(volume: Volume) -> Library:
    """The volume as readers see it."""
    return Library(volumes=[volume.path])


@dataclass
class Take:
    """A recording being made."""

    writer: RecordingWriter
    opened: RecordingOpened
    started: RunStarted
    at_90k: int
    fragments: int = 0


@dataclass
class Studio:
    """Records a camera's pictures with real files, real fragments and the events a worker would send."""

    volume: Volume
    index: Index
    clip: tuple[VideoFormat, list[tuple[bytes, bool]]]
    stream: StreamKey = field(
        default_factory=lambda: StreamKey(camera_id=ids.new_id(), role=StreamRole.MAIN, track="video")
    )

    def expect(self, *, floor_90k: int, since_90k: int = T0) -> None:
        """Let a plan name the stream."""
        self.index.expect([PlannedStream(self.stream, since_90k, floor_90k)])

    def start(self, *, at_90k: int, run_id: str | None = None, cause: GapCause = GapCause.RECORDER_DOWN) -> Take:
        """Open a file, and a run unless one goes on; tell the index."""
        fmt, _ = self.clip
        started = RunStarted(
            run_id=run_id or ids.new_id(),
            stream=self.stream,
            start_90k=at_90k,
            cause_before=cause,
            is_clock_trusted=True,
            codec=fmt.codec.value,
            width=fmt.width,
            height=fmt.height,
            camera_claim_90k=None,
            worker="w0",
        )
        opened = RecordingOpened(
            recording_id=ids.new_id(),
            run_id=started.run_id,
            stream=self.stream,
            start_90k=at_90k,
            codec=fmt.codec.value,
            codec_string=codec_string(fmt),
            width=fmt.width,
            height=fmt.height,
        )
        writer = RecordingWriter(
            volume=self.volume,
            stream=self.stream,
            run_id=started.run_id,
            recording_id=opened.recording_id,
            init=init_segment(fmt),
        )
        self.index.apply_many([started, opened])
        return Take(writer, opened, started, at_90k)

    def shoot(self, take: Take, *, seconds: int) -> None:
        """Append fragments of half a second."""
        _, pictures = self.clip
        for _ in range(seconds * FPS // SAMPLES_PER_FRAGMENT):
            samples = []
            for number in range(SAMPLES_PER_FRAGMENT):
                data, is_sync = pictures[(take.fragments * SAMPLES_PER_FRAGMENT + number) % len(pictures)]
                dts_90k = take.at_90k + number * SAMPLE_90K
                samples.append(Sample(dts_90k, dts_90k, SAMPLE_90K, data, is_sync))
            take.fragments += 1
            take.writer.append(
                fragment(sequence=take.fragments, samples=samples),
                first_pts_90k=take.at_90k,
                first_dts_90k=take.at_90k,
                duration_90k=SAMPLES_PER_FRAGMENT * SAMPLE_90K,
                samples=SAMPLES_PER_FRAGMENT,
                flags=FLAG_SYNC_FIRST if samples[0].is_sync else 0,
            )
            take.at_90k += SAMPLES_PER_FRAGMENT * SAMPLE_90K

    def close(self, take: Take) -> RecordingClosed:
        """Close the file and tell the index."""
        closed = take.writer.close()
        self.index.apply(closed)
        return closed

    def end(self, take: Take, *, cause: GapCause = GapCause.CAMERA_SILENT) -> None:
        """End the run where its footage ends."""
        self.index.apply(RunEnded(take.started.run_id, self.stream, take.at_90k, cause, "test"))

    def record(self, *, at_90k: int, seconds: int, cause: GapCause = GapCause.CAMERA_SILENT) -> RecordingClosed:
        """Record one run in one file, from opening to its end."""
        take = self.start(at_90k=at_90k)
        self.shoot(take, seconds=seconds)
        closed = self.close(take)
        self.end(take, cause=cause)
        return closed


@pytest.fixture
def studio(volume: Volume, index: Index, clip: tuple[VideoFormat, list[tuple[bytes, bool]]]) -> Studio:
    """A studio on the volume, for one camera."""
    return Studio(volume=volume, index=index, clip=clip)
