"""The thread behind a volume: files turned, failures told, hanging disks noticed; with real files and threads."""

import random
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from mingjian.base.clock import SimulatedClock, SystemClock
from mingjian.base.ids import CameraId, DeploymentId, RunId, VolumeId, new_id
from mingjian.base.ticks import TICKS_PER_S, Ticks90k
from mingjian.media import coding
from mingjian.media.samples import AccessUnit, Codec
from mingjian.recorder import volume_writer
from mingjian.recorder.keeper_link import KeeperLink
from mingjian.recorder.outlet import STUCK_90K, Outlet
from mingjian.recorder.protocol import Hello
from mingjian.recorder.recent import BOUND_BYTES, DURABLE_WITHIN_90K, Recent
from mingjian.recorder.run import FILE_90K, Run, RunOrigin
from mingjian.recorder.run_clock import RunClock
from mingjian.recorder.timeline import Timeline
from mingjian.recorder.volume_writer import AppendFragment, Tell, VolumeWriter
from mingjian.recordings.model import (
    FLAG_SYNC_FIRST,
    GapCause,
    GapCauseLearned,
    RecorderEvent,
    RecordingClosed,
    RecordingOpened,
    RunEnded,
    RunStarted,
    StreamKey,
    StreamRole,
)
from mingjian.recordings.volume import Volume

STREAM = StreamKey(camera_id=CameraId(new_id()), role=StreamRole.MAIN, track="video")
PATIENCE_S = 10.0


def learned(number: int) -> GapCauseLearned:
    return GapCauseLearned(STREAM, Ticks90k(number), GapCause.CAMERA_SILENT, "media.silent")


@pytest.fixture
def volume(tmp_path: Path) -> Volume:
    return Volume.create(
        tmp_path / "volume", deployment_id=DeploymentId(new_id()), volume_id=VolumeId(new_id()), budget_bytes=0
    )


class Feed:
    """Pictures of an encoded clip, 25 a second, as a session would drain them."""

    def __init__(self, timeline: Timeline, clock: SimulatedClock) -> None:
        noise = random.Random(7)  # noqa: S311 - pictures
        images = [Image.frombytes("RGB", (64, 64), noise.randbytes(64 * 64 * 3)) for _ in range(25)]
        self.format, self._clip = coding.encode_clip(images, codec=Codec.H264, fps=25, bitrate_bps=200_000, gop=25)
        self.timeline = timeline
        self._clock = clock
        self._number = 0

    def next(self, count: int) -> list[AccessUnit]:
        units = []
        for _ in range(count):
            data, is_sync = self._clip[self._number % len(self._clip)]
            units.append(AccessUnit(self._number * 3_600, self._clock.monotonic(), data, is_sync, False))
            self._clock.advance(3_600)
            self._number += 1
        return units


@pytest.fixture
def clock() -> SimulatedClock:
    # A minute before a file boundary of slot 0.
    return SimulatedClock(3_000_000 * FILE_90K - 60 * TICKS_PER_S, 0)


@pytest.fixture
def feed(tmp_path: Path, clock: SimulatedClock) -> Feed:
    path = tmp_path / "timeline.json"
    return Feed(Timeline(path=path, clock=clock, boot_id="boot", is_synchronised=lambda: True), clock)


def outlet_of(volume: Volume, tmp_path: Path, clock: SimulatedClock) -> tuple[Outlet, VolumeWriter, KeeperLink]:
    writer = VolumeWriter(name="test", open_volume=lambda: volume, clock=clock)
    link = KeeperLink(socket_path=tmp_path / "none", hello=Hello("w0", "s"))
    return Outlet(volume_id=volume.identity.volume_id, writer=writer, link=link, clock=clock), writer, link


def run_of(feed: Feed, outlet: Outlet, units: list[AccessUnit], recent: Recent | None = None) -> Run:
    at = feed.timeline.at
    return Run(
        origin=RunOrigin(STREAM, "w0", 0, GapCause.RECORDER_DOWN, None),
        video_format=feed.format,
        timeline=feed.timeline,
        clock=RunClock(first=[(unit.rtp_time_90k, at(unit.arrival_90k)) for unit in units]),
        outlet=outlet,
        recent=recent,
    )


def sent(link: KeeperLink) -> list[RecorderEvent]:
    return [report.event for report in link.unacknowledged()]


def test_run_turns_to_another_file_at_its_phase_and_tells_everything_in_order(
    volume: Volume, tmp_path: Path, clock: SimulatedClock, feed: Feed
) -> None:
    outlet, _, link = outlet_of(volume, tmp_path, clock)
    units = feed.next(25)
    run = run_of(feed, outlet, units)
    assert run.push(units) == 25
    for _ in range(80):
        assert run.push(feed.next(25)) == 25
    run.finish(cause=GapCause.CAMERA_SILENT, detail="recorder.silent")
    outlet.flush()
    assert outlet.finish(timeout_s=PATIENCE_S)
    outlet.collect()

    events = sent(link)
    kinds = [RunStarted, RecordingOpened, RecordingClosed, RecordingOpened, RecordingClosed, RunEnded]
    assert [type(event) for event in events] == kinds
    first, second = (event for event in events if isinstance(event, RecordingClosed))
    ended = events[-1]
    assert isinstance(ended, RunEnded)
    assert first.end_90k == second.start_90k
    assert second.start_90k % FILE_90K < TICKS_PER_S
    assert ended.end_90k == second.end_90k
    assert first.samples + second.samples == 81 * 25


def test_run_whose_volume_vanishes_is_told_ended_by_the_disk(
    volume: Volume, tmp_path: Path, clock: SimulatedClock, feed: Feed
) -> None:
    outlet, writer, link = outlet_of(volume, tmp_path, clock)
    units = feed.next(50)
    run = run_of(feed, outlet, units)
    run.push(units)
    outlet.flush()
    wait_for(lambda: writer.written_until_90k(run.run_id) > 0)
    volume.path.rename(tmp_path / "away")
    for _ in range(60):
        run.push(feed.next(25))
    outlet.flush()
    wait_for(lambda: any(isinstance(event, RunEnded) for event in (outlet.collect(), *sent(link))))

    ended = next(event for event in sent(link) if isinstance(event, RunEnded))
    assert ended.cause is GapCause.DISK
    assert run.end_90k is not None
    assert ended.end_90k < run.end_90k
    assert not outlet.is_fit
    clock.advance(6 * TICKS_PER_S)
    outlet.collect()
    assert outlet.is_fit


def test_trouble_nobody_foresaw_breaks_one_run_and_the_thread_lives(
    volume: Volume, tmp_path: Path, clock: SimulatedClock, feed: Feed, monkeypatch: pytest.MonkeyPatch
) -> None:
    outlet, writer, link = outlet_of(volume, tmp_path, clock)
    units = feed.next(50)
    run = run_of(feed, outlet, units)
    run.push(units)
    outlet.flush()
    wait_for(lambda: writer.written_until_90k(run.run_id) > 0)
    with monkeypatch.context() as trouble:
        trouble.setattr(volume_writer.RecordingWriter, "append", lambda *_, **__: 1 // 0)
        run.push(feed.next(50))
        outlet.flush()
        wait_for(lambda: bool(outlet.collect()))
    outlet.take(Tell(learned(3)))
    outlet.flush()
    assert outlet.finish(timeout_s=PATIENCE_S)
    outlet.collect()

    ended = next(event for event in sent(link) if isinstance(event, RunEnded))
    assert ended.cause is GapCause.DISK
    assert sent(link)[-1] == learned(3)


def test_outlet_is_left_when_a_call_of_the_disk_hangs(
    tmp_path: Path, volume: Volume, clock: SimulatedClock, feed: Feed
) -> None:
    released = threading.Event()

    def hanging() -> Volume:
        released.wait(PATIENCE_S)
        return volume

    writer = VolumeWriter(name="test", open_volume=hanging, clock=clock)
    link = KeeperLink(socket_path=tmp_path / "none", hello=Hello("w0", "s"))
    outlet = Outlet(volume_id=volume.identity.volume_id, writer=writer, link=link, clock=clock)
    units = feed.next(50)
    run = run_of(feed, outlet, units, Recent())
    run.push(units)
    outlet.flush()
    wait_for(lambda: writer.busy_since_90k is not None)
    outlet.collect()
    assert outlet.is_fit

    clock.advance(STUCK_90K + 1)
    outlet.collect()

    assert not outlet.is_fit
    assert outlet.trouble == "recorder.disk_hangs"
    released.set()
    assert outlet.finish(timeout_s=PATIENCE_S)


def test_writer_lets_news_pass_in_their_turn(volume: Volume, tmp_path: Path, clock: SimulatedClock) -> None:
    outlet, _, link = outlet_of(volume, tmp_path, clock)
    outlet.take(Tell(learned(3)))
    outlet.flush()
    assert outlet.finish(timeout_s=PATIENCE_S)

    assert outlet.collect() == []
    assert sent(link) == [learned(3)]


def _fragment(pts_90k: int, *, flags: int, size_bytes: int = 100) -> AppendFragment:
    return AppendFragment(
        recording_id=new_id(),  # type: ignore[arg-type]
        run_id=RunId("run"),
        buffers=[b""],
        size_bytes=size_bytes,
        first_pts_90k=pts_90k,
        first_dts_90k=pts_90k,
        duration_90k=10,
        samples=1,
        flags=flags,
        end_90k=pts_90k + 10,
    )


def test_recent_keeps_from_the_sync_sample_that_may_not_be_durable() -> None:
    recent = Recent()
    for number in range(12):
        is_sync = number % 4 == 0
        fragment = _fragment(number * 10, flags=FLAG_SYNC_FIRST if is_sync else 0)
        recent.add(fragment, written_until_90k=number * 10 - 5 + DURABLE_WITHIN_90K)

    assert [kept.first_pts_90k for kept in recent.fragments] == [40, 50, 60, 70, 80, 90, 100, 110]


def test_recent_keeps_nothing_when_a_group_of_pictures_is_too_large() -> None:
    recent = Recent()
    recent.add(_fragment(0, flags=FLAG_SYNC_FIRST, size_bytes=BOUND_BYTES), written_until_90k=0)
    recent.add(_fragment(10, flags=0), written_until_90k=0)

    assert recent.fragments == []
    recent.add(_fragment(20, flags=FLAG_SYNC_FIRST), written_until_90k=0)
    assert len(recent.fragments) == 1


def wait_for(holds: Callable[[], bool]) -> None:
    deadline = SystemClock().monotonic() + TICKS_PER_S * int(PATIENCE_S)
    while not holds():
        assert SystemClock().monotonic() < deadline
        SystemClock().sleep(0.01)
