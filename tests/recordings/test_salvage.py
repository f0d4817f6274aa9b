"""After a crash: whole fragments are kept, unknown files adopted or set aside, nothing is deleted."""

import contextlib
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from mingjian.base import ids
from mingjian.recordings import check, deletion, fragments, rebuild
from mingjian.recordings import index as indexes
from mingjian.recordings.events import Applied
from mingjian.recordings.model import FLAG_CLOCK_UNTRUSTED, FLAG_DAMAGED, RecordingState
from mingjian.recordings.salvage import Fate, salvage, salvage_worker
from mingjian.recordings.volume import Volume, read_identity

T0 = 1_700_000_000 * 90_000
S = 90_000
SCRIPT = Path(__file__).parent / "record_once.py"


def abandoned(studio, *, at_90k=T0, seconds=4):
    take = studio.start(at_90k=at_90k)
    studio.shoot(take, seconds=seconds)
    take.writer.abandon()
    return take


def only_recording(index):
    (found,) = index.recordings("")
    return found


def test_torn_tail_is_cut_and_the_rest_closed(studio, library):
    take = abandoned(studio)
    whole = take.writer.media_path.stat().st_size
    with take.writer.media_path.open("ab") as media:
        media.write(take.writer.media_path.read_bytes()[-900:-300])
    with take.writer.table_path.open("ab") as table:
        table.write(b"torn")

    found = salvage(studio.index)

    closed = only_recording(studio.index)
    assert found.fates == {Fate.CLOSED: 1}
    assert (closed.state, closed.size_bytes, closed.end_90k) == (RecordingState.CLOSED, whole, T0 + 4 * S)
    assert check.check(studio.volume) == []
    coverage = library.coverage(
        stream=studio.stream, start_90k=T0, end_90k=T0 + 9 * S, planned_since_90k=T0, now_90k=T0 + 9 * S
    )
    assert [(gap.start_90k, gap.cause.value, gap.is_open) for gap in coverage.gaps] == [
        (T0 + 4 * S, "recorder_down", True)
    ]


def test_run_that_died_before_its_first_fragment_covers_none_of_the_time_since(studio, library, clock):
    """The file was there, its row was not: what is adopted holds nothing, and the time belongs to the gap."""
    studio.expect(floor_90k=0)
    abandoned(studio, seconds=0)
    with studio.index.transaction() as cursor:
        cursor.execute("DELETE FROM recording")
    clock.advance(200 * S)

    found = salvage(studio.index)

    adopted = only_recording(studio.index)
    assert (found.fates, adopted.start_90k, adopted.end_90k) == ({Fate.ADOPTED: 1}, T0, T0)
    assert check.check(studio.volume) == []
    coverage = library.coverage(
        stream=studio.stream, start_90k=T0, end_90k=T0 + 9 * S, planned_since_90k=T0, now_90k=T0 + 200 * S
    )
    assert [(gap.start_90k, gap.is_open) for gap in coverage.gaps] == [(T0, True)]


def test_every_cut_of_the_last_fragment_is_salvaged(studio):
    """Wherever in the last fragment a crash struck, everything before it survives."""
    take = abandoned(studio, seconds=1)
    table = fragments.read_table(take.writer.table_path)
    raw = take.writer.media_path.read_bytes()
    last = table[-1]
    for cut in range(last.offset, last.offset + last.length):
        take.writer.media_path.write_bytes(raw[:cut])

        found = rebuild.rebuild(take.writer.media_path, take.writer.table_path, quarantine=studio.volume.quarantine)

        assert found.records == tuple(table[:-1])
        take.writer.media_path.write_bytes(raw)


def test_table_lost_or_spoiled_is_computed_again_with_its_flags(studio):
    take = abandoned(studio)
    table = fragments.read_table(take.writer.table_path)
    marked = table[3]._replace(flags=table[3].flags | FLAG_CLOCK_UNTRUSTED)
    raw = bytearray(take.writer.table_path.read_bytes())
    raw[16 + 3 * 72 : 16 + 4 * 72] = fragments.encode_record(marked)
    raw[16 + 5 * 72 + 9] ^= 4
    take.writer.table_path.write_bytes(raw)

    salvage(studio.index)

    again = fragments.read_table(take.writer.table_path)
    assert again == [*table[:3], marked, *table[4:]]
    assert check.check(studio.volume) == []


def test_bytes_that_are_not_what_was_written_are_marked(studio):
    """Pages that never reached the disk in a power cut: the boxes are whole, the pictures are not."""
    take = abandoned(studio)
    record = fragments.read_table(take.writer.table_path)[4]
    with take.writer.media_path.open("r+b") as media:
        media.seek(record.offset + record.length - 5)
        media.write(b"\0\0\0\0\0")

    salvage(studio.index)

    again = fragments.read_table(take.writer.table_path)
    assert [number for number, found in enumerate(again) if found.flags & FLAG_DAMAGED] == [4]
    assert check.check(studio.volume) == []


def test_a_long_tail_is_kept_aside(studio, monkeypatch):
    monkeypatch.setattr(rebuild, "LONGEST_TORN_BYTES", 100)
    take = abandoned(studio)
    with take.writer.media_path.open("ab") as media:
        media.write(b"x" * 500)

    salvage(studio.index)

    (kept,) = studio.volume.quarantine.iterdir()
    assert kept.read_bytes() == b"x" * 500


def test_a_living_writer_is_left_alone(studio):
    take = studio.start(at_90k=T0)
    studio.shoot(take, seconds=2)

    assert salvage(studio.index).fates == {Fate.BEING_WRITTEN: 1}

    studio.shoot(take, seconds=2)
    assert studio.close(take).samples == 40
    assert only_recording(studio.index).end_90k == T0 + 4 * S


def test_news_that_comes_after_salvage_confirms_it(studio):
    take = studio.start(at_90k=T0)
    studio.shoot(take, seconds=2)
    closed = take.writer.close()
    salvage(studio.index)

    assert studio.index.apply(closed) is Applied.KNOWN
    with studio.index.transaction() as cursor:
        assert next(cursor.execute("SELECT root, is_salvaged FROM recording")) == (closed.root, 0)


def test_a_run_that_lives_on_takes_back_its_salvaged_end(studio, library):
    take = studio.start(at_90k=T0)
    studio.shoot(take, seconds=2)
    take.writer.abandon()
    salvage(studio.index)
    again = studio.start(at_90k=take.at_90k, run_id=take.started.run_id)
    studio.shoot(again, seconds=2)

    found = library.coverage(
        stream=studio.stream, start_90k=T0, end_90k=T0 + 4 * S, planned_since_90k=T0, now_90k=T0 + 5 * S
    )

    assert [(span.start_90k, span.end_90k) for span in found.footage] == [(T0, T0 + 4 * S)]
    assert found.gaps == ()
    assert check.check(studio.volume) == []


def test_a_lost_workers_runs_end_and_others_go_on(studio):
    abandoned(studio)

    salvage_worker(studio.index, worker="w1")
    with studio.index.transaction() as cursor:
        assert next(cursor.execute("SELECT count(*) FROM run WHERE end_90k IS NULL")) == (1,)

    salvage_worker(studio.index, worker="w0")
    with studio.index.transaction() as cursor:
        assert next(cursor.execute("SELECT end_90k, end_cause FROM run")) == (T0 + 4 * S, "recorder_down")


def test_a_row_without_a_file_becomes_a_gap(studio):
    take = abandoned(studio)
    take.writer.media_path.unlink()
    take.writer.table_path.unlink()

    assert salvage(studio.index).fates == {Fate.LOST: 1}
    assert studio.index.recordings("") == []
    assert check.check(studio.volume) == []


def test_what_is_no_recording_is_set_aside_not_deleted(studio, volume):
    folder = volume.media / studio.stream.camera_id
    folder.mkdir()
    strange = {
        "notes.txt": b"hello",
        f"{ids.new_id()}.mp4": b"not ours at all",
        f"{ids.new_id()}.frg": b"alone",
        f"{ids.new_id()}.mp4.new": b"",
    }
    for name, content in strange.items():
        (folder / name).write_bytes(content)

    assert salvage(studio.index).fates == {Fate.QUARANTINED: 4}

    assert {path.name: path.read_bytes() for path in volume.quarantine.iterdir()} == strange
    assert list(folder.iterdir()) == []


def test_a_newborn_file_is_left_to_its_writer(studio, volume):
    folder = volume.media / studio.stream.camera_id
    folder.mkdir()
    newborn = folder / f"{ids.new_id()}.mp4"
    newborn.touch()

    assert salvage(studio.index).fates == {Fate.BEING_WRITTEN: 1}

    os.utime(newborn, (0, 0))
    assert salvage(studio.index).fates == {Fate.QUARANTINED: 1}


def test_a_file_of_another_volume_is_set_aside(studio, volume):
    take = abandoned(studio)
    other = volume.media / ids.new_id() / take.writer.media_path.name.replace(take.writer.recording_id, ids.new_id())
    other.parent.mkdir()
    other.write_bytes(take.writer.media_path.read_bytes())

    assert salvage(studio.index).fates == {Fate.CLOSED: 1, Fate.QUARANTINED: 1}


def test_a_lost_index_is_rebuilt_from_the_files(volume, memory, clock, clip, studio, library):
    """Every file says whose it is, so an index can be made again; what it cannot know are holds and causes."""
    first = studio.record(at_90k=T0, seconds=4)
    second = studio.record(at_90k=T0 + 10 * S, seconds=4)
    abandoned(studio, at_90k=T0 + 20 * S)
    studio.index.close()
    for path in volume.path.glob("index.db*"):
        path.unlink()

    with _kept_again(volume, clock) as index:
        assert salvage(index).fates == {Fate.ADOPTED: 3}
        roots = [found.root for found in index.recordings("ORDER BY start_90k")]
        found = library.coverage(
            stream=studio.stream, start_90k=T0, end_90k=T0 + 24 * S, planned_since_90k=T0, now_90k=T0 + 24 * S
        )

    assert roots[:2] == [first.root, second.root]
    assert [(span.start_90k - T0) // S for span in found.footage] == [0, 10, 20]
    assert check.check(volume) == []


def _kept_again(volume, clock):
    """Open a fresh index as a keeper would; the old one's lock is still held by the fixture of this process."""
    return contextlib.closing(indexes.Index.open(volume, host="test", epoch=1, clock=clock))


@pytest.mark.parametrize("fragments_before", [1, 7, 25])
def test_sigkill_of_a_writer_loses_at_most_the_fragment_it_was_at(volume, memory, clock, init_file, fragments_before):
    child = subprocess.Popen(
        [sys.executable, str(SCRIPT), str(volume.path), str(init_file), "for-ever"], stdout=subprocess.PIPE, text=True
    )
    with child:
        assert child.stdout is not None
        child.stdout.readline()
        for _ in range(fragments_before):
            told = child.stdout.readline()
        child.send_signal(signal.SIGKILL)

    with indexes.keeping(volume, memory=memory, host="test", epoch=1, clock=clock) as index:
        assert salvage(index).fates == {Fate.ADOPTED: 1}
        assert only_recording(index).end_90k >= int(told)
    assert check.check(volume) == []


@pytest.mark.parametrize(
    ("call", "when"),
    [*(("fsync", when) for when in range(1, 16)), *(("fdatasync", when) for when in range(1, 13)),
     *(("unlink", when) for when in (1, 2)), *(("pwrite64", when) for when in (3, 9, 20, 33))],
)  # fmt: skip
def test_sigkill_at_any_step_of_a_recordings_life_leaves_a_sound_volume(tmp_path, clock, init_file, call, when):
    """From the volume's making to the deletion of its only recording, each durable step is the last one once."""
    path = tmp_path / "volume"
    subprocess.run(
        ["/usr/bin/strace", "-f", "-o", "/dev/null", "-e", f"trace={call}", "-e",
         f"inject={call}:signal=KILL:when={when}",
         sys.executable, str(SCRIPT), str(path), str(init_file), "delete"],
        stdout=subprocess.DEVNULL, timeout=60, check=False,
    )  # fmt: skip
    if not (path / "volume.json").exists():
        return  # it died before there was a volume
    told = read_identity(path)
    volume = Volume.open(path, deployment_id=told.deployment_id, volume_id=told.volume_id)

    with indexes.keeping(volume, memory=tmp_path / "memory.json", host="t", epoch=1, clock=clock) as index:
        found = salvage(index)
        deletion.finish(index)
        assert {Fate.LOST, Fate.FAILED, Fate.QUARANTINED}.isdisjoint(found.fates)
        left = index.recordings("")

    assert check.check(volume) == []
    assert len(list(volume.media.glob("*/*"))) == 2 * len(left)
    assert all(recording.end_90k == 10 * 45_000 for recording in left)


def test_salvage_and_check_beside_living_writers_change_and_find_nothing(studio):
    studio.expect(floor_90k=0)

    def record_on() -> list[str]:
        return [studio.record(at_90k=T0 + 10 * S * number, seconds=2).root for number in range(25)]

    with ThreadPoolExecutor(1) as pool:
        recording = pool.submit(record_on)
        found = []
        while not recording.done():
            assert {Fate.LOST, Fate.FAILED, Fate.QUARANTINED}.isdisjoint(salvage(studio.index).fates)
            found += check.check(studio.volume)
        roots = recording.result()

    # Between a run's file and its news a pass may see a gap that the next moment explains.
    assert [finding for finding in found if finding.invariant != 4] == []
    assert [kept.root for kept in studio.index.recordings("ORDER BY start_90k")] == roots
    assert check.check(studio.volume) == []
