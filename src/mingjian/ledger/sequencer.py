"""The one process that gives pending acts their place in the tree and has its growth signed.

It believes nothing it did not hash itself: each leaf is read back after it was committed and hashed from the stored
bytes, and the tree so far must agree with the last checkpoint stored, with the one remembered beside the database and
with the one the signer remembers. A tree that does not is never signed again: acts pile up as pending, visibly, until
somebody has looked.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from mingjian.base.clock import Clock
from mingjian.base.errors import MingjianError
from mingjian.ledger import checkpoint, remembered, scan
from mingjian.ledger.archive import Archive, ReadLeaves
from mingjian.ledger.checkpoint import Checkpoint
from mingjian.ledger.heads import HeadError
from mingjian.ledger.merkle import leaf_hash
from mingjian.ledger.signer import HeadSigner

BATCH = 1_000
INTERVAL_S = 0.5
RETRY_S = 2.0

_LOCK_KEY = 0x6D6A_6C65  # "mjle"
_PREFETCH = 2_000
_log = logging.getLogger(__name__)

Connection = psycopg.Connection[tuple[Any, ...]]


class SequencerError(MingjianError):
    """The ledger is not continued: ledger.sequencer_busy (another one holds it), .leaf_damaged, .diverged."""


@dataclass(frozen=True, slots=True)
class Progress:
    """What one pass did: acts moved into the tree, and the size that is signed now."""

    sequenced: int
    signed_size: int


class Sequencer:
    """The tree of one shard as this process has hashed it, and the signer that signs its growth.

    `memory_folder` keeps the last signed note beside the database, `keys` are the public keys that may have signed it.
    Raises CheckpointError when that note is spoiled.
    """

    def __init__(
        self,
        *,
        signer: HeadSigner,
        keys: Iterable[Ed25519PublicKey],
        deployment_id: str,
        shard: int,
        memory_folder: Path,
    ) -> None:
        self._signer = signer
        self._keys = tuple(keys)
        self._shard = shard
        self._origin = checkpoint.origin_of(deployment_id=deployment_id, shard=shard)
        self._memory_folder = memory_folder
        self._tree = Archive()
        self._condemned: SequencerError | None = None
        self._last = remembered.read(memory_folder, shard=shard, keys=self._keys)

    def run_once(self, connection: Connection) -> Progress:
        """Sequence what is pending (at most 1,000 acts), then have the tree signed and publish it if it grew.

        The connection is in autocommit mode, as the sequencer's role. Raises SequencerError; after .leaf_damaged and
        .diverged every further pass raises the same. Raises OSError while the signer is away: what is in the tree by
        then is signed by a later pass.
        """
        if self._condemned is not None:
            raise self._condemned
        if not _one(connection.execute("SELECT pg_try_advisory_lock(%s)", (_LOCK_KEY,))):
            raise SequencerError("ledger.sequencer_busy", shard=self._shard)
        try:
            return self._pass(connection)
        except SequencerError as error:
            self._condemned = error
            raise
        finally:
            if not connection.broken:
                connection.execute("SELECT pg_advisory_unlock(%s)", (_LOCK_KEY,))

    def _pass(self, connection: Connection) -> Progress:
        self._catch_up(connection)
        size_before = self._tree.size
        sequenced: int = _one(connection.execute("SELECT public.ledger_sequence(%s, %s)", (self._shard, BATCH)))
        self._hash_new_leaves(connection, expected={})
        if self._tree.size != size_before + sequenced:
            raise self._diverged("tail_lost", self._tree.size)
        if self._tree.size > self._signed_size:
            self._sign(connection)
        return Progress(sequenced=sequenced, signed_size=self._signed_size)

    def _catch_up(self, connection: Connection) -> None:
        """Hash what others, or an earlier life, sequenced; hold it against every checkpoint known.

        The signer may have signed what a crash kept from being published: then that is published now.
        """
        stored = self._stored(connection)
        signed_note = self._signer.latest(origin=self._origin)
        signed = None if signed_note is None else checkpoint.open_note(signed_note, keys=self._keys)
        expected: dict[int, bytes] = {}
        for known in (stored, self._last, signed):
            if known is not None and expected.setdefault(known.size, known.root) != known.root:
                raise self._diverged("root", known.size)
        self._hash_new_leaves(connection, expected=expected)
        if max(expected, default=0) > self._tree.size:
            raise self._diverged("tail_lost", max(expected))
        self._last = stored
        if signed is not None and signed_note is not None and signed.size > self._signed_size:
            self._publish(connection, signed, signed_note)

    def _stored(self, connection: Connection) -> Checkpoint | None:
        row = connection.execute(
            "SELECT size, root FROM public.ledger_checkpoint WHERE shard = %s ORDER BY size DESC LIMIT 1",
            (self._shard,),
        ).fetchone()
        return None if row is None else Checkpoint(origin=self._origin, size=row[0], root=row[1])

    def _hash_new_leaves(self, connection: Connection, *, expected: dict[int, bytes]) -> None:
        """Hash the leaves that came since, and hold the tree at the sizes expected against what it must be there."""
        ahead = sorted((size for size in expected if size >= self._tree.size), reverse=True)
        fresh: list[bytes] = []
        with connection.transaction(), connection.cursor(name="ledger_tail") as cursor:
            cursor.itersize = _PREFETCH
            cursor.execute(
                "SELECT seq, body, leaf FROM public.ledger_entry WHERE shard = %s AND seq >= %s ORDER BY seq",
                (self._shard, self._tree.size),
                binary=True,
            )
            for seq, body, leaf in cursor:
                if ahead and ahead[-1] == self._tree.size + len(fresh):
                    self._take(connection, fresh, expected[ahead.pop()])
                hashed = leaf_hash(body)
                if seq != self._tree.size + len(fresh) or hashed != leaf:
                    raise SequencerError("ledger.leaf_damaged", shard=self._shard, seq=seq)
                fresh.append(hashed)
        at_end = ahead and ahead[-1] == self._tree.size + len(fresh)
        self._take(connection, fresh, expected[ahead[-1]] if at_end else None)

    def _take(self, connection: Connection, fresh: list[bytes], root: bytes | None) -> None:
        self._tree.extend(fresh)
        fresh.clear()
        if root is not None and self._root(connection) != root:
            raise self._diverged("root", self._tree.size)

    def _sign(self, connection: Connection) -> None:
        head = Checkpoint(origin=self._origin, size=self._tree.size, root=self._root(connection))
        known = self._signer.latest(origin=self._origin)
        old_size = 0 if known is None else checkpoint.open_note(known, keys=self._keys).size
        proof = self._tree.consistency_proof(old_size=old_size, size=head.size, read=self._reader(connection))
        try:
            note = self._signer.sign(head, old_size=old_size, proof=proof)
        except HeadError as error:
            raise self._diverged(error.code, head.size) from error
        self._publish(connection, head, note)

    def _publish(self, connection: Connection, head: Checkpoint, note: str) -> None:
        connection.execute("SELECT public.ledger_publish(%s, %s, %s, %s)", (self._shard, head.size, head.root, note))
        self._last = head
        remembered.write(self._memory_folder, note, shard=self._shard)

    def _root(self, connection: Connection) -> bytes:
        return self._tree.root(size=self._tree.size, read=self._reader(connection))

    def _reader(self, connection: Connection) -> ReadLeaves:
        return scan.reader(connection, shard=self._shard)

    @property
    def _signed_size(self) -> int:
        return 0 if self._last is None else self._last.size

    def _diverged(self, reason: str, size: int) -> SequencerError:
        return SequencerError("ledger.diverged", shard=self._shard, reason=reason, size=size)


def serve(
    *,
    connect: Callable[[], Connection],
    sequencer: Sequencer,
    clock: Clock,
    is_stopping: Callable[[], bool],
) -> None:
    """Run passes every half second until told to stop; after trouble wait two seconds and connect anew.

    `connect` returns a connection of the sequencer's role in autocommit mode.
    """
    trouble = ""
    connection: Connection | None = None
    while not is_stopping():
        pause_s = INTERVAL_S
        try:
            connection = connection or connect()
            if sequencer.run_once(connection).sequenced == BATCH:
                pause_s = 0.0
            if trouble:
                _log.info("ledger is sequenced again")
                trouble = ""
        except (psycopg.Error, SequencerError, OSError) as error:
            pause_s = RETRY_S
            if str(error) != trouble:
                # Once going down and once coming up, not every two seconds for a night.
                trouble = str(error)
                _log.error("ledger is not sequenced", extra={"reason": trouble})
            if connection is not None:
                connection.close()
                connection = None
        clock.sleep(pause_s)
    if connection is not None:
        connection.close()


def _one(cursor: psycopg.Cursor[tuple[Any, ...]]) -> Any:
    """Return the value of a bare function call, which always returns one row."""
    (row,) = cursor.fetchall()
    return row[0]
