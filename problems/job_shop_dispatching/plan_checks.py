"""Checking plans, and carrying them out, on the trusted side."""

import numpy as np

from evoheur.problem import Infeasible, Json, whole_numbers

from .instance import JobShopInstance
from .shop_floor import ShopFloor

__all__ = ["finished_floor"]


def finished_floor(instance: JobShopInstance, solution: Json) -> ShopFloor:
    """Carry out the plans of an untrusted answer, each until the next arrival.

    Args:
        instance: The instance.
        solution: Any JSON.

    Returns:
        The shop when all is done.

    Raises:
        Infeasible: There is no plan for each arrival, or one does not have each job as often as operations of it are left.
    """
    arrivals = instance.arrivals()
    if not isinstance(solution, list) or len(solution) != len(arrivals):
        raise Infeasible(f"the answer is {solution!r:.60}, not {len(arrivals)} plans, one for each arrival")
    floor = ShopFloor(instance.machines)
    for number, (arrival, answer) in enumerate(zip(arrivals, solution, strict=True)):
        floor.arrive(arrival)
        left = floor.left()
        if not isinstance(answer, list):
            raise Infeasible(f"plan {number} is {answer!r:.60}, which is no list")
        if len(answer) != left.sum():
            raise Infeasible(f"plan {number} has {len(answer)} entries, and {left.sum()} operations are left")
        plan = whole_numbers(answer, length=int(left.sum()), low=0, high=left.size - 1, what=f"job of plan {number} at position")
        planned = np.bincount(plan, minlength=left.size)
        if (planned != left).any():
            job = int(np.flatnonzero(planned != left)[0])
            raise Infeasible(f"plan {number} has job {job} {planned[job]} times, and {left[job]} operations of it are left")
        floor.decide(plan)
    floor.pass_time()
    return floor
