"""The survivors that are explained: the tables of `docs/mutation.md`."""

import re
from pathlib import Path

_PAPER = Path("docs/mutation.md")
_ROW = re.compile(r"^\| `(?P<name>mingjian\.[^`]+)` \| (?P<reason>.+) \|$")


def explained() -> dict[str, str]:
    """Return the reason of every explained survivor by its name."""
    if not _PAPER.exists():
        return {}
    rows = (_ROW.match(line) for line in _PAPER.read_text().splitlines())
    return {row["name"].replace(r"\|", "|"): row["reason"] for row in rows if row}
