"""Harmony search with the settings of HSEvo.

Sources: Geem, Kim & Loganathan 2001, doi:10.1177/003754970107600201; Dat et al. 2025. HSEvo has the model name the constants and their
ranges; here the syntax tree names them, and the range of each is from zero to twice its value (from -1 to 1 where it is zero). Unlike
HSEvo's release, a pitch that is adjusted stays within its range.
"""

import math
from collections.abc import Sequence

import numpy as np

__all__ = ["HarmonySearch"]

MEMORY = 5
"""Harmonies in memory; HSEvo: 5."""
CONSIDERING_RATE = 0.7
"""HMCR, the chance that a number comes from memory; HSEvo: 0.7."""
ADJUSTING_RATE = 0.5
"""PAR, the chance that a remembered number is moved; HSEvo: 0.5."""
BANDWIDTH = 0.2
"""How far it is moved at the most, as a share of its range; HSEvo: 0.2."""

_LOW, _HIGH = -1.0, 1.0


class HarmonySearch:
    """A memory of harmonies, improved one at a time.

    They are uniform random at first; then comes one improvisation after another, each in place of the worst if it is better.

    Args:
        dimensions: How many constants.
        rng: The only source of randomness.
    """

    keeps_start = False

    def __init__(self, dimensions: int, rng: np.random.Generator) -> None:
        self._dimensions = dimensions
        self._rng = rng
        self._memory: list[tuple[float, list[float]]] = []

    def ask(self) -> list[list[float]]:
        """The whole memory at first, then one harmony."""
        if not self._memory:
            return self._rng.uniform(_LOW, _HIGH, (MEMORY, self._dimensions)).tolist()  # type: ignore[no-any-return] # NumPy says Any
        return [[self._pitch(place) for place in range(self._dimensions)]]

    def tell(self, points: Sequence[Sequence[float]], objectives: Sequence[float]) -> None:
        """Keep the best `MEMORY`; of equals the older one."""
        known = [*self._memory, *((objective, list(point)) for objective, point in zip(objectives, points, strict=True))]
        self._memory = sorted(known, key=lambda harmony: harmony[0])[:MEMORY]

    def _pitch(self, place: int) -> float:
        if self._rng.random() >= CONSIDERING_RATE:
            return float(self._rng.uniform(_LOW, _HIGH))
        usable = [point for objective, point in self._memory if math.isfinite(objective)] or [point for _, point in self._memory]
        pitch = usable[int(self._rng.integers(len(usable)))][place]
        if self._rng.random() < ADJUSTING_RATE:
            pitch += float(self._rng.uniform(-1.0, 1.0)) * (_HIGH - _LOW) * BANDWIDTH
        return min(_HIGH, max(_LOW, pitch))
