"""Building tours by a heuristic that is a formula.

Where the candidate is executed, its translation is held against it: for some steps on a small map both must give the same scores, bit by
bit.
"""

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evoheur.problem import Heuristic
from evoheur.problems.flat_heuristics.flat_heuristic import FlatHeuristic
from evoheur.problems.flat_heuristics.proved_translation import proved_translation
from evoheur.problems.tsp.instance import TspInstance
from evoheur.problems.tsp.spacing_units import unit_free_lengths

from .compiled_insertion import CityMap, city_map, insert_all
from .tour_insertion import START, construct

__all__ = ["ARGUMENTS", "FlatInsertion", "MapShelf", "map_of", "proved_insertion", "warm_up_flat_insertion"]

ARGUMENTS = (False,) * 2 + (True,) * 7
"""Of each argument of a heuristic, whether it is a vector."""

_MOST_CITIES = 1000
_MOST_NUMBERS = 2**24
_FEW_CITIES = 256
_ASKED = 8  # of the steps on the small map
_CHEAPEST, _REGRET = 3, 4  # places among the arguments


class MapShelf:
    """The maps of the instances that were solved last, which all candidates share.

    They take 128 MiB at the most. Threads may share a shelf.
    """

    def __init__(self) -> None:
        self._maps: dict[int, tuple[TspInstance, CityMap | None]] = {}
        self._numbers = 0

    def of(self, instance: TspInstance) -> CityMap | None:
        """What `map_of` gives."""
        kept = self._maps.get(id(instance))
        if kept is not None:  # which keeps the instance alive, so that the number is still its own
            return kept[1]
        made = map_of(instance)
        self._numbers += instance.cities**2
        if self._numbers > _MOST_NUMBERS:
            self._maps, self._numbers = {}, instance.cities**2
        self._maps[id(instance)] = instance, made
        return made


def map_of(instance: TspInstance) -> CityMap | None:
    """The map of an instance; None for one that is left to the heuristic itself.

    That has very many cities, or a single one, or distances that differ in the last bit there and back.
    """
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


def proved_insertion(heuristic: Heuristic) -> FlatInsertion:
    """Translate a candidate, and see that the translation gives the scores that it gives.

    Raises:
        NotFlat: It is no flat heuristic.
    """
    return FlatInsertion(proved_translation(heuristic, ARGUMENTS, _shown()))


def warm_up_flat_insertion() -> None:
    """Compile what flat heuristics need, and have the steps on the small map ready for all candidates."""
    flat = FlatHeuristic(len(ARGUMENTS), np.zeros(0), np.array([[0, _CHEAPEST, 0, 0]], dtype=np.int64))
    flat.scores(_shown()[0])
    FlatInsertion(flat).tour(city_map(_small_map()))


def _small_map() -> NDArray[np.float64]:
    points = np.random.RandomState(3).randint(0, 50, size=(24, 2)).astype(np.float64)
    lengths: NDArray[np.float64] = np.sqrt(np.square(points[:, np.newaxis] - points).sum(axis=2)) / 7.0
    return lengths


@cache
def _shown() -> list[tuple[Any, ...]]:
    # What a heuristic that inserts well is shown, at some of the steps.
    calls: list[tuple[Any, ...]] = []

    def record(*shown: Any) -> Any:
        calls.append(tuple(np.copy(each)[()] for each in shown))
        return shown[_REGRET] - 0.1 * shown[_CHEAPEST]

    construct(record, _small_map())
    return calls[:: len(calls) // _ASKED]
