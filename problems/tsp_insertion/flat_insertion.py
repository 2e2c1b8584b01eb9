"""Building tours by a heuristic that is a formula, with nobody asking it."""

import ast

import numpy as np
from numpy.typing import NDArray

from evoheur.problems.flat_heuristics.flat_heuristic import FlatHeuristic
from evoheur.problems.flat_heuristics.written_formula import written_formula
from evoheur.problems.tsp.instance import TspInstance
from evoheur.problems.tsp.spacing_units import unit_free_lengths

from .compiled_insertion import CityMap, city_map, insert_all
from .tour_insertion import START

__all__ = ["ARGUMENTS", "FlatInsertion", "MapShelf"]

ARGUMENTS = (False,) * 2 + (True,) * 7
"""Of each argument of a heuristic, whether it is a vector."""

_MOST_CITIES = 1000
_MOST_NUMBERS = 2**24
_FEW_CITIES = 256


class MapShelf:
    """The maps of the instances that were solved last, which all candidates share.

    They take 128 MiB at the most. Threads may share a shelf.
    """

    def __init__(self) -> None:
        self._maps: dict[int, tuple[TspInstance, CityMap | None]] = {}
        self._numbers = 0

    def of(self, instance: TspInstance) -> CityMap | None:
        """The map of an instance; None for one that is left to the heuristic itself.

        That has very many cities, or a single one, or distances that differ in the last bit there and back.
        """
        kept = self._maps.get(id(instance))
        if kept is not None:  # which keeps the instance alive, so that the number is still its own
            return kept[1]
        made = _map_of(instance)
        self._numbers += instance.cities**2
        if self._numbers > _MOST_NUMBERS:
            self._maps, self._numbers = {}, instance.cities**2
        self._maps[id(instance)] = instance, made
        return made


def _map_of(instance: TspInstance) -> CityMap | None:
    if not 2 <= instance.cities <= _MOST_CITIES:
        return None
    distances = unit_free_lengths(instance)
    return city_map(distances) if np.array_equal(distances, distances.T) else None


class FlatInsertion:
    """Builds tours by a flat heuristic, instance after instance.

    Args:
        flat: The heuristic, of the arguments in `ARGUMENTS`.
    """

    def __init__(self, flat: FlatHeuristic) -> None:
        self._flat = flat
        # By some step; operands that an operation does not have are 0, the first input.
        self._read = np.isin(np.arange(len(ARGUMENTS)), flat.steps[:, 1:])
        self._machine = flat.machine(_FEW_CITIES)

    @classmethod
    def written(cls, tree: ast.Module, function: str) -> "FlatInsertion":
        """What a source says.

        Raises:
            NotFlat: It is no formula without any doubt.
        """
        return cls(written_formula(tree, function, ARGUMENTS))

    def tour(self, cities: CityMap) -> NDArray[np.int64] | None:
        """Build a tour.

        Args:
            cities: Of the instance.

        Returns:
            The tour that `construct` finds; None where a score is NaN.
        """
        count = len(cities.means)
        if count > self._machine.registers.shape[1]:
            self._machine = self._flat.machine(count)
        found = np.empty(count, dtype=np.int64)
        return found if insert_all(cities, START, self._machine, self._read, found) else None
