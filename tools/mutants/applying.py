"""Putting a fault into the running program: functions get other code, names of a module other values.

Nothing is imported anew, so that a mutant costs a fork and the tests that would notice it.
"""

import ast
import gc
import sys
from collections import defaultdict
from types import CodeType, FunctionType, ModuleType

from tools.mutants.finding import AT_IMPORT, Mutant, Source

_MADE_ONCE = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)


class DoesNotApplyError(Exception):
    """The fault cannot be put in: no such function is alive, or the changed module does not even import."""


Alive = dict[str, list[FunctionType]]


def alive_functions(source: Source) -> Alive:
    """Return every function object of the module by its qualified name, those behind decorators too."""
    file = str(source.path.resolve())
    alive: Alive = defaultdict(list)
    for each in gc.get_objects():  # by type(): asking a lazy object for its class would wake it
        if type(each) is FunctionType and each.__code__.co_filename == file:
            alive[each.__code__.co_qualname].append(each)
    return alive


def apply(mutant: Mutant | None, *, source: Source, alive: Alive, renews_tables: bool) -> None:
    """Put the fault into this process; without one the same is done to the module as it is, as a control.

    With `renews_tables` what the module computes at import is computed again, by the changed code.
    """
    code = mutant.compiled(source) if mutant is not None else compile(source.tree, str(source.path.resolve()), "exec")
    module = sys.modules[source.module]
    if mutant is not None and mutant.function != AT_IMPORT:
        changed = _named(code, mutant.function)
        if not alive.get(mutant.function):
            raise DoesNotApplyError(mutant.name)
        for each in alive[mutant.function]:
            each.__code__ = changed
    if renews_tables or mutant is None or mutant.function == AT_IMPORT:
        _renew(module, _tables(mutant, source))


def _named(code: CodeType, function: str) -> CodeType:
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            if inner.co_qualname == function:
                return inner
            if function.startswith(f"{inner.co_qualname}."):
                return _named(inner, function)
    raise DoesNotApplyError(function)


def _tables(mutant: Mutant | None, source: Source) -> CodeType:
    """The statements of the module that bind values, without its imports, functions and classes."""
    tree = mutant.tree(source) if mutant is not None else source.tree
    bound = [one for one in tree.body if not isinstance(one, _MADE_ONCE)]
    return compile(ast.Module(body=bound, type_ignores=[]), str(source.path.resolve()), "exec")


def _renew(module: ModuleType, tables: CodeType) -> None:
    """Compute the module's values and bind them wherever the old ones were imported by their name."""
    before = dict(vars(module))
    after = dict(before)
    exec(tables, after)  # noqa: S102 - our own module with one change
    for name, value in after.items():
        if name in before and value is not before[name] and not name.startswith("__"):
            for other in list(sys.modules.values()):
                if isinstance(other, ModuleType) and vars(other).get(name) is before[name]:
                    setattr(other, name, value)
