"""Hourly roll-ups: every file's root exactly once, late ones later and said so, and each can be proved."""

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection

from mingjian.base import ids
from mingjian.base.clock import SimulatedClock
from mingjian.base.ticks import Ticks90k
from mingjian.host.home import Home
from mingjian.ledger import merkle
from mingjian.recordings.index import Index
from mingjian.recordings.outbox import ReportKind
from mingjian.registry import reports, rollups
from mingjian.registry.models import RecordedRoot, Rollup, Volume
from tests.registry.test_reports import open_index

Written = Callable[[], list[dict[str, Any]]]
HOUR_90K = rollups.HOUR_90K
CAMERA = ids.new_id()


def root_of(number: int) -> str:
    return hashlib.sha256(str(number).encode()).hexdigest()


def close(
    index: Index, number: int, *, kind: ReportKind = ReportKind.RECORDING_CLOSED, recording: str | None = None
) -> str:
    """Report a closed file, as the volume's keeper does."""
    recording = recording or ids.new_id()
    body: dict[str, str | int | bool | None] = {
        "recording": recording,
        "camera": CAMERA,
        "role": "main",
        "track": "video",
        "start_90k": number,
        "end_90k": number + 1,
        "size_bytes": 1,
        "root": root_of(number),
    }
    index.report(kind, body)
    return recording


@pytest.fixture
def rolled(written: Written) -> Callable[[], list[dict[str, Any]]]:
    return lambda: [act["facts"] for act in written() if act["kind"] == "recordings.rolled_up"]


def an_hour_later(clock: SimulatedClock) -> None:
    """The clock of the fixture stands at the full hour."""
    clock.advance(HOUR_90K)


def test_an_hours_files_stand_under_one_root(
    volume: Volume, founded: Home, clock: SimulatedClock, rolled: Callable[[], list[dict[str, Any]]]
) -> None:
    index = open_index(volume, founded, clock)
    start_90k = clock.utc()
    recordings = [close(index, number) for number in range(5)]
    reports.follow(volume, home=founded, clock=clock)
    assert rollups.roll_up(clock=clock) == 0

    an_hour_later(clock)
    clock.advance(rollups.GRACE_90K - 1)
    assert rollups.roll_up(clock=clock) == 0
    clock.advance(1)
    assert rollups.roll_up(clock=clock) == 1
    assert rollups.roll_up(clock=clock) == 0

    (told,) = rolled()
    assert (told["number"], told["files"], told["late"], told["late_since_90k"]) == (1, 5, 0, None)
    assert (told["start_90k"], told["end_90k"]) == (start_90k, start_90k + HOUR_90K)
    for number, recording in enumerate(recordings):
        found = rollups.find(recording, root=root_of(number))
        assert found is not None and found.rollup_root == told["root"]
        assert merkle.verify_inclusion(
            hashed_leaf=merkle.leaf_hash(found.path.line.encode()),
            index=found.path.index,
            size=found.path.size,
            proof=[bytes.fromhex(step) for step in found.path.proof],
            tree_root=bytes.fromhex(told["root"]),
        )
        assert json.loads(found.path.line)["root"] == root_of(number)
    assert rollups.find(recordings[0], root=root_of(1)) is None
    index.close()


def test_late_news_goes_into_a_later_hours_and_is_said(
    volume: Volume, founded: Home, clock: SimulatedClock, rolled: Callable[[], list[dict[str, Any]]]
) -> None:
    index = open_index(volume, founded, clock)
    start_90k = clock.utc()
    close(index, 1)
    # The volume is away, or the clerk: three hours later its news comes, with a salvaged file among it.
    clock.advance(3 * HOUR_90K)
    salvaged = close(index, 2, kind=ReportKind.RECORDING_SALVAGED)
    clock.advance(HOUR_90K + rollups.GRACE_90K)
    reports.follow(volume, home=founded, clock=clock)
    assert rollups.roll_up(clock=clock) == 1
    (told,) = rolled()
    assert (told["files"], told["late"], told["late_since_90k"]) == (2, 1, start_90k)
    assert told["start_90k"] == start_90k + 3 * HOUR_90K

    # After that hour's was written, news of the hour waits for the next one.
    waiting = close(index, 3)
    reports.follow(volume, home=founded, clock=clock)
    assert (rollups.roll_up(clock=clock), rollups.is_waiting(waiting), rollups.is_waiting(salvaged)) == (0, True, False)
    (standing,) = rollups.standing()
    assert standing.last is not None
    assert (standing.last.number, standing.waiting, standing.waiting_since_90k) == (1, 1, clock.utc())
    an_hour_later(clock)
    assert rollups.roll_up(clock=clock) == 1
    assert [told["number"] for told in rolled()] == [1, 2]
    found = rollups.find(salvaged, root=root_of(2))
    assert found is not None and json.loads(found.path.line)["salvaged"] is True
    index.close()


def test_a_rebuilt_index_tells_its_files_again_and_they_count_once(
    volume: Volume, founded: Home, clock: SimulatedClock, written: Written
) -> None:
    index = open_index(volume, founded, clock)
    kept, other = close(index, 1), close(index, 2)
    reports.follow(volume, home=founded, clock=clock)
    close(index, 1, kind=ReportKind.RECORDING_SALVAGED, recording=kept)
    close(index, 3, kind=ReportKind.RECORDING_SALVAGED, recording=other)
    reports.follow(volume, home=founded, clock=clock)
    clock.advance(HOUR_90K + rollups.GRACE_90K)
    assert rollups.roll_up(clock=clock) == 1

    acts = {act["kind"]: act["facts"] for act in written()}
    assert acts["recordings.rolled_up"]["files"] == 3
    changed = acts["recordings.root_changed"]
    assert (changed["recording"], changed["before"], changed["root"]) == (other, [root_of(2)], root_of(3))
    assert all(rollups.find(other, root=root_of(number)) for number in (2, 3))
    index.close()


def test_a_recorder_whose_clock_runs_ahead_leaves_no_file_out(
    volume: Volume, founded: Home, clock: SimulatedClock, rolled: Callable[[], list[dict[str, Any]]]
) -> None:
    ahead = SimulatedClock(Ticks90k(clock.utc() + 365 * 24 * HOUR_90K))
    index = open_index(volume, founded, ahead)
    close(index, 1)
    reports.follow(volume, home=founded, clock=clock)
    clock.advance(HOUR_90K + rollups.GRACE_90K)
    assert rollups.roll_up(clock=clock) == 1
    assert [told["files"] for told in rolled()] == [1]
    index.close()


def test_our_clock_that_once_ran_ahead_does_not_stop_roll_ups(
    volume: Volume, founded: Home, clock: SimulatedClock
) -> None:
    index = open_index(volume, founded, clock)
    close(index, 1)
    reports.follow(volume, home=founded, clock=clock)
    ahead = SimulatedClock(Ticks90k(clock.utc() + 365 * 24 * HOUR_90K))
    assert rollups.roll_up(clock=ahead) == 1
    close(index, 2)
    reports.follow(volume, home=founded, clock=clock)
    clock.advance(HOUR_90K + rollups.GRACE_90K)
    assert rollups.roll_up(clock=clock) == 1
    index.close()


def test_days_without_a_clerk_are_caught_up_at_once(
    volume: Volume, founded: Home, clock: SimulatedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rollups, "MOST_FILES", 2)
    index = open_index(volume, founded, clock)
    for number in range(5):
        close(index, number)
    reports.follow(volume, home=founded, clock=clock)
    clock.advance(HOUR_90K + rollups.GRACE_90K)
    assert [rollups.roll_up(clock=clock) for _ in range(4)] == [1, 1, 1, 0]
    assert list(Rollup.objects.order_by("number").values_list("number", "files")) == [(1, 2), (2, 2), (3, 1)]
    assert not RecordedRoot.objects.filter(rollup=None).exists()
    index.close()


def test_a_volume_that_is_lost_does_not_lose_what_it_told(
    volume: Volume, founded: Home, clock: SimulatedClock, tmp_path: Path
) -> None:
    index = open_index(volume, founded, clock)
    recording = close(index, 1)
    reports.follow(volume, home=founded, clock=clock)
    index.close()
    Path(volume.path).rename(tmp_path / "gone")
    clock.advance(HOUR_90K + rollups.GRACE_90K)
    assert rollups.roll_up(clock=clock) == 1
    assert rollups.find(recording, root=root_of(1)) is not None


def test_the_leaf_and_what_it_covers_come_together_or_not_at_all(
    volume: Volume, founded: Home, clock: SimulatedClock
) -> None:
    index = open_index(volume, founded, clock)
    close(index, 1)
    reports.follow(volume, home=founded, clock=clock)
    clock.advance(HOUR_90K + rollups.GRACE_90K)
    with ledger_away(), pytest.raises(DatabaseError, match="ledger_append"):
        rollups.roll_up(clock=clock)
    assert (Rollup.objects.count(), RecordedRoot.objects.filter(rollup=None).count()) == (0, 1)
    assert rollups.roll_up(clock=clock) == 1
    index.close()


@contextmanager
def ledger_away() -> Iterator[None]:
    """Take the ledger's door away for a while."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER FUNCTION public.ledger_append(bytea) RENAME TO ledger_appends_no_more")
        yield
        cursor.execute("ALTER FUNCTION public.ledger_appends_no_more(bytea) RENAME TO ledger_append")
