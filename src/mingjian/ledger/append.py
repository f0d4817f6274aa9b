"""Write an act into the ledger, within the act's own transaction: no leaf, no act."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice

from mingjian.base.ticks import Ticks90k
from mingjian.ledger import canonical
from mingjian.ledger.canonical import JsonValue
from mingjian.ledger.database import Cursor

ENTRY_VERSION = 1
AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Entry:
    """One act of a person, or one report of a machine.

    `kind` is a stable code ("viewing.session_issued"); `actor_id` a person's id or the name of a process; `capacity`
    the acting capacity (办理身份) as a stable code; `subject` what was acted on ("camera:<id>"); `articles` the rules
    it rests on or was refused under; `at_90k` the actor's clock; `via` the door it came through ("web", "shell").
    `facts` hold text, whole numbers, booleans, null, lists and maps; never a secret.
    """

    kind: str
    actor_id: str
    actor_name: str
    capacity: str
    subject: str
    at_90k: Ticks90k
    via: str
    articles: tuple[str, ...] = ()
    facts: Mapping[str, JsonValue] = field(default_factory=dict)


def append(cursor: Cursor, *, entry: Entry) -> int:
    """Write the entry as a pending leaf and return its number; it enters the tree within about a second of the commit.

    Raises CanonicalError before anything is written, and the database's own error when it refuses.
    """
    cursor.execute("SELECT public.ledger_append(%s)", (encode(entry),))
    return int(cursor.fetchone()[0])


def append_all(cursor: Cursor, *, entries: Iterable[Entry]) -> None:
    """Write many entries as pending leaves in their order, a statement for each thousand. As `append`."""
    waiting = iter(entries)
    while bodies := [encode(entry) for entry in islice(waiting, AT_ONCE)]:
        cursor.execute("SELECT public.ledger_append(body) FROM unnest(%s::bytea[]) AS told (body)", (bodies,))


def encode(entry: Entry) -> bytes:
    """Return the entry's canonical bytes."""
    return canonical.encode(
        {
            "v": ENTRY_VERSION,
            "kind": entry.kind,
            "actor": {"id": entry.actor_id, "name": entry.actor_name, "capacity": entry.capacity},
            "subject": entry.subject,
            "articles": entry.articles,
            "at_90k": entry.at_90k,
            "via": entry.via,
            "facts": entry.facts,
        }
    )
