"""Random typed expressions over the variables of a scope."""

import ast
import math
import random
from collections.abc import Callable, Mapping

from evoheur.code.syntax import copied
from evoheur.generation.mutation.abstract_values import AbstractValue, Kind
from evoheur.generation.mutation.material import Corners, Material, gather, written
from evoheur.generation.mutation.tree_building import call, combine, compare, literal, negative, number, same

__all__ = ["Grammar", "comparisons", "random_number"]

_ORDER: tuple[type[ast.cmpop], ...] = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
_CENTRES = ("mean", "min", "median")


def random_number(rng: random.Random) -> float:
    """A random positive constant.

    A small integer, or one drawn log-uniformly over four decades and rounded to two digits.
    """
    if rng.random() < 0.5:
        return rng.choice((1, 2, 2, 3, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 50))
    return float(f"{10 ** rng.uniform(-2, 2):.2g}")


class Grammar:
    """Draws expressions of a wanted kind.

    What it draws may divide by 0 or take roots of negatives; `EditableModule.guard` makes it safe where it is put, with what is known
    there.

    Args:
        rng: Source of randomness.
        scope: The variables that may be used, all of known kind.
        order_terms: True to allow terms that depend on an array's mean, minimum, median or spread.
        corners: Positions that are known as numbers, with their dimension.
    """

    def __init__(
        self, rng: random.Random, scope: Mapping[str, AbstractValue], *, order_terms: bool = False, corners: Corners = ()
    ) -> None:
        self._rng = rng
        self._order_terms = order_terms
        known = tuple((variable, value.kind) for variable, value in scope.items() if value.kind is not None)
        self._material: Material = gather(known, corners)

    def can_make(self, kind: Kind) -> bool:
        """Whether there is a variable to build that kind from.

        Of a position, whether there is a choice.
        """
        if kind.indexes:
            return not kind.is_array and len(self._material.positions.get(kind.indexes, ())) > 1
        return not kind.is_array or kind.shape in self._material.arrays

    def expression(self, kind: Kind, depth: int) -> ast.expr:
        """An expression of a kind for which `can_make` holds.

        It is nested at most about `depth` deep.
        """
        if kind.indexes:
            return written(self._rng.choice(self._material.positions[kind.indexes]))
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
        """An array, or its difference to or ratio with another.

        The other one is a scalar or an array: this is what quantities of one unit are good for.
        """
        array = self._entries(shape)
        other = self._companion(shape)
        return self._pick(
            (2, lambda: array),
            (5, lambda: combine(array, ast.Sub, other)),
            (1, lambda: combine(array, ast.Div, other)),
            (1, lambda: combine(other, ast.Div, array)),
            (1, lambda: combine(call("max", copied(array)), ast.Sub, array)),
            (0.5, lambda: combine(array, ast.Mod, other)),
            (0.3, lambda: combine(array, ast.FloorDiv, other)),
            *self._ordered_terms(array),
        )

    def _ordered_terms(self, array: ast.expr) -> list[tuple[float, Callable[[], ast.expr]]]:
        if not self._order_terms:
            return []
        return [
            (0.7, lambda: combine(array, ast.Sub, call(self._rng.choice(_CENTRES), copied(array)))),
            (0.5, lambda: combine(array, ast.Div, call("mean", copied(array)))),
            (0.5, lambda: combine(array, ast.Div, call("std", copied(array)))),
        ]

    def _entries(self, shape: str) -> ast.expr:
        return written(self._rng.choice(self._material.arrays[shape]))

    def _companion(self, shape: str) -> ast.expr:
        """What an array is compared with.

        A scalar, else another array, a row or a column, else a constant.
        """
        arrays = self._material.arrays[shape]
        beside = self._material.beside.get(shape, [])
        others = [*self._material.scalars, *(arrays if len(arrays) > 1 else ()), *beside]
        return written(self._rng.choice(others)) if others else number(random_number(self._rng))

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
        if self._material.scalars and self._rng.random() < 0.5:
            return written(self._rng.choice(self._material.scalars))
        if self._material.variables and self._rng.random() < 0.15:
            word = self._rng.choice(_CENTRES) if self._order_terms else "max"
            return call(word, written(self._rng.choice(self._material.variables)))
        return number(random_number(self._rng))

    def _truth(self, shape: str, depth: int) -> ast.expr:
        if depth > 1 and self._rng.random() < 0.15:
            sides = self._truth(shape, 0), self._truth(shape, 0)
            if shape == "":
                return ast.BoolOp(self._rng.choice((ast.And, ast.Or))(), list(sides))
            return combine(sides[0], self._rng.choice((ast.BitAnd, ast.BitOr)), sides[1])
        if shape and self._order_terms and self._rng.random() < 0.6:
            return self._apart(self._entries(shape))
        left = self._term(shape) if shape else self._scalar(1)
        right = self._pick((3, lambda: number(random_number(self._rng))), (1, lambda: self._scalar(1)))
        return compare(left, self._rng.choice(comparisons(right)), right)

    def _apart(self, array: ast.expr) -> ast.expr:
        """Entries that are large or small among others, whatever the unit."""
        middle = call(self._rng.choice(_CENTRES), copied(array))
        factor = number(float(f"{math.exp(self._rng.gauss(0.0, 0.5)):.2g}"))
        return compare(array, self._rng.choice(_ORDER), combine(factor, ast.Mult, middle))


def comparisons(right: ast.expr) -> tuple[type[ast.cmpop], ...]:
    """The operators that fit a comparison with an expression.

    Equality with a drawn number would only fit the instances it was found on.
    """
    return _ORDER if literal(right) is not None else (*_ORDER, ast.Eq)


def _paired(left: ast.expr, operator: type[ast.operator], right: ast.expr) -> ast.expr:
    """Two operands joined, unless they are the same.

    x + x, x - x and x / x say no more than x or than nothing.
    """
    return left if same(left, right) else combine(left, operator, right)
