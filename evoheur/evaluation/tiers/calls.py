"""Translates calls: what may be called from compiled code, and what becomes of it."""

import ast
import builtins
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from .exact import MATHEMATICS
from .kinds import FLOAT, PYTHON_INT, Array, Base, Refused, Scalar, joined, numpy_scalar
from .scope import Scope, Term, as_base, as_float, call

__all__ = ["Reader", "called", "named"]

_DTYPES: tuple[tuple[Any, Base], ...] = (
    (float, "float"), (np.float64, "float"), (int, "int"), (np.int64, "int"), (bool, "bool"), (np.bool_, "bool"),
)  # fmt: skip
_NUMPY_NAMES: Mapping[Base, str] = {"float": "float64", "int": "int64", "bool": "bool_"}


class Reader(Protocol):
    """Translates the arguments of a call."""

    def term(self, node: ast.expr) -> Term:
        """Any expression."""

    def number(self, node: ast.expr) -> Term:
        """A number."""

    def whole(self, node: ast.expr) -> ast.expr:
        """An integer."""

    def array(self, node: ast.expr) -> Term:
        """An array."""


def named(node: ast.expr, scope: Scope) -> Any:
    """What a name or a module's attribute is; None if that is not known."""
    if isinstance(node, ast.Name):
        if node.id in scope.variables:
            return None
        return scope.names.get(node.id, getattr(builtins, node.id, None))
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id not in scope.variables:
        owner = scope.names.get(node.value.id)
        return getattr(owner, node.attr, None) if owner is np or owner is math else None
    return None


@dataclass(frozen=True, slots=True)
class _Call:
    reader: Reader
    scope: Scope
    node: ast.Call


def called(reader: Reader, scope: Scope, node: ast.Call) -> Term:
    """Translate a call.

    Raises:
        Refused: It calls something that is not compiled, or with arguments that are not.
    """
    function = named(node.func, scope)
    if any(isinstance(argument, ast.Starred) for argument in node.args):
        raise Refused("a starred argument")
    for known, translate in _FUNCTIONS:
        if function is known:
            return translate(_Call(reader, scope, node))
    if isinstance(node.func, ast.Attribute) and function is None:
        return _method(_Call(reader, scope, node), node.func.attr)
    raise Refused(f"calls {ast.unparse(node.func):.40}{_REASONS.get(function, '') if callable(function) else ''}")


def _arguments(node: ast.Call, least: int, most: int | None = None) -> Sequence[ast.expr]:
    if node.keywords or not least <= len(node.args) <= (most or least):
        raise Refused(f"{ast.unparse(node):.40} with such arguments")
    return node.args


def _len(it: _Call) -> Term:
    (argument,) = _arguments(it.node, 1)
    return Term(PYTHON_INT, call("len", it.reader.array(argument).code))


def _float(it: _Call) -> Term:
    (argument,) = _arguments(it.node, 1)
    if isinstance(argument, ast.Constant) and argument.value in {"inf", "-inf"}:
        return Term(FLOAT, ast.Constant(float(argument.value)))
    return Term(FLOAT, as_float(it.reader.number(argument)))


def _int(it: _Call) -> Term:
    (argument,) = _arguments(it.node, 1)
    term = it.reader.number(argument)
    assert isinstance(term.kind, Scalar)
    return Term(PYTHON_INT, term.code if term.kind.base == "int" else call("truncate", term.code))


def _abs(it: _Call) -> Term:
    (argument,) = _arguments(it.node, 1)
    term = it.reader.number(argument)
    assert isinstance(term.kind, Scalar)
    numpy = named(it.node.func, it.scope) is not builtins.abs or term.kind.surely_numpy
    kind = Scalar(base=term.kind.base, numpy=numpy or term.kind.numpy, python=not numpy)
    return Term(kind, call("magnitude", term.code))


def _fabs(it: _Call) -> Term:
    (argument,) = _arguments(it.node, 1)
    return Term(FLOAT, call("magnitude", as_float(it.reader.number(argument))))


def _root(it: _Call) -> Term:
    (argument,) = _arguments(it.node, 1)
    kind = FLOAT if named(it.node.func, it.scope) is math.sqrt else numpy_scalar("float")
    return Term(kind, call("root", as_float(it.reader.number(argument))))


def _extreme(helper: str) -> Callable[[_Call], Term]:
    def translate(it: _Call) -> Term:
        if len(it.node.args) == 1 and not it.node.keywords:
            raise Refused(f"{ast.unparse(it.node.func)} of one argument")
        first, *others = (it.reader.number(argument) for argument in _arguments(it.node, 2, 8))
        for other in others:
            kind = joined(first.kind, other.kind)
            assert isinstance(kind, Scalar)
            whole = kind.base == "int"
            codes = (first.code, other.code) if whole else (as_float(first), as_float(other))
            first = Term(kind, call(helper, *codes))
        return first

    return translate


def _mathematics(name: str) -> Callable[[_Call], Term]:
    def translate(it: _Call) -> Term:
        arguments = _arguments(it.node, MATHEMATICS[name])
        return Term(FLOAT, call(name, *(as_float(it.reader.number(argument)) for argument in arguments)))

    return translate


def _rounded(name: str) -> Callable[[_Call], Term]:
    def translate(it: _Call) -> Term:
        (argument,) = _arguments(it.node, 1)
        return Term(PYTHON_INT, call(name, as_float(it.reader.number(argument))))

    return translate


def _filled(value: int | None) -> Callable[[_Call], Term]:
    def translate(it: _Call) -> Term:
        count = 1 if value is not None else 2
        shape, base = _dtype(it.node, it.scope, positional=count)
        sizes = list(shape[0].elts) if isinstance(shape[0], ast.Tuple) else [shape[0]]
        if len(shape) != count or not 1 <= len(sizes) <= 3:
            raise Refused(f"{ast.unparse(it.node):.40} with such arguments")
        content = Term(Scalar(base="int", constants=frozenset({value})), ast.Constant(value)) if value is not None else None
        filling = content or it.reader.number(shape[1])
        assert isinstance(filling.kind, Scalar)
        base = base or ("float" if value is not None else filling.kind.base)
        if base not in _NUMPY_NAMES:
            raise Refused("an array of what may be integers or floats")
        if base == "bool" and value is not None:
            filling = Term(Scalar(base="bool"), ast.Constant(bool(value)))
        code = ast.Call(
            ast.Attribute(ast.Name("np", ast.Load()), "full", ast.Load()),
            [ast.Tuple([it.reader.whole(size) for size in sizes], ast.Load()), as_base(filling, base), _numpy(base)],
            [],
        )
        return Term(Array(base, len(sizes), own=True), code)

    return translate


def _dtype(node: ast.Call, scope: Scope, *, positional: int) -> tuple[Sequence[ast.expr], Base | None]:
    given = [*node.args[positional:], *(keyword.value for keyword in node.keywords)]
    if len(given) > 1 or any(keyword.arg != "dtype" for keyword in node.keywords):
        raise Refused(f"{ast.unparse(node):.40} with such arguments")
    if not given:
        return node.args[:positional], None
    return node.args[:positional], _base(given[0], scope)


def _base(node: ast.expr, scope: Scope) -> Base:
    wanted = named(node, scope)
    for dtype, base in _DTYPES:
        if wanted is dtype:
            return base
    raise Refused(f"the dtype {ast.unparse(node):.40}")


def _numpy(base: Base) -> ast.expr:
    return ast.Attribute(ast.Name("np", ast.Load()), _NUMPY_NAMES[base], ast.Load())


def _like(name: str) -> Callable[[_Call], Term]:
    def translate(it: _Call) -> Term:
        (model,), base = _dtype(it.node, it.scope, positional=1)
        array = it.reader.array(model)
        assert isinstance(array.kind, Array)
        base = base or array.kind.base
        code = ast.Call(ast.Attribute(ast.Name("np", ast.Load()), name, ast.Load()), [array.code, _numpy(base)], [])
        return Term(Array(base, _flat(array.kind), own=True), code)

    return translate


def _flat(kind: Array) -> int:
    if kind.dimensions != 1:  # memory order follows the model's in NumPy
        raise Refused("an array like one of several dimensions")
    return 1


def _arange(it: _Call) -> Term:
    (argument,) = _arguments(it.node, 1)
    code = ast.Call(ast.Attribute(ast.Name("np", ast.Load()), "arange", ast.Load()), [it.reader.whole(argument)], [])
    return Term(Array("int", 1, own=True), code)


def _of_row(helper: str, *, position: bool) -> Callable[[_Call], Term]:
    def translate(it: _Call) -> Term:
        owner = it.node.func.value if isinstance(it.node.func, ast.Attribute) and named(it.node.func, it.scope) is None else None
        array = it.reader.array(_arguments(it.node, 1)[0] if owner is None else owner)
        if owner is not None and (it.node.args or it.node.keywords):
            raise Refused(f"{ast.unparse(it.node):.40} with such arguments")
        assert isinstance(array.kind, Array)
        if array.kind.dimensions != 1 or array.kind.base == "bool":
            raise Refused(f"{ast.unparse(it.node.func):.40} of such an array")
        return Term(numpy_scalar("int" if position else array.kind.base), call(helper, array.code))

    return translate


def _copy(it: _Call) -> Term:
    assert isinstance(it.node.func, ast.Attribute)
    _arguments(it.node, 0)
    array = it.reader.array(it.node.func.value)
    assert isinstance(array.kind, Array)
    code = ast.Call(ast.Attribute(array.code, "copy", ast.Load()), [], [])
    return Term(Array(array.kind.base, array.kind.dimensions, own=True), code)


def _method(it: _Call, name: str) -> Term:
    translate = _METHODS.get(name)
    if translate is None:
        raise Refused(f"calls .{name}()")
    return translate(it)


_ROWS = {
    "argmin": ("first_smallest", True), "argmax": ("first_largest", True), "min": ("smallest", False), "max": ("largest", False),
}  # fmt: skip
_METHODS: Mapping[str, Callable[[_Call], Term]] = {
    "copy": _copy,
    **{name: _of_row(helper, position=position) for name, (helper, position) in _ROWS.items()},
}
_FUNCTIONS: tuple[tuple[Any, Callable[[_Call], Term]], ...] = (
    (len, _len), (float, _float), (int, _int), (abs, _abs), (np.abs, _abs), (math.fabs, _fabs), (math.sqrt, _root), (np.sqrt, _root),
    (min, _extreme("smaller")), (max, _extreme("larger")), (math.floor, _rounded("floor")), (math.ceil, _rounded("ceil")),
    (np.zeros, _filled(0)), (np.ones, _filled(1)), (np.full, _filled(None)), (np.arange, _arange),
    (np.zeros_like, _like("zeros_like")), (np.ones_like, _like("ones_like")),
    *((getattr(np, name), _of_row(helper, position=position)) for name, (helper, position) in _ROWS.items()),
    *((getattr(math, name), _mathematics(name)) for name in MATHEMATICS),
)  # fmt: skip
_OTHER_BITS = ", whose last bit may differ when it is compiled"
_REASONS: Mapping[Any, str] = {
    **dict.fromkeys((np.exp, np.log, np.power, np.sin, np.cos, np.tan, np.tanh, np.log2, np.log10), _OTHER_BITS),
    **dict.fromkeys((np.sum, np.mean, np.std, np.var, np.dot, np.linalg.norm, np.average, sum), _OTHER_BITS),
    np.empty: ", whose content is undefined",
}
