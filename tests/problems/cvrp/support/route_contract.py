"""The contract of problems whose solutions are routes."""

from collections.abc import Mapping
from typing import Any

from evoheur.problem import Json
from evoheur.testing.problem_contract import ProblemContract

__all__ = ["RouteContract"]


class RouteContract(ProblemContract):
    """What every problem must, and what is wrong with routes."""

    def damaged(self, instance: Any, solution: Json) -> Mapping[str, Json]:
        """All customers on one route, a customer on two routes, a customer missing, the depot on a route, routes not nested."""
        everyone = [node for route in solution for node in route]
        return {
            "all on one route": [everyone],
            "a customer on two routes": [*solution, [everyone[0]]],
            "a customer missing": [route[1:] if number == 0 else route for number, route in enumerate(solution)],
            "the depot on a route": [[0, *solution[0]], *solution[1:]],
            "not nested": everyone,
            "a customer too many": [*solution, [instance.customers + 1]],
        }
