"""`mingjian ledger erase|new-epoch`: what is done to the ledger, each an act that stands in it."""

import argparse
from typing import TYPE_CHECKING

from mingjian.base.clock import SystemClock
from mingjian.cli import django_door
from mingjian.cli.commands import CommandError
from mingjian.host import deployment
from mingjian.host.database import Role
from mingjian.host.home import Home

if TYPE_CHECKING:
    from mingjian.cli.commands import Commands
    from mingjian.ledger.epochs import Connection


def register(ledger: "Commands") -> None:
    """Enter the two commands."""
    erase = ledger.add_parser(
        "erase", help="清除一条记录中填写的文字，记录本身保留。 the words of an entry, which stays"
    )
    erase.add_argument("seq", type=int)
    erase.add_argument("--ground", required=True, help="依据，如法律条款和当事人的请求。 what obliges to it")
    erase.set_defaults(run=erase_texts)
    epoch = ledger.add_parser("new-epoch", help="数据库从旧副本恢复后，另起一段日志。 go on after a restore")
    epoch.add_argument("--reason", required=True)
    epoch.set_defaults(run=begin_epoch)


def erase_texts(arguments: argparse.Namespace, home: Home) -> int:
    """Erase the texts of an entry of the newest shard."""
    import json

    from mingjian.ledger import leaves, payload

    with _connect(home) as connection:
        shard = leaves.newest_shard(connection.cursor())
        row = connection.execute(
            "SELECT body FROM public.ledger_entry WHERE shard = %s AND seq = %s", (shard, arguments.seq)
        ).fetchone()
    facts = {} if row is None else json.loads(bytes(row[0]))["entry"]["facts"]
    commitments = payload.commitments_in(facts)
    if not commitments:
        raise CommandError("cli.no_text", seq=arguments.seq)
    django_door.open_django(home)
    from django.db import transaction

    from mingjian.people import acts

    with transaction.atomic(durable=True):
        erased = acts.erase_texts(
            commitments=commitments,
            subject=f"entry:{shard}/{arguments.seq}",
            ground=arguments.ground,
            actor=acts.SHELL,
            at_90k=SystemClock().utc(),
        )
    print(f"已清除 {erased} 处文字。 Erased {erased}.")
    return 0


def _connect(home: Home) -> "Connection":
    return django_door.connect(home, Role.LEDGER)


def begin_epoch(arguments: argparse.Namespace, home: Home) -> int:
    """Declare what was lost and count the epoch on; from the next start the ledger goes on in a shard of its own."""
    from mingjian.ledger import epochs

    before = deployment.load(home)
    kept = [note.read_text(encoding="utf-8") for note in sorted(home.ledger.glob("*.note"))]
    with django_door.connect(home, Role.LEDGER) as connection:
        lost = epochs.losses(connection, shard=before.epoch, kept=kept)
    django_door.open_django(home)
    from django.db import transaction

    from mingjian.people import acts

    after = deployment.begin_epoch(home)
    with transaction.atomic(durable=True):
        acts.record(
            kind=epochs.STARTED_KIND,
            actor=acts.SHELL,
            subject=f"epoch:{after.epoch}",
            facts={"reason": arguments.reason, "lost": lost},
            at_90k=SystemClock().utc(),
        )
    print(f"第 {after.epoch} 段。请重新启动系统，并把 mingjian ledger key 交给各见证方。")
    print(f"Epoch {after.epoch}. Restart the system, and give every witness what `mingjian ledger key` prints.")
    return 0
