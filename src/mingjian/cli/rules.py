"""`mingjian article`: what this system does about a rule of the regulation, and `mingjian manage` for developers."""

import argparse
from typing import TYPE_CHECKING

from mingjian.cli import django_door
from mingjian.cli.commands import CommandError
from mingjian.host.home import Home

if TYPE_CHECKING:
    from mingjian.cli.commands import Commands
    from mingjian.regulation.articles import Rule


def register(commands: "Commands") -> None:
    """Enter the commands of this module."""
    article = commands.add_parser("article", help="规定的条款在这里怎样落实。 what is done about a rule")
    article.add_argument("id", nargs="?", default="", help="例如 A13 或 A15.1.2")
    article.set_defaults(run=show)
    manage = commands.add_parser("manage", help="（开发用）Django 的命令。 Django's own commands, for developers")
    manage.add_argument("words", nargs=argparse.REMAINDER)
    manage.set_defaults(run=manage_django)


def show(arguments: argparse.Namespace, _: Home) -> int:
    """Print the rules whose id begins as asked."""
    from mingjian.regulation.articles import RULES

    wanted = arguments.id
    found = [rule for rule in RULES.values() if rule.id == wanted or rule.id.startswith(f"{wanted}.") or not wanted]
    if not found:
        raise CommandError("cli.article_unknown", article=wanted)
    for rule in found:
        _print_rule(rule)
    return 0


def _print_rule(rule: "Rule") -> None:
    print(f"{rule.id}  《办法》{rule.provision.citation_zh}  {rule.kind.value} / {rule.mechanism.value}")
    print(f"    {rule.summary_zh}")
    print(f"    {rule.summary_en}")
    for number in rule.numbers:
        print(f"    {number.name} = {number.value} {number.unit} ({number.source.value})")


def manage_django(arguments: argparse.Namespace, home: Home) -> int:
    """Run a command of Django's against the running database, as the web role."""
    django_door.open_django(home)
    from django.core.management import execute_from_command_line

    execute_from_command_line(["mingjian manage", *arguments.words])
    return 0
