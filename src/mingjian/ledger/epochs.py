"""A new epoch after a database was put back from a copy: what was lost is declared in the new shard, for ever."""

import json
from collections.abc import Sequence
from typing import Any

import psycopg

from mingjian.ledger import checkpoint, scan
from mingjian.ledger.archive import Archive
from mingjian.ledger.canonical import JsonValue
from mingjian.ledger.checkpoint import Checkpoint
from mingjian.ledger.verdict import Inquiry

STARTED_KIND = "ledger.epoch_started"

Connection = psycopg.Connection[tuple[Any, ...]]
Head = tuple[int, int, str]
"""Shard, size and root in hex."""


def losses(connection: Connection, *, shard: int, kept: Sequence[str]) -> list[JsonValue]:
    """Return the kept heads of a shard that the ledger as it stands does not fulfil: what is to be declared."""
    tree = Archive()
    with connection.transaction():
        for leaves in scan.leaf_hashes(connection, Inquiry(), shard=shard):
            tree.extend(leaves)
    read = scan.reader(connection, shard=shard)
    heads = {checkpoint.parse(checkpoint.split(note)[0]) for note in kept}
    lost = [
        head
        for head in heads
        if checkpoint.shard_of(head) == shard
        and (head.size > tree.size or tree.root(size=head.size, read=read) != head.root)
    ]
    return [
        {"shard": shard, "size": head.size, "root": head.root.hex(), "left": tree.size}
        for head in sorted(lost, key=_by_size)
    ]


def declared(connection: Connection) -> set[Head]:
    """Return the heads that later shards declare to be lost."""
    try:
        # By bytes, not by the index of kinds: a body that somebody spoiled is no JSON, and must not stop us.
        with connection.transaction():
            rows = connection.execute(
                "SELECT shard, body FROM public.ledger_entry"
                " WHERE shard > (SELECT min(shard) FROM public.ledger_entry) AND position(%s::bytea IN body) > 0",
                (f'"kind":"{STARTED_KIND}"'.encode(),),
            ).fetchall()
    except scan.UNREADABLE:
        return set()
    return {head for shard, body in rows for head in _heads(int(shard), bytes(body))}


def _heads(shard: int, body: bytes) -> list[Head]:
    try:
        entry = json.loads(body)["entry"]
        heads = [(int(one["shard"]), int(one["size"]), str(one["root"])) for one in entry["facts"]["lost"]]
        is_declaration = entry["kind"] == STARTED_KIND
    except (ValueError, KeyError, TypeError):
        return []
    return [head for head in heads if is_declaration and head[0] < shard]


def _by_size(head: Checkpoint) -> int:
    return head.size
