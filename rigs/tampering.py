"""The corpus of falsified ledgers: what a database administrator, or a thief of the key, can do to ten thousand leaves.

Each case starts from a sound ledger whose last checkpoint a witness cosigned and an office kept, does its deed by SQL
under guards switched off, and must give exactly its verdict, by the product and by the stand-alone verifier alike.
"""

from dataclasses import dataclass

from mingjian.ledger.verdict import Outcome

SIZE = 10_000
EARLIER = 9_000
CUT = (f"DELETE FROM ledger_entry WHERE seq >= {SIZE}", f"DELETE FROM ledger_checkpoint WHERE size > {SIZE}")
_OPEN_PLACES = "ALTER TABLE ledger_entry DROP CONSTRAINT ledger_entry_pkey"
_REHASH = "UPDATE ledger_entry SET leaf = sha256('\\x00'::bytea || body) WHERE seq = {seq}"
_REWORD = "UPDATE ledger_entry SET body = convert_to(replace(convert_from(body, 'UTF8'), '王', '李'), 'UTF8')"
_SHIFT = (
    "UPDATE ledger_entry SET seq = seq + 20000 WHERE seq >= {seq}",
    "UPDATE ledger_entry SET seq = seq - 19999 WHERE seq >= 20000",
)
_COPY = "INSERT INTO ledger_entry SELECT shard, {to}, 99999, body, leaf FROM ledger_entry WHERE seq = {of}"


@dataclass(frozen=True, slots=True)
class Case:
    """One deed and its verdict. `is_resigned`: afterwards the thief signs the changed tree with the stolen key.

    `code` is the first finding; "" where nothing can be found, which is then said to be so.
    """

    name: str
    deed: tuple[str, ...]
    outcome: Outcome
    code: str
    is_resigned: bool = False


CASES = (
    Case(
        "T1 one byte of a body",
        ("UPDATE ledger_entry SET body = set_byte(body, 40, get_byte(body, 40) # 1) WHERE seq = 4711",),
        Outcome.INVALID,
        "ledger.leaf_mismatch",
    ),
    Case(
        "T2 a body with its leaf hash",
        (f"{_REWORD} WHERE seq = 4711", _REHASH.format(seq=4711)),
        Outcome.INVALID,
        "ledger.root_mismatch",
    ),
    Case(
        "T3 the whole tree computed anew without the key",
        (
            f"{_REWORD} WHERE seq = 4711",
            _REHASH.format(seq=4711),
            "UPDATE ledger_checkpoint SET root = sha256(root) WHERE size > 4711",
        ),
        Outcome.INVALID,
        "ledger.checkpoint_forged",
    ),
    Case(
        "T4 the whole tree computed anew with the stolen key",
        (f"{_REWORD} WHERE seq = 4711", _REHASH.format(seq=4711), "DELETE FROM ledger_checkpoint"),
        Outcome.DIVERGED,
        "ledger.diverged",
        is_resigned=True,
    ),
    Case(
        "T5 a middle row deleted",
        ("DELETE FROM ledger_entry WHERE seq = 4711",),
        Outcome.INVALID,
        "ledger.row_missing",
    ),
    Case(
        "T6 the last row deleted",
        (f"DELETE FROM ledger_entry WHERE seq >= {SIZE - 1}",),
        Outcome.INVALID,
        "ledger.tail_missing",
    ),
    Case(
        "T6 a hundred rows deleted with their checkpoints",
        (
            f"DELETE FROM ledger_entry WHERE seq >= {SIZE - 100}",
            f"DELETE FROM ledger_checkpoint WHERE size > {SIZE - 100}",
        ),
        Outcome.DIVERGED,
        "ledger.diverged",
    ),
    Case(
        "T7 two rows swapped",
        (
            "UPDATE ledger_entry SET seq = 99999 WHERE seq = 4711",
            "UPDATE ledger_entry SET seq = 4711 WHERE seq = 815",
            "UPDATE ledger_entry SET seq = 815 WHERE seq = 99999",
        ),
        Outcome.INVALID,
        "ledger.row_misplaced",
    ),
    Case(
        "T8 a back-dated row inserted",
        (*(step.format(seq=4711) for step in _SHIFT), _COPY.format(of=4710, to=4711)),
        Outcome.INVALID,
        "ledger.row_misplaced",
    ),
    Case(
        "T9 a row duplicated at the end",
        (_COPY.format(of=4711, to=SIZE),),
        Outcome.INVALID,
        "ledger.row_misplaced",
    ),
    Case(
        "T10 a place used twice",
        (_OPEN_PLACES, _COPY.format(of=4711, to=4711)),
        Outcome.INVALID,
        "ledger.row_repeated",
    ),
    Case(
        "T11 a checkpoint replaced by an older one",
        (
            "UPDATE ledger_checkpoint SET note = (SELECT note FROM ledger_checkpoint WHERE size = 1000)"
            f" WHERE size = {SIZE}",
        ),
        Outcome.INVALID,
        "ledger.checkpoint_forged",
    ),
    Case(
        "T12 two checkpoints of one size",
        (f"{_REWORD} WHERE seq = 9999", _REHASH.format(seq=9999), f"DELETE FROM ledger_checkpoint WHERE size = {SIZE}"),
        Outcome.DIVERGED,
        "ledger.diverged",
        is_resigned=True,
    ),
    Case(
        "T13 last week's database put back, then gone on with",
        (
            f"DELETE FROM ledger_entry WHERE seq >= {EARLIER}",
            f"DELETE FROM ledger_checkpoint WHERE size > {EARLIER}",
            f"INSERT INTO ledger_entry SELECT 1, g, 50000 + g, b, sha256('\\x00'::bytea || b)"
            f' FROM generate_series({EARLIER}, {SIZE + 50}) g, LATERAL (SELECT convert_to(\'{{"entry":{{}},'
            f'"received_at_90k":1,"seq":\' || g || \',"shard":1,"writer":"x"}}\', \'UTF8\') b) made',
        ),
        Outcome.DIVERGED,
        "ledger.diverged",
        is_resigned=True,
    ),
    Case(
        "T14 an honest copy put back after the disk was lost",
        (
            f"DELETE FROM ledger_entry WHERE seq >= {EARLIER}",
            f"DELETE FROM ledger_checkpoint WHERE size > {EARLIER}",
        ),
        Outcome.DIVERGED,
        "ledger.diverged",
    ),
    Case(
        "T15 one bit of a stored leaf hash",
        ("UPDATE ledger_entry SET leaf = set_byte(leaf, 5, get_byte(leaf, 5) # 16) WHERE seq = 4711",),
        Outcome.INVALID,
        "ledger.leaf_mismatch",
    ),
    Case(
        "T22 an act whose actor's clock is ten years ahead, one whose is an hour behind",
        (),
        Outcome.WITNESSED,
        "",
    ),
)
