"""The 0/1 knapsack problem with several resources."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evoheur.problem import Heuristic, Infeasible, Json, Problem, Split, in_guest, scaled, whole_numbers
from evoheur.problems.flat_heuristics.flat_values import NotFlat

from .flat_loads import FlatLoads, flat_loads, small_instance
from .instance import KnapsackInstance
from .load_building import built_load

__all__ = ["MultidimensionalKnapsack", "joining", "leaving"]

_FORMATS = (
    ".txt, .dat: how many instances; of each how many items and resources, best known value or 0, values, weights, capacities (OR-Library)",
    '.json: {"values": [9, 5], "weights": [[2, 3], [4, 1]], "capacities": [4, 4]}, a list of such; "name" and "optimum" if wanted',
)
"""Weights are listed resource by resource."""


def leaving(
    over: float,
    value: NDArray[np.float64],
    cost: NDArray[np.float64],
    need: NDArray[np.float64],
    tightest: NDArray[np.float64],
    strain: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Score the items of a load that uses more than there is; the item with the highest score leaves, the first one on ties.

    At first all items are in the load. One leaves after the other until all resources suffice. Values are in units of the most valuable
    item of the instance, and what an item uses of a resource is a share of what there is of it.

    Args:
        over: By how much the resources are overdrawn, as shares of what there is of each, mean over the resources, above 0.
        value: Of every item in the load, above 0, at most 1, shape (items,).
        cost: What each of them uses, at the dual prices of the linear relaxation, in units of value, at least 0, shape (items,).
        need: What each of them uses, mean over the resources, at least 0, shape (items,).
        tightest: What each of them uses of the resource of which it uses most, at most 1, shape (items,).
        strain: What each of them uses, mean over the resources weighted by how far each is overdrawn, at least 0, shape (items,).

    Returns:
        One real number per item, shape (items,); not NaN.
    """
    return -value / cost


def joining(
    free: float,
    value: NDArray[np.float64],
    cost: NDArray[np.float64],
    need: NDArray[np.float64],
    tightest: NDArray[np.float64],
    filled: NDArray[np.float64],
    fullest: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Score the items outside a load for which all resources still suffice; the item with the highest score joins it, the first on ties.

    It follows when no more items have to leave, and ends when no item fits. Units are as for `leaving`.

    Args:
        free: What is left of the resources, as shares of what there is of each, mean over the resources, at least 0.
        value: Of every item that still fits, above 0, at most 1, shape (items,).
        cost: What each of them uses, at the dual prices of the linear relaxation, in units of value, at least 0, shape (items,).
        need: What each of them uses, mean over the resources, at least 0, shape (items,).
        tightest: What each of them uses of the resource of which it uses most, at most 1, shape (items,).
        filled: What each of them uses of what is left, mean over the resources, at most 1, shape (items,).
        fullest: What each of them uses of what is left of the resource of which that is most, at most 1, shape (items,).

    Returns:
        One real number per item, shape (items,); not NaN.
    """
    return value / cost


class MultidimensionalKnapsack(Problem[KnapsackInstance]):
    """Choose items of the highest total value where every item uses several resources, and of each resource there is a limited amount.

    Each item is taken once or not at all. Two functions decide: which items leave a load that uses too much, beginning with all items, and
    which ones join it while something is left. Resources are short to different degrees, and dual prices tell how much each is worth.
    """

    heuristic = (leaving, joining)
    aggregate = "mean_of_gaps"
    references_are_bounds = True
    empty_answer_is_feasible = True
    only_order_counts = True
    formats = _FORMATS
    symmetries = (scaled("values", by=1024), scaled("weights", "capacities", by=10))

    def __init__(self) -> None:
        self._read: dict[str, float] = {}
        # The last candidate, which all instances share: its functions, how it builds loads if it is flat, and what is noted of it.
        self._flat: tuple[Mapping[str, Callable[..., Any]], FlatLoads | None, dict[str, str]] | None = None

    def instances(self, split: Split) -> Sequence[KnapsackInstance]:
        """Seeded instances of published classes and others."""
        made: list[KnapsackInstance] = self.trusted("splits").instances(split)
        return made

    def resampled(self, seed: int) -> Sequence[KnapsackInstance]:
        """Instances of the training families, drawn from other seeds."""
        made: list[KnapsackInstance] = self.trusted("splits").instances("train", resampled=seed)
        return made

    def decode(self, data: Mapping[str, Json]) -> KnapsackInstance:
        """Rebuild an instance in the guest."""
        return KnapsackInstance(
            name=data["name"],
            family=data["family"],
            values=np.array(data["values"], dtype=np.float64),
            weights=np.array(data["weights"], dtype=np.int64),
            capacities=np.array(data["capacities"], dtype=np.int64),
            prices=np.array(data["prices"], dtype=np.float64),
        )

    def heuristic_calls(self, instance: KnapsackInstance) -> int:
        """About once for every item: all of them leave or stay, and few of those that left come back."""
        return int(instance.values.size)

    def solve(
        self,
        heuristic: Heuristic,
        instance: KnapsackInstance,
        rng: np.random.Generator,  # noqa: ARG002 - nothing here is drawn
    ) -> NDArray[np.int64]:
        """Let the two functions build a load.

        Two that are formulas are computed by compiled code; "path" in the notes is then "flat", else "plain".

        Returns:
            1 for an item that is taken, else 0, shape (items,).

        Raises:
            BadAnswer: Scores are unusable.
        """
        with np.errstate(all="ignore"):  # dividing by zero is a heuristic's own business; what it makes of it counts
            flat = self._flat_loads(heuristic)
            load = None if flat is None else flat.built(instance)
            return built_load(heuristic.functions["leaving"], heuristic.functions["joining"], instance) if load is None else load

    def cost(self, instance: KnapsackInstance, solution: Json) -> float:
        """Minus the value of the load; minimised.

        Args:
            instance: The instance.
            solution: A list of 1 for each item that is taken, else 0.

        Raises:
            Infeasible: It is no such list, or uses more of a resource than there is.
        """
        taken = whole_numbers(solution, length=instance.values.size, low=0, high=1, what="mark of item")
        used = instance.weights @ taken
        if (used > instance.capacities).any():
            resource = int(np.argmax(used > instance.capacities))
            raise Infeasible(
                f"the load uses {used[resource]} of resource {resource}, of which there is {instance.capacities[resource]}"
            )
        return -float(instance.values @ taken)

    def reference(self, instance: KnapsackInstance) -> float:
        """Minus the optimum of the linear relaxation, or minus a file's best known value."""
        if instance.name in self._read:
            return self._read[instance.name]
        return -float(self.trusted("relaxation").upper_bound(instance))

    def textbook_rules(self) -> Mapping[str, Callable[[KnapsackInstance], Any]]:
        """Greedy by densities and gradients, and a search by exchanges."""
        rules: Mapping[str, Callable[[KnapsackInstance], Any]] = self.trusted("textbook_rules").RULES
        return rules

    def read_instances(self, path: Path) -> Sequence[KnapsackInstance]:
        """Read a file or a folder, with the best known values in it.

        Files have the forms in `formats`.
        """
        read = self.trusted("files").read_instances(path)
        self._read.update(read.references)
        instances: list[KnapsackInstance] = read.complete()
        return instances

    def warm_up(self) -> None:
        """Compile the kernels of this side on thirty items."""
        small = small_instance()
        built_load(leaving, joining, small)
        names: dict[str, Any] = {}
        exec(_FORMULAS, names)  # noqa: S102 - rules of our own
        functions = {name: names[name] for name in ("leaving", "joining")}
        self.solve(Heuristic(code=_FORMULAS, functions=functions), small, np.random.default_rng(0))
        if not in_guest():
            for solver in self.textbook_rules().values():
                solver(small)

    def _flat_loads(self, heuristic: Heuristic) -> FlatLoads | None:
        if self._flat is None or self._flat[0] is not heuristic.functions:
            try:
                self._flat = (heuristic.functions, flat_loads(heuristic), {"path": "flat"})
            except NotFlat as reason:
                self._flat = (heuristic.functions, None, {"path": "plain", "plain_because": str(reason)})
        heuristic.notes.update(self._flat[2])
        return self._flat[1]


_FORMULAS = (
    "def leaving(over, value, cost, need, tightest, strain):\n    return strain - value\n"
    "def joining(free, value, cost, need, tightest, filled, fullest):\n    return -fullest\n"
)
