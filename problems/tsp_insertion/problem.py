"""The travelling salesman problem, by choosing the next city to insert."""

import ast
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evoheur.problem import Heuristic, in_guest
from evoheur.problems.flat_heuristics.flat_values import NotFlat
from evoheur.problems.flat_heuristics.written_formula import written_formula
from evoheur.problems.routing.planar_lengths import planar_lengths
from evoheur.problems.tsp.instance import TspInstance, decoded
from evoheur.problems.tsp.spacing_units import unit_free_lengths
from evoheur.problems.tsp.tsp_problem import WARM_UP, TspProblem
from evoheur.source_solver import SourceSolver

from .flat_insertion import ARGUMENTS, FlatInsertion, MapShelf, map_of, proved_insertion, warm_up_flat_insertion
from .tour_insertion import construct

__all__ = ["InsertionTSP", "city_scores"]

_FLAT = {"path": "flat"}  # what is noted of a rule that is a formula


def city_scores(
    share: float,
    farthest: float,
    nearest: NDArray[np.float64],
    cheapest: NDArray[np.float64],
    regret: NDArray[np.float64],
    mean: NDArray[np.float64],
    lonely: NDArray[np.float64],
    mean_tour: NDArray[np.float64],
    edge: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Score the cities that are not on the tour yet; the one with the highest score is inserted where it lengthens the tour least.

    All lengths are in units of the mean distance from a city to its nearest neighbour, so they are about 1 where cities are neighbours.

    Args:
        share: Share of the cities that are on the tour, above 0 and below 1.
        farthest: Largest entry of `nearest`.
        nearest: Distance to the nearest city on the tour, shape (waiting,).
        cheapest: By how much the tour gets longer where the city fits best, shape (waiting,).
        regret: By how much more it would get longer at the second best place, shape (waiting,).
        mean: Mean distance to all other cities, shape (waiting,).
        lonely: Distance to the nearest of all other cities, shape (waiting,).
        mean_tour: Mean distance to the cities on the tour, shape (waiting,).
        edge: Length of the edge of the tour that the city would be put into, shape (waiting,).

    Returns:
        One real number per waiting city, shape (waiting,); not NaN.
    """
    return regret.copy()


class InsertionTSP(TspProblem):
    """Visit every city once and return to the first, on a round trip of the smallest total length.

    The tour grows by insertion: one city after the other goes into the edge of the tour where it lengthens it least, and is never moved
    again. What is to be decided is the order. Cities that would be expensive to insert later should come early, and so should those that
    give the tour its shape.
    """

    heuristic = staticmethod(city_scores)
    only_order_counts = True
    published = ()
    sets = ()
    matrices_held = 1

    def __init__(self) -> None:
        """There is nothing to set."""
        super().__init__()
        self._maps = MapShelf()
        # The last candidate, which all instances share: its rule, if it is flat, and what is noted of it.
        self._flat: tuple[Callable[..., Any], FlatInsertion | None, dict[str, str]] | None = None

    def variations(self) -> Mapping[str, tuple[float, float]]:
        """Share of the cities that lie in clusters, and length of their rectangle in widths."""
        return {"clustered": (0.0, 1.0), "stretch": (1.0, 10.0)}

    def varied(self, parameters: Mapping[str, float], *, family: str, seed: int, count: int) -> Sequence[TspInstance]:
        """Cities of a rectangle, some of them in clusters."""
        made: list[TspInstance] = self.trusted("splits").varied(parameters, family, seed, count)
        self._fresh |= {instance.name for instance in made}
        return made

    def heuristic_calls(self, instance: TspInstance) -> int:
        """One for every city."""
        return instance.cities

    def solve(
        self,
        heuristic: Heuristic,
        instance: TspInstance,
        rng: np.random.Generator,  # noqa: ARG002 - nothing here is drawn
    ) -> NDArray[np.int64]:
        """Let the rule build the tour.

        One that is a formula is computed by compiled code; "path" in the notes is then "flat", else "plain".

        Raises:
            BadAnswer: Scores are unusable.
        """
        with np.errstate(all="ignore"):  # dividing by zero is a rule's own business; what it makes of it counts
            flat = self._flat_rule(heuristic)
            cities = None if flat is None else map_of(instance)
            tour = None if flat is None or cities is None else flat.tour(cities)
            return construct(heuristic.entry, unit_free_lengths(instance)) if tour is None else tour

    def solver_in_source(self, tree: ast.Module) -> SourceSolver[TspInstance] | None:
        """Builds tours by the formula that the source is, if it is one."""
        try:
            flat = FlatInsertion(written_formula(tree, city_scores.__name__, ARGUMENTS))
        except NotFlat:
            return None

        def solved(instance: TspInstance) -> NDArray[np.int64] | None:
            cities = self._maps.of(instance)
            return None if cities is None else flat.tour(cities)

        return SourceSolver(solve=solved, notes=_FLAT)

    def memory_bytes(self, instance: TspInstance) -> int:
        """Next to nothing in the plane, where lengths are computed when they are needed."""
        return 0 if planar_lengths(instance.data, instance.metric) is not None else super().memory_bytes(instance)

    def warm_up(self) -> None:
        """Compile every kernel that is needed on this side."""
        instance = decoded(WARM_UP)
        construct(city_scores, unit_free_lengths(instance))
        warm_up_flat_insertion()
        computed = planar_lengths(instance.data, instance.metric, unit=1.0)  # as those of large instances are
        if computed is not None:
            construct(city_scores, computed)
        if not in_guest():
            for solver in self.textbook_rules().values():
                solver(instance)

    def _flat_rule(self, heuristic: Heuristic) -> FlatInsertion | None:
        if self._flat is None or self._flat[0] is not heuristic.entry:
            try:
                self._flat = (heuristic.entry, proved_insertion(heuristic), _FLAT)
            except NotFlat as reason:
                self._flat = (heuristic.entry, None, {"path": "plain", "plain_because": str(reason)})
        heuristic.notes.update(self._flat[2])
        return self._flat[1]
