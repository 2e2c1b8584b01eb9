"""The base of the routing problems with time windows: instances, checking, pricing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from evoheur.problem import Heuristic, Json, Problem, Split, Symmetry, in_guest, scaled
from evoheur.problems.cvrp.routes_file import routes_text
from evoheur.problems.cvrp.symmetries import LONGER
from evoheur.problems.routing.distances import with_encoded_metric

from .instance import TimeWindowInstance, decoded
from .timely_routes import schedule, timed_price

__all__ = ["LATER", "TINY", "TimeWindowProblem"]


def _later(instance: TimeWindowInstance) -> TimeWindowInstance:
    longer = LONGER.change(instance)
    assert isinstance(longer, TimeWindowInstance)
    return replace(longer, ready_times=1024.0 * instance.ready_times, due_times=1024.0 * instance.due_times)


LATER = Symmetry(name="lengths and times × 1024", change=_later)
"""All lengths and times in a smaller unit."""


class TimeWindowProblem(Problem[TimeWindowInstance]):
    """A routing problem with time windows.

    Its folder has two modules that the guest never holds: `splits` defines `instances(split, resampled)`, `REFERENCES` (name → length),
    `searched_length(instance)` and `read_instances(path)`; `textbook_rules` defines `RULES`. Rules see lengths and times in units of the
    customers' mean distance from the depot, and loads as shares of the capacity.
    """

    aggregate = "mean_of_gaps"
    symmetries: Sequence[Symmetry[TimeWindowInstance]] = (LATER, scaled("demands", "capacity", by=10))
    formats: ClassVar[tuple[str, ...]] = (
        "Solomon's text .txt, also of Gehring & Homberger: number and capacity of vehicles, then number, x, y, demand, ready time, due",
        "  date and service time of the depot and of every customer. No rounding; the number of vehicles is not taken into account.",
        "A folder of these. References: optima.csv or reference.csv beside them.",
    )
    solution_suffix = ".sol"

    def __init__(self) -> None:
        """There is nothing to set."""
        self._read: dict[str, float] = {}
        self._fresh: frozenset[str] = frozenset()  # names of the instances that were drawn afresh

    def instances(self, split: Split) -> Sequence[TimeWindowInstance]:
        """Seeded instances of Solomon's kinds."""
        made: list[TimeWindowInstance] = self.trusted("splits").instances(split)
        return made

    def resampled(self, seed: int) -> Sequence[TimeWindowInstance]:
        """Instances of the training families, drawn from other seeds."""
        made: list[TimeWindowInstance] = self.trusted("splits").instances("train", resampled=seed)
        self._fresh |= {instance.name for instance in made}
        return made

    def encode(self, instance: TimeWindowInstance) -> dict[str, Json]:
        """Every field that an instance has."""
        fields = with_encoded_metric(super().encode(instance))
        return {key: value for key, value in fields.items() if value is not None and value != []}

    def decode(self, data: Mapping[str, Json]) -> TimeWindowInstance:
        """Rebuild an instance in the guest."""
        return decoded(data)

    def cost(self, instance: TimeWindowInstance, solution: Json) -> float:
        """Total length of all routes, minimised; the number of vehicles is free.

        Args:
            instance: The instance.
            solution: Routes as lists of customers (1..customers) without the depot; empty routes are ignored.

        Raises:
            Infeasible: It is no such list, a customer is visited twice or never, a route carries too much, a customer is served after its
                window, or a vehicle is back after the depot closes.
        """
        return timed_price(instance, solution)

    def reference(self, instance: TimeWindowInstance) -> float | None:
        """The best known length, if any.

        For our instances from a long search, not proven; for those drawn afresh from a short one; for files what lies beside
        them.
        """
        if instance.name in self._fresh:
            length: float = self.trusted("splits").searched_length(instance)
            return length
        known: Mapping[str, float] = self._read if instance.name in self._read else self.trusted("splits").REFERENCES
        return known.get(instance.name)

    def measures(self, instance: TimeWindowInstance, solution: Json) -> Mapping[str, float]:
        """Vehicles in use, and the share of their time in which they wait.

        Literature compares vehicles first, and lengths where these are equal.
        """
        timed = [schedule(instance, route) for route in solution if route]
        busy = sum(each.back - float(instance.ready_times[0]) for each in timed)
        return {"vehicles": float(len(timed)), "waiting": sum(each.waiting for each in timed) / busy if busy > 0.0 else 0.0}

    def textbook_rules(self) -> Mapping[str, Callable[[TimeWindowInstance], Any]]:
        """The textbook rules of the problem's folder."""
        rules: Mapping[str, Callable[[TimeWindowInstance], Any]] = self.trusted("textbook_rules").RULES
        return rules

    def read_instances(self, path: Path) -> Sequence[TimeWindowInstance]:
        """Read a file of Solomon's form or a folder, with the references beside."""
        read = self.trusted("splits").read_instances(path)
        self._read.update(read.references)
        instances: list[TimeWindowInstance] = read.complete()
        return instances

    def write_solution(self, instance: TimeWindowInstance, solution: Json) -> str:
        """Write a CVRPLIB `.sol` file."""
        return routes_text(solution, self.cost(instance, solution))

    def warm_up(self) -> None:
        """Compile every kernel on three customers; those of the textbook on the trusted side only."""
        start = Heuristic(code="", functions={function.__name__: function for function in self.functions()})
        self.solve(start, TINY, np.random.default_rng(0))
        if not in_guest():
            for solver in self.textbook_rules().values():
                solver(TINY)


TINY = TimeWindowInstance(
    name="warm-up",
    family="warm-up",
    metric="EUCLIDEAN",
    coordinates=np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]),
    demands=np.array([0, 1, 2, 1], dtype=np.int64),
    capacity=3,
    service_times=np.array([0.0, 1.0, 1.0, 1.0]),
    ready_times=np.array([0.0, 2.0, 0.0, 0.0]),
    due_times=np.array([20.0, 4.0, 20.0, 20.0]),
)
