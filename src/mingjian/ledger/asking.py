"""How a tree head is put before a witness (C2SP tlog-witness, add-checkpoint), and the signer: text, line by line."""

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass

from mingjian.ledger.checkpoint import CheckpointError
from mingjian.ledger.heads import MAX_PROOF
from mingjian.ledger.merkle import HASH_BYTES

MAX_BYTES = 64 << 10

_OLD = re.compile(r"old (0|[1-9][0-9]{0,15})")


@dataclass(frozen=True, slots=True)
class Request:
    """A note (or the bare text of one) and the proof that its tree grew out of the one of `old_size` leaves."""

    old_size: int
    proof: tuple[bytes, ...]
    note: str


def write(*, old_size: int, proof: Sequence[bytes], note: str) -> bytes:
    """Return the body of a request."""
    lines = [f"old {old_size}", *(base64.b64encode(step).decode("ascii") for step in proof)]
    return ("\n".join(lines) + f"\n\n{note}").encode("utf-8")


def read(body: bytes) -> Request:
    """Return the request. Raises CheckpointError("ledger.request_malformed")."""
    try:
        head, separator, note = body.decode("utf-8").partition("\n\n")
        first, *proof = head.split("\n")
        steps = tuple(_step(line) for line in proof)
    except (UnicodeDecodeError, binascii.Error, ValueError):
        raise CheckpointError("ledger.request_malformed") from None
    old = _OLD.fullmatch(first)
    if len(body) > MAX_BYTES or not separator or old is None or len(steps) > MAX_PROOF:
        raise CheckpointError("ledger.request_malformed")
    return Request(old_size=int(old[1]), proof=steps, note=note)


def _step(line: str) -> bytes:
    step = base64.b64decode(line, validate=True)
    if len(step) != HASH_BYTES or base64.b64encode(step).decode("ascii") != line:
        raise ValueError("not a hash")
    return step
