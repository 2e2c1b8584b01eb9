"""Abstract evaluation of calls of NumPy functions and of methods of arrays."""

import ast
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import ClassVar

from .expressions import Expressions, combined, per_element, site
from .values import (
    Array,
    Facts,
    Generated,
    Length,
    Limits,
    MixedArray,
    Named,
    NotALevelRule,
    PerBinList,
    Scalar,
    Series,
    Shape,
    State,
    Unwritten,
    Value,
)
from .vocabulary import BINARY, BOOLEAN, TYPES, UNARY

__all__ = ["NumpyCalls", "argument_values", "named_arguments"]

_BITWISE = frozenset({"bitwise_and", "bitwise_not", "bitwise_or", "bitwise_xor", "invert"})


class NumpyCalls:
    """Evaluates calls of NumPy functions and of methods of arrays.

    Args:
        facts: What holds for the whole analysis.
        expressions: Evaluates the arguments.
    """

    def __init__(self, facts: Facts, expressions: Expressions) -> None:
        self._facts = facts
        self._expressions = expressions

    def function(self, node: ast.Call, name: str, state: State) -> Value:
        """The value of `np.name(…)`.

        Raises:
            NotALevelRule: The function, or this way of calling it, is not understood or depends on more than one bin.
        """
        if name in UNARY or name in BINARY:
            return self._ufunc(node, name, state)
        if name in _ELEMENTWISE:
            return self._elementwise_function(node, name, state)
        rule = self._functions.get(name)
        if rule is None:
            raise NotALevelRule(f"line {node.lineno}: calls numpy.{name}")
        return rule(self, node, name, state)

    def method(self, node: ast.Call, name: str, owner: Array | MixedArray, state: State) -> Value:
        """The value of `array.name(…)`.

        Raises:
            NotALevelRule: The method, or this way of calling it, is not understood or depends on more than one bin.
        """
        if name == "astype":
            arguments = named_arguments(node, ("dtype",))
            return self._converted(owner, self._dtype(arguments.get("dtype"), state), node)
        if isinstance(owner, MixedArray):
            raise NotALevelRule(f"line {node.lineno}: uses an array whose type depends on the bins offered")
        if name in {"clip", "round"}:
            arguments = named_arguments(node, ("min", "max") if name == "clip" else ("decimals",))
            return self._elementwise([owner, *self._values(arguments, state)], node)
        values = argument_values(node, state, self._expressions)
        if name == "max" and not values:
            return self.maximum(owner, node)
        if name == "copy" and not values:
            return self._fresh(owner, node)
        if name == "fill" and len(values) == 1:
            per_element(values, node)
            self._facts.change(owner)
            return Scalar()
        raise NotALevelRule(f"line {node.lineno}: calls .{name}()")

    def maximum(self, array: Array, node: ast.Call) -> Value:
        """The value of the largest entry of an array.

        Raises:
            NotALevelRule: It may depend on which bins are offered.
        """
        # While an item waits there are as many bins as items, each earlier item has opened at most one, and so a bin with the whole
        # capacity free is always offered. It has the largest free space there is, and the largest entry of a rising array.
        if not self._facts.is_rising(array):
            raise NotALevelRule(f"line {node.lineno}: the maximum of an array that need not grow with the free space")
        return Scalar()

    def _ufunc(self, node: ast.Call, name: str, state: State) -> Value:
        arity = 1 if name in UNARY else 2
        if len(node.args) != arity:  # one more would be out=
            raise NotALevelRule(f"line {node.lineno}: np.{name} with {len(node.args)} arguments")
        operands = [self._expressions.evaluate(argument, state) for argument in node.args]
        extra = {word.arg: self._expressions.evaluate(word.value, state) for word in node.keywords}
        if set(extra) - {"out", "where"} or ("where" in extra and "out" not in extra):
            raise NotALevelRule(f"line {node.lineno}: np.{name} with {', '.join(map(str, extra))}")
        logical = name in _BITWISE and all(isinstance(operand, Array) and operand.boolean for operand in operands)
        result = combined(operands, node, boolean=name in BOOLEAN or logical)
        if "out" not in extra:
            return result
        out = extra["out"]
        combined([*extra.values(), *operands], node)
        if not isinstance(out, Array):
            raise NotALevelRule(f"line {node.lineno}: out= is no array over the bins")
        self._facts.change(out)
        return replace(out, rising=False)

    def _elementwise_function(self, node: ast.Call, name: str, state: State) -> Value:
        positional, names = _ELEMENTWISE[name]
        if len(node.args) > positional:
            raise NotALevelRule(f"line {node.lineno}: np.{name} with {len(node.args)} arguments")
        return self._elementwise(self._values(named_arguments(node, names), state), node, boolean=name == "isclose")

    def _elementwise(self, values: Sequence[Value], node: ast.Call, *, boolean: bool = False) -> Value:
        # Some hand back the array itself where there is nothing to do, so the result may share its storage.
        result = combined(values, node, boolean=boolean)
        if isinstance(result, Array):
            return replace(result, storage=frozenset().union(*(value.storage for value in values if isinstance(value, Array))))
        return result

    def _where(self, node: ast.Call, name: str, state: State) -> Value:
        arguments = argument_values(node, state, self._expressions)
        if len(arguments) != 3:
            raise NotALevelRule(f"line {node.lineno}: np.{name} that gives positions")
        return combined(arguments, node)

    def _select(self, node: ast.Call, _name: str, state: State) -> Value:
        values = self._values(named_arguments(node, ("condlist", "choicelist", "default")), state)
        flat = [entry for value in values for entry in (value.entries if isinstance(value, Series) else (value,))]
        return combined(flat, node)

    def _measure(self, node: ast.Call, name: str, state: State) -> Value:
        arguments = argument_values(node, state, self._expressions)
        if len(arguments) != 1 or not isinstance(arguments[0], Array):
            raise NotALevelRule(f"line {node.lineno}: np.{name} of something else than one array over the bins")
        return Length() if name == "size" else self.maximum(arguments[0], node)

    def _limits(self, node: ast.Call, _name: str, state: State) -> Value:
        self._dtype(named_arguments(node, ("dtype",)).get("dtype"), state)
        return Limits()

    def _shaped(self, node: ast.Call, name: str, state: State) -> Value:
        arguments = named_arguments(node, ("shape", "fill_value", "dtype") if name == "full" else ("shape", "dtype"))
        if "shape" not in arguments:
            raise NotALevelRule(f"line {node.lineno}: np.{name} without a shape")
        shape = self._expressions.evaluate(arguments["shape"], state)
        if not isinstance(shape, (Length, Shape)) and shape != Series((Length(),)):
            raise NotALevelRule(f"line {node.lineno}: np.{name} makes an array of another length than that of the bins")
        return self._filled(node, name, arguments, state)

    def _like(self, node: ast.Call, name: str, state: State) -> Value:
        arguments = named_arguments(node, ("a", "fill_value", "dtype") if name == "full_like" else ("a", "dtype"))
        if "a" not in arguments or not isinstance(self._expressions.evaluate(arguments["a"], state), Array):
            raise NotALevelRule(f"line {node.lineno}: np.{name} of something else than an array over the bins")
        return self._filled(node, name, arguments, state)

    def _filled(self, node: ast.Call, name: str, arguments: dict[str, ast.expr], state: State) -> Value:
        if name.startswith("full"):
            if "fill_value" not in arguments:
                raise NotALevelRule(f"line {node.lineno}: np.{name} without a value")
            if not isinstance(self._expressions.evaluate(arguments["fill_value"], state), Scalar):
                raise NotALevelRule(f"line {node.lineno}: np.{name} with a value that is not the same for all bins")
        kind = self._dtype(arguments["dtype"], state) if "dtype" in arguments else ""
        return Unwritten() if name.startswith("empty") else Array(boolean=kind == "bool")

    def _array(self, node: ast.Call, name: str, state: State) -> Value:
        arguments = named_arguments(node, ("object", "dtype") if name == "array" else ("a", "dtype"))
        source = self._values({key: value for key, value in arguments.items() if key != "dtype"}, state)
        kind = self._dtype(arguments["dtype"], state) if "dtype" in arguments else ""
        match source:
            case [Array() as owner]:
                made = self._converted(owner, kind, node) if kind else self._fresh(owner, node)
                return replace(made, storage=made.storage | owner.storage) if name == "asarray" else made
            case [(PerBinList() | MixedArray()) as owner]:
                return self._converted(owner, kind, node) if kind else MixedArray()
            case _:
                raise NotALevelRule(f"line {node.lineno}: np.{name} of something else than the bins")

    def _from_iterable(self, node: ast.Call, name: str, state: State) -> Value:
        arguments = named_arguments(node, ("iter", "dtype", "count"))
        source = self._expressions.evaluate(arguments["iter"], state) if "iter" in arguments else None
        if not isinstance(source, (Generated, PerBinList)):
            raise NotALevelRule(f"line {node.lineno}: np.{name} of something else than the bins")
        if "count" in arguments and not isinstance(self._expressions.evaluate(arguments["count"], state), Length):
            raise NotALevelRule(f"line {node.lineno}: np.{name} with another count than that of the bins")
        return self._converted(PerBinList(), self._dtype(arguments.get("dtype"), state), node)

    def _dtype(self, node: ast.expr | None, state: State) -> str:
        if isinstance(node, ast.Constant):
            name = {"float64": "float", "int64": "int"}.get(str(node.value), str(node.value))
            if isinstance(node.value, str) and name in {"bool", "float", "int"}:
                return name
        elif node is not None:
            value = self._expressions.evaluate(node, state)
            if isinstance(value, Named) and value.name in TYPES:
                return TYPES[value.name]
        raise NotALevelRule(f"line {getattr(node, 'lineno', '?')}: a dtype other than float, int and bool")

    def _converted(self, owner: Array | PerBinList | MixedArray, kind: str, node: ast.Call) -> Array:
        if isinstance(owner, MixedArray) and kind == "int":
            raise NotALevelRule(f"line {node.lineno}: large whole numbers that may have lost digits on the way")
        if isinstance(owner, Array):
            fresh = self._fresh(owner, node)
            return replace(fresh, rising=fresh.rising and kind == "float", boolean=kind == "bool")
        return Array(boolean=kind == "bool")

    def _fresh(self, owner: Array, node: ast.Call) -> Array:
        return Array(rising=self._facts.is_rising(owner), storage=frozenset({site(node)}), boolean=owner.boolean)

    def _values(self, arguments: dict[str, ast.expr], state: State) -> list[Value]:
        return [self._expressions.evaluate(argument, state) for argument in arguments.values()]

    _functions: ClassVar[dict[str, Callable[..., Value]]] = {
        "amax": _measure,
        "array": _array,
        "asarray": _array,
        "empty": _shaped,
        "empty_like": _like,
        "finfo": _limits,
        "fromiter": _from_iterable,
        "full": _shaped,
        "full_like": _like,
        "max": _measure,
        "ones": _shaped,
        "ones_like": _like,
        "select": _select,
        "size": _measure,
        "where": _where,
        "zeros": _shaped,
        "zeros_like": _like,
    }


_ELEMENTWISE = {
    "around": (2, ("a", "decimals")),
    "clip": (3, ("a", "a_min", "a_max", "min", "max")),
    "isclose": (5, ("a", "b", "rtol", "atol", "equal_nan")),
    "nan_to_num": (1, ("x", "nan", "posinf", "neginf")),
    "round": (2, ("a", "decimals")),
}
"""Function → how many arguments may come by position (what follows is out= or copy=), and the parameters that are understood."""


def named_arguments(node: ast.Call, names: Sequence[str]) -> dict[str, ast.expr]:
    """The argument expressions by parameter.

    Args:
        node: The call.
        names: The callee's first parameters, in its order.

    Raises:
        NotALevelRule: Others are passed, or one twice.
    """
    if len(node.args) > len(names):
        raise NotALevelRule(f"line {node.lineno}: passes more arguments than are understood")
    found = dict(zip(names, node.args, strict=False))
    for word in node.keywords:
        if word.arg is None or word.arg not in names or word.arg in found:
            raise NotALevelRule(f"line {node.lineno}: passes {word.arg}=")
        found[word.arg] = word.value
    return found


def argument_values(node: ast.Call, state: State, expressions: Expressions) -> list[Value]:
    """The values of the arguments of a call without keywords.

    Raises:
        NotALevelRule: There are keywords.
    """
    if node.keywords:
        raise NotALevelRule(f"line {node.lineno}: passes {node.keywords[0].arg}=")
    return [expressions.evaluate(argument, state) for argument in node.args]
