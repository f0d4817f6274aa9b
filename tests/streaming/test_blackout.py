"""When a look may go on without a lease: only while control itself is silent, only on duty, never for ever."""

from dataclasses import replace

import pytest

from mingjian.base.ticks import TICKS_PER_S
from mingjian.streaming import blackout
from mingjian.streaming.blackout import Cause, Passage, Phase, Right, Sight, passage, proven, seen

S = TICKS_PER_S
UTC = 2_000_000_000 * S
CALM = blackout.unseen(now_90k=0)


def sight(second, *, database=True, web=True):
    return Sight(second * S, UTC + second * S, database=database, web=web)


def after(*sights, control=CALM):
    for one in sights:
        control = seen(control, one)
    return control


def dead(*, since=1, until=4):
    return after(*(sight(second, database=False, web=False) for second in range(since, until + 1)))


DUTY = Right(is_duty_live=True, lapses_at_90k=4 * S, ends_at_90k=UTC + 24 * 3600 * S)


def at(second, right, control):
    return passage(right, control=control, now_90k=second * S, utc_90k=UTC + second * S)


def test_one_question_without_an_answer_is_a_doubt_and_two_seconds_of_them_a_blackout():
    doubted = after(sight(1, database=False))
    still = seen(doubted, sight(2, database=False))
    black = seen(still, sight(3, database=False))

    assert [control.phase for control in (doubted, still, black)] == [Phase.DOUBTED, Phase.DOUBTED, Phase.BLACKOUT]
    assert black.began_at_90k == UTC + S


def test_an_answer_ends_a_doubt_and_two_in_a_row_a_blackout():
    assert after(sight(1, web=False), sight(2)).phase is Phase.CONTROLLED
    once = seen(dead(), sight(5))
    interrupted = seen(seen(once, sight(6, web=False)), sight(7))

    assert once.phase is Phase.BLACKOUT
    assert seen(once, sight(6)).phase is Phase.CONTROLLED
    assert interrupted.phase is Phase.BLACKOUT


@pytest.mark.parametrize(
    ("database", "web", "cause"),
    [(False, True, Cause.DATABASE), (False, False, Cause.DATABASE), (True, False, Cause.WEB)],
)
def test_cause_is_the_database_whenever_it_is_silent(database, web, cause):
    assert after(sight(1, database=database, web=web)).cause is cause


@pytest.mark.parametrize("control", [after(sight(1, web=False)), dead()])
def test_a_lease_issued_since_proves_that_control_lives_and_an_older_one_does_not(control):
    older = proven(control, issued_at_90k=UTC + S, now_90k=5 * S)
    newer = proven(control, issued_at_90k=UTC + S + 1, now_90k=5 * S)

    assert older is control
    assert newer.phase is Phase.CONTROLLED


@pytest.mark.article("A14.c")
@pytest.mark.parametrize("control", [CALM, after(sight(1, web=False), sight(2)), dead()])
def test_nothing_but_duty_live_goes_on_past_its_lease(control):
    viewing = replace(DUTY, is_duty_live=False)

    assert at(3, viewing, control) is Passage.LEASE
    assert at(4, viewing, control) is Passage.LAPSED


@pytest.mark.article("A14.c")
def test_a_look_whose_page_brings_no_lease_ends_while_control_lives():
    assert passage(DUTY, control=CALM, now_90k=4 * S - 1, utc_90k=UTC) is Passage.LEASE
    assert at(4, DUTY, CALM) is Passage.LAPSED


@pytest.mark.article("A18.2")
def test_duty_live_goes_on_by_the_spool_while_control_is_silent_and_seven_seconds_more():
    back = seen(seen(dead(), sight(20)), sight(21))

    assert at(4, DUTY, after(sight(4, database=False))) is Passage.SPOOL
    assert at(20, DUTY, dead()) is Passage.SPOOL
    assert passage(DUTY, control=back, now_90k=28 * S - 1, utc_90k=UTC) is Passage.SPOOL
    assert at(28, DUTY, back) is Passage.LAPSED


@pytest.mark.article("A14.c")
@pytest.mark.parametrize(
    "stumbles",
    [
        lambda control, second: seen(control, sight(second, web=second % 2 == 0)),
        lambda control, second: proven(
            seen(control, sight(second, web=False)), issued_at_90k=UTC + (second + 1) * S, now_90k=second * S
        ),
    ],
    ids=["health page answers every other second", "other pages renew all the time"],
)
def test_nobody_lives_on_a_control_that_is_kept_stumbling(stumbles):
    control, passages = CALM, []
    for second in range(1, 60):
        control = stumbles(control, second)
        passages.append(at(second, DUTY, control))

    assert passages[10] is Passage.SPOOL
    assert Passage.SPOOL not in passages[30:]


def test_a_fresh_lease_after_the_blackout_is_an_ordinary_lease():
    back = seen(seen(dead(), sight(20)), sight(21))

    renewed = replace(DUTY, lapses_at_90k=27 * S)

    assert at(26, renewed, back) is Passage.LEASE
    assert at(40, renewed, back) is Passage.LAPSED


@pytest.mark.article("A18.2")
def test_no_look_survives_the_end_of_its_window():
    right = replace(DUTY, ends_at_90k=UTC + 30 * S)

    assert passage(right, control=dead(), now_90k=29 * S, utc_90k=UTC + 30 * S - 1) is Passage.SPOOL
    assert at(30, right, dead()) is Passage.WINDOW_OVER


def test_no_look_goes_on_longer_than_twelve_hours_however_often_control_flickers():
    flickering = dead(since=4 + 12 * 3600 - 10, until=4 + 12 * 3600)
    last = DUTY.lapses_at_90k + blackout.LONGEST_90K

    assert passage(DUTY, control=flickering, now_90k=last - 1, utc_90k=UTC) is Passage.SPOOL
    assert passage(DUTY, control=flickering, now_90k=last, utc_90k=UTC) is Passage.TOO_LONG
