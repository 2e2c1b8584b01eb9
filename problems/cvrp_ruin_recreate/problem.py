"""Capacitated vehicle routing by ruin and recreate.

Routes are improved by taking customers out of them and putting them back.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evoheur.errors import ConfigError
from evoheur.problem import Heuristic
from evoheur.problems.cvrp.instance import CvrpInstance, PublishedSet
from evoheur.problems.cvrp.routing_problem import CvrpProblem
from evoheur.problems.flat_heuristics.flat_heuristic import FlatHeuristic
from evoheur.problems.flat_heuristics.flat_values import NotFlat

from . import published_interface, search_by_order
from .flat_search import flat_function, search_by_formulas, small_instance
from .search_by_views import search_by_views

__all__ = ["RuinRecreateCVRP", "leaving", "placing"]


def leaving(
    progress: float,
    lot: float,
    spacing: float,
    per_route: float,
    distance: NDArray[np.float64],
    rank: NDArray[np.float64],
    route_rank: NDArray[np.float64],
    offset: NDArray[np.float64],
    size: NDArray[np.float64],
    saving: NDArray[np.float64],
    demand: NDArray[np.float64],
    since: NDArray[np.float64],
    route_noise: NDArray[np.float64],
    shift: NDArray[np.float64],
    noise: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Score the customers for leaving their routes; those with a score above 0 leave, at most the 40 with the highest scores.

    If no score is above 0, the customer with the highest one leaves. Those that left come back one by one. A search ends when ten times as
    many customers as it has iterations have come back: where more leave at once, there are fewer iterations. All lengths are in units of
    the customers' mean distance from the depot, and loads are shares of the capacity.

    Args:
        progress: Share of the search that is over, from 0 to below 1.
        lot: A random number, uniform from 0 to 1: the same for all customers.
        spacing: Mean distance from a customer to the nearest other one.
        per_route: How many customers there are on a route on average.
        distance: From the seed, which is a customer drawn at random, 0 for the seed itself, shape (customers,).
        rank: How many customers are nearer to the seed, 0 for the seed itself, shape (customers,).
        route_rank: How many routes come nearer to the seed than the route of this customer, shape (customers,).
        offset: How many customers after the one that is nearest to the seed this one is visited on its route, going on from the end of the
            route at its beginning: 0 for the nearest one, size - 1 for the one before it, shape (customers,).
        size: How many customers are on the route, shape (customers,).
        saving: By how much the route becomes shorter if this customer alone leaves, at least 0, shape (customers,).
        demand: Of the customer, shape (customers,).
        since: How many customers have come back since this one did last, or since the start, divided by the number of customers, at least
            0, shape (customers,).
        route_noise: Random numbers, uniform from 0 to 1: the same for all customers of a route, shape (customers,).
        shift: Others of the same kind, shape (customers,).
        noise: Random numbers, uniform from 0 to 1, shape (customers,).

    Returns:
        One real number per customer, shape (customers,); not NaN.
    """
    longest = np.minimum(per_route, 10)
    length = 1 + np.floor(route_noise * np.minimum(size, longest))
    before = np.floor(shift * length)
    on_string = (offset < length - before) | (offset >= size - before)
    return np.where(on_string & (route_rank <= lot * (40 / (1 + longest) - 1)), 1.0, 0.0)


def placing(
    progress: float,
    demand: float,
    home: float,
    added: NDArray[np.float64],
    edge: NDArray[np.float64],
    free: NDArray[np.float64],
    size: NDArray[np.float64],
    noise: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Score the places at which a customer could come back to the routes; it comes back at the place with the highest score.

    Places are those between two neighbours on a route, at the beginning and at the end of a route, and, last, on a route of its own. Only
    routes that can take the customer are shown. Of equal scores the first counts. All lengths are in units of the customers' mean distance
    from the depot, and loads are shares of the capacity.

    Args:
        progress: Share of the search that is over, from 0 to below 1.
        demand: Of the customer.
        home: From the depot to the customer.
        added: By how much the routes become longer at this place, at least 0, shape (places,).
        edge: Between the two neighbours at this place; 0 for a route of its own, shape (places,).
        free: What stays free in the vehicle, at least 0, shape (places,).
        size: How many customers are on the route now; 0 for a route of its own, shape (places,).
        noise: Random numbers, uniform from 0 to below 1; 1 for a route of its own, shape (places,).

    Returns:
        One real number per place, shape (places,); not NaN.
    """
    return np.where(noise < 0.01, -np.inf, -added)


class RuinRecreateCVRP(CvrpProblem):
    """Deliver to all customers with vehicles of equal capacity, on routes of the smallest total length that start and end at a depot.

    Every customer is visited once, the demands on a route never exceed the capacity, and the number of vehicles is free. Where an
    instance also limits how long a route may be, the frame keeps to it. A search starts from good routes; in each of many iterations
    some customers leave their routes and come back one by one, and the new routes are kept if they are not much longer than the best so
    far. Two functions decide: which customers leave, and how they come back. Leaving customers that are near each other, from a
    few neighbouring routes, makes room for a different arrangement.
    """

    heuristic = (leaving, placing)
    published = (published_interface.removal_scores, published_interface.insertion_scores)
    work = "search"

    def __init__(self, *, set: PublishedSet | None = None, iterations: int = 2000, by_order: bool = False) -> None:  # noqa: A002 - the word that configurations use
        """Choose the instances, the effort, and what a heuristic is asked for.

        Args:
            set: A published set instead of ours: "eoh_cvrp50" or "reevo_cvrp50". These have no references, so scores are mean lengths. It
                comes with the published interface, which is by order.
            iterations: Of the search on each instance, for candidates and textbook rules alike; of ten customers each on average.
            by_order: Whether the second function scores the customers that have left, for the order in which they come back, each where it
                then costs least; else the order is drawn and it scores the places.

        Raises:
            ConfigError: `set` is another word, there is no iteration, or `by_order` is no truth value.
        """
        super().__init__(set=set)
        if iterations < 1:
            raise ConfigError(f"cvrp_ruin_recreate: iterations is {iterations}; give at least 1.")
        if not isinstance(by_order, bool):
            raise ConfigError(f"cvrp_ruin_recreate: by_order is {by_order!r}; give true or false.")
        self.iterations = iterations
        self.by_order = by_order or set is not None
        if set is None:
            self.interface += (
                "; customers are scored, and the order in which they come back"
                if by_order
                else "; customers are scored, and the places at which they come back"
            )
        # The last candidate, which all instances share: its formulas, None where a function is none, and what is noted of it.
        self._flat: tuple[Mapping[str, Callable[..., Any]], dict[str, FlatHeuristic | None], dict[str, str]] | None = None

    def functions(self) -> tuple[Callable[..., Any], ...]:
        """The functions that evolve: of views of places, or of the order."""
        if self.set is None and self.by_order:
            return (search_by_order.removal_scores, search_by_order.insertion_scores)
        return super().functions()

    def heuristic_calls(self, instance: CvrpInstance) -> int:  # noqa: ARG002 - the same for all
        """In every iteration one for leaving, and one for the order of coming back or about ten for the places."""
        return (2 if self.by_order else 11) * self.iterations

    def solve(self, heuristic: Heuristic, instance: CvrpInstance, rng: np.random.Generator) -> list[list[int]]:
        """Search with the two functions.

        What is a formula is computed by compiled code; "path" in the notes is then "flat", "flat places" where only places are scored by
        one, else "plain".

        Raises:
            BadAnswer: Scores are unusable.
        """
        posed, functions = self.posed(instance), heuristic.functions
        with np.errstate(all="ignore"):  # dividing by zero is a heuristic's own business; what it makes of it counts
            if self.by_order:
                ruin, recreate = functions["removal_scores"], functions["insertion_scores"]
                return search_by_order.SearchByOrder(ruin, recreate, posed, rng).run(self.iterations)
            seed, flat, routes = int(rng.integers(2**62)), self._formulas(heuristic), None
            places = flat["placing"]
            if places is not None:
                ruins = flat["leaving"] or functions["leaving"]
                routes = search_by_formulas(ruins, places, posed, iterations=self.iterations, seed=seed)
            if routes is None:
                routes = search_by_views(functions["leaving"], functions["placing"], posed, iterations=self.iterations, seed=seed)
            return routes

    def textbook_rules(self) -> Mapping[str, Callable[[CvrpInstance], Any]]:
        """The start, and two textbook searches of equal effort.

        They are random removal with greedy insertion, and string removal with blinks.
        """
        rules: Mapping[str, Callable[[CvrpInstance], Any]] = self.trusted("textbook_rules").textbook_rules(
            self.iterations, by_order=self.by_order
        )
        return rules

    def warm_up(self) -> None:
        """Compile every kernel."""
        super().warm_up()
        if not self.by_order:
            for code in (_LEAVING + _PLACING, _LEAVING.replace("9 * lot - rank", "list(9 * lot - rank)") + _PLACING):
                names: dict[str, Any] = {}
                exec(code, names)  # noqa: S102 - a rule of our own
                functions = {name: names[name] for name in ("leaving", "placing")}
                self.solve(Heuristic(code=code, functions=functions), small_instance(), np.random.default_rng(0))

    def _formulas(self, heuristic: Heuristic) -> dict[str, FlatHeuristic | None]:
        if self._flat is None or self._flat[0] is not heuristic.functions:
            flat: dict[str, FlatHeuristic | None] = {}
            reasons = []
            for name in ("leaving", "placing"):
                try:
                    flat[name] = flat_function(heuristic, name)
                except NotFlat as reason:
                    flat[name] = None
                    reasons.append(str(reason))
            path = "plain" if flat["placing"] is None else "flat places" if reasons else "flat"
            self._flat = (heuristic.functions, flat, {"path": path} | ({"plain_because": "; ".join(reasons)} if reasons else {}))
        heuristic.notes.update(self._flat[2])
        return self._flat[1]


_LEAVING = (
    "def leaving(p, lot, s, r, d, rank, route, offset, size, saving, demand, since, a, b, noise):\n    return 9 * lot - rank\n"
)
_PLACING = "def placing(p, demand, home, added, edge, free, size, noise):\n    return -added\n"
