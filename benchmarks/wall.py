"""Nine live tiles in a browser for minutes, PostgreSQL killed half-way: how far from now, does memory stay flat.

`./dev bench wall --minutes 10 --dead 20`. A demo of its own on free ports gets a ninth camera; Chromium shows the wall.
Every half minute the distance to the clock of every tile, the JavaScript heap after a collection, and the resident
memory of renderer and streaming are taken; half-way PostgreSQL is killed again and again for `--dead` seconds. Prints a
table, then one METRIC line per figure.
"""

import argparse
import contextlib
import json
import os
import signal
import statistics
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import CDPSession, Page

from benchmarks import accounting
from benchmarks.system import Demo, running_demo
from mingjian.demo import cast
from tools.browser import opened_browser

TILES = 9
SAMPLE_S = 30.0
PATIENCE_S = 120.0
STATES = """() => [...document.querySelectorAll("mj-player")].map((player) => ({
    lag: Date.now() / 1000 - player.position / 90000, state: player.dataset.state, pictures: player.picture.shown,
    held: player.hasAttribute("data-control"),
}))"""


@dataclass(frozen=True, slots=True)
class Sample:
    """One look at the wall."""

    at_s: float
    lags_s: tuple[float, ...]
    live: int
    held: int
    pictures: int
    heap_bytes: int
    renderer_bytes: int
    streaming_bytes: int


def _add_ninth(demo: Demo) -> None:
    site = json.loads((demo.root / "demo" / "cameras.json").read_text(encoding="utf-8"))
    password = (demo.root / "secrets" / "demo-camera.password").read_text(encoding="ascii").strip()
    address = f"rtsp://127.0.0.1:{site['port']}/gate"
    demo.add_camera(address, name="第九路", user="camera", password=password)


@contextlib.contextmanager
def kept_dead(demo: Demo) -> Iterator[None]:
    """Kill PostgreSQL and whatever the supervisor starts instead."""
    over = threading.Event()

    def kill() -> None:
        while not over.wait(0.1):
            with contextlib.suppress(OSError, StopIteration, ValueError, TypeError):
                os.kill(demo.pid("postgres"), signal.SIGKILL)

    killing = threading.Thread(target=kill)
    killing.start()
    try:
        yield
    finally:
        over.set()
        killing.join()


class Wall:
    """The page, and what is measured of it."""

    def __init__(self, page: Page, demo: Demo) -> None:
        self._page, self._demo = page, demo
        self._line: CDPSession = page.context.new_cdp_session(page)
        self._begun_s = time.monotonic()
        self.samples: list[Sample] = []

    def open(self) -> None:
        """Sign in as the operator on shift and wait until every tile is live."""
        address = self._demo.address
        self._page.goto(f"{address}/sign-in/")
        self._page.fill("input[name=username]", cast.ON_SHIFT.username)
        self._page.fill("input[name=password]", cast.PASSWORD)
        self._page.click("form[action='/sign-in/'] button")
        self._page.wait_for_load_state()
        self._page.goto(f"{address}/wall/?layout=9")
        # The page's own policy forbids the evaluation that a waiting function needs.
        while sum(tile["state"] == "live" for tile in self._page.evaluate(STATES)) < TILES:
            if time.monotonic() - self._begun_s > PATIENCE_S:
                raise TimeoutError(self._page.evaluate(STATES))
            self.stay(0.5)
        self._line.send("Performance.enable")
        self._begun_s = time.monotonic()

    def look(self) -> Sample:
        """Take one sample and print it."""
        tiles = self._page.evaluate(STATES)
        self._line.send("HeapProfiler.collectGarbage")
        metrics = {one["name"]: one["value"] for one in self._line.send("Performance.getMetrics")["metrics"]}
        sample = Sample(
            at_s=time.monotonic() - self._begun_s,
            lags_s=tuple(tile["lag"] for tile in tiles),
            live=sum(tile["state"] == "live" for tile in tiles),
            held=sum(bool(tile["held"]) for tile in tiles),
            pictures=sum(tile["pictures"] for tile in tiles),
            heap_bytes=int(metrics["JSHeapUsedSize"]),
            renderer_bytes=accounting.pss_bytes(_renderers()),
            streaming_bytes=accounting.pss_bytes([self._demo.pid("streaming")]),
        )
        self.samples.append(sample)
        print(
            f"{sample.at_s:6.0f} s  {sample.live} live {sample.held} held  "
            f"lag {min(sample.lags_s):.2f}–{max(sample.lags_s):.2f} s  pictures {sample.pictures}  "
            f"heap {_mb(sample.heap_bytes)}  renderer {_mb(sample.renderer_bytes)}  "
            f"streaming {_mb(sample.streaming_bytes)}",
            flush=True,
        )
        return sample

    def stay(self, seconds: float) -> None:
        """Let the page run."""
        self._page.wait_for_timeout(seconds * 1000)


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--dead", type=float, default=20, help="seconds without PostgreSQL, half-way")
    options = parser.parse_args()
    with running_demo() as demo, opened_browser() as browser:
        _add_ninth(demo)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        wall = Wall(page, demo)
        wall.open()
        _watch(wall, seconds=options.minutes * 30)
        print("PostgreSQL is killed", flush=True)
        with kept_dead(demo):
            dead = [_after(wall, 4.0) for _ in range(max(2, int(options.dead / 4)))]
        print("PostgreSQL may live again", flush=True)
        _watch(wall, seconds=options.minutes * 30 - options.dead)
        demo.run("ledger", "verify")
        spooled = demo.run("ledger", "list", "--kind", "media.spooled", "--limit", "1000", "--json").count("\n")
    _print_figures(wall.samples, dead, spooled)


def _watch(wall: Wall, *, seconds: float) -> None:
    for _ in range(max(1, round(seconds / SAMPLE_S))):
        wall.stay(SAMPLE_S)
        wall.look()


def _after(wall: Wall, seconds: float) -> Sample:
    wall.stay(seconds)
    return wall.look()


def _print_figures(samples: list[Sample], dead: list[Sample], spooled: int) -> None:
    settled = [sample for sample in samples if sample.at_s > 60] or samples
    figures = {
        "wall_lag_median_s": statistics.median(lag for sample in samples for lag in sample.lags_s),
        "wall_lag_worst_s": max(max(sample.lags_s) for sample in samples),
        "wall_lag_worst_while_dead_s": max(max(sample.lags_s) for sample in dead),
        "wall_live_least": float(min(sample.live for sample in samples)),
        "wall_live_least_while_dead": float(min(sample.live for sample in dead)),
        "wall_pictures_per_tile_second": (samples[-1].pictures - samples[0].pictures)
        / TILES
        / max(1.0, samples[-1].at_s - samples[0].at_s),
        "wall_heap_growth_mb": (settled[-1].heap_bytes - settled[0].heap_bytes) / 1e6,
        "wall_renderer_growth_mb": (settled[-1].renderer_bytes - settled[0].renderer_bytes) / 1e6,
        "wall_streaming_growth_mb": (settled[-1].streaming_bytes - settled[0].streaming_bytes) / 1e6,
        "wall_spooled_entries": float(spooled),
    }
    for name, value in figures.items():
        print(f"METRIC {name} {value:.3f}")


def _renderers() -> list[int]:
    found = []
    for pid in accounting.descendants():
        with contextlib.suppress(OSError):
            if b"--type=renderer" in Path(f"/proc/{pid}/cmdline").read_bytes():
                found.append(pid)
    return found


def _mb(size_bytes: int) -> str:
    return f"{size_bytes / 1e6:.1f} MB"


if __name__ == "__main__":
    main()
