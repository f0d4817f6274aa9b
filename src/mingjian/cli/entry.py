"""From words typed to a function called, and from an error to three parts in two languages."""

import argparse
import sys
from collections.abc import Sequence

from mingjian import __version__
from mingjian.base.errors import MingjianError
from mingjian.cli import (
    cameras,
    control,
    footage,
    holds,
    ledgers,
    persons,
    policies,
    processes,
    rebuilding,
    rules,
    serving,
    sessions,
    witnessing,
    words,
)
from mingjian.host import kept_settings
from mingjian.host.home import Home

REFUSED, INTERRUPTED = 1, 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 refused or in error, 2 misspelt, others as documented."""
    arguments = parser().parse_args(argv)
    try:
        home = Home.from_environ()
        kept_settings.apply(home)
        code: int = arguments.run(arguments, home)
    except MingjianError as error:
        print(words.of_error(error), file=sys.stderr)
        return REFUSED
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        return REFUSED  # whoever read our output has left
    return code


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    top = argparse.ArgumentParser(
        prog="mingjian",
        description="明鉴：校园视频监控系统。 Mingjian: campus video surveillance under the rule.",
        epilog="数据目录由 MINGJIAN_HOME 决定（默认 ./var）。 The data folder is MINGJIAN_HOME (default ./var).",
    )
    top.add_argument("--version", action="version", version=f"mingjian {__version__}")
    commands = top.add_subparsers(metavar="COMMAND", required=True)
    rooms = (
        *(serving, cameras, control, persons, holds, sessions, footage, rebuilding),
        *(ledgers, witnessing, rules, policies, processes),
    )
    for room in rooms:
        room.register(commands)
    commands.add_parser("help", help="本说明。 this page").set_defaults(run=lambda _arguments, _home: _help(top))
    return top


def _help(top: argparse.ArgumentParser) -> int:
    top.print_help()
    return 0
