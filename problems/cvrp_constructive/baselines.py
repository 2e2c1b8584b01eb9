"""The textbook rules that build routes, as trusted solvers."""

from collections.abc import Callable

from evoheur.problems.cvrp.baselines import clarke_wright, nearest_feasible, sweep
from evoheur.problems.cvrp.instance import CvrpInstance

__all__ = ["BASELINES"]

BASELINES: dict[str, Callable[[CvrpInstance], list[list[int]]]] = {
    "nearest_feasible": nearest_feasible,
    "sweep": sweep,
    "clarke_wright": clarke_wright,
}
