"""How late a live picture is in a real browser: a clock in front of the cameras, read back from what Chromium shows.

The way is whole: picture drawn and encoded, RTP, recorder, file on the disk, streaming under a lease of the operator on
shift, MSE, the player, the frame handed to the screen (requestVideoFrameCallback), its blocks read from a canvas.
"""

import json
from collections import Counter

from playwright.sync_api import Page

from benchmarks import clock
from benchmarks.figures import metric, percentile
from benchmarks.system import Demo, Foreign, free_port, running_demo
from mingjian.demo import cast
from tools.browser import opened_browser

BAR_S = 1.5
# The player's first seconds are told apart: it opens at a sync sample some time back and comes nearer.
SETTLE_S = 15
EVERY_FRAMES = 5

WATCH = f"""() => {{
  const read = {clock.READ_JS};
  window.seen = [];
  [...document.querySelectorAll("mj-player")].forEach((player, tile) => {{
    const video = player.querySelector("video"), canvas = document.createElement("canvas");
    let count = 0;
    const look = () => {{
      video.requestVideoFrameCallback(look);
      if (count++ % {EVERY_FRAMES} === 0) {{
        const now = Date.now(), shown = read(canvas, video);
        window.seen.push([tile, now, shown, player.picture.buffer?.ahead() ?? 0]);
      }}
    }};
    video.requestVideoFrameCallback(look);
  }});
}}"""
TAKE = "() => window.seen.splice(0)"
STATES = "() => [...document.querySelectorAll('mj-player')].map((player) => player.dataset.state)"


def measure(*, tiles: list[int], seconds: float) -> None:
    """Print the distance from the clock to the screen for each number of tiles."""
    port = free_port()
    with clock.running(port=port, mounts=max(tiles)), running_demo() as demo, opened_browser() as browser:
        cameras = [
            demo.add_camera(
                f"rtsp://127.0.0.1:{port}/{number}",
                name=f"时钟 {number}",
                user=clock.ACCOUNT.user,
                password=clock.ACCOUNT.password,
            )
            for number in range(max(tiles))
        ]
        demo.wait_recorded(cameras)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        sign_in(page, demo, cast.ON_SHIFT.username)
        for count in tiles:
            _open_wall(page, demo, cameras[:count], count)
            _measure(page, count, seconds)


def sign_in(page: Page, demo: Demo, username: str) -> None:
    """Sign somebody in to the demo."""
    page.goto(f"{demo.address}/sign-in/")
    page.fill("input[name=username]", username)
    page.fill("input[name=password]", cast.PASSWORD)
    page.click("form[action='/sign-in/'] button")
    page.wait_for_load_state()


def _open_wall(page: Page, demo: Demo, cameras: list[str], count: int) -> None:
    page.goto(f"{demo.address}/wall/?layout={count}")
    name = page.get_attribute("mj-wall", "memory")
    kept = json.dumps({"layout": count, "order": cameras})
    page.evaluate("([name, kept]) => localStorage.setItem(`mj-wall:${name}`, kept)", [name, kept])
    page.goto(f"{demo.address}/wall/?layout={count}")
    for _ in range(240):
        if page.evaluate(STATES) == ["live"] * count:
            return
        page.wait_for_timeout(250)
    raise TimeoutError(page.evaluate(STATES))


def _measure(page: Page, count: int, seconds: float) -> None:
    foreign = Foreign()
    page.evaluate(WATCH)
    page.wait_for_timeout(SETTLE_S * 1000)
    early = page.evaluate(TAKE)
    foreign.cores()
    page.wait_for_timeout(seconds * 1000)
    looks = page.evaluate(TAKE)
    late_s = [(now - shown) / 1000 for _, now, shown, _ in looks if shown is not None]
    unread, by_tile = sum(shown is None for _, _, shown, _ in looks), Counter(tile for tile, *_ in looks)
    first_s = [(now - shown) / 1000 for _, now, shown, _ in early if shown is not None]
    print(
        f"{count} tiles, {seconds:.0f} s: {len(late_s)} pictures read ({unread} not), per tile "
        f"{min(by_tile.values())} to {max(by_tile.values())} of {seconds * clock.FPS / EVERY_FRAMES:.0f}; "
        f"other cores {foreign.cores():.2f}",
        flush=True,
    )
    metric(f"live_latency_{count}_tiles_median", percentile(late_s, 0.5), "s")
    metric(f"live_latency_{count}_tiles_p95", percentile(late_s, 0.95), "s", at_most=BAR_S)
    metric(f"live_latency_{count}_tiles_p99", percentile(late_s, 0.99), "s")
    metric(f"live_latency_{count}_tiles_worst", max(late_s), "s")
    metric(f"live_latency_{count}_tiles_first_{SETTLE_S}_s_p95", percentile(first_s, 0.95), "s")
    metric(f"live_ahead_{count}_tiles_median", percentile([ahead for *_, ahead in looks], 0.5), "s lie ready")
