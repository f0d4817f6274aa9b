"""Disks that fail: runs go elsewhere with what is in memory, or stop and say why; nothing else is written to."""

import resource
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

from mingjian.base.ticks import TICKS_PER_S
from mingjian.media import coding
from mingjian.recordings import serve
from mingjian.recordings.model import GapCause

Camera = Callable[..., Any]


def files_below(path: Path) -> list[Path]:
    return sorted(found for found in path.rglob("*") if found.is_file())


def test_run_moves_to_another_volume_without_losing_a_picture_when_writes_fail(site: Any, gst_camera: Camera) -> None:
    second = site.add_volume()
    camera = site.add_camera(gst_camera(gop=25).address)
    site.publish()
    site.start_keeper()
    site.start_keeper(second)
    worker = site.start_worker()
    # More than what is carried over, so that the limit below meets the first volume alone.
    site.await_recorded(camera, 8)

    first_file = site.library().growing(stream=site.stream_of(camera))
    limit = Path(first_file.media_path).stat().st_size
    resource.prlimit(worker.pid, resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    site.wait_until(lambda: list((site.home.volumes / second / "media").rglob("*.mp4")) != [])
    resource.prlimit(worker.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    site.await_recorded(camera, 6)
    assert site.stop(worker) == 0
    site.wait_until(lambda: len(site.coverage(camera).footage) == 2)

    coverage = site.coverage(camera)
    start = coverage.footage[0].start_90k
    assert [gap for gap in coverage.gaps if gap.start_90k >= start and not gap.is_open] == []
    parts = list(serve.parts(site.library(), stream=site.stream_of(camera), start_90k=start, end_90k=1 << 62))
    assert len(parts) == 2
    for part in parts:
        decoded = coding.decode_count(part.init, [bytes(data) for data in part.fragments])
        assert decoded.errors == 0


def test_stream_waits_with_cause_disk_when_its_volume_is_gone_and_nothing_is_written_elsewhere(
    site: Any, gst_camera: Camera
) -> None:
    camera = site.add_camera(gst_camera().address)
    site.publish()
    volume = site.home.volumes / site.volume_id
    away = site.home.root / "away"
    volume.rename(away)
    before = files_below(away)
    site.start_worker()

    shown = site.await_state(camera, "disk")
    assert shown["detail"] == "recordings.volume_missing"
    assert not volume.exists()
    assert files_below(away) == before

    away.rename(volume)
    site.start_keeper()
    site.await_state(camera, "recording")
    site.await_recorded(camera, 1)
    gaps = site.coverage(camera).gaps
    assert GapCause.DISK in {gap.cause for gap in gaps}
    assert all(after.start_90k >= before.end_90k for before, after in pairwise(gaps))


def test_keeper_refuses_to_start_on_a_missing_volume_and_makes_none(site: Any) -> None:
    site.publish()
    volume = site.home.volumes / site.volume_id
    volume.rename(site.home.root / "away")

    assert site.start(site.KEEPER, site.volume_id).wait(timeout=20) != 0
    assert not volume.exists()


def test_one_failing_file_leaves_the_other_cameras_of_a_lone_volume_alone(site: Any, gst_camera: Camera) -> None:
    small = site.add_camera(gst_camera(kbps=100, pattern="black").address)
    large = site.add_camera(gst_camera(kbps=3000, pattern="snow").address)
    site.publish()
    site.start_keeper()
    worker = site.start_worker()
    site.await_recorded(small, 1)
    site.await_recorded(large, 1)

    growing = site.library().growing(stream=site.stream_of(large))
    limit = Path(growing.media_path).stat().st_size
    resource.prlimit(worker.pid, resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    site.await_state(large, "disk")
    resource.prlimit(worker.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    site.await_state(large, "recording")
    site.await_gap(large, GapCause.DISK)

    coverage = site.coverage(small)
    assert len(coverage.footage) == 1
    assert coverage.footage[0].end_90k - coverage.footage[0].start_90k > 2 * TICKS_PER_S
