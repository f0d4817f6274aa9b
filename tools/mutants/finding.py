"""Every mutant of a module: one change at one place, under a name that outlives edits elsewhere in the file."""

import ast
import copy
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import CodeType
from typing import cast

from tools.mutants import changes

SOURCES = Path("src")
# What stands in a class or around the functions is run once, at import.
AT_IMPORT = "module"
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True, slots=True)
class Mutant:
    """One fault that could be. `function` is the outermost one it is in, `module` for what runs at import.

    `lines` are those of the statement, `target` the name that a statement at import binds, empty without one.
    """

    module: str
    function: str
    change: str
    lines: range
    target: str
    _place: int = field(repr=False)
    _instead: ast.AST = field(repr=False)

    @property
    def name(self) -> str:
        """What explanations and results call it."""
        return f"{self.module}:{self.function}: {self.change}"

    def tree(self, source: "Source") -> ast.Module:
        """Return the module's syntax tree with the fault in it."""
        changed = _Exchange(self._place, copy.deepcopy(self._instead)).visit(copy.deepcopy(source.tree))
        return cast(ast.Module, ast.fix_missing_locations(changed))

    def compiled(self, source: "Source") -> CodeType:
        """Return the module's code with the fault in it."""
        return compile(self.tree(source), str(source.path.resolve()), "exec")


@dataclass(frozen=True)
class Source:
    """One module as it stands."""

    module: str

    @cached_property
    def path(self) -> Path:
        """The file."""
        return SOURCES / (self.module.replace(".", "/") + ".py")

    @cached_property
    def tree(self) -> ast.Module:
        """Its syntax tree, each node numbered."""
        tree = ast.parse(self.path.read_text())
        for number, node in enumerate(ast.walk(tree)):
            node.place = number  # type: ignore[attr-defined]  # ours, kept by copies
        return tree

    def mutants(self) -> list[Mutant]:
        """Return them in the order of the text."""
        seen: Counter[tuple[str, str]] = Counter()
        found = []
        for place in _places(self.tree, parent=self.tree, within=_Within(AT_IMPORT, range(0), "")):
            if place.within.function == AT_IMPORT and not place.within.target:
                continue  # fields and codes of classes
            for instead in changes.of(place.node, parent=place.parent):
                change = _difference(place.node, instead)
                seen[place.within.function, change] += 1
                again = seen[place.within.function, change]
                found.append(
                    Mutant(
                        module=self.module,
                        function=place.within.function,
                        change=change if again == 1 else f"{change} ({again})",
                        lines=place.within.lines,
                        target=place.within.target,
                        _place=place.node.place,  # type: ignore[attr-defined]
                        _instead=ast.copy_location(copy.deepcopy(instead), place.node),
                    )
                )
        return found


@dataclass(frozen=True, slots=True)
class _Within:
    function: str
    lines: range
    target: str


@dataclass(frozen=True, slots=True)
class _Place:
    node: ast.AST
    parent: ast.AST
    within: _Within


def _places(node: ast.AST, *, parent: ast.AST, within: _Within, path: str = "") -> Iterator[_Place]:
    if isinstance(node, ast.stmt):
        if _is_docstring(node) or isinstance(node, ast.Import | ast.ImportFrom):
            return
        within = _Within(within.function, _lines_of(node), within.target if path else _bound_by(node))
    yield _Place(node, parent, within)
    is_outermost = isinstance(node, _SCOPES) and within.function == AT_IMPORT
    for name, value in ast.iter_fields(node):
        if name in {"annotation", "returns", "decorator_list", "type_params"}:
            continue
        for child in value if isinstance(value, list) else [value]:
            if not isinstance(child, ast.AST) or changes.is_hint(child, parent=node):
                continue
            below, inner = within, path
            if isinstance(node, ast.ClassDef):
                inner = f"{path}{node.name}."
            if is_outermost and name == "body":
                below = _Within(f"{path}{cast(ast.FunctionDef, node).name}", within.lines, "")
            yield from _places(child, parent=node, within=below, path=inner)


def _lines_of(node: ast.stmt) -> range:
    """The lines of a statement, of a block only its head."""
    body = getattr(node, "body", None) or getattr(node, "cases", None)
    first = getattr(body[0], "pattern", body[0]) if body else None
    last = first.lineno if first is not None else (node.end_lineno or node.lineno) + 1
    return range(node.lineno, max(last, node.lineno + 1))


def _bound_by(node: ast.stmt) -> str:
    match node:
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return name
    return ""


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _difference(node: ast.AST, instead: ast.AST) -> str:
    match node, instead:
        case ast.Call(func=function, keywords=before), ast.Call(keywords=after) if len(before) > len(after):
            (lost,) = (one for one in before if one not in after)
            return f"{ast.unparse(function)}({_title(before)}…) without {_told(lost)}"
        case ast.Dict(keys=keys, values=before), ast.Dict(values=after):
            ((key, lost),) = ((key, one) for key, one in zip(keys, before, strict=True) if one not in after)
            return f"dictionary without {_told(lost if key is None else key)}"
        case (ast.Tuple(elts=before), ast.Tuple(elts=after)) | (ast.List(elts=before), ast.List(elts=after)) if after:
            (lost,) = (one for one in before if one not in after)
            return f"{_told(node)} without {_told(lost)}"
    return f"{_told(node)} → {_told(instead)}"


def _title(keywords: list[ast.keyword]) -> str:
    """What a table calls the entry: its code, name or id."""
    for one in keywords:
        if one.arg in {"code", "name", "id"} and isinstance(one.value, ast.Constant):
            return f"{one.value.value!r}, "
    return ""


def _told(node: ast.AST) -> str:
    """The code on one line, the body of a block left out."""
    match node:
        case ast.Match(subject=subject, cases=cases):
            patterns = ", ".join(ast.unparse(case.pattern) for case in cases)
            return f"match {ast.unparse(subject)}: {patterns}"
        case ast.With(items=items):
            return "with " + ", ".join(ast.unparse(item) for item in items)
        case ast.If(test=ast.Constant(1)):
            return "with nothing"
        case ast.comprehension(target=target, iter=source, ifs=conditions):
            return " if ".join(
                [f"for {ast.unparse(target)} in {ast.unparse(source)}", *(ast.unparse(one) for one in conditions)]
            )
    told = " ".join(ast.unparse(ast.fix_missing_locations(copy.deepcopy(node))).split())
    return told if len(told) <= 120 else f"{told[:80]} … {told[-37:]}"


class _Exchange(ast.NodeTransformer):
    def __init__(self, place: int, instead: ast.AST) -> None:
        self._place = place
        self._instead = instead

    def visit(self, node: ast.AST) -> ast.AST:
        if getattr(node, "place", None) == self._place:
            return self._instead
        return super().generic_visit(node)
