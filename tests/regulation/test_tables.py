"""The law's tables, entry by entry: whoever changes a figure, a rule or a source of one changes `tables.txt` as well.

`tables.txt` holds what decides and is cited, not the texts for readers. It is made by this file run by itself:
`.venv/bin/python tests/regulation/test_tables.py > tests/regulation/tables.txt`.
"""

import ast
import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from pathlib import Path
from types import ModuleType

from mingjian import regulation
from mingjian.regulation.decision import Reason
from mingjian.regulation.matrix import Cell
from mingjian.regulation.terms import Law, Provision, Rule

GOLDEN = Path(__file__).parent / "tables.txt"
CITED = (Rule, Provision, Law)
TABLES = (int, str, Enum, tuple, frozenset, Mapping)
# How a place is cited is part of the law's data, and so is the condition of a cell; all else in two languages is for
# readers.
SAID = (Provision, Law, Cell)
FOR_READERS = ("_zh", "_en")


def test_the_tables_are_those_on_paper():
    assert "\n".join(lines()) == GOLDEN.read_text().rstrip("\n"), "if this is meant, make the paper anew: see above"


def lines() -> Iterator[str]:
    """Return one line per entry of every table, in the order of modules and of the text."""
    for name, value in tables_of_all_modules():
        yield from spelled(name, value)


def tables_of_all_modules() -> Iterator[tuple[str, object]]:
    for found in pkgutil.walk_packages(regulation.__path__, "mingjian.regulation."):
        if found.name == "mingjian.regulation.articles":
            continue  # gathers the chapters in an order that `test_articles` holds
        module = importlib.import_module(found.name)
        for name in bound_by(module):
            value = getattr(module, name)
            if not is_listed_again(name, value) and (is_dataclass(value) or isinstance(value, TABLES)):
                yield f"{found.name.removeprefix('mingjian.regulation.')}.{name}", value


def is_listed_again(name: str, value: object) -> bool:
    """Whether it is the list from which a public table of the module is made."""
    return name.startswith("_") and isinstance(value, tuple) and not all(isinstance(one, Reason) for one in value)


def bound_by(module: ModuleType) -> Iterator[str]:
    """Return the names that the module itself gives values to, in the order of its text."""
    assert module.__file__
    for statement in ast.parse(Path(module.__file__).read_text()).body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                yield name


def spelled(name: str, value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        yield f"{name} {len(value)}"
        for key, entry in value.items():
            yield from spelled(f"{name}[{plain(key)}]", entry)
    elif isinstance(value, tuple):
        yield f"{name} {len(value)}"
        for number, entry in enumerate(value):
            yield from spelled(f"{name}[{number}]", entry)
    elif is_dataclass(value):
        yield f"{name} {entry_of(value)}"
        for field in fields(value):
            inner = getattr(value, field.name)
            if is_dataclass(inner) and not isinstance(inner, CITED):
                yield from spelled(f"{name}.{field.name}", inner)
            elif isinstance(inner, Mapping | tuple) and inner:
                yield from spelled(f"{name}.{field.name}", inner)
    else:
        yield f"{name} {plain(value)}"


def entry_of(value: object) -> str:
    """Spell the plain fields of an entry; of those that people read only how many say something."""
    told, texts = [], 0
    for field in fields(value):  # type: ignore[arg-type]
        inner = getattr(value, field.name)
        if field.name.endswith(FOR_READERS) and not isinstance(value, SAID):
            texts += bool(inner)
        elif not isinstance(inner, Mapping | tuple):
            told.append(f"{field.name}={inner if isinstance(inner, str) else plain(inner)}")
    return " ".join([*told, f"texts={texts}"] if texts else told)


def plain(value: object) -> str:
    if isinstance(value, CITED):
        return value.id
    if isinstance(value, frozenset | set):
        return "{" + ", ".join(sorted(map(plain, value))) + "}"
    if isinstance(value, Enum):
        return value.name
    return "…" if is_prose(value) else str(value)


def is_prose(value: object) -> bool:
    return isinstance(value, str) and (" " in value or not value.isascii())


if __name__ == "__main__":
    print("\n".join(lines()))
