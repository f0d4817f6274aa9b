"""Ten thousand leaves, signed in ten steps, cosigned by a witness; every test falsifies a copy of its own."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from psycopg import sql

from mingjian.base.ids import new_id
from mingjian.base.ticks import TICKS_PER_S
from mingjian.grants import signing
from mingjian.grants.signing import KeyPurpose
from mingjian.host.home import Home
from mingjian.host.postgres import Cluster
from mingjian.ledger import checkpoint, cosignature
from mingjian.ledger.append import encode
from mingjian.ledger.checkpoint import Checkpoint
from mingjian.ledger.cosignature import WitnessKey
from mingjian.ledger.merkle import TreeHasher
from rigs.tampering import SIZE, Case

WITNESSED_AT_S = 1_800_000_000
TEMPLATE = "tampering_template"
_STEP = SIZE // 10


@dataclass
class Sound:
    """A ledger nobody touched: a database to copy, its keys, and what was kept outside the database."""

    ledger: Any
    template: str
    witness: WitnessKey
    witness_private: Ed25519PrivateKey
    kept: str


@dataclass
class Falsified:
    """A copy to falsify, verified with what the office and the witness kept."""

    ledger: Any
    sound: Sound

    def suffer(self, case: Case) -> None:
        self.ledger.tamper(*case.deed)
        if case.is_resigned:
            self.sign_what_is_there()

    def sign_what_is_there(self) -> None:
        """Sign the tree as it stands, as a thief of the key would."""
        tree = TreeHasher()
        with self.ledger.connect("superuser") as connection:
            for (leaf,) in connection.execute("SELECT leaf FROM ledger_entry ORDER BY seq").fetchall():
                tree.append_hash(bytes(leaf))
            origin = checkpoint.origin_of(deployment_id=self.ledger.deployment_id, shard=1)
            note = checkpoint.sign(
                Checkpoint(origin=origin, size=tree.size, root=tree.root()), signer=self.ledger.signer
            )
            # As the owner: the guards of a checkpoint have nothing against a larger one that is signed.
            connection.execute("SET ROLE mingjian_owner")
            connection.execute(
                "INSERT INTO ledger_checkpoint (shard, size, root, note) VALUES (1, %s, %s, %s)",
                (tree.size, tree.root(), note),
            )

    def verify(self, **changes: Any) -> Any:
        given = {"now_90k": self.newest_90k(), "anchors": [self.sound.kept], "witnesses": [self.sound.witness]}
        return self.ledger.verify(**(given | changes))

    def newest_90k(self) -> int:
        with self.ledger.connect("mingjian_web") as connection:
            row = connection.execute("SELECT floor(extract(epoch FROM clock_timestamp()))::bigint").fetchone()
        return int(row[0]) * TICKS_PER_S


@pytest.fixture(scope="session")
def sound(
    postgres: Cluster,
    ledger_template: str,
    copied: Callable[..., Any],
    make_ledger: Callable[..., Any],
    make_entry: Callable[..., Any],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Sound]:
    root = tmp_path_factory.mktemp("sound")
    home = Home(root=root, bind="127.0.0.1", port=8000, media_port=8001)
    signer = signing.generate(home, purpose=KeyPurpose.LEDGER)
    private = Ed25519PrivateKey.generate()
    witness = WitnessKey(name="witness.example/jijian", public_bytes=private.public_key().public_bytes_raw())
    with copied(postgres, ledger_template) as connect:
        ledger = make_ledger(connect=connect, signer=signer, memory=root / "ledger", deployment_id=new_id())
        body = encode(make_entry())
        for _ in range(0, SIZE, _STEP):
            with connect("mingjian_web") as connection:
                connection.execute("SELECT ledger_append(%s) FROM generate_series(1, %s)", (body, _STEP))
            ledger.sequence()
        with connect("superuser") as connection:
            name = connection.info.dbname
        note = ledger.notes()[-1]
        text, _lines = checkpoint.split(note)
        kept = note + cosignature.cosign(text, key=witness, private_key=private, at_s=WITNESSED_AT_S) + "\n"
        connect.close_all()
        with postgres.connect_as_cluster_role("postgres") as connection:
            connection.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(name), sql.Identifier(TEMPLATE))
            )
    yield Sound(ledger, TEMPLATE, witness, private, kept)


@pytest.fixture
def falsified(
    sound: Sound, postgres: Cluster, copied: Callable[..., Any], make_ledger: Callable[..., Any], tmp_path: Path
) -> Iterator[Falsified]:
    memory = tmp_path / "ledger"
    shutil.copytree(sound.ledger.memory, memory)
    with copied(postgres, sound.template) as connect:
        ledger = make_ledger(
            connect=connect, signer=sound.ledger.signer, memory=memory, deployment_id=sound.ledger.deployment_id
        )
        yield Falsified(ledger, sound)
