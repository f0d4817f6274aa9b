"""The one deletion gate, retention passes, the brake and holds."""

import os
import random
from dataclasses import replace
from pathlib import Path

import pytest

from mingjian.base import ids
from mingjian.recordings import deletion, gate
from mingjian.recordings.errors import RecordingsError
from mingjian.recordings.gate import DeletionReason, Permit, Refusal, RefusalReason
from mingjian.recordings.index import PlannedStream
from mingjian.recordings.model import Hold, Recording, RecordingState, StreamKey, StreamRole
from mingjian.recordings.outbox import Position
from mingjian.recordings.reader import IndexReader
from mingjian.recordings.retention import Retention
from mingjian.recordings.volume import Volume

T0 = 1_700_000_000 * 90_000
S = 90_000
DAY = 86_400 * S


def recording(start, end, state=RecordingState.CLOSED, camera="c"):
    stream = StreamKey(camera, StreamRole.MAIN, "video")
    return Recording(ids.new_id(), ids.new_id(), stream, state, start, end, "h264", "avc1", 16, 16, 1, "", "", "")


def decide(subject, *, now, floor, holds=()):
    return gate.decide(subject, reason=DeletionReason.PRESSURE, now_90k=now, floor_90k=floor, holds=holds)


@pytest.mark.article("A13")
@pytest.mark.parametrize("days", [30, 90])
def test_gate_opens_at_the_floor_and_not_a_tick_before(days):
    subject = recording(T0, T0 + 600 * S)
    at_floor = T0 + 600 * S + days * DAY

    assert isinstance(decide(subject, now=at_floor, floor=days * DAY), Permit)
    assert decide(subject, now=at_floor - 1, floor=days * DAY) == Refusal(
        subject.recording_id, RefusalReason.BELOW_FLOOR
    )


def test_gate_stays_shut_when_it_does_not_know_the_floor():
    refused = decide(recording(T0, T0 + S), now=T0 + 10_000 * DAY, floor=None)

    assert isinstance(refused, Refusal) and refused.reason is RefusalReason.FLOOR_UNKNOWN


@pytest.mark.parametrize("state", [RecordingState.OPEN, RecordingState.GARBAGE])
def test_gate_lets_only_closed_recordings_go(state):
    refused = decide(recording(T0, T0 + S, state), now=T0 + DAY, floor=0)

    assert isinstance(refused, Refusal) and refused.reason is RefusalReason.NOT_CLOSED


@pytest.mark.parametrize("seed", range(200))
def test_gate_never_lets_go_below_the_floor_nor_what_is_held(seed):
    dice = random.Random(seed)  # noqa: S311  a test's dice
    subject = recording(start := dice.randrange(1000), start + dice.randrange(100), camera=dice.choice("ab"))
    floor, now = dice.randrange(500), dice.randrange(2000)
    holds = [
        Hold(ids.new_id(), dice.choice("ab"), first := dice.randrange(1000), first + dice.randrange(1, 300), "")
        for _ in range(dice.randrange(4))
    ]

    decision = decide(subject, now=now, floor=floor, holds=holds)

    touched = [
        hold
        for hold in holds
        if hold.camera_id == subject.stream.camera_id
        and max(hold.start_90k, subject.start_90k) < min(hold.end_90k, subject.end_90k)
    ]
    if isinstance(decision, Permit):
        assert not touched and subject.end_90k + floor <= now


@pytest.fixture
def pressed(tmp_path, volume, studio):
    """The studio's volume with a budget of so many of its recordings."""

    def press(recordings: int) -> None:
        one = studio.index.recordings("")[0].size_bytes
        volume.identity = replace(volume.identity, budget_bytes=one * recordings)

    return press


def remaining(studio):
    return [found.start_90k for found in studio.index.recordings("ORDER BY start_90k")]


def reports(studio, kind):
    with IndexReader(studio.volume.path) as reader:
        return [report.body for report in reader.reports(series="", after_id=0, limit=1000) if report.kind == kind]


def test_without_pressure_nothing_goes_however_old(studio):
    studio.expect(floor_90k=DAY)
    studio.record(at_90k=T0, seconds=2)

    done = Retention(index=studio.index).run_pass(now_90k=T0 + 1000 * DAY, ceiling_90k=None)

    assert (done.deleted, done.over_ceiling) == (0, 1)
    assert len(reports(studio, "ceiling_passed")) == 1


def test_pressure_takes_the_oldest_beyond_the_floor_and_no_more_than_it_needs(studio, pressed, library):
    studio.expect(floor_90k=10 * S)
    closed = [studio.record(at_90k=T0 + 10 * S * number, seconds=2) for number in range(6)]
    pressed(5)

    done = Retention(index=studio.index).run_pass(now_90k=T0 + 100 * S, ceiling_90k=None)

    assert remaining(studio) == [found.start_90k for found in closed[2:]]
    assert done.deleted == 2 and done.lacking_bytes == 0
    assert [body["root"] for body in reports(studio, "recording_deleted")] == [found.root for found in closed[:2]]
    assert len(list(studio.volume.media.glob("*/*"))) == 8
    found = library.coverage(
        stream=studio.stream, start_90k=T0, end_90k=T0 + 22 * S, planned_since_90k=T0, now_90k=T0 + 100 * S
    )
    assert [((a - T0) // S, (b - T0) // S) for a, b in found.expired] == [(0, 2), (10, 12)]
    assert [((gap.start_90k - T0) // S, (gap.end_90k - T0) // S) for gap in found.gaps] == [(2, 10), (12, 20)]


@pytest.mark.article("A13")
def test_pressure_never_takes_what_is_below_the_floor_but_stops_the_volume(studio, pressed):
    studio.expect(floor_90k=30 * DAY)
    for number in range(3):
        studio.record(at_90k=T0 + 10 * S * number, seconds=2)
    pressed(2)

    done = Retention(index=studio.index).run_pass(now_90k=T0 + 29 * DAY, ceiling_90k=None)

    assert done.deleted == 0 and done.lacking_bytes > 0
    assert len(remaining(studio)) == 3
    with pytest.raises(RecordingsError, match="volume_full"):
        studio.start(at_90k=T0 + 60 * S)


def test_held_footage_stays_and_the_next_oldest_goes(studio, pressed):
    studio.expect(floor_90k=0)
    closed = [studio.record(at_90k=T0 + 10 * S * number, seconds=2) for number in range(4)]
    hold = Hold(ids.new_id(), studio.stream.camera_id, closed[0].start_90k, closed[0].end_90k, "x")
    studio.index.set_hold(hold)
    pressed(4)

    Retention(index=studio.index).run_pass(now_90k=T0 + DAY, ceiling_90k=None)
    assert remaining(studio)[0] == closed[0].start_90k and len(remaining(studio)) == 3

    studio.index.release_hold(hold_id=hold.hold_id, released_by="entry 7")
    pressed(3)
    Retention(index=studio.index).run_pass(now_90k=T0 + DAY, ceiling_90k=None)
    assert closed[0].start_90k not in remaining(studio)


def test_a_hold_set_after_the_permit_still_holds(studio):
    studio.expect(floor_90k=0)
    closed = studio.record(at_90k=T0, seconds=2)
    (subject,) = studio.index.recordings("")
    permit = deletion.ask(studio.index, subject, reason=DeletionReason.PRESSURE, now_90k=T0 + DAY)
    assert isinstance(permit, Permit)
    studio.index.set_hold(Hold(ids.new_id(), studio.stream.camera_id, T0, T0 + S, "x"))

    with pytest.raises(RecordingsError, match="deletion_refused"):
        deletion.delete(studio.index, subject, permit=permit)

    assert studio.index.recordings("")[0].root == closed.root
    assert len(list(studio.volume.media.glob("*/*"))) == 2


def test_a_deletion_interrupted_anywhere_is_finished(studio):
    studio.expect(floor_90k=0)
    studio.record(at_90k=T0, seconds=2)
    (subject,) = studio.index.recordings("")
    permit = deletion.ask(studio.index, subject, reason=DeletionReason.PRESSURE, now_90k=T0 + DAY)
    with studio.index.transaction() as cursor:
        deletion.mark(cursor, studio.index, permit)
    next(studio.volume.media.glob("*/*.mp4")).unlink()

    assert deletion.finish(studio.index) == 1

    assert not list(studio.volume.media.glob("*/*")) and not studio.index.recordings("")


def test_a_file_that_will_not_go_does_not_keep_the_others(studio, pressed):
    studio.expect(floor_90k=0)
    for number in range(4):
        studio.record(at_90k=T0 + 10 * S * number, seconds=2)
    oldest = studio.index.recordings("ORDER BY start_90k")[0]
    Path(oldest.media_path).unlink()
    Path(oldest.media_path).mkdir()
    pressed(2)
    retention = Retention(index=studio.index)
    with pytest.raises(OSError, match=r"Is a directory|not permitted"):
        retention.run_pass(now_90k=T0 + 100 * S, ceiling_90k=None)

    done = retention.run_pass(now_90k=T0 + 100 * S, ceiling_90k=None)

    assert done.deleted > 0 and done.lacking_bytes == 0
    assert [row.recording_id for row in studio.index.recordings("WHERE state = 'garbage'")] == [oldest.recording_id]


def test_the_gate_is_not_asked_about_what_is_below_its_floor(studio, pressed, monkeypatch):
    studio.expect(floor_90k=30 * S)
    for number in range(4):
        studio.record(at_90k=T0 + 10 * S * number, seconds=2)
    asked = []
    ask = deletion.ask
    monkeypatch.setattr(deletion, "ask", lambda *row, **named: asked.append(row) or ask(*row, **named))
    pressed(1)

    done = Retention(index=studio.index).run_pass(now_90k=T0 + 32 * S, ceiling_90k=None)

    assert done.deleted == 1
    assert len({recording.recording_id for _, recording in asked}) == 1


def test_a_signed_ceiling_deletes_and_the_floor_still_wins(studio):
    studio.expect(floor_90k=20 * S)
    closed = [studio.record(at_90k=T0 + 10 * S * number, seconds=2) for number in range(3)]

    done = Retention(index=studio.index).run_pass(now_90k=T0 + 33 * S, ceiling_90k=5 * S)

    assert done.deleted == 2
    assert remaining(studio) == [closed[2].start_90k]


def test_mass_deletion_is_braked_and_told_once(studio):
    studio.expect(floor_90k=0)
    for number in range(40):
        studio.record(at_90k=T0 + 10 * S * number, seconds=1)
    retention = Retention(index=studio.index)

    first = retention.run_pass(now_90k=T0 + 400 * DAY, ceiling_90k=DAY)
    second = retention.run_pass(now_90k=T0 + 400 * DAY + 60 * S, ceiling_90k=DAY)
    later = retention.run_pass(now_90k=T0 + 400 * DAY + 7200 * S, ceiling_90k=DAY)

    assert first.is_braked and first.deleted == 4
    assert second.is_braked and second.deleted == 1
    assert later.deleted == 3
    assert len(reports(studio, "deletion_braked")) == 1


def test_a_retired_camera_keeps_its_floor(studio, clock):
    studio.expect(floor_90k=30 * DAY)
    studio.record(at_90k=T0, seconds=2)
    studio.index.expect([PlannedStream(StreamKey(ids.new_id(), StreamRole.MAIN, "video"), T0, 0)])

    Retention(index=studio.index).run_pass(now_90k=T0 + 29 * DAY, ceiling_90k=0)

    assert len(remaining(studio)) == 1


def test_hold_is_acknowledged_once_and_ends_only_by_name(studio):
    hold = Hold(ids.new_id(), studio.stream.camera_id, T0, T0 + S, "x")
    studio.index.set_hold(hold)
    studio.index.set_hold(hold)
    studio.index.expect([])

    assert studio.index.holds() == [hold]
    assert [body["hold"] for body in reports(studio, "hold_acknowledged")] == [hold.hold_id]
    with pytest.raises(RecordingsError, match="hold_unknown"):
        studio.index.release_hold(hold_id=ids.new_id(), released_by="x")
    with pytest.raises(RecordingsError, match="hold_changed"):
        studio.index.set_hold(Hold(hold.hold_id, hold.camera_id, T0, T0 + 2 * S, "x"))

    studio.index.release_hold(hold_id=hold.hold_id, released_by="entry 7")
    studio.index.release_hold(hold_id=hold.hold_id, released_by="entry 7")
    assert studio.index.holds() == [] and len(reports(studio, "hold_released")) == 1


def test_reports_are_forgotten_a_week_after_the_ledger_was_told(studio, clock):
    studio.record(at_90k=T0, seconds=1)
    with IndexReader(studio.volume.path) as reader:
        first = reader.reports(series="", after_id=0, limit=2)
        rest = reader.reports(series=first[-1].series, after_id=first[-1].report_id, limit=100)
        restarted = reader.reports(series="another", after_id=10_000, limit=2)
    assert [report.report_id for report in first + rest] == list(range(1, len(first + rest) + 1))
    assert restarted == first

    told = Position(series=first[0].series, upto_id=2)
    assert studio.index.forget_reports(position=told) == 0
    clock.advance(8 * DAY)
    assert studio.index.forget_reports(position=Position(series="another", upto_id=100)) == 0
    assert studio.index.forget_reports(position=told) == 2
    with IndexReader(studio.volume.path) as reader:
        assert reader.reports(series=first[0].series, after_id=0, limit=100) == rest


def test_a_full_file_system_is_told(monkeypatch, volume: Volume):
    room = os.statvfs(volume.path)
    short = os.statvfs_result((*room[:4], 1, *room[5:]))
    monkeypatch.setattr(os, "statvfs", lambda _: short)

    with pytest.raises(RecordingsError) as raised:
        volume.require_room()
    assert raised.value.facts["ran_out"] == "bytes"
