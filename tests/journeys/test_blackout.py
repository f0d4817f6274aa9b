"""PostgreSQL killed and kept dead: the wall goes on without a flicker, playback stops, and the ledger learns it all."""

import contextlib
import json
import os
import signal
import threading
import time

import pytest

from mingjian.base import ticks
from mingjian.base.clock import SystemClock

S = ticks.TICKS_PER_S
DEAD_S = 14.0


@pytest.fixture
def granted(system):
    """The page of a viewing session of wang for the last twenty seconds of one camera."""
    cameras = json.loads(system.run("status", "--json"))["cameras"]
    camera = next(camera for camera in cameras if camera["codec"] == "h264")
    while camera["recorded_today_s"] < 30:
        time.sleep(1)
        cameras = json.loads(system.run("status", "--json"))["cameras"]
        camera = next(one for one in cameras if one["id"] == camera["id"])
    end = SystemClock().utc() // S * S - 5 * S
    span = ("--from", ticks.to_iso(end - 20 * S), "--to", ticks.to_iso(end))
    return json.loads(system.run("grant", "wang", camera["id"], *span, "--json"))


@contextlib.contextmanager
def postgres_kept_dead(system):
    """Kill PostgreSQL with everything of it, and whatever the supervisor starts instead, while the block lasts."""
    over = threading.Event()

    def kill():
        while not over.wait(0.1):
            with contextlib.suppress(OSError, StopIteration, ValueError, TypeError):
                os.kill(system.process("postgres"), signal.SIGKILL)

    killing = threading.Thread(target=kill)
    killing.start()
    try:
        yield time.monotonic()
    finally:
        over.set()
        killing.join()


def lags_s(seen):
    """How far behind the clock each tile's picture is."""
    return seen.page.evaluate(
        "() => [...document.querySelectorAll('mj-player')].map((player) => Date.now() / 1000 - player.position / 90000)"
    )


def entries(system, kind):
    told = system.run("ledger", "list", "--kind", kind, "--limit", "100", "--json")
    return [json.loads(line) for line in told.splitlines()]


@pytest.mark.article("A18.2")
def test_wall_goes_on_while_postgresql_is_dead_and_playback_stops(visit, system, granted):
    wall = visit("zhang", "/wall/?layout=9")
    wall.wait_for(lambda: [player["state"] for player in wall.players()] == ["live"] * 8, within_s=40)
    playback = visit("wang", f"/playback/{granted['session']}/")
    playback.wait_for(lambda: [player["state"] for player in playback.players()] == ["playing"])
    wall.complaints.clear()
    wall.page.evaluate(
        """() => {
            window.states = [];
            new MutationObserver((all) => all.forEach((one) => window.states.push(one.target.dataset.state)))
                .observe(document.querySelector("mj-wall"), { attributeFilter: ["data-state"], subtree: true });
        }"""
    )

    with postgres_kept_dead(system) as died:
        playback.wait_for(lambda: playback.players()[0]["isBlank"], within_s=9)
        blank_s = time.monotonic() - died
        wall.wait_for(lambda: len(wall.page.query_selector_all("mj-player[data-control]")) == 8, within_s=9)
        wall.page.keyboard.press("1")
        while time.monotonic() - died < DEAD_S:
            wall.page.wait_for_timeout(500)
        before = [player["pictures"] for player in wall.players()]
        wall.page.wait_for_timeout(2000)
        shown = [player["pictures"] - earlier for player, earlier in zip(wall.players(), before, strict=True)]
        lags, notice = lags_s(wall), wall.page.inner_text(".mj-wall__notice")
        states = {element.inner_text() for element in wall.page.query_selector_all("mj-wall .mj-player__state")}

    print(f"playback was blank {blank_s:.1f} s after the kill; tiles {min(lags):.1f}–{max(lags):.1f} s behind")
    assert blank_s <= 7.0
    assert len(shown) == 8
    assert min(shown) >= 5
    assert max(lags) < 5
    assert notice.startswith("控制服务中断，值班画面继续")
    assert states == {"实时 · 本机记录"}
    wall.wait_for(lambda: not wall.page.query_selector_all("mj-player[data-control]"), within_s=60)
    wall.page.wait_for_timeout(8000)
    assert [player["state"] for player in wall.players()] == ["live"] * 8
    flickers = wall.page.evaluate("() => window.states.filter((state) => !['live', 'buffering'].includes(state))")
    assert flickers == []

    spooled = entries(system, "media.spooled")
    assert len({entry["subject"] for entry in spooled}) == 8
    assert {entry["facts"]["record"]["cause"] for entry in spooled} == {"database"}
    system.run("ledger", "verify")
    audit = visit("zhang", "/ledger/?kind=media.spooled")
    assert "数据库没有应答" in audit.page.inner_text("main")


@pytest.mark.article("A18.2")
def test_wall_goes_on_while_the_web_is_killed_and_the_page_finds_it_again(visit, system):
    wall = visit("zhang", "/wall/?layout=4")
    wall.wait_for(lambda: [player["state"] for player in wall.players()] == ["live"] * 4, within_s=40)
    wall.page.evaluate(
        """() => {
            window.states = [];
            new MutationObserver((all) => all.forEach((one) => window.states.push(one.target.dataset.state)))
                .observe(document.querySelector("mj-wall"), { attributeFilter: ["data-state"], subtree: true });
        }"""
    )

    os.kill(system.process("web"), signal.SIGKILL)
    wall.page.wait_for_timeout(15_000)
    wall.wait_for(lambda: not wall.page.query_selector_all("mj-player[data-control]"), within_s=40)
    wall.page.wait_for_timeout(8000)

    assert [player["state"] for player in wall.players()] == ["live"] * 4
    flickers = wall.page.evaluate("() => window.states.filter((state) => !['live', 'buffering'].includes(state))")
    assert flickers == []
