"""What the tests of the knapsack share."""

from collections.abc import Sequence

import numpy as np
from hypothesis import strategies as st

from evoheur.problems.multidimensional_knapsack.instance import KnapsackInstance
from evoheur.problems.multidimensional_knapsack.relaxation import dual_prices

__all__ = ["knapsack", "small_knapsacks"]


def knapsack(values: Sequence[float], weights: Sequence[Sequence[int]], capacities: Sequence[int]) -> KnapsackInstance:
    """An instance for a test, at its dual prices."""
    held, used, limits = (
        np.array(values, dtype=np.float64),
        np.array(weights, dtype=np.int64),
        np.array(capacities, dtype=np.int64),
    )
    prices = dual_prices(held, used, limits)
    return KnapsackInstance(name="made-up", family="test", values=held, weights=used, capacities=limits, prices=prices)


@st.composite
def small_knapsacks(draw: st.DrawFn) -> KnapsackInstance:
    """Up to nine items and three resources; some items may fit nowhere, and some use nothing."""
    items, resources = draw(st.integers(1, 9)), draw(st.integers(1, 3))
    weights = [draw(st.lists(st.integers(0, 12), min_size=items, max_size=items)) for _ in range(resources)]
    values = draw(st.lists(st.integers(1, 20), min_size=items, max_size=items))
    return knapsack(values, weights, draw(st.lists(st.integers(1, 30), min_size=resources, max_size=resources)))
