"""Where attachments lie: files named by their hash, outside whatever the web serves, for this account alone."""

import hashlib
import os
from pathlib import Path

from mingjian.base.errors import MingjianError
from mingjian.host.home import Home

FOLDER = "attachments"


class StoreError(MingjianError):
    """A kept file is not there, or is no longer what was handed in. Code "viewing.attachment_lost"."""


def keep(home: Home, *, sha256: str, content: bytes) -> None:
    """Write the file if it is not there yet: whole and synced before its name appears.

    A crash between this and the row leaves a file that nothing names; it harms nobody.
    """
    path = _path(home, sha256)
    if path.exists():
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{sha256}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def read(home: Home, *, sha256: str) -> bytes:
    """Return the file's content, checked against its name. Raises StoreError."""
    try:
        content = _path(home, sha256).read_bytes()
    except OSError as error:
        raise StoreError("viewing.attachment_lost", sha256=sha256) from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise StoreError("viewing.attachment_lost", sha256=sha256)
    return content


def _path(home: Home, sha256: str) -> Path:
    return home.root / FOLDER / sha256[:2] / sha256
