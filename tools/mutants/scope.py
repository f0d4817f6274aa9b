"""What is mutated with which tests, as `scope.toml` says."""

import fnmatch
import tomllib
from dataclasses import dataclass
from pathlib import Path

from tools.mutants.finding import SOURCES, Mutant

# As with the sources and the paper, of the tree that the command is run in.
_FILE = Path("tools/mutants/scope.toml")


@dataclass(frozen=True, slots=True)
class Group:
    """Modules that share their tests and one session of pytest.

    `first` are tests that are asked before all others; `left_out` patterns of mutants that are not tried.
    `most_tests` bounds how many of those that run a line are asked, first those in a file named after the module, then
    the quickest: what they do not notice counts as a survivor, so a bound never makes the figures better.
    """

    name: str
    modules: tuple[str, ...]
    tests: tuple[str, ...]
    first: tuple[str, ...]
    renews_tables: bool
    most_tests: int
    left_out: tuple[str, ...]

    def leaves_out(self, mutant: Mutant) -> bool:
        """Say whether the mutant is not tried."""
        return any(fnmatch.fnmatchcase(mutant.name, pattern) for pattern in self.left_out)


def groups() -> list[Group]:
    """Return all groups."""
    found = []
    for name, said in tomllib.loads(_FILE.read_text())["group"].items():
        found.append(
            Group(
                name=name,
                modules=tuple(module for pattern in said["modules"] for module in _modules(pattern)),
                tests=tuple(said["tests"]),
                first=tuple(said.get("first", ())),
                renews_tables=said.get("renews_tables", False),
                most_tests=said.get("most_tests", 10_000),
                left_out=tuple(one["mutants"] for one in said.get("left_out", ())),
            )
        )
    return found


def _modules(pattern: str) -> list[str]:
    """The modules of a dotted pattern such as "mingjian.regulation.rules.*"; a pattern of nothing is a mistake."""
    files = [file for file in SOURCES.glob(pattern.replace(".", "/") + ".py") if file.stem != "__init__"]
    if not files:
        raise ValueError(f"{_FILE}: there is no module {pattern}")
    return sorted(".".join(file.relative_to(SOURCES).with_suffix("").parts) for file in files)
