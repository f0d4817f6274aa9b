"""Hash the whole ledger again and say honestly what can be said of it.

Needs the database, the public keys, and nothing that the running system says about itself. What only the keeper of the
database vouches for is UNANCHORED; a checkpoint that somebody else kept raises that to ANCHORED, cosignatures of
witnesses to WITNESSED; either may show DIVERGED instead.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import psycopg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from mingjian.base.ticks import TICKS_PER_S
from mingjian.ledger import checkpoint, cosignature, epochs, scan
from mingjian.ledger.checkpoint import Checkpoint, CheckpointError
from mingjian.ledger.cosignature import WitnessKey
from mingjian.ledger.merkle import EMPTY_ROOT, TreeHasher
from mingjian.ledger.verdict import DIVERGED, EXIT_CODES, MAX_FINDINGS, Finding, Inquiry, Outcome, Verdict, outcome_of

__all__ = ["EXIT_CODES", "GUARDS", "Finding", "KnownKeys", "Outcome", "Verdict", "verify"]

STUCK_90K = 60 * TICKS_PER_S
# A system that records closes a file and says so within minutes, even when nobody works.
SILENT_90K = 3_600 * TICKS_PER_S
# Six times what three thousand cameras and their people write at most; more hides something.
FLOOD, FLOOD_90K = 60_000, 60 * TICKS_PER_S
WITNESS_LATE_90K = 3_600 * TICKS_PER_S
GUARDS = frozenset(
    f"ledger_{table}_{guard}"
    for table, guards in (
        ("pending", ("door", "forbid", "delete")),
        ("entry", ("door", "insert", "forbid")),
        ("checkpoint", ("door", "insert", "forbid")),
        ("payload", ("door", "forbid", "delete")),
    )
    for guard in guards
)

_RECEIVED = re.compile(rb',"received_at_90k":([0-9]{1,16}),"seq":[0-9]+,"shard":[0-9]+,"writer":[^{}]*\}\Z')

# From shard to shard along the index, instead of past every row.
_SHARDS = """
WITH RECURSIVE known (shard) AS (
    SELECT min(shard) FROM public.ledger_entry
    UNION ALL
    SELECT (SELECT min(e.shard) FROM public.ledger_entry e WHERE e.shard > known.shard)
    FROM known WHERE known.shard IS NOT NULL
)
SELECT shard FROM known WHERE shard IS NOT NULL UNION SELECT shard FROM public.ledger_checkpoint
"""

Connection = psycopg.Connection[tuple[Any, ...]]


class KnownKeys(Protocol):
    """The ledger's public keys (grants.signing.Verifier fits)."""

    @property
    def keys(self) -> Mapping[str, Ed25519PublicKey]:
        """Keys by key id."""
        ...


@dataclass(frozen=True, slots=True)
class _Kept:
    """A checkpoint that was kept outside the database, and who cosigned it."""

    shard: int
    head: Checkpoint
    cosigners: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Shard:
    """What a shard was found to be. `witnessed` is the largest kept checkpoint that enough witnesses cosigned."""

    number: int
    tree: TreeHasher
    signed_size: int
    witnessed: _Kept | None


def verify(
    connection: Connection,
    *,
    verifier: KnownKeys,
    deployment_id: str,
    now_90k: int,
    remembered: Sequence[str] = (),
    anchors: Sequence[str] = (),
    witnesses: Sequence[WitnessKey] = (),
    quorum: int = 1,
) -> Verdict:
    """Verify every shard from its first leaf, in one read-only snapshot.

    The connection is in autocommit mode. `remembered` are signed notes that this host kept beside the database: they
    can show divergence but vouch for nothing, unless `quorum` of the `witnesses` cosigned them. `anchors` are notes
    that somebody else kept. Raises CheckpointError when a note given is not signed by a key of ours or is of another
    deployment, or bears a forged cosignature: it is no evidence either way.
    """
    keys = tuple(verifier.keys.values())
    kept = _together(_kept(note, keys, deployment_id, witnesses) for note in (*remembered, *anchors))
    anchoring = {checkpoint.open_note(note, keys=keys) for note in anchors}
    inquiry = Inquiry()
    with connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        _check_guards(connection, inquiry)
        _check_texts(connection, inquiry)
        lost = epochs.declared(connection)
        declared = [mark for mark in kept if (mark.shard, mark.head.size, mark.head.root.hex()) in lost]
        kept = [mark for mark in kept if mark not in declared]
        for shard in _shards(connection, kept):
            newest = _check_shard(connection, inquiry, shard, keys, deployment_id, kept, quorum)
        pending, waiting_since_90k = _pending(connection)
        tail_since_90k = _received_at(connection, newest.number, newest.signed_size)
        witnessed_size = 0 if newest.witnessed is None else newest.witnessed.head.size
        unseen_since_90k = _received_at(connection, newest.number, witnessed_size)
        tail_90k = _received_at(connection, newest.number, newest.tree.size - 1)
        before_90k = _received_at(connection, newest.number, newest.tree.size - FLOOD)
    ages = (
        ("ledger.pending_stuck", waiting_since_90k, STUCK_90K),
        ("ledger.unsigned_tail", tail_since_90k, STUCK_90K),
        ("ledger.witness_late", unseen_since_90k if witnesses else None, WITNESS_LATE_90K),
        ("ledger.silent", tail_90k, SILENT_90K),
    )
    warnings = [code for code, since_90k, limit in ages if since_90k is not None and now_90k - since_90k > limit]
    if before_90k is not None and tail_90k is not None and 0 <= tail_90k - before_90k < FLOOD_90K:
        warnings.append("ledger.flood")
    if declared:
        warnings.append("ledger.records_lost")
    is_witnessed = newest.witnessed is not None
    if inquiry.has_more:
        warnings.append("ledger.too_many_findings")
    return Verdict(
        outcome=outcome_of(
            inquiry.findings,
            # An anchor that speaks of a part declared lost vouches for nothing that is left.
            is_anchored=is_witnessed or any(mark.head in anchoring for mark in kept),
            # What witnesses saw long ago vouches for that only: what came since may be anything.
            is_witnessed=is_witnessed and "ledger.witness_late" not in warnings,
        ),
        shard=newest.number,
        size=newest.tree.size,
        root=newest.tree.root(),
        signed_size=newest.signed_size,
        pending=pending,
        findings=tuple(inquiry.findings),
        warnings=tuple(warnings),
        witnessed_size=witnessed_size,
        witnesses=() if newest.witnessed is None else tuple(sorted(newest.witnessed.cosigners)),
    )


def _kept(note: str, keys: Sequence[Ed25519PublicKey], deployment_id: str, witnesses: Sequence[WitnessKey]) -> _Kept:
    opened = checkpoint.open_note(note, keys=keys)
    shard = checkpoint.shard_of(opened)
    if opened.origin != checkpoint.origin_of(deployment_id=deployment_id, shard=shard):
        raise CheckpointError("ledger.note_foreign", origin=opened.origin)
    return _Kept(shard, opened, frozenset(cosignature.cosigned_at(note, witnesses=witnesses)))


def _together(kept: Iterable[_Kept]) -> list[_Kept]:
    """Return each head once, with everybody who cosigned it."""
    cosigners: dict[tuple[int, Checkpoint], frozenset[str]] = {}
    for one in kept:
        cosigners[one.shard, one.head] = cosigners.get((one.shard, one.head), frozenset()) | one.cosigners
    return [_Kept(shard, head, names) for (shard, head), names in cosigners.items()]


def _check_guards(connection: Connection, inquiry: Inquiry) -> None:
    rows = connection.execute(
        "SELECT tgname FROM pg_trigger WHERE tgenabled = 'A' AND NOT tgisinternal AND tgrelid = ANY (ARRAY["
        "'public.ledger_pending'::regclass, 'public.ledger_entry'::regclass, 'public.ledger_checkpoint'::regclass,"
        " 'public.ledger_payload'::regclass])"
    )
    for guard in sorted(GUARDS - {str(name) for (name,) in rows}):
        inquiry.note("ledger.guard_missing", 0, 0, 0, guard)


def _check_texts(connection: Connection, inquiry: Inquiry) -> None:
    """Name texts that are not those committed to. One that is gone breaks nothing: its leaf stays."""
    rows = connection.execute(
        "SELECT commitment FROM public.ledger_payload WHERE commitment <> sha256('\\x02'::bytea || salt || said)"
    )
    for (commitment,) in rows.fetchmany(MAX_FINDINGS):
        inquiry.note("ledger.text_mismatch", 0, 0, 0, bytes(commitment).hex())


def _shards(connection: Connection, kept: Sequence[_Kept]) -> list[int]:
    rows = connection.execute(_SHARDS).fetchall()
    return sorted({int(shard) for (shard,) in rows} | {mark.shard for mark in kept}) or [1]


def _check_shard(
    connection: Connection,
    inquiry: Inquiry,
    shard: int,
    keys: Sequence[Ed25519PublicKey],
    deployment_id: str,
    kept: Sequence[_Kept],
    quorum: int,
) -> _Shard:
    stored = _stored_roots(connection, inquiry, shard, keys, deployment_id)
    known = [mark for mark in kept if mark.shard == shard]
    tree, roots = _roots(connection, inquiry, shard, {*stored, *(mark.head.size for mark in known)})
    _compare(inquiry, shard, stored=stored, roots=roots, size=tree.size)
    witnessed: _Kept | None = None
    for mark in known:
        if roots.get(mark.head.size) != mark.head.root:
            inquiry.note(DIVERGED, shard, 0, mark.head.size - 1)
        elif len(mark.cosigners) >= quorum and (witnessed is None or mark.head.size > witnessed.head.size):
            witnessed = mark
    return _Shard(shard, tree, max(stored, default=0), witnessed)


def _roots(
    connection: Connection, inquiry: Inquiry, shard: int, wanted: set[int]
) -> tuple[TreeHasher, dict[int, bytes]]:
    """Return the tree over the shard's leaves and its roots at the sizes wanted, as far as it reaches."""
    tree = TreeHasher()
    roots = {0: EMPTY_ROOT}
    ahead = sorted(wanted - {0}, reverse=True)
    for leaves in scan.leaf_hashes(connection, inquiry, shard=shard):
        taken = 0
        while ahead and ahead[-1] <= tree.size + len(leaves) - taken:
            size = ahead.pop()
            upto = taken + size - tree.size
            tree.extend_hashes(leaves[taken:upto])
            taken = upto
            roots[size] = tree.root()
        tree.extend_hashes(leaves[taken:])
    return tree, roots


def _compare(
    inquiry: Inquiry, shard: int, *, stored: Mapping[int, bytes], roots: Mapping[int, bytes], size: int
) -> None:
    """Hold the stored checkpoints against the roots found. After the first that differs every later one must."""
    good_size = 0
    for signed_size, root in stored.items():
        if signed_size > size:
            inquiry.note("ledger.tail_missing", shard, size, max(stored) - 1)
            return
        if roots[signed_size] != root:
            inquiry.note("ledger.root_mismatch", shard, good_size, signed_size - 1)
            return
        good_size = signed_size


def _stored_roots(
    connection: Connection,
    inquiry: Inquiry,
    shard: int,
    keys: Sequence[Ed25519PublicKey],
    deployment_id: str,
) -> dict[int, bytes]:
    """Return the roots that stored checkpoints vouch for, by size; name those whose note does not hold."""
    roots: dict[int, bytes] = {}
    origin = checkpoint.origin_of(deployment_id=deployment_id, shard=shard)
    rows = connection.execute(
        "SELECT size, root, note FROM public.ledger_checkpoint WHERE shard = %s ORDER BY size", (shard,)
    )
    for size, root, note in rows:
        try:
            opened = checkpoint.open_note(note, keys=keys)
        except CheckpointError as error:
            inquiry.note("ledger.checkpoint_forged", shard, size - 1, size - 1, error.code)
            continue
        if opened != Checkpoint(origin=origin, size=size, root=root):
            inquiry.note("ledger.checkpoint_forged", shard, size - 1, size - 1, "row_and_note_differ")
            continue
        roots[size] = root
    return roots


def _pending(connection: Connection) -> tuple[int, int | None]:
    ((count, oldest_90k),) = connection.execute(
        "SELECT count(*), min(received_at_90k) FROM public.ledger_pending"
    ).fetchall()
    return int(count), None if oldest_90k is None else int(oldest_90k)


def _received_at(connection: Connection, shard: int, seq: int) -> int | None:
    """Return when the leaf was received by the database's clock; None when there is none or it does not say."""
    try:
        with connection.transaction():
            rows = connection.execute(
                "SELECT body FROM public.ledger_entry WHERE shard = %s AND seq = %s", (shard, seq)
            ).fetchall()
    except scan.UNREADABLE:
        return None
    found = _RECEIVED.search(rows[0][0]) if rows else None
    return None if found is None else int(found[1])
