"""The processes that the supervisor starts; each may be started by hand, too."""

import argparse
from typing import TYPE_CHECKING

from mingjian.cli import django_door
from mingjian.host import logs
from mingjian.host.database import Role
from mingjian.host.home import Home

if TYPE_CHECKING:
    from mingjian.cli.commands import Commands

_FAREWELL_S = 3


def register(commands: "Commands") -> None:
    """Enter the commands of this module. What a process does not need, it does not import."""
    for name, run in (
        ("web", web),
        ("streaming", streaming),
        ("clerk", clerk),
        ("signer", signer),
        ("prepare", prepare),
        ("demo-cameras", demo_cameras),
        ("demo-scenes", demo_scenes),
    ):
        commands.add_parser(name, help="（由 mingjian up 启动）").set_defaults(run=run)
    keeper = commands.add_parser("recorder-keeper", help="（由 mingjian up 启动）")
    keeper.add_argument("--volume", required=True)
    keeper.set_defaults(run=recorder_keeper)
    worker = commands.add_parser("recorder-worker", help="（由 mingjian up 启动）")
    worker.add_argument("--index", type=int, required=True)
    worker.set_defaults(run=recorder_worker)


def web(_: argparse.Namespace, home: Home) -> int:
    """Serve the pages and the leases."""
    import uvicorn

    from mingjian.host.front_door import BoundedHttp

    logs.start()
    django_door.open_django_for_pages(home)
    config = uvicorn.Config(
        "mingjian.console.asgi:application",
        host=home.bind,
        port=home.port,
        http=BoundedHttp,
        ws="websockets-sansio",
        ws_max_size=64 << 10,
        lifespan="on",
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=_FAREWELL_S,
    )
    uvicorn.Server(config).run()
    return 0


def streaming(_: argparse.Namespace, home: Home) -> int:
    """Serve granted pictures."""
    from mingjian.streaming import server

    logs.start()
    server.main(home)
    return 0


def clerk(_: argparse.Namespace, home: Home) -> int:
    """Sequence the ledger, publish plans, follow the volumes' reports."""
    logs.start()
    django_door.open_django(home)
    from mingjian.console import clerk as clerks

    clerks.serve(home)
    return 0


def signer(_: argparse.Namespace, home: Home) -> int:
    """Sign the ledger's tree heads, each only if it grew out of the last one."""
    import signal
    import threading

    from mingjian.grants import signing
    from mingjian.grants.signing import KeyPurpose
    from mingjian.host import deployment
    from mingjian.ledger import signer_link
    from mingjian.ledger.signer import Signer

    logs.start()
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    one = Signer(
        key=signing.load_signer(home, purpose=KeyPurpose.LEDGER),
        deployment_id=deployment.load(home).deployment_id,
        folder=home.signer / "heads",
    )
    signer_link.serve(one, path=home.signer_socket, is_stopping=stopping.is_set)
    return 0


def recorder_keeper(arguments: argparse.Namespace, home: Home) -> int:
    """Keep one volume."""
    from mingjian.base.ids import VolumeId
    from mingjian.recorder import keeper

    logs.start()
    keeper.main(home, VolumeId(arguments.volume))
    return 0


def recorder_worker(arguments: argparse.Namespace, home: Home) -> int:
    """Record the cameras of one worker."""
    from mingjian.recorder import worker

    logs.start()
    worker.main(home, arguments.index)
    return 0


def prepare(_: argparse.Namespace, home: Home) -> int:
    """Migrate as the database's owner; then, as the web role: static files, a first volume, demo data, the plan."""
    logs.start()
    django_door.open_django(home, Role.OWNER)
    from mingjian.cli import preparing
    from mingjian.console import migrating

    migrating.migrate()
    django_door.become(home, Role.WEB)
    preparing.prepare(home)
    return 0


def demo_scenes(_: argparse.Namespace, home: Home) -> int:
    """Draw and encode the demo scenes that are not there yet."""
    from mingjian.demo import clips, simulated_cameras

    clips.ensure_all(simulated_cameras.folder(home))
    return 0


def demo_cameras(_: argparse.Namespace, home: Home) -> int:
    """Be the simulated cameras."""
    from mingjian.demo import simulated_cameras

    logs.start()
    simulated_cameras.serve(home)
    return 0
