"""A Unix socket that stands at its path only once it listens, so that whoever waits for the path is not turned away."""

import socket
from pathlib import Path

_MODE = 0o600


def listening(path: Path, *, backlog: int) -> socket.socket:
    """Return a listening socket at the path, its owner's alone; takes the place of what a dead process left there."""
    path.unlink(missing_ok=True)
    # No longer than ".sock", which the kernel's 108 bytes had room for.
    beside = path.with_suffix(".new")
    beside.unlink(missing_ok=True)
    door = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        door.bind(str(beside))
        beside.chmod(_MODE)
        door.listen(backlog)
        beside.rename(path)
    except BaseException:
        door.close()
        beside.unlink(missing_ok=True)
        raise
    return door
