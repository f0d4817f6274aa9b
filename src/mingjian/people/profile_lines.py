"""Where a key stands in a TOML file: the standard reader forgets lines, and whoever mends a profile needs them.

It follows the plain form of our profiles: tables, arrays of tables, keys at the beginning of a line.
"""

import re
from collections import Counter
from collections.abc import Mapping

_HEADER = re.compile(r"^\s*(\[\[|\[)\s*([A-Za-z0-9_.-]+)\s*(?:\]\]|\])\s*(?:#.*)?$")
_KEY = re.compile(r"""^\s*(?:"([^"]*)"|'([^']*)'|([A-Za-z0-9_-]+))\s*=""")
_LONG = ('"""', "'''")


def lines_of(text: str) -> Mapping[str, int]:
    """Return the line, from 1, of every table ("body", its first; "body[2]") and key ("body[2].campuses", "name")."""
    found: dict[str, int] = {}
    counts: Counter[str] = Counter()
    table, closing = "", ""
    for number, line in enumerate(text.splitlines(), start=1):
        if closing:
            closing = "" if closing in line else closing
            continue
        if header := _HEADER.match(line):
            kind, name = header.groups()
            table = f"{name}[{counts[name]}]" if kind == "[[" else name
            counts[name] += kind == "[["
            found.setdefault(table, number)
            found.setdefault(name, number)
        elif key := _KEY.match(line):
            name = next(group for group in key.groups() if group is not None)
            found.setdefault(f"{table}.{name}" if table else name, number)
            closing = next((mark for mark in _LONG if line.count(mark) == 1), "")
    return found


def line_of(key: str, *, lines: Mapping[str, int]) -> int:
    """Return the line of a key, or of the nearest table or key around it; 1 when nothing around it stands there."""
    while key and key not in lines:
        key = key.rpartition(".")[0] if "." in key else key.partition("[")[0] if "[" in key else ""
    return lines.get(key, 1)
