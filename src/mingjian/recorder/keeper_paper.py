"""What a keeper publishes of its volume each second, off the volume: volatile, so that a disk that hangs is told of."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from mingjian.base.ticks import TICKS_PER_S
from mingjian.host.home import Home

PAPER_VERSION = 2
# A disk that took no write for so long does not answer; one under load may be slow for a few seconds.
HANGS_AFTER_90K = 8 * TICKS_PER_S
STALE_90K = 5 * TICKS_PER_S


@dataclass(frozen=True, slots=True)
class KeeperPaper:
    """How the volume was when its disk last answered, on the timeline; `at_90k` is when the keeper last wrote this."""

    at_90k: int
    answered_at_90k: int
    level: str
    full_in_days: int | None
    free_bytes: int
    # Whether the room kept back for the next start on a full disk is there (`recordings/ballast.py`).
    has_ballast: bool
    # Bytes read again in this round of the scrub, of how many; when the last whole round ended; recordings damaged.
    reread_bytes: int
    of_bytes: int
    reread_all_at_90k: int | None
    damaged: int
    # How much of the timeline does not count towards deletion (`recordings/counted.py`).
    leapt_90k: int
    version: int = PAPER_VERSION

    def hangs(self, *, now_90k: int) -> bool:
        """Say whether the keeper lives and waits for its disk."""
        is_alive = 0 <= now_90k - self.at_90k < STALE_90K
        return is_alive and self.at_90k - self.answered_at_90k > HANGS_AFTER_90K


def write(home: Home, volume_id: str, paper: KeeperPaper) -> None:
    """Replace the paper. Not synced: it means nothing after a power cut."""
    path = _path(home, volume_id)
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(asdict(paper), separators=(",", ":")))
    fresh.replace(path)


def read(home: Home, volume_id: str) -> KeeperPaper | None:
    """Return the newest paper, None when there is none of this version."""
    try:
        paper = KeeperPaper(**json.loads(_path(home, volume_id).read_bytes()))
    except (FileNotFoundError, ValueError, TypeError):
        return None
    return paper if paper.version == PAPER_VERSION else None


def _path(home: Home, volume_id: str) -> Path:
    return home.sockets / f"volume-{volume_id}.json"
