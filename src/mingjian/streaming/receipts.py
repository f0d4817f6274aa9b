"""Receipts: a durable entry before the first byte, and another with the ranges really served when the viewing ends."""

import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum, auto

from mingjian.base import ids
from mingjian.base.clock import Clock
from mingjian.base.ticks import Ticks90k
from mingjian.grants.claims import Grant
from mingjian.ledger.append import Entry
from mingjian.ledger.canonical import JsonValue
from mingjian.recordings.model import StreamKey
from mingjian.streaming.journal import Journal, Note
from mingjian.streaming.protocol import Mode
from mingjian.streaming.served import Served
from mingjian.streaming.store import Store, StoreError

_log = logging.getLogger(__name__)

INTERRUPTED = "interrupted"


class Opening(Enum):
    """What became of a receipt that was asked for."""

    DURABLE = auto()
    REVOKED = auto()


@dataclass(frozen=True, slots=True)
class Look:
    """What a viewer is about to be shown."""

    grant: Grant
    stream: StreamKey
    mode: Mode
    peer: str
    is_transcoded: bool


class Receipts:
    """Opens, keeps and closes receipts. Blocking; for use from threads, each receipt by one at a time."""

    def __init__(self, *, store: Store, journal: Journal, clock: Clock) -> None:
        self._store, self._journal, self._clock = store, journal, clock
        self._owed: dict[str, Note] = {}
        # One closing at a time, so that none is written twice.
        self._closing = threading.Lock()

    def open(self, look: Look) -> tuple[Opening, Note]:
        """Write the receipt; only after DURABLE may a byte leave. Raises StoreError: then none may."""
        grant = look.grant
        note = Note(
            receipt_id=ids.new_id(),
            grant_id=grant.grant_id,
            person_id=grant.person_id,
            person_name=grant.person_name,
            capacity=grant.capacity,
            camera_id=look.stream.camera_id,
            articles=grant.articles,
            opened_at_90k=self._clock.utc(),
            served=Served(spans=(), size_bytes=0),
            reason="",
        )
        self._journal.write(note)
        facts: dict[str, JsonValue] = {
            "receipt": note.receipt_id,
            "grant": grant.grant_id,
            "purpose": grant.purpose.value,
            "mode": look.mode.value,
            "role": look.stream.role.value,
            "track": look.stream.track,
            "window_90k": [grant.start_90k, grant.end_90k],
            "is_transcoded": look.is_transcoded,
            "peer": look.peer,
        }
        entry = self._entry(note, kind="media.opened", at_90k=note.opened_at_90k, facts=facts)
        try:
            is_written = self._store.open_receipt(entry, keys=(grant.grant_id, grant.session_hash))
        except StoreError:
            # Whether it was written cannot be known; nothing was served under it either way.
            self._journal.drop(note.receipt_id)
            raise
        if not is_written:
            self._journal.drop(note.receipt_id)
            return Opening.REVOKED, note
        return Opening.DURABLE, note

    def refuse(self, look: Look, *, code: str) -> None:
        """Write down that a valid grant was shown for something it does not open. Raises StoreError."""
        grant = look.grant
        entry = Entry(
            kind="media.refused",
            actor_id=grant.person_id,
            actor_name=grant.person_name,
            capacity=grant.capacity,
            subject=f"camera:{look.stream.camera_id}",
            at_90k=self._clock.utc(),
            via="streaming",
            articles=grant.articles,
            facts={"grant": grant.grant_id, "code": code, "mode": look.mode.value, "peer": look.peer},
        )
        self._store.append(entry)

    def keep(self, note: Note, served: Served) -> None:
        """Note what will have been served once the next bytes have left."""
        self._journal.write(replace(note, served=served))

    def close(self, note: Note, *, served: Served, reason: str, refused: int) -> None:
        """Write the ranges served. When the database is away the receipt stays owed, on disk, until `settle`."""
        closed = replace(note, served=served, reason=reason, refused=refused)
        try:
            self._journal.write(closed)
        except OSError as error:
            # The note still tells what was served; only the reason may be lost with this process.
            _log.warning("a receipt's note was not renewed", extra={"receipt": note.receipt_id, "error": str(error)})
        with self._closing:
            self._owed[note.receipt_id] = closed
            self._settle_one(closed)

    def settle(self) -> int:
        """Try again to close what is owed; return how much still is."""
        for note in list(self._owed.values()):
            with self._closing:
                if note.receipt_id in self._owed and not self._settle_one(note):
                    break
        return len(self._owed)

    def recover(self) -> int:
        """Take over what an earlier process left open; return how many receipts that is. Before the first viewer."""
        for note in self._journal.left_over():
            self._owed[note.receipt_id] = replace(note, reason=note.reason or INTERRUPTED)
        return len(self._owed)

    def _settle_one(self, note: Note) -> bool:
        facts: dict[str, JsonValue] = {
            "receipt": note.receipt_id,
            "grant": note.grant_id,
            "reason": note.reason,
            "served_90k": [list(span) for span in note.served.spans],
            "is_merged": note.served.is_merged,
            "size_bytes": note.served.size_bytes,
            "refused": note.refused,
        }
        try:
            self._store.append(self._entry(note, kind="media.closed", at_90k=self._clock.utc(), facts=facts))
        except StoreError as error:
            _log.warning("a receipt stays owed", extra={"receipt": note.receipt_id, "error": str(error)})
            return False
        self._journal.drop(note.receipt_id)
        self._owed.pop(note.receipt_id, None)
        return True

    def _entry(self, note: Note, *, kind: str, at_90k: int, facts: Mapping[str, JsonValue]) -> Entry:
        return Entry(
            kind=kind,
            actor_id=note.person_id,
            actor_name=note.person_name,
            capacity=note.capacity,
            subject=f"camera:{note.camera_id}",
            at_90k=Ticks90k(at_90k),
            via="streaming",
            articles=note.articles,
            facts=facts,
        )
