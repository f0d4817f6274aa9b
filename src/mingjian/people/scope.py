"""Whose rows the database shows this connection: row-level security's side of the acting capacity.

The second barrier behind `access_*`: a query that forgot its filter finds nothing foreign, and without a scope the
fenced tables are empty. Pages and leases enter the scope of who acts; processes without a person (clerk, commands,
migrations) have the scope `machine` from their first connection on, by the environment.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from weakref import WeakSet

from django.db import DatabaseError, connection
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from psycopg.pq import TransactionStatus

from mingjian.host.database import MACHINE_SCOPE
from mingjian.people.capacity import Acting
from mingjian.people.posts import UNIT

# The connections that a person's scope was put on: the others have nothing to give back.
_entered: WeakSet[Any] = WeakSet()
_SET = "SELECT current_setting('mingjian.scope', true), set_config('mingjian.scope', %s, false)"


def enter(acting: Acting) -> None:
    """Show this connection the person's own rows, those of body, campuses and post, until `leave`.

    A unit of tier 3 has no campus to look after, only what is its own there (A07.3.1).
    """
    campuses = () if acting.tier == UNIT else acting.campuses
    _set(f"{acting.person.pk}|{','.join(campuses)}|{acting.body}|{acting.post or ''}")
    _entered.add(connection.connection)


def leave() -> None:
    """Give the connection back the scope that its process has: none for the web."""
    if connection.connection is None or connection.connection not in _entered:
        return
    try:
        with connection.cursor() as cursor:
            cursor.execute('RESET "mingjian.scope"')
        _entered.discard(connection.connection)
    except DatabaseError:
        # Whoever is next gets another connection; one of unknown scope serves nobody.
        connection.close()


@contextmanager
def of(acting: Acting) -> Iterator[None]:
    """Show the rows of the capacity within a with-block."""
    enter(acting)
    try:
        yield
    finally:
        leave()


@contextmanager
def machine() -> Iterator[None]:
    """Show every row within a with-block or a decorated function: for what no person's scope can answer.

    A sequence without a hole, a hold on cameras that the applicant may not see. Each use says why.
    """
    before = _set(MACHINE_SCOPE)
    try:
        yield
    finally:
        # In a broken transaction nothing can be set; its rollback restores what stood before it.
        if connection.connection is not None and _status() is not TransactionStatus.INERROR:
            _set(before)


class ScopeOfRequest:
    """Takes the scope from the connection once the answer is ready, the page of an error included."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        try:
            return self._get_response(request)
        finally:
            leave()


def _set(scope: str) -> str:
    """Set the scope and return the one before; a rollback undoes it together with everything else."""
    with connection.cursor() as cursor:
        cursor.execute(_SET, [scope])
        row = cursor.fetchone()
    return str(row[0] or "") if row is not None else ""


def _status() -> TransactionStatus:
    return TransactionStatus(connection.connection.info.transaction_status)
