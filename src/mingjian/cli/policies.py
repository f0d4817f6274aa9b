"""`mingjian policy` and `reading`: the values and interpretations in force, and everything ever ruled on one."""

import argparse
from typing import TYPE_CHECKING

from mingjian.base import ticks
from mingjian.base.clock import SystemClock
from mingjian.cli import django_door
from mingjian.cli.commands import CommandError, add_json, instant, print_rows
from mingjian.host.home import Home

if TYPE_CHECKING:
    from mingjian.cli.commands import Commands
    from mingjian.people.models import Ruling

_CLOCK = SystemClock()


def register(commands: "Commands") -> None:
    """Enter the commands of this module. The shell is no body of the university: it reads, and rules nothing."""
    policy = commands.add_parser("policy", help="现行的规定值；给出名称则列历次规定。 policy values, or one's history")
    policy.add_argument("topic", nargs="?", default="", help="例如 objection_period")
    policy.add_argument(
        "--at", dest="at_90k", type=instant, default=None, metavar="TIME", help="那时现行的。 as of then"
    )
    add_json(policy)
    policy.set_defaults(run=show_policies)
    reading = commands.add_parser("reading", help="待保卫处解释的事项；给出编号则列历次解释。 open points")
    reading.add_argument("topic", nargs="?", default="", help="例如 Q04")
    reading.add_argument(
        "--at", dest="at_90k", type=instant, default=None, metavar="TIME", help="那时现行的。 as of then"
    )
    add_json(reading)
    reading.set_defaults(run=show_readings)


def _add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--at", dest="at_90k", type=instant, default=None, metavar="TIME", help="那时现行的。 as of then"
    )
    add_json(parser)


def show_policies(arguments: argparse.Namespace, home: Home) -> int:
    """List the values in force, or everything ever ruled on one."""
    from mingjian.regulation.policies import POLICIES

    if arguments.topic:
        return _show_history(arguments, home, known=set(POLICIES))
    django_door.open_django(home)
    from mingjian.people import policy

    book = policy.in_force(at_90k=_at(arguments))
    rows = [
        {
            "topic": name,
            "value": book.value(name),
            "unit": known.unit.value,
            "bounds": f"{known.least}–{known.most}",
            "floor": known.floor_rule.id if known.floor_rule else known.floor_source.value,
            "rule": known.rule.id,
            "standing": known.standing.value,
            "label": f"{known.label_zh} {known.label_en}",
        }
        for name, known in POLICIES.items()
    ]
    print_rows(rows, ("topic", "value", "unit", "bounds", "floor", "rule", "standing", "label"), arguments)
    if not arguments.is_json:
        print(f"第 {book.version} 版 version {book.version}")
    return 0


def show_readings(arguments: argparse.Namespace, home: Home) -> int:
    """List the open points with what holds, or everything ever ruled on one."""
    from mingjian.regulation.readings import READINGS

    if arguments.topic:
        return _show_history(arguments, home, known=set(READINGS))
    django_door.open_django(home)
    from mingjian.people import policy

    told = policy.interpretations(at_90k=_at(arguments))
    rows = [
        {
            "topic": name,
            "state": f"已解释 {told[name].document}" if name in told else "待保卫处解释 awaiting interpretation",
            "question": f"{known.question_zh} {known.question_en}",
            "answer": told[name].answer if name in told else f"{known.default_zh} {known.default_en}",
        }
        for name, known in READINGS.items()
    ]
    if arguments.is_json:
        print_rows(rows, ("topic",), arguments)
        return 0
    for row in rows:
        print(f"{row['topic']}  {row['question']}\n    {row['state']}\n    {row['answer']}")
    return 0


def _show_history(arguments: argparse.Namespace, home: Home, *, known: set[str]) -> int:
    if arguments.topic not in known:
        raise CommandError("cli.topic_unknown", topic=arguments.topic)
    django_door.open_django(home)
    from mingjian.people import policy

    rows = [_told(one) for one in policy.history(arguments.topic)]
    print_rows(rows, ("number", "said", "state", "effective", "proposed_by", "decided_by", "document"), arguments)
    if not rows and not arguments.is_json:
        print("没有规定过，按本系统的默认。 Nothing was ever ruled; our default holds.")
    return 0


def _told(one: "Ruling") -> dict[str, object]:
    state = "open" if one.is_open else "turned_down" if one.version is None else "accepted"
    return {
        "number": one.version or "-",
        "said": one.answer if one.value is None else one.value,
        "state": state,
        "effective": ticks.to_iso(one.effective_at_90k) if one.effective_at_90k is not None else "-",
        "proposed_by": one.proposed_by.display_name if one.proposed_by else "profile",
        "decided_by": one.decided_by.display_name if one.decided_by else "-",
        "document": one.document or "-",
        "reason": one.reason,
    }


def _at(arguments: argparse.Namespace) -> int:
    return int(_CLOCK.utc() if arguments.at_90k is None else arguments.at_90k)
