"""Commands about the university, its people and its control rooms: each calls one use-case."""

import argparse
from typing import TYPE_CHECKING

from mingjian.base import ticks
from mingjian.base.clock import SystemClock
from mingjian.cli import django_door, importing
from mingjian.cli.commands import CommandError, add_json, ask_password, print_rows
from mingjian.host.home import Home
from mingjian.regulation.posts import Post

if TYPE_CHECKING:
    from mingjian.cli.commands import Commands
    from mingjian.people.models import Appointment, Person

_CLOCK = SystemClock()
FOUND = 3


def register(commands: "Commands") -> None:
    """Enter the commands of this module."""
    person = commands.add_parser("person", help="账号和任命。 accounts and posts").add_subparsers(required=True)
    add = person.add_parser("add", help="开账号（口令从标准输入读）。 open one; the password comes from standard input")
    add.add_argument("username")
    add.add_argument("--name", required=True, help="姓名")
    _add_post(add, is_required=False)
    add.set_defaults(run=add_person)
    appoint = person.add_parser("appoint", help="任命。 appoint to a post")
    appoint.add_argument("username")
    _add_post(appoint, is_required=True)
    appoint.set_defaults(run=appoint_person)
    dismiss = person.add_parser("dismiss", help="解除任命。 end an appointment")
    dismiss.add_argument("username")
    dismiss.add_argument("--post", required=True, choices=[post.value for post in Post])
    dismiss.add_argument("--body", required=True)
    dismiss.add_argument("--reason", required=True, help="事由")
    dismiss.set_defaults(run=dismiss_person)
    confirm = person.add_parser("confirm", help="确认发放密码后的职务交接。 confirm a post after a gift of a password")
    confirm.add_argument("username")
    confirm.add_argument("--post", required=True, choices=[post.value for post in Post])
    confirm.add_argument("--body", required=True)
    confirm.add_argument("--reason", required=True, help="如何核实是本人。 how the person was recognised")
    confirm.set_defaults(run=confirm_person)
    close = person.add_parser("close", help="停用账号。 close one")
    close.add_argument("username")
    close.set_defaults(run=close_person)
    for name, words, run in (
        ("suspend", "锁定账号，登录随即结束。 lock one; its sessions end", suspend_person),
        ("reinstate", "解锁账号。 unlock one", reinstate_person),
        ("renew", "发一次性密码（只显示一次）。 give a password that works once", renew_password),
    ):
        account = person.add_parser(name, help=words)
        account.add_argument("username")
        account.add_argument("--reason", required=True, help="事由。 the reason")
        account.set_defaults(run=run)
    people = person.add_parser("list", help="列出账号、状态和任命。 list accounts, their state and posts")
    add_json(people)
    people.set_defaults(run=list_persons)
    importing.register(person)
    body = commands.add_parser("body", help="机构。 bodies and units").add_subparsers(required=True)
    listing = body.add_parser("list", help="列出。 list")
    add_json(listing)
    listing.set_defaults(run=list_bodies)
    profile = commands.add_parser("profile", help="学校资料。 the university").add_subparsers(required=True)
    load = profile.add_parser("load", help="录入校区和机构，已有的不变。 enter what is missing")
    load.add_argument("profile", help="dlut，或以 .toml 结尾的路径。 a name of ours, or a path ending in .toml")
    load.set_defaults(run=load_profile)
    check = profile.add_parser("check", help="核对资料文件，逐条指出毛病。 name every fault of a profile")
    check.add_argument("profile", help="dlut，或以 .toml 结尾的路径。 a name of ours, or a path ending in .toml")
    check.set_defaults(run=check_profile)
    console = commands.add_parser("console", help="控制室终端。 control-room machines").add_subparsers(required=True)
    enter = console.add_parser("add", help="增加并取得登记码。 add one and get its code")
    enter.add_argument("name")
    enter.add_argument("--campus", required=True, help="校区代码。 code of the campus")
    enter.set_defaults(run=add_console)


def _add_post(parser: argparse.ArgumentParser, *, is_required: bool) -> None:
    parser.add_argument("--post", required=is_required, choices=[post.value for post in Post], help="职务。 the post")
    parser.add_argument("--body", required=is_required, help="机构代码（mingjian body list）。 code of the body")
    parser.add_argument("--document", default="命令行任命", help="任命依据。 the paper it rests on")
    parser.add_argument(
        "--until", type=ticks.parse_iso, default=None, metavar="TIME", help="任期至；不给即无期限。 end of the term"
    )


def add_person(arguments: argparse.Namespace, home: Home) -> int:
    """Open an account, and appoint its person when a post is given."""
    if (arguments.post is None) != (arguments.body is None):
        raise CommandError("cli.post_and_body")
    django_door.open_django(home)
    from mingjian.people import acts, usecases

    person = usecases.create_person(
        username=arguments.username,
        display_name=arguments.name,
        password=ask_password("口令 password: "),
        actor=acts.SHELL,
        clock=_CLOCK,
    )
    print(f"已开账号 {person.username}。 Account opened.")
    if arguments.post is not None:
        _appoint(person, arguments)
        print(f"已任命 {person.username}。 Appointed.")
    return 0


def appoint_person(arguments: argparse.Namespace, home: Home) -> int:
    """Appoint somebody who has an account."""
    django_door.open_django(home)
    person = _person(arguments.username)
    _appoint(person, arguments)
    print(f"已任命 {person.username}。 Appointed.")
    return 0


def dismiss_person(arguments: argparse.Namespace, home: Home) -> int:
    """End an appointment now."""
    django_door.open_django(home)
    from mingjian.people import acts, appointing

    appointment = _held(arguments)
    appointing.end_appointment(appointment=appointment, reason=arguments.reason, actor=acts.SHELL, clock=_CLOCK)
    print(f"已解除 {arguments.username} 的任命。 Ended.")
    return 0


def confirm_person(arguments: argparse.Namespace, home: Home) -> int:
    """Confirm that the password given reached the person appointed."""
    django_door.open_django(home)
    from mingjian.people import acts, appointing

    appointing.confirm(
        appointment=_held(arguments), reason=arguments.reason, confirmed_by=None, actor=acts.SHELL, clock=_CLOCK
    )
    print(f"已确认 {arguments.username} 的职务交接。 Confirmed.")
    return 0


def suspend_person(arguments: argparse.Namespace, home: Home) -> int:
    """Lock an account until somebody unlocks it."""
    django_door.open_django(home)
    from mingjian.people import accounts, acts

    person = _person(arguments.username)
    accounts.suspend(person=person, reason=arguments.reason, actor=acts.SHELL, clock=_CLOCK)
    print(f"已锁定 {person.username}。 Locked.")
    return 0


def reinstate_person(arguments: argparse.Namespace, home: Home) -> int:
    """Unlock an account."""
    django_door.open_django(home)
    from mingjian.people import accounts, acts

    person = _person(arguments.username)
    accounts.reinstate(person=person, reason=arguments.reason, actor=acts.SHELL, clock=_CLOCK)
    print(f"已解锁 {person.username}。 Unlocked.")
    return 0


def renew_password(arguments: argparse.Namespace, home: Home) -> int:
    """Give an account a password that works once."""
    django_door.open_django(home)
    from mingjian.people import accounts, acts

    person = _person(arguments.username)
    given = accounts.renew_password(person=person, reason=arguments.reason, actor=acts.SHELL, clock=_CLOCK)
    print(f"{person.username} 的一次性密码，首次登录必须更换。 One-time password: {given}")
    return 0


def list_persons(arguments: argparse.Namespace, home: Home) -> int:
    """List the accounts with their state and the posts held now."""
    django_door.open_django(home)
    from mingjian.people.capacity import held_by
    from mingjian.people.models import Person

    now_90k = _CLOCK.utc()
    rows = [
        {
            "username": person.username,
            "name": person.display_name,
            "state": _state(person, now_90k=now_90k),
            "posts": ",".join(_told(held) for held in held_by(person, now_90k=now_90k)),
        }
        for person in Person.objects.order_by("username")
    ]
    print_rows(rows, ("username", "name", "state", "posts"), arguments)
    return 0


def _state(person: "Person", *, now_90k: int) -> str:
    if not person.is_active:
        return "closed"
    if person.suspended_at_90k is not None:
        return "suspended"
    return "locked" if person.sign_in_state.is_locked(now_90k=now_90k) else "active"


def close_person(arguments: argparse.Namespace, home: Home) -> int:
    """Close an account."""
    django_door.open_django(home)
    from mingjian.people import acts, leaving

    person = _person(arguments.username)
    leaving.close_account(person=person, actor=acts.SHELL, clock=_CLOCK)
    print(f"已停用 {person.username}。 Closed.")
    return 0


def list_bodies(arguments: argparse.Namespace, home: Home) -> int:
    """List bodies and units with their campuses."""
    django_door.open_django(home)
    from mingjian.people import queries

    rows = [
        {
            "code": body.code,
            "tier": body.tier,
            "name": body.name,
            "campuses": ",".join(campus.code for campus in body.campuses.all()),
        }
        for body in queries.bodies().prefetch_related("campuses")
    ]
    print_rows(rows, ("code", "tier", "name", "campuses"), arguments)
    return 0


def load_profile(arguments: argparse.Namespace, home: Home) -> int:
    """Enter campuses, bodies and special systems of a profile."""
    django_door.open_django(home)
    from mingjian.people import acts, profile, university

    told = profile.read(arguments.profile)
    count = university.load_profile(profile=told, actor=acts.SHELL, clock=_CLOCK)
    print(f"{told.name}：新录入 {count} 项。 {count} entered.")
    return 0


def check_profile(arguments: argparse.Namespace, _: Home) -> int:
    """Name every fault of a profile with its line and key; 0 without any, 3 otherwise. Asks no database."""
    from mingjian.people import profile
    from mingjian.people.profile import ProfileError

    try:
        told = profile.read(arguments.profile)
    except ProfileError as error:
        if not error.faults:
            raise
        for zh, en in error.faults:
            print(f"{zh}\n    {en}")
        print(f"共 {len(error.faults)} 处，没有录入任何内容。 {len(error.faults)} faults; nothing was entered.")
        return FOUND
    campuses, bodies, values = len(told.campuses), len(told.bodies), len(told.policies)
    print(f"{told.name}：{campuses} 个校区、{bodies} 个机构、{values} 项规定值，没有毛病。")
    print(f"{told.name_en}: {campuses} campuses, {bodies} bodies, {values} values; no fault.")
    return 0


def add_console(arguments: argparse.Namespace, home: Home) -> int:
    """Enter a control-room machine and print the code that registers it."""
    django_door.open_django(home)
    from mingjian.people import acts, consoles

    console, code = consoles.add_console(name=arguments.name, campus=arguments.campus, actor=acts.SHELL, clock=_CLOCK)
    print(f"{console.name} 的登记码（只显示这一次） its code, shown this once: {code}")
    return 0


def _told(held: "Appointment") -> str:
    return f"{held.post}@{held.body_id}{':withheld' if held.is_withheld else ''}"


def _held(arguments: argparse.Namespace) -> "Appointment":
    from mingjian.people.capacity import held_by

    held = held_by(_person(arguments.username), now_90k=_CLOCK.utc())
    found = held.filter(post=arguments.post, body=arguments.body).first()
    if found is None:
        raise CommandError("cli.appointment_unknown", person=arguments.username)
    return found


def _person(username: str) -> "Person":
    from mingjian.people.models import Person

    person = Person.objects.filter(username=username, is_active=True).first()
    if person is None:
        raise CommandError("cli.person_unknown", person=username)
    return person


def _appoint(person: "Person", arguments: argparse.Namespace) -> None:
    from mingjian.people import acts, appointing
    from mingjian.people.appointing import Term

    appointing.appoint(
        person=person,
        post=Post(arguments.post),
        body=arguments.body,
        term=Term(since_90k=_CLOCK.utc(), until_90k=arguments.until, document=arguments.document),
        appointed_by=None,
        actor=acts.SHELL,
        clock=_CLOCK,
    )
