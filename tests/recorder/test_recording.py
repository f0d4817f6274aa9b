"""From real cameras to files: they are recorded within seconds, and every picture is there and decodes."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from mingjian.base.ticks import TICKS_PER_S
from mingjian.media import coding, fragments
from mingjian.recordings import serve
from mingjian.recordings.check import check
from mingjian.recordings.model import Recording, RecordingState
from mingjian.recordings.volume import Volume

WINDOW_90K = 8 * TICKS_PER_S
HOUR_90K = 3_600 * TICKS_PER_S

GstCamera = Callable[..., Any]


def recordings_of(site: Any, camera: Any) -> list[Recording]:
    found: list[Recording] = site.library().window(stream=site.stream_of(camera), start_90k=0, end_90k=1 << 62)
    return found


def findings(site: Any) -> list[Any]:
    volumes = [
        Volume.open(Path(planned.path), deployment_id=site.deployment.deployment_id, volume_id=planned.volume_id)
        for planned in site.volumes
    ]
    return [finding for volume in volumes for finding in check(volume)]


def test_recorder_records_both_codecs_within_five_seconds_and_loses_no_picture(
    site: Any, gst_camera: GstCamera
) -> None:
    plain = {"user": "operator", "password": "secret"}
    cameras = [
        site.add_camera(gst_camera(codec="h264", **plain).address, **plain),
        site.add_camera(gst_camera(codec="h265", **plain).address, **plain),
        site.add_camera(gst_camera(codec="h264", bframes=2).address),
        site.add_camera(gst_camera(codec="h265", bframes=2, fps=15).address),
    ]
    site.publish()
    site.start_keeper()
    worker = site.start_worker()

    for camera in cameras:
        shown = site.await_state(camera, "recording", patience_s=5)
        assert (shown["width"], shown["height"]) == (640, 360)
        assert shown["last_sample_age_s"] < 2
    for camera in cameras:
        site.await_recorded(camera, 10)
    assert site.stop(worker) == 0

    for camera, fps in zip(cameras, [25, 25, 25, 15], strict=True):
        coverage = site.coverage(camera)
        assert len(coverage.footage) == 1, coverage.gaps
        start = coverage.footage[0].start_90k
        assert_every_picture(site, camera, start_90k=start, fps=fps)
        assert coverage.footage[0].start_90k - camera.since_90k < 5 * TICKS_PER_S
        assert [recording.state for recording in recordings_of(site, camera)] == [RecordingState.CLOSED]
    assert findings(site) == []


@pytest.mark.parametrize("codec", ["h264", "h265", "mjpeg"])
@pytest.mark.parametrize("transport", ["tcp", "udp"])
def test_server_of_others_is_recorded_over_either_transport_beside_its_audio(
    site: Any, gst_camera: GstCamera, codec: str, transport: str
) -> None:
    camera = site.add_camera(gst_camera(codec=codec, transport=transport, audio="pcma", fps=10, gop=10).address)
    site.publish()
    site.start_keeper()
    worker = site.start_worker()

    shown = site.await_state(camera, "recording")
    site.await_recorded(camera, 4)
    assert site.stop(worker) == 0

    assert (shown["codec"], shown["width"], shown["height"]) == (codec, 640, 360)
    assert shown["detours"] == ["udp"] * (transport == "udp") + ["mjpeg"] * (codec == "mjpeg")
    assert len(site.coverage(camera).footage) == 1
    (part,) = serve.parts(
        site.library(), stream=site.stream_of(camera), start_90k=camera.since_90k, end_90k=camera.since_90k + HOUR_90K
    )
    counted = coding.decode_count(part.init, [bytes(fragment) for fragment in part.fragments])
    assert (counted.errors, counted.pictures) == (0, counted.samples) and counted.samples >= 40
    assert findings(site) == []


def assert_every_picture(site: Any, camera: Any, *, start_90k: int, fps: int) -> None:
    """Check that a stretch has a picture at each of its instants and that a decoder likes every one."""
    parts = list(
        serve.parts(site.library(), stream=site.stream_of(camera), start_90k=start_90k, end_90k=start_90k + WINDOW_90K)
    )
    assert len(parts) == 1
    data = [bytes(fragment) for fragment in parts[0].fragments]
    shown = sorted(sample.pts_90k for fragment in data for sample in fragments.samples(fragment))
    decoded = coding.decode_count(parts[0].init, data)

    assert decoded.errors == 0
    assert decoded.pictures == decoded.samples == len(shown)
    # Pictures at the trimmed tail may be left out with the one they wait for.
    assert WINDOW_90K * fps // TICKS_PER_S - 4 <= len(shown) <= WINDOW_90K * fps // TICKS_PER_S + 1
    step = TICKS_PER_S // fps
    assert all(abs(after - before - step) <= 200 for before, after in pairwise(shown[:-4]))


def test_worker_writes_sub_streams_beside_main_ones(site: Any, gst_camera: GstCamera) -> None:
    camera = site.add_camera(
        gst_camera(codec="h264").address, sub_address=gst_camera(codec="h264", width=320, height=180).address
    )
    site.publish()
    site.start_keeper()
    site.start_worker()

    site.await_recorded(camera, 2)

    assert site.worker_paper()["cameras"][camera.camera_id]["sub"]["width"] == 320
    sub = site.library().growing(stream=site.stream_of(camera, role="sub"))
    assert sub is not None
    assert (sub.width, sub.height) == (320, 180)


def test_worker_starts_and_stops_streams_as_the_plan_changes(site: Any, gst_camera: GstCamera) -> None:
    first = site.add_camera(gst_camera().address)
    second_address = gst_camera().address
    site.publish()
    site.start_keeper()
    site.start_worker()
    site.await_recorded(first, 1)

    second = site.add_camera(second_address)
    site.cameras.remove(first)
    site.publish()

    site.await_state(second, "recording")
    site.wait_until(lambda: [r.state for r in recordings_of(site, first)] == [RecordingState.CLOSED])
    assert list(site.worker_paper()["cameras"]) == [second.camera_id]


def test_worker_goes_on_with_its_plan_when_a_spoiled_one_appears(site: Any, gst_camera: GstCamera) -> None:
    camera = site.add_camera(gst_camera().address)
    site.publish()
    site.start_keeper()
    site.start_worker()
    site.await_recorded(camera, 1)
    site.await_worker_turns(2)
    before = site.worker_paper()["cameras"][camera.camera_id]["run_started_at_90k"]

    paper = site.home.plan.read_bytes()
    site.home.plan.write_bytes(paper[:-20])
    site.await_worker_turns(3)

    assert site.worker_paper()["cameras"][camera.camera_id]["run_started_at_90k"] == before
    assert site.worker_paper()["cameras"][camera.camera_id]["state"] == "recording"
