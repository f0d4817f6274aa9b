"""A witness of another office (C2SP tlog-witness): it cosigns a tree head only if it grew out of the last one it saw.

Needs no database and nothing of the log but its public key. Two contradictory heads that the log's key signed are kept
as evidence: nobody but the log can have made them.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from mingjian.base.clock import Clock
from mingjian.base.ticks import TICKS_PER_S
from mingjian.ledger import asking, checkpoint, cosignature
from mingjian.ledger.checkpoint import CheckpointError
from mingjian.ledger.cosignature import WitnessKey
from mingjian.ledger.heads import HeadError, Heads

TEXT = "text/plain; charset=utf-8"
SIZE = "text/x.tlog.size"


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer."""

    status: int
    content_type: str
    body: bytes


class Witness:
    """A witness with its memory in `folder`. `logs` are the keys trusted, by origin.

    Raises HeadError("ledger.heads_rolled_back") when its memory was put back from a copy: such a witness would cosign a
    second history, and must be founded anew under another name.
    """

    def __init__(
        self,
        *,
        key: WitnessKey,
        private_key: Ed25519PrivateKey,
        logs: Mapping[str, Sequence[Ed25519PublicKey]],
        folder: Path,
        clock: Clock,
    ) -> None:
        self._key, self._private_key = key, private_key
        self._logs, self._clock = logs, clock
        self._heads = Heads(folder / "heads")
        self._forks = folder / "forks"

    def add_checkpoint(self, body: bytes) -> Answer:
        """Answer a request of add-checkpoint; the cosigned head is durable before it does."""
        try:
            request = asking.read(body)
            text, _lines = checkpoint.split(request.note)
            head = checkpoint.parse(text)
        except CheckpointError as error:
            return _refusal(400, error.code)
        keys = self._logs.get(head.origin)
        if keys is None:
            return _refusal(404, "ledger.origin_unknown")
        try:
            checkpoint.open_note(request.note, keys=keys)
        except CheckpointError as error:
            return _refusal(403, error.code)
        if request.old_size > head.size:
            return _refusal(400, "ledger.request_malformed")
        at_s = self._clock.utc() // TICKS_PER_S
        line = cosignature.cosign(text, key=self._key, private_key=self._private_key, at_s=at_s)
        try:
            self._heads.advance(
                head, old_size=request.old_size, proof=request.proof, vouch=lambda: f"{request.note}{line}\n"
            )
        except HeadError as error:
            return self._refused(error, request.note)
        return Answer(200, TEXT, f"{line}\n".encode())

    def _refused(self, error: HeadError, note: str) -> Answer:
        if error.code == "ledger.head_stale":
            return Answer(409, SIZE, f"{error.facts['size']}\n".encode())
        self._keep_evidence(note)
        return _refusal(409 if error.code == "ledger.head_forked" else 422, error.code)

    def _keep_evidence(self, note: str) -> None:
        """Put the note beside the one it contradicts; written once, however often it is sent."""
        origin = note.split("\n", 1)[0]
        known = self._heads.latest(origin=origin) or ""
        evidence = f"{known}\n{note}".encode()
        self._forks.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self._forks / f"{sha256(evidence).hexdigest()[:32]}.txt"
        if not path.exists() and len(list(self._forks.iterdir())) < _MOST_FORKS:
            with path.open("wb") as file:
                file.write(evidence)
                file.flush()
                os.fsync(file.fileno())


# One is enough to convict; a log gone mad shall not fill the disk.
_MOST_FORKS = 1_000


def _refusal(status: int, code: str) -> Answer:
    return Answer(status, TEXT, f"{code}\n".encode())
