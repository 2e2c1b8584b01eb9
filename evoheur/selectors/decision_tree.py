"""Shallow decision trees that choose one of several heuristics by features of an instance; worths are minimised."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["Fork", "Leaf", "Tree", "WorthTable", "choices_of", "chosen_by", "grow", "lines_of"]

_ROOTS = 12  # thresholds that are tried above another fork, for each feature
_TINY = 1e-9  # relative; a gain that small is rounding
_DIGITS = 17  # tell any two numbers apart


@dataclass(frozen=True, slots=True)
class Leaf:
    """The end of a path.

    Attributes:
        choice: Place of the heuristic in its set, from 0.
    """

    choice: int


@dataclass(frozen=True, slots=True)
class Fork:
    """A question to an instance.

    Attributes:
        feature: Name of a feature.
        threshold: Up to it, this included, the path goes on below.
        below: Tree for small values.
        above: Tree for others.
    """

    feature: str
    threshold: float
    below: "Tree"
    above: "Tree"


Tree: TypeAlias = Leaf | Fork


@dataclass(frozen=True, slots=True, kw_only=True)
class WorthTable:
    """What a selector learns from.

    Attributes:
        worths: Of each heuristic on each instance, minimised, shape (instances, heuristics); the best on the whole in column 0.
        features: Of each instance, shape (instances, features).
        names: Of the features.
        families: Of each instance.
        weights: How much each instance counts, at least 0.
    """

    worths: NDArray[np.float64]
    features: NDArray[np.float64]
    names: Sequence[str]
    families: Sequence[str]
    weights: NDArray[np.float64]

    def only(self, kept: NDArray[np.bool_]) -> "WorthTable":
        """The table of some instances."""
        families = [family for family, keep in zip(self.families, kept.tolist(), strict=True) if keep]
        return WorthTable(
            worths=self.worths[kept],
            features=self.features[kept],
            names=self.names,
            families=families,
            weights=self.weights[kept],
        )


def chosen_by(tree: Tree, features: Mapping[str, float]) -> int:
    """Place of the heuristic that a tree chooses for an instance."""
    while isinstance(tree, Fork):
        tree = tree.below if features[tree.feature] <= tree.threshold else tree.above
    return tree.choice


def choices_of(tree: Tree, table: WorthTable) -> NDArray[np.int64]:
    """What a tree chooses for each instance, shape (instances,)."""
    rows = [dict(zip(table.names, row, strict=True)) for row in table.features.tolist()]
    return np.array([chosen_by(tree, row) for row in rows], dtype=np.int64)


def grow(table: WorthTable, *, depth: int, least: int) -> Tree:
    """The tree with the least weighted worth.

    Of equal ones the one with fewer forks, then of the earlier feature, then with the lower threshold; in a leaf the earlier heuristic.
    Forks right above leaves try every threshold; those above other forks twelve for each feature, evenly over the instances.

    Args:
        table: At least one instance.
        depth: Questions on a path at the most.
        least: Instances that a leaf holds at least.
    """
    return _grown(table, depth, least)[1]


def _grown(table: WorthTable, depth: int, least: int) -> tuple[float, Tree]:
    totals = table.weights @ table.worths
    best, tree = float(totals.min()), Leaf(int(totals.argmin()))
    found: tuple[float, Tree] = (best, tree)
    if depth == 0 or len(totals) == 1:
        return found
    needed = _TINY * max(1.0, float(np.abs(totals).max()))
    for place, name in enumerate(table.names):
        values = table.features[:, place]
        for threshold, value in _forks(table, values, least, above_leaves=depth == 1):
            if depth == 1:
                if value < found[0] - needed:
                    below = values <= threshold
                    leaves = [Leaf(int((table.weights[side] @ table.worths[side]).argmin())) for side in (below, ~below)]
                    found = (value, Fork(name, threshold, *leaves))
                continue
            below = values <= threshold
            (one, small), (two, large) = (_grown(table.only(side), depth - 1, least) for side in (below, ~below))
            if one + two < found[0] - needed:
                found = (one + two, Fork(name, threshold, small, large) if small != large else small)
    return found


def _forks(table: WorthTable, values: NDArray[np.float64], least: int, *, above_leaves: bool) -> Iterator[tuple[float, float]]:
    # Thresholds with what leaves on both sides are worth, ascending.
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    sums = np.cumsum(table.weights[order, None] * table.worths[order], axis=0)
    places = np.flatnonzero(ordered[:-1] < ordered[1:])
    places = places[(places + 1 >= least) & (ordered.size - places - 1 >= least)]
    if not above_leaves and places.size > _ROOTS:
        places = places[np.linspace(0, places.size - 1, _ROOTS).round().astype(np.int64)]
    values_there = sums[places].min(axis=1) + (sums[-1] - sums[places]).min(axis=1)
    for place, value in zip(places.tolist(), values_there.tolist(), strict=True):
        yield _between(float(ordered[place]), float(ordered[place + 1])), value


def _between(low: float, high: float) -> float:
    """A number of few digits that is at least `low` and below `high`."""
    middle = (low + high) / 2.0
    for digits in range(2, _DIGITS):
        short = float(f"{middle:.{digits}g}")
        if low <= short < high:
            return short
    return low


def lines_of(tree: Tree) -> list[str]:
    """A tree in words, a line for each path, heuristics counted from 1."""
    return [
        f"if {' and '.join(asked)}: heuristic {choice}" if asked else f"always heuristic {choice}"
        for asked, choice in _paths(tree)
    ]


def _paths(tree: Tree, asked: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], int]]:
    if isinstance(tree, Leaf):
        yield asked, tree.choice + 1
        return
    yield from _paths(tree.below, (*asked, f"{tree.feature} <= {tree.threshold:g}"))
    yield from _paths(tree.above, (*asked, f"{tree.feature} > {tree.threshold:g}"))
