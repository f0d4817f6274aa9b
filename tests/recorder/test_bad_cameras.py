"""Cameras with flaws that are recorded all the same, and cameras that may not be reached. See also the whole table."""

from collections.abc import Callable
from typing import Any

from mingjian.base.ticks import TICKS_PER_S

Camera = Callable[..., Any]


def test_cameras_with_flaws_are_recorded_all_the_same(site: Any, evil_camera: Camera) -> None:
    flaws = ("closing", "lossy", "quirky", "format_change", "codec_change")
    cameras = {flaw: site.add_camera(evil_camera(behaviour=flaw, after=1).address) for flaw in flaws}
    site.publish()
    site.start_keeper()
    site.start_worker()

    for flaw in flaws:
        site.await_recorded(cameras[flaw], 2.5)
    site.wait_until(lambda: site.states()[cameras["codec_change"].camera_id]["codec"] == "h265")
    assert_changed_without_a_gap(site, cameras["format_change"])


def assert_changed_without_a_gap(site: Any, camera: Any) -> None:
    """Check that another format made another run which goes on where the first one ended."""
    found = site.library().window(stream=site.stream_of(camera), start_90k=0, end_90k=1 << 62)
    assert len({(recording.width, recording.height) for recording in found}) == 2
    assert len({recording.run_id for recording in found}) == len(found) == 2
    coverage = site.coverage(camera)
    first = coverage.footage[0].start_90k
    lost = [gap for gap in coverage.gaps if gap.start_90k > first and not gap.is_open]
    assert sum(gap.end_90k - gap.start_90k for gap in lost) <= TICKS_PER_S // 10


def test_camera_outside_the_allowed_networks_is_never_connected_to(site: Any, evil_camera: Camera) -> None:
    camera = site.add_camera(evil_camera(behaviour="good").address)
    site.publish(allowed_networks=("10.0.0.0/8",))
    site.start_keeper()
    site.start_worker()

    assert site.await_state(camera, "not_allowed")["detail"] == "media.address_not_allowed"


def test_wrong_password_is_told_without_telling_it(site: Any, gst_camera: Camera) -> None:
    source = gst_camera(user="operator", password="right")
    camera = site.add_camera(source.address, user="operator", password="very-wrong")
    site.publish()
    site.start_keeper()
    site.start_worker()
    site.await_state(camera, "unauthorized")

    for path in site.home.root.rglob("*"):
        if path.is_file() and not path.is_relative_to(site.home.secrets):
            assert b"very-wrong" not in path.read_bytes(), path
