"""No viewer is served faster than the chosen speed and two seconds; no jumping about changes that."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingjian.base.ticks import TICKS_PER_S
from mingjian.streaming.pacing import LEAD_90K, Allowance, Pacer

S = TICKS_PER_S


@pytest.mark.parametrize("speed_quarters", [1, 2, 4, 8, 16, 32, 64])
def test_served_time_never_exceeds_speed_times_elapsed_and_the_lead(speed_quarters):
    pacer = Pacer(speed_quarters=speed_quarters, now_90k=0)
    now = served = 0
    for _ in range(500):
        wait = pacer.wait_90k(cost_90k=S // 2, now_90k=now)
        now += wait
        assert pacer.wait_90k(cost_90k=S // 2, now_90k=now) == 0
        pacer.spend(cost_90k=S // 2, now_90k=now)
        served += S // 2
        assert served <= speed_quarters * now / 4 + LEAD_90K
    assert now == pytest.approx((served - LEAD_90K) * 4 / speed_quarters, rel=0.01)


def test_idle_time_is_not_saved_up():
    pacer = Pacer(speed_quarters=4, now_90k=0)

    assert pacer.wait_90k(cost_90k=LEAD_90K, now_90k=3600 * S) == 0
    pacer.spend(cost_90k=LEAD_90K, now_90k=3600 * S)

    assert pacer.wait_90k(cost_90k=S, now_90k=3600 * S) == S


def test_a_picture_longer_than_the_lead_is_saved_up_for():
    pacer = Pacer(speed_quarters=64, now_90k=0)

    wait = pacer.wait_90k(cost_90k=10 * S, now_90k=0)

    assert wait == 8 * S // 16
    assert pacer.wait_90k(cost_90k=10 * S, now_90k=wait) == 0


def test_nothing_flows_while_stopped_and_it_goes_on_after():
    pacer = Pacer(speed_quarters=4, now_90k=0)
    pacer.spend(cost_90k=LEAD_90K, now_90k=0)
    pacer.stop(now_90k=0)

    assert pacer.wait_90k(cost_90k=S, now_90k=100 * S) is None
    pacer.resume(now_90k=100 * S)
    assert pacer.wait_90k(cost_90k=S, now_90k=100 * S) == S


def test_clock_going_back_gives_nothing():
    pacer = Pacer(speed_quarters=4, now_90k=10 * S)
    pacer.spend(cost_90k=LEAD_90K, now_90k=10 * S)

    assert pacer.wait_90k(cost_90k=S, now_90k=0) == S


@given(st.lists(st.tuples(st.sampled_from(["wait", "spend", "stop", "resume", "speed"]), st.integers(0, 5 * S))))
def test_no_order_of_wishes_beats_the_bound(wishes):
    pacer = Pacer(speed_quarters=4, now_90k=0)
    now = served = 0
    for wish, span in wishes:
        now += span // 7
        match wish:
            case "wait" | "spend":
                if pacer.wait_90k(cost_90k=span, now_90k=now) == 0:
                    pacer.spend(cost_90k=span, now_90k=now)
                    served += span
            case "stop":
                pacer.stop(now_90k=now)
            case "resume":
                pacer.resume(now_90k=now)
            case "speed":
                pacer.set_speed(speed_quarters=4, now_90k=now)
        assert served <= now + LEAD_90K


def test_allowance_is_used_up_and_comes_back():
    jumps = Allowance(count=4, every_90k=S // 2, now_90k=0)
    for _ in range(4):
        assert jumps.wait_90k(now_90k=0) == 0
        jumps.take()

    assert jumps.wait_90k(now_90k=0) == S // 2
    assert jumps.wait_90k(now_90k=S // 2) == 0
