"""A candidate as a flat heuristic, in the guest, if it is one."""

from functools import cache
from typing import Any

import numpy as np

from evoheur.problem import Heuristic
from evoheur.problems.flat_heuristics.flat_heuristic import FlatHeuristic
from evoheur.problems.flat_heuristics.proved_translation import proved_translation

from .instance import JobShopInstance
from .kernels import SCALARS, VIEWS
from .shop_floor import ShopFloor, plan_by_scores

__all__ = ["ARGUMENTS", "flat_priority", "shown_calls", "small_shop"]

ARGUMENTS = (False,) * SCALARS + (True,) * VIEWS
"""Of each argument of a rule, whether it is a vector."""

_ASKED = 8  # calls on which a translation is tried


def flat_priority(heuristic: Heuristic) -> FlatHeuristic:
    """Translate a candidate, held against the candidate bit by bit.

    Raises:
        NotFlat: It is no formula.
    """
    return proved_translation(heuristic, ARGUMENTS, shown_calls())


def small_shop() -> JobShopInstance:
    """Eight jobs on four machines, of which two come later."""
    source = np.random.RandomState(11)
    return JobShopInstance(
        name="small",
        family="small",
        machines=4,
        routes=np.array([source.permutation(4) for _ in range(8)], dtype=np.int64),
        times=source.randint(1, 30, size=(8, 4), dtype=np.int64),
        batches=np.array([0, 0, 0, 0, 0, 0, 1, 2], dtype=np.int64),
        gaps=np.array([0, 17, 30], dtype=np.int64),
    )


@cache
def shown_calls() -> list[tuple[Any, ...]]:
    """What shortest processing times lead to, in some of the calls."""
    calls: list[tuple[Any, ...]] = []

    def shortest(*shown: Any) -> Any:
        calls.append(tuple(np.copy(each)[()] for each in shown))
        return -shown[SCALARS]

    floor = ShopFloor(4)
    for arrival in small_shop().arrivals():
        floor.decide(plan_by_scores(shortest, floor.arrive(arrival), active=False))
    return calls[:: max(1, len(calls) // _ASKED)]
