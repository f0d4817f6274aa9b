"""What anybody outside can provoke is logged once an interval, without its traceback: logs are for what is new."""

import logging
import time

INTERVAL_S = 60.0
# A wrong Host header, which scanners send all day.
SPARED = "django.security.DisallowedHost"


class OncePerInterval(logging.Filter):
    """Lets one line pass per interval and tells how many it held back before."""

    def __init__(self) -> None:
        super().__init__()
        self._next_s = 0.0
        self._held_back = 0

    def filter(self, record: logging.LogRecord) -> bool:
        """Say whether the line is due."""
        now_s = time.monotonic()
        if now_s < self._next_s:
            self._held_back += 1
            return False
        record.exc_info = record.exc_text = None
        record.held_back = self._held_back
        self._next_s, self._held_back = now_s + INTERVAL_S, 0
        return True


def start() -> None:
    """Spare the logs of this process from now on. Idempotent."""
    logger = logging.getLogger(SPARED)
    if not any(isinstance(known, OncePerInterval) for known in logger.filters):
        logger.addFilter(OncePerInterval())
