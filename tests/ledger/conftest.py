"""A fresh database with the ledger installed, and connections as each role, for the ledger's tests."""

import itertools
from collections.abc import Callable, Iterator

import psycopg
import pytest
from psycopg import sql

from mingjian.host import secrets
from mingjian.host.database import Role
from mingjian.host.postgres import Cluster
from mingjian.ledger import schema

TEMPLATE = "ledger_template"
_numbers = itertools.count()

Connection = psycopg.Connection[tuple[object, ...]]
Connect = Callable[[str], Connection]


@pytest.fixture(scope="session")
def ledger_template(postgres: Cluster) -> str:
    """A database with an empty ledger, to be copied."""
    with postgres.connect_as_cluster_role("postgres") as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(TEMPLATE), sql.Identifier(Role.OWNER))
        )
    with open_as(postgres, Role.OWNER, TEMPLATE) as connection:
        schema.install(
            connection.cursor(), owner=Role.OWNER.value, runtime_roles=(Role.WEB.value, Role.STREAMING.value)
        )
    return TEMPLATE


@pytest.fixture
def connect(postgres: Cluster, ledger_template: str) -> Iterator[Connect]:
    """Open a connection to this test's own database, as a named role or as "superuser"; not in autocommit."""
    name = f"ledger_{next(_numbers)}"
    opened: list[Connection] = []
    with postgres.connect_as_cluster_role("postgres") as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}").format(
                sql.Identifier(name), sql.Identifier(ledger_template), sql.Identifier(Role.OWNER)
            )
        )

    def open_one(role: str) -> Connection:
        if role == "superuser":
            connection = postgres.connect_as_cluster_role(name)
            connection.autocommit = False
        else:
            connection = open_as(postgres, Role(role), name)
        opened.append(connection)
        return connection

    yield open_one
    for connection in opened:
        connection.close()
    with postgres.connect_as_cluster_role("postgres") as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def open_as(postgres: Cluster, role: Role, database: str) -> Connection:
    address = postgres.address(role)
    return psycopg.connect(
        host=address.host,
        port=address.port,
        dbname=database,
        user=address.user,
        password=secrets.read(address.password_file),
    )
