"""The table of behaviours against real workers: each is named or recorded, neighbours lose nothing, and all heal."""

import json
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from mingjian.base.ticks import TICKS_PER_S
from mingjian.media import fmp4_reader
from mingjian.recorder.causes import judge
from mingjian.recordings.fragments import media_records, read_table
from mingjian.recordings.model import FLAG_DAMAGED, GapCause

from .crowd import BEHAVIOURS, DEAF, PASSWORD, USER, Crowd, crowd, paper, quirks

PER_WORKER = 64
NEIGHBOUR_FPS = 25
# As long as the slowest verdict takes: a sync sample missed is told after six seconds, a back-off lasts eighteen.
VERDICT_S = 40.0
HEALED_S = 40.0
NOTICED_S = 10.0
# Ten as well (8.5 measured), and half as much again for a machine that has other things to do than 139 cameras.
NAMED_S = 15.0
# For sixty at once; a worker of 64 ordinary cameras takes 2.5 MB for each, so this is a quarter of it.
MEMORY_BYTES = 40 << 20


class Watch:
    """What the workers' papers said of each camera since the turn."""

    def __init__(self, site: Any, cameras: dict[str, Any], workers: int) -> None:
        self._site = site
        self._cameras = cameras
        self._workers = workers
        self.seen: dict[str, dict[str, float]] = {name: {} for name in cameras}
        self.now: dict[str, dict[str, Any]] = {}

    def look(self, crowd: Crowd) -> None:
        """Read the papers once."""
        told: dict[str, Any] = {}
        for index in range(self._workers):
            paper = self._site.home.worker_state(f"w{index}")
            told |= json.loads(paper.read_text())["cameras"] if paper.exists() else {}
        self.now = {name: told[camera.camera_id] for name, camera in self._cameras.items() if camera.camera_id in told}
        for name, entry in self.now.items():
            for word in (entry["detail"], *entry["flaws"], *entry["detours"]):
                self.seen[name].setdefault(word, time.monotonic() - crowd.turned_s)

    def are(self, state: str, names: list[str]) -> bool:
        return all(self.now.get(name, {}).get("state") == state for name in names)

    def unnamed(self) -> list[str]:
        """Return the behaviours whose name was not seen yet."""
        return [
            name
            for name, behaviour in BEHAVIOURS.items()
            if (behaviour.code or behaviour.flaw or "") not in {"", *self.seen[name]}
        ]


@pytest.mark.timeout(200)
def test_every_behaviour_is_named_hurts_nobody_and_heals(site: Any, evil_camera: Callable[..., Any]) -> None:
    names = list(BEHAVIOURS)
    workers = -(-len(names) // (PER_WORKER - 1))
    with crowd(names) as bad:
        neighbours = [
            site.add_camera(evil_camera(behaviour="good").address, slot=n * PER_WORKER) for n in range(workers)
        ]
        slots = [slot for slot in range(workers * PER_WORKER) if slot % PER_WORKER]
        cameras = {
            name: site.add_camera(address, user=USER, password=PASSWORD, slot=slots[number])
            for number, (name, address) in enumerate(bad.addresses.items())
        }
        site.publish()
        site.start_keeper()
        processes = [site.start_worker(index) for index in range(workers)]
        watch = Watch(site, cameras, workers)
        hearing = [name for name in names if name not in DEAF]
        site.wait_until(lambda: looks(watch, bad).are("recording", hearing), patience_s=60, told=lambda: str(watch.now))
        site.await_worker_turns(3)
        before = [peak_bytes(process.pid) for process in processes]

        for name in names:
            watch.seen[name].clear()
        bad.turn()
        site.wait_until(
            lambda: not looks(watch, bad).unnamed() and time.monotonic() > bad.turned_s + 20,
            patience_s=VERDICT_S,
            told=lambda: str({name: (watch.now[name], watch.seen[name]) for name in watch.unnamed()}),
        )
        during = [peak_bytes(process.pid) for process in processes]
        harmless = [name for name, behaviour in BEHAVIOURS.items() if not behaviour.code]
        assert watch.are("recording", harmless), {
            n: watch.now[n] for n in harmless if watch.now[n]["state"] != "recording"
        }

        bad.heal()
        site.wait_until(
            lambda: looks(watch, bad).are("recording", names),
            patience_s=HEALED_S,
            told=lambda: str({name: entry for name, entry in watch.now.items() if entry["state"] != "recording"}),
        )
        for process in processes:
            assert site.stop(process) == 0
    noticed_s = {name: watch.seen[name][behaviour.code] for name, behaviour in BEHAVIOURS.items() if behaviour.code}
    grown = [(was, now - was) for was, now in zip(before, during, strict=True)]
    print(f"slowest {sorted((s, name) for name, s in noticed_s.items())[-5:]} memory {grown}")
    for name in ("half_open", "goodbye", "crawling", "closing"):
        assert noticed_s[name] < NOTICED_S, noticed_s
    assert all(seconds < NAMED_S for seconds in noticed_s.values()), noticed_s
    for _, growth_bytes in grown:
        assert growth_bytes <= MEMORY_BYTES, grown
    for name, behaviour in BEHAVIOURS.items():
        cause = judge(behaviour.code)[1]
        # A clock that runs ahead may leave no gap at all: what it stamped reaches over the time without pictures.
        if behaviour.code and cause is not GapCause.CLOCK:
            gaps = site.coverage(cameras[name]).gaps
            assert cause in {gap.cause for gap in gaps}, (name, gaps, watch.seen[name])
    for neighbour in neighbours:
        assert_whole(site, neighbour)


def test_paper_says_what_the_table_says() -> None:
    written = Path(__file__).parents[2] / "docs" / "hostile-cameras.md"

    assert written.read_text() == paper.table(), "write it: tests/cameras/evil_camera.py --table"


@pytest.mark.parametrize("quirk", quirks.QUIRKS, ids=lambda quirk: quirk.does)
def test_every_quirk_of_vendors_has_the_test_it_names(quirk: Any) -> None:
    file, _, name = quirk.test.partition("::")

    assert f"def {name}(" in (Path(__file__).parents[1] / file).read_text()
    assert quirk.row in {"", *BEHAVIOURS}


def looks(watch: Watch, bad: Crowd) -> Watch:
    time.sleep(0.2)
    watch.look(bad)
    return watch


def assert_whole(site: Any, camera: Any) -> None:
    """Check that one run holds every picture that was sent: in step, undamaged, in the order of their numbers."""
    recordings = site.library().window(stream=site.stream_of(camera), start_90k=0, end_90k=1 << 62)
    assert len({recording.run_id for recording in recordings}) == 1
    places: list[int] = []
    times: list[int] = []
    for recording in recordings:
        table = media_records(read_table(Path(recording.table_path)))
        assert not any(record.flags & FLAG_DAMAGED for record in table)
        media = Path(recording.media_path)
        content = media.read_bytes()
        with media.open("rb") as file:
            for offset, length in fmp4_reader.fragment_lengths(file):
                for sample in fmp4_reader.samples(content[offset : offset + length]):
                    times.append(sample.dts_90k)
                    places.append(0 if sample.is_sync else frame_number(bytes(sample.data)))
    assert places == [number % NEIGHBOUR_FPS for number in range(len(places))]
    steps = [after - before for before, after in pairwise(times)]
    assert all(abs(step - TICKS_PER_S // NEIGHBOUR_FPS) < TICKS_PER_S // 500 for step in steps), set(steps)


def frame_number(data: bytes) -> int:
    """Return frame_num of the P slice of a picture that repeats another: eight bits behind three Exp-Golomb codes."""
    bits = int.from_bytes(data[5:9], "big")
    return bits >> (32 - 7 - 8) & 0xFF


def peak_bytes(pid: int) -> int:
    """Return the largest resident size since the last call, and count afresh."""
    line = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmHWM"))
    Path(f"/proc/{pid}/clear_refs").write_text("5")
    return int(line.split()[1]) * 1024
