"""The last checkpoint signed, remembered in a file beside the database it speaks of.

A database that lost its tail together with its checkpoints, or was put back from a copy, contradicts the file.
"""

import os
from collections.abc import Iterable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from mingjian.ledger import checkpoint
from mingjian.ledger.checkpoint import Checkpoint


def path_of(folder: Path, *, shard: int) -> Path:
    """Return where the note of a shard is kept."""
    return folder / f"checkpoint-{shard}.note"


def read(folder: Path, *, shard: int, keys: Iterable[Ed25519PublicKey]) -> Checkpoint | None:
    """Return the remembered checkpoint, None when there is none yet. Raises CheckpointError for a spoiled file."""
    try:
        note = path_of(folder, shard=shard).read_bytes().decode("utf-8", errors="replace")
    except FileNotFoundError:
        return None
    return checkpoint.open_note(note, keys=keys)


def write(folder: Path, note: str, *, shard: int) -> None:
    """Replace the note of a shard durably and atomically; the folder is made when absent."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = path_of(folder, shard=shard)
    draft = path.with_suffix(".new")
    with draft.open("wb") as file:
        file.write(note.encode("utf-8"))
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
