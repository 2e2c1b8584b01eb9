"""Textbook iterated local searches, as trusted solvers.

They draw what the frame draws, and make as many kicks; no rule is asked.
"""

import zlib
from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray

from evoheur.problems.tsp.instance import TspInstance
from evoheur.problems.tsp.spacing_units import unit_free

from .chosen_kicks import FEWEST_CITIES, ROUND, first_optimum
from .kernels import remembered, run_kicks

__all__ = ["TEMPERATURE", "annealed_kicks", "random_kicks", "textbook_rules"]

TEMPERATURE = 0.1
"""Of annealed kicks at the start, in units of the cities' spacing; it falls linearly to 0."""


def random_kicks(instance: TspInstance, rng: np.random.Generator, *, kicks_per_city: int) -> NDArray[np.int64]:
    """Iterated local search: kicks anywhere, of which no tour is kept that is longer.

    The rules that a search starts from: double bridges that stay local (Johnson & McGeoch 1997).
    """
    return _searched(instance, rng, kicks_per_city, 0.0)


def annealed_kicks(instance: TspInstance, rng: np.random.Generator, *, kicks_per_city: int) -> NDArray[np.int64]:
    """Large-step Markov chain: kicks anywhere, accepted as in simulated annealing (Martin, Otto & Felten 1991)."""
    return _searched(instance, rng, kicks_per_city, TEMPERATURE)


def _searched(instance: TspInstance, rng: np.random.Generator, kicks_per_city: int, temperature: float) -> NDArray[np.int64]:
    distances, n = unit_free(instance).distances, instance.cities
    search = first_optimum(distances)
    if n < FEWEST_CITIES:
        return search.best
    memory, counts = remembered(search)
    kicks, done = kicks_per_city * n, 0
    while done < kicks:
        size = min(ROUND, n, kicks - done)
        places, luck = rng.random(n), 1.0 - rng.random(size)
        allowed = -temperature * (1.0 - done / kicks) * np.log(luck)
        run_kicks(search, memory, counts, places, allowed, rng.random((size, 2)))
        done += size
    return search.best


def textbook_rules(kicks_per_city: int) -> dict[str, Callable[[TspInstance], NDArray[np.int64]]]:
    """Name → solver with so many kicks per city, drawing from a seed made of the instance's name."""

    def solver(
        search: Callable[..., NDArray[np.int64]],
        instance: TspInstance,
    ) -> NDArray[np.int64]:
        rng = np.random.default_rng(zlib.crc32(instance.name.encode()))
        return search(instance, rng, kicks_per_city=kicks_per_city)

    return {search.__name__: partial(solver, search) for search in (random_kicks, annealed_kicks)}
