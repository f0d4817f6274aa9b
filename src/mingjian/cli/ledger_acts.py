"""`mingjian ledger erase|new-epoch`: what is done to the ledger, each an act that stands in it."""

import argparse
from typing import TYPE_CHECKING

from mingjian.base.clock import SystemClock
from mingjian.cli import django_door
from mingjian.cli.commands import CommandError
from mingjian.host import deployment
from mingjian.host.database import Role
from mingjian.host.home import Home
from mingjian.regulation.rules.erasing import Ground

if TYPE_CHECKING:
    from mingjian.cli.commands import Commands
    from mingjian.people.capacity import Acting

_CLOCK = SystemClock()


def register(ledger: "Commands") -> None:
    """Enter the two commands."""
    erase = ledger.add_parser(
        "erase", help="清除一条记录中填写的文字，记录本身保留。 the words of an entry, which stays"
    )
    erase.add_argument("seq", type=int)
    erase.add_argument("--shard", type=int, default=0, help="第几段，默认最近一段。 which part; the newest unless told")
    erase.add_argument(
        "--ground",
        required=True,
        choices=[ground.value for ground in Ground],
        help="依据：写入不合法、目的已实现、同意已撤回（《个人信息保护法》第四十七条）。 what obliges to it",
    )
    erase.add_argument("--reason", required=True, help="事由，如当事人请求的文号。 why, as the number of a request")
    erase.add_argument("--proposer", required=True, help="提出人的用户名（一级管理机构）。 who proposed it")
    erase.add_argument(
        "--decider", required=True, help="决定人的用户名（一级主要负责人）。 who decided, another person"
    )
    erase.set_defaults(run=erase_texts)
    epoch = ledger.add_parser("new-epoch", help="数据库从旧副本恢复后，另起一段日志。 go on after a restore")
    epoch.add_argument("--reason", required=True)
    epoch.set_defaults(run=begin_epoch)


def erase_texts(arguments: argparse.Namespace, home: Home) -> int:
    """Erase the words of an entry, in the name of the two who proposed and decided it. Raises CommandError."""
    django_door.open_django(home)
    from django.db import connection

    from mingjian.ledger import leaves
    from mingjian.people import acts, erasing
    from mingjian.people.models import Person
    from mingjian.people.routing import RuleRefused

    def acting(username: str) -> "Acting":
        person = Person.objects.filter(username=username, is_active=True).first()
        if person is None:
            raise CommandError("cli.person_unknown", person=username)
        return erasing.in_tier_1(person, now_90k=_CLOCK.utc())

    with connection.cursor() as cursor:
        shard = arguments.shard or leaves.newest_shard(cursor)
    try:
        erased = erasing.erase(
            erasure=erasing.Erasure(
                shard=shard, seq=arguments.seq, ground=Ground(arguments.ground), reason=arguments.reason
            ),
            proposer=acting(arguments.proposer),
            decider=acting(arguments.decider),
            actor=acts.SHELL,
            clock=_CLOCK,
        )
    except RuleRefused as refused:
        reasons = refused.decision.reasons
        raise CommandError(
            "cli.erasure_refused",
            seq=arguments.seq,
            reasons_zh="".join(reason.cited_zh for reason in reasons),
            reasons_en=" ".join(reason.cited_en for reason in reasons),
        ) from refused
    print(f"已清除 {erased} 处文字。 Erased {erased}.")
    return 0


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
            facts={"lost": lost},
            texts={"reason": arguments.reason},
            at_90k=_CLOCK.utc(),
        )
    print(f"第 {after.epoch} 段。请重新启动系统，并把 mingjian ledger key 交给各见证方。")
    print(f"Epoch {after.epoch}. Restart the system, and give every witness what `mingjian ledger key` prints.")
    return 0
