"""From the spool into the ledger: every record exactly once, marked as spooled; what is damaged as a finding."""

import logging
import re
from itertools import islice
from pathlib import Path

from mingjian.base.clock import Clock
from mingjian.base.ticks import Ticks90k
from mingjian.grants.signing import Verifier
from mingjian.ledger.append import Entry
from mingjian.ledger.canonical import CanonicalError
from mingjian.regulation import articles
from mingjian.streaming.spool import SUFFIX, Part
from mingjian.streaming.spool_reading import Damage, SpoolRecord, read_part
from mingjian.streaming.store import Store

_log = logging.getLogger(__name__)

BATCH = 100
SPOOLED, FINDING = "media.spooled", "media.spool_finding"
KEPT_AS = ".damaged"
# The spool's id and the number of the first record, as the writer names its parts.
_PART = re.compile(rf"[0-9a-f]{{8}}(?:-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}-[0-9]{{8,}}{re.escape(SUFFIX)}")


class SpoolMerge:
    """Enters finished parts, oldest first. A part goes when all of it stands in the ledger; a touched one is kept."""

    def __init__(self, folder: Path, *, store: Store, verifier: Verifier, deployment_id: str, clock: Clock) -> None:
        self._folder, self._store, self._verifier = folder, store, verifier
        self._deployment_id, self._clock = deployment_id, clock
        self._parts: list[tuple[Path, Part | None]] = []

    def recover(self) -> int:
        """Take over the parts an earlier life left; return how many. Before the first record of this one."""
        for path in sorted(self._folder.glob(f"*{SUFFIX}")):
            if _PART.fullmatch(path.name):
                self._parts.append((path, None))
            else:
                # Whatever it is, no life of ours wrote it; its name could not even stand in the ledger.
                _log.error("a foreign file lies in the spool", extra={"part": ascii(path.name)})
        return len(self._parts)

    def take(self, parts: list[Part]) -> None:
        """Add parts that this life has finished."""
        self._parts += [(part.path, part) for part in parts]

    def settle(self) -> int:
        """Enter what waits; return how many records that was. Blocking. Raises StoreError; then it is tried again."""
        entered = 0
        while self._parts:
            path, known = self._parts[0]
            try:
                entered += self._enter(path, known)
            except (OSError, CanonicalError) as error:
                # Left where it is, so that it holds up no other part: the next start tries it again.
                _log.error("a part of the spool cannot be entered", extra={"part": path.name, "error": str(error)})
            self._parts.pop(0)
        return entered

    def _enter(self, path: Path, known: Part | None) -> int:
        found = read_part(path, verifier=self._verifier, deployment_id=self._deployment_id, known=known)
        entered, is_touched = 0, False
        while batch := list(islice(found, BATCH)):
            entered += self._store.enter_once([self._entry(one) for one in batch])
            for damage in (one for one in batch if isinstance(one, Damage)):
                is_touched = is_touched or damage.is_tampering
                facts = {"code": damage.code, "part": damage.part, "line": damage.line}
                _log.error("the spool is damaged", extra=facts)
        if is_touched:
            path.replace(path.with_suffix(KEPT_AS))
        else:
            path.unlink()
        _log.info("a part of the spool stands in the ledger", extra={"part": path.name, "entered": entered})
        return entered

    def _entry(self, one: SpoolRecord | Damage) -> tuple[str, Entry]:
        return self._finding(one) if isinstance(one, Damage) else _spooled(one)

    def _finding(self, damage: Damage) -> tuple[str, Entry]:
        name = f"{damage.part}:{damage.line}:{damage.code}:{damage.digest[:16]}"
        return name, Entry(
            kind=FINDING,
            actor_id="streaming",
            actor_name="streaming",
            capacity="machine",
            subject=f"spool:{damage.part}",
            at_90k=self._clock.utc(),
            via="streaming",
            articles=(articles.A14_C.id,),
            facts={"code": damage.code, "line": damage.line, "sha256": damage.digest},
        )


def _spooled(one: SpoolRecord) -> tuple[str, Entry]:
    """Return the entry of a record: the look's person and camera, its own time, and the record word for word."""
    record = one.record
    cited = record.get("articles")
    return f"{one.spool_id}:{one.seq}", Entry(
        kind=SPOOLED,
        actor_id=str(record.get("person")),
        actor_name=str(record.get("person_name")),
        capacity=str(record.get("capacity")),
        subject=f"camera:{record.get('camera')}",
        at_90k=_instant(record.get("at_90k")),
        via="streaming",
        articles=tuple(str(article) for article in cited) if isinstance(cited, list) else (),
        facts={"record": record, "kid": one.kid, "signature": one.signature, "is_chained": one.is_chained},
    )


def _instant(value: object) -> Ticks90k:
    return Ticks90k(value if isinstance(value, int) else 0)
