"""`mingjian camera add|list|move|remove`: what is recorded."""

import argparse
import json
from typing import TYPE_CHECKING

from mingjian.base.clock import SystemClock
from mingjian.cli import django_door
from mingjian.cli.commands import CommandError, add_json, ask_password, print_rows
from mingjian.host.home import Home
from mingjian.regulation.systems import SystemClass

if TYPE_CHECKING:
    from mingjian.cli.commands import Commands
    from mingjian.registry.models import Camera

_CLOCK = SystemClock()
CLASSES = tuple(each.value for each in SystemClass)


def register(commands: "Commands") -> None:
    """Enter the commands of this module."""
    camera = commands.add_parser("camera", help="摄像机。 cameras").add_subparsers(required=True)
    add = camera.add_parser("add", help="登记并开始录像。 register one and record it")
    add.add_argument("address", nargs="?", default="", help="rtsp://…（不含用户名和密码）")
    add.add_argument("--name", required=True)
    add.add_argument("--campus", required=True, help="校区代码。 code of the campus")
    add.add_argument("--building", required=True)
    add.add_argument(
        "--owner", default="", help="责任机构的代码或名称，缺省为校区的二级管理机构。 code of the owning body"
    )
    add.add_argument("--class", dest="system_class", default=None, choices=CLASSES, help="系统类别，缺省随责任机构")
    add.add_argument("--purpose", default="", help="用途")
    add.add_argument("--view", default="", help="视场。 what it looks at")
    add.add_argument("--sub", default="", metavar="ADDRESS", help="子码流。 sub-stream")
    add.add_argument(
        "--user", default="", help="摄像机用户名；密码从标准输入读。 its password comes from standard input"
    )
    add.add_argument("--key-location", action="store_true", help="重点部位：保存 90 天。 kept for 90 days")
    add.add_argument("--volume", default=None, metavar="ID")
    add_json(add)
    add.set_defaults(run=add_camera)
    listing = camera.add_parser("list", help="列出在用摄像机。 list those in operation")
    add_json(listing)
    listing.set_defaults(run=list_cameras)
    move = camera.add_parser("move", help="调整到另一校区。 move one to another campus")
    move.add_argument("camera")
    move.add_argument("--campus", required=True, help="新校区代码。 code of the campus it goes to")
    move.add_argument("--building", required=True)
    move.add_argument("--owner", default="", help="新责任机构，缺省随类别。 owner there, by default as its class says")
    move.set_defaults(run=move_camera)
    retire = camera.add_parser("remove", help="注销，录像保留到期。 retire one; its footage stays its time")
    retire.add_argument("camera")
    retire.set_defaults(run=retire_camera)


def add_camera(arguments: argparse.Namespace, home: Home) -> int:
    """Register a camera; its recording begins with the plan that follows at once."""
    django_door.open_django(home)
    from mingjian.grants import sealing
    from mingjian.people import acts
    from mingjian.registry import publisher, usecases
    from mingjian.registry.networks import CameraNetworks

    camera = usecases.register_camera(
        point=usecases.CameraPoint(
            name=arguments.name,
            campus=arguments.campus,
            building=arguments.building,
            owner=arguments.owner,
            system_class=None if arguments.system_class is None else SystemClass(arguments.system_class),
            purpose=arguments.purpose,
            field_of_view=arguments.view,
            main_address=arguments.address,
            sub_address=arguments.sub,
            user=arguments.user,
            password=ask_password("摄像机密码 camera's password: ") if arguments.user else "",
            is_key_location=arguments.key_location,
            volume_id=arguments.volume,
        ),
        networks=CameraNetworks.from_environ(),
        credential_key=sealing.load_key(home),
        actor=acts.SHELL,
        clock=_CLOCK,
    )
    publisher.publish_pending(home, clock=_CLOCK)
    if arguments.is_json:
        print(json.dumps({"id": str(camera.pk), "name": camera.name}, ensure_ascii=False))
    else:
        print(f"已登记 {camera.name}（{camera.pk}）。 Registered.")
    return 0


def list_cameras(arguments: argparse.Namespace, home: Home) -> int:
    """List the cameras in operation. Credentials are never shown."""
    django_door.open_django(home)
    from mingjian.registry import queries

    rows = [
        {
            "id": str(camera.pk),
            "name": camera.name,
            "campus": camera.campus_id,
            "building": camera.building,
            "owner": camera.owner_id,
            "system_class": camera.system_class,
            "is_key_location": camera.is_key_location,
            "address": camera.main_address,
            "sub_address": camera.sub_address or None,
            "volume": str(camera.volume_id),
        }
        for camera in queries.cameras_in_operation()
    ]
    print_rows(rows, ("id", "campus", "name", "address"), arguments)
    return 0


def move_camera(arguments: argparse.Namespace, home: Home) -> int:
    """Move a camera to another campus; open pictures of it end."""
    django_door.open_django(home)
    from mingjian.people import acts
    from mingjian.registry import moving, publisher

    moved = moving.move_camera(
        camera=find_camera(arguments.camera),
        place=moving.NewPlace(campus=arguments.campus, building=arguments.building, owner=arguments.owner),
        actor=acts.SHELL,
        clock=_CLOCK,
    )
    publisher.publish_pending(home, clock=_CLOCK)
    print(f"{moved.name} 已调整到 {moved.campus_id}，责任机构 {moved.owner_id}。 Moved.")
    return 0


def retire_camera(arguments: argparse.Namespace, home: Home) -> int:
    """Retire a camera."""
    django_door.open_django(home)
    from mingjian.people import acts
    from mingjian.registry import publisher, usecases

    camera = find_camera(arguments.camera)
    usecases.retire_camera(camera=camera, actor=acts.SHELL, clock=_CLOCK)
    publisher.publish_pending(home, clock=_CLOCK)
    print(f"已注销 {camera.name}，录像保留到期。 Retired; its footage stays its time.")
    return 0


def find_camera(name_or_id: str) -> "Camera":
    """Return a camera in operation, or raise CommandError("cli.camera_unknown"). Needs Django."""
    from mingjian.registry import queries

    camera = queries.find_camera(name_or_id=name_or_id)
    if camera is None:
        raise CommandError("cli.camera_unknown", camera=name_or_id)
    return camera
