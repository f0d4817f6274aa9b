"""What the command modules share: their table, how instants and passwords are typed, how rows are printed."""

import argparse
import getpass
import json
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from mingjian.base import ticks
from mingjian.base.errors import MingjianError
from mingjian.base.ticks import Ticks90k
from mingjian.host.home import Home

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


class CommandError(MingjianError):
    """What was typed cannot be done here: "cli.…" with the facts."""


def local_host(home: Home) -> str:
    """Return where this machine reaches what the home serves; a server that listens everywhere is asked at loopback."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(home.bind, home.bind)  # noqa: S104 - compared, not bound


def page_address(home: Home, path: str = "/") -> str:
    """Return a page's address for a browser on this machine."""
    host = local_host(home)
    return f"http://{f'[{host}]' if ':' in host else host}:{home.port}{path}"


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


def ask_password(prompt: str) -> str:
    """Read a password without showing it; never from the command line, which every user of the host can read."""
    if sys.stdin.isatty():
        return getpass.getpass(prompt)
    return sys.stdin.readline().rstrip("\n")


def print_rows(rows: Sequence[Mapping[str, object]], columns: tuple[str, ...], arguments: argparse.Namespace) -> None:
    """Print rows as JSON when asked to, else these columns of them."""
    if arguments.is_json:
        print(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for row in rows:
        print("  ".join(str(row[column]) for column in columns))
