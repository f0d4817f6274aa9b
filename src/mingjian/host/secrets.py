"""Random passwords and keys of this deployment: one file each, made once, readable by the owner only."""

import os
import secrets
from pathlib import Path

from mingjian.base.errors import MingjianError


class SecretError(MingjianError):
    """A secret is missing or lies open."""


def make_private_folder(path: Path) -> None:
    """Create the folder for the owner alone (0700), or tighten one that already stands."""
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(0o700)


def ensure(path: Path) -> str:
    """Return the secret text of the file; a missing one is drawn at random (256 bit) and made durable first."""
    if path.exists():
        return read(path)
    make_private_folder(path.parent)
    text = secrets.token_urlsafe(32)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    return text


def read(path: Path) -> str:
    """Return the secret text.

    Raises SecretError: "host.secret_missing", or "host.secret_open" when group or others may read it.
    """
    try:
        mode = path.stat().st_mode
    except FileNotFoundError as error:
        raise SecretError("host.secret_missing", path=str(path)) from error
    if mode & 0o077:
        raise SecretError("host.secret_open", path=str(path), mode=oct(mode & 0o777))
    return path.read_text(encoding="ascii").strip()
