"""What the command modules share: the type of the table they enter themselves into, and how instants are typed."""

import argparse
from typing import TYPE_CHECKING

from mingjian.base import ticks
from mingjian.base.errors import MingjianError
from mingjian.base.ticks import Ticks90k

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


class CommandError(MingjianError):
    """What was typed cannot be done here: "cli.…" with the facts."""


def instant(text: str) -> Ticks90k:
    """Parse an instant as typed: ISO 8601, campus time unless an offset says otherwise."""
    try:
        return ticks.parse_iso(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r}: 2026-11-22T09:14:00") from error


def add_span(parser: argparse.ArgumentParser) -> None:
    """Add --from and --to."""
    parser.add_argument("--from", dest="start_90k", type=instant, required=True, metavar="TIME", help="含。 included")
    parser.add_argument("--to", dest="end_90k", type=instant, required=True, metavar="TIME", help="不含。 not included")


def add_json(parser: argparse.ArgumentParser) -> None:
    """Add --json."""
    parser.add_argument("--json", action="store_true", dest="is_json", help="机器可读。 for machines")
