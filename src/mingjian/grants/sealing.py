"""Camera credentials at rest: AES-256-GCM under the host's credential key, bound to the camera they belong to."""

import base64
import os
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from mingjian.base.errors import MingjianError
from mingjian.grants import signing
from mingjian.grants.signing import KeyFileError
from mingjian.host.home import Home

KEY_BYTES = 32
KEY_FILE = "credentials.key"

_FORM = "mjseal1"
_NONCE_BYTES = 12
_MAX_SEALED_CHARACTERS = 16_384


class SealingError(MingjianError):
    """A sealed text cannot be opened: grants.seal_malformed, .seal_other_key or .seal_broken."""


def seal(text: str, *, key: bytes, context: str) -> str:
    """Return the text sealed under the key; it opens only with the same key and context (a camera's id)."""
    nonce = os.urandom(_NONCE_BYTES)
    sealed = AESGCM(key).encrypt(nonce, text.encode("utf-8"), _bound(context))
    return f"{_FORM}.{_name(key)}.{base64.urlsafe_b64encode(nonce + sealed).decode('ascii')}"


def unseal(sealed: str, *, key: bytes, context: str) -> str:
    """Return the text. Raises SealingError; the error never carries the text or the key."""
    parts = sealed.split(".")
    if len(sealed) > _MAX_SEALED_CHARACTERS or len(parts) != 3 or parts[0] != _FORM:
        raise SealingError("grants.seal_malformed", context=context)
    if parts[1] != _name(key):
        raise SealingError("grants.seal_other_key", context=context, kid=parts[1][:16])
    try:
        raw = base64.b64decode(parts[2], altchars=b"-_", validate=True)
    except ValueError:
        raise SealingError("grants.seal_malformed", context=context) from None
    try:
        return AESGCM(key).decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], _bound(context)).decode("utf-8")
    except (InvalidTag, ValueError):
        raise SealingError("grants.seal_broken", context=context) from None


def generate_key(home: Home) -> bytes:
    """Make the host's credential key in secrets/credentials.key (0600) and return it.

    Raises FileExistsError when there is one: losing it would lose every camera's password.
    """
    home.secrets.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = AESGCM.generate_key(bit_length=KEY_BYTES * 8)
    signing.write_new(home.secrets / KEY_FILE, key.hex().encode("ascii") + b"\n", mode=0o600)
    return key


def load_key(home: Home) -> bytes:
    """Return the host's credential key. Raises KeyFileError: grants.key_missing, .key_exposed, .key_unreadable."""
    path = home.secrets / KEY_FILE
    if not path.exists():
        raise KeyFileError("grants.key_missing", purpose="credentials", folder=str(home.secrets))
    signing.refuse_exposed(path)
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii"))
    except ValueError:
        raise KeyFileError("grants.key_unreadable", purpose="credentials", file=path.name) from None
    if len(key) != KEY_BYTES:
        raise KeyFileError("grants.key_unreadable", purpose="credentials", file=path.name)
    return key


def _bound(context: str) -> bytes:
    return b"mingjian-credentials-v1\x00" + context.encode("utf-8")


def _name(key: bytes) -> str:
    """Name a key without giving anything of it away."""
    return sha256(b"mingjian-credential-key\x00" + key).hexdigest()[:16]
