"""Signed tree heads: C2SP tlog-checkpoint text inside a C2SP signed-note, Ed25519.

One log per deployment and shard; its origin is also the name of its key. Extension lines and signatures by keys that
we do not know (witnesses) are kept and ignored, as the specification asks.
"""

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from mingjian.base.errors import MingjianError
from mingjian.ledger.merkle import HASH_BYTES

MAX_NOTE_CHARACTERS = 65_536
MAX_SIZE = (1 << 53) - 1

_ED25519 = b"\x01"
_KEY_HASH_BYTES = 4
_SIZE = re.compile(r"0|[1-9][0-9]{0,15}")
_SIGNATURE_LINE = re.compile(r"— ([^\s+]+) ([0-9A-Za-z+/=]+)")
_ORIGIN = re.compile(r"mingjian/([0-9a-f-]{36})/([1-9][0-9]{0,8})")


class CheckpointError(MingjianError):
    """A note is no checkpoint of ours: ledger.note_malformed, .note_unsigned (no key of ours), .note_forged."""


class NoteSigner(Protocol):
    """The ledger's signing key (grants.signing.Signer fits)."""

    @property
    def public_bytes(self) -> bytes:
        """The public key in its 32 raw bytes."""
        ...

    def sign_note(self, text: bytes) -> bytes:
        """Return the Ed25519 signature of the text."""
        ...


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The first `size` leaves of the log named `origin` have this root."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """Return the text that is signed: origin, size, root, a line each (C2SP tlog-checkpoint)."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode('ascii')}\n"


def origin_of(*, deployment_id: str, shard: int) -> str:
    """Return the log's name for one shard of a deployment."""
    return f"mingjian/{deployment_id}/{shard}"


def shard_of(checkpoint: Checkpoint) -> int:
    """Return the shard that a checkpoint of ours speaks of."""
    matched = _ORIGIN.fullmatch(checkpoint.origin)
    if matched is None:
        raise CheckpointError("ledger.note_malformed", reason="origin")
    return int(matched[2])


def sign(checkpoint: Checkpoint, *, signer: NoteSigner) -> str:
    """Return the signed note."""
    text = checkpoint.text()
    blob = _key_hash(checkpoint.origin, signer.public_bytes) + signer.sign_note(text.encode("utf-8"))
    return f"{text}\n— {checkpoint.origin} {base64.b64encode(blob).decode('ascii')}\n"


def verifier_key(*, origin: str, public_bytes: bytes) -> str:
    """Return the log's key as other implementations take it: name, hash and key (C2SP signed-note)."""
    encoded = base64.b64encode(_ED25519 + public_bytes).decode("ascii")
    return f"{origin}+{_key_hash(origin, public_bytes).hex()}+{encoded}"


def open_note(note: str, *, keys: Iterable[Ed25519PublicKey]) -> Checkpoint:
    """Return the checkpoint when one of the keys signed it under its origin; else raise CheckpointError.

    A signature that claims one of the keys and is wrong condemns the note, even beside a good one.
    """
    text, signature_lines = split(note)
    checkpoint = parse(text)
    by_hash = {_key_hash(checkpoint.origin, _raw(key)): key for key in keys}
    is_signed = False
    for name, blob in map(parse_signature, signature_lines):
        key = by_hash.get(blob[:_KEY_HASH_BYTES]) if name == checkpoint.origin else None
        if key is None:
            continue
        try:
            key.verify(blob[_KEY_HASH_BYTES:], text.encode("utf-8"))
        except InvalidSignature:
            raise CheckpointError("ledger.note_forged", origin=checkpoint.origin, size=checkpoint.size) from None
        is_signed = True
    if not is_signed:
        raise CheckpointError("ledger.note_unsigned", origin=checkpoint.origin, size=checkpoint.size)
    return checkpoint


def split(note: str) -> tuple[str, list[str]]:
    """Return the signed text and the signature lines. Raises CheckpointError for what is no note."""
    if len(note) > MAX_NOTE_CHARACTERS or any(character < " " and character != "\n" for character in note):
        raise CheckpointError("ledger.note_malformed", reason="text")
    text, separator, signatures = note.rpartition("\n\n")
    if not separator or not signatures.endswith("\n"):
        raise CheckpointError("ledger.note_malformed", reason="form")
    return text + "\n", signatures[:-1].split("\n")


def parse(text: str) -> Checkpoint:
    """Return what the text says, unsigned as yet; extension lines are left out. Raises CheckpointError."""
    lines = text.split("\n")
    if len(lines) < 4 or not lines[0] or not _SIZE.fullmatch(lines[1]):
        raise CheckpointError("ledger.note_malformed", reason="lines")
    try:
        root = base64.b64decode(lines[2], validate=True)
    except (binascii.Error, ValueError):
        raise CheckpointError("ledger.note_malformed", reason="root") from None
    size = int(lines[1])
    if len(root) != HASH_BYTES or base64.b64encode(root).decode("ascii") != lines[2] or size > MAX_SIZE:
        raise CheckpointError("ledger.note_malformed", reason="root")
    return Checkpoint(origin=lines[0], size=size, root=root)


def parse_signature(line: str) -> tuple[str, bytes]:
    """Return a signature line's key name, and its key hash and signature. Raises CheckpointError."""
    matched = _SIGNATURE_LINE.fullmatch(line)
    if matched is None:
        raise CheckpointError("ledger.note_malformed", reason="signature")
    try:
        blob = base64.b64decode(matched[2], validate=True)
    except binascii.Error:
        raise CheckpointError("ledger.note_malformed", reason="signature") from None
    if len(blob) <= _KEY_HASH_BYTES:
        raise CheckpointError("ledger.note_malformed", reason="signature")
    return matched[1], blob


def _key_hash(name: str, public_bytes: bytes) -> bytes:
    return sha256(name.encode("utf-8") + b"\n" + _ED25519 + public_bytes).digest()[:_KEY_HASH_BYTES]


def _raw(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
