"""A fresh database with the ledger installed, and connections as each role, for the ledger's tests."""

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from mingjian.base.ids import new_id
from mingjian.base.ticks import Ticks90k
from mingjian.grants import signing
from mingjian.grants.signing import KeyPurpose
from mingjian.grants.signing import Signer as Key
from mingjian.host import secrets
from mingjian.host.database import Role
from mingjian.host.home import Home
from mingjian.host.postgres import Cluster
from mingjian.ledger import schema
from mingjian.ledger.append import Entry, append
from mingjian.ledger.sequencer import Progress, Sequencer
from mingjian.ledger.signer import Signer
from mingjian.ledger.verify import GUARDS, Verdict, verify

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
        schema.install_payload(
            connection.cursor(), owner=Role.OWNER.value, runtime_roles=(Role.WEB.value, Role.STREAMING.value)
        )
    return TEMPLATE


@pytest.fixture
def connect(postgres: Cluster, ledger_template: str) -> Iterator[Connect]:
    """Open a connection to this test's own database, as a named role or as "superuser"; not in autocommit."""
    with copy_of(postgres, ledger_template) as open_one:
        yield open_one


@pytest.fixture(scope="session")
def copied() -> Callable[..., Any]:
    return copy_of


@pytest.fixture(scope="session")
def make_ledger() -> Callable[..., Any]:
    return Ledger


@pytest.fixture(scope="session")
def make_entry() -> Callable[..., Entry]:
    return entry


class Doors:
    """Opens connections to one database, and closes them all when asked."""

    def __init__(self, postgres: Cluster, name: str) -> None:
        self._postgres, self._name = postgres, name
        self._opened: list[Connection] = []

    def __call__(self, role: str) -> Connection:
        if role == "superuser":
            connection = self._postgres.connect_as_cluster_role(self._name)
            connection.autocommit = False
        else:
            connection = open_as(self._postgres, Role(role), self._name)
        self._opened.append(connection)
        return connection

    def close_all(self) -> None:
        for connection in self._opened:
            connection.close()


@contextmanager
def copy_of(postgres: Cluster, template: str, *, strategy: str = "wal_log") -> Iterator[Doors]:
    """A database of one's own, copied from a template and dropped at the end."""
    name = f"ledger_{next(_numbers)}"
    with postgres.connect_as_cluster_role("postgres") as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {} STRATEGY {}").format(
                sql.Identifier(name), sql.Identifier(template), sql.Identifier(Role.OWNER), sql.Identifier(strategy)
            )
        )

    doors = Doors(postgres, name)
    yield doors
    doors.close_all()
    with postgres.connect_as_cluster_role("postgres") as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def open_as(postgres: Cluster, role: Role, database: str) -> Connection:
    address = postgres.address(role)
    return psycopg.connect(
        host=address.host,
        port=address.port,
        dbname=database,
        user=address.user,
        password=secrets.read(address.password_file),
    )


@dataclass
class Ledger:
    """A test's own ledger: its roles, its key, and what a clerk would do with it."""

    connect: Connect
    signer: Key
    memory: Path
    deployment_id: str

    def sequencer(self, *, shard: int = 1) -> Sequencer:
        return Sequencer(
            signer=Signer(key=self.signer, deployment_id=self.deployment_id, folder=self.memory / "signer"),
            keys=self.signer.verifier().keys.values(),
            deployment_id=self.deployment_id,
            shard=shard,
            memory_folder=self.memory,
        )

    def append(self, count: int, *, kind: str = "test.happened") -> None:
        with self.connect(Role.WEB) as connection:
            for number in range(count):
                append(connection.cursor(), entry=entry(kind=kind, facts={"number": number}))

    def sequence(self, *, shard: int = 1) -> Progress:
        with self.autocommit(Role.LEDGER) as connection:
            return self.sequencer(shard=shard).run_once(connection)

    def grow(self, *batches: int) -> None:
        """Append and sign each batch: one checkpoint a batch."""
        for count in batches:
            self.append(count)
            self.sequence()

    def autocommit(self, role: str) -> Connection:
        connection = self.connect(role)
        connection.autocommit = True
        return connection

    def verify(self, *, now_90k: int = 0, **given: Any) -> Verdict:
        with self.autocommit(Role.WEB) as connection:
            return verify(
                connection,
                verifier=self.signer.verifier(),
                deployment_id=self.deployment_id,
                now_90k=now_90k,
                **given,
            )

    def notes(self) -> list[str]:
        """Every signed note in the database, oldest first."""
        with self.connect(Role.WEB) as connection:
            rows = connection.execute("SELECT note FROM ledger_checkpoint ORDER BY shard, size").fetchall()
        return [str(note) for (note,) in rows]

    def tamper(self, *statements: str) -> None:
        """Do what a database administrator can: switch the guards off, change rows, switch them on again."""
        with self.connect("superuser") as connection:
            connection.execute("ALTER TABLE ledger_entry DROP CONSTRAINT IF EXISTS ledger_entry_leaf_is_hash_of_body")
            # Its expression cannot be computed over a body that is no longer JSON.
            connection.execute("DROP INDEX IF EXISTS ledger_entry_kind")
            self._switch(connection, "DISABLE")
            for statement in statements:
                connection.execute(statement)
            self._switch(connection, "ENABLE ALWAYS")

    def _switch(self, connection: Connection, state: str) -> None:
        for guard in GUARDS:
            table = guard.rpartition("_")[0]
            connection.execute(f"ALTER TABLE {table} {state} TRIGGER {guard}")


@pytest.fixture
def ledger(connect: Connect, home: Home) -> Ledger:
    return Ledger(
        connect=connect,
        signer=signing.generate(home, purpose=KeyPurpose.LEDGER),
        memory=home.root / "ledger",
        deployment_id=new_id(),
    )


def entry(**changes: object) -> Entry:
    values = {
        "kind": "test.happened",
        "actor_id": "p1",
        "actor_name": "王老师",
        "capacity": "operator@lingshui",
        "subject": "camera-1",
        "at_90k": Ticks90k(160_000_000_000_000),
        "via": "web",
        "articles": ("A13",),
        "facts": {"number": 7},
    }
    return Entry(**(values | changes))
