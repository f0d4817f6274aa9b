"""`mingjian article` and `matrix`: what is done about a rule, and who may do what; `manage` for developers."""

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING

from mingjian.base.clock import SystemClock
from mingjian.base.errors import MingjianError
from mingjian.cli import django_door
from mingjian.cli.commands import CommandError
from mingjian.host.home import Home

if TYPE_CHECKING:
    from mingjian.cli.commands import Commands
    from mingjian.oversight.refusals import Refusals
    from mingjian.oversight.tracing import Place
    from mingjian.regulation.articles import Number, Rule


_MARKS = {"allowed": "✔", "refused": "✖", "ticket": "T"}


def register(commands: "Commands") -> None:
    """Enter the commands of this module."""
    article = commands.add_parser("article", help="规定的条款在这里怎样落实。 what is done about a rule")
    article.add_argument("id", nargs="?", default="", help="例如 A13 或 A15.1.2")
    article.set_defaults(run=show)
    matrix = commands.add_parser("matrix", help="权限矩阵：什么身份可以办什么。 who may do what, with the article")
    matrix.set_defaults(run=show_matrix)
    manage = commands.add_parser("manage", help="（开发用）Django 的命令。 Django's own commands, for developers")
    manage.add_argument("words", nargs=argparse.REMAINDER)
    manage.set_defaults(run=manage_django)


def show(arguments: argparse.Namespace, home: Home) -> int:
    """Print the rules of a citation with where they are at work; without one, a line per rule."""
    from mingjian.regulation.articles import CATALOGUE, family

    today = _refusals_of_today(home)
    if not arguments.id:
        for rule in CATALOGUE.values():
            count = "" if today is None else f"  今日未予办理 refused today: {today.by_citation.get(rule.id, 0)}"
            print(f"{_headline(rule)}{count}")
        return 0
    found = family(arguments.id)
    if not found:
        raise CommandError("cli.article_unknown", article=arguments.id)
    for rule in found:
        _print_rule(rule, today=today)
    return 0


def show_matrix(_arguments: argparse.Namespace, _: Home) -> int:
    """Print the permission matrix, a line per cell under each action."""
    from mingjian.regulation.matrix import ROWS
    from mingjian.regulation.roles import COLUMNS

    for row in ROWS.values():
        offered = "" if row.is_offered else "（本版本还没有办理途径 not offered yet）"
        print(f"{row.name_zh} {row.name_en}{offered}")
        for role, cell in row.cells.items():
            condition = f"  {cell.condition_zh} {cell.condition_en}" if cell.condition_zh else ""
            print(f"    {_MARKS[cell.verdict]} {cell.rule.id:<9} {COLUMNS[role].name_zh}{condition}")
    return 0


def _headline(rule: "Rule") -> str:
    return f"{rule.id}  {rule.provision.cited_zh}  {rule.kind.value} / {rule.mechanism.value} / {rule.standing.value}"


def _print_rule(rule: "Rule", *, today: "Refusals | None") -> None:
    from mingjian.oversight import tracing

    print(_headline(rule))
    print(f"    {rule.summary_zh}")
    print(f"    {rule.summary_en}")
    for number in rule.numbers:
        print(f"    {_figure(number)}")
    if rule.principle is not None:
        print(
            f"    原则上；例外由{rule.principle.authority_zh}决定 as a rule; excepted by {rule.principle.authority_en}"
        )
    trace = tracing.traces()[rule.id]
    _print_places("判定 decided", trace.decided, none="没有判定函数 no rule function")
    _print_places("调用 called", trace.called, none="软件中还没有用到 nothing uses it yet")
    tests = tracing.folder_of_tests()
    if tests is None:
        print("    测试 tested: 这里只装了程序，没有测试的源代码 sources of tests are not installed here")
    else:
        _print_places("测试 tested", tracing.marked_tests(rule.id, tests=tests), none="没有测试 no test")
    told = "系统没有启动，查不到 not running" if today is None else str(today.by_citation.get(rule.id, 0))
    print(f"    今日未予办理 refused today: {told}")
    print()


def _refusals_of_today(home: Home) -> "Refusals | None":
    """Return today's refusals, None where nothing runs: a rule can be read without a system."""
    try:
        django_door.open_django(home)
    except (MingjianError, OSError):
        return None
    from mingjian.oversight import refusals

    return refusals.of_the_day(now_90k=SystemClock().utc())


def _figure(number: "Number") -> str:
    basis = f"，{number.basis_zh} {number.basis_en}" if number.basis_zh else ""
    return f"{number.label_zh} {number.label_en}: {number.value} {number.unit} ({number.source.value}{basis})"


def _print_places(heading: str, places: "Sequence[Place]", *, none: str) -> None:
    if not places:
        print(f"    {heading}: {none}")
        return
    print(f"    {heading}:")
    for place in places:
        print(f"        {place.path}:{place.line}  {place.name}")


def manage_django(arguments: argparse.Namespace, home: Home) -> int:
    """Run a command of Django's against the running database, as the web role."""
    django_door.open_django(home)
    from django.core.management import execute_from_command_line

    execute_from_command_line(["mingjian manage", *arguments.words])
    return 0
