"""The spool: what left while control was dead, on this host's disk before it left. Append-only, chained, signed.

One line per record: `{"kid", "record", "signature"}`; the signature covers the canonical bytes of the record under the
kind "spool". A record names its spool (one life of the process), its number there, and the SHA-256 of the one before.
A part is one file; the chain goes on from part to part. Formats are only ever added to.
"""

import base64
import contextlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from mingjian.base import ids
from mingjian.base.errors import MingjianError
from mingjian.grants.signing import Signer
from mingjian.host.deployment import Deployment
from mingjian.ledger import canonical
from mingjian.ledger.canonical import JsonValue
from mingjian.recordings import durable
from mingjian.recordings.disk import SYSTEM, Disk

RECORD_VERSION = 1
SIGNED_AS = "spool"
FIRST_PREVIOUS = "0" * 64
SUFFIX = ".spool"
# Seven walls of nine cameras for twelve hours; beyond it pictures end: the disk is there to record on.
BYTES_MAX = 64 << 20


class SpoolError(MingjianError):
    """Nothing could be written down, so nothing may leave: "streaming.spool_full", "streaming.spool_unwritable"."""


@dataclass(frozen=True, slots=True)
class Part:
    """A finished file of the spool as its writer knows it: what must be found there, no less."""

    path: Path
    records: int
    head: str


class Spool:
    """Writes records. Blocking, by one caller at a time. A part that could not be synced is never written to again."""

    def __init__(self, folder: Path, *, signer: Signer, deployment: Deployment, disk: Disk = SYSTEM) -> None:
        self._disk = disk
        self._folder, self._signer, self._deployment = folder, signer, deployment
        self.spool_id = ids.new_id()
        self._next_seq = 0
        self._head = FIRST_PREVIOUS
        self._file: int | None = None
        self._part: Path | None = None
        self._part_records = 0
        self.finished: list[Part] = []

    def append(self, facts: Sequence[Mapping[str, JsonValue]]) -> None:
        """Write one record for each, durable on return. Raises SpoolError; then none of them counts."""
        seq, head, lines = self._next_seq, self._head, b""
        for fact in facts:
            record = {
                "v": RECORD_VERSION,
                "spool": self.spool_id,
                "seq": seq,
                "previous": head,
                "deployment": self._deployment.deployment_id,
                "host": self._deployment.host,
                **fact,
            }
            raw = canonical.encode(record)
            lines += _line(record, raw=raw, signer=self._signer)
            seq, head = seq + 1, digest(raw)
        try:
            if self._size() + len(lines) > BYTES_MAX:
                raise SpoolError("streaming.spool_full", size_bytes=BYTES_MAX)
            self._write(lines)
        except OSError as error:
            self.finish()
            raise SpoolError("streaming.spool_unwritable", error=str(error)) from error
        self._part_records += seq - self._next_seq
        self._next_seq, self._head = seq, head

    def finish(self) -> None:
        """Close the part being written, if any, and put it with the `finished`; the next record begins another."""
        if self._file is None or self._part is None:
            return
        self._disk.close(self._file)
        if self._part_records:
            self.finished.append(Part(path=self._part, records=self._part_records, head=self._head))
        else:
            self._disk.unlink(self._part)
        self._file, self._part, self._part_records = None, None, 0

    def _write(self, lines: bytes) -> None:
        if self._file is None:
            self._begin()
        if self._file is None:
            raise AssertionError("begun above")
        size = os.fstat(self._file).st_size
        try:
            written = self._disk.write(self._file, lines)
            if written < len(lines):
                raise OSError(f"{written} of {len(lines)} bytes were taken")
            self._disk.fsync(self._file)
        except OSError:
            # What may have been written half allowed nothing; without it the rest of the part stays readable.
            self._disk.truncate(self._file, size)
            raise

    def _begin(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self._folder / f"{self.spool_id}-{self._next_seq:08d}{SUFFIX}"
        self._file = self._disk.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._part = path
        # The folder's own name too: it may be new, and a part that no name leads to is lost with the power.
        for folder in (self._folder, self._folder.parent):
            durable.sync_directory(folder, disk=self._disk)

    def _size(self) -> int:
        size = 0
        for path in self._folder.glob(f"*{SUFFIX}"):
            with contextlib.suppress(FileNotFoundError):  # merged and gone meanwhile
                size += path.stat().st_size
        return size


def digest(raw: bytes) -> str:
    """Return what the next record calls this one."""
    return sha256(raw).hexdigest()


def _line(record: Mapping[str, JsonValue], *, raw: bytes, signer: Signer) -> bytes:
    signature = base64.b64encode(signer.sign(kind=SIGNED_AS, payload=raw)).decode("ascii")
    return canonical.encode({"kid": signer.kid, "record": record, "signature": signature}) + b"\n"
