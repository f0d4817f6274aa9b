"""The state machine of a viewer of history: each message in each state is followed or refused, never half."""

import pytest

from mingjian.base.ticks import TICKS_PER_S
from mingjian.streaming import protocol
from mingjian.streaming.playback import OUTSIDE_WINDOW, Playback, Restart

S = TICKS_PER_S
START, END = 1000 * S, 1060 * S


def playback(*, at=START, speed_quarters=4):
    made = Playback(start_90k=START, end_90k=END, at_90k=at, speed_quarters=speed_quarters, now_90k=0)
    return made


def running(**wish):
    made = playback(**wish)
    made.take_restart(now_90k=0)
    return made


def test_it_begins_with_a_restart_where_asked():
    made = playback(at=START + 7 * S)

    assert made.has_restart
    assert made.take_restart(now_90k=0) == Restart(START + 7 * S, is_sync_only=False, is_seek=True)
    assert not made.has_restart


@pytest.mark.article("A14.c")
@pytest.mark.parametrize(("at", "is_allowed"), [(START, True), (END - 1, True), (END, False), (START - 1, False)])
def test_seek_is_bounded_by_the_window(at, is_allowed):
    made = running()

    refusal = made.handle(protocol.Seek(at_90k=at), now_90k=0)

    assert refusal is (None if is_allowed else OUTSIDE_WINDOW)
    assert made.has_restart is is_allowed


def test_seek_outside_changes_nothing():
    made = running()
    before = made.wait_90k(last_pts_90k=START + 3 * S, now_90k=0)

    made.handle(protocol.Seek(at_90k=END + S), now_90k=0)

    assert made.wait_90k(last_pts_90k=START + 3 * S, now_90k=0) == before


def test_pictures_before_the_wanted_place_cost_nothing():
    made = running(at=START + 30 * S)

    assert made.wait_90k(last_pts_90k=START + 29 * S, now_90k=0) == 0
    made.left(last_pts_90k=START + 29 * S, now_90k=0)
    assert made.wait_90k(last_pts_90k=START + 32 * S, now_90k=0) == 0
    assert made.wait_90k(last_pts_90k=START + 33 * S, now_90k=0) == S


def test_seek_brings_a_fresh_lead_also_while_paused():
    made = running()
    made.left(last_pts_90k=START + 2 * S, now_90k=0)
    made.handle(protocol.Pause(), now_90k=0)
    assert made.wait_90k(last_pts_90k=START + 3 * S, now_90k=0) is None

    made.handle(protocol.Seek(at_90k=START + 20 * S), now_90k=0)
    made.take_restart(now_90k=0)

    assert made.wait_90k(last_pts_90k=START + 22 * S, now_90k=0) == 0
    assert made.wait_90k(last_pts_90k=START + 23 * S, now_90k=0) is None


def test_jumps_are_rationed():
    made = running()
    for _ in range(3):
        made.handle(protocol.Seek(at_90k=START + 20 * S), now_90k=0)
        made.take_restart(now_90k=0)
    made.handle(protocol.Seek(at_90k=START + 30 * S), now_90k=0)

    assert made.restart_wait_90k(now_90k=0) == S // 2
    assert made.restart_wait_90k(now_90k=S // 2) == 0


def test_above_fourfold_only_sync_samples_are_asked_for():
    made = running()

    made.handle(protocol.SetSpeed(speed_quarters=16), now_90k=0)
    assert not made.has_restart
    made.handle(protocol.SetSpeed(speed_quarters=32), now_90k=0)

    assert made.take_restart(now_90k=0) == Restart(START, is_sync_only=True, is_seek=False)


def test_speed_changes_while_a_seek_waits():
    made = running()
    made.handle(protocol.Seek(at_90k=START + 9 * S), now_90k=0)

    made.handle(protocol.SetSpeed(speed_quarters=64), now_90k=0)

    assert made.take_restart(now_90k=0) == Restart(START + 9 * S, is_sync_only=True, is_seek=True)


def test_changing_speed_to_and_fro_gives_no_lead():
    made = running()
    made.left(last_pts_90k=START + 2 * S, now_90k=0)
    for speed in (32, 4, 64, 4):
        made.handle(protocol.SetSpeed(speed_quarters=speed), now_90k=0)

    assert made.wait_90k(last_pts_90k=START + 3 * S, now_90k=0) == S


def test_a_hole_is_hopped_for_free():
    made = running()
    made.hop(to_90k=START + 40 * S)

    assert made.wait_90k(last_pts_90k=START + 42 * S, now_90k=0) == 0


def test_narrower_window_of_a_renewed_lease_holds_at_once():
    made = running()
    made.narrow(start_90k=START, end_90k=START + 10 * S)

    assert made.handle(protocol.Seek(at_90k=START + 10 * S), now_90k=0) is OUTSIDE_WINDOW
