"""The textbook rules of job shop dispatching, as trusted solvers.

Panwalkar & Iskander (1977, doi:10.1287/opre.25.1.45) list those that are older.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evoheur.problem import Json, TextbookRule

from .instance import JobShopInstance
from .kernels import BEGUN, VIEWS, Shop, plan_by_rule
from .plan_checks import finished_floor
from .shop_floor import decisions

__all__ = ["PRIORITIES", "rules"]

_TIME, _REMAINING, _OPERATIONS, _DONE, _WAITED, _NEXT_TIME, _NEXT_QUEUE = 0, 1, 2, 3, 4, 6, 7  # vectors that are shown

PRIORITIES: Mapping[str, tuple[Mapping[int, float], bool]] = {
    "spt": ({_TIME: -1}, False),  # shortest processing time
    "mwkr": ({_REMAINING: 1}, False),  # most work remaining; the rule that a search starts from
    "mopnr": ({_OPERATIONS: 1}, False),  # most operations remaining
    "fifo": ({_WAITED: 1}, False),  # first come first served
    # And least work in the next queue (Holthaus & Rajendran 1997, doi:10.1016/S0925-5273(96)00068-0).
    "spt_winq": ({_TIME: -1, _NEXT_QUEUE: -1}, False),
    # And the next time (Rajendran & Holthaus 1999, doi:10.1016/S0377-2217(98)00023-X).
    "spt_winq_npt": ({_TIME: -2, _NEXT_TIME: -1, _NEXT_QUEUE: -1}, False),
    "spt_mwkr": ({_TIME: -1}, True),  # least share of the work remaining
    # Sels, Gheysen & Vanhoucke (2012, doi:10.1080/00207543.2011.611539).
    "flow_due_date_mwkr": ({_TIME: -1, _DONE: -1}, True),
}
"""Textbook rule → weights of vectors, and whether their sum is divided by the work remaining."""


def rules(*, active: bool) -> Mapping[str, Callable[[JobShopInstance], Any]]:
    """All of them, and the best one for each instance.

    Args:
        active: How schedules are generated.
    """
    single = {name: partial(_dispatched, name, active) for name in PRIORITIES}
    # Which one is the best is seen when all is done, so it is no rule of a shop floor.
    best = TextbookRule(solve=partial(_best_of, single), information="offline", work=len(single))
    return {**single, "best_of_all": best}


def _dispatched(name: str, active: bool, instance: JobShopInstance) -> list[Json]:
    chosen, quotient = PRIORITIES[name]
    weights = np.zeros(VIEWS)
    weights[list(chosen)] = list(chosen.values())

    def planned(shop: Shop) -> NDArray[np.int64]:
        plan = np.empty(shop.times.size - int(shop.numbers[BEGUN]), dtype=np.int64)
        plan_by_rule(shop, active, weights, quotient, plan)
        return plan

    decided = decisions(instance, planned)
    assert decided is not None, "textbook rules always tell"
    return decided


def _best_of(single: Mapping[str, Callable[[JobShopInstance], list[Json]]], instance: JobShopInstance) -> list[Json]:
    made = [solver(instance) for solver in single.values()]
    return min(made, key=lambda decided: int(finished_floor(instance, decided).shop.ready.max()))
