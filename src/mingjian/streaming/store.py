"""What this process asks of PostgreSQL: is this revoked, and write this into the ledger. Blocking, bounded."""

from collections.abc import Sequence

import psycopg
from psycopg_pool import ConnectionPool, PoolTimeout

from mingjian.base.errors import MingjianError
from mingjian.host.database import DatabaseAddress
from mingjian.ledger.append import Entry, append

REVOCATIONS_CHANNEL = "mingjian_revocation"
CONNECT_TIMEOUT_S = 2
STATEMENT_TIMEOUT_MS = 3_000


class StoreError(MingjianError):
    """The database did not answer, or refused ("streaming.store_unreachable"); what was asked has not happened,
    or cannot be shown to have happened.
    """


class Store:
    """A small pool of connections as the streaming role. For use from threads."""

    def __init__(self, address: DatabaseAddress) -> None:
        self._pool = ConnectionPool(
            kwargs={**address.parameters(), **connection_options()},
            min_size=0,
            max_size=4,
            timeout=CONNECT_TIMEOUT_S,
            max_idle=60.0,
            check=ConnectionPool.check_connection,
            open=False,
            name="streaming",
        )

    def start(self) -> None:
        """Let connections be made; none is made before it is needed."""
        self._pool.open()

    def stop(self) -> None:
        """Close every connection."""
        self._pool.close(timeout=1.0)

    def open_receipt(self, entry: Entry, *, keys: Sequence[str]) -> bool:
        """Write the entry unless grant or session is revoked; one transaction. True once durable, False when revoked.

        Raises StoreError; then nothing may be served.
        """
        try:
            with self._pool.connection() as connection, connection.cursor() as cursor:
                if _revoked(cursor, keys):
                    return False
                append(cursor, entry=entry)
        except (psycopg.Error, PoolTimeout) as error:
            raise StoreError("streaming.store_unreachable", detail=type(error).__name__) from error
        return True

    def append(self, entry: Entry) -> None:
        """Write an entry; durable on return. Raises StoreError."""
        try:
            with self._pool.connection() as connection, connection.cursor() as cursor:
                append(cursor, entry=entry)
        except (psycopg.Error, PoolTimeout) as error:
            raise StoreError("streaming.store_unreachable", detail=type(error).__name__) from error

    def enter_once(self, entries: Sequence[tuple[str, Entry]]) -> int:
        """Write those entries whose record has not been entered yet, all or none; return how many. Raises StoreError.

        The mark and the entry share a transaction, so that whoever is killed here enters nothing twice.
        """
        entered = 0
        try:
            with self._pool.connection() as connection, connection.cursor() as cursor:
                for record, entry in entries:
                    cursor.execute("INSERT INTO media_spooled (record) VALUES (%s) ON CONFLICT DO NOTHING", [record])
                    if cursor.rowcount:
                        append(cursor, entry=entry)
                        entered += 1
        except (psycopg.Error, PoolTimeout) as error:
            raise StoreError("streaming.store_unreachable", detail=type(error).__name__) from error
        return entered

    def revoked_among(self, keys: Sequence[str]) -> frozenset[str]:
        """Return those that are revoked. Raises StoreError."""
        try:
            with self._pool.connection() as connection, connection.cursor() as cursor:
                return _revoked(cursor, keys)
        except (psycopg.Error, PoolTimeout) as error:
            raise StoreError("streaming.store_unreachable", detail=type(error).__name__) from error


def connection_options() -> dict[str, str | int]:
    """Return what every connection of this process asks for: short waits, and commits that are on disk."""
    return {
        "connect_timeout": CONNECT_TIMEOUT_S,
        "application_name": "mingjian streaming",
        "options": f"-c statement_timeout={STATEMENT_TIMEOUT_MS} -c synchronous_commit=on",
    }


def _revoked(cursor: psycopg.Cursor[tuple[object, ...]], keys: Sequence[str]) -> frozenset[str]:
    cursor.execute("SELECT key FROM media_revocation WHERE key = ANY(%s)", [list(keys)])
    return frozenset(str(row[0]) for row in cursor.fetchall())
