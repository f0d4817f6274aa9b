"""The newest tree head of each log that this keeper vouched for: it only ever grows, by proof, and never goes back.

What the signer and a witness have in common. A head is durable before anybody hears of it, so that two contradictory
ones can never both get out. Beside the newest note of each log stands a journal of all; a note older than its journal
was put back from a copy, and the keeper refuses to start.
"""

import fcntl
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from mingjian.base.errors import MingjianError
from mingjian.ledger import checkpoint
from mingjian.ledger.checkpoint import Checkpoint
from mingjian.ledger.merkle import EMPTY_ROOT, verify_consistency

MAX_PROOF = 63


class HeadError(MingjianError):
    """A head is not vouched for.

    ledger.head_stale (`size`: what is known is of another size than the asker thinks), .head_forked (same size, another
    root), .head_inconsistent (the proof does not lead from the known tree to this one), .heads_rolled_back.
    """


class Heads:
    """The newest notes, in a folder of their own. Raises HeadError("ledger.heads_rolled_back") for a state put back."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._refuse_rollback()

    def latest(self, *, origin: str) -> str | None:
        """Return the newest note of a log, None when none was vouched for."""
        try:
            return self._path(origin).read_text(encoding="utf-8")
        except FileNotFoundError:
            return None

    def origins(self) -> list[str]:
        """Return the logs known."""
        return sorted(path.read_text(encoding="utf-8").split("\n", 1)[0] for path in self._folder.glob("*.note"))

    def advance(self, head: Checkpoint, *, old_size: int, proof: Sequence[bytes], vouch: Callable[[], str]) -> str:
        """Take the head for the newest one if it grew out of the known one; return the note that `vouch` makes of it.

        The note is durable when this returns. Checking and keeping are one step, among threads and processes alike.
        Raises HeadError.
        """
        with self._alone():
            known = self._known(head.origin)
            if old_size != known.size:
                raise HeadError("ledger.head_stale", origin=head.origin, size=known.size)
            if head.size == known.size and head.root != known.root:
                raise HeadError("ledger.head_forked", origin=head.origin, size=known.size)
            if not _grew(known, head, proof):
                raise HeadError("ledger.head_inconsistent", origin=head.origin, size=known.size)
            note = vouch()
            self._keep(head, note)
        return note

    def _known(self, origin: str) -> Checkpoint:
        note = self.latest(origin=origin)
        if note is None:
            return Checkpoint(origin=origin, size=0, root=EMPTY_ROOT)
        return checkpoint.parse(checkpoint.split(note)[0])

    def _keep(self, head: Checkpoint, note: str) -> None:
        path = self._path(head.origin)
        draft = path.with_suffix(".new")
        with draft.open("w", encoding="utf-8") as file:
            file.write(note)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        _sync_folder(self._folder)
        # After the note: a crash in between leaves a note ahead of its journal, never one that looks put back.
        with self._journal(head.origin).open("a", encoding="ascii") as file:
            file.write(_line(head))
            file.flush()
            os.fsync(file.fileno())
        _sync_folder(self._folder)

    def _refuse_rollback(self) -> None:
        for journal in self._folder.glob("*.log"):
            lines = journal.read_text(encoding="ascii").splitlines()
            try:
                known = checkpoint.parse(checkpoint.split(journal.with_suffix(".note").read_text(encoding="utf-8"))[0])
            except FileNotFoundError:
                raise HeadError("ledger.heads_rolled_back", folder=str(self._folder), size=0) from None
            whole = [line for line in lines if len(line.split(" ")) == 2]
            last = int(whole[-1].split(" ")[0]) if whole else 0
            if known.size < last or (known.size == last and whole and _line(known).strip() != whole[-1]):
                raise HeadError("ledger.heads_rolled_back", folder=str(self._folder), size=known.size, journal=last)

    def _path(self, origin: str) -> Path:
        return self._folder / f"{sha256(origin.encode('utf-8')).hexdigest()[:32]}.note"

    def _journal(self, origin: str) -> Path:
        return self._path(origin).with_suffix(".log")

    @contextmanager
    def _alone(self) -> Iterator[None]:
        # A descriptor of its own each time, so that threads of one process exclude each other too.
        with (self._folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _grew(known: Checkpoint, head: Checkpoint, proof: Sequence[bytes]) -> bool:
    if known.size == 0:
        return not proof and (head.size > 0 or head.root == EMPTY_ROOT)
    return len(proof) <= MAX_PROOF and verify_consistency(
        old_size=known.size, new_size=head.size, old_root=known.root, new_root=head.root, proof=proof
    )


def _line(head: Checkpoint) -> str:
    return f"{head.size} {head.root.hex()}\n"


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
