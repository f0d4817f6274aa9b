"""What time counts towards deletion: leaps of the timeline that nobody lived through make nothing old."""

import random

import pytest

from mingjian.base.clock import SimulatedClock
from mingjian.recordings import counted
from mingjian.recordings.counted import Book, CountedTime, kept_on
from mingjian.recordings.retention import Retention
from tests.recordings.conftest import DAY_90K, T0

S = 90_000
FLOOR_90K = 30 * DAY_90K


class Host:
    """A host whose timeline is what it says it is."""

    def __init__(self):
        self.boot, self.monotonic_90k, self.timeline_90k, self.true_90k = 1, 60 * S, T0, 0

    def live(self, span_90k):
        self.monotonic_90k += span_90k
        self.timeline_90k += span_90k
        self.true_90k += span_90k

    def leap(self, span_90k):
        self.timeline_90k += span_90k

    def reboot(self, *, off_90k=0, leap_90k=0):
        self.boot += 1
        self.monotonic_90k = 60 * S
        self.true_90k += off_90k + 60 * S
        self.timeline_90k += off_90k + 60 * S + leap_90k

    def count(self, index):
        time = CountedTime(index=index, boot_id=f"boot {self.boot}", monotonic=lambda: self.monotonic_90k)
        return time.now(timeline_now=lambda: self.timeline_90k)


@pytest.fixture
def host():
    return Host()


def test_time_that_was_lived_through_counts(index, host):
    host.count(index)
    for _ in range(50):
        host.live(DAY_90K)
        assert host.count(index) == host.timeline_90k


@pytest.mark.article("A13")
@pytest.mark.parametrize("days", [1, 31, 3_650])
def test_a_leap_at_a_boot_makes_nothing_old(studio, host, days):
    """NTP vouches for whatever the clock says after the boot."""
    studio.expect(floor_90k=FLOOR_90K)
    closed = studio.record(at_90k=T0, seconds=2)
    host.live(10 * S)
    host.count(studio.index)
    host.reboot(leap_90k=days * DAY_90K)
    retention = Retention(index=studio.index)

    for _ in range(30):
        done = retention.run_pass(now_90k=host.count(studio.index), ceiling_90k=1)
        assert done.deleted == 0, host.true_90k / DAY_90K
        host.live(DAY_90K)
    host.live(DAY_90K)

    assert retention.run_pass(now_90k=host.count(studio.index), ceiling_90k=1).deleted == 1
    assert closed.end_90k == T0 + 2 * S


def test_small_steps_within_a_boot_do_not_add_up_to_age(index, host):
    host.count(index)
    for _ in range(500):
        host.live(60 * S)
        host.leap(3_600 * S)
        now_90k = host.count(index)

    assert now_90k - T0 <= host.true_90k + counted.UNEVEN_90K


def test_time_without_power_does_not_count_and_costs_only_room(index, host):
    host.count(index)
    host.reboot(off_90k=40 * DAY_90K)

    assert host.count(index) == host.timeline_90k - 40 * DAY_90K


def test_a_leap_is_forgotten_when_all_from_before_it_is_past_every_floor(index, host):
    host.count(index)
    host.reboot(leap_90k=31 * DAY_90K)
    while host.true_90k < counted.REMEMBERED_90K - DAY_90K:
        assert host.count(index) < host.timeline_90k
        host.live(DAY_90K)
    host.live(2 * DAY_90K)

    assert host.count(index) == host.timeline_90k


def test_a_volume_without_a_book_begins_where_its_newest_footage_ends(studio, host):
    studio.record(at_90k=T0, seconds=2)
    host.reboot(leap_90k=20 * DAY_90K)

    assert host.count(studio.index) == T0 + 2 * S + 60 * S


@pytest.mark.parametrize("seed", range(30))
def test_no_footage_seems_older_than_it_is_before_it_is_past_any_floor(seed):
    """Recordings are dated by the timeline, whatever it says; the book is kept now and then."""
    dice, host = random.Random(seed), Host()  # noqa: S311  a test's dice
    book = Book("boot 1", host.monotonic_90k, T0, T0, ())
    ends = []
    for _ in range(400):
        kind = dice.random()
        if kind < 0.7:
            host.live(dice.randrange(3 * DAY_90K))
        elif kind < 0.85:
            host.leap(dice.randrange(10 * DAY_90K))
        else:
            host.reboot(off_90k=dice.randrange(2) * dice.randrange(5 * DAY_90K), leap_90k=dice.randrange(31 * DAY_90K))
        ends.append((host.timeline_90k, host.true_90k))
        book = kept_on(
            book,
            boot_id=f"boot {host.boot}",
            monotonic_90k=host.monotonic_90k,
            now_90k=host.timeline_90k,
            remembered_90k=counted.REMEMBERED_90K,
        )
        now_90k = host.timeline_90k - book.leapt_90k
        for end_90k, at_90k in ends:
            age_90k, true_90k = now_90k - end_90k, host.true_90k - at_90k
            slack_90k = counted.UNEVEN_90K * host.boot
            assert age_90k <= true_90k + slack_90k or true_90k >= 90 * DAY_90K


def test_the_keepers_clock_is_the_one_that_is_passed_in(index):
    clock = SimulatedClock(T0, 5 * S)
    time = CountedTime(index=index, boot_id="boot", monotonic=clock.monotonic)

    assert time.now(timeline_now=clock.utc) == T0
    assert time.leapt_90k == 0
