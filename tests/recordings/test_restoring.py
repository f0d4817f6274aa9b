"""An index made from the files alone is the one that was lost, field by field, but for what no file knows."""

import contextlib
import sqlite3

import pytest
from PIL import Image

from mingjian.base import ids
from mingjian.base.ticks import TICKS_PER_S
from mingjian.media.coding import encode_clip
from mingjian.media.samples import Codec
from mingjian.recordings import deletion, restoring
from mingjian.recordings import index as indexes
from mingjian.recordings.check import check
from mingjian.recordings.gate import DeletionReason, Permit
from mingjian.recordings.index import PlannedStream
from mingjian.recordings.model import GapCause, Hold, StreamKey, StreamRole
from mingjian.recordings.reader import IndexReader
from mingjian.recordings.salvage import salvage

S = TICKS_PER_S
T0 = 1_700_000_000 * S
DAY = 86_400 * S

# What a file knows of each table; `restoring.UNKNOWN_TO_FILES` declares the rest.
KNOWN = {
    "recording": "recording_id, run_id, (SELECT camera_id || role || track FROM stream WHERE id = stream_id), state,"
    " start_90k, end_90k, codec, codec_string, width, height, size_bytes, fragments, samples, root, key_id, cipher",
    "run": "run_id, (SELECT camera_id || role || track FROM stream WHERE id = stream_id), start_90k, end_90k,"
    " is_clock_trusted, codec, width, height",  # of runs that have a file left
    "hole": "recording_id, start_90k, end_90k",
    "gap": "(SELECT camera_id || role || track FROM stream WHERE id = stream_id), start_90k, end_90k",
    "day": "(SELECT camera_id || role || track FROM stream WHERE id = stream_id), start_90k, footage_90k, expired_90k",
    "stream": "camera_id, role, track, planned_since_90k, planned_until_90k, floor_90k",
    "hold": "hold_id, camera_id, start_90k, end_90k, reason",
}


def rows(volume, columns=KNOWN):
    with contextlib.closing(sqlite3.connect(f"file:{volume.index_path}?mode=ro", uri=True)) as connection:
        found = {table: sorted(connection.execute(f"SELECT {what} FROM {table}")) for table, what in columns.items()}  # noqa: S608
        left = {run_id for (run_id,) in connection.execute("SELECT run_id FROM recording")}
    return found | {"run": [row for row in found.get("run", ()) if row[0] in left]}


@pytest.fixture
def lived_in(studio, clock):
    """Runs of several files, one in H.265, gaps with causes, a salvaged file, a hold, and recordings let go."""
    hevc = StreamKey(ids.new_id(), StreamRole.SUB, "video")
    planned = [PlannedStream(studio.stream, T0 - 60 * S, 0), PlannedStream(hevc, T0, 0)]
    hold = Hold(ids.new_id(), studio.stream.camera_id, T0 + 500 * S, T0 + 600 * S, "case")

    def adopt(index):
        index.expect(planned)
        index.set_hold(hold)

    adopt(studio.index)
    take = studio.start(at_90k=T0)
    for _ in range(3):
        studio.shoot(take, seconds=2)
        studio.close(take)
        again = studio.start(at_90k=take.at_90k, run_id=take.started.run_id)
        take = again
    studio.shoot(take, seconds=2)
    studio.close(take)
    studio.end(take, cause=GapCause.CAMERA_UNREACHABLE)
    for number in range(1, 5):
        studio.record(at_90k=T0 + number * 100 * S, seconds=3)
    images = [Image.new("RGB", (64, 48), (number * 10, 0, 90)) for number in range(20)]
    clip, stream = studio.clip, studio.stream
    studio.clip = encode_clip(images, codec=Codec.H265, fps=10, bitrate_bps=100_000, gop=10)
    studio.stream = hevc
    studio.record(at_90k=T0 + 40 * S, seconds=4, cause=GapCause.CAMERA_REFUSED)
    studio.record(at_90k=T0 + 80 * S, seconds=4)
    studio.clip, studio.stream = clip, stream
    torn = studio.start(at_90k=T0 + 520 * S)
    studio.shoot(torn, seconds=3)
    torn.writer.abandon()
    salvage(studio.index)
    clock.advance(700 * S)
    for start in (T0 + 2 * S, T0 + 200 * S):
        (row,) = studio.index.recordings("WHERE start_90k = ?", (start,))
        permit = deletion.ask(studio.index, row, reason=DeletionReason.PRESSURE, now_90k=clock.utc())
        assert isinstance(permit, Permit)
        deletion.delete(studio.index, row, permit=permit)
    return adopt


def test_an_index_rebuilt_from_the_files_equals_the_one_lost(lived_in, studio, volume, clock):
    lost = rows(volume)
    causes = rows(volume, {"gap": "start_90k, end_90k, cause, detail", "expired": "start_90k, end_90k"})
    with IndexReader(volume.path) as reader:
        told = reader.reports(series="", after_id=0, limit=1_000)
    retold = [restoring.retold(kind=report.kind.value, facts=report.body) for report in told]
    studio.index.close()

    moved = restoring.set_aside(volume)
    with contextlib.closing(indexes.Index.open(volume, host="test", epoch=1, clock=clock)) as index:
        restoring.renew(index, adopt_plan=lived_in)
        restoring.retell(index, [report for report in retold if report is not None])

    made = rows(volume)
    for table, wanted in lost.items():
        assert made[table] == wanted, table
    assert rows(volume, {"expired": "start_90k, end_90k"})["expired"] == causes["expired"]
    known = [row for row in causes["gap"] if row[1] is not None and row[2] != "unknown"]
    made_gaps = rows(volume, {"gap": "start_90k, end_90k, cause, detail"})["gap"]
    assert [row for row in known if row not in made_gaps] == []
    assert check(volume) == []
    assert moved and all(path.exists() for path in moved)


def test_a_comparison_names_the_field_and_writes_nothing(lived_in, studio, volume):
    count, differences = restoring.compare(volume)
    assert (count, differences) == (9, [])

    with studio.index.transaction() as cursor:
        cursor.execute("UPDATE recording SET width = 65 WHERE start_90k = ?", (T0 + 100 * S,))
        cursor.execute("DELETE FROM recording WHERE start_90k = ?", (T0 + 300 * S,))
    before = sorted((path, path.stat().st_mtime_ns) for path in volume.media.rglob("*"))

    _, differences = restoring.compare(volume)

    assert sorted((found.field, found.in_index, found.in_file) for found in differences)[1] == ("width", "65", "64")
    assert [found.in_index for found in differences if found.field == "file"] == ["no row"]
    assert sorted((path, path.stat().st_mtime_ns) for path in volume.media.rglob("*")) == before
