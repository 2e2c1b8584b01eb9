"""Two small problems for tests of prompts; their texts, not their frames, are what matters."""

import functools
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from evoheur.problem import Heuristic, Instance, Json, Problem, Split

Room: TypeAlias = NDArray[np.int64]
SLACK = 2
UNUSED = "no heuristic reads this"
FunctionT = TypeVar("FunctionT", bound=Callable[..., Any])


def traced(function: FunctionT) -> FunctionT:
    """A decorator that no prompt must show."""

    @functools.wraps(function)
    def inner(*args: Any) -> Any:
        return function(*args)

    return inner  # type: ignore[return-value]


def load_order(parcel: int, room: Room) -> NDArray[np.float64]:
    """Score the vans for the next parcel; it goes into the van with the highest score.

    Args:
        parcel: Size of the parcel, at least 1.
        room: Free room of every van, shape (vans,).

    Returns:
        One finite score per van, shape (vans,).
    """
    return -np.abs(room - parcel - SLACK).astype(float)  # near-tight fits first


def halved(value: float) -> float:
    """A helper that a heuristic of this module calls."""
    return value / math.sqrt(4.0)


@traced
def detour(here: int, there: int, distances: NDArray[np.float64]) -> float:
    """Cost of going from `here` to `there`."""
    return halved(float(distances[here, there] + distances[there, here]))


def accept(
    change: float,
    step: int = 0,
) -> bool:
    # Says yes to every change that does not make the tour longer.
    return change <= 0 or halved(step) < 0


class _Frame(Problem[Instance]):
    def instances(self, split: Split) -> Sequence[Instance]:
        return [Instance(name=f"{split}-1", family="tiny")]

    def decode(self, data: Mapping[str, Json]) -> Instance:
        return Instance(**data)

    def solve(self, heuristic: Heuristic, instance: Instance, rng: np.random.Generator) -> Json:
        return []

    def cost(self, instance: Instance, solution: Json) -> float:
        return 0.0


class VanLoading(_Frame):
    """Load parcels that arrive one by one into as few vans as possible.

    A parcel is never moved again. At `x < y` nothing is special: this sentence is here for its signs & letters.

    Args:
        vans: Told to users of the class, not to the model.
    """

    heuristic = staticmethod(load_order)


class PairRoutingTSP(_Frame):
    """Visit every place once and come home, on the shortest tour."""

    heuristic = (staticmethod(detour), staticmethod(accept))


class Undescribed(_Frame):
    heuristic = staticmethod(load_order)
