"""What the capacitated vehicle routing problems have in common as problems: instances, checking and pricing."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

import numpy as np

from evoheur.errors import ConfigError
from evoheur.problem import Heuristic, Json, Problem, Split, in_guest

from .instance import CvrpInstance, PublishedSet, decoded
from .solution import price
from .solution_file import routes_text

__all__ = ["CvrpProblem"]


class CvrpProblem(Problem[CvrpInstance]):
    """A vehicle routing problem whose folder has two modules that the guest never holds.

    `splits` defines `instances(split, set_name)`, `REFERENCES` (name → cost) and `read_instances(path)`; `baselines` defines `BASELINES`.
    """

    aggregate = "mean_of_gaps"
    solution_suffix = ".sol"

    def __init__(self, *, set: PublishedSet | None = None) -> None:  # noqa: A002 - the word that configurations use
        """Choose the instances.

        Args:
            set: A published set instead of ours: "eoh_cvrp50" or "reevo_cvrp50". These have no references, so scores are mean lengths.

        Raises:
            ConfigError: `set` is another word.
        """
        if set is not None and set not in get_args(PublishedSet):
            raise ConfigError(
                f"{type(self).__name__}: set is {set!r}; known are {', '.join(get_args(PublishedSet))}, or nothing."
            )
        self.set: PublishedSet | None = set
        self._read: dict[str, float] = {}

    def instances(self, split: Split) -> Sequence[CvrpInstance]:
        """Seeded instances with demands of 1 to 9, or those of the published set."""
        made: list[CvrpInstance] = self.trusted("splits").instances(split, self.set)
        return made

    def decode(self, data: Mapping[str, Json]) -> CvrpInstance:
        """Rebuild an instance in the guest."""
        return decoded(data)

    def cost(self, instance: CvrpInstance, solution: Json) -> float:
        """Total length of all routes, minimised; the number of vehicles is free.

        Args:
            instance: The instance.
            solution: Routes as lists of customers (1..customers) without the depot; empty routes are ignored.

        Raises:
            Infeasible: It is no such list, a customer is visited twice or never, or a route carries too much.
        """
        return price(instance, solution)

    def reference(self, instance: CvrpInstance) -> float | None:
        """For our instances the best known length (a long ruin and recreate, not proven); for files what lies beside them."""
        known: Mapping[str, float] = self._read if instance.name in self._read else self.trusted("splits").REFERENCES
        return known.get(instance.name)

    def measures(self, instance: CvrpInstance, solution: Json) -> Mapping[str, float]:
        """Number of routes that visit someone, over the fewest that the demands allow; at least 1."""
        fewest = -(-int(instance.demands.sum()) // instance.capacity)
        return {"routes": sum(bool(route) for route in solution) / max(1, fewest)}

    def baselines(self) -> Mapping[str, Callable[[CvrpInstance], Any]]:
        """The textbook rules of the problem's folder."""
        rules: Mapping[str, Callable[[CvrpInstance], Any]] = self.trusted("baselines").BASELINES
        return rules

    def read_instances(self, path: Path) -> Sequence[CvrpInstance]:
        """Read CVRPLIB `.vrp` files, `.npy` sets, or a folder of them, with the references that lie beside them."""
        read = self.trusted("splits").read_instances(path)
        self._read.update(read.references)
        instances: list[CvrpInstance] = read.complete()
        return instances

    def write_solution(self, instance: CvrpInstance, solution: Json) -> str:
        """A CVRPLIB `.sol` file."""
        return routes_text(solution, self.cost(instance, solution))

    def warm_up(self) -> None:
        """Compile every kernel on three customers; those of the textbook rules on the trusted side only."""
        tiny = CvrpInstance(
            name="warm-up",
            family="warm-up",
            rule="EUCLIDEAN",
            coordinates=np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]),
            demands=np.array([0, 1, 2, 1], dtype=np.int64),
            capacity=3,
        )
        start = Heuristic(code="", functions={function.__name__: function for function in self.functions()})
        self.solve(start, tiny, np.random.default_rng(0))
        if not in_guest():
            for solver in self.baselines().values():
                solver(tiny)
