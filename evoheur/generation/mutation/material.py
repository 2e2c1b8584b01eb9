"""The material of new expressions: variables, look-ups and sums.

The variables are those in scope; the rest is what can be looked up or summed up with them. A matrix and a position give a row; a row and a
list of positions give one number per position; a vector gives a matrix by comparing every entry with every other. Which of these there are
follows from kinds alone.
"""

import ast
import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from evoheur.code.syntax import expression
from evoheur.generation.mutation.abstract_values import SCALAR, Kind
from evoheur.generation.mutation.named_shapes import dimensions, is_flat, shape_of
from evoheur.generation.mutation.tree_building import name

__all__ = ["Corners", "Material", "gather", "written"]

Corners = tuple[tuple[int, str], ...]

_STATISTICS = ("mean", "median", "max")  # the smallest entry of a row of distances is that of a place to itself: 0
_PAIRINGS = ("{0}[:, None] + {0}", "np.abs({0}[:, None] - {0})", "np.maximum({0}[:, None], {0})")
_VARIABLE, _LOOKUP, _DERIVED = 3, 2, 1  # how often they are drawn where there are others


@dataclass(frozen=True, slots=True)
class Material:
    """Source texts of terms, by what they are.

    Attributes:
        scalars: Single quantities.
        arrays: Quantities by shape; the likelier a term is to be drawn, the more often it is in the list.
        variables: The arrays among the variables.
        beside: By shape of a matrix, what broadcasts over it.
        positions: By dimension, single positions.
    """

    scalars: tuple[str, ...]
    arrays: dict[str, list[str]]
    variables: tuple[str, ...]
    beside: dict[str, list[str]]
    positions: dict[str, list[str]]


def written(text: str) -> ast.expr:
    """The expression that a text of a `Material` stands for, anew each time."""
    return name(text) if text.isidentifier() else expression(text)


@lru_cache(maxsize=512)
def gather(scope: tuple[tuple[str, Kind], ...], corners: Corners) -> Material:
    """Find the terms that new expressions can be built from.

    Args:
        scope: The variables and their kinds, in order.
        corners: Positions known as numbers, with their dimension.
    """
    arrays = [(variable, kind) for variable, kind in scope if kind.is_array and kind.is_quantity]
    lists = [(variable, kind) for variable, kind in scope if kind.indexes and is_flat(kind.shape)]
    lists = [(variable, kind) for variable, kind in lists if dimensions(kind.shape)[0] != kind.indexes]
    named = [variable for variable, kind in scope if kind == SCALAR]
    found = _Finder(arrays, lists, _positions(scope, corners), named)
    terms: dict[str, list[str]] = {}
    derived = list(found.derived())
    for variable, kind in arrays:
        terms.setdefault(kind.shape, []).extend(
            [variable] * (_VARIABLE if any(shape == kind.shape for shape, _, _ in derived) else 1)
        )
    for shape, text, weight in derived:
        terms.setdefault(shape, []).extend([text] * weight)
    return Material(
        scalars=(*named, *found.scalars()),
        arrays=terms,
        variables=tuple(variable for variable, _ in arrays),
        beside=found.beside(),
        positions=found.positions,
    )


def _positions(scope: Iterable[tuple[str, Kind]], corners: Corners) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for variable, kind in scope:
        if kind.indexes and not kind.is_array:
            found.setdefault(kind.indexes, []).append(variable)
    for number, dimension in corners:
        found.setdefault(dimension, []).append(str(number))
    return found


@dataclass(frozen=True, slots=True)
class _Finder:
    """Combines arrays, lists of positions and single positions."""

    arrays: Sequence[tuple[str, Kind]]
    lists: Sequence[tuple[str, Kind]]
    positions: dict[str, list[str]]
    named: Sequence[str]

    def vectors(self) -> Iterator[tuple[str, str]]:
        """(dimension, text) of vectors, rows and columns of matrices."""
        for array, kind in self.arrays:
            match dimensions(kind.shape):
                case (dimension,) if dimension != "...":
                    yield dimension, array
                case (rows, columns) if columns.isdigit():
                    yield from ((rows, f"{array}[:, {column}]") for column in range(int(columns)))
                case (rows, columns):
                    yield from ((columns, f"{array}[{position}]") for position in self.positions.get(rows, ()))

    def matrices(self) -> Iterator[tuple[str, str, str]]:
        """(rows, columns, text) of matrices whose columns are no mere coordinates."""
        for array, kind in self.arrays:
            match dimensions(kind.shape):
                case (rows, columns) if not columns.isdigit() and rows != "1":
                    yield rows, columns, array

    def derived(self) -> Iterator[tuple[str, str, int]]:
        """(shape, text, weight) of terms that are no variables."""
        variables = {array for array, _ in self.arrays}
        for dimension, text in self.vectors():
            if text not in variables:
                yield shape_of((dimension,)), text, _LOOKUP
            if any(rows == columns == dimension for rows, columns, _ in self.matrices()):
                yield from ((shape_of((dimension, dimension)), pairing.format(text), _DERIVED) for pairing in _PAIRINGS)
        for rows, columns, matrix in self.matrices():
            yield from ((shape_of((rows,)), f"np.{word}({matrix}, axis=1)", _DERIVED) for word in _STATISTICS)
            if rows != columns:
                yield from ((shape_of((columns,)), f"np.{word}({matrix}, axis=0)", _DERIVED) for word in _STATISTICS)
        for chosen, kind in self.lists:
            yield from self._looked_up(chosen, kind)
        if not self.lists:
            yield from self._among()

    def _among(self) -> Iterator[tuple[str, str, int]]:
        """Nearness and rank among another vector's entries.

        For every entry of a vector, how near the nearest entry of a vector of another length is, and how many are not larger.
        """
        flat = [(variable, dimensions(kind.shape)[0]) for variable, kind in self.arrays if is_flat(kind.shape)]
        for (vector, own), (other, length) in itertools.permutations(flat, 2):
            if own != length:
                for entries in (vector, *(f"({vector} - {scalar})" for scalar in self.named)):
                    yield shape_of((own,)), f"np.min(np.abs({entries}[:, None] - {other}), axis=1)", _DERIVED
                    yield shape_of((own,)), f"np.sum({other} <= {entries}[:, None], axis=1)", _DERIVED

    def _looked_up(self, chosen: str, kind: Kind) -> Iterator[tuple[str, str, int]]:
        """One number per position of a list."""
        for dimension, text in self.vectors():
            if dimension == kind.indexes:
                looked = f"{text[:-1]}, {chosen}]" if text.endswith("]") and "[:" not in text else f"{text}[{chosen}]"
                yield kind.shape, looked, _LOOKUP
        for rows, columns, matrix in self.matrices():
            if rows == kind.indexes:
                yield from ((kind.shape, f"np.{word}({matrix}[{chosen}], axis=1)", _DERIVED) for word in _STATISTICS)
            if rows == columns == kind.indexes:
                inner = f"{matrix}[np.ix_({chosen}, {chosen})]"
                yield from ((kind.shape, f"np.{word}({inner}, axis=1)", _DERIVED) for word in _STATISTICS)
                yield shape_of(dimensions(kind.shape) * 2), inner, _LOOKUP

    def scalars(self) -> Iterator[str]:
        """Entries of arrays at single positions, and how many positions there are in a list."""
        for array, kind in self.arrays:
            match dimensions(kind.shape):
                case (dimension,):
                    yield from (f"{array}[{position}]" for position in self.positions.get(dimension, ()))
                case (rows, columns):
                    pairs = itertools.combinations(self.positions.get(rows, ()), 2) if rows == columns else ()
                    yield from (f"{array}[{first}, {second}]" for first, second in pairs)
        yield from (f"len({chosen})" for chosen, _ in self.lists)

    def beside(self) -> dict[str, list[str]]:
        """Rows and columns to calculate with beside a matrix."""
        found: dict[str, list[str]] = {}
        for rows, columns, matrix in self.matrices():
            terms = found.setdefault(shape_of((rows, columns)), [])
            for word in _STATISTICS:
                terms += [f"np.{word}({matrix}, axis=1, keepdims=True)", f"np.{word}({matrix}, axis=0)"]
        for shape, listed in found.items():
            rows, columns = dimensions(shape)
            for dimension, text in self.vectors():
                listed.extend([f"{text}[:, None]"] * (dimension == rows) + [text] * (dimension == columns))
        return found
