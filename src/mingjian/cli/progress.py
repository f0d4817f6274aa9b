"""How far a long look at a volume has come: one line on standard error, renewed in place or, in a log, now and then."""

import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mingjian.recordings.findings import Progress

_ON_SCREEN_S, _IN_LOG_S = 0.2, 10.0


class Line:
    """Tells of one volume; nothing of what is over within a moment."""

    def __init__(self, volume: str) -> None:
        self._volume = volume
        self._is_screen = sys.stderr.isatty()
        self._told_s = self._began_s = time.monotonic()

    def __call__(self, progress: "Progress") -> None:
        """Take the newest figures, and show them when the last ones have been seen."""
        now_s = time.monotonic()
        if now_s - self._told_s < (_ON_SCREEN_S if self._is_screen else _IN_LOG_S):
            return
        self._told_s = now_s
        words = f"录像卷 volume {self._volume}  文件 files {progress.files:,}/{progress.of_files:,}"
        if progress.of_bytes:
            words += f"  已读 read {progress.read_bytes / 1e9:,.1f}/{progress.of_bytes / 1e9:,.1f} GB"
        words += f"  {now_s - self._began_s:.0f} s"
        print(f"\r\x1b[K{words}" if self._is_screen else words, end="" if self._is_screen else "\n", file=sys.stderr)
        sys.stderr.flush()

    def close(self) -> None:
        """Leave the screen's line clean for what follows."""
        if self._is_screen:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
