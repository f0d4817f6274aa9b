"""Commands about footage: status, coverage, export, check. Only export needs the database: it is an act."""

import argparse
import contextlib
import hashlib
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mingjian.base import ticks
from mingjian.base.clock import SystemClock
from mingjian.cli import aside, django_door, progress
from mingjian.cli.commands import CommandError, add_json, add_span
from mingjian.host import deployment
from mingjian.host.home import Home

if TYPE_CHECKING:
    from mingjian.cli.commands import Commands
    from mingjian.recordings.plan import Plan, PlannedVolume

DAMAGED = 3


def register(commands: "Commands") -> None:
    """Enter the commands of this module."""
    status = commands.add_parser("status", help="摄像机和进程的状态。 cameras and processes")
    add_json(status)
    status.set_defaults(run=show_status)
    coverage = commands.add_parser("coverage", help="某段时间里的录像和空缺。 footage and gaps of a span")
    coverage.add_argument("camera")
    add_span(coverage)
    add_json(coverage)
    coverage.set_defaults(run=show_coverage)
    export = commands.add_parser(
        "export", help="导出一段为 MP4（记入操作日志）。 write a span as MP4; an act on record"
    )
    export.add_argument("camera")
    add_span(export)
    export.add_argument("file", type=Path)
    export.set_defaults(run=write_export)
    check = commands.add_parser(
        "check", help="逐条核对录像的不变式；有问题时退出码 3。 exit code 3 when anything is wrong"
    )
    check.add_argument("volume", nargs="?", default="", help="编号的开头；不写则全部。 all when left out")
    check.add_argument(
        "--hashes", action="store_true", dest="reads_all", help="并重读每一个字节。 and read every byte again"
    )
    add_json(check)
    check.set_defaults(run=run_check)


def show_status(arguments: argparse.Namespace, home: Home) -> int:
    """Print what is recorded, and by which processes."""
    from mingjian.recorder import status

    found = aside.answer(lambda: status.collect(home))
    if arguments.is_json:
        print(json.dumps(found, ensure_ascii=False, indent=1))
        return 0
    for camera in found["cameras"]:
        age = camera["last_sample_age_s"]
        facts = [camera["state"], camera["name"], camera["codec"] or "-", f"{camera['width']}×{camera['height']}"]
        facts += ["-" if age is None else f"{age:.1f} s", f"今日 {camera['recorded_today_s']:.0f} s"]
        facts += [f"空缺 {camera['gap_today_s']:.0f} s", camera["detail"], *camera["flaws"]]
        facts += [f"兼容 {detour}" for detour in camera["detours"]]
        print("  ".join(facts))
    detours = [camera for camera in found["cameras"] if camera["detours"]]
    if detours:
        print(f"走兼容通道的摄像机 {len(detours)} 台（UDP 或 Motion JPEG，代价较高）。 {len(detours)} on a detour.")
    for volume in found["volumes"]:
        days = "" if volume["full_in_days"] is None else f"{volume['full_in_days']} 天后写满"
        free = "-" if volume["free_bytes"] is None else f"余 {volume['free_bytes'] / 1e9:.1f} GB"
        hangs = "recordings.volume_hangs" in volume["troubles"] and volume["answered_at"]
        since = f"自 {volume['answered_at']} 起没有应答 no answer since" if hangs else ""
        print("  ".join(["录像卷", volume["id"][:8], volume["level"] or "-", free, days, since, *volume["troubles"]]))
        if (volume["uncounted_s"] or 0) >= 86_400:
            print(
                f"  时钟曾跳前，{volume['uncounted_s'] / 86_400:.1f} 天不计入保存期限 days not counted towards deletion"
            )
        reread = volume["reread"]
        if reread is not None and reread["of_bytes"]:
            share = 100 * reread["bytes"] / reread["of_bytes"]
            whole = f"上次读完 {reread['last_whole_at']}" if reread["last_whole_at"] else "还没有读完过一遍"
            damaged = f"损坏 damaged {reread['damaged']}" if reread["damaged"] else "没有发现损坏"
            print("  ".join(["  复读 reread", f"{min(share, 100):.1f} %", whole, damaged]))
    for process in found["processes"]:
        print(f"{process['state']}  {process['name']}  pid {process['pid']}  重启 {process['restarts']}")
    return 0


def show_coverage(arguments: argparse.Namespace, home: Home) -> int:
    """Print runs and gaps with their causes."""
    from mingjian.recorder import status

    start_90k, end_90k = _span(arguments)
    found = aside.answer(
        lambda: status.coverage_report(home, camera=arguments.camera, start_90k=start_90k, end_90k=end_90k)
    )
    if arguments.is_json:
        print(json.dumps(found, ensure_ascii=False, indent=1))
        return 0
    rows = [(run["start"], run["end"], "录像", "") for run in found["runs"]]
    rows += [(gap["start"], gap["end"], "空缺", f"{gap['cause']} {gap['detail']}") for gap in found["gaps"]]
    for row in sorted(rows):
        print("  ".join(row).rstrip())
    return 0


def write_export(arguments: argparse.Namespace, home: Home) -> int:
    """Write a span as one file. The file gets its name only when the ledger has the act."""
    target: Path = arguments.file
    start_90k, end_90k = _span(arguments)
    if target.exists():
        raise CommandError("cli.file_exists", path=str(target))
    django_door.open_django(home)
    from mingjian.cli import exporting

    draft = target.with_name(f".{target.name}.part")
    try:
        with draft.open("wb") as file:
            exported = exporting.export(
                home, camera=arguments.camera, start_90k=start_90k, end_90k=end_90k, target=file
            )
        with draft.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        exporting.record(exported, file_name=target.name, sha256=digest)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    print(f"已导出 {target}，SHA-256 {digest}。 Exported.")
    return 0


def run_check(arguments: argparse.Namespace, home: Home) -> int:
    """Check volumes and print what is wrong, by invariant; how far it has come goes to standard error."""
    from mingjian.recordings import check
    from mingjian.recordings.volume import Volume

    identity = deployment.load(home).deployment_id
    look = check.check if arguments.reads_all else check.check_presence
    findings: list[dict[str, Any]] = []
    for planned in planned_volumes(home, arguments.volume):
        volume = Volume.open_for_reading(Path(planned.path), deployment_id=identity, volume_id=planned.volume_id)
        with contextlib.closing(progress.Line(planned.volume_id[:8])) as line:
            found = look(volume, tell=line)
        findings += [
            {
                "volume": planned.volume_id,
                "invariant": finding.invariant,
                "code": finding.code,
                "subject": finding.subject,
                "detail": finding.detail,
            }
            for finding in found
        ]
    if arguments.is_json:
        print(json.dumps({"findings": findings, "at": ticks.to_iso(SystemClock().utc())}, ensure_ascii=False, indent=1))
    else:
        for finding in findings:
            print(f"{finding['invariant']}  {finding['code']}  {finding['subject']}  {finding['detail']}")
        print("没有发现问题。 Nothing is wrong." if not findings else f"发现 {len(findings)} 处问题。", file=sys.stderr)
    return DAMAGED if findings else 0


def planned_volumes(home: Home, beginning: str) -> "list[PlannedVolume]":
    """Return the volumes whose ids begin so, at least one. Raises CommandError("cli.volume_unknown")."""
    plan = plan_of(home)
    chosen = [volume for volume in plan.volumes if volume.volume_id.startswith(beginning)]
    if not chosen:
        known = ", ".join(volume.volume_id for volume in plan.volumes)
        raise CommandError("cli.volume_unknown", volume=beginning, known=known)
    return chosen


def plan_of(home: Home) -> "Plan":
    """Return the home's plan, or raise CommandError("recorder.no_plan")."""
    from mingjian.recorder.plan_source import PlanSource

    plan = PlanSource(home=home, deployment=deployment.load(home)).poll()
    if plan is None:
        raise CommandError("recorder.no_plan", path=str(home.plan))
    return plan


def _span(arguments: argparse.Namespace) -> tuple[int, int]:
    if arguments.start_90k >= arguments.end_90k:
        raise CommandError("cli.bad_span")
    return arguments.start_90k, arguments.end_90k
