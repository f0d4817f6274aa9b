"""Named Ed25519 keys: one pair per purpose and deployment, papers signed under a kind so that none passes for another.

A private key lies in `secrets/<purpose>-<kid>.key` (0600; the ledger's in the folder of its signer, who may be another
OS user), its public half in `keys/<purpose>-<kid>.pub`. Exactly one private key per purpose signs; every public key
that still lies there verifies, so that keys rotate with overlap.
"""

import base64
import json
import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from mingjian.base.errors import MingjianError
from mingjian.host.home import Home

MAX_PAPER_BYTES = 32 << 20
SIGNATURE_BYTES = 64

_KID = re.compile(r"[0-9a-f]{16}")
_KIND = re.compile(r"[a-z][a-z0-9_.-]{0,31}")


class KeyPurpose(StrEnum):
    """What a key pair is for. Part of file names; never reuse one."""

    GRANT = "grant"
    PLAN = "plan"
    LEDGER = "ledger"
    SPOOL = "spool"


class KeyFileError(MingjianError):
    """A key is missing, there twice, readable by others, or not what its name says."""


class PaperError(MingjianError):
    """A signed paper cannot be trusted: grants.paper_malformed, .paper_unknown_key or .paper_bad_signature."""


@dataclass(frozen=True, slots=True)
class Signer:
    """The private half: signs papers of this purpose."""

    purpose: KeyPurpose
    kid: str
    private_key: Ed25519PrivateKey = field(repr=False)

    @property
    def public_bytes(self) -> bytes:
        """The public key in its 32 raw bytes (RFC 8032 §5.1.5)."""
        return _raw(self.private_key.public_key())

    def verifier(self) -> "Verifier":
        """Return a verifier that knows this key alone."""
        return Verifier(purpose=self.purpose, keys={self.kid: self.private_key.public_key()})

    def sign(self, *, kind: str, payload: bytes) -> bytes:
        """Return the signature of a payload under its kind; 64 bytes."""
        return self.private_key.sign(_message(kind, payload))

    def sign_note(self, text: bytes) -> bytes:
        """Sign a ledger checkpoint's text as it stands (C2SP signed-note has no kind); for the ledger's key only."""
        if self.purpose is not KeyPurpose.LEDGER:
            raise ValueError("only the ledger's key signs notes")
        return self.private_key.sign(text)

    def sign_paper(self, *, kind: str, payload: bytes) -> bytes:
        """Return the paper as a file holds it: JSON that names kind and key around the payload (UTF-8 text)."""
        paper = {
            "kind": kind,
            "kid": self.kid,
            "payload": payload.decode("utf-8"),
            "signature": base64.b64encode(self.sign(kind=kind, payload=payload)).decode("ascii"),
        }
        return json.dumps(paper, ensure_ascii=False, indent=1).encode("utf-8") + b"\n"


@dataclass(frozen=True, slots=True)
class Verifier:
    """The public halves of one purpose, by key id."""

    purpose: KeyPurpose
    keys: Mapping[str, Ed25519PublicKey]

    def verify(self, *, kid: str, kind: str, payload: bytes, signature: bytes) -> None:
        """Return quietly when the signature is good.

        Raises PaperError("grants.paper_unknown_key") or PaperError("grants.paper_bad_signature").
        """
        key = self.keys.get(kid)
        if key is None:
            raise PaperError("grants.paper_unknown_key", purpose=self.purpose.value, kid=kid[:16])
        try:
            key.verify(signature, _message(kind, payload))
        except InvalidSignature:
            raise PaperError("grants.paper_bad_signature", purpose=self.purpose.value, kid=kid) from None

    def open_paper(self, *, kind: str, paper: bytes) -> bytes:
        """Return the payload of a paper of this kind, or raise PaperError."""
        if len(paper) > MAX_PAPER_BYTES:
            raise PaperError("grants.paper_malformed", reason="too_long", size_bytes=len(paper))
        fields = _paper_fields(paper)
        if fields["kind"] != kind:
            raise PaperError("grants.paper_malformed", reason="other_kind", expected=kind)
        try:
            signature = base64.b64decode(fields["signature"], validate=True)
            payload = fields["payload"].encode("utf-8")
        except ValueError:
            raise PaperError("grants.paper_malformed", reason="not_encoded") from None
        self.verify(kid=fields["kid"], kind=kind, payload=payload, signature=signature)
        return payload


def generate(home: Home, *, purpose: KeyPurpose) -> Signer:
    """Make a key pair and store both halves durably; the folders are made when absent.

    Raises KeyFileError("grants.key_present") when a private key of the purpose is already there.
    """
    present = _private_paths(home, purpose)
    if present:
        raise KeyFileError("grants.key_present", purpose=purpose.value, file=present[0].name)
    folder = key_folder(home, purpose)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    home.public_keys.mkdir(parents=True, exist_ok=True, mode=0o755)
    private_key = Ed25519PrivateKey.generate()
    kid = key_id(_raw(private_key.public_key()))
    public_pem = private_key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    private_pem = private_key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    # The public half first: a crash between the two leaves a key that verifies nothing, not one nobody can verify.
    write_new(home.public_keys / f"{purpose.value}-{kid}.pub", public_pem, mode=0o644)
    write_new(folder / f"{purpose.value}-{kid}.key", private_pem, mode=0o600)
    return Signer(purpose=purpose, kid=kid, private_key=private_key)


def has_key(home: Home, *, purpose: KeyPurpose) -> bool:
    """Say whether a private key of the purpose lies there."""
    return bool(_private_paths(home, purpose))


def load_signer(home: Home, *, purpose: KeyPurpose) -> Signer:
    """Return the one private key of the purpose.

    Raises KeyFileError: grants.key_missing, .key_ambiguous, .key_exposed (others may read it), .key_unreadable.
    """
    paths = _private_paths(home, purpose)
    if not paths:
        raise KeyFileError("grants.key_missing", purpose=purpose.value, folder=str(key_folder(home, purpose)))
    if len(paths) > 1:
        raise KeyFileError(
            "grants.key_ambiguous", purpose=purpose.value, folder=str(key_folder(home, purpose)), files=len(paths)
        )
    path = paths[0]
    refuse_exposed(path)
    try:
        private_key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except ValueError:
        raise KeyFileError("grants.key_unreadable", purpose=purpose.value, file=path.name) from None
    if not isinstance(private_key, Ed25519PrivateKey):
        raise KeyFileError("grants.key_unreadable", purpose=purpose.value, file=path.name)
    kid = key_id(_raw(private_key.public_key()))
    if path.stem != f"{purpose.value}-{kid}":
        raise KeyFileError("grants.key_unreadable", purpose=purpose.value, file=path.name)
    return Signer(purpose=purpose, kid=kid, private_key=private_key)


def load_verifier(home: Home, *, purpose: KeyPurpose) -> Verifier:
    """Return every public key of the purpose. Raises KeyFileError: grants.key_missing, .key_unreadable."""
    keys: dict[str, Ed25519PublicKey] = {}
    for path in sorted(home.public_keys.glob(f"{purpose.value}-*.pub")):
        try:
            key = serialization.load_pem_public_key(path.read_bytes())
        except ValueError:
            raise KeyFileError("grants.key_unreadable", purpose=purpose.value, file=path.name) from None
        if not isinstance(key, Ed25519PublicKey) or path.stem != f"{purpose.value}-{key_id(_raw(key))}":
            raise KeyFileError("grants.key_unreadable", purpose=purpose.value, file=path.name)
        keys[key_id(_raw(key))] = key
    if not keys:
        raise KeyFileError("grants.key_missing", purpose=purpose.value, folder=str(home.public_keys))
    return Verifier(purpose=purpose, keys=keys)


def key_folder(home: Home, purpose: KeyPurpose) -> Path:
    """Return where the private keys of a purpose lie."""
    return home.signer if purpose is KeyPurpose.LEDGER else home.secrets


def key_id(public_bytes: bytes) -> str:
    """Return the name of a key: 16 hex digits of the SHA-256 of its public half."""
    return sha256(public_bytes).hexdigest()[:16]


def is_key_id(text: str) -> bool:
    """Say whether the text has the form of a key id."""
    return _KID.fullmatch(text) is not None


def write_new(path: Path, content: bytes, *, mode: int) -> None:
    """Create a file durably, never replacing one (FileExistsError)."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        os.fchmod(file.fileno(), mode)  # the umask may have taken bits away
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def refuse_exposed(path: Path) -> None:
    """Raise KeyFileError("grants.key_exposed") when group or others may read or write the file."""
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise KeyFileError("grants.key_exposed", file=str(path))


def _private_paths(home: Home, purpose: KeyPurpose) -> list[Path]:
    return sorted(key_folder(home, purpose).glob(f"{purpose.value}-*.key"))


def _raw(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)


def _message(kind: str, payload: bytes) -> bytes:
    if not _KIND.fullmatch(kind):
        raise ValueError("a kind is a short ASCII word")
    return b"mingjian-paper-v1\x00" + kind.encode("ascii") + b"\x00" + payload


def _paper_fields(paper: bytes) -> dict[str, str]:
    try:
        fields = json.loads(paper)
    except (ValueError, RecursionError):
        raise PaperError("grants.paper_malformed", reason="not_json") from None
    if not isinstance(fields, dict) or set(fields) != {"kind", "kid", "payload", "signature"}:
        raise PaperError("grants.paper_malformed", reason="not_a_paper")
    if not all(isinstance(value, str) for value in fields.values()):
        raise PaperError("grants.paper_malformed", reason="not_a_paper")
    return fields
