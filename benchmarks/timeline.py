"""Ninety days of one camera, a day of many, a month of all: the questions to the index, and the drawing in a browser.

`./dev bench timeline --days 90 --gaps 4000`. First in the index of 200 cameras and 90 days of `./dev bench playback`,
then in one with a camera that fails again and again. Rows are entered by the index's own event door, ten-minute files
and a gap after each run. The question is asked as a page asks it (`Library.coverage`, then what <mj-timeline> is
given); the element itself is then fed with the answer in Chromium at 1200 px. Also one day of `--cameras` cameras, all
on one page, and the coverage of a month of `--site` cameras from daily sums (months.py).
Prints one METRIC line per figure, medians of `--rounds`.
"""

import argparse
import functools
import http.server
import json
import random
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path

from benchmarks import archive, months
from benchmarks.figures import metric, print_machine
from mingjian.base import ids
from mingjian.base.clock import SimulatedClock
from mingjian.base.ids import CameraId, RecordingId, RunId
from mingjian.base.ticks import TICKS_PER_S, Ticks90k
from mingjian.recordings.index import Index, PlannedStream, keeping
from mingjian.recordings.model import (
    Coverage,
    GapCause,
    RecorderEvent,
    RecordingClosed,
    RecordingOpened,
    RunEnded,
    RunStarted,
    StreamKey,
    StreamRole,
)
from mingjian.recordings.reader import Library
from mingjian.recordings.volume import Volume
from mingjian.registry.drawings import Extras, drawn
from tools.browser import opened_browser

S = TICKS_PER_S
DAY_90K = 86_400 * S
FILE_90K = 600 * S
T0 = 1_790_000_000 * S
SEED = 20_260_301
BAR_QUERY_MS = 30
BAR_DAY_MS = 60
BAR_MONTH_MS = 1_000
STATIC = Path(__file__).parent.parent / "src" / "mingjian" / "console" / "static"
CAUSES = (
    GapCause.CAMERA_SILENT,
    GapCause.CAMERA_UNREACHABLE,
    GapCause.RECORDER_DOWN,
    GapCause.DISK,
    GapCause.PERMITTED_OUTAGE,
)
PAGE = """<!doctype html><html lang="zh-Hans"><meta charset="utf-8"><title>timeline</title>
<link rel="stylesheet" href="/console/tokens.css"><link rel="stylesheet" href="/console/media.css">
<script type="application/json" id="media-strings">{}</script><main></main>
<script type="module" src="/console/media/index.js"></script></html>"""
# Feeds each timeline and returns the milliseconds of the first drawing and of another, layout and paint included.
DRAW = """async ({ answers, start, end, rounds }) => {
    await customElements.whenDefined("mj-timeline");
    const main = document.querySelector("main");
    const connected = [], redrawn = [];
    // A message sent within a frame arrives when the frame is laid out and painted.
    const frame = (act) => new Promise((done) => requestAnimationFrame(() => {
        const begun = performance.now(), line = new MessageChannel();
        line.port1.onmessage = () => done(performance.now() - begun);
        line.port2.postMessage("");
        act();
    }));
    for (let round = 0; round < rounds; round += 1) {
        main.replaceChildren();
        const made = answers.map((answer, number) => {
            const script = document.createElement("script");
            Object.assign(script, { type: "application/json", id: `drawn-${number}`, textContent: answer });
            main.append(script);
            const timeline = document.createElement("mj-timeline");
            const whole = { start, end, from: start, to: end };
            const given = { id: `timeline-${number}`, ...whole, coverage: script.id, plain: "" };
            Object.entries(given).forEach(([name, value]) => timeline.setAttribute(name, value));
            timeline.append(document.createElement("table"));
            return timeline;
        });
        connected.push(await frame(() => main.append(...made)));
        redrawn.push(await frame(() => made.forEach((timeline) => timeline.draw())));
    }
    return { connected, redrawn, nodes: main.querySelectorAll("svg *").length };
}"""


def history(stream: StreamKey, *, days: int, gaps: int) -> Iterator[list[RecorderEvent]]:
    """Yield the events of each run: files of ten minutes, an end with its cause. Random, but the same each time."""
    dice = random.Random(SEED)  # noqa: S311 - footage of a benchmark is no secret
    mean_90k = days * DAY_90K // (gaps + 1)
    at_90k, until_90k, causes = T0, T0 + days * DAY_90K, cycle(CAUSES)
    while at_90k < until_90k:
        end_90k = min(until_90k, at_90k + dice.randrange(mean_90k // 2, mean_90k * 3 // 2))
        missing_90k = min(dice.randrange(2 * S, 300 * S), (end_90k - at_90k) // 2)
        run_id, cause = RunId(ids.new_id()), next(causes)
        found: list[RecorderEvent] = [
            RunStarted(run_id, stream, Ticks90k(at_90k), cause, True, "h264", 1920, 1080, None, "w0")
        ]
        stop_90k = end_90k - missing_90k
        for first in range(at_90k, stop_90k, FILE_90K):
            found += _file(stream, run_id, first, min(stop_90k, first + FILE_90K))
        found.append(RunEnded(run_id, stream, Ticks90k(stop_90k), cause, "bench"))
        yield found
        at_90k = end_90k


def _file(stream: StreamKey, run_id: RunId, start_90k: int, end_90k: int) -> list[RecorderEvent]:
    recording_id, shape = RecordingId(ids.new_id()), ("h264", "avc1.640028", 1920, 1080)
    fragments = (end_90k - start_90k) * 2 // S
    return [
        RecordingOpened(recording_id, run_id, stream, Ticks90k(start_90k), *shape),
        RecordingClosed(
            *(recording_id, run_id, stream, Ticks90k(start_90k), Ticks90k(end_90k)),
            *(fragments << 18, fragments, fragments * 12, "0" * 64, False),
        ),
    ]


@contextmanager
def filled(streams: dict[StreamKey, tuple[int, int]]) -> Iterator[Library]:
    """Yield a library of one volume whose index has, of each stream, so many days with so many gaps."""
    with tempfile.TemporaryDirectory(prefix="mj-timeline-") as folder:
        deployment_id, volume_id = ids.new_id(), ids.new_id()
        volume = Volume.create(Path(folder) / "v", deployment_id=deployment_id, volume_id=volume_id, budget_bytes=0)
        clock = SimulatedClock(T0)
        with keeping(volume, memory=Path(folder) / "memory.json", host="h", epoch=1, clock=clock) as index:
            index.expect([PlannedStream(stream, T0, 0) for stream in streams])
            for stream, (days, gaps) in streams.items():
                _fill(index, stream, days=days, gaps=gaps)
        yield Library(volumes=[volume.path])


def _fill(index: Index, stream: StreamKey, *, days: int, gaps: int) -> None:
    batch: list[RecorderEvent] = []
    for found in history(stream, days=days, gaps=gaps):
        batch += found
        if len(batch) > 5_000:
            index.apply_many(batch)
            batch = []
    index.apply_many(batch)


def ask(library: Library, stream: StreamKey, *, days: int) -> Coverage:
    """Ask as a page does."""
    end_90k = T0 + days * DAY_90K
    return library.coverage(
        stream=stream, start_90k=T0, end_90k=end_90k, planned_since_90k=T0, now_90k=end_90k + DAY_90K
    )


def ask_day(library: Library, streams: Sequence[StreamKey], *, start_90k: int) -> list[Coverage]:
    """Ask for one day of several cameras, as a page that shows them together does."""
    end_90k = start_90k + DAY_90K
    with library.kept_open() as opened:
        return [
            opened.coverage(
                stream=stream, start_90k=start_90k, end_90k=end_90k, planned_since_90k=T0, now_90k=end_90k + DAY_90K
            )
            for stream in streams
        ]


def answer_of(found: Coverage, *, days: int) -> str:
    """Return what the page hands to the element."""
    return json.dumps(drawn(found, extras=Extras(), start_90k=T0, end_90k=T0 + days * DAY_90K))


def median_ms(act: Callable[[], object], *, rounds: int) -> float:
    """Return how long it takes, the middle of several."""
    taken = []
    for _ in range(rounds):
        begun_s = time.perf_counter()
        act()
        taken.append((time.perf_counter() - begun_s) * 1000)
    return statistics.median(taken)


class _Files(http.server.SimpleHTTPRequestHandler):
    def do_GET(self) -> None:
        """Serve the page at the root and the console's static files below it."""
        if self.path != "/":
            return super().do_GET()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(PAGE.encode())
        return None

    def log_message(self, *_: object) -> None:
        """Say nothing of it."""


@contextmanager
def served() -> Iterator[str]:
    """Serve the element as it stands in the source."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Files, directory=str(STATIC)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def draw(answers: list[str], *, days: int, rounds: int) -> dict[str, float]:
    """Draw the answers on one page; return the median milliseconds, and how many shapes that took."""
    with served() as address, opened_browser() as browser:
        page = browser.new_page(viewport={"width": 1200, "height": 900})
        page.goto(address)
        given = {"answers": answers, "start": str(T0), "end": str(T0 + days * DAY_90K), "rounds": rounds}
        found = page.evaluate(DRAW, given)
    return {
        "connected_ms": statistics.median(found["connected"]),
        "redrawn_ms": statistics.median(found["redrawn"]),
        "nodes": found["nodes"],
    }


def _measure_archive(cameras: int, *, rounds: int) -> None:
    store = archive.opened(cameras=200, days=90)
    library, start_90k = Library(volumes=[store.path]), store.end_90k - 90 * DAY_90K

    def ninety_days() -> Coverage:
        return library.coverage(
            stream=store.streams[0],
            start_90k=start_90k,
            end_90k=store.end_90k,
            planned_since_90k=start_90k,
            now_90k=store.end_90k,
        )

    query_ms = median_ms(ninety_days, rounds=rounds)
    day_ms = median_ms(
        lambda: ask_day(library, store.streams[:cameras], start_90k=start_90k + 45 * DAY_90K), rounds=rounds
    )
    metric("timeline.archive_90_days", query_ms, "ms", at_most=BAR_QUERY_MS)
    metric(f"timeline.archive_day_of_{cameras}", day_ms, "ms", at_most=BAR_DAY_MS)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=90)
    parser.add_argument("--gaps", type=int, default=4000)
    parser.add_argument("--cameras", type=int, default=64)
    parser.add_argument("--site", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args()
    print_machine()
    _measure_archive(options.cameras, rounds=options.rounds)
    one, *many = (StreamKey(CameraId(ids.new_id()), StreamRole.MAIN, "video") for _ in range(options.cameras + 1))
    with filled({one: (options.days, options.gaps), **dict.fromkeys(many, (1, 50))}) as library:
        found = ask(library, one, days=options.days)
        print(f"{len(found.footage)} runs, {len(found.gaps)} gaps in {options.days} days of one camera")
        query_ms = median_ms(lambda: ask(library, one, days=options.days), rounds=options.rounds)
        answer_ms = median_ms(lambda: answer_of(found, days=options.days), rounds=options.rounds)
        day_ms = median_ms(lambda: ask_day(library, many, start_90k=T0), rounds=options.rounds)
        answer = answer_of(found, days=options.days)
        day = [answer_of(found, days=1) for found in ask_day(library, many, start_90k=T0)]
    metric("timeline.query", query_ms, "ms", at_most=BAR_QUERY_MS)
    metric("timeline.day_query", day_ms, "ms", at_most=BAR_DAY_MS)
    with months.filled(cameras=options.site, days=30) as (library, streams):
        month_ms = median_ms(lambda: months.ask(library, streams, days=30), rounds=3)
    metric(f"timeline.month_of_{options.site}", month_ms, "ms", at_most=BAR_MONTH_MS)
    long, wide = draw([answer], days=options.days, rounds=options.rounds), draw(day, days=1, rounds=options.rounds)
    for name, value, unit in (
        ("answer", answer_ms, "ms"),
        ("answer_size", len(answer) / 1024, "KiB"),
        ("first_drawing", long["connected_ms"], "ms"),
        ("redrawing", long["redrawn_ms"], "ms"),
        ("shapes", long["nodes"], ""),
        ("day_first_drawing", wide["connected_ms"], "ms"),
        ("day_redrawing", wide["redrawn_ms"], "ms"),
    ):
        metric(f"timeline.{name}", value, unit)


if __name__ == "__main__":
    main()
