"""The camera's clock carries a run; ours corrects it gently and ends it when they part."""

from itertools import pairwise

import pytest

from mingjian.base.ticks import TICKS_PER_S
from mingjian.recorder.run_clock import RunClock

FRAME_90K = 3_600
START_90K = 1_790_000_000 * TICKS_PER_S
# The smallest delay that arrivals at a tick of 200 ms show.
ANCHOR_90K = START_90K + FRAME_90K


def play(clock: RunClock, *, frames: int, first: int = 1, camera_ppm: int = 0, tick_90k: int = 18_000) -> list[int]:
    """Place frames of a camera whose clock is off by `camera_ppm`, arriving at the next tick; return the times."""
    placed = []
    for number in range(first, first + frames):
        sent = START_90K + number * FRAME_90K
        arrival = sent + tick_90k - sent % tick_90k
        rtp = number * FRAME_90K + number * FRAME_90K * camera_ppm // 1_000_000
        placed += clock.place(rtp_times_90k=[rtp], arrival_90k=arrival)
    return placed


def test_run_clock_anchors_by_the_smallest_delay_among_the_first() -> None:
    arrivals = [(0, START_90K + 18_000), (3_600, START_90K + 18_000), (7_200, START_90K + 18_000)]
    clock = RunClock(first=arrivals)

    assert clock.place(rtp_times_90k=[0], arrival_90k=START_90K + 18_000) == [START_90K + 10_800]


def test_run_clock_keeps_the_spacing_of_the_camera_when_arrivals_jitter() -> None:
    clock = RunClock(first=[(0, ANCHOR_90K)])
    placed = play(clock, frames=500)

    steps = {after - before for before, after in pairwise(placed)}
    assert steps == {FRAME_90K}


@pytest.mark.parametrize("camera_ppm", [-300, 300])
def test_run_clock_follows_a_camera_that_drifts_within_the_correction(camera_ppm: int) -> None:
    clock = RunClock(first=[(0, ANCHOR_90K)])
    frames = 25 * 3_600
    placed = play(clock, frames=frames, camera_ppm=camera_ppm)

    assert abs(placed[-1] - (START_90K + frames * FRAME_90K)) < TICKS_PER_S // 5
    steps = [after - before for before, after in pairwise(placed)]
    assert min(steps) > 0
    assert max(steps) - min(steps) <= 2 * (180_000 * 500 // 1_000_000) + 4


def test_run_clock_never_corrects_by_more_than_500_ppm() -> None:
    clock = RunClock(first=[(0, START_90K - TICKS_PER_S // 2)])
    placed = play(clock, frames=2_500)

    natural = (len(placed) - 1) * FRAME_90K
    assert 0 < placed[-1] - placed[0] - natural <= natural * 500 // 1_000_000 + 90


@pytest.mark.parametrize("step_90k", [5 * TICKS_PER_S, -5 * TICKS_PER_S])
def test_run_clock_refuses_a_jump_of_the_camera(step_90k: int) -> None:
    clock = RunClock(first=[(0, ANCHOR_90K)])
    play(clock, frames=100)

    times = [101 * FRAME_90K, 102 * FRAME_90K + step_90k, 103 * FRAME_90K + step_90k]
    assert len(clock.place(rtp_times_90k=times, arrival_90k=START_90K + 103 * FRAME_90K)) == 1


def test_run_clock_bears_a_network_that_stalls_and_catches_up() -> None:
    clock = RunClock(first=[(0, ANCHOR_90K)])
    before = play(clock, frames=100)
    late = START_90K + 200 * FRAME_90K
    burst = clock.place(rtp_times_90k=[number * FRAME_90K for number in range(101, 200)], arrival_90k=late)

    assert FRAME_90K <= burst[0] - before[-1] <= FRAME_90K + 90
    assert {after - before for before, after in pairwise(burst)} == {FRAME_90K}


def test_run_clock_bears_an_encoder_that_falls_behind_and_catches_up() -> None:
    clock = RunClock(first=[(0, ANCHOR_90K)])
    kept = 0
    for second in range(60):
        pictures = range(25 * second, 25 * second + 25)
        # Ever later for twenty seconds, then all at once, as an encoder does that shares its processor.
        delay = (second % 20) * TICKS_PER_S // 10
        arrival = START_90K + (25 * second + 25) * FRAME_90K + delay
        kept += len(clock.place(rtp_times_90k=[number * FRAME_90K for number in pictures], arrival_90k=arrival))

    assert kept == 60 * 25


def test_run_clock_bears_a_camera_that_pauses() -> None:
    clock = RunClock(first=[(0, ANCHOR_90K)])
    play(clock, frames=100)

    [placed] = clock.place(rtp_times_90k=[200 * FRAME_90K], arrival_90k=START_90K + 200 * FRAME_90K)

    assert abs(placed - START_90K - 200 * FRAME_90K) <= 20_000


def test_run_clock_gives_up_a_camera_that_stays_late_for_a_minute() -> None:
    clock = RunClock(first=[(0, ANCHOR_90K)])
    play(clock, frames=100)

    kept = 0
    for number in range(101, 101 + 25 * 70):
        arrival = START_90K + number * FRAME_90K + 2 * TICKS_PER_S
        kept += len(clock.place(rtp_times_90k=[number * FRAME_90K], arrival_90k=arrival))
        if kept < number - 100:
            break
    assert 25 * 55 < kept < 25 * 65


def test_run_clock_tells_and_closes_a_shortage_before_anything_is_placed() -> None:
    clock = RunClock(first=[(0, ANCHOR_90K)])
    shortage = clock.shortage(rtp_time_90k=0, earliest_90k=ANCHOR_90K + 500)
    clock.postpone(shortage)

    assert shortage == 500
    assert clock.place(rtp_times_90k=[0], arrival_90k=START_90K) == [ANCHOR_90K + 500]
