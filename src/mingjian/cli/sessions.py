"""`mingjian grant` and `mingjian revoke`: permission to play a span, for demos and tests."""

import argparse
import json
from typing import TYPE_CHECKING

from mingjian.base.clock import SystemClock
from mingjian.base.ticks import TICKS_PER_S
from mingjian.cli import django_door
from mingjian.cli.cameras import find_camera
from mingjian.cli.commands import CommandError, add_json, add_span, page_address
from mingjian.host import kept_settings
from mingjian.host.home import Home

if TYPE_CHECKING:
    from mingjian.cli.commands import Commands

_CLOCK = SystemClock()


def register(commands: "Commands") -> None:
    """Enter the commands of this module."""
    grant = commands.add_parser("grant", help="（演示）准许某人查阅一段。 let someone play a span; demo only")
    grant.add_argument("person", metavar="USERNAME")
    grant.add_argument("camera", nargs="+")
    add_span(grant)
    grant.add_argument("--purpose", default="演示")
    grant.add_argument("--minutes", type=float, default=60, help="有效时间。 how long it may be used")
    add_json(grant)
    grant.set_defaults(run=issue)
    revoke = commands.add_parser("revoke", help="立即撤销一次查阅。 end a viewing session now")
    revoke.add_argument("session")
    revoke.add_argument("--reason", default="命令行撤销")
    revoke.set_defaults(run=end)


def issue(arguments: argparse.Namespace, home: Home) -> int:
    """Issue a viewing session from the shell. A real system's are decided by people, on the pages."""
    if not kept_settings.is_demo(home):
        raise CommandError("cli.only_demo", command="mingjian grant")
    django_door.open_django(home)
    from mingjian.people import acts
    from mingjian.people.models import Person
    from mingjian.viewing import usecases

    person = Person.objects.filter(username=arguments.person, is_active=True).first()
    if person is None:
        raise CommandError("cli.person_unknown", person=arguments.person)
    session = usecases.issue_session(
        person=person,
        cameras=[find_camera(text) for text in arguments.camera],
        start_90k=arguments.start_90k,
        end_90k=arguments.end_90k,
        purpose=arguments.purpose,
        valid_until_90k=_CLOCK.utc() + round(arguments.minutes * 60 * TICKS_PER_S),
        issued_by=None,
        actor=acts.SHELL,
        clock=_CLOCK,
    )
    page = page_address(home, f"/playback/{session.pk}/")
    if arguments.is_json:
        print(json.dumps({"session": str(session.pk), "grant": str(session.grants.get().pk), "page": page}))
    else:
        print(f"已准许：{page} Granted.")
    return 0


def end(arguments: argparse.Namespace, home: Home) -> int:
    """Revoke a viewing session: its pictures stop within two seconds."""
    django_door.open_django(home)
    from mingjian.people import acts
    from mingjian.viewing import queries, usecases

    session = queries.find_session(session_id=arguments.session)
    if session is None:
        raise CommandError("cli.session_unknown", session=arguments.session)
    usecases.revoke_session(session=session, reason=arguments.reason, actor=acts.SHELL, clock=_CLOCK)
    print("已撤销。 Revoked.")
    return 0
