"""What an expression may do beside giving a value, and what kind of value it gives.

Both err on the side of doubt: what is not known to be harmless is not.
"""

import ast
from collections import Counter
from dataclasses import dataclass

from evoheur.code.normal_form import INTROSPECTION
from evoheur.code.syntax import children, walked

__all__ = ["Surroundings", "is_surely_float"]


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_UNARY = _names(
    """abs absolute arccos arccosh arcsin arcsinh arctan arctanh cbrt ceil cos cosh deg2rad exp exp2 expm1 fabs floor isfinite isinf isnan
    log log10 log1p log2 logical_not negative positive rad2deg reciprocal rint sign sin sinh sqrt square tan tanh trunc"""
)
_BINARY = _names(
    """add arctan2 divide equal float_power floor_divide fmax fmin fmod greater greater_equal hypot less less_equal logaddexp logical_and
    logical_or logical_xor maximum minimum mod multiply not_equal power remainder subtract true_divide"""
)
_UP_TO = {  # positional arguments before one that is written to
    **dict.fromkeys(_UNARY, 1),
    **dict.fromkeys(_BINARY, 2),
    **dict.fromkeys(_names("where clip sum mean std var cumsum cumprod prod"), 3),
    **dict.fromkeys(_names("max min amax amin argmax argmin any all median ptp round around dot"), 2),
    **dict.fromkeys(
        _names("arange zeros ones full zeros_like ones_like full_like array asarray argsort sort unique linspace"), 4
    ),
}
_OF_MATH = _names(
    """acos asin atan atan2 cbrt ceil cos cosh degrees exp expm1 fabs floor fmod hypot isfinite isinf isnan log log10 log1p log2 pow radians
    sin sinh sqrt tan tanh trunc"""
)
_METHODS = {
    **dict.fromkeys(_names("sum mean std var"), 2),
    **dict.fromkeys(_names("astype min max argmin argmax any all"), 1),
    "copy": 0,
}
_BUILTINS = {"min": (2, 9), "max": (2, 9), "round": (1, 2), **dict.fromkeys(_names("abs len float int bool"), (1, 1))}
_GIVE_FLOATS = _names(
    "arctan arcsinh cbrt cos cosh exp exp2 expm1 log log10 log1p log2 sin sinh sqrt tan tanh arctan2 hypot true_divide divide"
)
_HARMLESS_PARTS = (
    ast.Constant, ast.Name, ast.Attribute, ast.Subscript, ast.BinOp, ast.BoolOp, ast.UnaryOp, ast.IfExp, ast.Tuple, ast.List, ast.Slice,
)  # fmt: skip
_STRANGE = (
    ast.Try, ast.TryStar, ast.Match, ast.Global, ast.Nonlocal, ast.ClassDef, ast.NamedExpr, ast.Yield, ast.YieldFrom, ast.Await,
    ast.AsyncFunctionDef, ast.AsyncFor, ast.AsyncWith, ast.Delete, ast.ImportFrom, ast.Import, ast.With,
)  # fmt: skip
_MAYBE_STRANGE = frozenset({ast.Name, ast.Attribute, ast.alias, ast.GeneratorExp, *_STRANGE})
_BINDING = frozenset(
    {
        ast.Name, ast.arg, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.alias, ast.ExceptHandler, ast.MatchAs, ast.MatchStar,
    }
)  # fmt: skip
_USED_UP = frozenset({"iter", "next", "itertools", "map", "filter", "zip", "reversed", "enumerate"})  # what is read once only


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The names of a module that mean what they usually mean.

    Attributes:
        numpy: Names of NumPy.
        math: Names of the module `math`.
        builtins: Builtin functions that nothing in the module redefines.
        strange: Whether the module has something in which exact rewriting is not safe: it catches errors, looks at its own names, or
            reads what can be read once only.
    """

    numpy: frozenset[str]
    math: frozenset[str]
    builtins: frozenset[str]
    strange: bool

    @classmethod
    def of(cls, tree: ast.Module) -> "Surroundings":
        """Look at a whole module."""
        bound = _bound(tree)
        modules: dict[str, set[str]] = {"numpy": set(), "math": set()}
        for statement in tree.body:
            for alias in statement.names if isinstance(statement, ast.Import) else []:
                if alias.name in modules and bound[alias.asname or alias.name] == 1:
                    modules[alias.name].add(alias.asname or alias.name)
        return cls(
            numpy=frozenset(modules["numpy"]),
            math=frozenset(modules["math"]),
            builtins=frozenset(name for name in _BUILTINS if not bound[name]),
            strange=_holds_something_strange(tree),
        )

    def is_harmless(self, node: ast.AST) -> bool:
        """Whether computing an expression does nothing but give a value, or fail."""
        if isinstance(node, ast.Call):
            return self._is_harmless_call(node) and all(map(self.is_harmless, node.args))
        if isinstance(node, ast.Compare):
            by_value = not any(isinstance(operator, (ast.In, ast.NotIn)) for operator in node.ops)
            return by_value and all(map(self.is_harmless, (node.left, *node.comparators)))
        return isinstance(node, _HARMLESS_PARTS) and all(map(self.is_harmless, children(node)))

    def _is_harmless_call(self, node: ast.Call) -> bool:
        count = len(node.args)
        if any(keyword.arg not in {"axis", "dtype"} or not self.is_harmless(keyword.value) for keyword in node.keywords):
            return False
        match node.func:
            case ast.Name(id=name) if name in self.builtins:
                least, most = _BUILTINS[name]
                return least <= count <= most
            case ast.Attribute(value=ast.Name(id=owner), attr=name) if owner in self.numpy:
                return count <= _UP_TO.get(name, -1)
            case ast.Attribute(value=ast.Name(id=owner), attr=name) if owner in self.math:
                return name in _OF_MATH
            case ast.Attribute(value=owner_node, attr=name):
                return count <= _METHODS.get(name, -1) and self.is_harmless(owner_node)
        return False

    def function_of(self, node: ast.expr) -> str:
        """The name of a called function of NumPy or `math`, such as "exp".

        Empty for any other expression.
        """
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=owner), attr=name), keywords=[]) if (
                owner in self.numpy | self.math
            ):
                return name
        return ""


def _bound(tree: ast.AST) -> Counter[str]:
    """How often each name is given a meaning, anywhere in a tree."""
    bound: Counter[str] = Counter()
    for node in walked(tree):
        if node.__class__ not in _BINDING:
            continue
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()) | ast.arg(arg=name):
                bound[name] += 1
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                bound[name] += 1
            case ast.alias(name=name, asname=asname):
                bound[asname or name.partition(".")[0]] += 1
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                bound[name] += 1
    return bound


def _holds_something_strange(tree: ast.Module) -> bool:
    top = {id(statement) for statement in tree.body if isinstance(statement, (ast.Import, ast.ImportFrom))}
    nodes = walked(tree)
    loops = [node.iter for node in nodes if isinstance(node, (ast.For, ast.comprehension))]
    gone_through = {
        id(loop.func) for loop in loops if isinstance(loop, ast.Call)
    }  # by the loop itself, so nobody else sees the rest
    passed_over = top | gone_through
    return any(_is_strange(node) for node in nodes if node.__class__ in _MAYBE_STRANGE and id(node) not in passed_over)


def _is_strange(node: ast.AST) -> bool:
    if isinstance(node, ast.Name):
        return node.id in INTROSPECTION or node.id in _USED_UP
    if isinstance(node, ast.Attribute):
        return node.attr in INTROSPECTION
    if isinstance(node, ast.alias):
        return node.name == "*"
    return isinstance(node, (*_STRANGE, ast.GeneratorExp))


def is_surely_float(node: ast.expr, around: Surroundings) -> bool:
    """Whether an expression gives floats, one or an array of them, and no one else holds what it gives."""
    match node:
        case ast.BinOp(op=ast.Add() | ast.Sub() | ast.Mult(), left=left, right=right):
            return any(isinstance(side, ast.Constant) and isinstance(side.value, float) for side in (left, right)) or (
                is_surely_float(left, around) or is_surely_float(right, around)
            )
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return is_surely_float(operand, around)
        case ast.Call(args=[_] | [_, _]):
            return around.function_of(node) in _GIVE_FLOATS
    return False
