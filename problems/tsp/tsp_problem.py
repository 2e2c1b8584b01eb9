"""The base of the travelling salesman problems.

It has what they have in common as problems: instances, checking and pricing.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from evoheur.drawing import Drawing
from evoheur.errors import ConfigError
from evoheur.problem import Json, Problem, Split
from evoheur.problems.routing.distances import ENCODED_METRIC, with_encoded_metric

from .drawn_tour import drawn_tour
from .instance import TspInstance, decoded
from .short_search import short_search
from .spacing_units import unit_free
from .symmetries import LONGER
from .tour import price
from .tour_file import tour_text

__all__ = ["WARM_UP", "TspProblem"]

WARM_UP: Mapping[str, Json] = {
    "name": "warm-up",
    "family": "warm-up",
    ENCODED_METRIC: "EUCLIDEAN",
    "data": [[x, y] for x in (0, 1, 3) for y in (0, 2, 5)],
}
"""Nine cities, to compile kernels on."""


class TspProblem(Problem[TspInstance]):
    """A travelling salesman problem.

    Its folder has two modules that the guest never holds. `splits` defines `instances(split, set_name)`, `BEST_KNOWN` (name → length) and
    `read_instances(path)`; `textbook_rules` defines `RULES`.

    Rules see lengths in units of the cities' spacing (`unit_free`), unless a published set is chosen, which comes with the published
    interface: lengths in the instance's own units.

    Attributes:
        sets: Published training sets that the problem knows.
        published: The functions of `heuristic` as the published interface describes them.
        matrices_held: How many matrices of the size of the distances the frame holds at a time, where an instance is large.
    """

    aggregate = "mean_of_gaps"
    symmetries = (LONGER,)
    solution_suffix = ".tour"
    sets: ClassVar[tuple[str, ...]]
    matrices_held: ClassVar[int]
    published: ClassVar[tuple[Callable[..., Any], ...]]
    formats: ClassVar[tuple[str, ...]] = (
        "TSPLIB .tsp: TYPE TSP, coordinates (EUC_2D, CEIL_2D, EXACT_2D, ATT, GEO, ...) or a symmetric EXPLICIT matrix of any form.",
        "CSV .csv: a head x,y (or lon,lat in degrees, for kilometres) and perhaps name, then a line per city. No rounding.",
        "NumPy .npy: coordinates, shape (instances, cities, 2). No rounding.",
        "A folder of these. References: optima.csv or reference.csv beside them, else NAME.opt.tour.",
        "Whatever else a file says that could restrict tours (FIXED_EDGES_SECTION, ...) is refused by name.",
    )

    def __init__(self, *, set: str | None = None) -> None:  # noqa: A002 - the word that configurations use
        """Choose the training instances.

        Args:
            set: A published training set instead of ours, scored by mean length as its papers do; validation and test stay ours. With it
                comes the published interface, in which rules see lengths in the instance's own units.

        Raises:
            ConfigError: There is no such set for this problem.
        """
        if set is not None and set not in self.sets:
            raise ConfigError(f"{type(self).__name__}: set is {set!r}; known are {', '.join(self.sets)}, or nothing.")
        self.set = set
        self.interface = (
            "free of units; lengths are in units of the mean distance from a city to its nearest one"
            if set is None
            else f"published, as with the set {set}; lengths are in the instance's own units"
        )
        self._read: dict[str, float | None] = {}
        self._fresh: frozenset[str] = frozenset()  # names of the instances that were drawn afresh

    def functions(self) -> tuple[Callable[..., Any], ...]:
        """The functions that evolve; those of the published interface with a published set."""
        return super().functions() if self.set is None else self.published

    def posed(self, instance: TspInstance) -> TspInstance:
        """The instance as the frame and its rules work on it.

        Free of units, or in its own with a published set.
        """
        return unit_free(instance) if self.set is None else instance

    def instances(self, split: Split) -> Sequence[TspInstance]:
        """Seeded instances of several families, smallest first.

        "train" is the published set if one is chosen.
        """
        made: list[TspInstance] = self.trusted("splits").instances(split, self.set)
        return made

    def resampled(self, seed: int) -> Sequence[TspInstance] | None:
        """Instances of the training families, drawn from other seeds; none in place of a published set."""
        if self.set is not None:
            return None
        made: list[TspInstance] = self.trusted("splits").instances("train", None, resampled=seed)
        self._fresh |= {instance.name for instance in made}
        return made

    def memory_bytes(self, instance: TspInstance) -> int:
        """The frame's matrices, for instances of which they are large."""
        return self.matrices_held * 8 * instance.cities**2 if instance.is_large else 0

    def encode(self, instance: TspInstance) -> dict[str, Json]:
        """Every field that an instance has."""
        return with_encoded_metric(super().encode(instance))

    def decode(self, data: Mapping[str, Json]) -> TspInstance:
        """Rebuild an instance in the guest."""
        return decoded(data)

    def cost(self, instance: TspInstance, solution: Json) -> float:
        """Length of the round trip, minimised.

        Args:
            instance: The instance.
            solution: Cities (0..cities-1) in the order of visiting; the way back to the first is implied.

        Raises:
            Infeasible: It is no such list, or a city is visited twice or never.
        """
        return price(instance, solution)

    def reference(self, instance: TspInstance) -> float | None:
        """The best known length, if any.

        For our instances from long local searches, not proven; for those drawn afresh from short ones, whose tours are longer by some
        tenths of a percent, for all heuristics alike; for files what lies beside them.
        """
        if instance.name in self._fresh:
            return short_search(instance)
        if instance.name in self._read:
            return self._read[instance.name]
        known: Mapping[str, float] = self.trusted("splits").BEST_KNOWN
        return known.get(instance.name)

    def textbook_rules(self) -> Mapping[str, Callable[[TspInstance], Any]]:
        """The textbook rules of the problem's folder."""
        rules: Mapping[str, Callable[[TspInstance], Any]] = self.trusted("textbook_rules").RULES
        return rules

    def read_instances(self, path: Path) -> Sequence[TspInstance]:
        """Read a file or a folder, with the references beside.

        Files are TSPLIB `.tsp`, `.csv` and `.npy`.
        """
        read = self.trusted("splits").read_instances(path)
        self._read.update({instance.name: read.references.get(instance.name) for instance in read.instances})
        instances: list[TspInstance] = read.complete()
        return instances

    def write_solution(self, instance: TspInstance, solution: Json) -> str:
        """Write a TSPLIB `.tour` file with the nodes' own numbers."""
        return tour_text(instance.name, solution, self.cost(instance, solution))

    def draw(self, instance: TspInstance, solution: Json) -> Drawing | None:
        """The tour on the map; a table where only a matrix of distances is known."""
        return drawn_tour(instance, solution)
