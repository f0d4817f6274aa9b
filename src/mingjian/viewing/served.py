"""What was really served under a grant, read from the receipts in the ledger."""

import uuid
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from django.db import connection

from mingjian.ledger import leaves
from mingjian.viewing.models import ViewingSession
from mingjian.viewing.workflow import Phase

CLOSED = "media.closed"
_STEP = 500
_ALWAYS_90K = (1 << 63) - 1
# A page reads at most this many receipts back in time, over all shards; what lies before is said not to have been read.
MOST_READ = 20_000


@dataclass(frozen=True, slots=True)
class ServedSpan:
    """A span of one camera's footage that left the server."""

    camera_id: str
    start_90k: int
    end_90k: int


@dataclass(frozen=True, slots=True)
class Shown:
    """What was shown in one session. Not `is_complete`: older receipts were not read, so that there may be more."""

    spans: list[ServedSpan]
    is_complete: bool


@dataclass(frozen=True, slots=True)
class Read:
    """The spans served under each grant, joined and in order, as far as receipts received `since_90k` tell."""

    spans: dict[str, list[ServedSpan]]
    since_90k: int


def shown_in(sessions: Sequence[ViewingSession]) -> dict[uuid.UUID, Shown]:
    """Return by session what was played while somebody was shown it; what the operator searched alone is not shown."""
    since_90k = min((session.issued_at_90k for session in sessions), default=0)
    turns = {
        session.pk: [str(grant.pk) for grant in session.grants.all() if grant.phase == Phase.SHOWING]
        for session in sessions
    }
    read = spans_of(grant_ids=[grant for grants in turns.values() for grant in grants], since_90k=since_90k)
    return {
        session.pk: Shown(
            spans=_joined([span for grant in turns[session.pk] for span in read.spans[grant]]),
            is_complete=session.issued_at_90k >= read.since_90k,
        )
        for session in sessions
    }


def spans_of(*, grant_ids: Collection[str], since_90k: int) -> Read:
    """Return what was served under each grant, from the receipts received since then, newest first, at most MOST_READ.

    A restored database goes on in a new shard, so all shards are read. `Read.since_90k` is the `since_90k` asked for
    unless the bound was met before, or a damaged receipt.
    """
    found: dict[str, list[ServedSpan]] = {grant_id: [] for grant_id in grant_ids}
    reached_90k, newer_90k = since_90k, _ALWAYS_90K
    for place, leaf in enumerate(_receipts()):
        if leaf.entry.kind != CLOSED:
            # A damaged one: it may concern any session that had begun when the next newer one was received.
            reached_90k = max(reached_90k, newer_90k)
            continue
        if leaf.received_at_90k < since_90k:
            break
        newer_90k = leaf.received_at_90k + 1
        if place >= MOST_READ:
            reached_90k = max(reached_90k, newer_90k)
            break
        grant = str(leaf.entry.facts.get("grant"))
        if grant in found:
            found[grant] += _spans(leaf)
    return Read({grant: _joined(spans) for grant, spans in found.items()}, reached_90k)


def _receipts() -> Iterator[leaves.Leaf]:
    """Yield every receipt there is, newest first."""
    with connection.cursor() as cursor:
        for shard in range(leaves.newest_shard(cursor), 0, -1):
            below: int | None = None
            while step := leaves.list_entries(cursor, before_seq=below, limit=_STEP, kind=CLOSED, shard=shard):
                yield from step
                below = step[-1].seq


def _spans(leaf: leaves.Leaf) -> list[ServedSpan]:
    _kind, _sep, camera_id = leaf.entry.subject.partition(":")
    served = leaf.entry.facts.get("served_90k")
    pairs = served if isinstance(served, list) else []
    return [
        ServedSpan(camera_id, pair[0], pair[1])
        for pair in pairs
        if isinstance(pair, list) and len(pair) == 2 and isinstance(pair[0], int) and isinstance(pair[1], int)
    ]


def _joined(spans: list[ServedSpan]) -> list[ServedSpan]:
    found: list[ServedSpan] = []
    for span in sorted(spans, key=lambda span: (span.camera_id, span.start_90k)):
        last = found[-1] if found else None
        if last is not None and last.camera_id == span.camera_id and span.start_90k <= last.end_90k:
            found[-1] = ServedSpan(last.camera_id, last.start_90k, max(last.end_90k, span.end_90k))
        else:
            found.append(span)
    return found
