"""Gap rows around runs that come and go between volumes, in whatever order their news arrive."""

import pytest

from mingjian.recordings.check import check
from mingjian.recordings.model import GapCause, GapCauseLearned, RunEnded
from mingjian.recordings.reader import IndexReader

T0 = 1_700_000_000 * 90_000
S = 90_000


@pytest.fixture
def gaps(studio):
    def found():
        with IndexReader(studio.volume.path) as reader:
            rows = reader._connection.execute("SELECT start_90k, end_90k, cause FROM gap ORDER BY start_90k")
            return [((a - T0) // S, None if b is None else (b - T0) // S, cause) for a, b, cause in rows]

    return found


def test_seconds_told_as_lost_are_none_once_the_run_has_brought_them_back(studio, gaps):
    studio.expect(floor_90k=0)
    take = studio.start(at_90k=T0)
    studio.shoot(take, seconds=4)
    studio.close(take)
    # It had said ten seconds when its volume failed it; the last six it took along, and brings them back.
    studio.index.apply(RunEnded(take.started.run_id, studio.stream, T0 + 10 * S, GapCause.DISK, "test"))
    assert (4, 10, "disk") in gaps()

    back = studio.start(at_90k=T0 + 3 * S)
    studio.shoot(back, seconds=12)
    studio.close(back)
    studio.end(back)

    assert gaps() == [(15, None, "camera_silent")]
    assert check(studio.volume) == []


def test_a_run_that_came_back_before_its_first_stay_was_told_ended_leaves_no_gap_over_itself(studio, gaps):
    studio.expect(floor_90k=0)
    first = studio.start(at_90k=T0)
    studio.shoot(first, seconds=5)
    studio.close(first)
    back = studio.start(at_90k=T0 + 2 * S)
    studio.shoot(back, seconds=8)

    studio.end(first, cause=GapCause.DISK)
    studio.close(back)
    studio.end(back)

    assert gaps() == [(10, None, "camera_silent")]


def test_a_cause_learned_after_the_first_picture_of_the_next_run_ends_with_it(studio, gaps):
    studio.expect(floor_90k=0)
    studio.record(at_90k=T0, seconds=2, cause=GapCause.RECORDER_DOWN)
    learned = GapCauseLearned(studio.stream, T0 + 6 * S, GapCause.CAMERA_MALFORMED, "recorder.no_sync_sample")
    studio.index.apply(learned)

    studio.record(at_90k=T0 + 5 * S, seconds=4)

    assert gaps() == [(2, 5, "recorder_down"), (9, None, "camera_silent")]


def test_a_run_that_came_back_and_died_early_leaves_the_gap_behind_what_its_first_stay_holds(studio, gaps):
    studio.expect(floor_90k=0)
    studio.record(at_90k=T0, seconds=10, cause=GapCause.DISK)
    back = studio.start(at_90k=T0 + 4 * S)
    studio.shoot(back, seconds=4)
    studio.close(back)

    studio.end(back, cause=GapCause.RECORDER_DOWN)

    assert gaps() == [(10, None, "recorder_down")]
    assert check(studio.volume) == []


def test_seconds_brought_back_may_begin_before_the_last_file_of_the_first_stay(studio):
    studio.expect(floor_90k=0)
    first = studio.start(at_90k=T0)
    studio.shoot(first, seconds=5)
    studio.close(first)
    last = studio.start(at_90k=T0 + 5 * S, run_id=first.started.run_id)
    studio.shoot(last, seconds=5)
    studio.close(last)
    studio.end(last, cause=GapCause.DISK)

    studio.record(at_90k=T0 + 4 * S, seconds=8)

    assert check(studio.volume) == []
