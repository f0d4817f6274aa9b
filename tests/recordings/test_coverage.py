"""Footage and gaps: always the whole planned window, never a tick twice, causes told."""

import random
from dataclasses import replace
from itertools import pairwise

import pytest

from mingjian.base import ids
from mingjian.recordings import coverage, salvage
from mingjian.recordings.check import check
from mingjian.recordings.coverage import Explained, Stretch
from mingjian.recordings.index import PlannedStream
from mingjian.recordings.model import GapCause, GapCauseLearned, RunEnded, RunStarted
from mingjian.recordings.reader import IndexReader

T0 = 1_700_000_000 * 90_000
S = 90_000


def covered(library, studio, *, end_s, start_s=0, since_s=0, now_s=None):
    return library.coverage(
        stream=studio.stream,
        start_90k=T0 + start_s * S,
        end_90k=T0 + end_s * S,
        planned_since_90k=T0 + since_s * S,
        now_90k=T0 + (end_s if now_s is None else now_s) * S,
    )


def told(found):
    """Footage and gaps in seconds since T0."""
    footage = [((span.start_90k - T0) / S, (span.end_90k - T0) / S) for span in found.footage]
    gaps = [((gap.start_90k - T0) / S, (gap.end_90k - T0) / S, gap.cause.value, gap.is_open) for gap in found.gaps]
    return footage, gaps


def test_a_camera_that_stops_and_starts_is_one_gap_with_its_cause(studio, library):
    studio.expect(floor_90k=0)
    studio.record(at_90k=T0, seconds=10)
    studio.record(at_90k=T0 + 25 * S, seconds=10)

    assert told(covered(library, studio, end_s=35)) == ([(0, 10), (25, 35)], [(10, 25, "camera_silent", False)])


def test_nothing_yet_is_an_open_gap_since_the_plan(studio, library):
    studio.expect(floor_90k=0)

    assert told(covered(library, studio, end_s=100, now_s=30)) == ([], [(0, 30, "unknown", True)])


def test_the_cause_learned_first_counts_from_the_start(studio, library):
    studio.expect(floor_90k=0)
    studio.index.apply(GapCauseLearned(studio.stream, T0 + 2 * S, GapCause.CAMERA_UNREACHABLE, "timeout"))

    assert told(covered(library, studio, end_s=30)) == ([], [(0, 30, "camera_unreachable", True)])


def test_another_cause_splits_the_gap(studio, library):
    studio.record(at_90k=T0, seconds=10)
    for at_s, cause in [
        (15, GapCause.CAMERA_UNREACHABLE),
        (18, GapCause.CAMERA_UNREACHABLE),
        (20, GapCause.CAMERA_REFUSED),
    ]:
        studio.index.apply(GapCauseLearned(studio.stream, T0 + at_s * S, cause, "x"))
    studio.record(at_90k=T0 + 30 * S, seconds=5)

    assert told(covered(library, studio, end_s=35))[1] == [
        (10, 15, "camera_silent", False),
        (15, 20, "camera_unreachable", False),
        (20, 30, "camera_refused", False),
    ]


def test_a_growing_recording_is_footage_up_to_its_table_and_its_edge_is_no_gap(studio, library):
    studio.expect(floor_90k=0)
    take = studio.start(at_90k=T0)
    studio.shoot(take, seconds=10)

    assert told(covered(library, studio, end_s=60, now_s=12)) == ([(0, 10)], [])
    assert told(covered(library, studio, end_s=60, now_s=40)) == ([(0, 10)], [(10, 40, "unknown", True)])


def test_recordings_of_one_run_are_one_stretch(studio, library):
    first = studio.start(at_90k=T0)
    studio.shoot(first, seconds=5)
    second = studio.start(at_90k=first.at_90k, run_id=first.started.run_id)
    studio.close(first)
    studio.shoot(second, seconds=5)
    studio.close(second)

    assert told(covered(library, studio, end_s=10)) == ([(0, 10)], [])


def test_fragments_dropped_on_the_way_to_disk_are_a_gap_of_the_disk(studio, library):
    take = studio.start(at_90k=T0)
    studio.shoot(take, seconds=4)
    take.at_90k += 6 * S
    studio.shoot(take, seconds=4)
    while_open = told(covered(library, studio, end_s=14))
    studio.close(take)

    assert while_open == told(covered(library, studio, end_s=14)) == ([(0, 4), (10, 14)], [(4, 10, "disk", False)])


def test_every_event_may_come_twice(studio, library):
    studio.expect(floor_90k=0)
    take = studio.start(at_90k=T0 + 5 * S)
    studio.shoot(take, seconds=5)
    closed = take.writer.close()
    learned = GapCauseLearned(studio.stream, T0 + 12 * S, GapCause.CAMERA_REFUSED, "x")
    ended = RunEnded(take.started.run_id, studio.stream, take.at_90k, GapCause.CAMERA_SILENT, "x")
    story = [take.started, take.opened, closed, ended, learned]
    studio.index.apply_many(story)
    once = covered(library, studio, end_s=20), len(reports(studio))

    studio.index.apply_many(story)
    for event in story:
        studio.index.apply(event)

    assert (covered(library, studio, end_s=20), len(reports(studio))) == once


def reports(studio):
    with IndexReader(studio.volume.path) as reader:
        return reader.reports(series="", after_id=0, limit=1000)


def test_what_is_no_longer_planned_is_no_gap(studio, library, clock):
    studio.expect(floor_90k=0)
    studio.record(at_90k=T0, seconds=10)
    clock.advance(20 * S)
    studio.index.expect([])
    clock.advance(20 * S)

    assert told(covered(library, studio, end_s=40)) == ([(0, 10)], [(10, 20, "camera_silent", False)])

    studio.index.expect([PlannedStream(studio.stream, T0, 0)])
    assert told(covered(library, studio, end_s=60))[1] == [
        (10, 20, "camera_silent", False),
        (20, 40, "permitted_outage", False),
        (40, 60, "unknown", True),
    ]


def test_a_run_nobody_announced_the_end_of_leaves_its_gap_to_salvage(studio, library):
    take = studio.start(at_90k=T0)
    studio.shoot(take, seconds=5)
    take.writer.abandon()
    studio.record(at_90k=T0 + 20 * S, seconds=5)

    assert told(covered(library, studio, end_s=25)) == ([(0, 5), (20, 25)], [(5, 20, "unknown", False)])

    salvage.salvage(studio.index)
    assert told(covered(library, studio, end_s=25)) == ([(0, 5), (20, 25)], [(5, 20, "recorder_down", False)])


def test_news_of_a_run_that_come_after_the_plan_left_its_stream_out_end_the_gap_where_it_began(studio, library, clock):
    studio.expect(floor_90k=0)
    studio.record(at_90k=T0, seconds=5)
    clock.advance(12 * S)
    studio.index.expect([])
    studio.record(at_90k=T0 + 10 * S, seconds=5)

    assert told(covered(library, studio, end_s=15)) == ([(0, 5), (10, 12)], [(5, 10, "camera_silent", False)])
    assert not [finding for finding in check(studio.volume) if finding.code == "gap_over_footage"]


def test_run_whose_last_write_failed_and_lasted_ends_where_its_footage_does(studio, library):
    studio.expect(floor_90k=0)
    take = studio.start(at_90k=T0)
    studio.shoot(take, seconds=5)
    take.writer.abandon()
    take.at_90k -= S
    studio.end(take, cause=GapCause.DISK)
    studio.record(at_90k=T0 + 20 * S, seconds=5)

    salvage.salvage(studio.index)

    assert told(covered(library, studio, end_s=25)) == ([(0, 5), (20, 25)], [(5, 20, "disk", False)])
    assert not [finding for finding in check(studio.volume) if finding.code == "gap_over_footage"]


def test_sliver_between_row_and_footage_has_the_rows_cause(studio, library):
    take = studio.start(at_90k=T0)
    studio.shoot(take, seconds=5)
    studio.close(take)
    take.at_90k += 3_600
    studio.end(take)

    assert told(covered(library, studio, end_s=10)) == ([(0, 5)], [(5, 10, "camera_silent", True)])


@pytest.mark.parametrize("seed", range(60))
def test_coverage_is_the_window_and_nothing_twice(seed):
    """Whatever rows there are, even contradicting ones."""
    dice = random.Random(seed)  # noqa: S311  a test's dice

    def span(longest):
        start = dice.randrange(0, 1000)
        return start, start + dice.randrange(1, longest)

    runs = [ids.new_id() for _ in range(4)]
    stretches = []
    for _ in range(dice.randrange(12)):
        start, end = span(200)
        holes = tuple(
            sorted((start + a, min(end, start + a + 9)) for a in dice.sample(range(end - start), min(2, end - start)))
        )
        stretches.append(
            Stretch(dice.choice(runs), start * S, end * S, tuple((a * S, b * S) for a, b in holes), True, False)
        )
    rows = [
        Explained(start * S, None if dice.random() < 0.1 else end * S, dice.choice(list(GapCause)), "")
        for start, end in (span(300) for _ in range(dice.randrange(8)))
    ]
    gone = sorted(
        {start * 10: (start * 10 * S, (start * 10 + 8) * S) for start, _ in (span(5) for _ in range(5))}.values()
    )
    start, end = sorted(dice.sample(range(-100, 1400), 2))

    found = coverage.cover(
        stretches=stretches, explained=rows, expired=gone, start_90k=start * S, end_90k=end * S, now_90k=end * S
    )

    parts = sorted(
        [(span.start_90k, span.end_90k) for span in found.footage]
        + [(gap.start_90k, gap.end_90k) for gap in found.gaps]
        + list(found.expired)
    )
    assert parts[0][0] == start * S and parts[-1][1] == end * S, seed
    assert all(before[1] == after[0] for before, after in pairwise(parts)), seed
    assert all(first < last for first, last in parts), seed
    assert all(not gap.is_open or gap.end_90k == end * S for gap in found.gaps), seed


def test_an_untrusted_clock_is_told(studio, library):
    take = studio.start(at_90k=T0)
    studio.shoot(take, seconds=2)
    studio.close(take)
    started = replace(take.started, run_id=ids.new_id(), start_90k=T0 + 2 * S, is_clock_trusted=False)
    assert isinstance(started, RunStarted)
    studio.index.apply(started)

    assert [span.is_clock_trusted for span in covered(library, studio, end_s=2).footage] == [True]
