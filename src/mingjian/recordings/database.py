"""The SQLite file of an index: how it is opened, made, upgraded and written, and which SQLite may touch it."""

import logging
import os
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from importlib import resources
from pathlib import Path

import apsw

from mingjian.base import ids
from mingjian.base.ids import DeploymentId, VolumeId
from mingjian.recordings import ballast
from mingjian.recordings.errors import RecordingsError

SCHEMA_VERSION = 3
# A reader may come before the keeper has upgraded; what it asks is the same in these, only slower.
_READABLE = (1, 2, SCHEMA_VERSION)
DAYS_SINCE_VERSION = 2
_log = logging.getLogger(__name__)
TransactionContext = AbstractContextManager[apsw.Cursor]
# Before this one a checkpoint could overwrite committed frames of a write-ahead log (WAL-reset race).
OLDEST_SQLITE = (3, 51, 3)


def open_for_writing(path: Path, *, deployment_id: DeploymentId, volume_id: VolumeId) -> apsw.Connection:
    """Open the index as its one writer, making it when it is absent and upgrading it when it is of an older version.

    An upgrade is one transaction; readers see the old version until it ends.
    Every commit is durable on return (WAL, synchronous=FULL). Raises RecordingsError `recordings.sqlite_too_old`,
    `.index_too_new`, `.index_foreign`, `.index_unreadable`, `.volume_full`.
    """
    _require_sqlite()
    with named_errors(path):
        # SQLite would make it readable for everybody; what lies beside it takes its mode.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640))
        connection = apsw.Connection(str(path))
        connection.set_busy_timeout(10_000)
        connection.pragma("journal_mode", "wal")
        connection.pragma("synchronous", "full")
        connection.pragma("foreign_keys", True)
        if not connection.pragma("user_version"):
            _create(connection, deployment_id=deployment_id, volume_id=volume_id)
        _upgrade(connection, path)
        _require_version(connection, path, allowed=(SCHEMA_VERSION,))
        found = read_meta(connection, "deployment_id"), read_meta(connection, "volume_id")
    if found != (deployment_id, volume_id):
        connection.close()
        raise RecordingsError("recordings.index_foreign", path=str(path), found_volume=found[1])
    return connection


def open_for_reading(path: Path) -> apsw.Connection:
    """Open the index read-only.

    Raises RecordingsError `recordings.sqlite_too_old`, `.index_missing`, `.index_too_new`, `.index_unreadable`,
    `.volume_full`.
    """
    _require_sqlite()
    if not path.exists():
        raise RecordingsError("recordings.index_missing", path=str(path))
    with named_errors(path):
        connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
        connection.set_busy_timeout(10_000)
        try:
            _require_version(connection, path, allowed=_READABLE)
        except apsw.ReadOnlyError as error:
            # A rollback journal stands beside it: its maker was killed on the way to the write-ahead log.
            connection.close()
            raise RecordingsError("recordings.index_missing", path=str(path)) from error
        except apsw.Error:
            connection.close()
            raise
    return connection


@contextmanager
def named_errors(path: Path) -> Iterator[None]:
    """Raise what SQLite says of this index as RecordingsError `recordings.index_unreadable`, or `.volume_full`.

    Without room for its shared memory SQLite cannot even read a write-ahead log, and calls that an I/O error.
    """
    try:
        yield
    except apsw.Error as error:
        if isinstance(error, apsw.FullError) or (
            isinstance(error, apsw.IOError | apsw.CantOpenError) and not _has_room(path.parent)
        ):
            raise RecordingsError("recordings.volume_full", path=str(path.parent), ran_out="bytes") from error
        reason = f"{type(error).__name__}: {error}"
        raise RecordingsError("recordings.index_unreadable", path=str(path), reason=reason) from error


def read_opens(path: Path) -> int | None:
    """Return how often an index was opened by a keeper, None when it is absent or was never made whole.

    For the keeper alone: may finish or undo what a killed one began. Raises RecordingsError
    `recordings.index_unreadable`, `.volume_full`.
    """
    _require_sqlite()
    if not path.exists():
        return None
    with named_errors(path):
        connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READWRITE)
        try:
            return int(read_meta(connection, "opens")) if connection.pragma("user_version") else None
        finally:
            connection.close()


def write_opens(path: Path, opens: int) -> None:
    """Let the index say how often it was opened, for a keeper that died before it could.

    Raises RecordingsError `recordings.index_unreadable`, `.volume_full`.
    """
    with named_errors(path):
        connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READWRITE)
        try:
            connection.pragma("synchronous", "full")
            connection.execute("UPDATE meta SET value = ? WHERE key = 'opens'", (str(opens),))
        finally:
            connection.close()


@contextmanager
def transaction(connection: apsw.Connection, lock: threading.RLock) -> Iterator[apsw.Cursor]:
    """Run one write transaction; committed and durable when the context ends, undone when it raises."""
    with lock:
        cursor = connection.cursor()
        cursor.execute("BEGIN IMMEDIATE")
        try:
            yield cursor
            cursor.execute("COMMIT")
        except BaseException:
            # A disk that fails may have made SQLite undo it already; a commit that found no room leaves it open.
            if connection.in_transaction:
                cursor.execute("ROLLBACK")
            raise


def version(connection: apsw.Connection) -> int:
    """Return the version of the schema as it stands now."""
    return int(connection.pragma("user_version"))


def read_meta(connection: apsw.Connection, key: str) -> str:
    """Return one value of the meta table; a missing key is a bug."""
    (value,) = next(connection.execute("SELECT value FROM meta WHERE key = ?", (key,)))
    return str(value)


def _create(connection: apsw.Connection, *, deployment_id: DeploymentId, volume_id: VolumeId) -> None:
    with connection:
        connection.execute(_statements("schema.sql"))
        connection.executemany(
            "INSERT INTO meta (key, value) VALUES (?, ?)",
            [
                ("schema_version", str(SCHEMA_VERSION)),
                ("deployment_id", deployment_id),
                ("volume_id", volume_id),
                ("opens", "0"),
                ("series", ids.new_id()),
            ],
        )
        connection.pragma("user_version", SCHEMA_VERSION)


def _upgrade(connection: apsw.Connection, path: Path) -> None:
    """Bring an older index up step by step, each step a file of statements and a transaction of its own."""
    for version in range(int(connection.pragma("user_version")) + 1, SCHEMA_VERSION + 1):
        begun_s = time.monotonic()
        with connection:
            connection.execute(_statements(f"upgrade_{version}.sql"))
            connection.execute("UPDATE meta SET value = ? WHERE key = 'schema_version'", (str(version),))
            connection.pragma("user_version", version)
        took_s = round(time.monotonic() - begun_s, 1)
        _log.info("index upgraded", extra={"path": str(path), "version": version, "took_s": took_s})


def _statements(name: str) -> str:
    return resources.files("mingjian.recordings").joinpath(name).read_text(encoding="utf-8")


def _has_room(folder: Path) -> bool:
    try:
        return not ballast.is_cramped(os.statvfs(folder))
    except OSError:
        return True


def _require_sqlite() -> None:
    found = tuple(int(part) for part in apsw.sqlite_lib_version().split("."))
    if found < OLDEST_SQLITE:
        raise RecordingsError("recordings.sqlite_too_old", found=apsw.sqlite_lib_version())


def _require_version(connection: apsw.Connection, path: Path, *, allowed: tuple[int, ...]) -> None:
    found = int(connection.pragma("user_version"))
    if found not in allowed:
        connection.close()
        if not found:
            # Its maker was killed before the first commit: there is a file, and nothing in it.
            raise RecordingsError("recordings.index_missing", path=str(path))
        raise RecordingsError("recordings.index_too_new", path=str(path), found=found)
