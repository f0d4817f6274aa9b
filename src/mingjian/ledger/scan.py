"""The leaves of a shard in order, hashed again from their stored bytes, as fast as one core goes."""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Any

import psycopg

from mingjian.ledger.archive import ReadLeaves
from mingjian.ledger.merkle import leaf_hash
from mingjian.ledger.verdict import Inquiry

# What PostgreSQL raises for pages that its checksums or the disk condemn.
UNREADABLE = (psycopg.errors.DataCorrupted, psycopg.errors.InternalError_, psycopg.errors.IoError)

_PREFETCH = 4_096

Connection = psycopg.Connection[tuple[Any, ...]]
Row = tuple[int, bytes, bytes]


def leaf_hashes(connection: Connection, inquiry: Inquiry, *, shard: int) -> Iterator[Sequence[bytes]]:
    """Yield the stored leaf hashes of a shard in order, in parts, noting each row that is not as it should be.

    The stored hash, so that one damaged body is named once and does not drag the roots after it along. Within a
    transaction; pages that the database refuses to read end the walk with a finding.
    """
    expected = 0
    try:
        # A savepoint: after a page that cannot be read the rest of the verification goes on.
        with connection.transaction(), connection.cursor(name="ledger_scan") as cursor:
            cursor.execute(
                "SELECT seq, body, leaf FROM public.ledger_entry WHERE shard = %s ORDER BY seq", (shard,), binary=True
            )
            while rows := cursor.fetchmany(_PREFETCH):
                leaves = [leaf for _seq, _body, leaf in rows]
                if not _are_sound(rows, leaves, shard, expected):
                    expected = _name(rows, inquiry, shard, expected)
                else:
                    expected += len(rows)
                yield leaves
    except UNREADABLE as error:
        inquiry.note("ledger.unreadable", shard, expected, expected, str(error).split("\n")[0])


def reader(connection: Connection, *, shard: int) -> ReadLeaves:
    """Return what brings the stored leaf hashes [start, end) of a shard back, for proofs."""

    def read(start: int, end: int) -> Sequence[bytes]:
        rows = connection.execute(
            "SELECT leaf FROM public.ledger_entry WHERE shard = %s AND seq >= %s AND seq < %s ORDER BY seq",
            (shard, start, end),
        ).fetchall()
        return [bytes(leaf) for (leaf,) in rows]

    return read


def _are_sound(rows: Sequence[Row], leaves: Sequence[bytes], shard: int, expected: int) -> bool:
    """Say whether nothing at all is wrong with these rows: the quick way, taken almost always."""
    hashed = [sha256(b"\x00" + body).digest() for _seq, body, _leaf in rows]
    return hashed == leaves and all(
        seq == place and _says_place(body, shard, seq) for place, (seq, body, _leaf) in enumerate(rows, start=expected)
    )


def _name(rows: Sequence[Row], inquiry: Inquiry, shard: int, expected: int) -> int:
    for seq, body, leaf in rows:
        if seq < expected:
            inquiry.note("ledger.row_repeated", shard, seq, seq)
        elif seq > expected:
            inquiry.note("ledger.row_missing", shard, expected, seq - 1)
        expected = max(expected, seq + 1)
        if leaf_hash(body) != leaf:
            inquiry.note("ledger.leaf_mismatch", shard, seq, seq)
        elif not _says_place(body, shard, seq):
            inquiry.note("ledger.row_misplaced", shard, seq, seq)
    return expected


def _says_place(body: bytes, shard: int, seq: int) -> bool:
    """Say whether the leaf's own words put it here. They end the body, so that no parsing is needed (schema.sql)."""
    placed, _, _ = body.rpartition(b',"writer":')
    return placed.endswith(b',"seq":%d,"shard":%d' % (seq, shard))
