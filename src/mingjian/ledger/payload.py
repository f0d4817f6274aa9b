"""Free text that can be erased: the leaf holds a salted commitment, text and salt lie beside the tree.

Once both are gone the leaf still verifies and still says who did what and when; nobody can tell any more what was said.
"""

import os
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

from mingjian.ledger.append import Entry, encode
from mingjian.ledger.canonical import JsonValue
from mingjian.ledger.database import Cursor

ERASED_KIND = "ledger.text_erased"
COMMITMENT = "commitment"
_SALT_BYTES = 32


def commitment_of(salt: bytes, said: bytes) -> bytes:
    """Return what a leaf holds in place of a text."""
    return sha256(b"\x02" + salt + said).digest()


def keep(cursor: Cursor, said: str) -> JsonValue:
    """Keep a text and return the fact that stands for it; in the transaction of the act that holds the fact."""
    salt, raw = os.urandom(_SALT_BYTES), said.encode("utf-8")
    commitment = commitment_of(salt, raw)
    cursor.execute("SELECT public.ledger_keep(%s, %s, %s)", (commitment, salt, raw))
    return {COMMITMENT: commitment.hex()}


def erase(cursor: Cursor, *, commitments: Iterable[str], entry: Entry) -> int:
    """Erase texts, by their commitments in hex, with the act that says why; return how many were still there.

    The entry is of the kind "ledger.text_erased" and names the commitments among its facts; the database refuses
    another.
    """
    raw = [bytes.fromhex(commitment) for commitment in commitments]
    cursor.execute("SELECT public.ledger_erase(%s, %s)", (raw, encode(entry)))
    return int(cursor.fetchone()[0])


def commitments_in(facts: Mapping[str, Any]) -> list[str]:
    """Return the commitments that stand among the facts of an act."""
    return [str(value[COMMITMENT]) for value in facts.values() if _is_commitment(value)]


def read(cursor: Cursor, commitments: Iterable[str]) -> dict[str, str]:
    """Return the texts that are still there, by commitment in hex."""
    wanted = [bytes.fromhex(commitment) for commitment in commitments if _is_hex(commitment)]
    if not wanted:
        return {}
    cursor.execute("SELECT commitment, said FROM public.ledger_payload WHERE commitment = ANY (%s)", (wanted,))
    return {
        bytes(commitment).hex(): bytes(said).decode("utf-8", errors="replace") for commitment, said in cursor.fetchall()
    }


def filled(facts: Mapping[str, Any], texts: Mapping[str, str]) -> dict[str, Any]:
    """Return the facts with their texts; one that is gone is None."""
    return {
        name: texts.get(str(value[COMMITMENT])) if _is_commitment(value) else value for name, value in facts.items()
    }


def _is_commitment(value: object) -> bool:
    return isinstance(value, Mapping) and set(value) == {COMMITMENT}


def _is_hex(text: str) -> bool:
    return len(text) == 64 and all(character in "0123456789abcdef" for character in text)
