"""Cameras that misbehave: each is named for what it does, and its neighbours lose nothing."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from mingjian.base.ticks import TICKS_PER_S
from mingjian.recordings.model import GapCause

Camera = Callable[..., Any]

STATES = {
    "absent": ("refused", GapCause.CAMERA_UNREACHABLE),
    "mute": ("silent", GapCause.CAMERA_SILENT),
    "wrong_password": ("unauthorized", GapCause.CAMERA_REFUSED),
    "redirect": ("refused", GapCause.CAMERA_REFUSED),
    "not_found": ("not_found", GapCause.CAMERA_REFUSED),
    "no_tcp": ("no_tcp", GapCause.CAMERA_REFUSED),
    "no_video": ("no_video", GapCause.CAMERA_MALFORMED),
    "unsupported": ("unsupported_codec", GapCause.CAMERA_MALFORMED),
    "garbage": ("malformed", GapCause.CAMERA_MALFORMED),
    "endless_headers": ("oversized", GapCause.CAMERA_MALFORMED),
    "endless_body": ("oversized", GapCause.CAMERA_MALFORMED),
    "garbage_stream": ("malformed", GapCause.CAMERA_MALFORMED),
    "no_parameter_sets": ("no_parameter_sets", GapCause.CAMERA_MALFORMED),
    "endless_picture": ("oversized", GapCause.CAMERA_MALFORMED),
    "half_open": ("silent", GapCause.CAMERA_SILENT),
    "flood": ("flooding", GapCause.CAMERA_MALFORMED),
}


def test_bad_cameras_are_named_and_a_good_one_beside_them_loses_nothing(
    site: Any, evil_camera: Camera, gst_camera: Camera
) -> None:
    good = site.add_camera(gst_camera().address)
    bad = {
        behaviour: site.add_camera(
            evil_camera(behaviour=behaviour).address, user="operator" if behaviour == "wrong_password" else ""
        )
        for behaviour in STATES
    }
    site.publish()
    site.start_keeper()
    worker = site.start_worker()
    site.await_state(good, "recording")

    seen: dict[str, set[str]] = {behaviour: set() for behaviour in STATES}

    def are_all_named() -> bool:
        states = site.states()
        for behaviour, camera in bad.items():
            seen[behaviour].add(states[camera.camera_id]["state"])
        return all(STATES[behaviour][0] in names for behaviour, names in seen.items())

    site.wait_until(are_all_named, patience_s=60, told=lambda: str(seen))
    for behaviour, camera in bad.items():
        site.await_gap(camera, STATES[behaviour][1])
    coverage = site.coverage(good)
    assert len(coverage.footage) == 1
    assert all(gap.end_90k <= coverage.footage[0].start_90k for gap in coverage.gaps if not gap.is_open)
    assert resident_bytes(worker.pid) < 400 << 20


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


def resident_bytes(pid: int) -> int:
    line = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024
