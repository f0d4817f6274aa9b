"""A wall clock that steps by years, with or without NTP's word: the timeline goes on, and nothing becomes old."""

import random
import subprocess
import sys
from pathlib import Path

import pytest

from mingjian.base import ids
from mingjian.base.clock import SimulatedClock
from mingjian.recorder import keeper_duties
from mingjian.recorder.timeline import TRUSTED_WITHIN_90K, Timeline
from mingjian.recordings import gate
from mingjian.recordings.gate import DeletionReason, Refusal
from mingjian.recordings.model import Recording, RecordingState, StreamKey, StreamRole
from mingjian.recordings.plan import PLAN_VERSION, Plan

ROOT = Path(__file__).parent.parent.parent
S = 90_000
START = 1_790_000_000 * S
YEAR = 365 * 86_400 * S
FLOOR = 30 * 86_400 * S


def plan():
    return Plan(
        version=PLAN_VERSION, deployment_id=ids.new_id(), epoch=1, revision=1, issued_at_90k=START, cameras=(),
        volumes=(), holds=(), released_holds=(), allowed_networks=(), allowed_ports=(), is_demo=False,
        purge_ceiling_days=None,
    )  # fmt: skip


@pytest.mark.article("A13")
@pytest.mark.parametrize("seed", range(8))
def test_steps_of_ten_years_make_no_overlap_and_nothing_old(tmp_path, seed):
    dice = random.Random(seed)  # noqa: S311  a test's dice
    clock = SimulatedClock(START, 1_000)
    timeline = Timeline(
        path=tmp_path / "timeline.json", clock=clock, boot_id="boot", is_synchronised=lambda: dice.random() < 0.5
    )
    stream = StreamKey(ids.new_id(), StreamRole.MAIN, "video")
    span = (START, START + S)
    recorded = Recording(
        ids.new_id(), ids.new_id(), stream, RecordingState.CLOSED, *span, "h264", "avc1", 16, 16, 1, "", "", ""
    )
    before = timeline.now()
    for _ in range(200):
        clock.step_wall(dice.randrange(-10 * YEAR, 10 * YEAR))
        clock.advance(60 * S)
        timeline.discipline()
        now = timeline.now()

        assert now >= before + 60 * S
        if abs(clock.utc() - now) > TRUSTED_WITHIN_90K:
            assert not timeline.is_trusted
        instant = keeper_duties.instant_for_deletion(
            clock=clock, timeline=timeline, counted_90k=timeline.now(), plan=plan()
        )
        decided = gate.decide(recorded, reason=DeletionReason.PRESSURE, now_90k=instant, floor_90k=FLOOR, holds=())
        assert isinstance(decided, Refusal)
        before = now


@pytest.mark.article("A13")
def test_real_runs_over_steps_and_summer_time_lose_overlap_and_delete_nothing():
    done = clocks("--steps", "40", "--zones", "2")

    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    assert "steps 80 steps PASS" in done.stdout


def test_a_keeper_that_believed_the_wall_clock_would_be_found():
    done = clocks("--steps", "30", "--zones", "1", "--seeded", "believes_wall")

    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"


def clocks(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "rigs", "clocks", *arguments],
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
