"""How soon the picture is there after a seek, and how well eight cameras keep step, in a real browser.

`./dev bench picture`. A whole system; one camera has recordings on several days, eight look at one clock (clock.py). A
viewer with a permission plays them on the playback page. Seek: from the call on the player to the first picture of the
new place handed to the screen (requestVideoFrameCallback). Step: every picture's blocks are read as it reaches the
screen; how far eight cameras are apart is told by what the players show, and by the clocks read, the recorder's placing
of the cameras on the timeline included.
"""

import argparse
import json
import random
import time
from collections import defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page

from benchmarks import clock, footage
from benchmarks.figures import metric, percentile, print_machine
from benchmarks.latency import sign_in
from benchmarks.system import Demo, Foreign, free_port, started
from mingjian.base import ticks
from mingjian.base.clock import SystemClock
from mingjian.base.ids import CameraId, VolumeId
from mingjian.base.ticks import TICKS_PER_S, Ticks90k
from mingjian.demo import cast
from mingjian.host import deployment
from mingjian.host.home import Home
from mingjian.recordings.index import keeping
from mingjian.recordings.model import StreamKey, StreamRole
from mingjian.recordings.volume import Volume
from tools.browser import opened_browser

BAR_MS = 700
DAYS, FILES, FILE_S = 4, 2, 60
DAY_S = 86_400
TOGETHER = 8
# Pictures of 25 a second: two cameras are in step when they show the same one or its neighbour.
STEP_BAR_MS = 80

# Seeks by the player's own method; answers with the milliseconds until the first picture of the new place.
SEEK = """(at) => new Promise((resolve) => {
  const player = document.querySelector("mj-player"), video = player.querySelector("video");
  const begun = performance.now(), parts = { told: null, bytes: null, ready: null };
  const since = () => performance.now() - begun;
  const life = new AbortController(), { signal } = life;
  const note = (name) => () => { parts[name] ??= since(); };
  player.link.addEventListener("told", (event) => event.detail.type === "seeked" && note("told")(), { signal });
  player.link.addEventListener("bytes", () => parts.told && note("bytes")(), { signal });
  video.addEventListener("seeked", note("ready"), { signal });
  const end = (shown) => {
    clearTimeout(giveUp);
    life.abort();
    const ahead = player.picture.buffer?.ahead();
    resolve({ ...parts, shown, at: video.currentTime, state: player.dataset.state, ahead });
  };
  const giveUp = setTimeout(() => end(null), 8000);
  const look = (now, frame) => {
    const shown = player.startTicks + frame.mediaTime * 90000;
    if (Math.abs(shown - at) < 180000) {
      end(since());
    } else {
      video.requestVideoFrameCallback(look);
    }
  };
  video.requestVideoFrameCallback(look);
  player.seek(at);
})"""

WATCH = f"""() => {{
  const read = {clock.READ_JS};
  const together = document.querySelector("mj-together");
  window.seen = [];
  together.players.forEach((player, place) => {{
    const video = player.querySelector("video"), canvas = document.createElement("canvas");
    let count = 0;
    const look = (now, frame) => {{
      video.requestVideoFrameCallback(look);
      const moment = performance.now();
      const at = together.conductor.seconds
        + (together.conductor.isRunning ? (moment - together.conductor.lastMs) / 1000 * together.conductor.speed : 0);
      const shown = count++ % 5 === 0 ? read(canvas, video) : null;
      window.seen.push([place, moment, (frame.mediaTime - at) * 1000, shown, together.conductor.isRunning]);
    }};
    video.requestVideoFrameCallback(look);
  }});
}}"""
STATES = "() => [...document.querySelectorAll('mj-player')].map((player) => player.dataset.state)"


def main() -> None:
    """Record, seek, play together."""
    parser = argparse.ArgumentParser(prog="./dev bench picture", description=__doc__)
    parser.add_argument("--parts", nargs="+", choices=("seek", "together"), default=("seek", "together"))
    parser.add_argument("--seeks", type=int, default=120)
    parser.add_argument("--minutes", type=float, default=2, help="of playing together")
    parser.add_argument("--together", type=int, default=TOGETHER)
    options = parser.parse_args()
    print_machine()
    port, ports = free_port(), {"port": free_port(), "media_port": free_port()}
    with TemporaryDirectory(prefix="mj-bench-") as folder, clock.running(port=port, mounts=options.together):
        Path(folder).chmod(0o711)
        root = Path(folder) / "var"
        with started(root, **ports) as demo:
            old = demo.add_camera(f"rtsp://127.0.0.1:{free_port()}/0", name="往日")
            time.sleep(5)  # the keeper follows the plan and knows the camera
        spans = _record_days(root, old)
        with started(root, **ports) as demo, opened_browser() as browser:
            page = browser.new_page(viewport={"width": 1440, "height": 1000})
            sign_in(page, demo, cast.APPLICANT.username)
            if "seek" in options.parts:
                _seeks(page, demo, old, spans, options.seeks)
            if "together" in options.parts:
                cameras = [_add_clock(demo, port, number) for number in range(options.together)]
                demo.wait_recorded(cameras)
                begun_90k = (SystemClock().utc() // TICKS_PER_S + 2) * TICKS_PER_S
                end_90k = begun_90k + round(options.minutes * 60) * TICKS_PER_S
                # The player may not catch up with what is being recorded.
                time.sleep(30)
                _together(page, demo, cameras, (begun_90k, end_90k), options.minutes * 60 - 10)


def _add_clock(demo: Demo, port: int, number: int) -> str:
    return demo.add_camera(
        f"rtsp://127.0.0.1:{port}/{number}",
        name=f"时钟 {number}",
        user=clock.ACCOUNT.user,
        password=clock.ACCOUNT.password,
    )


def _record_days(root: Path, camera: str) -> list[tuple[int, int]]:
    """Write files of a minute on each of the days before today; return their spans."""
    home = Home(root=root, bind="127.0.0.1", port=1, media_port=2)
    (path,) = [path for path in home.volumes.iterdir() if path.is_dir()]
    founded, volume_id = deployment.load(home), VolumeId(path.name)
    volume = Volume.open(path, deployment_id=founded.deployment_id, volume_id=volume_id)
    stream = StreamKey(CameraId(camera), StreamRole.MAIN, "video")
    midnight_s = SystemClock().utc() // TICKS_PER_S // DAY_S * DAY_S
    starts_90k = [(midnight_s - day * DAY_S + 3_600) * TICKS_PER_S for day in range(DAYS, 0, -1)]
    memory = home.keeper_memory(volume_id)
    with keeping(volume, memory=memory, host=founded.host, epoch=founded.epoch, clock=SystemClock()) as index:
        store = footage.Store(volume, index)
        for start_90k in starts_90k:
            footage.record(
                store,
                stream,
                film=footage.Film.of("h264"),
                start_90k=start_90k,
                seconds=FILES * FILE_S,
                file_s=FILE_S,
            )
    return [(start, start + FILES * FILE_S * TICKS_PER_S) for start in starts_90k]


def _granted_page(demo: Demo, cameras: list[str], start_90k: int, end_90k: int) -> str:
    span = ("--from", ticks.to_iso(Ticks90k(start_90k)), "--to", ticks.to_iso(Ticks90k(end_90k)))
    issued = json.loads(demo.run("grant", cast.APPLICANT.username, *cameras, *span, "--json"))
    return f"{demo.address}/playback/{issued['session']}/"


def _wait(page: Page, state: str, count: int) -> None:
    for _ in range(300):
        if page.evaluate(STATES) == [state] * count:
            return
        page.wait_for_timeout(200)
    raise TimeoutError(page.evaluate(STATES))


def _seeks(page: Page, demo: Demo, camera: str, spans: list[tuple[int, int]], count: int) -> None:
    page.goto(_granted_page(demo, [camera], spans[0][0], spans[-1][1]))
    _wait(page, "playing", 1)
    source, foreign = random.Random(1), Foreign()  # noqa: S311 - the same every time
    foreign.cores()
    taken: list[dict[str, float]] = []
    before = -1
    for _ in range(count):
        day = source.choice([day for day in range(len(spans)) if day != before])
        before = day
        at_90k = source.randrange(spans[day][0], spans[day][1] - 5 * TICKS_PER_S)
        found = page.evaluate(SEEK, at_90k)
        if found["shown"] is None or found["shown"] > BAR_MS:
            print(f"late: {(at_90k - spans[day][0]) / TICKS_PER_S:.2f} s into day {day}: {found}", flush=True)
        taken.append(found)
        # As fast as a hand: the server rations jumps, which are copied footage otherwise.
        page.wait_for_timeout(600)
    print(f"{count} seeks over {len(spans)} days and {len(spans) * FILES} files; other cores {foreign.cores():.2f}")
    shown = [one for one in taken if one["shown"] is not None]
    for name in ("told", "bytes", "ready"):
        metric(f"picture_seek_{name}_median", percentile([one[name] or 0 for one in shown], 0.5), "ms")
    took_ms = [one["shown"] for one in shown] + [10_000.0] * (len(taken) - len(shown))
    metric("picture_seek_median", percentile(took_ms, 0.5), "ms")
    metric("picture_seek_p95", percentile(took_ms, 0.95), "ms", at_most=BAR_MS)
    metric("picture_seek_worst", max(took_ms), "ms")


def _together(page: Page, demo: Demo, cameras: list[str], span: tuple[int, int], seconds: float) -> None:
    page.goto(_granted_page(demo, cameras, *span) + "?camera=all")
    _wait(page, "playing", len(cameras))
    page.wait_for_timeout(3000)
    foreign = Foreign()
    foreign.cores()
    page.evaluate(WATCH)
    page.wait_for_timeout(seconds * 1000 - 8000)
    looks = [look for look in page.evaluate("() => window.seen") if look[4]]
    offs: dict[int, list[float]] = defaultdict(list)
    for place, _, off, _, _ in looks:
        offs[place].append(off)
    print(f"{len(cameras)} cameras, {seconds:.0f} s: {len(looks)} pictures; other cores {foreign.cores():.2f}")
    means = [sum(one) / len(one) for one in offs.values()]
    apart = _apart_ms([(moment, place, off) for place, moment, off, _, _ in looks], len(cameras))
    clocks = [(moment, place, shown - moment) for place, moment, _, shown, _ in looks if shown is not None]
    metric("together_pictures_per_camera_s", len(looks) / len(cameras) / (seconds - 8), "")
    metric("together_means_apart", max(means) - min(means), "ms")
    metric("together_apart_median", percentile(apart, 0.5), "ms between the first and the last of all")
    metric("together_apart_p95", percentile(apart, 0.95), "ms", at_most=STEP_BAR_MS)
    metric("together_apart_worst", max(apart), "ms")
    burned = _apart_ms(clocks, len(cameras))
    metric("together_burned_clocks_apart_median", percentile(burned, 0.5), "ms, the recorder's placing included")
    metric("together_burned_clocks_apart_p95", percentile(burned, 0.95), "ms")


def _apart_ms(looks: list[tuple[float, int, float]], count: int) -> list[float]:
    """Return, as each picture comes, how far the newest pictures of all cameras lie apart, whenever each was shown."""
    newest: dict[int, float] = {}
    apart: list[float] = []
    for _, place, off in sorted(looks):
        newest[place] = off
        if len(newest) == count:
            apart.append(max(newest.values()) - min(newest.values()))
    return apart


if __name__ == "__main__":
    main()
