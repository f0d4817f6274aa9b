"""The command line: everything an administrator does, and the processes that the supervisor starts."""

from mingjian.cli.entry import main

__all__ = ["main"]
