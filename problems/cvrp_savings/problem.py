"""Capacitated vehicle routing by joining routes at their ends."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evoheur.errors import ConfigError
from evoheur.problem import Heuristic
from evoheur.problems.cvrp.instance import CvrpInstance, PublishedSet
from evoheur.problems.cvrp.routing_problem import CvrpProblem
from evoheur.problems.cvrp.symmetries import HEAVIER, LONGER, MIRRORED, TURNED
from evoheur.problems.flat_heuristics.flat_heuristic import FlatHeuristic
from evoheur.problems.flat_heuristics.flat_values import NotFlat

from . import at_once as at_once_interface
from . import published_interface
from .flat_joining import flat_joining, small_instance
from .route_growth import VARIANTS, grow_by_flat_heuristic, grow_routes

__all__ = ["SavingsCVRP", "joining"]


def joining(
    variant: float,
    spacing: float,
    per_route: float,
    progress: float,
    distance: NDArray[np.float64],
    home_near: NDArray[np.float64],
    home_far: NDArray[np.float64],
    load_small: NDArray[np.float64],
    load_large: NDArray[np.float64],
    free: NDArray[np.float64],
    angle: NDArray[np.float64],
    rank: NDArray[np.float64],
    size: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Score pairs of routes; the pair with the highest score is joined next, while a score is above 0.

    A pair is an end of one route and an end of another: the customers that would be visited one directly after the other. Only pairs that
    one vehicle can serve are shown. At first every customer is a route of its own and all pairs are scored; after every join those of the
    new route are, and the others keep their scores. All lengths are in units of the customers' mean distance from the depot, and loads
    are shares of the capacity.

    All routes are built six times, with `variant` 0, 0.2, ... 1, and the shortest result counts: a rule may try something else each time.

    Args:
        variant: 0, 0.2, 0.4, 0.6, 0.8 or 1: the same for all scores of a result.
        spacing: Mean distance from a customer to the nearest other one.
        per_route: How many customers of mean demand fill a vehicle; at most their number.
        progress: How many joins were made, as a share of the customers: 0 at first, below 1.
        distance: Between the two ends, shape (pairs,).
        home_near: From the depot to the nearer one of the two ends, shape (pairs,).
        home_far: From the depot to the farther one, shape (pairs,).
        load_small: Load of the route that carries less, shape (pairs,).
        load_large: Load of the route that carries more, shape (pairs,).
        free: What stays free in the vehicle when the two are joined, at least 0, shape (pairs,).
        angle: Between the two ends as seen from the depot, 0 to pi, shape (pairs,).
        rank: How near the two ends are to each other: 1 if one is the nearest customer to the other, 2 for the second nearest, and so on,
            all customers counted, shape (pairs,).
        size: Customers on both routes together, shape (pairs,).

    Returns:
        One real number per pair, shape (pairs,); not NaN.
    """
    return home_near + home_far - (1 + 0.4 * variant) * distance


class SavingsCVRP(CvrpProblem):
    """Deliver to all customers with vehicles of equal capacity, on routes of the smallest total length that start and end at a depot.

    Every customer is visited once, the demands on a route never exceed the capacity, and the number of vehicles is free. Where an
    instance also limits how long a route may be, the frame keeps to it. At first every customer has a route of its own; then routes are
    joined at their ends, pair by pair, in the order of the scores that the rule gives. Joining early what belongs together matters
    more than the true length saved.
    """

    heuristic = staticmethod(joining)
    published = (published_interface.joining_savings,)

    def __init__(self, *, set: PublishedSet | None = None, at_once: bool = False) -> None:  # noqa: A002 - the word that configurations use
        """Choose the instances, and what a rule is asked for.

        Args:
            set: A published set instead of ours: "eoh_cvrp50" or "reevo_cvrp50". These have no references, so scores are mean lengths. It
                comes with the published interface, which asks at once.
            at_once: Whether a rule gives the savings of all pairs of customers in matrices, before any are joined, and routes are built
                once; else it scores the ends of routes as they grow, and routes are built six times.

        Raises:
            ConfigError: `set` is another word.
        """
        super().__init__(set=set)
        if not isinstance(at_once, bool):
            raise ConfigError(f"cvrp_savings: at_once is {at_once!r}; give true or false.")
        self.at_once = at_once or set is not None
        if self.at_once:
            if set is None:
                self.interface += "; all savings at once, in one pass"
            return
        self.interface += "; ends of routes are scored as routes grow, in six passes"
        self.work = len(VARIANTS)
        self.symmetries = (LONGER, HEAVIER, TURNED, MIRRORED)
        # The last candidate, which all instances share: its rule, if it is flat, and what is noted of it.
        self._flat: tuple[Callable[..., Any], FlatHeuristic | None, dict[str, str]] | None = None

    def functions(self) -> tuple[Callable[..., Any], ...]:
        """The rule that scores ends of routes, or the one that is asked at once."""
        if self.set is None and self.at_once:
            return (at_once_interface.joining_savings,)
        return super().functions()

    def heuristic_calls(self, instance: CvrpInstance) -> int:
        """One for all savings; else one for every join of every pass."""
        return 1 if self.at_once else len(VARIANTS) * instance.customers

    def solve(
        self,
        heuristic: Heuristic,
        instance: CvrpInstance,
        rng: np.random.Generator,  # noqa: ARG002 - nothing here is drawn
    ) -> list[list[int]]:
        """Join routes by the rule.

        A rule that is a formula is computed by compiled code; "path" in the notes is then "flat", else "plain".

        Raises:
            BadAnswer: Scores or savings are unusable.
        """
        posed = self.posed(instance)
        with np.errstate(all="ignore"):  # dividing by zero is a heuristic's own business; what it makes of it counts
            if self.at_once:
                return at_once_interface.joined_at_once(heuristic, posed)
            flat = self._flat_heuristic(heuristic)
            routes = None if flat is None else grow_by_flat_heuristic(flat, posed)
            return grow_routes(heuristic.entry, posed) if routes is None else routes

    def warm_up(self) -> None:
        """Compile every kernel."""
        super().warm_up()
        if not self.at_once:
            code = "def joining(v, s, p, g, distance, near, far, small, large, free, angle, rank, size):\n    return near + far - distance"
            names: dict[str, Any] = {}
            exec(code, names)  # noqa: S102 - a rule of our own
            flat = Heuristic(code=code, functions={"joining": names["joining"]})
            self.solve(flat, small_instance(), np.random.default_rng(0))

    def _flat_heuristic(self, heuristic: Heuristic) -> FlatHeuristic | None:
        if self._flat is None or self._flat[0] is not heuristic.entry:
            try:
                self._flat = (heuristic.entry, flat_joining(heuristic), {"path": "flat"})
            except NotFlat as reason:
                self._flat = (heuristic.entry, None, {"path": "plain", "plain_because": str(reason)})
        heuristic.notes.update(self._flat[2])
        return self._flat[1]
