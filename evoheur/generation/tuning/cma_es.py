"""CMA-ES (Hansen & Ostermeier 2001, doi:10.1162/106365601750190398), as the library `cma` has it."""

import math
import warnings
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it misses matplotlib, which it would only plot with
    import cma

__all__ = ["CmaEs"]

SIGMA = 0.3
"""First standard deviation, in units of each constant: large enough to leave a constant's neighbourhood, small enough to keep its sign."""


class CmaEs:
    """Covariance matrix adaptation from the heuristic's own constants.

    Args:
        dimensions: How many constants.
        rng: The only source of randomness; the library's own use of the global one is switched off.
    """

    keeps_start = True

    def __init__(self, dimensions: int, rng: np.random.Generator) -> None:
        def normal(*shape: int) -> NDArray[np.float64]:
            return rng.standard_normal(shape)

        # The library needs two dimensions; a single constant gets a companion that nothing depends on.
        self._dimensions = dimensions
        options = {"seed": math.nan, "randn": normal, "verbose": -9, "tolfun": 0.0, "tolfunhist": 0.0, "tolflatfitness": 10**6}
        self._search = cma.CMAEvolutionStrategy([0.0] * max(2, dimensions), SIGMA, options)
        self._asked: list[NDArray[np.float64]] = []

    def ask(self) -> list[list[float]]:
        """The points of one population."""
        self._asked = self._search.ask()
        return [point[: self._dimensions].tolist() for point in self._asked]

    def tell(self, points: Sequence[Sequence[float]], objectives: Sequence[float]) -> None:
        """Learn from objectives, in which failures rank last.

        A population of failures says nothing, one that was cut short cannot be learnt from: both are passed over.
        """
        finite = [objective for objective in objectives if math.isfinite(objective)]
        if finite and len(points) == len(self._asked):
            worst = max(finite) + 1.0
            self._search.tell(self._asked, [objective if math.isfinite(objective) else worst for objective in objectives])
