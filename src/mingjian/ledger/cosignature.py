"""Cosignatures of witnesses on a checkpoint (C2SP tlog-cosignature, Ed25519): made, and found in a note.

A witness says: at this time this was the largest tree of this log that I saw, and it grew out of all I saw before.
"""

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from mingjian.ledger import checkpoint
from mingjian.ledger.checkpoint import CheckpointError

_COSIGNATURE = b"\x04"
_KEY_HASH_BYTES, _TIME_BYTES, _SIGNATURE_BYTES = 4, 8, 64
_NAME = re.compile(r"[^\s+]{1,128}")


@dataclass(frozen=True, slots=True)
class WitnessKey:
    """Whose cosignatures count: the witness's name and its public key."""

    name: str
    public_bytes: bytes

    @classmethod
    def parse(cls, text: str) -> "WitnessKey":
        """Read a verifier key "name+hash+base64". Raises CheckpointError("ledger.key_malformed")."""
        name, _, rest = text.strip().partition("+")
        told_hash, _, encoded = rest.partition("+")
        try:
            raw = base64.b64decode(encoded, validate=True)
        except (binascii.Error, ValueError):
            raise CheckpointError("ledger.key_malformed", key=text[:160]) from None
        key = cls(name=name, public_bytes=raw[1:])
        if not _NAME.fullmatch(name) or raw[:1] != _COSIGNATURE or len(raw) != 33 or key.key_hash.hex() != told_hash:
            raise CheckpointError("ledger.key_malformed", key=text[:160])
        return key

    @property
    def key_hash(self) -> bytes:
        """The four bytes by which a signature names its key."""
        return sha256(self.name.encode("utf-8") + b"\n" + _COSIGNATURE + self.public_bytes).digest()[:_KEY_HASH_BYTES]

    def text(self) -> str:
        """Return the verifier key as other implementations take it."""
        encoded = base64.b64encode(_COSIGNATURE + self.public_bytes).decode("ascii")
        return f"{self.name}+{self.key_hash.hex()}+{encoded}"


def message(text: str, *, at_s: int) -> bytes:
    """Return what a witness signs for a checkpoint's text at a POSIX time."""
    return f"cosignature/v1\ntime {at_s}\n{text}".encode()


def cosign(text: str, *, key: WitnessKey, private_key: Ed25519PrivateKey, at_s: int) -> str:
    """Return the signature line of a witness on a checkpoint's text, without the line's end."""
    signature = private_key.sign(message(text, at_s=at_s))
    blob = key.key_hash + at_s.to_bytes(_TIME_BYTES, "big") + signature
    return f"— {key.name} {base64.b64encode(blob).decode('ascii')}"


def cosigned_at(note: str, *, witnesses: Sequence[WitnessKey]) -> dict[str, int]:
    """Return when (POSIX seconds) each of the witnesses cosigned the note; those that did not are not in it.

    Raises CheckpointError("ledger.note_forged") for a line that claims one of the keys and is wrong.
    """
    text, lines = checkpoint.split(note)
    found: dict[str, int] = {}
    for name, blob in map(checkpoint.parse_signature, lines):
        for witness in witnesses:
            if name == witness.name and blob[:_KEY_HASH_BYTES] == witness.key_hash:
                at_s = _checked(text, blob[_KEY_HASH_BYTES:], witness)
                found[name] = max(at_s, found.get(name, 0))
    return found


def lines_of(note: str, *, witnesses: Sequence[WitnessKey]) -> list[str]:
    """Return the note's signature lines that stand under the key of one of the witnesses."""
    _text, lines = checkpoint.split(note)
    wanted = {(witness.name, witness.key_hash) for witness in witnesses}
    parsed = ((line, *checkpoint.parse_signature(line)) for line in lines)
    return [line for line, name, blob in parsed if (name, blob[:_KEY_HASH_BYTES]) in wanted]


def _checked(text: str, blob: bytes, witness: WitnessKey) -> int:
    at_s = int.from_bytes(blob[:_TIME_BYTES], "big")
    try:
        if len(blob) != _TIME_BYTES + _SIGNATURE_BYTES:
            raise InvalidSignature
        key = Ed25519PublicKey.from_public_bytes(witness.public_bytes)
        key.verify(blob[_TIME_BYTES:], message(text, at_s=at_s))
    except InvalidSignature:
        raise CheckpointError("ledger.note_forged", origin=text.split("\n", 1)[0], witness=witness.name) from None
    return at_s
