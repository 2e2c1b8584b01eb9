"""The interface of what searches for constants."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Protocol

import numpy as np

__all__ = ["BUILTIN_OPTIMISERS", "MakeOptimiser", "Optimiser"]

BUILTIN_OPTIMISERS = {
    "cma-es": "evoheur.generation.tuning.cma_es:CmaEs",
    "harmony-search": "evoheur.generation.tuning.harmony_search:HarmonySearch",
}


class Optimiser(Protocol):
    """An optimiser that minimises over vectors of numbers.

    Each number is counted in units of its start: 0 is where it is, -1 is zero, 1 is twice as much.
    """

    keeps_start: bool
    """Whether the start is the answer if nothing better is found; else the best of what was tried is, be it worse."""

    @abstractmethod
    def ask(self) -> list[list[float]]:
        """The next points to evaluate, at least one."""

    @abstractmethod
    def tell(self, points: Sequence[Sequence[float]], objectives: Sequence[float]) -> None:
        """Learn what points are worth, minimised.

        What failed is worth infinity. The last points of a search may be fewer than were asked.
        """


class MakeOptimiser(Protocol):
    """How a tuner makes one: the class itself, or a function."""

    def __call__(self, dimensions: int, rng: np.random.Generator) -> Optimiser:
        """Make it for so many numbers; `rng` is its only source of randomness."""
