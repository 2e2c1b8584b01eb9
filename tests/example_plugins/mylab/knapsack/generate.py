"""Draws instances; only on the trusted side, so that candidates know neither seeds nor other splits."""

from collections.abc import Sequence

import numpy as np

from evoheur.problem import Split

from .problem import Items

__all__ = ["instances"]


def instances(split: Split, items: int) -> Sequence[Items]:
    """Four instances of a split, of so many items each."""
    rng = np.random.default_rng({"train": 1, "validation": 2, "test": 3}[split])
    made = []
    for number in range(4):
        weights = rng.integers(5, 60, items)
        values = weights + rng.integers(1, 40, items)
        made.append(
            Items(name=f"{split}-{number}", family="correlated", capacity=int(weights.sum() // 3), values=values, weights=weights)
        )
    return made
