"""The little of DB-API that the ledger asks of its callers: psycopg's cursor and Django's both fit."""

from collections.abc import Sequence
from typing import Any, LiteralString, Protocol


class Cursor(Protocol):
    """An open cursor inside the caller's transaction."""

    def execute(self, query: LiteralString, params: Sequence[Any] = ..., /) -> Any:
        """Run one statement with %s parameters."""
        ...

    def fetchone(self) -> Any:
        """Return the next row or None."""
        ...

    def fetchall(self) -> list[Any]:
        """Return all rows that are left."""
        ...
