"""A witness's folder: its name and key, the logs it watches, and its memory. Everything that another office keeps."""

import base64
import binascii
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from mingjian.base.clock import Clock
from mingjian.base.errors import MingjianError
from mingjian.ledger import checkpoint
from mingjian.ledger.checkpoint import CheckpointError
from mingjian.ledger.cosignature import WitnessKey
from mingjian.ledger.witness import Witness

_KEY, _NAME, _LOGS = "witness.key", "name", "logs"


class WitnessError(MingjianError):
    """A witness's folder is not in order: ledger.witness_present, .witness_absent, .witness_busy."""


def found(folder: Path, *, name: str) -> WitnessKey:
    """Make a witness and return its public key. Raises WitnessError where there is one already."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if (folder / _KEY).exists():
        raise WitnessError("ledger.witness_present", folder=str(folder))
    private_key = Ed25519PrivateKey.generate()
    key = WitnessKey.parse(WitnessKey(name=name, public_bytes=private_key.public_key().public_bytes_raw()).text())
    (folder / _NAME).write_text(name, encoding="utf-8")
    pem = private_key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    descriptor = os.open(folder / _KEY, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())
    return key


def trust(folder: Path, *, log_key: str) -> str:
    """Watch a log, given by its verifier key; return its origin. Raises CheckpointError("ledger.key_malformed")."""
    _keys(folder)
    origin, public_key = _parse(log_key)
    (folder / _LOGS).mkdir(exist_ok=True)
    digest = sha256(public_key.public_bytes_raw() + origin.encode("utf-8")).hexdigest()
    (folder / _LOGS / f"{digest[:32]}.vkey").write_text(f"{log_key.strip()}\n", encoding="utf-8")
    return origin


def public_key(folder: Path) -> WitnessKey:
    """Return the witness's public key."""
    return _keys(folder)[0]


def logs(folder: Path) -> dict[str, list[Ed25519PublicKey]]:
    """Return the logs watched, by origin."""
    watched: dict[str, list[Ed25519PublicKey]] = {}
    for path in sorted((folder / _LOGS).glob("*.vkey")):
        origin, key = _parse(path.read_text(encoding="utf-8"))
        watched.setdefault(origin, []).append(key)
    return watched


@contextmanager
def opened(folder: Path, *, clock: Clock) -> Iterator[Witness]:
    """Return the witness, alone in its folder. Raises WitnessError and HeadError."""
    key, private_key = _keys(folder)
    with (folder / "running").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise WitnessError("ledger.witness_busy", folder=str(folder)) from None
        yield Witness(key=key, private_key=private_key, logs=logs(folder), folder=folder, clock=clock)


def _keys(folder: Path) -> tuple[WitnessKey, Ed25519PrivateKey]:
    try:
        name = (folder / _NAME).read_text(encoding="utf-8").strip()
        private_key = serialization.load_pem_private_key((folder / _KEY).read_bytes(), password=None)
    except (FileNotFoundError, ValueError):
        raise WitnessError("ledger.witness_absent", folder=str(folder)) from None
    if not isinstance(private_key, Ed25519PrivateKey):
        raise WitnessError("ledger.witness_absent", folder=str(folder))
    return WitnessKey(name=name, public_bytes=private_key.public_key().public_bytes_raw()), private_key


def _parse(log_key: str) -> tuple[str, Ed25519PublicKey]:
    origin, _, rest = log_key.strip().partition("+")
    try:
        raw = base64.b64decode(rest.partition("+")[2], validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if len(raw) != 33 or checkpoint.verifier_key(origin=origin, public_bytes=raw[1:]) != log_key.strip():
        raise CheckpointError("ledger.key_malformed", key=log_key[:160])
    return origin, Ed25519PublicKey.from_public_bytes(raw[1:])
