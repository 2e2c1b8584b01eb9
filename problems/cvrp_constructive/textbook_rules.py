"""The textbook rules that build routes, as trusted solvers."""

from collections.abc import Callable

from evoheur.problems.cvrp.instance import CvrpInstance
from evoheur.problems.cvrp.textbook_rules import clarke_wright, nearest_feasible, sweep

__all__ = ["RULES"]

RULES: dict[str, Callable[[CvrpInstance], list[list[int]]]] = {
    "nearest_feasible": nearest_feasible,
    "sweep": sweep,
    "clarke_wright": clarke_wright,
}
