"""An index that cannot be read is a named error, and no volume holds up the others."""

import stat

import pytest

from mingjian.base import ids
from mingjian.recordings import database
from mingjian.recordings import index as indexes
from mingjian.recordings.errors import RecordingsError
from mingjian.recordings.reader import IndexReader, Library
from mingjian.recordings.volume import Volume

T0 = 1_700_000_000 * 90_000
S = 90_000


@pytest.fixture
def ruined(tmp_path):
    """A volume whose index is no index any more."""
    path = tmp_path / "ruined"
    volume = Volume.create(path, deployment_id=ids.new_id(), volume_id=ids.new_id(), budget_bytes=0)
    volume.index_path.write_bytes(b"no database " * 1000)
    return volume


def test_a_reader_names_what_sqlite_says(ruined):
    with pytest.raises(RecordingsError, match="index_unreadable"):
        IndexReader(ruined.path)


def test_a_keeper_names_what_sqlite_says(ruined, memory, clock):
    with (
        pytest.raises(RecordingsError, match="index_unreadable"),
        indexes.keeping(ruined, memory=memory, host="test", epoch=1, clock=clock),
    ):
        pass


def test_trouble_in_the_middle_of_reading_is_named_too(studio):
    studio.record(at_90k=T0, seconds=2)
    with IndexReader(studio.volume.path) as reader, studio.index.transaction() as cursor:
        cursor.execute("ALTER TABLE recording RENAME COLUMN root TO gone")
        cursor.execute("COMMIT")
        cursor.execute("BEGIN")
        with pytest.raises(RecordingsError, match="index_unreadable"):
            reader.window(stream=studio.stream, start_90k=T0, end_90k=T0 + S)


def test_a_full_volume_is_called_full(ruined, monkeypatch):
    monkeypatch.setattr(database, "_has_room", lambda folder: False)
    ruined.index_path.unlink()
    ruined.index_path.mkdir()

    with pytest.raises(RecordingsError, match="volume_full"):
        IndexReader(ruined.path)


def test_one_ruined_volume_does_not_hide_the_others(studio, ruined):
    studio.record(at_90k=T0, seconds=2)
    growing = studio.start(at_90k=T0 + 5 * S)
    library = Library(volumes=[ruined.path, studio.volume.path])

    assert len(library.window(stream=studio.stream, start_90k=T0, end_90k=T0 + 9 * S)) == 2
    assert library.growing(stream=studio.stream).recording_id == growing.opened.recording_id
    found = library.coverage(
        stream=studio.stream, start_90k=T0, end_90k=T0 + 4 * S, planned_since_90k=T0, now_90k=T0 + 9 * S
    )
    assert [(span.start_90k, span.end_90k) for span in found.footage] == [(T0, T0 + 2 * S)]


def test_nobody_else_on_the_host_reads_a_volume(index, volume):
    for path in (volume.media, volume.quarantine, volume.index_path, volume.index_path.with_name("index.db-wal")):
        assert not stat.S_IMODE(path.stat().st_mode) & stat.S_IRWXO, path
