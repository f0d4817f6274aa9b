"""What each open receipt has served so far, in a small file per viewer, so that a killed process still owes nothing.

The ledger learns the ranges when a viewing ends. Should this process die first, the next one closes the receipt from
the file. It is written anew before each fragment leaves, so it never claims less than was sent: in place while it fits
into one page, which no kill can leave half written, and by replacing it where it does not.
"""

import contextlib
import json
import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mingjian.base import ids
from mingjian.streaming.served import Served

_log = logging.getLogger(__name__)

PAGE_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Note:
    """One receipt as far as it is known: the acting person, what was opened, what was served, why it ended (or ""), and
    how many wishes were refused meanwhile.
    """

    receipt_id: str
    grant_id: str
    person_id: str
    person_name: str
    capacity: str
    camera_id: str
    articles: tuple[str, ...]
    opened_at_90k: int
    served: Served
    reason: str
    refused: int = 0


class Journal:
    """A folder of notes. Written by one process at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._open: dict[str, int] = {}

    def write(self, note: Note) -> None:
        """Renew the receipt's note. It survives this process at once, a power cut when the system has flushed it."""
        data = json.dumps(_to_json(note), separators=(",", ":")).encode()
        descriptor = self._open.get(note.receipt_id)
        if descriptor is not None and len(data) <= PAGE_BYTES:
            # White space behind it covers whatever was there.
            os.pwrite(descriptor, data.ljust(PAGE_BYTES), 0)
            return
        path = self._path(note.receipt_id)
        draft = path.with_suffix(".new")
        draft.write_bytes(data.ljust(PAGE_BYTES))
        self._let_go(note.receipt_id)
        draft.replace(path)
        if len(data) <= PAGE_BYTES:
            self._open[note.receipt_id] = os.open(path, os.O_WRONLY | os.O_CLOEXEC)

    def drop(self, receipt_id: str) -> None:
        """Forget a receipt whose closing stands in the ledger. Idempotent."""
        self._let_go(receipt_id)
        self._path(receipt_id).unlink(missing_ok=True)

    def left_over(self) -> Iterator[Note]:
        """Yield every note in the folder. One that cannot be read (a power cut) is reported and left where it is."""
        for path in sorted(self._folder.glob("*.json")):
            with contextlib.suppress(FileNotFoundError):
                try:
                    yield _from_json(path.stem, path.read_bytes())
                except (ValueError, KeyError, TypeError):
                    _log.warning("a receipt's note cannot be read", extra={"receipt": path.stem})

    def _let_go(self, receipt_id: str) -> None:
        descriptor = self._open.pop(receipt_id, None)
        if descriptor is not None:
            os.close(descriptor)

    def _path(self, receipt_id: str) -> Path:
        if not ids.is_id(receipt_id):
            raise AssertionError("a receipt's id names its file")
        return self._folder / f"{receipt_id}.json"


def _to_json(note: Note) -> dict[str, object]:
    return {
        "grant": note.grant_id,
        "person": note.person_id,
        "name": note.person_name,
        "capacity": note.capacity,
        "camera": note.camera_id,
        "articles": note.articles,
        "opened_at_90k": note.opened_at_90k,
        "spans": note.served.spans,
        "size_bytes": note.served.size_bytes,
        "is_merged": note.served.is_merged,
        "reason": note.reason,
        "refused": note.refused,
    }


def _from_json(receipt_id: str, raw: bytes) -> Note:
    fields = json.loads(raw)
    return Note(
        receipt_id=receipt_id,
        grant_id=str(fields["grant"]),
        person_id=str(fields["person"]),
        # Notes that an earlier release left behind had no name.
        person_name=str(fields.get("name", "")),
        capacity=str(fields["capacity"]),
        camera_id=str(fields["camera"]),
        articles=tuple(str(article) for article in fields["articles"]),
        opened_at_90k=int(fields["opened_at_90k"]),
        served=Served(
            spans=tuple((int(start), int(end)) for start, end in fields["spans"]),
            size_bytes=int(fields["size_bytes"]),
            is_merged=bool(fields.get("is_merged", False)),
        ),
        reason=str(fields["reason"]),
        refused=int(fields["refused"]),
    )
