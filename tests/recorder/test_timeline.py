"""The timeline never goes back, over restarts, reboots and steps of the wall clock."""

from collections.abc import Callable
from pathlib import Path

import pytest

from mingjian.base.clock import SimulatedClock
from mingjian.base.ticks import TICKS_PER_S
from mingjian.recorder.timeline import FORWARD_BOUND_90K, Timeline, TimelineError

START_90K = 1_790_000_000 * TICKS_PER_S
HOUR_90K = 3_600 * TICKS_PER_S

Open = Callable[..., Timeline]


class Ntp:
    """Whether the kernel would say that it is synchronised."""

    def __init__(self) -> None:
        self.answer = True

    def __call__(self) -> bool:
        return self.answer


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock(START_90K, 1_000)


@pytest.fixture
def ntp() -> Ntp:
    return Ntp()


@pytest.fixture
def open_timeline(tmp_path: Path, clock: SimulatedClock, ntp: Ntp) -> Open:
    def open_it(*, boot_id: str = "first", clock: SimulatedClock = clock) -> Timeline:
        return Timeline(path=tmp_path / "timeline.json", clock=clock, boot_id=boot_id, is_synchronised=ntp)

    return open_it


def test_timeline_starts_at_the_wall_clock_when_there_is_no_paper(open_timeline: Open, clock: SimulatedClock) -> None:
    timeline = open_timeline()

    assert timeline.now() == clock.utc()
    assert timeline.is_trusted


def test_timeline_goes_on_when_the_wall_clock_steps_back(open_timeline: Open, clock: SimulatedClock) -> None:
    timeline = open_timeline()
    clock.step_wall(-HOUR_90K)
    clock.advance(TICKS_PER_S)

    assert timeline.discipline() == 0
    assert timeline.now() == START_90K + TICKS_PER_S
    assert not timeline.is_trusted


def test_timeline_steps_forward_within_the_bound_when_ntp_vouches(open_timeline: Open, clock: SimulatedClock) -> None:
    timeline = open_timeline()
    clock.step_wall(30 * TICKS_PER_S)

    assert timeline.discipline() == 30 * TICKS_PER_S
    assert timeline.now() == clock.utc()
    assert timeline.is_trusted


def test_timeline_stays_when_nobody_vouches_for_the_wall_clock(
    open_timeline: Open, clock: SimulatedClock, ntp: Ntp
) -> None:
    timeline = open_timeline()
    ntp.answer = False
    clock.step_wall(30 * TICKS_PER_S)

    assert timeline.discipline() == 0
    assert timeline.now() == START_90K
    assert not timeline.is_trusted


def test_timeline_stays_when_a_trusted_boot_steps_beyond_the_bound(open_timeline: Open, clock: SimulatedClock) -> None:
    timeline = open_timeline()
    clock.step_wall(FORWARD_BOUND_90K + TICKS_PER_S)

    assert timeline.discipline() == 0
    assert not timeline.is_trusted


def test_timeline_makes_up_for_days_when_a_boot_without_clock_is_first_synchronised(
    open_timeline: Open, clock: SimulatedClock, ntp: Ntp
) -> None:
    ntp.answer = False
    timeline = open_timeline()
    ntp.answer = True
    clock.step_wall(72 * HOUR_90K)

    assert timeline.discipline() == 72 * HOUR_90K
    assert timeline.is_trusted


def test_timeline_is_shared_when_another_process_steps_it(open_timeline: Open, clock: SimulatedClock) -> None:
    keeper, worker = open_timeline(), open_timeline()
    clock.step_wall(5 * TICKS_PER_S)
    keeper.discipline()

    assert worker.follow() == 5 * TICKS_PER_S
    assert worker.now() == keeper.now()
    assert worker.follow() == 0


def test_timeline_continues_over_a_restart_of_the_process(open_timeline: Open, clock: SimulatedClock) -> None:
    before = open_timeline()
    clock.step_wall(-HOUR_90K)
    clock.advance(7 * TICKS_PER_S)

    assert open_timeline().now() == before.now() == START_90K + 7 * TICKS_PER_S


def test_timeline_begins_after_what_it_reached_when_a_reboot_forgets_the_hour(
    open_timeline: Open, clock: SimulatedClock, ntp: Ntp
) -> None:
    timeline = open_timeline()
    clock.advance(HOUR_90K)
    timeline.discipline()
    clock.advance(4 * TICKS_PER_S)
    last = timeline.now()
    ntp.answer = False

    after = open_timeline(boot_id="second", clock=SimulatedClock(1_000 * TICKS_PER_S, 0))

    assert after.now() > last
    assert not after.is_trusted


def test_timeline_does_not_believe_a_far_future_when_a_boot_has_no_ntp(
    open_timeline: Open, clock: SimulatedClock, ntp: Ntp
) -> None:
    reached = open_timeline().now()
    ntp.answer = False

    after = open_timeline(boot_id="second", clock=SimulatedClock(START_90K + 10 * 365 * 24 * HOUR_90K, 0))

    assert after.now() - reached < 60 * TICKS_PER_S


def test_timeline_refuses_to_start_when_its_paper_is_spoiled(open_timeline: Open, tmp_path: Path) -> None:
    (tmp_path / "timeline.json").write_text('{"boot_id": 3')

    with pytest.raises(TimelineError, match=r"recorder\.bad_timeline"):
        open_timeline()


def test_a_worker_writes_down_what_is_reached_when_no_keeper_lives(
    open_timeline: Open, clock: SimulatedClock, ntp: Ntp
) -> None:
    of_worker = open_timeline()
    for _ in range(100):
        clock.advance(TICKS_PER_S)
        of_worker.follow()
        of_worker.note()
    reached = of_worker.now()
    ntp.answer = False

    # The next boot's wall clock stands far in the past.
    after = open_timeline(boot_id="second", clock=SimulatedClock(START_90K - 1_000 * HOUR_90K, 0))

    assert after.now() > reached
