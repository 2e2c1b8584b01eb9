"""Loads by two heuristics that are formulas, computed as a whole by compiled code."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evoheur.problem import Heuristic
from evoheur.problems.flat_heuristics.flat_heuristic import FlatHeuristic
from evoheur.problems.flat_heuristics.flat_values import NotFlat
from evoheur.problems.flat_heuristics.translation import translate
from evoheur.problems.returned_numbers import BadAnswer, real_numbers

from .instance import KnapsackInstance
from .item_views import item_views
from .kernels import build_by_formulas
from .load_building import built_load, fitting_alone

__all__ = ["FlatLoads", "flat_loads", "small_instance"]

_ARGUMENTS: Mapping[str, tuple[bool, ...]] = {"leaving": (False, *[True] * 5), "joining": (False, *[True] * 6)}
_ASKED = 8  # calls of each function on which a translation is tried


class FlatLoads:
    """Builds loads by two flat heuristics, instance after instance.

    Args:
        leaving: Of the arguments of that function.
        joining: Likewise.
    """

    def __init__(self, leaving: FlatHeuristic, joining: FlatHeuristic) -> None:
        self._flat = (leaving, joining)
        self._machines = (leaving.machine(1), joining.machine(1))

    def built(self, instance: KnapsackInstance) -> NDArray[np.int64] | None:
        """The load that `built_load` finds; None where a score is NaN."""
        items = instance.values.size
        if items > self._machines[0].registers.shape[1]:
            leaving, joining = self._flat
            self._machines = (leaving.machine(items), joining.machine(items))
        views, inside = item_views(instance), fitting_alone(instance)
        lasting = np.stack((views.value, views.cost, views.need, views.tightest))
        numbers = build_by_formulas(instance.weights, instance.capacities, lasting, inside, *self._machines)
        return inside.astype(np.int64) if numbers else None


def flat_loads(heuristic: Heuristic) -> FlatLoads:
    """Translate both functions of a candidate, held against the candidate bit by bit.

    Raises:
        NotFlat: One of them is no formula; the message begins with its name.
    """
    return FlatLoads(_translated(heuristic, "leaving"), _translated(heuristic, "joining"))


def _translated(heuristic: Heuristic, name: str) -> FlatHeuristic:
    try:
        flat = translate(heuristic.code, name, _ARGUMENTS[name], beside=tuple(_ARGUMENTS))
    except (SyntaxError, RecursionError) as error:
        raise NotFlat(f"{name}: its source cannot be read ({type(error).__name__})") from error
    except NotFlat as error:
        raise NotFlat(f"{name}: {error}") from error
    with np.errstate(all="ignore"):
        for shown in _shown()[name]:
            try:
                scores = real_numbers(heuristic.functions[name](*(np.copy(each)[()] for each in shown)), shown[-1].shape, name)
            except BadAnswer as error:
                raise NotFlat(str(error)) from error
            if flat.scores(shown).tobytes() != scores.tobytes():
                raise NotFlat(f"{name}: its scores are not those of its translation")
    return flat


def small_instance() -> KnapsackInstance:
    """Thirty items and three resources, of which one is hardly short."""
    source = np.random.RandomState(5)
    weights = source.randint(0, 40, size=(3, 30), dtype=np.int64)
    return KnapsackInstance(
        name="small",
        family="small",
        values=source.randint(1, 60, size=30).astype(np.float64),
        weights=weights,
        capacities=weights.sum(axis=1) * np.array([3, 5, 9]) // 10,
        prices=np.array([3.0, 1.5, 0.0]),
    )


@cache
def _shown() -> Mapping[str, list[tuple[Any, ...]]]:
    # What heuristics that fill a knapsack well are shown, in some of the calls.
    calls: dict[str, list[tuple[Any, ...]]] = {name: [] for name in _ARGUMENTS}

    def leaving(*shown: Any) -> Any:
        calls["leaving"].append(tuple(np.copy(each)[()] for each in shown))
        return shown[5] - shown[1]

    def joining(*shown: Any) -> Any:
        calls["joining"].append(tuple(np.copy(each)[()] for each in shown))
        return -shown[6]

    built_load(leaving, joining, small_instance())
    return {name: made[:: max(1, len(made) // _ASKED)] for name, made in calls.items()}
