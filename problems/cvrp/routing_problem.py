"""The base of the vehicle routing problems.

It has what they have in common as problems: instances, checking and pricing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar, get_args

import numpy as np

from evoheur.drawing import Drawing
from evoheur.errors import ConfigError
from evoheur.problem import Heuristic, Json, Problem, Split, Symmetry, in_guest
from evoheur.problems.routing.distances import EXPLICIT, LARGEST_AT_ONCE, with_encoded_metric

from .drawn_routes import drawn_routes
from .instance import CvrpInstance, PublishedSet, decoded
from .routes_file import routes_text
from .solution import price
from .symmetries import HEAVIER, LONGER
from .unit_free import unit_free

__all__ = ["TINY", "TINY_ONE_WAY", "CvrpProblem"]


class CvrpProblem(Problem[CvrpInstance]):
    """A vehicle routing problem.

    Its folder has two modules that the guest never holds. `splits` defines `instances(split, set_name, resampled)`, `REFERENCES` (name →
    cost), `searched_length(instance)` and `read_instances(path)`; `textbook_rules` defines `RULES`.

    Rules see lengths in units of the customers' mean distance from the depot and loads as shares of the capacity (`unit_free`), unless a
    published set is chosen, which comes with the published interface: lengths and loads in the instance's own units.

    Attributes:
        published: The functions of `heuristic` as the published interface describes them.
        matrices_held: How many matrices of the size of the distances a frame holds at a time at the most, where an instance is large.
    """

    published: ClassVar[tuple[Callable[..., Any], ...]]
    matrices_held: ClassVar[int] = 8

    aggregate = "mean_of_gaps"
    symmetries: Sequence[Symmetry[CvrpInstance]] = (LONGER, HEAVIER)
    formats: ClassVar[tuple[str, ...]] = (
        "CVRPLIB .vrp: coordinates (EUC_2D, CEIL_2D, EXACT_2D, ATT, GEO, ...) or an EXPLICIT matrix of any form; one depot, any node.",
        "  DISTANCE with SERVICE_TIME limits a route, VEHICLES the fleet; demands and CAPACITY may have decimals.",
        "CSV .csv: a line capacity,100 (perhaps distance,200 service_time,10 vehicles,5 in lines of their own), a head x,y,demand",
        "  (or lon,lat,demand, for kilometres; perhaps name, depot, service_time), a line per place, the depot first. No rounding.",
        "Solomon's text .txt where no time window restricts: the depot's due date limits a route, the number of vehicles the fleet.",
        "NumPy .npy: demand, x, y, shape (instances, customers + 1, 3), the capacity in reference.csv. No rounding.",
        "A folder of these. References: optima.csv or reference.csv beside them, else NAME.sol.",
        "Whatever else a file says that could restrict routes (time windows, pickups, several depots, ...) is refused by name.",
    )
    solution_suffix = ".sol"

    def __init__(self, *, set: PublishedSet | None = None) -> None:  # noqa: A002 - the word that configurations use
        """Choose the instances.

        Args:
            set: A published set instead of ours: "eoh_cvrp50" or "reevo_cvrp50". These have no references, so scores are mean lengths.
                With it comes the published interface, in which rules see lengths and loads in the instance's own units.

        Raises:
            ConfigError: `set` is another word.
        """
        if set is not None and set not in get_args(PublishedSet):
            raise ConfigError(
                f"{type(self).__name__}: set is {set!r}; known are {', '.join(get_args(PublishedSet))}, or nothing."
            )
        self.set: PublishedSet | None = set
        self.interface = (
            "free of units; lengths are in units of the customers' mean distance from the depot, loads are shares of the capacity"
            if set is None
            else f"published, as with the set {set}; lengths and loads are in the instance's own units"
        )
        self._read: dict[str, float] = {}
        self._fresh: frozenset[str] = frozenset()  # names of the instances that were drawn afresh

    def functions(self) -> tuple[Callable[..., Any], ...]:
        """The functions that evolve; those of the published interface with a published set."""
        return super().functions() if self.set is None else self.published

    def posed(self, instance: CvrpInstance) -> CvrpInstance:
        """The instance as the frame and its rules work on it.

        Free of units, or in its own with a published set.
        """
        return unit_free(instance) if self.set is None else instance

    def instances(self, split: Split) -> Sequence[CvrpInstance]:
        """Seeded instances, or those of the published set.

        Seeded ones have demands of 1 to 9.
        """
        made: list[CvrpInstance] = self.trusted("splits").instances(split, self.set)
        return made

    def resampled(self, seed: int) -> Sequence[CvrpInstance] | None:
        """Instances of the training families, drawn from other seeds; none in place of a published set."""
        if self.set is not None:
            return None
        made: list[CvrpInstance] = self.trusted("splits").instances("train", None, resampled=seed)
        self._fresh |= {instance.name for instance in made}
        return made

    def memory_bytes(self, instance: CvrpInstance) -> int:
        """The frame's matrices, for instances of which they are large."""
        nodes = instance.customers + 1
        return self.matrices_held * 8 * nodes**2 if nodes > LARGEST_AT_ONCE else 0

    def encode(self, instance: CvrpInstance) -> dict[str, Json]:
        """Every field that an instance has.

        Those of limits and matrices only where the instance has them.
        """
        return {
            key: value
            for key, value in with_encoded_metric(super().encode(instance)).items()
            if value is not None and value != []
        }

    def decode(self, data: Mapping[str, Json]) -> CvrpInstance:
        """Rebuild an instance in the guest."""
        return decoded(data)

    def cost(self, instance: CvrpInstance, solution: Json) -> float:
        """Total length of all routes, minimised.

        The number of vehicles is free unless the instance has a fleet. Then every route beyond it costs as much as visiting each customer
        with a vehicle of its own, so that no solution beyond the fleet is better than one within it that is any good.

        Args:
            instance: The instance.
            solution: Routes as lists of customers (1..customers) without the depot; empty routes are ignored.

        Raises:
            Infeasible: It is no such list, a customer is visited twice or never, or a route carries too
                much or takes longer (length and service) than the instance allows.
        """
        return price(instance, solution)

    def reference(self, instance: CvrpInstance) -> float | None:
        """The best known length, if any.

        For our instances from a long ruin and recreate, not proven; for those drawn afresh from a short one, whose routes are about 1 %
        longer, for all heuristics alike; for files what lies beside them.
        """
        if instance.name in self._fresh:
            length: float = self.trusted("splits").searched_length(instance)
            return length
        known: Mapping[str, float] = self._read if instance.name in self._read else self.trusted("splits").REFERENCES
        return known.get(instance.name)

    def measures(self, instance: CvrpInstance, solution: Json) -> Mapping[str, float]:
        """Routes in use, over the fewest possible.

        Counted are those that visit someone; the fewest are those that the demands allow. At least 1.
        """
        fewest = -(-int(instance.demands.sum()) // instance.capacity)
        return {"routes": sum(bool(route) for route in solution) / max(1, fewest)}

    def textbook_rules(self) -> Mapping[str, Callable[[CvrpInstance], Any]]:
        """The textbook rules of the problem's folder."""
        rules: Mapping[str, Callable[[CvrpInstance], Any]] = self.trusted("textbook_rules").RULES
        return rules

    def read_instances(self, path: Path) -> Sequence[CvrpInstance]:
        """Read a file or a folder, with the references beside.

        Files are `.vrp`, `.csv`, Solomon's and `.npy`.
        """
        read = self.trusted("splits").read_instances(path)
        self._read.update(read.references)
        instances: list[CvrpInstance] = read.complete()
        return instances

    def write_solution(self, instance: CvrpInstance, solution: Json) -> str:
        """Write a CVRPLIB `.sol` file."""
        return routes_text(solution, self.cost(instance, solution))

    def draw(self, instance: CvrpInstance, solution: Json) -> Drawing:
        """The routes by vehicle on the map, with the depot and the loads."""
        return drawn_routes(instance, solution)

    def warm_up(self) -> None:
        """Compile every kernel on three customers.

        Those of the textbook rules on the trusted side only.
        """
        start = Heuristic(code="", functions={function.__name__: function for function in self.functions()})
        for tiny in (TINY, TINY_ONE_WAY):
            self.solve(start, tiny, np.random.default_rng(0))
            if not in_guest():
                for solver in self.textbook_rules().values():
                    solver(tiny)


TINY = CvrpInstance(
    name="warm-up",
    family="warm-up",
    metric="EUCLIDEAN",
    coordinates=np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]),
    demands=np.array([0, 1, 2, 1], dtype=np.int64),
    capacity=3,
)
TINY_ONE_WAY = replace(
    TINY, metric=EXPLICIT, matrix=np.arange(16.0).reshape(4, 4) * (1.0 - np.eye(4)), max_duration=100.0, max_vehicles=2
)
