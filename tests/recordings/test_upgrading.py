"""An index of the former version is brought up in place: nothing lost, the same answers before and after."""

import sqlite3
from pathlib import Path

import apsw
import pytest

from mingjian.recordings import database
from mingjian.recordings.errors import RecordingsError
from mingjian.recordings.index import Index
from mingjian.recordings.reader import IndexReader, Library
from mingjian.recordings.volume import Volume

FORMER = Path(__file__).with_name("index_of_version_1.sql")
S = 90_000
T0 = 1_700_000_000 * S
DAY = 86_400 * S
NOW = T0 + 6 * DAY


@pytest.fixture
def former(tmp_path):
    """A volume as the former version left it."""
    path = tmp_path / "former.db"
    with sqlite3.connect(path) as connection:
        connection.executescript(FORMER.read_text(encoding="utf-8"))
        connection.execute("PRAGMA user_version = 1")
        told = dict(connection.execute("SELECT key, value FROM meta"))
    connection.close()
    volume = Volume.create(
        tmp_path / "former", deployment_id=told["deployment_id"], volume_id=told["volume_id"], budget_bytes=0
    )
    path.rename(volume.index_path)
    return volume


def opened(volume, clock):
    return Index.open(volume, host="test", epoch=1, clock=clock)


def contents(volume):
    """All rows of all tables, but for what an upgrade adds."""
    with sqlite3.connect(f"file:{volume.index_path}?mode=ro", uri=True) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        found = {name: set(connection.execute(f"SELECT * FROM {name}")) for name in tables if name != "day"}  # noqa: S608
    connection.close()
    found["meta"] = {(key, value) for key, value in found["meta"] if key not in {"schema_version", "opens"}}
    found["stream"] = {row[:7] for row in found["stream"]}
    found["hole"] = {row[:3] for row in found["hole"]}
    return found


def shape(path):
    """Columns and indexes of all tables as SQLite understands them."""
    with sqlite3.connect(path) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        found = {
            name: (
                list(connection.execute(f"PRAGMA table_xinfo({name})")),
                sorted(row[1:] for row in connection.execute(f"PRAGMA index_list({name})")),
            )
            for name in tables
        }
        found["indexes"] = {
            name: (" ".join((sql or "").split()), list(connection.execute(f"PRAGMA index_xinfo({name})")))
            for name, sql in connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'index'")
        }
        found["version"] = connection.execute("PRAGMA user_version").fetchone()
    connection.close()
    return found


def told(volume):
    """What readers are told of every stream: coverage, totals by day, what grows."""
    library = Library(volumes=[volume.path])
    with IndexReader(volume.path) as reader:
        streams = dict.fromkeys(reader.streams(), T0)
    return (
        [
            library.coverage(stream=stream, start_90k=T0, end_90k=NOW, planned_since_90k=T0, now_90k=NOW)
            for stream in streams
        ],
        library.days(streams=streams, start_90k=T0 - DAY, end_90k=NOW, now_90k=NOW),
        [library.growing(stream=stream) for stream in streams],
        [library.window(stream=stream, start_90k=T0 + DAY, end_90k=T0 + 2 * DAY) for stream in streams],
    )


def test_nothing_is_lost_and_every_answer_stays(former, clock):
    rows, before = contents(former), told(former)
    index = opened(former, clock)

    assert contents(former) == rows
    assert told(former) == before

    caught_up = [index.catch_up() for _ in range(4)]
    assert caught_up == [True, True, True, False]
    assert contents(former) == rows
    assert told(former) == before
    with IndexReader(former.path) as reader:
        assert all(reader.differing_days(stream=stream) == [] for stream in reader.streams())
        assert any(reader.days(stream=stream, start_90k=0, end_90k=NOW).sums for stream in reader.streams())
        assert reader.meta("schema_version") == str(database.SCHEMA_VERSION)
    index.close()


def test_upgraded_is_as_if_made_today(former, clock, tmp_path):
    opened(former, clock).close()
    fresh = Volume.create(tmp_path / "fresh", deployment_id="d", volume_id="v", budget_bytes=0)
    opened(fresh, clock).close()

    assert shape(former.index_path) == shape(fresh.index_path)


def test_an_upgrade_that_breaks_off_leaves_the_former_version(former, clock, monkeypatch):
    rows, before = contents(former), told(former)
    whole = database._statements
    monkeypatch.setattr(database, "_statements", lambda name: whole(name) + "SELECT no_such_function();")

    with pytest.raises(RecordingsError, match="index_unreadable"):
        opened(former, clock)

    assert (contents(former), told(former)) == (rows, before)
    monkeypatch.undo()
    opened(former, clock).close()
    assert contents(former) == rows


def test_a_version_of_tomorrow_is_left_alone(former, clock):
    with apsw.Connection(str(former.index_path)) as connection:
        connection.pragma("user_version", database.SCHEMA_VERSION + 1)
    connection.close()

    with pytest.raises(RecordingsError, match="index_too_new"):
        opened(former, clock)
