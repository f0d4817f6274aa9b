"""What tests of complaints, queries and closed applications share: pages under the web's role, the ledger as read."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.test import Client


@contextmanager
def as_the_web() -> Iterator[None]:
    """Give a request the role and the privileges it has in the product, and no scope before it enters its own."""
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE mingjian_web")
        cursor.execute("SET mingjian.scope = ''")
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute("RESET mingjian.scope")


def got(client: Client, address: str) -> tuple[int, str]:
    with as_the_web():
        answer = client.get(address)
    return answer.status_code, answer.content.decode()


def sent(client: Client, address: str, **told: Any) -> tuple[int, str]:
    """Post a form and return the status with the address it leads to."""
    with as_the_web():
        answer = client.post(address, told)
    return answer.status_code, str(answer.headers.get("Location", "")) or answer.content.decode()


def sequenced() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_sequence(1, 1000)")


def leaves(kind: str) -> list[dict[str, Any]]:
    """Return every act of a kind, pending or in its place, the newest last."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq, body FROM ledger_entry ORDER BY seq")
        found = [(seq, json.loads(bytes(body))) for seq, body in cursor.fetchall()]
        cursor.execute("SELECT body FROM ledger_pending ORDER BY id")
        found += [(None, json.loads(bytes(body))) for (body,) in cursor.fetchall()]
    read = [{**entry.get("entry", entry), "seq": seq} for seq, entry in found]
    return [entry for entry in read if entry.get("kind") == kind]


def version_on(page: str) -> int:
    matched = re.search(r'name="version" value="(\d+)"', page)
    assert matched is not None, page
    return int(matched[1])
