"""Hash the whole ledger again and say honestly what can be said of it.

Needs the database, the public keys, and nothing that the running system says about itself. What only the keeper of the
database vouches for is UNANCHORED; a checkpoint that somebody else kept raises that to ANCHORED, or shows DIVERGED.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

import psycopg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from mingjian.base.ticks import TICKS_PER_S
from mingjian.ledger import checkpoint
from mingjian.ledger.checkpoint import Checkpoint, CheckpointError
from mingjian.ledger.merkle import EMPTY_ROOT, TreeHasher, leaf_hash

STUCK_90K = 60 * TICKS_PER_S
MAX_FINDINGS = 200
GUARDS = frozenset(
    f"ledger_{table}_{guard}"
    for table, guards in (
        ("pending", ("door", "forbid", "delete")),
        ("entry", ("door", "insert", "forbid")),
        ("checkpoint", ("door", "insert", "forbid")),
    )
    for guard in guards
)

_PREFETCH = 5_000
_RECEIVED = re.compile(rb',"received_at_90k":([0-9]{1,16}),"seq":[0-9]+,"shard":[0-9]+,"writer":[^{}]*\}\Z')

Connection = psycopg.Connection[tuple[Any, ...]]


class Outcome(StrEnum):
    """The verdict in one word. `EXIT_CODES` gives each its exit code for scripts."""

    ANCHORED = "ANCHORED"
    UNANCHORED = "UNANCHORED"
    DIVERGED = "DIVERGED"
    INVALID = "INVALID"


EXIT_CODES: Mapping[Outcome, int] = {
    Outcome.ANCHORED: 10,
    Outcome.UNANCHORED: 11,
    Outcome.DIVERGED: 20,
    Outcome.INVALID: 21,
}


class KnownKeys(Protocol):
    """The ledger's public keys (grants.signing.Verifier fits)."""

    @property
    def keys(self) -> Mapping[str, Ed25519PublicKey]:
        """Keys by key id."""
        ...


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong, and where: row `seq` of a shard, or its rows from `seq` to `last_seq`.

    Codes: ledger.leaf_mismatch (body and stored hash disagree), .row_misplaced (the body says another place),
    .row_missing, .root_mismatch (rows between two checkpoints were replaced), .tail_missing (a checkpoint covers rows
    that are gone), .checkpoint_forged, .guard_missing; and against a checkpoint kept elsewhere .diverged.
    """

    code: str
    shard: int
    seq: int
    last_seq: int
    detail: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found. `size` and `root` are the newest shard's; `warnings` break no proof but want a person's eye.

    Warnings: ledger.pending_stuck, ledger.unsigned_tail (both older than a minute), ledger.too_many_findings.
    """

    outcome: Outcome
    shard: int
    size: int
    root: bytes
    signed_size: int
    pending: int
    findings: tuple[Finding, ...]
    warnings: tuple[str, ...]


@dataclass(slots=True)
class _Inquiry:
    """Findings as they come in, bounded: a ruined ledger needs no million lines."""

    findings: list[Finding] = field(default_factory=list)
    has_more: bool = False

    def note(self, code: str, shard: int, seq: int, last_seq: int, detail: str = "") -> None:
        if len(self.findings) >= MAX_FINDINGS:
            self.has_more = True
            return
        self.findings.append(Finding(code=code, shard=shard, seq=seq, last_seq=last_seq, detail=detail))


def verify(
    connection: Connection,
    *,
    verifier: KnownKeys,
    deployment_id: str,
    now_90k: int,
    remembered: Sequence[str] = (),
    anchors: Sequence[str] = (),
) -> Verdict:
    """Verify every shard from its first leaf, in one read-only snapshot.

    The connection is in autocommit mode. `remembered` are signed notes that this host kept beside the database: they
    can show divergence but vouch for nothing. `anchors` are notes that somebody else kept. Raises CheckpointError when
    a note given is not signed by a key of ours or is of another deployment: it is no evidence either way.
    """
    keys = tuple(verifier.keys.values())
    kept = [_kept(note, keys, deployment_id) for note in (*remembered, *anchors)]
    inquiry = _Inquiry()
    warnings: list[str] = []
    with connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        _check_guards(connection, inquiry)
        shards = _shards(connection, kept)
        for shard in shards:
            tree, signed_size = _check_shard(connection, inquiry, shard, keys, deployment_id, kept)
        pending, waiting_since_90k = _pending(connection)
        tail_since_90k = _received_at(connection, shards[-1], signed_size)
    if waiting_since_90k is not None and now_90k - waiting_since_90k > STUCK_90K:
        warnings.append("ledger.pending_stuck")
    if tail_since_90k is not None and now_90k - tail_since_90k > STUCK_90K:
        warnings.append("ledger.unsigned_tail")
    if inquiry.has_more:
        warnings.append("ledger.too_many_findings")
    return Verdict(
        outcome=_outcome(inquiry.findings, is_anchored=bool(anchors)),
        shard=shards[-1],
        size=tree.size,
        root=tree.root(),
        signed_size=signed_size,
        pending=pending,
        findings=tuple(inquiry.findings),
        warnings=tuple(warnings),
    )


def _outcome(findings: Sequence[Finding], *, is_anchored: bool) -> Outcome:
    codes = {finding.code for finding in findings}
    if codes - {"ledger.diverged"}:
        return Outcome.INVALID
    if codes:
        return Outcome.DIVERGED
    return Outcome.ANCHORED if is_anchored else Outcome.UNANCHORED


def _kept(note: str, keys: Sequence[Ed25519PublicKey], deployment_id: str) -> tuple[int, Checkpoint]:
    opened = checkpoint.open_note(note, keys=keys)
    shard = checkpoint.shard_of(opened)
    if opened.origin != checkpoint.origin_of(deployment_id=deployment_id, shard=shard):
        raise CheckpointError("ledger.note_foreign", origin=opened.origin)
    return shard, opened


def _check_guards(connection: Connection, inquiry: _Inquiry) -> None:
    rows = connection.execute(
        "SELECT tgname FROM pg_trigger WHERE tgenabled = 'A' AND NOT tgisinternal AND tgrelid = ANY (ARRAY["
        "'public.ledger_pending'::regclass, 'public.ledger_entry'::regclass, 'public.ledger_checkpoint'::regclass])"
    )
    for guard in sorted(GUARDS - {str(name) for (name,) in rows}):
        inquiry.note("ledger.guard_missing", 0, 0, 0, guard)


def _shards(connection: Connection, kept: Sequence[tuple[int, Checkpoint]]) -> list[int]:
    rows = connection.execute(
        "SELECT shard FROM public.ledger_entry UNION SELECT shard FROM public.ledger_checkpoint"
    ).fetchall()
    return sorted({int(shard) for (shard,) in rows} | {shard for shard, _ in kept}) or [1]


def _check_shard(
    connection: Connection,
    inquiry: _Inquiry,
    shard: int,
    keys: Sequence[Ed25519PublicKey],
    deployment_id: str,
    kept: Sequence[tuple[int, Checkpoint]],
) -> tuple[TreeHasher, int]:
    stored = _stored_roots(connection, inquiry, shard, keys, deployment_id)
    known = [mark for kept_shard, mark in kept if kept_shard == shard]
    wanted = {*stored, *(mark.size for mark in known)}
    roots: dict[int, bytes] = {0: EMPTY_ROOT}
    tree = TreeHasher()
    for hashed in _leaves(connection, inquiry, shard):
        tree.append_hash(hashed)
        if tree.size in wanted:
            roots[tree.size] = tree.root()
    _compare(inquiry, shard, stored=stored, roots=roots, size=tree.size)
    for mark in known:
        if roots.get(mark.size) != mark.root:
            inquiry.note("ledger.diverged", shard, 0, mark.size - 1)
    return tree, max(stored, default=0)


def _compare(
    inquiry: _Inquiry, shard: int, *, stored: Mapping[int, bytes], roots: Mapping[int, bytes], size: int
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
    inquiry: _Inquiry,
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


def _leaves(connection: Connection, inquiry: _Inquiry, shard: int) -> Iterator[bytes]:
    """Yield the leaf hashes of a shard in order, naming each row that does not stand where and as it should."""
    expected = 0
    with connection.cursor(name="ledger_verify") as cursor:
        cursor.itersize = _PREFETCH
        cursor.execute(
            "SELECT seq, body, leaf FROM public.ledger_entry WHERE shard = %s ORDER BY seq", (shard,), binary=True
        )
        for seq, body, leaf in cursor:
            if seq != expected:
                inquiry.note("ledger.row_missing", shard, expected, seq - 1)
            expected = seq + 1
            if leaf_hash(body) != leaf:
                inquiry.note("ledger.leaf_mismatch", shard, seq, seq)
            elif not _says_place(body, shard, seq):
                inquiry.note("ledger.row_misplaced", shard, seq, seq)
            # The stored hash, so that one damaged body is named once and does not drag the roots after it along.
            yield leaf


def _says_place(body: bytes, shard: int, seq: int) -> bool:
    """Say whether the leaf's own words put it here. They end the body, so that no parsing is needed (schema.sql)."""
    placed, _, _ = body.rpartition(b',"writer":')
    return placed.endswith(b',"seq":%d,"shard":%d' % (seq, shard))


def _pending(connection: Connection) -> tuple[int, int | None]:
    ((count, oldest_90k),) = connection.execute(
        "SELECT count(*), min(received_at_90k) FROM public.ledger_pending"
    ).fetchall()
    return int(count), None if oldest_90k is None else int(oldest_90k)


def _received_at(connection: Connection, shard: int, seq: int) -> int | None:
    """Return when the leaf was received by the database's clock; None when there is none or it does not say."""
    rows = connection.execute(
        "SELECT body FROM public.ledger_entry WHERE shard = %s AND seq = %s", (shard, seq)
    ).fetchall()
    found = _RECEIVED.search(rows[0][0]) if rows else None
    return None if found is None else int(found[1])
