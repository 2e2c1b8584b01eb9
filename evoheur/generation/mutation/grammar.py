"""Random typed expressions over the variables of a scope."""

import ast
import random
from collections.abc import Callable, Mapping

from evoheur.generation.mutation.building import call, combine, compare, literal, name, negative, number, same
from evoheur.generation.mutation.values import SCALAR, Kind, Value

__all__ = ["Grammar", "comparisons", "random_number"]

_ORDER: tuple[type[ast.cmpop], ...] = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)


def random_number(rng: random.Random) -> float:
    """A positive constant: a small integer, or one drawn log-uniformly over four decades and rounded to two digits."""
    if rng.random() < 0.5:
        return rng.choice((1, 2, 2, 3, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 50))
    return float(f"{10 ** rng.uniform(-2, 2):.2g}")


class Grammar:
    """Draws expressions of a wanted kind.

    What it draws may divide by 0 or take roots of negatives; `Rule.guard` makes it safe where it is put, with what is known there.

    Args:
        rng: Source of randomness.
        scope: The variables that may be used, all of known kind.
        order_terms: True to allow terms that depend on an array's mean, minimum, median or spread.
    """

    def __init__(self, rng: random.Random, scope: Mapping[str, Value], *, order_terms: bool = False) -> None:
        self._rng = rng
        self._order_terms = order_terms
        self._scalars = [variable for variable, value in scope.items() if value.kind == SCALAR]
        self._arrays: dict[str, list[str]] = {}
        for variable, value in scope.items():
            if value.kind is not None and value.kind.is_array and not value.kind.boolean:
                self._arrays.setdefault(value.kind.shape, []).append(variable)

    def can_make(self, kind: Kind) -> bool:
        """True if there is a variable to build that kind from."""
        return not kind.is_array or kind.shape in self._arrays

    def expression(self, kind: Kind, depth: int) -> ast.expr:
        """An expression of a kind for which `can_make` holds, nested at most about `depth` deep."""
        if kind.boolean:
            return self._truth(kind.shape, depth)
        if not kind.is_array:
            return self._scalar(depth)
        return self._composed(kind.shape, depth) if depth > 1 else self._array(kind.shape, depth)

    def _pick(self, *weighted: tuple[float, Callable[[], ast.expr]]) -> ast.expr:
        choices = [choice for _, choice in weighted]
        return self._rng.choices(choices, [weight for weight, _ in weighted])[0]()

    # Arrays -------------------------------------------------------------------------------------------------------------------

    def _array(self, shape: str, depth: int) -> ast.expr:
        return self._term(shape) if depth <= 0 or self._rng.random() < 0.15 else self._composed(shape, depth)

    def _composed(self, shape: str, depth: int) -> ast.expr:
        def inner() -> ast.expr:
            return self._array(shape, depth - 1)

        return self._pick(
            (3, lambda: _paired(inner(), ast.Add, inner())),
            (2, lambda: _paired(inner(), ast.Sub, inner())),
            (2, lambda: _paired(inner(), ast.Mult, inner())),
            (1.5, lambda: _paired(inner(), ast.Div, inner())),
            (1.5, lambda: combine(self._scalar(0), ast.Mult, inner())),
            (1, lambda: combine(inner(), ast.Div, self._scalar(depth - 1))),
            (3, lambda: self._function(inner())),
            (2, lambda: self._step(shape, depth)),
            (0.7, lambda: call(self._rng.choice(("minimum", "maximum")), inner(), self._scalar(0))),
        )

    def _term(self, shape: str) -> ast.expr:
        """An array, or its difference to or ratio with a scalar or another array: what quantities of one unit are good for."""
        array = name(self._rng.choice(self._arrays[shape]))
        other = self._companion(shape)
        return self._pick(
            (2, lambda: array),
            (5, lambda: combine(array, ast.Sub, other)),
            (1, lambda: combine(array, ast.Div, other)),
            (1, lambda: combine(other, ast.Div, array)),
            (1, lambda: combine(call("max", array), ast.Sub, array)),
            (0.5, lambda: combine(array, ast.Mod, other)),
            (0.3, lambda: combine(array, ast.FloorDiv, other)),
            *self._ordered_terms(array),
        )

    def _ordered_terms(self, array: ast.expr) -> list[tuple[float, Callable[[], ast.expr]]]:
        if not self._order_terms:
            return []
        return [
            (0.7, lambda: combine(array, ast.Sub, call(self._rng.choice(("mean", "min", "median")), array))),
            (0.5, lambda: combine(array, ast.Div, combine(call("std", array), ast.Add, number(1)))),
        ]

    def _companion(self, shape: str) -> ast.expr:
        """What an array is compared with: a scalar variable, else another array, else a constant."""
        others = [*self._scalars, *(self._arrays[shape] if len(self._arrays[shape]) > 1 else ())]
        return name(self._rng.choice(others)) if others else number(random_number(self._rng))

    def _function(self, inner: ast.expr) -> ast.expr:
        return self._pick(
            (1, lambda: negative(inner)),
            (2, lambda: call("sqrt", inner)),
            (1, lambda: call("abs", inner)),
            (2, lambda: call("log1p", call("abs", inner))),
            (2, lambda: call("exp", combine(number(-random_number(self._rng)), ast.Mult, call("abs", inner)))),
            (3, lambda: combine(inner, ast.Pow, number(self._rng.choice((2, 2, 3))))),
            (0.5, lambda: call("tanh", inner)),
        )

    def _step(self, shape: str, depth: int) -> ast.expr:
        """One value where a condition holds, another one elsewhere."""
        branches = [
            self._array(shape, depth - 1),
            self._pick((1, lambda: self._scalar(0)), (1, lambda: self._array(shape, depth - 2))),
        ]
        if same(*branches):
            return branches[0]
        self._rng.shuffle(branches)
        return call("where", self._truth(shape, depth - 1), *branches)

    # Scalars and truth values -------------------------------------------------------------------------------------------------

    def _scalar(self, depth: int) -> ast.expr:
        if depth > 0 and self._rng.random() < 0.4:
            left, right = self._scalar(depth - 1), self._scalar(depth - 1)
            if literal(left) is not None and literal(right) is not None:
                return left  # two numbers are no more than one
            return combine(left, self._rng.choice((ast.Add, ast.Sub, ast.Mult, ast.Div)), right)
        if self._scalars and self._rng.random() < 0.5:
            return name(self._rng.choice(self._scalars))
        arrays = [variable for names in self._arrays.values() for variable in names]
        if arrays and self._rng.random() < 0.15:
            return call("max", name(self._rng.choice(arrays)))
        return number(random_number(self._rng))

    def _truth(self, shape: str, depth: int) -> ast.expr:
        if depth > 1 and self._rng.random() < 0.15:
            sides = self._truth(shape, 0), self._truth(shape, 0)
            if shape == "":
                return ast.BoolOp(self._rng.choice((ast.And, ast.Or))(), list(sides))
            return combine(sides[0], self._rng.choice((ast.BitAnd, ast.BitOr)), sides[1])
        left = self._term(shape) if shape else self._scalar(1)
        right = self._pick((3, lambda: number(random_number(self._rng))), (1, lambda: self._scalar(1)))
        return compare(left, self._rng.choice(comparisons(right)), right)


def comparisons(right: ast.expr) -> tuple[type[ast.cmpop], ...]:
    """What an expression may be compared with another one by: equality with a drawn number would only fit the instances it was found on."""
    return _ORDER if literal(right) is not None else (*_ORDER, ast.Eq)


def _paired(left: ast.expr, operator: type[ast.operator], right: ast.expr) -> ast.expr:
    """Two operands joined, unless they are the same: x + x, x - x and x / x say no more than x or than nothing."""
    return left if same(left, right) else combine(left, operator, right)
