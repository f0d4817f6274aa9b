"""`mingjian up` and `mingjian demo`: refused on the wrong kind of home before anything is touched."""

import argparse
from typing import TYPE_CHECKING

from mingjian.cli.commands import CommandError
from mingjian.host import kept_settings
from mingjian.host.home import Home
from mingjian.host.kept_settings import KeptSettingsError

if TYPE_CHECKING:
    from mingjian.cli.commands import Commands

_LOOPBACK = ("127.0.0.1", "::1", "localhost")


def register(commands: "Commands") -> None:
    """Enter the commands of this module."""
    commands.add_parser("up", help="启动系统，直到 Ctrl-C。 run the system until Ctrl-C").set_defaults(run=up)
    commands.add_parser("demo", help="启动演示：八个模拟摄像机。 run the demo: eight simulated cameras").set_defaults(
        run=demo
    )


def up(_: argparse.Namespace, home: Home) -> int:
    """Run the real thing."""
    if kept_settings.is_demo(home):
        raise KeptSettingsError("host.home_is_demo", home=str(home.root))
    from mingjian.cli import running

    running.run(home)
    return 0


def demo(_: argparse.Namespace, home: Home) -> int:
    """Run the demo on a home of its own. Its passwords are public, so it stays on the loopback."""
    if home.bind not in _LOOPBACK:
        raise CommandError("cli.demo_exposed", bind=home.bind)
    if (home.root / "deployment.json").exists() and not kept_settings.is_demo(home):
        raise KeptSettingsError("host.home_is_real", home=str(home.root))
    from mingjian.cli import founding, running
    from mingjian.demo import cast

    founding.make_root(home)
    kept_settings.keep(home, cast.settings())
    kept_settings.apply(home)
    running.run(home)
    return 0
