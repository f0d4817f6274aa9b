"""Commands about volumes: each calls one use-case of the control plane."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from mingjian.base.clock import SystemClock
from mingjian.cli import django_door
from mingjian.cli.commands import add_json, print_rows
from mingjian.host.home import Home

if TYPE_CHECKING:
    from mingjian.cli.commands import Commands

_GIGABYTE = 1_000_000_000
_CLOCK = SystemClock()


def register(commands: "Commands") -> None:
    """Enter the commands of this module."""
    volume = commands.add_parser("volume", help="录像卷。 volumes").add_subparsers(required=True)
    add = volume.add_parser("add", help="在目录里建立录像卷。 make one in a folder")
    add.add_argument("path", type=Path)
    add.add_argument("--name", required=True)
    add.add_argument("--budget-gb", type=float, default=0, help="上限（GB），0 为不限。 0: no limit")
    add.set_defaults(run=add_volume)
    listing = volume.add_parser("list", help="列出。 list")
    add_json(listing)
    listing.set_defaults(run=list_volumes)


def add_volume(arguments: argparse.Namespace, home: Home) -> int:
    """Make a volume in a folder and enter it."""
    django_door.open_django(home)
    from mingjian.base import ids
    from mingjian.base.ids import VolumeId
    from mingjian.host import deployment
    from mingjian.people import acts
    from mingjian.recordings.volume import Volume
    from mingjian.registry import publisher, usecases

    path, budget_bytes = arguments.path.absolute(), int(arguments.budget_gb * _GIGABYTE)
    volume_id = VolumeId(ids.new_id())
    deployment_id = deployment.load(home).deployment_id
    Volume.create(path, deployment_id=deployment_id, volume_id=volume_id, budget_bytes=budget_bytes)
    usecases.register_volume(
        volume_id=volume_id,
        name=arguments.name,
        path=str(path),
        budget_bytes=budget_bytes,
        actor=acts.SHELL,
        clock=_CLOCK,
    )
    publisher.publish_pending(home, clock=_CLOCK)
    print(f"已建立录像卷 {arguments.name}（{volume_id}）。 Volume made.")
    return 0


def list_volumes(arguments: argparse.Namespace, home: Home) -> int:
    """List the volumes of this host."""
    django_door.open_django(home)
    from mingjian.registry import queries

    rows = [
        {"id": str(volume.pk), "name": volume.name, "path": volume.path, "budget_bytes": volume.budget_bytes}
        for volume in queries.volumes()
    ]
    print_rows(rows, ("id", "name", "path"), arguments)
    return 0
