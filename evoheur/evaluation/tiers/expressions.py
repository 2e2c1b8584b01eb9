"""Translates expressions into code that is compiled to the same bits."""

import ast
import math
from collections.abc import Callable
from dataclasses import replace
from types import ModuleType
from typing import Any, ClassVar

import numpy as np

from .calls import called
from .exact import NONE
from .kinds import FLOAT, TRUTH, Array, Refused, Scalar, constant, joined, numpy_scalar
from .scope import Scope, Term, as_float, call

__all__ = ["Expressions"]

_WHOLE: dict[type[ast.operator], str] = {
    ast.Add: "add", ast.Sub: "subtract", ast.Mult: "multiply", ast.FloorDiv: "floor_divide", ast.Mod: "remainder",
}  # fmt: skip
_CONSTANTS = {(math, "inf"), (math, "pi"), (math, "e"), (np, "inf"), (np, "pi"), (np, "e")}


class Expressions:
    """Translates the expressions of one function.

    Args:
        scope: Its variables.
    """

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def term(self, node: ast.expr) -> Term:
        """Translate an expression.

        Raises:
            Refused: It is not compiled.
        """
        translate = self._TRANSLATIONS.get(type(node))
        if translate is None:
            raise Refused(f"{ast.unparse(node):.40}: {type(node).__name__} is not compiled")
        return translate(self, node)

    def number(self, node: ast.expr) -> Term:
        """Translate what must be a number.

        Raises:
            Refused: It may be something else.
        """
        term = self.term(node)
        if isinstance(term.kind, Scalar) and term.kind.base == "none":  # so far: a later pass may find an integer in it
            return Term(Scalar(base="int"), call("some", term.code))
        if not isinstance(term.kind, Scalar) or term.kind.base not in {"int", "float", "mixed"}:
            raise Refused(f"{ast.unparse(node):.40} is not surely a number")
        if term.kind.optional:  # what Python says of None is said when the call is done again
            return Term(replace(term.kind, optional=False), call("some", term.code))
        return term

    def whole(self, node: ast.expr) -> ast.expr:
        """Translate what must be an integer: an index or a length.

        Raises:
            Refused: It may be something else.
        """
        term = self.number(node)
        if term.kind.base != "int":
            raise Refused(f"{ast.unparse(node):.40} is not surely an integer")
        return term.code

    def truth(self, node: ast.expr) -> ast.expr:
        """Translate a condition.

        Raises:
            Refused: It is neither true, false nor a number.
        """
        if isinstance(node, ast.BoolOp):
            return ast.BoolOp(node.op, [self.truth(value) for value in node.values])
        term = self.term(node)
        if not isinstance(term.kind, Scalar) or term.kind.optional:
            raise Refused(f"{ast.unparse(node):.40} as a condition")
        if term.kind.base == "bool":
            return term.code
        return ast.Compare(left=term.code, ops=[ast.NotEq()], comparators=[ast.Constant(0 if term.kind.base == "int" else 0.0)])

    def array(self, node: ast.expr) -> Term:
        """Translate what must be an array.

        Raises:
            Refused: It is something else.
        """
        term = self.term(node)
        if not isinstance(term.kind, Array):
            raise Refused(f"{ast.unparse(node):.40} is no array")
        return term

    def element(self, node: ast.Subscript) -> Term:
        """Translate an entry of an array or a part of it, as often subscripted as it is.

        Raises:
            Refused: It is no array, or the index no integers.
        """
        indices: list[ast.expr] = []
        base: ast.expr = node
        while isinstance(base, ast.Subscript):
            inner = list(base.slice.elts) if isinstance(base.slice, ast.Tuple) else [base.slice]
            indices = inner + indices
            base = base.value
        term = self.array(base)
        assert isinstance(term.kind, Array)
        whole = len(indices) <= term.kind.dimensions
        while len(indices) > 1 and whole and isinstance(indices[-1], ast.Slice) and ast.unparse(indices[-1]) == ":":
            indices.pop()
        if not whole:
            raise Refused(f"{ast.unparse(node):.40} has too many indices")
        codes = [self.whole(index) for index in indices]
        index = codes[0] if len(codes) == 1 else ast.Tuple(elts=codes, ctx=ast.Load())
        rest = term.kind.dimensions - len(indices)
        kind = Array(term.kind.base, rest, term.kind.own) if rest else numpy_scalar(term.kind.base)
        return Term(kind, ast.Subscript(value=term.code, slice=index, ctx=ast.Load()))

    def _constant(self, node: ast.Constant) -> Term:
        kind = constant(node.value)
        return Term(kind, ast.Constant(NONE if node.value is None else node.value))

    def _name(self, node: ast.Name) -> Term:
        if node.id in self._scope.variables:
            return self._scope.read(node.id)
        if node.id not in self._scope.names:
            raise Refused(f"{node.id} is no variable that is known here")
        value = self._scope.names[node.id]
        return Term(constant(value), ast.Constant(NONE if value is None else value))

    def _attribute(self, node: ast.Attribute) -> Term:
        owner = self._scope.names.get(node.value.id) if isinstance(node.value, ast.Name) else None
        if isinstance(owner, ModuleType) and isinstance(node.value, ast.Name) and node.value.id not in self._scope.variables:
            if (owner, node.attr) in _CONSTANTS:
                return Term(FLOAT, ast.Constant(float(getattr(owner, node.attr))))
            raise Refused(f"{ast.unparse(node):.40}")
        if node.attr == "size":
            return Term(Scalar(base="int", python=True), ast.Attribute(self.array(node.value).code, "size", ast.Load()))
        raise Refused(f"the attribute {node.attr}")

    def _subscript(self, node: ast.Subscript) -> Term:
        if isinstance(node.value, ast.Attribute) and node.value.attr == "shape" and isinstance(node.slice, ast.Constant):
            array = self.array(node.value.value)
            axis = node.slice.value
            assert isinstance(array.kind, Array)
            if type(axis) is not int or not 0 <= axis < array.kind.dimensions:
                raise Refused(f"{ast.unparse(node):.40}")
            shape = ast.Attribute(array.code, "shape", ast.Load())
            return Term(Scalar(base="int", python=True), ast.Subscript(shape, ast.Constant(axis), ast.Load()))
        if isinstance(node.slice, ast.Slice):
            return self._slice(node, node.slice)
        return self.element(node)

    def _slice(self, node: ast.Subscript, cut: ast.Slice) -> Term:
        array = self.array(node.value)
        if cut.step is not None:
            raise Refused("a slice with a step")
        bounds = ast.Slice(*(bound if bound is None else self.whole(bound) for bound in (cut.lower, cut.upper)))
        return Term(array.kind, ast.Subscript(array.code, bounds, ast.Load()))

    def binary(self, operator: ast.operator, one: Term, other: Term) -> Term:
        """The result of an operator on two numbers.

        Raises:
            Refused: They are no numbers, or the operator is not compiled for them.
        """
        a, b = one.kind, other.kind
        if not isinstance(a, Scalar) or not isinstance(b, Scalar) or a.optional or b.optional or "bool" in {a.base, b.base}:
            raise Refused(f"{type(operator).__name__} of something else than numbers")
        numpy, python = a.surely_numpy or b.surely_numpy, not (a.numpy or b.numpy)
        origin = Scalar(base="int", numpy=not python, python=not numpy)
        if a.base == b.base == "int":
            return self._of_integers(operator, one, other, origin)
        codes = as_float(one), as_float(other)
        if isinstance(operator, ast.Pow) and "float" in {a.base, b.base}:
            return Term(replace(origin, base="float"), call("pow", *codes))
        if not isinstance(operator, (ast.Add, ast.Sub, ast.Mult, ast.Div)):
            raise Refused(f"{type(operator).__name__} of floats")
        if "float" in {a.base, b.base} or isinstance(operator, ast.Div):
            return Term(replace(origin, base="float"), ast.BinOp(codes[0], operator, codes[1]))
        if isinstance(operator, ast.Mult):  # the integers 0 * -1 are 0, the floats -0.0
            raise Refused("a product of what may be an integer or a float")
        second = codes[1] if isinstance(operator, ast.Add) else ast.UnaryOp(ast.USub(), codes[1])
        return Term(replace(origin, base="mixed"), call("add_mixed", codes[0], second))

    def _of_integers(self, operator: ast.operator, one: Term, other: Term, origin: Scalar) -> Term:
        if type(operator) in _WHOLE:
            return Term(origin, call(_WHOLE[type(operator)], one.code, other.code))
        if isinstance(operator, ast.Div):
            return Term(replace(origin, base="float"), call("divide", one.code, other.code))
        if isinstance(operator, ast.Pow) and isinstance(other.code, ast.Constant) and other.code.value == 2:
            return Term(origin, call("multiply", one.code, one.code))
        raise Refused(f"{type(operator).__name__} of integers")

    def _binary(self, node: ast.BinOp) -> Term:
        return self.binary(node.op, self.number(node.left), self.number(node.right))

    def _unary(self, node: ast.UnaryOp) -> Term:
        if isinstance(node.op, ast.Not):
            return Term(TRUTH, ast.UnaryOp(ast.Not(), self.truth(node.operand)))
        if isinstance(node.operand, ast.Constant) and isinstance(node.op, ast.USub) and type(node.operand.value) is int:
            return self._constant(ast.Constant(-node.operand.value))
        term = self.number(node.operand)
        assert isinstance(term.kind, Scalar)
        if isinstance(node.op, ast.UAdd):
            return term
        if not isinstance(node.op, ast.USub) or term.kind.base == "mixed":  # the integer -0 is 0, the float -0.0
            raise Refused(f"{type(node.op).__name__} of what may be an integer or a float")
        if term.kind.base == "int":
            return self.binary(ast.Sub(), Term(constant(0), ast.Constant(0)), term)
        return Term(term.kind, ast.UnaryOp(ast.USub(), term.code))

    def _boolean(self, node: ast.BoolOp) -> Term:
        terms = [self.term(value) for value in node.values]
        if any(term.kind != TRUTH for term in terms):
            raise Refused(f"{ast.unparse(node):.40} as a value")
        return Term(TRUTH, ast.BoolOp(node.op, [term.code for term in terms]))

    def _compare(self, node: ast.Compare) -> Term:
        sides = [self.term(side) for side in (node.left, *node.comparators)]
        parts = [_comparison(sides[i], operator, sides[i + 1]) for i, operator in enumerate(node.ops)]
        return Term(TRUTH, parts[0] if len(parts) == 1 else ast.BoolOp(ast.And(), parts))

    def _choice(self, node: ast.IfExp) -> Term:
        test, yes, no = self.truth(node.test), self.number(node.body), self.number(node.orelse)
        kind = joined(yes.kind, no.kind)
        assert isinstance(kind, Scalar)
        codes = (yes.code, no.code) if kind.base == "int" else (as_float(yes), as_float(no))
        return Term(kind, ast.IfExp(test, *codes))

    def _call(self, node: ast.Call) -> Term:
        return called(self, self._scope, node)

    _TRANSLATIONS: ClassVar[dict[type[ast.expr], Callable[["Expressions", Any], Term]]] = {
        ast.Constant: _constant,
        ast.Name: _name,
        ast.Attribute: _attribute,
        ast.Subscript: _subscript,
        ast.BinOp: _binary,
        ast.UnaryOp: _unary,
        ast.BoolOp: _boolean,
        ast.Compare: _compare,
        ast.IfExp: _choice,
        ast.Call: _call,
    }


def _comparison(one: Term, operator: ast.cmpop, other: Term) -> ast.expr:
    a, b = one.kind, other.kind
    if not isinstance(a, Scalar) or not isinstance(b, Scalar) or "bool" in {a.base, b.base}:
        raise Refused("a comparison of something else than numbers")
    if isinstance(operator, (ast.Is, ast.IsNot)):
        if b.base != "none" or not a.optional:
            raise Refused("`is` with something else than None")
        same: ast.cmpop = ast.Eq() if isinstance(operator, ast.Is) else ast.NotEq()
        return ast.Compare(one.code, [same], [ast.Constant(NONE)])
    if isinstance(operator, (ast.In, ast.NotIn)) or a.optional or b.optional:
        raise Refused("a comparison of something else than numbers")
    codes = (one.code, other.code) if a.base == b.base == "int" else (as_float(one), as_float(other))
    return ast.Compare(codes[0], [operator], [codes[1]])
