"""Log lines of every process: time, level, module, message, then the fields that came with it."""

import logging
import logging.handlers
import sys
from datetime import UTC, datetime
from pathlib import Path

from mingjian.base.ticks import CIVIL_ZONE

LARGEST_LOG_BYTES = 8 << 20
_ORDINARY = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class FieldFormatter(logging.Formatter):
    """Appends `extra` fields as name=value, in the order they were given."""

    def format(self, record: logging.LogRecord) -> str:
        line = f"{_civil(record.created)} {record.levelname} {record.name} {record.getMessage()}"
        fields = [f"{name}={value}" for name, value in vars(record).items() if name not in _ORDINARY]
        if record.exc_info:
            fields.append("\n" + self.formatException(record.exc_info))
        return " ".join([line, *fields])


def start() -> None:
    """Log to stderr from now on, which the supervisor writes to the process's file."""
    _start(logging.StreamHandler(sys.stderr))


def start_to(path: Path) -> None:
    """Log to this file from now on, an old one kept beside it when it grows large."""
    _start(logging.handlers.RotatingFileHandler(path, maxBytes=LARGEST_LOG_BYTES, backupCount=1, encoding="utf-8"))


def _start(handler: logging.Handler) -> None:
    handler.setFormatter(FieldFormatter())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    # One line per handshake of every camera and viewer says nothing that our own lines do not.
    for chatty in ("websockets", "uvicorn.access", "asyncio"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


def _civil(posix_s: float) -> str:
    return datetime.fromtimestamp(posix_s, UTC).astimezone(CIVIL_ZONE).isoformat(timespec="milliseconds")
