"""Several cameras of one granted session in step: one clock leads them, and each keeps its own lease and receipt."""

import json
import time

import pytest
from axe_playwright_python.sync_playwright import Axe

from mingjian.base import ticks
from mingjian.base.clock import SystemClock

S = ticks.TICKS_PER_S
COUNT = 3
# Notes where each picture stands as it reaches the screen, and where the clock stood then.
WATCH = """() => {
  const together = document.querySelector("mj-together");
  window.seen = [];
  together.players.forEach((player, place) => {
    const video = player.querySelector("video");
    const look = (now, frame) => {
      video.requestVideoFrameCallback(look);
      window.seen.push([place, frame.mediaTime - together.conductor.seconds, together.conductor.isRunning]);
    };
    video.requestVideoFrameCallback(look);
  });
}"""


@pytest.fixture
def granted(system):
    """A session of wang for twenty seconds of three cameras, and its page."""
    deadline = time.monotonic() + 60
    cameras = []
    while len(cameras) < COUNT and time.monotonic() < deadline:
        told = json.loads(system.run("status", "--json"))["cameras"]
        cameras = [one["id"] for one in told if one["codec"] == "h264" and one["recorded_today_s"] >= 30][:COUNT]
        time.sleep(0.5)
    end = SystemClock().utc() // S * S - 5 * S
    start = end - 20 * S
    span = ("--from", ticks.to_iso(start), "--to", ticks.to_iso(end))
    issued = json.loads(system.run("grant", "wang", *cameras, *span, "--json"))
    return {**issued, "cameras": cameras, "start": start, "end": end}


@pytest.fixture
def seen(visit, granted):
    opened = visit("wang", f"/playback/{granted['session']}/?camera=all")
    opened.wait_for(lambda: states(opened) == ["playing"] * COUNT)
    return opened


def states(seen):
    return [player["state"] for player in seen.players()]


def clock_of(seen):
    return seen.page.evaluate("() => document.querySelector('mj-together').position")


def test_cameras_play_in_step(seen):
    seen.page.wait_for_timeout(1500)
    seen.page.evaluate(WATCH)
    seen.page.wait_for_timeout(4000)
    looks = seen.page.evaluate("() => window.seen")

    by_place = {place: [off for at, off, is_running in looks if at == place and is_running] for place in range(COUNT)}
    assert all(len(offs) >= 20 for offs in by_place.values())
    means = [sum(offs) / len(offs) for offs in by_place.values()]
    print("mean distance to the clock:", [f"{mean * 1000:+.0f} ms" for mean in means])
    # A picture of these cameras lasts a tenth of a second.
    assert max(means) - min(means) < 0.1
    assert seen.complaints == []


def test_one_hand_pauses_jumps_and_hastens_them_all(seen, granted):
    seen.page.keyboard.press("Space")
    seen.wait_for(lambda: states(seen) == ["paused"] * COUNT)
    held = [player["at"] for player in seen.players()]
    assert len(set(held)) == 1

    slider = seen.page.locator("[role=slider]")
    slider.focus()
    seen.page.keyboard.press("Home")
    seen.wait_for(lambda: clock_of(seen) < granted["start"] + S and states(seen) == ["paused"] * COUNT)
    seen.page.select_option("[data-act=speed]", "4")
    begun = time.monotonic()
    seen.page.keyboard.press("k")
    seen.wait_for(lambda: clock_of(seen) > granted["start"] + 12 * S, within_s=8)
    assert time.monotonic() - begun > 2.5
    seen.wait_for(lambda: seen.page.get_attribute("mj-together", "data-state") == "paused", within_s=8)

    assert clock_of(seen) == granted["end"]


@pytest.mark.article("A14.c")
def test_jump_outside_the_window_is_refused_and_nobody_moves(seen, granted):
    before = clock_of(seen)
    seen.page.evaluate("(at) => document.querySelector('mj-together').seek(at)", granted["end"] + 5 * S)
    seen.wait_for(lambda: any(player["isCovered"] for player in seen.players()))

    assert "时段" in " ".join(player["words"] for player in seen.players() if player["isCovered"])
    assert before <= clock_of(seen) < before + 5 * S
    seen.wait_for(lambda: states(seen) == ["playing"] * COUNT)


def test_each_camera_has_its_receipt_and_revocation_stops_them_all(seen, system, granted):
    system.run("revoke", granted["session"], "--reason", "test")
    seen.wait_for(lambda: all(player["isBlank"] for player in seen.players()), within_s=4)
    seen.page.wait_for_timeout(1500)

    assert states(seen) == ["stopped"] * COUNT
    found = [json.loads(line) for line in system.run("ledger", "list", "--kind", "media.closed", "--json").splitlines()]
    for camera in granted["cameras"]:
        closed = next(entry for entry in found if camera in entry["subject"])
        assert closed["facts"]["reason"] == "revoked"


@pytest.mark.parametrize("width", [1400, 360])
def test_page_has_no_barriers(visit, granted, width):
    seen = visit("wang", f"/playback/{granted['session']}/?camera=all", width=width)
    seen.wait_for(lambda: states(seen) == ["playing"] * COUNT)

    found = Axe().run(seen.page)

    assert found.violations_count == 0, found.generate_report()
    overflow = seen.page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0
