"""What is lost when a part dies: nothing with a keeper, seconds with a worker, one gap with its cause with a camera."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from mingjian.base.ticks import TICKS_PER_S
from mingjian.recordings.check import check
from mingjian.recordings.model import GapCause
from mingjian.recordings.volume import Volume

Camera = Callable[..., Any]


@pytest.fixture
def recorded(site: Any, gst_camera: Camera) -> Any:
    """A camera that has been recorded for a few seconds, with the processes that do it."""
    source = gst_camera(gop=25)
    camera = site.add_camera(source.address)
    site.publish()
    keeper, worker = site.start_keeper(), site.start_worker()
    site.await_recorded(camera, 1.5)
    return site, camera, source, keeper, worker


def gaps_after_start(site: Any, camera: Any) -> list[Any]:
    coverage = site.coverage(camera)
    first = coverage.footage[0].start_90k
    return [gap for gap in coverage.gaps if gap.start_90k >= first and not gap.is_open]


def assert_sound(site: Any) -> None:
    for planned in site.volumes:
        path = Path(planned.path)
        deployment_id = site.deployment.deployment_id
        assert check(Volume.open(path, deployment_id=deployment_id, volume_id=planned.volume_id)) == []


def test_killed_worker_leaves_one_gap_below_five_seconds(recorded: Any) -> None:
    site, camera, _, _, worker = recorded
    site.kill(worker)
    before = site.recorded_s(camera)
    second = site.start_worker()

    site.await_recorded(camera, before + 2)

    gaps = gaps_after_start(site, camera)
    assert [gap.cause for gap in gaps] == [GapCause.RECORDER_DOWN]
    assert gaps[0].end_90k - gaps[0].start_90k <= 5 * TICKS_PER_S
    assert site.stop(second) == 0
    assert_sound(site)


def test_killed_keeper_leaves_no_gap(recorded: Any) -> None:
    site, camera, _, keeper, worker = recorded
    site.kill(keeper)
    before = site.recorded_s(camera)
    site.await_worker_turns(2)
    site.start_keeper()

    site.await_recorded(camera, before + 3)

    coverage = site.coverage(camera)
    assert gaps_after_start(site, camera) == []
    assert len(coverage.footage) == 1
    assert site.stop(worker) == 0
    assert_sound(site)


def test_keeper_away_while_a_run_ends_and_another_starts_learns_of_both(recorded: Any, gst_camera: Camera) -> None:
    site, camera, source, keeper, _ = recorded
    site.kill(keeper)
    source.stop()
    site.await_state(camera, "refused")
    gst_camera(port=source.port)
    site.await_state(camera, "recording")
    site.start_keeper()
    site.await_recorded(camera, 4)

    assert [gap.cause for gap in gaps_after_start(site, camera)] == [GapCause.CAMERA_UNREACHABLE]
    assert len(site.coverage(camera).footage) == 2


def test_camera_stopped_and_started_is_one_gap_with_its_cause(recorded: Any, gst_camera: Camera) -> None:
    site, camera, source, _, worker = recorded
    source.stop()
    site.await_state(camera, "refused")
    before = site.recorded_s(camera)
    gst_camera(port=source.port)
    site.await_recorded(camera, before + 2)

    gaps = gaps_after_start(site, camera)
    assert [gap.cause for gap in gaps] == [GapCause.CAMERA_UNREACHABLE]
    assert site.stop(worker) == 0
    assert_sound(site)
    coverage = site.coverage(camera)
    spans = sorted((span.start_90k, span.end_90k) for span in (*coverage.footage, *coverage.gaps))
    assert spans[0][0] == camera.since_90k
    assert all(before[1] == after[0] for before, after in pairwise(spans))


def test_worker_stopped_in_order_leaves_closed_files_and_says_why(recorded: Any) -> None:
    site, camera, _, keeper, worker = recorded
    assert site.stop(worker) == 0
    assert site.stop(keeper) == 0

    coverage = site.coverage(camera)
    assert [gap.cause for gap in coverage.gaps if gap.is_open] == [GapCause.RECORDER_DOWN]
    assert site.library().growing(stream=site.stream_of(camera)) is None
    assert site.states()[camera.camera_id]["state"] in ("recording", "stopped")
    assert_sound(site)


def test_second_keeper_of_a_volume_is_refused(recorded: Any) -> None:
    site, _, _, keeper, _ = recorded
    second = site.start(site.KEEPER, site.volume_id)

    assert second.wait(timeout=20) != 0
    assert keeper.poll() is None
