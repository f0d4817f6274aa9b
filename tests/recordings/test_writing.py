"""Files, tables and the order in which they become durable."""

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from mingjian.base import ids
from mingjian.ledger import merkle
from mingjian.media.fmp4_writer import init_segment
from mingjian.recordings import fragments, identity
from mingjian.recordings.errors import RecordingsError
from mingjian.recordings.model import FLAG_INIT, Fragment
from mingjian.recordings.volume import Volume
from mingjian.recordings.writer import RecordingWriter, is_being_written

T0 = 1_700_000_000 * 90_000


def test_record_has_its_frozen_form():
    record = Fragment(1, -2, 3, 4, 5, 6, 7, bytes(range(32)))

    raw = fragments.encode_record(record)

    assert (len(fragments.encode_header()), len(raw)) == (16, 72)
    assert fragments.encode_header() == b"MJFRG\0\x01\x00\x48\x00" + bytes(6)
    assert (
        raw[:40]
        == bytes.fromhex("0100000000000000feffffffffffffff0300000000000000040000000500000006000700") + raw[36:40]
    )
    assert fragments.decode_record(raw) == record


def test_decode_record_refuses_any_flipped_bit():
    raw = fragments.encode_record(Fragment(T0, T0, 800, 4000, 45_000, 12, 1, os.urandom(32)))

    for place in range(len(raw) * 8):
        spoiled = bytearray(raw)
        spoiled[place // 8] ^= 1 << place % 8
        assert fragments.decode_record(bytes(spoiled)) is None


def test_close_tells_what_the_files_hold(studio):
    take = studio.start(at_90k=T0)
    studio.shoot(take, seconds=4)

    closed = studio.close(take)

    table = fragments.read_table(take.writer.table_path)
    assert closed.size_bytes == take.writer.media_path.stat().st_size == sum(record.length for record in table)
    assert (closed.start_90k, closed.end_90k, closed.fragments, closed.samples) == (T0, T0 + 4 * 90_000, 8, 40)
    assert closed.root == merkle.root(record.sha256 for record in table).hex()
    assert [record.flags & FLAG_INIT for record in table] == [FLAG_INIT] + [0] * 8
    assert identity.read(take.writer.media_path.read_bytes()[:4096]).stream == studio.stream


def test_table_grows_behind_the_media(studio):
    take = studio.start(at_90k=T0)

    for seconds in range(1, 4):
        studio.shoot(take, seconds=1)
        table = fragments.read_table(take.writer.table_path)
        assert len(table) == 1 + 2 * seconds
        assert fragments.read_table(take.writer.table_path, first_record=len(table) - 1) == table[-1:]
        assert take.writer.media_path.stat().st_size == table[-1].offset + table[-1].length


def test_torn_record_is_not_read(studio):
    take = studio.start(at_90k=T0)
    studio.shoot(take, seconds=1)
    whole = fragments.read_table(take.writer.table_path)

    with take.writer.table_path.open("ab") as table:
        table.write(fragments.encode_record(whole[-1])[:71])

    assert fragments.read_table(take.writer.table_path) == whole


def test_writer_locks_its_file_until_it_closes_or_dies(studio):
    closing, dying = studio.start(at_90k=T0), studio.start(at_90k=T0)
    assert is_being_written(closing.writer.media_path) and is_being_written(dying.writer.media_path)

    studio.close(closing)
    dying.writer.abandon()

    assert not is_being_written(closing.writer.media_path)
    assert not is_being_written(dying.writer.media_path)


def test_append_abandons_the_file_when_the_disk_takes_less(studio, tmp_path):
    """A size limit of the process makes the kernel take a part of the write first, and refuse the rest after."""
    script = f"""
import resource, signal
from pathlib import Path
from mingjian.recordings.errors import RecordingsError
from mingjian.recordings.model import StreamKey, StreamRole
from mingjian.recordings.volume import Volume
from mingjian.recordings.writer import RecordingWriter
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
volume = Volume.open(Path({str(studio.volume.path)!r}), deployment_id={studio.volume.identity.deployment_id!r},
                     volume_id={studio.volume.identity.volume_id!r})
writer = RecordingWriter(volume=volume, stream=StreamKey({ids.new_id()!r}, StreamRole.MAIN, "video"),
                         run_id={ids.new_id()!r}, recording_id={ids.new_id()!r}, init=b"\\0\\0\\0\\x08ftyp")
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
for attempt in range(2):
    try:
        writer.append([bytes(8192)], first_pts_90k=0, first_dts_90k=0, duration_90k=1, samples=1, flags=0)
    except RecordingsError as error:
        print(error.code)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=30)

    assert done.stdout.split() == ["recordings.write_failed", "recordings.abandoned"]


def test_close_is_never_tried_again_after_a_failed_sync(studio, monkeypatch):
    take = studio.start(at_90k=T0)
    studio.shoot(take, seconds=1)
    asked = []

    def fail(descriptor: int) -> None:
        asked.append(descriptor)
        raise OSError(errno.EIO, "the disk is gone")

    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", fail)
        with pytest.raises(RecordingsError) as first:
            take.writer.close()
        with pytest.raises(RecordingsError) as second:
            take.writer.close()

    assert (first.value.code, second.value.code) == ("recordings.sync_failed", "recordings.abandoned")
    assert len(asked) == 1
    assert not is_being_written(take.writer.media_path)


def test_close_syncs_media_then_table_then_directories_then_row(tmp_path, init_file):
    """Invariant 1, seen from the kernel: the order of the system calls of one recording's life."""
    trace = tmp_path / "trace"
    script = Path(__file__).parent / "record_once.py"
    subprocess.run(
        ["/usr/bin/strace", "-f", "-y", "-o", str(trace), "-e", "trace=fsync,fdatasync,unlink",
         sys.executable, str(script), str(tmp_path / "volume"), str(init_file), "once"],
        check=True,
        timeout=60,
    )  # fmt: skip

    calls = [line.split(maxsplit=1)[1] for line in trace.read_text().splitlines() if "<" in line]
    media = next(number for number, call in enumerate(calls) if ".mp4>" in call)
    after = calls[media:]
    order = [
        next(number for number, call in enumerate(after) if f"{ending}>" in call)
        for ending in (".mp4", ".frg", "/media/" + _camera_of(after), "/media", "index.db-wal")
    ]
    assert order == sorted(order)


def _camera_of(calls: list[str]) -> str:
    return calls[0].split("/media/")[1].split("/")[0]


def test_killed_writer_leaves_whole_fragments(volume, init_file):
    """SIGKILL between two appends: what the table tells is there, to the byte."""
    script = Path(__file__).parent / "record_once.py"
    child = subprocess.Popen(
        [sys.executable, str(script), str(volume.path), str(init_file), "for-ever"], stdout=subprocess.PIPE, text=True
    )
    with child:
        assert child.stdout is not None
        media = Path(child.stdout.readline().strip())
        for _ in range(30):
            child.stdout.readline()
        child.send_signal(signal.SIGKILL)

    table = fragments.read_table(media.with_suffix(".frg"))
    assert len(table) > 30
    assert media.stat().st_size >= table[-1].offset + table[-1].length
    assert not is_being_written(media)


def test_writer_refuses_a_volume_that_is_not_there_any_more(studio, clip):
    (studio.volume.path / "volume.json").unlink()

    with pytest.raises(RecordingsError) as raised:
        RecordingWriter(
            volume=studio.volume,
            stream=studio.stream,
            run_id=ids.new_id(),
            recording_id=ids.new_id(),
            init=init_segment(clip[0]),
        )

    assert raised.value.code == "recordings.volume_missing"
    assert not list(studio.volume.media.iterdir())


def test_identity_is_refused_when_it_is_not_ours(clip):
    with pytest.raises(RecordingsError, match=r"identity_malformed"):
        identity.read(init_segment(clip[0]))
    with pytest.raises(RecordingsError, match=r"identity_malformed"):
        identity.read(b"")


def test_volume_without_identity_is_no_volume(tmp_path):
    with pytest.raises(RecordingsError, match=r"volume_missing"):
        Volume.open(tmp_path / "absent", deployment_id="", volume_id="")
    assert not (tmp_path / "absent").exists()
