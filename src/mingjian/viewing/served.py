"""What was really served under a grant, read from the receipts in the ledger."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import connection

from mingjian.ledger import leaves
from mingjian.viewing.models import ViewingSession
from mingjian.viewing.workflow import Phase

CLOSED = "media.closed"
_STEP = 500
# A page reads at most this many receipts back in time.
MOST_READ = 5_000


@dataclass(frozen=True, slots=True)
class ServedSpan:
    """A span of one camera's footage that left the server."""

    camera_id: str
    start_90k: int
    end_90k: int


def shown_in(sessions: Sequence[ViewingSession]) -> dict[uuid.UUID, list[ServedSpan]]:
    """Return by session what was played while somebody was shown it; what the operator searched alone is not shown."""
    since_90k = min((session.issued_at_90k for session in sessions), default=0)
    turns = {
        session.pk: [str(grant.pk) for grant in session.grants.all() if grant.phase == Phase.SHOWING]
        for session in sessions
    }
    spans = spans_of(grant_ids=[grant for grants in turns.values() for grant in grants], since_90k=since_90k)
    return {session: _joined([span for grant in grants for span in spans[grant]]) for session, grants in turns.items()}


def spans_of(*, grant_ids: Collection[str], since_90k: int) -> dict[str, list[ServedSpan]]:
    """Return the spans served under each grant, joined and in order; receipts received before `since_90k` are left."""
    found: dict[str, list[ServedSpan]] = {grant_id: [] for grant_id in grant_ids}
    below: int | None = None
    for _round in range(MOST_READ // _STEP):
        with connection.cursor() as cursor:
            step = leaves.list_entries(cursor, before_seq=below, limit=_STEP, kind=CLOSED)
        for leaf in step:
            below = leaf.seq
            grant = str(leaf.entry.facts.get("grant"))
            if grant in found:
                found[grant] += _spans(leaf)
        if len(step) < _STEP or step[-1].received_at_90k < since_90k:
            break
    return {grant: _joined(spans) for grant, spans in found.items()}


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
