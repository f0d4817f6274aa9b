"""What the ledger alone cannot know: that every spooled entry was signed by a media host of ours, in its chain."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import psycopg

from mingjian.grants.signing import Verifier
from mingjian.ledger import canonical
from mingjian.ledger.canonical import CanonicalError
from mingjian.ledger.verify import Finding, Outcome, Verdict
from mingjian.streaming.spool import FIRST_PREVIOUS, digest
from mingjian.streaming.spool_merge import SPOOLED
from mingjian.streaming.spool_reading import signature_trouble

FORGED = "ledger.spool_forged"
GAP = "ledger.spool_gap"
_QUERY = "SELECT shard, seq, body FROM public.ledger_entry WHERE public.ledger_kind(body) = %s ORDER BY shard, seq"

Connection = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class _Spooled:
    shard: int
    seq: int
    facts: Mapping[str, Any]


def audited(connection: Connection, verdict: Verdict, *, verifier: Callable[[], Verifier]) -> Verdict:
    """Return the verdict with what the spooled entries show.

    An entry whose signature does not hold is a finding (ledger.spool_forged) and makes the ledger INVALID. A record
    that the next one names and that is not there is a warning (ledger.spool_gap): its part was damaged on the host's
    disk, which an entry of its own tells, or taken away. The verifier is asked for only if there is anything to check.
    """
    entries = list(_entries(connection))
    if not entries:
        return verdict
    keys = verifier()
    forged = tuple(_forged(entry) for entry in entries if not _is_ours(entry.facts, keys))
    warnings = verdict.warnings if _is_whole(entries) else (*verdict.warnings, GAP)
    outcome = Outcome.INVALID if forged else verdict.outcome
    return replace(verdict, outcome=outcome, findings=(*verdict.findings, *forged), warnings=warnings)


def _entries(connection: Connection) -> Iterator[_Spooled]:
    for shard, seq, body in connection.execute(_QUERY, (SPOOLED,)):
        yield _Spooled(int(shard), int(seq), _facts(bytes(body)))


def _facts(body: bytes) -> Mapping[str, Any]:
    """Return what the entry says of its record, nothing where it is not one that we write."""
    try:
        leaf = canonical.decode(body)
    except CanonicalError:
        return {}
    match leaf:
        case {"entry": {"facts": {"record": dict()} as facts}}:
            return dict(facts)
    return {}


def _is_ours(facts: Mapping[str, Any], keys: Verifier) -> bool:
    match facts:
        case {"record": dict() as record, "kid": str(kid), "signature": str(signature)}:
            return signature_trouble(record, kid=kid, signature=signature, verifier=keys) is None
    return False


def _is_whole(entries: list[_Spooled]) -> bool:
    """Say whether every record named as the one before stands in the ledger too."""
    records = [entry.facts["record"] for entry in entries if entry.facts]
    known = {FIRST_PREVIOUS, *(digest(canonical.encode(record)) for record in records)}
    return all(str(record.get("previous")) in known for record in records)


def _forged(entry: _Spooled) -> Finding:
    return Finding(code=FORGED, shard=entry.shard, seq=entry.seq, last_seq=entry.seq, detail="")
