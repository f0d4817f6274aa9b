"""A keeper reads closed files again, and tells of a flipped byte in index, status and reports."""

from pathlib import Path
from typing import Any

import pytest

from mingjian.recorder import keeper, status
from mingjian.recordings.model import GapCause
from mingjian.recordings.outbox import ReportKind
from mingjian.recordings.reader import IndexReader


def test_a_flipped_byte_of_a_closed_file_is_found_by_the_next_round(
    site: Any, gst_camera: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(keeper.SCRUB_RATE, str(1 << 30))
    camera = site.add_camera(gst_camera(gop=25).address)
    site.publish()
    first, worker = site.start_keeper(), site.start_worker()
    site.await_recorded(camera, 4)
    assert site.stop(worker) == 0
    assert site.stop(first) == 0
    (media,) = (site.home.volumes / site.volume_id / "media").rglob("*.mp4")
    with Path(media).open("r+b") as file:
        file.seek(-500, 2)
        byte = file.read(1)[0]
        file.seek(-1, 1)
        file.write(bytes([byte ^ 1]))

    site.start_keeper()
    site.wait_until(lambda: (reread(site) or {"damaged": 0})["damaged"] == 1, told=lambda: str(reread(site)))

    assert reread(site)["last_whole_at"] is not None
    assert GapCause.DISK in {gap.cause for gap in site.coverage(camera).gaps}
    with IndexReader(site.home.volumes / site.volume_id) as reader:
        reports = reader.reports(series="", after_id=0, limit=1_000)
    (report,) = (report for report in reports if report.kind is ReportKind.RECORDING_DAMAGED)
    assert report.body["recording"] == media.stem
    assert report.body["records"] != ""


def reread(site: Any) -> Any:
    return status.collect(site.home)["volumes"][0]["reread"]
