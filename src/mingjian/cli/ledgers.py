"""`mingjian ledger verify|list|rollups`: all hashed again from the first leaf, the entries, and the roll-ups."""

import argparse
import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from mingjian.base import ticks
from mingjian.base.clock import SystemClock
from mingjian.cli import django_door, ledger_acts, taking_away, witnessing
from mingjian.cli.commands import add_json
from mingjian.host.database import Role
from mingjian.host.home import Home

if TYPE_CHECKING:
    from mingjian.cli.commands import Commands


def register(commands: "Commands") -> None:
    """Enter the commands of this module."""
    ledger = commands.add_parser("ledger", help="操作日志。 the ledger of acts").add_subparsers(required=True)
    witnessing.register_ours(ledger)
    taking_away.register(ledger)
    ledger_acts.register(ledger)
    verify = ledger.add_parser(
        "verify",
        help="从头核对；退出码 0、10、11、20、21 即结论。 hash all again; the exit code is the verdict",
    )
    verify.add_argument(
        "--anchor", type=Path, action="append", default=[], help="别处保存的检查点。 a checkpoint kept elsewhere"
    )
    add_json(verify)
    verify.set_defaults(run=run_verify)
    rolled = ledger.add_parser("rollups", help="录像摘要的每小时汇总：最近一次和等待的。 hourly roll-ups of recordings")
    add_json(rolled)
    rolled.set_defaults(run=list_rollups)
    listing = ledger.add_parser("list", help="最近的条目。 the newest entries")
    listing.add_argument("--limit", type=int, default=20)
    listing.add_argument("--kind", default=None)
    add_json(listing)
    listing.set_defaults(run=list_entries)


def run_verify(arguments: argparse.Namespace, home: Home) -> int:
    """Hash every leaf again. Exit code: 0 WITNESSED, 10 ANCHORED, 11 UNANCHORED, 20 DIVERGED, 21 INVALID."""
    django_door.open_django(home)
    from mingjian.console import ledger_duties
    from mingjian.ledger.verdict import EXIT_CODES

    with django_door.connect(home, Role.LEDGER) as connection:
        anchors = tuple(note.read_text(encoding="utf-8") for note in arguments.anchor)
        verdict = ledger_duties.check(home, connection, clock=SystemClock(), anchors=anchors)
    told = {
        "outcome": verdict.outcome.value,
        "shard": verdict.shard,
        "size": verdict.size,
        "root": verdict.root.hex(),
        "signed_size": verdict.signed_size,
        "pending": verdict.pending,
        "witnessed_size": verdict.witnessed_size,
        "witnesses": list(verdict.witnesses),
        "findings": [asdict(finding) for finding in verdict.findings],
        "warnings": list(verdict.warnings),
    }
    if arguments.is_json:
        print(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        print(f"{verdict.outcome.value}  {verdict.size} 条，已签名 {verdict.signed_size}，待入树 {verdict.pending}")
        print(f"根 root {verdict.root.hex()}")
        if verdict.witnesses:
            print(f"见证 witnessed {verdict.witnessed_size}  {' '.join(verdict.witnesses)}")
        for finding in verdict.findings:
            print(f"{finding.code}  {finding.shard}/{finding.seq}–{finding.last_seq}  {finding.detail}".rstrip())
        for warning in verdict.warnings:
            print(warning)
    return EXIT_CODES[verdict.outcome]


def list_rollups(arguments: argparse.Namespace, home: Home) -> int:
    """Print how each volume's roll-ups stand. Exit code 1 when something waits that should have been written."""
    django_door.open_django(home)
    from mingjian.registry import rollups

    now_90k = SystemClock().utc()
    found = rollups.standing()
    for one in found:
        told = {
            "volume": str(one.volume.pk),
            "name": one.volume.name,
            "number": None if one.last is None else one.last.number,
            "start_at": None if one.last is None else ticks.to_iso(one.last.start_90k),
            "end_at": None if one.last is None else ticks.to_iso(one.last.end_90k),
            "files": None if one.last is None else one.last.files,
            "late": None if one.last is None else one.last.late,
            "root": None if one.last is None else one.last.root,
            "waiting": one.waiting,
            "is_late": rollups.is_late(one, now_90k=now_90k),
        }
        if arguments.is_json:
            print(json.dumps(told, ensure_ascii=False))
            continue
        print(f"{one.volume.name}  待汇总 {one.waiting}{'  ！超过一小时' if told['is_late'] else ''}")
        if one.last is not None:
            print(f"  第 {one.last.number} 次  {told['start_at']} – {told['end_at']}  {one.last.files} 个文件", end="")
            print(f"，其中较早的 {one.last.late} 个" if one.last.late else "")
            print(f"  根 root {one.last.root}")
    return int(any(rollups.is_late(one, now_90k=now_90k) for one in found))


def list_entries(arguments: argparse.Namespace, home: Home) -> int:
    """Print the newest entries."""
    from mingjian.ledger import leaves

    with django_door.connect(home, Role.LEDGER) as connection, connection.cursor() as cursor:
        found = leaves.list_entries(cursor, before_seq=None, limit=arguments.limit, kind=arguments.kind)
    for leaf in found:
        entry = leaf.entry
        if arguments.is_json:
            told = {"shard": leaf.shard, "seq": leaf.seq, "is_signed": leaf.is_signed, "writer": leaf.writer}
            print(json.dumps(told | asdict(entry), ensure_ascii=False))
            continue
        when = ticks.to_iso(entry.at_90k)
        print("  ".join([f"{leaf.seq:>6}", when, entry.kind, entry.actor_name, entry.subject, *entry.articles]))
    return 0
