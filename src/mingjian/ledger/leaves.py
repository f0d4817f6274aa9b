"""Read leaves back: what stands in the ledger, as rows of a list."""

import json
from dataclasses import dataclass, replace
from typing import Any

from mingjian.base.ticks import Ticks90k
from mingjian.ledger import payload
from mingjian.ledger.append import Entry
from mingjian.ledger.database import Cursor

MAX_LISTED = 1_000
UNREADABLE_KIND = "ledger.unreadable"

_NEWEST_SHARD = "SELECT coalesce(max(shard), 1) FROM public.ledger_entry"
_SIGNED_SIZE = "SELECT coalesce(max(size), 0) FROM public.ledger_checkpoint WHERE shard = %s"
_BY_SEQ = "SELECT seq, body FROM public.ledger_entry WHERE shard = %s AND seq < %s ORDER BY seq DESC LIMIT %s"
_BY_KIND = (
    "SELECT seq, body FROM public.ledger_entry WHERE shard = %s AND seq < %s AND public.ledger_kind(body) = %s"
    " ORDER BY seq DESC LIMIT %s"
)
_MAX_SEQ = (1 << 63) - 1
_UNREADABLE = Entry(
    kind=UNREADABLE_KIND, actor_id="", actor_name="", capacity="", subject="", at_90k=Ticks90k(0), via=""
)


@dataclass(frozen=True, slots=True)
class Leaf:
    """One entry in its place. `writer` and `received_at_90k` are the database's own word, the rest the actor's.

    `is_signed` says that a checkpoint covers it. A damaged row has the kind "ledger.unreadable" and nothing else.
    """

    shard: int
    seq: int
    received_at_90k: Ticks90k
    writer: str
    entry: Entry
    is_signed: bool


@dataclass(frozen=True, slots=True)
class Written:
    """Who acted in an entry, when it came by the database's clock, and its erasable texts by their commitments."""

    author_id: str
    received_at_90k: Ticks90k
    commitments: tuple[str, ...]


def newest_shard(cursor: Cursor) -> int:
    """Return the shard that goes on now; older ones have the numbers below it, from 1."""
    cursor.execute(_NEWEST_SHARD)
    return int(cursor.fetchone()[0])


def list_entries(
    cursor: Cursor, *, before_seq: int | None, limit: int, kind: str | None, shard: int | None = None
) -> list[Leaf]:
    """Return up to `limit` (at most 1,000) leaves below `before_seq` (None: from the newest), newest first.

    `kind` None lists all kinds; `shard` None means the newest shard.
    """
    if shard is None:
        shard = newest_shard(cursor)
    cursor.execute(_SIGNED_SIZE, (shard,))
    signed_size = int(cursor.fetchone()[0])
    below = _MAX_SEQ if before_seq is None else before_seq
    at_most = max(0, min(limit, MAX_LISTED))
    if kind is None:
        cursor.execute(_BY_SEQ, (shard, below, at_most))
    else:
        cursor.execute(_BY_KIND, (shard, below, kind, at_most))
    found = [
        _leaf(shard=shard, seq=seq, body=bytes(body), is_signed=seq < signed_size) for seq, body in cursor.fetchall()
    ]
    return _with_texts(cursor, found)


def written_in(cursor: Cursor, *, shard: int, seq: int) -> Written | None:
    """Return which erasable texts an entry holds, or None when there is no such entry that can be read."""
    cursor.execute("SELECT body FROM public.ledger_entry WHERE shard = %s AND seq = %s", (shard, seq))
    row = cursor.fetchone()
    if row is None:
        return None
    leaf = _leaf(shard=shard, seq=seq, body=bytes(row[0]), is_signed=False)
    commitments = tuple(payload.commitments_in(leaf.entry.facts))
    return Written(author_id=leaf.entry.actor_id, received_at_90k=leaf.received_at_90k, commitments=commitments)


def _with_texts(cursor: Cursor, found: list[Leaf]) -> list[Leaf]:
    """Return the leaves with their erasable texts filled in; a fact whose text is gone is None."""
    commitments = [one for leaf in found for one in payload.commitments_in(leaf.entry.facts)]
    if not commitments:
        return found
    texts = payload.read(cursor, commitments)
    return [replace(leaf, entry=replace(leaf.entry, facts=payload.filled(leaf.entry.facts, texts))) for leaf in found]


def _leaf(*, shard: int, seq: int, body: bytes, is_signed: bool) -> Leaf:
    """Return the row as a leaf; one whose body was damaged is listed too, for a gap in a list would hide it."""
    try:
        fields: dict[str, Any] = json.loads(body)
        return Leaf(
            shard=shard,
            seq=seq,
            received_at_90k=Ticks90k(int(fields["received_at_90k"])),
            writer=str(fields["writer"]),
            entry=_entry(fields["entry"]),
            is_signed=is_signed,
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return Leaf(
            shard=shard, seq=seq, received_at_90k=Ticks90k(0), writer="", entry=_UNREADABLE, is_signed=is_signed
        )


def _entry(fields: dict[str, Any]) -> Entry:
    """Return the act; a field that its writer left out is empty, so that a list can always be shown."""
    actor: dict[str, Any] = fields.get("actor", {})
    return Entry(
        kind=str(fields["kind"]),
        actor_id=str(actor.get("id", "")),
        actor_name=str(actor.get("name", "")),
        capacity=str(actor.get("capacity", "")),
        subject=str(fields.get("subject", "")),
        at_90k=Ticks90k(int(fields.get("at_90k", 0))),
        via=str(fields.get("via", "")),
        articles=tuple(str(article) for article in fields.get("articles", ())),
        facts=dict(fields.get("facts", {})),
    )
