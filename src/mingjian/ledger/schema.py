"""Install the ledger into a database: tables, doors and guards from schema.sql, then who may use which door."""

import re
from collections.abc import Sequence
from importlib import resources

from mingjian.ledger.database import Cursor

SEQUENCER_ROLE = "mingjian_ledger"

_TABLES = ("ledger_pending", "ledger_entry", "ledger_checkpoint")
_APPEND = "ledger_append(bytea)"
_KIND = "ledger_kind(bytea)"
_SEQUENCER_DOORS = ("ledger_sequence(integer, integer)", "ledger_publish(integer, bigint, bytea, text)")
_INNER = (
    "ledger_leaf_body(public.ledger_pending, integer, bigint)",
    "ledger_guard_forbid()",
    "ledger_guard_door()",
    "ledger_guard_entry()",
    "ledger_guard_pending_delete()",
    "ledger_guard_checkpoint()",
)
_PAYLOAD_DOORS = ("ledger_keep(bytea, bytea, bytea)", "ledger_erase(bytea[], bytea)")
_PAYLOAD_GUARD = "ledger_guard_erasure()"
_ROLE = re.compile(r"[a-z_][a-z0-9_]{0,62}")


def install(cursor: Cursor, *, owner: str, runtime_roles: Sequence[str], sequencer_role: str = SEQUENCER_ROLE) -> None:
    """Create the ledger, owned by `owner`, in the caller's transaction.

    `runtime_roles` may read and append; `sequencer_role` may read, sequence and publish; nobody may do anything else,
    whatever default privileges the database grants to new tables. All roles exist already, and the cursor's role is
    `owner` or may act for it.
    """
    owner_name = _quoted(owner)
    runtime_names = ", ".join(_quoted(role) for role in runtime_roles)
    sequencer_name = _quoted(sequencer_role)
    script = [resources.files("mingjian.ledger").joinpath("schema.sql").read_text(encoding="utf-8")]
    for table in _TABLES:
        script.append(f"ALTER TABLE public.{table} OWNER TO {owner_name}")
    for function in (_APPEND, _KIND, *_SEQUENCER_DOORS, *_INNER):
        script.append(f"ALTER FUNCTION public.{function} OWNER TO {owner_name}")
    readers = ", ".join(filter(None, (runtime_names, sequencer_name)))
    script.append(f"GRANT SELECT ON {', '.join(f'public.{table}' for table in _TABLES)} TO {readers}")
    script.append(f"GRANT EXECUTE ON FUNCTION public.{_KIND} TO {readers}")
    if runtime_names:
        script.append(f"GRANT EXECUTE ON FUNCTION public.{_APPEND} TO {runtime_names}")
    for door in _SEQUENCER_DOORS:
        script.append(f"GRANT EXECUTE ON FUNCTION public.{door} TO {sequencer_name}")
    for statement in script:
        # Literal but for role names, which _quoted has matched against the plain form of an identifier.
        cursor.execute(statement)


def install_payload(
    cursor: Cursor, *, owner: str, runtime_roles: Sequence[str], sequencer_role: str = SEQUENCER_ROLE
) -> None:
    """Add to a ledger that stands the table of erasable texts; who may read entries may read it, and use its doors."""
    owner_name = _quoted(owner)
    runtime_names = ", ".join(_quoted(role) for role in runtime_roles)
    functions = ", ".join(f"public.{function}" for function in (*_PAYLOAD_DOORS, _PAYLOAD_GUARD))
    everybody = ", ".join(filter(None, ("PUBLIC", runtime_names, _quoted(sequencer_role))))
    script = [resources.files("mingjian.ledger").joinpath("payload.sql").read_text(encoding="utf-8")]
    script.append(f"ALTER TABLE public.ledger_payload OWNER TO {owner_name}")
    script += [f"ALTER FUNCTION public.{name} OWNER TO {owner_name}" for name in (*_PAYLOAD_DOORS, _PAYLOAD_GUARD)]
    # Whatever default privileges gave is taken back first.
    script.append(f"REVOKE ALL ON public.ledger_payload FROM {everybody}")
    script.append(f"REVOKE ALL ON FUNCTION {functions} FROM {everybody}")
    script.append(
        f"GRANT SELECT ON public.ledger_payload TO {', '.join(filter(None, (runtime_names, _quoted(sequencer_role))))}"
    )
    if runtime_names:
        doors = ", ".join(f"public.{door}" for door in _PAYLOAD_DOORS)
        script.append(f"GRANT EXECUTE ON FUNCTION {doors} TO {runtime_names}")
    for statement in script:
        cursor.execute(statement)


def _quoted(role: str) -> str:
    if not _ROLE.fullmatch(role):
        raise ValueError("a role is a plain lower-case identifier")
    return f'"{role}"'
