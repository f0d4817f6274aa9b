"""`mingjian rebuild` compares without writing, and makes the index anew while nothing runs."""

import os
import subprocess
import sys
from typing import Any

import pytest

from mingjian.host.home import Home
from mingjian.recordings.check import check
from mingjian.recordings.reader import IndexReader
from mingjian.recordings.volume import Volume
from rigs.site import Site


def told(home: Home, *words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "mingjian.cli", "rebuild", *words],
        env=os.environ | {"MINGJIAN_HOME": str(home.root)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def recorded(volume: Volume) -> list[tuple[str, str | None]]:
    with IndexReader(volume.path) as reader:
        (stream,) = reader.streams()
        found = reader.window(stream=stream, start_90k=0, end_90k=1 << 62)
    return [(row.recording_id, row.root) for row in found]


@pytest.fixture
def stopped(site: Site, gst_camera: Any) -> Volume:
    """A volume with a recording on it, and no process of ours."""
    camera = site.add_camera(gst_camera(gop=25).address)
    site.publish()
    keeper, worker = site.start_keeper(), site.start_worker()
    site.await_recorded(camera, 3)
    assert site.stop(worker) == 0
    busy = told(site.home, site.volume_id, "--write")
    assert (busy.returncode, "volume_locked" in busy.stderr) == (1, True)
    assert site.stop(keeper) == 0
    return Volume.open(
        site.home.volumes / site.volume_id,
        deployment_id=site.deployment.deployment_id,
        volume_id=site.volume_id,
    )


def test_an_index_is_compared_and_then_made_anew(stopped: Volume, site: Site) -> None:
    before = recorded(stopped)
    alike = told(site.home, site.volume_id)
    assert (alike.returncode, alike.stdout) == (0, "")

    made = told(site.home, site.volume_id, "--write")

    assert made.returncode == 0, made.stderr
    assert "adopted  1" in made.stdout
    assert recorded(stopped) == before
    assert check(stopped) == []
    assert list(stopped.quarantine.glob("*-index.db")) != []
    # A keeper takes it from there.
    keeper = site.start_keeper()
    assert site.stop(keeper) == 0
