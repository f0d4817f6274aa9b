"""What happened in one seed, line by line: for people to read, and to be the same whenever the seed is played again."""

import hashlib
import logging
import re
from pathlib import Path

from simulation.clocks import TrueTime

_DRAFT = re.compile(r"\.\d+\.new")
_PLAIN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "taskName"}


class Trace:
    """Lines with true time. Also a logging handler for what the product says."""

    def __init__(self, truth: TrueTime, root: Path) -> None:
        self.lines: list[str] = []
        self._truth = truth
        self._root = str(root)
        self._digest = hashlib.sha256()

    def say(self, text: str) -> None:
        """Add a line."""
        line = f"{self._truth.now_s:9.3f}  " + _DRAFT.sub(".new", text.replace(self._root, "~"))
        self.lines.append(line)
        self._digest.update(line.encode() + b"\n")

    @property
    def hash(self) -> str:
        """Two runs of a seed have the same."""
        return self._digest.hexdigest()


class Listener(logging.Handler):
    """Puts the product's own log into the trace."""

    def __init__(self, trace: Trace) -> None:
        super().__init__(logging.INFO)
        self._trace = trace

    def emit(self, record: logging.LogRecord) -> None:
        facts = {name: value for name, value in vars(record).items() if name not in _PLAIN}
        told = " ".join(f"{name}={value}" for name, value in facts.items())
        error = f" {record.exc_info[1]!r}" if record.exc_info else ""
        level = "" if record.levelno < logging.ERROR else "! "
        self._trace.say(f"    {level}{record.name.removeprefix('mingjian.')}: {record.getMessage()} {told}{error}")
