"""`mingjian hold place|release` and `mingjian plan confirm`: what must not go, and what may."""

import argparse
from typing import TYPE_CHECKING

from mingjian.base.clock import SystemClock
from mingjian.cli import django_door
from mingjian.cli.cameras import find_camera
from mingjian.cli.commands import CommandError, add_span
from mingjian.host.home import Home

if TYPE_CHECKING:
    from mingjian.cli.commands import Commands

_CLOCK = SystemClock()


def register(commands: "Commands") -> None:
    """Enter the commands of this module."""
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
