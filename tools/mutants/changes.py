"""The small faults that are tried: what may be wrong about one node of the syntax tree.

A fault that people would not see as one is not tried: texts for readers, docstrings, annotations.
"""

import ast
import re
from collections.abc import Iterator

_COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_RECKONED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Div: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
# Arguments that hold what people read, in one language or the other.
_FOR_READERS = {"zh", "en"}
# Bugs, which nobody is told of but by a trace.
_FOR_PROGRAMMERS = {"AssertionError", "ValueError", "TypeError"}
_CHINESE = re.compile(r"[　-鿿]")
# A stable code, as opposed to what somebody reads: "A15.1.4b", "session.no_operator", "people_ruling".
_CODE = re.compile(r"[A-Z]+[0-9.]+[a-z0-9.]*|\w+([._]\w+)+")


def of(node: ast.AST, *, parent: ast.AST) -> Iterator[ast.AST]:
    """Return what could stand there instead; `ast.Pass` for a statement that is forgotten."""
    match node:
        case ast.Compare(ops=[operator]):
            yield _with(node, ops=[_COMPARED[type(operator)]()])
        case ast.BoolOp(op=operator, values=values):
            yield _with(node, op=ast.Or() if isinstance(operator, ast.And) else ast.And())
            yield from (_with(node, values=rest) for rest in _each_left_out(values) if len(values) > 2)
            yield from (rest[0] for rest in _each_left_out(values) if len(values) == 2)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield operand
        case ast.BinOp(op=operator) if type(operator) in _RECKONED:
            yield _with(node, op=_RECKONED[type(operator)]())
        case ast.AugAssign(op=operator) if type(operator) in _RECKONED:
            yield _with(node, op=_RECKONED[type(operator)]())
        case ast.Constant(value=value):
            yield from (ast.Constant(other) for other in _of_constant(value, parent))
        case ast.Set(elts=elements):
            yield from (_with(node, elts=rest) for rest in _each_left_out(elements) if rest)
        case ast.Tuple(elts=elements, ctx=ast.Load()) | ast.List(elts=elements, ctx=ast.Load()):
            if not any(isinstance(one, ast.Constant) and _is_read(one.value, node) for one in elements):
                yield from (_with(node, elts=rest) for rest in _each_left_out(elements))
        case ast.Dict(keys=keys, values=values):
            pairs = zip(_each_left_out(keys), _each_left_out(values), strict=True)
            yield from (_with(node, keys=some_keys, values=some_values) for some_keys, some_values in pairs)
        case ast.Call(keywords=keywords) if not _is_error(node):
            named = [one for one in keywords if one.arg is not None and not _is_for_readers(one.arg)]
            yield from (_with(node, keywords=[each for each in keywords if each is not one]) for one in named)
        case ast.Expr(value=ast.Call() | ast.Yield() | ast.YieldFrom()) | ast.Raise():
            yield ast.Pass()
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript()]):
            yield ast.Pass()
        case ast.Return(value=ast.expr() as value) if not isinstance(value, ast.Constant):
            yield _with(node, value=ast.Constant(None))
        case ast.With(items=items, body=body):
            bare = [one for one in items if one.optional_vars is None]
            for one in bare:
                rest = [each for each in items if each is not one]
                yield _with(node, items=rest) if rest else ast.If(test=ast.Constant(1), body=body, orelse=[])
        case ast.Match(cases=cases) if len(cases) > 1:
            yield from (_with(node, cases=rest) for rest in _each_left_out(cases))
        case ast.comprehension(ifs=conditions):
            yield from (_with(node, ifs=rest) for rest in _each_left_out(conditions))
    if _is_bare_condition(node, parent):
        yield ast.UnaryOp(op=ast.Not(), operand=node)


def is_hint(node: ast.AST, *, parent: ast.AST) -> bool:
    """Say whether it is what an error tells beside its code, with all that stands below it."""
    return isinstance(node, ast.keyword) and _is_error(parent)


def _of_constant(value: object, parent: ast.AST) -> Iterator[object]:
    match value:
        case bool():
            yield not value
        case int():
            yield value + 1
            if value > 0:
                yield value - 1
        case str() if value and not _is_text(value, parent):
            yield f"{value[:-1]}X"
        case bytes():
            yield value[:-1] + b"X"


def _is_read(value: object, parent: ast.AST) -> bool:
    return isinstance(value, str) and _is_text(value, parent)


def _is_text(value: str, parent: ast.AST) -> bool:
    """Whether people read it: Chinese, what a `text_zh` or `_en` holds, or the English beside Chinese."""
    if _CHINESE.search(value) or isinstance(parent, ast.JoinedStr | ast.FormattedValue):
        return True
    if isinstance(parent, ast.Call) and ast.unparse(parent.func) in _FOR_PROGRAMMERS:
        return True
    if isinstance(parent, ast.keyword):
        return parent.arg is not None and _is_for_readers(parent.arg)
    beside = [one.value for one in ast.iter_child_nodes(parent) if isinstance(one, ast.Constant)]
    is_translation = any(isinstance(one, str) and _CHINESE.search(one) for one in beside)
    return is_translation and not _CODE.fullmatch(value)


def _is_for_readers(argument: str) -> bool:
    return argument.rpartition("_")[2] in _FOR_READERS


def _is_error(node: ast.AST) -> bool:
    """Whether it makes an error: its code is a promise, what it tells beside that is a hint."""
    return isinstance(node, ast.Call) and ast.unparse(node.func).endswith("Error")


def _is_bare_condition(node: ast.AST, parent: ast.AST) -> bool:
    """Whether a branch hangs on it and no other change turns it round."""
    if isinstance(node, ast.Compare | ast.BoolOp | ast.UnaryOp | ast.Constant):
        return False
    match parent:
        case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test):
            return node is test
        case ast.comprehension(ifs=conditions):
            return any(node is one for one in conditions)
    return False


def _each_left_out(elements: list) -> Iterator[list]:  # type: ignore[type-arg]  # nodes of whatever kind stood there
    for index in range(len(elements)):
        yield [*elements[:index], *elements[index + 1 :]]


def _with(node: ast.AST, **changed: object) -> ast.AST:
    fields = {name: getattr(node, name, None) for name in node._fields}
    return type(node)(**(fields | changed))
