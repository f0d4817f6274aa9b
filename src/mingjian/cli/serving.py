"""`mingjian up` and `mingjian demo`: from nothing, or from where it was left, to a running system."""

import argparse
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

from mingjian.base.clock import SystemClock
from mingjian.cli import assembly, founding, words
from mingjian.cli.assembly import Recorders
from mingjian.cli.commands import CommandError
from mingjian.demo import cast
from mingjian.host import instance, kept_settings, logs, ports
from mingjian.host.home import Home
from mingjian.host.kept_settings import KeptSettingsError
from mingjian.host.postgres import Cluster
from mingjian.host.process import ProcessSpec
from mingjian.host.supervisor import StopAsked, Supervisor

if TYPE_CHECKING:
    from mingjian.cli.commands import Commands

_LOOPBACK = ("127.0.0.1", "::1", "localhost")


def register(commands: "Commands") -> None:
    """Enter the commands of this module."""
    commands.add_parser("up", help="启动系统，直到 Ctrl-C。 run the system until Ctrl-C").set_defaults(run=up)
    commands.add_parser("demo", help="启动演示：八个模拟摄像机。 run the demo: eight simulated cameras").set_defaults(
        run=demo
    )


def up(_: argparse.Namespace, home: Home) -> int:
    """Run the real thing."""
    if kept_settings.is_demo(home):
        raise KeptSettingsError("host.home_is_demo", home=str(home.root))
    return _run(home)


def demo(_: argparse.Namespace, home: Home) -> int:
    """Run the demo on a home of its own. Its passwords are public, so it stays on the loopback."""
    if home.bind not in _LOOPBACK:
        raise CommandError("cli.demo_exposed", bind=home.bind)
    if (home.root / "deployment.json").exists() and not kept_settings.is_demo(home):
        raise KeptSettingsError("host.home_is_real", home=str(home.root))
    founding.make_root(home)
    kept_settings.keep(home, cast.settings())
    kept_settings.apply(home)
    return _run(home)


def _run(home: Home) -> int:
    clock = SystemClock()
    founding.make_root(home)
    with instance.only_one(home=home, clock=clock):
        ports.check_free(home)
        founding.found(home)
        _log_to_file(home)
        founding.sweep_run_folder(home)
        with Supervisor(home=home, clock=clock) as supervisor:
            try:
                fixed = _start(home, supervisor)
                supervisor.watch(assembly.all_wanted(fixed, Recorders(home)))
            except StopAsked:
                pass
            _say("正在按顺序停止…", "Stopping in order …")
    _say("已停止。", "Stopped.")
    return 0


def _start(home: Home, supervisor: Supervisor) -> list[ProcessSpec]:
    """Bring everything up, recording first: it needs neither the database nor the pages. Return what is to stay."""
    fixed: list[ProcessSpec] = []
    is_demo = kept_settings.is_demo(home)
    if is_demo:
        fixed.append(_start_cameras(home, supervisor))
    recorders = Recorders(home)
    supervisor.launch(recorders.wanted())
    cluster = _cluster(home)
    database = assembly.postgres(cluster)
    supervisor.start([database])
    cluster.provision()
    supervisor.run_to_end(assembly.preparation(home, cluster))
    pages = assembly.control_plane(home, cluster)
    supervisor.launch([*recorders.wanted(), *pages])
    for trouble in supervisor.wait_ready(recorders.wanted()):
        # One that will not come up is told, and tried again for ever; the others record meanwhile.
        print(words.of_error(trouble), file=sys.stderr, flush=True)
    supervisor.wait_ready(pages)
    fixed += [database, *pages]
    if is_demo:
        _greet_demo(home)
    else:
        _say(f"已就绪：http://{home.bind}:{home.port}/ 。按 Ctrl-C 停止。", "Ready. Ctrl-C stops it.")
    return fixed


def _cluster(home: Home) -> Cluster:
    if not (home.root / "postgres-placement.json").exists():
        _say("正在建立数据库…", "Making the database …")
    cluster = Cluster.of(home)
    if cluster.placement.is_elsewhere:
        where, user = cluster.placement.data, cluster.placement.run_as
        name = "" if user is None else user.name
        _say(
            f"数据库不能以 root 运行，而用户 {name} 进不了数据目录，因此数据库放在 {where}。",
            f"PostgreSQL cannot run as root, and {name} cannot enter the data folder: the database lies in {where}.",
        )
    cluster.prepare_start()
    return cluster


def _start_cameras(home: Home, supervisor: Supervisor) -> ProcessSpec:
    from mingjian.demo import clips, simulated_cameras

    folder = simulated_cameras.folder(home)
    if not clips.are_all_there(folder):
        _say("正在画八个演示场景（只画一次）…", "Drawing eight demo scenes (once only) …")
        # A process of its own: drawing takes memory that a supervisor should not keep.
        subprocess.run([sys.executable, "-m", "mingjian.cli", "demo-scenes"], env=_environment(home), check=True)
    site = simulated_cameras.site_of(home)
    if not simulated_cameras.is_free(site):
        raise CommandError("cli.demo_port_taken", port=site.port, note=str(simulated_cameras.note_of(home)))
    cameras = assembly.cameras(home)
    supervisor.start([cameras])
    return cameras


def _environment(home: Home) -> dict[str, str]:
    return {**os.environ, "MINGJIAN_HOME": str(home.root)}


def _greet_demo(home: Home) -> None:
    address = f"http://{home.bind}:{home.port}/"
    hours = cast.FLOOR_HOURS
    lines = [
        "",
        f"  明鉴演示已就绪：{address}",
        f"  The Mingjian demo is ready: {address}",
        "",
        f"  演示账号（口令都是 {cast.PASSWORD}） demo accounts, all with this password:",
    ]
    for account in cast.ACCOUNTS:
        lines.append(f"    {account.username:<7}{account.display_name}  {account.task_zh} / {account.task_en}")
    lines += [
        "",
        "  可以试试 what to try:",
        "    · 用 zhang 登录看实时画面墙，再用 li 登录：看不到。",
        "      Sign in as zhang and see the wall; then as li: nothing.",
        "    · 用 wang 登录，播放获准的一段，拖到时段之外：被拒绝；操作日志里有每一次查看。",
        "      Sign in as wang, play the permitted span, seek outside it: refused; the ledger has every look.",
        "    · 另开终端 in another terminal: .venv/bin/mingjian status · check · ledger verify",
        "",
        f"  演示录像只保存约 {hours} 小时（正式系统依规定 30/90 天），总量不超过 5 GB，都在 {home.root}。",
        f"  Demo footage is kept for about {hours} hours (30/90 days in a real system), 5 GB at most, in {home.root}.",
        "  按 Ctrl-C 停止。 Ctrl-C stops everything.",
        "",
    ]
    print("\n".join(lines), flush=True)


def _say(zh: str, en: str) -> None:
    print(f"{zh} {en}", flush=True)


def _log_to_file(home: Home) -> None:
    """The supervisor's own log goes to a file; the terminal is for people."""
    logs.start_to(home.logs / "supervisor.log")
    # A terminal that went away must not kill us while we stop the others.
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
