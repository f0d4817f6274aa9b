"""Bringing a home up, keeping it up, and saying so: what `mingjian up` and `mingjian demo` do."""

import contextlib
import signal
import sys

from mingjian.base.clock import SystemClock
from mingjian.base.errors import MingjianError
from mingjian.cli import assembly, founding, greeting, words
from mingjian.cli.assembly import Recorders
from mingjian.cli.commands import CommandError, page_address
from mingjian.demo import clips, simulated_cameras
from mingjian.host import instance, kept_settings, logs, ports
from mingjian.host.home import Home
from mingjian.host.placement import PlacementError
from mingjian.host.postgres import Cluster, PostgresError
from mingjian.host.process import ProcessSpec
from mingjian.host.supervisor import StopAsked, Supervisor, SupervisorError

_RETRY_S = 5.0


def run(home: Home) -> None:
    """Run the home until SIGINT, SIGTERM or SIGHUP, then stop everything in order."""
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


def _start(home: Home, supervisor: Supervisor) -> list[ProcessSpec]:
    """Bring everything up, recording first: it needs neither the database nor the pages. Return what is to stay.

    What is wrong with database or pages is told, and tried again for ever; the cameras are recorded meanwhile.
    """
    is_demo = kept_settings.is_demo(home)
    fixed = [_start_cameras(home, supervisor)] if is_demo else []
    recorders = Recorders(home)
    supervisor.launch(recorders.wanted())
    pages: list[ProcessSpec] = []
    told = ""
    while True:
        try:
            pages = pages or _launch_control_plane(home, supervisor, recorders)
            supervisor.wait_ready(pages)
            break
        except (PlacementError, PostgresError, SupervisorError) as trouble:
            if not recorders.wanted():
                raise
            what = f"{trouble.code} {trouble.facts.get('process', '')}"
            if what != told:
                told = what
                _complain(trouble)
                _say(
                    "录像继续进行，网页没有启动，正在不断重试。",
                    "Recording goes on without pages, which are tried again and again.",
                )
            # A control plane half launched stays; a database without it goes, and comes back with the next try.
            supervisor.watch_for(assembly.all_wanted([*fixed, *pages], recorders), seconds=_RETRY_S)
    if is_demo:
        print(greeting.of_demo(home), flush=True)
    else:
        _say(f"已就绪：{page_address(home)} 。按 Ctrl-C 停止。", "Ready. Ctrl-C stops it.")
    return [*fixed, *pages]


def _launch_control_plane(home: Home, supervisor: Supervisor, recorders: Recorders) -> list[ProcessSpec]:
    cluster = _cluster(home)
    database = assembly.postgres(cluster)
    supervisor.start([database])
    cluster.provision()
    supervisor.run_to_end(assembly.preparation(home, cluster))
    pages = assembly.control_plane(home, cluster)
    # The plan may be new, and with it the first keepers and workers.
    supervisor.launch([*recorders.wanted(), *pages])
    for trouble in supervisor.wait_ready(recorders.wanted()):
        # A recorder that will not come up is told, and tried again for ever; the others record meanwhile.
        _complain(trouble)
    return [database, *pages]


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
    folder = simulated_cameras.folder(home)
    if not clips.are_all_there(folder):
        _say("正在画八个演示场景（只画一次）…", "Drawing eight demo scenes (once only) …")
        supervisor.run_to_end(assembly.scenes(home))
    site = simulated_cameras.site_of(home)
    if not simulated_cameras.is_free(site):
        raise CommandError("cli.demo_port_taken", port=site.port, note=str(simulated_cameras.note_of(home)))
    cameras = assembly.cameras(home)
    supervisor.start([cameras])
    return cameras


def _complain(trouble: MingjianError) -> None:
    print(words.of_error(trouble), file=sys.stderr, flush=True)


def _say(zh: str, en: str) -> None:
    # The terminal may have gone, which is why we were asked to stop.
    with contextlib.suppress(OSError):
        print(f"{zh} {en}", flush=True)


def _log_to_file(home: Home) -> None:
    """The supervisor's own log goes to a file; the terminal is for people."""
    logs.start_to(home.logs / "supervisor.log")
    # A terminal that went away must not kill us while we stop the others.
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
