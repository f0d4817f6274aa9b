"""Where a rule of the regulation is at work: found by reading the installed source, so that nobody keeps a list."""

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import mingjian
from mingjian.oversight.source_text import SourceText, parsed
from mingjian.regulation.articles import CATALOGUE, is_covered

_REGULATION = "mingjian.regulation"
_CONSTANTS = f"{_REGULATION}.articles"
_RULE_FUNCTIONS = f"{_REGULATION}.rules."


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A line of the source, and the function or test it stands in."""

    path: str
    line: int
    name: str


@dataclass(frozen=True, slots=True)
class Trace:
    """Rule functions that weigh the rule, and where other rooms call them or cite the rule themselves."""

    decided: tuple[Place, ...]
    called: tuple[Place, ...]


@cache
def traces() -> Mapping[str, Trace]:
    """Return a trace per rule id of the installed product. Reads its source once per process."""
    return trace_package(Path(mingjian.__file__).parent)


def trace_package(package: Path) -> Mapping[str, Trace]:
    """Return a trace per rule id of the package whose folder this is."""
    texts = [
        SourceText.read(file, root=package.parent)
        for file in sorted(package.rglob("*.py"))
        if _REGULATION.encode() in file.read_bytes()
    ]
    rules = [text for text in texts if text.module.startswith(_RULE_FUNCTIONS)]
    rooms = [text for text in texts if not text.module.startswith(_REGULATION)]
    return {rule_id: _trace(rule_id, rules=rules, rooms=rooms) for rule_id in CATALOGUE}


def marked_tests(rule_id: str, *, tests: Path) -> tuple[Place, ...]:
    """Return the tests marked with the rule, or with a provision that covers it."""
    return tuple(dict.fromkeys(mark.place for mark in _marks(tests) if is_covered(rule_id, by=mark.cited)))


def shown_outcomes(rule_id: str, *, tests: Path) -> frozenset[str]:
    """Return what marked tests claim to show of the rule itself: "allowed", "refused", both or nothing."""
    return frozenset(outcome for mark in _marks(tests) if mark.cited == rule_id for outcome in mark.shows)


def folder_of_tests() -> Path | None:
    """Return the folder of tests of a checkout, or None where only the product is installed."""
    source = Path(mingjian.__file__).parent.parent
    tests = source.parent / "tests"
    return tests if source.name == "src" and tests.is_dir() else None


def _trace(rule_id: str, *, rules: list[SourceText], rooms: list[SourceText]) -> Trace:
    constant = f"{_CONSTANTS}.{rule_id.replace('.', '_').upper()}"
    reached = _reached_from(constant, rules)
    functions = {
        name: (text, line) for text in rules for name, line in text.public_functions.items() if name in reached
    }
    return Trace(
        decided=tuple(sorted(Place(text.path, line, _last(name)) for name, (text, line) in functions.items())),
        called=tuple(sorted(_uses(rooms, names={constant, *functions}))),
    )


def _reached_from(constant: str, rules: list[SourceText]) -> set[str]:
    """Return the definitions of the rule functions' modules that use the constant, directly or through one another."""
    users: dict[str, set[str]] = defaultdict(set)
    for text in rules:
        for reference in text.references:
            users[reference.name].add(reference.owner)
    reached: set[str] = set()
    waiting = {constant}
    while waiting:
        found = users[waiting.pop()] - reached
        reached |= found
        waiting |= found
    return reached


def _uses(texts: list[SourceText], *, names: set[str]) -> set[Place]:
    return {
        Place(text.path, reference.line, _last(reference.owner))
        for text in texts
        for reference in text.references
        if reference.name in names
    }


@dataclass(frozen=True, slots=True)
class Mark:
    """One id of a `@pytest.mark.article(*cited, shows=…)`, what it shows of it, and the test it stands on."""

    cited: str
    shows: frozenset[str]
    place: Place


@cache
def _marks(tests: Path) -> tuple[Mark, ...]:
    """Return what each test cites by `@pytest.mark.article`, in the order of files and lines."""
    found: list[Mark] = []
    for file in sorted(tests.rglob("*.py")):
        if b"mark.article(" in (content := file.read_bytes()):
            path = file.relative_to(tests.parent).as_posix()
            for node in ast.walk(parsed(content, name=str(file))):
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                    place = Place(path, node.lineno, node.name)
                    found.extend(_marks_of(node.decorator_list, place=place))
    return tuple(sorted(found, key=lambda mark: mark.place))


def _marks_of(decorators: Iterable[ast.expr], *, place: Place) -> Iterator[Mark]:
    for decorator in decorators:
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func).endswith("mark.article"):
            shows = {word for told in decorator.keywords if told.arg == "shows" for word in _words(told.value)}
            for cited in (word for argument in decorator.args for word in _words(argument)):
                yield Mark(cited, frozenset(shows), place)


def _words(node: ast.expr) -> tuple[str, ...]:
    """Return the strings of a literal: one, or a tuple of them."""
    nodes = node.elts if isinstance(node, ast.Tuple) else (node,)
    return tuple(str(one.value) for one in nodes if isinstance(one, ast.Constant))


def _last(name: str) -> str:
    return name.rpartition(".")[2]
