"""`mingjian rebuild`: what the files would make of a volume's index, and the index made anew from them."""

import argparse
import contextlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mingjian.cli import django_door
from mingjian.cli.footage import DAMAGED, plan_of, planned_volumes
from mingjian.host import deployment
from mingjian.host.database import Role
from mingjian.host.home import Home

if TYPE_CHECKING:
    from mingjian.cli.commands import Commands
    from mingjian.recordings.volume import Volume

_PAGE = 1_000
_KINDS = ("recording_deleted", "gap_closed")


def register(commands: "Commands") -> None:
    """Enter the command of this module."""
    rebuild = commands.add_parser(
        "rebuild",
        help="由录像文件重建索引；不加参数只比较。 an index from the files; alone, it compares",
    )
    rebuild.add_argument("volume", help="编号的开头。 the beginning of its id")
    act = rebuild.add_mutually_exclusive_group()
    act.add_argument(
        "--collect",
        type=Path,
        metavar="FILE",
        help="运行时：从操作日志取出。 what the ledger knows",
    )
    act.add_argument("--write", action="store_true", dest="writes", help="停机后：重建。 while all is stopped: do it")
    rebuild.add_argument("--reports", type=Path, metavar="FILE", help="--collect 写的文件。 what --collect wrote")
    rebuild.set_defaults(run=run)


def run(arguments: argparse.Namespace, home: Home) -> int:
    """Compare, collect or write, for one volume."""
    from mingjian.recordings.volume import Volume

    (planned,) = planned_volumes(home, arguments.volume)[:1]
    identity = deployment.load(home).deployment_id
    path = Path(planned.path)
    if arguments.collect is not None:
        return _collect(home, planned.volume_id, arguments.collect)
    if arguments.writes:
        volume = Volume.open(path, deployment_id=identity, volume_id=planned.volume_id)
        return _write(home, volume, arguments.reports)
    return _compare(Volume.open_for_reading(path, deployment_id=identity, volume_id=planned.volume_id))


def _compare(volume: "Volume") -> int:
    from mingjian.recordings import restoring

    count, differences = restoring.compare(volume)
    for found in differences:
        print(f"{found.recording_id}  {found.field}  索引 index {found.in_index}  文件 file {found.in_file}")
    print(f"读了 {count} 个录像，{len(differences)} 处不同。 Read {count}, {len(differences)} differ.", file=sys.stderr)
    print("文件不知道的 What no file knows:", file=sys.stderr)
    for what, source in restoring.UNKNOWN_TO_FILES.items():
        print(f"  {what}: {source}", file=sys.stderr)
    return DAMAGED if differences else 0


def _collect(home: Home, volume_id: str, target: Path) -> int:
    told = [facts for facts in _facts(home) if facts.get("volume") == volume_id]
    target.write_text(json.dumps(told), encoding="utf-8")
    print(f"操作日志中 {len(told)} 条，写入 {target}。 Collected.")
    return 0


def _facts(home: Home) -> Iterator[dict[str, Any]]:
    """Yield what the ledger was told of gaps and deletions, oldest first, of every shard."""
    from mingjian.ledger import leaves

    with django_door.connect(home, Role.LEDGER) as connection, connection.cursor() as cursor:
        for shard in range(1, leaves.newest_shard(cursor) + 1):
            for kind in _KINDS:
                found: list[dict[str, Any]] = []
                before: int | None = None
                while page := leaves.list_entries(
                    cursor, before_seq=before, limit=_PAGE, kind=f"recordings.{kind}", shard=shard
                ):
                    found += [{**leaf.entry.facts, "kind": kind} for leaf in page]
                    before = page[-1].seq
                yield from reversed(found)


def _write(home: Home, volume: "Volume", reports: Path | None) -> int:
    from mingjian.base.clock import SystemClock
    from mingjian.recorder import keeper_duties, timeline
    from mingjian.recorder.timeline import Timeline
    from mingjian.recorder.timeline_clock import TimelineClock
    from mingjian.recordings import restoring
    from mingjian.recordings.index import Index

    plan, founded, clock = plan_of(home), deployment.load(home), SystemClock()
    told = json.loads(reports.read_text(encoding="utf-8")) if reports is not None else []
    host_timeline = Timeline(path=home.root / timeline.PAPER, clock=clock, boot_id=timeline.kernel_boot_id())
    memory = home.keeper_memory(volume.identity.volume_id)
    with volume.keep(memory=memory, index_opens=lambda: None, write_index_opens=lambda _: None):
        moved = restoring.set_aside(volume)
        index = Index.open(
            volume, host=founded.host, epoch=founded.epoch, clock=TimelineClock(timeline=host_timeline, clock=clock)
        )
        with contextlib.closing(index):
            found = restoring.renew(index, adopt_plan=lambda index: keeper_duties.adopt_plan(index, plan))
            retold = (restoring.retold(kind=facts.pop("kind"), facts=facts) for facts in told)
            entered = restoring.retell(index, [report for report in retold if report is not None])
    for path in moved:
        print(f"旧索引 old index {path}")
    for fate, count in found.fates.items():
        print(f"{fate.value}  {count}")
    print(f"由操作日志补回 {entered} 条。 {entered} given back from the ledger.")
    return 0
