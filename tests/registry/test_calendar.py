"""Days of a point as its dossier and the campuses' figures tell them, from the index of its volume."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import Client

from mingjian.base import ids
from mingjian.base.clock import SimulatedClock, SystemClock
from mingjian.host.home import Home
from mingjian.people.models import Person
from mingjian.recordings import index as indexes
from mingjian.recordings.days import DAY_90K, day_of
from mingjian.recordings.index import Index
from mingjian.recordings.model import (
    GapCause,
    RecordingClosed,
    RecordingOpened,
    RunEnded,
    RunStarted,
    StreamKey,
    StreamRole,
)
from mingjian.recordings.volume import Volume as DiskVolume
from mingjian.recordings.volume import read_identity
from mingjian.registry import calendars, publisher
from mingjian.registry.models import Camera, Volume
from mingjian.registry.words import Tone

TODAY = day_of(SystemClock().utc())
BEGUN = TODAY - 5 * DAY_90K


@pytest.fixture
def clock() -> SimulatedClock:
    """Five days ago, as pages ask for days until now."""
    return SimulatedClock(BEGUN)


@pytest.fixture
def index(volume: Volume, founded: Home, tmp_path: Path, clock: SimulatedClock) -> Iterator[Index]:
    """The index of the registered volume, kept."""
    told = read_identity(Path(volume.path))
    disk = DiskVolume.open(Path(volume.path), deployment_id=told.deployment_id, volume_id=told.volume_id)
    with indexes.keeping(disk, memory=tmp_path / "memory.json", host="test", epoch=1, clock=clock) as kept:
        yield kept


def recorded(index: Index, camera: Camera, *, start_90k: int, end_90k: int) -> None:
    """Enter footage by its news."""
    stream, run_id, recording_id = StreamKey(str(camera.pk), StreamRole.MAIN, "video"), ids.new_id(), ids.new_id()
    index.apply_many(
        [
            RunStarted(run_id, stream, start_90k, GapCause.CAMERA_SILENT, True, "h264", 64, 48, None, "w0"),
            RecordingOpened(recording_id, run_id, stream, start_90k, "h264", "avc1.42c00b", 64, 48),
            RecordingClosed(recording_id, run_id, stream, start_90k, end_90k, 1000, 10, 99, "0" * 64, False),
            RunEnded(run_id, stream, end_90k, GapCause.CAMERA_SILENT, "test"),
        ]
    )


def test_each_day_says_what_share_was_recorded(
    register: Callable[..., Camera], founded: Home, index: Index, clock: SimulatedClock
) -> None:
    camera = register()
    publisher.publish_pending(founded, clock=clock)
    recorded(index, camera, start_90k=BEGUN, end_90k=BEGUN + DAY_90K * 5 // 2)

    found = calendars.month_of(founded, camera=str(camera.pk), start_90k=BEGUN - DAY_90K, end_90k=TODAY)

    assert [(day.share, day.tone) for day in found] == [
        (None, Tone.QUIET),
        (1.0, Tone.GOOD),
        (1.0, Tone.GOOD),
        (0.5, Tone.TROUBLE),
        (0.0, Tone.TROUBLE),
        (0.0, Tone.TROUBLE),
    ]
    assert [day.start_90k for day in found] == [BEGUN + number * DAY_90K for number in range(-1, 5)]
    assert {day.weekday for day in found} <= set(range(1, 8))
    groups = {"here": [str(camera.pk)], "nowhere": []}
    assert calendars.shares(founded, groups=groups, start_90k=BEGUN, end_90k=TODAY) == {"here": 0.5, "nowhere": None}


def test_dossier_shows_the_calendar(
    register: Callable[..., Camera],
    founded: Home,
    index: Index,
    clock: SimulatedClock,
    hire: Callable[..., Person],
    client: Client,
) -> None:
    hire("zhang", "张工", ("operator", "security-office-campus"), clock=clock)
    camera = register()
    publisher.publish_pending(founded, clock=clock)
    recorded(index, camera, start_90k=BEGUN, end_90k=BEGUN + DAY_90K * 3 // 2)
    client.post("/sign-in/", {"username": "zhang", "password": "correct horse battery"})

    page = client.get(f"/cameras/{camera.pk}/").content.decode()

    assert page.count('class="day day-') == 30
    assert (page.count("<span>100.0 %</span>"), page.count("<span>50.0 %</span>")) == (1, 1)


def test_no_index_is_no_calendar(founded: Home, tmp_path: Path) -> None:
    away = Home(root=tmp_path / "away", bind="127.0.0.1", port=1, media_port=2)

    assert calendars.month_of(away, camera="x", start_90k=BEGUN, end_90k=TODAY) == ()
    assert calendars.shares(away, groups={"x": ["x"]}, start_90k=BEGUN, end_90k=TODAY) == {"x": None}
