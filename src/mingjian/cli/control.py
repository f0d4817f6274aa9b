"""Commands about accounts, cameras, volumes, holds and the plan: each calls one use-case of the control plane."""

import argparse
import getpass
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from mingjian.base.clock import SystemClock
from mingjian.cli import django_door
from mingjian.cli.commands import CommandError, add_json, add_span
from mingjian.host.home import Home

if TYPE_CHECKING:
    from mingjian.cli.commands import Commands
    from mingjian.registry.models import Camera

_GIGABYTE = 1_000_000_000
_CLOCK = SystemClock()


def register(commands: "Commands") -> None:
    """Enter the commands of this module."""
    person = commands.add_parser("person", help="账号。 accounts").add_subparsers(required=True)
    add = person.add_parser("add", help="开账号（口令从标准输入读）。 open one; the password comes from standard input")
    add.add_argument("username")
    add.add_argument("--name", required=True, help="姓名")
    add.add_argument("--role", choices=("operator", "none"), default="none")
    add.add_argument("--campus", default="", help="lingshui, kaifaqu, shinei, panjin")
    add.set_defaults(run=add_person)
    close = person.add_parser("close", help="停用账号。 close one")
    close.add_argument("username")
    close.set_defaults(run=close_person)
    _register_cameras(commands)
    volume = commands.add_parser("volume", help="录像卷。 volumes").add_subparsers(required=True)
    add = volume.add_parser("add", help="在目录里建立录像卷。 make one in a folder")
    add.add_argument("path", type=Path)
    add.add_argument("--name", required=True)
    add.add_argument("--budget-gb", type=float, default=0, help="上限（GB），0 为不限。 0: no limit")
    add.set_defaults(run=add_volume)
    listing = volume.add_parser("list", help="列出。 list")
    add_json(listing)
    listing.set_defaults(run=list_volumes)
    _register_holds(commands)


def _register_cameras(commands: "Commands") -> None:
    camera = commands.add_parser("camera", help="摄像机。 cameras").add_subparsers(required=True)
    add = camera.add_parser("add", help="登记并开始录像。 register one and record it")
    add.add_argument("address", help="rtsp://…（不含用户名和密码）")
    add.add_argument("--name", required=True)
    add.add_argument("--campus", required=True, help="lingshui, kaifaqu, shinei, panjin")
    add.add_argument("--building", required=True)
    add.add_argument("--owner", required=True, help="责任单位")
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
    retire = camera.add_parser("remove", help="注销，录像保留到期。 retire one; its footage stays its time")
    retire.add_argument("camera")
    retire.set_defaults(run=retire_camera)


def _register_holds(commands: "Commands") -> None:
    hold = commands.add_parser("hold", help="锁定录像，不得删除。 holds on footage").add_subparsers(required=True)
    place = hold.add_parser("place", help="锁定。 place one")
    place.add_argument("camera")
    add_span(place)
    place.add_argument("--reason", required=True)
    place.set_defaults(run=place_hold)
    release = hold.add_parser("release", help="解除。 release one")
    release.add_argument("hold")
    release.add_argument("--reason", required=True)
    release.set_defaults(run=release_hold)
    plan = commands.add_parser("plan", help="录像计划。 the plan").add_subparsers(required=True)
    confirm = plan.add_parser("confirm", help="确认一次减少多台摄像机。 agree to drop many cameras at once")
    confirm.add_argument("revision", type=int, help="现行计划的版本号。 the published revision")
    confirm.set_defaults(run=confirm_plan)


def add_person(arguments: argparse.Namespace, home: Home) -> int:
    """Open an account."""
    django_door.open_django(home)
    from mingjian.people import acts, usecases
    from mingjian.people.workflow import Role

    person = usecases.create_person(
        username=arguments.username,
        display_name=arguments.name,
        role=Role(arguments.role),
        campus=arguments.campus,
        password=_ask_password("口令 password: "),
        actor=acts.SHELL,
        clock=_CLOCK,
    )
    print(f"已开账号 {person.username}。 Account opened.")
    return 0


def close_person(arguments: argparse.Namespace, home: Home) -> int:
    """Close an account."""
    django_door.open_django(home)
    from mingjian.people import acts, usecases
    from mingjian.people.models import Person

    person = Person.objects.filter(username=arguments.username, is_active=True).first()
    if person is None:
        raise CommandError("cli.person_unknown", person=arguments.username)
    usecases.close_account(person=person, actor=acts.SHELL, clock=_CLOCK)
    print(f"已停用 {person.username}。 Closed.")
    return 0


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
            main_address=arguments.address,
            sub_address=arguments.sub,
            user=arguments.user,
            password=_ask_password("摄像机密码 camera's password: ") if arguments.user else "",
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
            "campus": camera.campus,
            "building": camera.building,
            "owner": camera.owner,
            "is_key_location": camera.is_key_location,
            "address": camera.main_address,
            "sub_address": camera.sub_address or None,
            "volume": str(camera.volume_id),
        }
        for camera in queries.cameras_in_operation()
    ]
    _print_rows(rows, ("id", "campus", "name", "address"), arguments)
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
    _print_rows(rows, ("id", "name", "path"), arguments)
    return 0


def place_hold(arguments: argparse.Namespace, home: Home) -> int:
    """Ask that a span be kept; in force once the volume says so."""
    django_door.open_django(home)
    from mingjian.people import acts
    from mingjian.registry import publisher, usecases

    hold = usecases.place_hold(
        camera=find_camera(arguments.camera),
        start_90k=arguments.start_90k,
        end_90k=arguments.end_90k,
        reason=arguments.reason,
        actor=acts.SHELL,
        clock=_CLOCK,
    )
    publisher.publish_pending(home, clock=_CLOCK)
    print(f"锁定 {hold.pk} 已提交，录像卷确认后生效。 Placed; in force once the volume confirms it.")
    return 0


def release_hold(arguments: argparse.Namespace, home: Home) -> int:
    """End a hold by its id."""
    django_door.open_django(home)
    from django.core.exceptions import ValidationError

    from mingjian.people import acts
    from mingjian.registry import publisher, usecases
    from mingjian.registry.models import Hold

    try:
        hold = Hold.objects.filter(pk=arguments.hold).first()
    except ValidationError:
        hold = None
    if hold is None:
        raise CommandError("cli.hold_unknown", hold=arguments.hold)
    usecases.release_hold(hold=hold, reason=arguments.reason, actor=acts.SHELL, clock=_CLOCK)
    publisher.publish_pending(home, clock=_CLOCK)
    print("已解除。 Released.")
    return 0


def confirm_plan(arguments: argparse.Namespace, home: Home) -> int:
    """Agree to a plan that drops many cameras."""
    django_door.open_django(home)
    from mingjian.people import acts
    from mingjian.registry import publisher, usecases

    usecases.confirm_plan_shrink(revision=arguments.revision, actor=acts.SHELL, clock=_CLOCK)
    publisher.publish_pending(home, clock=_CLOCK)
    print("已确认。 Confirmed.")
    return 0


def find_camera(name_or_id: str) -> "Camera":
    """Return a camera in operation, or raise CommandError("cli.camera_unknown"). Needs Django."""
    from mingjian.registry import queries

    camera = queries.find_camera(name_or_id=name_or_id)
    if camera is None:
        raise CommandError("cli.camera_unknown", camera=name_or_id)
    return camera


def _ask_password(prompt: str) -> str:
    """Read a password without showing it; never from the command line, which every user of the host can read."""
    if sys.stdin.isatty():
        return getpass.getpass(prompt)
    return sys.stdin.readline().rstrip("\n")


def _print_rows(rows: Sequence[Mapping[str, object]], columns: tuple[str, ...], arguments: argparse.Namespace) -> None:
    if arguments.is_json:
        print(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for row in rows:
        print("  ".join(str(row[column]) for column in columns))
