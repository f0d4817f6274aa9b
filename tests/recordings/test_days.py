"""Daily sums say what the rows say, whatever happened to the rows; and months are told from them."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from mingjian.base import ids, ticks
from mingjian.recordings import days, deletion, salvage
from mingjian.recordings import index as indexes
from mingjian.recordings.calendar import DayTotals
from mingjian.recordings.check import check
from mingjian.recordings.days import DAY_90K
from mingjian.recordings.gate import DeletionReason
from mingjian.recordings.index import PlannedStream
from mingjian.recordings.model import GapCause, RecordingClosed, RecordingOpened, RunEnded, RunStarted
from mingjian.recordings.reader import IndexReader, Library
from mingjian.recordings.volume import Volume

S = 90_000
T0 = 1_700_000_000 * S
MIDNIGHT = days.day_of(T0)
FAR = MIDNIGHT + 40 * DAY_90K


def test_a_day_begins_at_the_campus_midnight():
    instant = datetime(1992, 1, 1, 16, tzinfo=UTC)
    while instant.year < 2100:
        civil = instant.astimezone(ticks.CIVIL_ZONE)
        midnight = datetime(civil.year, civil.month, civil.day, tzinfo=ticks.CIVIL_ZONE)
        first = ticks.from_datetime(midnight)
        assert days.day_of(ticks.from_datetime(instant)) == first
        assert days.day_of(first) == first != days.day_of(first - 1)
        instant += timedelta(days=7, hours=5)


def differing(studio):
    with IndexReader(studio.volume.path) as reader:
        return [day for stream in reader.streams() for day in reader.differing_days(stream=stream)]


def by_rows(library, stream, day_90k, *, since_90k=MIDNIGHT, now_90k=FAR):
    found = library.coverage(
        stream=stream, start_90k=day_90k, end_90k=day_90k + DAY_90K, planned_since_90k=since_90k, now_90k=now_90k
    )
    return DayTotals(
        day_90k,
        sum(span.end_90k - span.start_90k for span in found.footage),
        sum(gap.end_90k - gap.start_90k for gap in found.gaps),
        sum(last - first for first, last in found.expired),
    )


def month(library, stream, *, since_90k=MIDNIGHT, now_90k=FAR, end_90k=FAR):
    return library.days(streams={stream: since_90k}, start_90k=MIDNIGHT, end_90k=end_90k, now_90k=now_90k)[stream]


def written(index, stream, *, start_90k, end_90k, run_id=None, holes=()):
    """Enter a closed recording by its news alone; return its events."""
    run_id, recording_id = run_id or ids.new_id(), ids.new_id()
    story = [
        RunStarted(run_id, stream, start_90k, GapCause.CAMERA_SILENT, True, "h264", 64, 48, None, "w0"),
        RecordingOpened(recording_id, run_id, stream, start_90k, "h264", "avc1.42c00b", 64, 48),
        RecordingClosed(recording_id, run_id, stream, start_90k, end_90k, 1000, 10, 99, "0" * 64, False, tuple(holes)),
        RunEnded(run_id, stream, end_90k, GapCause.CAMERA_SILENT, "test"),
    ]
    index.apply_many(story)
    return story


def test_footage_over_midnight_is_shared_out(studio, library):
    written(studio.index, studio.stream, start_90k=MIDNIGHT + DAY_90K - 600 * S, end_90k=MIDNIGHT + DAY_90K + 300 * S)

    found = month(library, studio.stream)

    assert found[0] == DayTotals(MIDNIGHT, 600 * S, DAY_90K - 600 * S, 0)
    assert found[1] == DayTotals(MIDNIGHT + DAY_90K, 300 * S, DAY_90K - 300 * S, 0)
    assert found[2] == DayTotals(MIDNIGHT + 2 * DAY_90K, 0, DAY_90K, 0)


@pytest.mark.parametrize("seed", range(12))
def test_sums_are_the_rows_whatever_happened(studio, library, clock, seed):
    """Events in any order and twice, holes, files that overlap, deletions begun and ended, salvage of open rows."""
    dice = random.Random(seed)  # noqa: S311  a test's dice
    studio.index.expect([PlannedStream(studio.stream, MIDNIGHT, 0)])
    clock.advance(50 * DAY_90K)
    at_90k, told = MIDNIGHT + dice.randrange(3 * 3_600 * S), []
    for _ in range(25):
        end_90k = at_90k + dice.choice([0, 40 * S, 600 * S, 5 * 3_600 * S, 30 * 3_600 * S])
        length = end_90k - at_90k
        holes = [(at_90k + length // 4, at_90k + length // 2)] if length and dice.random() < 0.2 else []
        told += written(studio.index, studio.stream, start_90k=at_90k, end_90k=end_90k, holes=holes)
        at_90k = end_90k + dice.choice([0, 20_000, 90 * S, 4 * 3_600 * S, -30 * S])
        if dice.random() < 0.3:
            studio.index.apply(dice.choice(told))
        if dice.random() < 0.4:
            closed = studio.index.recordings("WHERE state = 'closed' ORDER BY end_90k LIMIT 3")
            for recording in closed[: dice.randrange(3)]:
                permit = deletion.ask(studio.index, recording, reason=DeletionReason.PRESSURE, now_90k=clock.utc())
                with studio.index.transaction() as cursor:
                    deletion.mark(cursor, studio.index, permit)
            assert differing(studio) == []
            deletion.finish(studio.index)
        assert differing(studio) == [], seed

    assert month(library, studio.stream) == [
        by_rows(library, studio.stream, day.start_90k) for day in month(library, studio.stream)
    ]


def test_a_growing_day_and_days_a_plan_cuts_are_asked_of_the_rows(studio, library):
    since_90k, now_90k = MIDNIGHT + 3_600 * S, MIDNIGHT + 2 * DAY_90K + 7_200 * S
    studio.index.expect([PlannedStream(studio.stream, since_90k, 0)])
    written(studio.index, studio.stream, start_90k=MIDNIGHT, end_90k=MIDNIGHT + DAY_90K)
    take = studio.start(at_90k=MIDNIGHT + 2 * DAY_90K - 5 * S)
    studio.shoot(take, seconds=10)

    found = month(library, studio.stream, since_90k=since_90k, now_90k=now_90k, end_90k=MIDNIGHT + 4 * DAY_90K)

    assert found == [
        DayTotals(MIDNIGHT, DAY_90K - 3_600 * S, 0, 0),
        DayTotals(MIDNIGHT + DAY_90K, 5 * S, DAY_90K - 5 * S, 0),
        DayTotals(MIDNIGHT + 2 * DAY_90K, 5 * S, 7_195 * S, 0),
        DayTotals(MIDNIGHT + 3 * DAY_90K, 0, 0, 0),
    ]


def test_what_is_no_longer_planned_is_no_gap_in_a_month(studio, library, clock):
    studio.index.expect([PlannedStream(studio.stream, MIDNIGHT, 0)])
    clock.advance(MIDNIGHT + DAY_90K + 3_600 * S - clock.utc())
    studio.index.expect([])

    found = month(library, studio.stream, end_90k=MIDNIGHT + 3 * DAY_90K)

    assert [day.missing_90k for day in found] == [DAY_90K, 3_600 * S, 0]


def test_seconds_that_lie_on_two_volumes_count_once(studio, tmp_path, clock):
    """The last seconds before a disk failed were written again to the other."""
    kept = studio.volume.identity
    second = Volume.create(
        tmp_path / "second", deployment_id=kept.deployment_id, volume_id=ids.new_id(), budget_bytes=0
    )
    run_id = ids.new_id()
    written(studio.index, studio.stream, start_90k=MIDNIGHT, end_90k=MIDNIGHT + 600 * S, run_id=run_id)
    with indexes.keeping(second, memory=tmp_path / "m", host="test", epoch=1, clock=clock) as other:
        written(other, studio.stream, start_90k=MIDNIGHT + 596 * S, end_90k=MIDNIGHT + 1_000 * S, run_id=run_id)
    both = Library(volumes=[studio.volume.path, second.path])

    assert month(both, studio.stream)[0] == DayTotals(MIDNIGHT, 1_000 * S, DAY_90K - 1_000 * S, 0)


def test_a_sum_that_lies_is_found(studio):
    studio.record(at_90k=T0, seconds=3)
    assert check(studio.volume) == []
    with studio.index.transaction() as cursor:
        cursor.execute("UPDATE day SET footage_90k = footage_90k + 1")

    (finding,) = check(studio.volume)
    assert (finding.invariant, finding.code) == (4, "day_differs")


def test_an_index_made_again_from_the_files_has_the_same_sums(studio, clock, tmp_path):
    studio.record(at_90k=T0, seconds=3)
    studio.record(at_90k=MIDNIGHT + DAY_90K - 1 * S, seconds=3)
    with IndexReader(studio.volume.path) as reader:
        before = reader.days(stream=studio.stream, start_90k=0, end_90k=FAR).sums
    studio.index.close()
    for path in studio.volume.path.glob("index.db*"):
        path.unlink()

    again = indexes.Index.open(studio.volume, host="test", epoch=1, clock=clock)
    salvage.salvage(again)
    with IndexReader(studio.volume.path) as reader:
        assert reader.days(stream=studio.stream, start_90k=0, end_90k=FAR).sums == before
    assert len(before) == 2
    again.close()
