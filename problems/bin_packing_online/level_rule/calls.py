"""Abstract evaluation of calls."""

import ast
from collections.abc import Callable

from .expressions import Expressions, combined, per_element
from .numpy_calls import NumpyCalls, argument_values
from .values import (
    Array,
    Facts,
    Function,
    Generated,
    Length,
    MixedArray,
    Named,
    NotALevelRule,
    PerBinList,
    Scalar,
    Series,
    State,
    Value,
)
from .vocabulary import MATH, NUMBER_BUILTINS, TYPES

__all__ = ["CallRules"]


class CallRules:
    """Evaluates calls: of the candidate's own functions, of builtins, of math, of NumPy.

    Args:
        facts: What holds for the whole analysis.
        inline: Evaluates a call of one of the candidate's own functions: (function, positional, by keyword, caller's state) → value.
    """

    def __init__(self, facts: Facts, inline: Callable[[Function, list[Value], dict[str, Value], State], Value]) -> None:
        self._inline = inline
        self.expressions = Expressions(facts, self._call)
        self._numpy = NumpyCalls(facts, self.expressions)

    def _call(self, node: ast.Call, state: State) -> Value:
        if any(isinstance(argument, ast.Starred) for argument in node.args) or any(word.arg is None for word in node.keywords):
            raise NotALevelRule(f"line {node.lineno}: a call with * or **")
        if isinstance(node.func, ast.Attribute):
            owner = self.expressions.evaluate(node.func.value, state)
            if isinstance(owner, (Array, MixedArray)):
                return self._numpy.method(node, node.func.attr, owner, state)
        callee = self.expressions.evaluate(node.func, state)
        if isinstance(callee, Function):
            positional = [self.expressions.evaluate(argument, state) for argument in node.args]
            named = {word.arg: self.expressions.evaluate(word.value, state) for word in node.keywords if word.arg is not None}
            return self._inline(callee, positional, named, state)
        if isinstance(callee, Named):
            return self._library(node, callee.name, state)
        raise NotALevelRule(f"line {node.lineno}: calls something that is no known function")

    def _library(self, node: ast.Call, name: str, state: State) -> Value:
        module, _, short = name.partition(".")
        if name in TYPES or (module == "builtins" and short in NUMBER_BUILTINS):
            return self._number(node, short, state)
        if module == "builtins":
            return self._builtin(node, short, state)
        if module == "math" and short in MATH:
            return per_element(argument_values(node, state, self.expressions), node)
        if module == "numpy":
            return self._numpy.function(node, short, state)
        raise NotALevelRule(f"line {node.lineno}: calls {name}")

    def _number(self, node: ast.Call, name: str, state: State) -> Value:
        arguments = argument_values(node, state, self.expressions)
        match name, arguments:
            case "max", [Array() as array]:
                return self._numpy.maximum(array, node)
            case (("max" | "min"), [Series(entries=entries)]):
                return per_element(entries, node)
            case "abs", [_]:
                return combined(arguments, node)
            case _:
                return per_element(arguments, node)

    def _builtin(self, node: ast.Call, name: str, state: State) -> Value:
        match name, argument_values(node, state, self.expressions):
            case "len", [Array() | PerBinList() | MixedArray()]:
                return Length()
            case "len", [Series()]:
                return Scalar()
            case (("list" | "tuple"), [Generated() | PerBinList() | Array()]):
                return PerBinList()
            case _:
                raise NotALevelRule(f"line {node.lineno}: calls {name} on something it is not understood for")
