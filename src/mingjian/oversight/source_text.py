"""Python source read as text: which names a module refers to, in full, and where. Nothing is imported or run."""

import ast
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

# CPython 3.11 counts the depth of a tree for all threads together: two that parse at once disturb each other.
_PARSING = threading.Lock()


def parsed(source: bytes, *, name: str) -> ast.Module:
    """Return the syntax tree of a module, one thread at a time. Raises SyntaxError."""
    with _PARSING:
        return ast.parse(source, filename=name)


@dataclass(frozen=True, slots=True)
class Reference:
    """A name as it is used: in full ("mingjian.regulation.articles.A13_B"), the line, and the definition around it.

    `owner` is the full name of the top-level function, class or constant, and empty at the bare module level.
    """

    name: str
    line: int
    owner: str


@dataclass(frozen=True)
class SourceText:
    """One module of a package: its full name, its path as shown to people, and its syntax tree."""

    module: str
    path: str
    tree: ast.Module

    @classmethod
    def read(cls, file: Path, *, root: Path) -> "SourceText":
        """Parse a file below `root`, the folder that holds the package."""
        relative = file.relative_to(root)
        parts = relative.with_suffix("").parts
        module = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        return cls(module=module, path=relative.as_posix(), tree=parsed(file.read_bytes(), name=str(file)))

    @cached_property
    def public_functions(self) -> dict[str, int]:
        """Full names of the public functions at the top level, with their lines."""
        return {
            f"{self.module}.{node.name}": node.lineno
            for node in self.tree.body
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
        }

    @cached_property
    def references(self) -> tuple[Reference, ...]:
        """Every use of an imported name or of one of the module's own, outside of import statements."""
        return tuple(self._references())

    def _references(self) -> Iterator[Reference]:
        known = self._known_names()
        for statement in self.tree.body:
            defined = _defined_by(statement)
            owner = f"{self.module}.{defined[0]}" if defined else ""
            for node in ast.walk(statement):
                dotted = _dotted(node)
                head, _, rest = dotted.partition(".")
                if head in known:
                    full = f"{known[head]}.{rest}" if rest else known[head]
                    yield Reference(name=full, line=getattr(node, "lineno", 0), owner=owner)

    def _known_names(self) -> dict[str, str]:
        known = {name: f"{self.module}.{name}" for statement in self.tree.body for name in _defined_by(statement)}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                known |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
            elif isinstance(node, ast.Import):
                known |= {alias.asname: alias.name for alias in node.names if alias.asname}
        return known


def _defined_by(statement: ast.stmt) -> list[str]:
    match statement:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return [name]
        case ast.Assign(targets=targets):
            return [target.id for target in targets if isinstance(target, ast.Name)]
        case ast.AnnAssign(target=ast.Name(id=name)):
            return [name]
    return []


def _dotted(node: ast.AST) -> str:
    """Return `a.b.c` of a read name or attribute chain, and nothing for any other node."""
    match node:
        case ast.Name(id=name, ctx=ast.Load()):
            return name
        case ast.Attribute(value=value, attr=attribute, ctx=ast.Load()):
            before = _dotted(value)
            return f"{before}.{attribute}" if before else ""
    return ""
