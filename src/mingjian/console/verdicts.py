"""The last verification of the ledger, handed from the clerk to the pages as a small file."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from mingjian.host.home import Home


@dataclass(frozen=True, slots=True)
class LastVerdict:
    """What the last full verification found, and when. `witnessed_size` is how many leaves witnesses vouch for."""

    outcome: str
    size: int
    pending: int
    findings: int
    verified_at_90k: int
    shard: int = 1
    signed_size: int = 0
    witnessed_size: int = 0
    warnings: tuple[str, ...] = ()


def write(home: Home, verdict: LastVerdict) -> None:
    """Replace the file."""
    path = _path(home)
    draft = path.with_suffix(".new")
    draft.write_text(json.dumps(asdict(verdict)), encoding="utf-8")
    draft.replace(path)


def read(home: Home) -> LastVerdict | None:
    """Return the last verdict, or None when nothing was verified since the start."""
    try:
        told = json.loads(_path(home).read_text(encoding="utf-8"))
        return LastVerdict(**{**told, "warnings": tuple(told.get("warnings", ()))})
    except (FileNotFoundError, ValueError, TypeError, AttributeError):
        return None


def _path(home: Home) -> Path:
    return home.sockets / "ledger-verdict.json"
