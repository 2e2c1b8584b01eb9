"""Vehicle routing with time windows, by choosing the next insertion."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evoheur.problem import Heuristic
from evoheur.problems.flat_heuristics.flat_heuristic import FlatHeuristic
from evoheur.problems.flat_heuristics.flat_values import NotFlat
from evoheur.problems.vrptw.instance import TimeWindowInstance
from evoheur.problems.vrptw.time_window_problem import TimeWindowProblem

from .route_insertion import flat_insertion, routes_by_asking, routes_by_formula, small_instance

__all__ = ["InsertionVRPTW", "insertion_scores"]


def insertion_scores(
    share: float,
    spacing: float,
    horizon: float,
    home: NDArray[np.float64],
    detour: NDArray[np.float64],
    excess: NDArray[np.float64],
    regret: NDArray[np.float64],
    reach: NDArray[np.float64],
    push: NDArray[np.float64],
    wait: NDArray[np.float64],
    urgency: NDArray[np.float64],
    slack: NDArray[np.float64],
    width: NDArray[np.float64],
    free: NDArray[np.float64],
    size: NDArray[np.float64],
    newer: NDArray[np.float64],
    last: NDArray[np.float64],
    opening: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Score all insertions that are possible; the one with the highest score is done, and then all are scored anew.

    An insertion puts a customer that is on no route yet between two stops of a route, or on a new route of its own. Only those are shown
    after which every window and the capacity are kept. Lengths and times are in units of the customers' mean distance from the depot, and a
    vehicle drives a unit of length in a unit of time. Vehicles leave as soon as they can, and wait where they are early.

    Args:
        share: How many customers are on routes, as a share of all: 0 at first, below 1.
        spacing: Mean distance from a customer to the nearest other one.
        horizon: How long the depot is open.
        home: Distance between the depot and the customer, shape (insertions,).
        detour: By how much the routes get longer; on a new route that is the way there and back, shape (insertions,).
        excess: How much longer the detour is than the shortest one that the customer has anywhere, at least 0, shape (insertions,).
        regret: By how much the customer's shortest detour would be longer on its second best route, where a new one counts as a route, at
            least 0, shape (insertions,).
        reach: Distance from the stop before, shape (insertions,).
        push: By how much later the stop behind begins; on a new route when the vehicle is back, shape (insertions,).
        wait: How long the vehicle waits at the customer for its window to open, at least 0, shape (insertions,).
        urgency: How long the window is still open when the vehicle arrives, shape (insertions,).
        slack: By how much later the stop behind could still begin, shape (insertions,).
        width: Of the customer's window, shape (insertions,).
        free: What stays free in the vehicle, as a share of its capacity, at least 0, shape (insertions,).
        size: Customers that are on the route so far; 0 for a new one, shape (insertions,).
        newer: How many routes were opened after this one: 0 for the newest and for a new one, shape (insertions,).
        last: 1 where the customer would be the last of the route, else 0, shape (insertions,).
        opening: 1 for a new route, else 0, shape (insertions,).

    Returns:
        One real number per insertion, shape (insertions,); not NaN.
    """
    return 2 * home - (1 - opening) * detour - 1000 * opening - 2000 * newer


class InsertionVRPTW(TimeWindowProblem):
    """Serve all customers within their time windows, on routes of the smallest total length that start and end at a depot.

    Every customer is visited once, the demands on a route never exceed the capacity, service begins within the customer's window, and the
    vehicle is back before the depot closes. The number of vehicles is free. Routes grow by insertion: one customer after the other goes
    into a route or opens a new one, and is never moved again. What is inserted early decides what fits later: windows that close soon, far
    customers and full vehicles leave little choice, and a detour that is short now may push later stops out of their windows.
    """

    heuristic = staticmethod(insertion_scores)
    only_order_counts = True

    def __init__(self) -> None:
        """There is nothing to set."""
        super().__init__()
        # The last candidate, which all instances share: its rule, as a formula if it is one, and what is noted of it.
        self._flat: tuple[Callable[..., Any], FlatHeuristic | None, dict[str, str]] | None = None

    def heuristic_calls(self, instance: TimeWindowInstance) -> int:
        """One for every customer."""
        return instance.customers

    def solve(
        self,
        heuristic: Heuristic,
        instance: TimeWindowInstance,
        rng: np.random.Generator,  # noqa: ARG002 - nothing here is drawn
    ) -> list[list[int]]:
        """Let the rule build the routes.

        One that is a formula is computed by compiled code; "path" in the notes is then "flat", else "plain".

        Raises:
            BadAnswer: Scores are unusable.
        """
        with np.errstate(all="ignore"):  # dividing by zero is a rule's own business; what it makes of it counts
            flat = self._flat_heuristic(heuristic)
            routes = None if flat is None else routes_by_formula(flat, instance)
            return routes_by_asking(heuristic.entry, instance) if routes is None else routes

    def warm_up(self) -> None:
        """Compile every kernel, those of formulas too."""
        super().warm_up()
        names: dict[str, Any] = {}
        exec(_FORMULA, names)  # noqa: S102 - a heuristic of our own
        formula = Heuristic(code=_FORMULA, functions={"insertion_scores": names["insertion_scores"]})
        self.solve(formula, small_instance(), np.random.default_rng(0))

    def _flat_heuristic(self, heuristic: Heuristic) -> FlatHeuristic | None:
        if self._flat is None or self._flat[0] is not heuristic.entry:
            try:
                self._flat = (heuristic.entry, flat_insertion(heuristic), {"path": "flat"})
            except NotFlat as reason:
                self._flat = (heuristic.entry, None, {"path": "plain", "plain_because": str(reason)})
        heuristic.notes.update(self._flat[2])
        return self._flat[1]


_FORMULA = (
    "def insertion_scores(share, spacing, horizon, home, detour, excess, regret, reach, push, wait, urgency, slack, width, free, size,\n"
    "                     newer, last, opening):\n    return home - detour - 9 * opening\n"
)
