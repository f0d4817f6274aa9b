"""Days ahead: when what fills a volume may not be deleted, people hear of it before recording stops."""

from dataclasses import replace

import pytest

from mingjian.base import ids
from mingjian.recordings.errors import RecordingsError
from mingjian.recordings.model import Hold
from mingjian.recordings.projection import days_until_full
from mingjian.recordings.retention import Retention

T0 = 1_700_000_000 * 90_000
S = 90_000
DAY = 86_400 * S


@pytest.mark.parametrize(
    ("room", "freed", "day"),
    [
        (1000, [0] * 30, 10),
        (99, [0] * 30, 0),
        (1000, [100 * day for day in range(1, 31)], None),
        (3000, [0] * 30, None),
    ],
)
def test_the_first_day_without_room_is_told(room, freed, day):
    assert days_until_full(room_bytes=room, daily_bytes=100, freed_bytes=freed) == day


@pytest.mark.parametrize(("floor_days", "day"), [(0, None), (30, 4)])
def test_a_volume_below_its_floor_is_told_days_ahead_and_stays_whole(studio, floor_days, day):
    studio.expect(floor_90k=floor_days * DAY)
    for number in range(4):
        studio.record(at_90k=T0 + 10 * S * number, seconds=2)
    studio.volume.identity = replace(studio.volume.identity, budget_bytes=studio.index.used_bytes() * 5)

    done = Retention(index=studio.index).run_pass(now_90k=T0 + 60 * S, ceiling_90k=None)

    assert (done.deleted, studio.volume.published_full_in_days()) == (0, day)
    assert len(studio.index.recordings("")) == 4


@pytest.mark.parametrize(("held", "day"), [(4, 0), (0, None)])
def test_held_footage_is_told_before_it_stops_the_volume(studio, held, day):
    """Footage of an earlier day is held, or may go; the last day brought half as much, and finds little room."""
    studio.expect(floor_90k=3 * DAY)
    for number in range(4):
        studio.record(at_90k=T0 + 10 * S * number, seconds=2)
    now = T0 + 5 * DAY
    for number in range(2):
        studio.record(at_90k=now - 100 * S + 10 * S * number, seconds=2)
    studio.volume.identity = replace(studio.volume.identity, budget_bytes=studio.index.used_bytes() * 13 // 12)
    if held:
        studio.index.set_hold(Hold(ids.new_id(), studio.stream.camera_id, T0, now, "x"))

    Retention(index=studio.index).run_pass(now_90k=now, ceiling_90k=None)

    assert studio.volume.published_full_in_days() == day
    assert len(studio.index.recordings("")) == 6


def test_a_volume_full_of_held_footage_keeps_it_all(studio):
    studio.expect(floor_90k=0)
    for number in range(4):
        studio.record(at_90k=T0 + 10 * S * number, seconds=2)
    studio.volume.identity = replace(studio.volume.identity, budget_bytes=studio.index.used_bytes() - 1)
    studio.index.set_hold(Hold(ids.new_id(), studio.stream.camera_id, T0, T0 + DAY, "x"))

    done = Retention(index=studio.index).run_pass(now_90k=T0 + 400 * DAY, ceiling_90k=DAY)

    assert done.deleted == 0 and done.lacking_bytes > 0
    assert len(studio.index.recordings("")) == 4
    with pytest.raises(RecordingsError, match="volume_full"):
        studio.start(at_90k=T0 + 60 * S)
