"""Footage on a disk that does not answer: its viewer is told in time, and nobody else waits with him."""

import os
import time
from dataclasses import replace
from pathlib import Path

import pytest

from mingjian.base.clock import SystemClock
from mingjian.base.ticks import TICKS_PER_S
from mingjian.grants.claims import LEASE_90K
from mingjian.recordings.model import StreamKey, StreamRole
from mingjian.recordings.reader import Library

S = TICKS_PER_S


@pytest.fixture
def begun():
    """An instant ten minutes ago, on a whole second."""
    return SystemClock().utc() // S * S - 600 * S


@pytest.fixture
def stuck(media, begun):
    """A camera whose footage opens and never gives a byte: its file is a pipe that nobody writes."""
    camera = media.new_camera()
    media.record(camera, start_90k=begun, seconds=4)
    stream = StreamKey(camera, StreamRole.MAIN, "video")
    (found,) = Library(volumes=[media.volume.path]).window(stream=stream, start_90k=begun, end_90k=begun + 4 * S)
    path = Path(found.media_path)
    path.unlink()
    os.mkfifo(path)
    yield camera
    # Whoever waits in it is let go, so that the server's threads end with it.
    for _ in range(4):
        os.close(os.open(path, os.O_RDWR))
        time.sleep(0.05)


def test_a_viewer_is_told_that_the_disk_does_not_answer(media, dial, begun, stuck):
    grant = media.grant(stuck, start_90k=begun, end_90k=begun + 4 * S)
    began_s = time.monotonic()

    player = dial()
    player.open(media.sign(grant), stuck)
    for _ in range(6):
        if player.hear_until(player.heard("ended"), within_s=2):
            break
        now_90k = SystemClock().utc()
        renewed = replace(grant, issued_at_90k=now_90k, expires_at_90k=now_90k + LEASE_90K)
        player.say("lease", token=media.sign(renewed))

    assert player.last("ended")["reason"] == "disk_hangs"
    assert time.monotonic() - began_s < 10
    fresh = media.grant(stuck, start_90k=begun, end_90k=begun + 4 * S)
    again = dial()
    again.open(media.sign(fresh), stuck)
    began_s = time.monotonic()
    assert again.hear_until(again.heard("ended"), within_s=5)
    assert again.last("ended")["reason"] == "disk_hangs"
    assert time.monotonic() - began_s < 2
