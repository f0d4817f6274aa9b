"""The one who signs tree heads: it remembers the last one itself and signs only what grew out of it.

It runs as a process of its own, where it can under an OS user of its own, and so is the first witness against program
and database administrator alike: whoever has both but not its key and memory cannot have a rewritten ledger signed.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from mingjian.ledger import checkpoint
from mingjian.ledger.checkpoint import Checkpoint, CheckpointError, NoteSigner
from mingjian.ledger.heads import HeadError, Heads


class HeadSigner(Protocol):
    """Signs heads: here (`Signer`) or in another process (`signer_link.SignerLink`)."""

    def latest(self, *, origin: str) -> str | None:
        """Return the last note signed for a log, None when there is none."""
        ...

    def sign(self, head: Checkpoint, *, old_size: int, proof: Sequence[bytes]) -> str:
        """Return the signed note of a head that grew out of the last one. Raises HeadError, and OSError when away."""
        ...


class Signer:
    """Key and memory. Raises HeadError("ledger.heads_rolled_back") when its memory was put back from a copy."""

    def __init__(self, *, key: NoteSigner, deployment_id: str, folder: Path) -> None:
        self._key = key
        self._heads = Heads(folder)
        self._ours = re.compile(rf"mingjian/{re.escape(deployment_id)}/([1-9][0-9]{{0,8}})")

    def latest(self, *, origin: str) -> str | None:
        """Return the last note signed for a log."""
        return self._heads.latest(origin=origin)

    def sign(self, head: Checkpoint, *, old_size: int, proof: Sequence[bytes]) -> str:
        """Sign the head. Raises HeadError; ("ledger.shard_closed") when a later shard was begun already."""
        matched = self._ours.fullmatch(head.origin)
        if matched is None:
            raise CheckpointError("ledger.note_foreign", origin=head.origin)
        later = [known for known in map(self._ours.fullmatch, self._heads.origins()) if known is not None]
        if any(int(known[1]) > int(matched[1]) for known in later):
            raise HeadError("ledger.shard_closed", origin=head.origin)
        return self._heads.advance(
            head, old_size=old_size, proof=proof, vouch=lambda: checkpoint.sign(head, signer=self._key)
        )
