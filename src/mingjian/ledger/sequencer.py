"""The one process that gives pending acts their place in the tree and signs its growth.

It believes nothing it did not hash itself: each leaf is read back after it was committed and hashed from the stored
bytes, and the tree so far must agree with the last checkpoint stored and with the one remembered beside the database.
A tree that does not is never signed again: acts pile up as pending, visibly, until somebody has looked.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from mingjian.base.clock import Clock
from mingjian.base.errors import MingjianError
from mingjian.ledger import checkpoint, remembered
from mingjian.ledger.checkpoint import Checkpoint, NoteSigner
from mingjian.ledger.merkle import TreeHasher, leaf_hash

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
    """The tree of one shard as this process has hashed it, and the key that signs it.

    `memory_folder` keeps the last signed note beside the database. Raises CheckpointError when that note is spoiled.
    """

    def __init__(self, *, signer: NoteSigner, deployment_id: str, shard: int, memory_folder: Path) -> None:
        self._signer = signer
        self._shard = shard
        self._origin = checkpoint.origin_of(deployment_id=deployment_id, shard=shard)
        self._memory_folder = memory_folder
        self._tree = TreeHasher()
        self._condemned: SequencerError | None = None
        public_key = Ed25519PublicKey.from_public_bytes(signer.public_bytes)
        self._last = remembered.read(memory_folder, shard=shard, key=public_key)

    def run_once(self, connection: Connection) -> Progress:
        """Sequence what is pending (at most 1,000 acts), then sign and publish the tree if it grew.

        The connection is in autocommit mode, as the sequencer's role. Raises SequencerError; after .leaf_damaged and
        .diverged every further pass raises the same.
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
            self._publish(connection)
        return Progress(sequenced=sequenced, signed_size=self._signed_size)

    def _catch_up(self, connection: Connection) -> None:
        """Hash what others, or an earlier life, sequenced; compare it with every checkpoint known."""
        stored = self._stored(connection)
        stored_size = 0 if stored is None else stored.size
        if stored_size < self._signed_size:
            raise self._diverged("checkpoint_lost", self._signed_size)
        expected: dict[int, bytes] = {}
        for known in (stored, self._last):
            if known is not None and expected.setdefault(known.size, known.root) != known.root:
                raise self._diverged("root", known.size)
        self._hash_new_leaves(connection, expected=expected)
        if stored_size > self._tree.size:
            raise self._diverged("tail_lost", stored_size)
        self._last = stored

    def _stored(self, connection: Connection) -> Checkpoint | None:
        row = connection.execute(
            "SELECT size, root FROM public.ledger_checkpoint WHERE shard = %s ORDER BY size DESC LIMIT 1",
            (self._shard,),
        ).fetchone()
        return None if row is None else Checkpoint(origin=self._origin, size=row[0], root=row[1])

    def _hash_new_leaves(self, connection: Connection, *, expected: dict[int, bytes]) -> None:
        tree = self._tree
        self._compare(expected)
        with connection.transaction(), connection.cursor(name="ledger_tail") as cursor:
            cursor.itersize = _PREFETCH
            cursor.execute(
                "SELECT seq, body, leaf FROM public.ledger_entry WHERE shard = %s AND seq >= %s ORDER BY seq",
                (self._shard, tree.size),
                binary=True,
            )
            for seq, body, leaf in cursor:
                hashed = leaf_hash(body)
                if seq != tree.size or hashed != leaf:
                    raise SequencerError("ledger.leaf_damaged", shard=self._shard, seq=seq)
                tree.append_hash(hashed)
                self._compare(expected)

    def _compare(self, expected: dict[int, bytes]) -> None:
        """Hold the tree, at its present size, against what a checkpoint says it must be."""
        if self._tree.size in expected and self._tree.root() != expected[self._tree.size]:
            raise self._diverged("root", self._tree.size)

    def _publish(self, connection: Connection) -> None:
        head = Checkpoint(origin=self._origin, size=self._tree.size, root=self._tree.root())
        note = checkpoint.sign(head, signer=self._signer)
        connection.execute("SELECT public.ledger_publish(%s, %s, %s, %s)", (self._shard, head.size, head.root, note))
        self._last = head
        remembered.write(self._memory_folder, note, shard=self._shard)

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
