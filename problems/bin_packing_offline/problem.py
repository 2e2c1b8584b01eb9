"""Offline one-dimensional bin packing."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evoheur.problem import Heuristic, Infeasible, Json, Problem, Split, in_guest, whole_numbers
from evoheur.problems.packing.formats import FORMATS
from evoheur.problems.packing.packing_file import packing_text

from .instance import OfflineInstance
from .offline_packing import pack

__all__ = ["TIE_BREAKER", "OfflineBinPacking", "fit_scores", "order_scores"]

TIE_BREAKER = 0.01
"""Weight of the fill term in the cost, in bins: too small to outweigh a bin, even summed over a hundred instances."""


def order_scores(
    items: NDArray[np.int64],
    capacity: int,
) -> NDArray[np.float64]:
    """Score the items; they are packed from the highest score to the lowest, in the given order on ties.

    Args:
        items: Sizes, whole numbers of at least 1, shape (items,).
        capacity: Of every bin.

    Returns:
        One real number per item, shape (items,); not NaN.
    """
    return items.astype(float)


def fit_scores(
    item: int,
    bins: NDArray[np.int64],
    remaining: NDArray[np.int64],
    capacity: int,
) -> NDArray[np.float64]:
    """Score the bins for the item that is to be packed now; it goes into the bin with the highest score, the first one on ties.

    Args:
        item: Size of the item.
        bins: Free space of every opened bin that has room for the item, in the order in which they were opened, and at the end that of a
            new bin, which is the capacity; each is at least `item`, shape (bins,).
        remaining: Sizes of the items that are not packed yet in their order, this one first, shape (remaining,).
        capacity: Of every bin.

    Returns:
        One real number per bin, shape (bins,); not NaN.
    """
    return -(bins - item).astype(float)


class OfflineBinPacking(Problem[OfflineInstance]):
    """Pack items of known sizes into as few bins of equal capacity as possible.

    Two rules decide: in what order the items are packed, and into which bin each one goes; an item is never moved again. Of two packings
    with as many bins, the one whose bins are more unequally filled is better, because an emptier bin is nearer to being saved.
    """

    heuristic = (order_scores, fit_scores)
    aggregate = "mean_of_gaps"
    references_are_bounds = True
    formats = FORMATS
    solution_suffix = ".sol"

    def __init__(self) -> None:
        """There is nothing to set."""
        self._read: dict[str, float] = {}

    def instances(self, split: Split) -> Sequence[OfflineInstance]:
        """Seeded instances of published classes.

        Those of Falkenauer and of Scholl, Klein & Jürgens.
        """
        made: list[OfflineInstance] = self.trusted("splits").instances(split)
        return made

    def decode(self, data: Mapping[str, Json]) -> OfflineInstance:
        """Rebuild an instance in the guest."""
        return OfflineInstance(
            name=data["name"],
            family=data["family"],
            capacity=data["capacity"],
            items=np.array(data["items"], dtype=np.int64),
        )

    def solve(
        self,
        heuristic: Heuristic,
        instance: OfflineInstance,
        rng: np.random.Generator,  # noqa: ARG002 - nothing here is drawn
    ) -> NDArray[np.int64]:
        """Let the two heuristics pack the items.

        Returns:
            Bin of each item, shape (items,), counted from 0.

        Raises:
            BadAnswer: Scores are unusable.
        """
        with np.errstate(all="ignore"):  # dividing by zero is a heuristic's own business; what it makes of it counts
            return pack(heuristic.functions["order_scores"], heuristic.functions["fit_scores"], instance)

    def cost(self, instance: OfflineInstance, solution: Json) -> float:
        """Bins used, plus a hundredth of what their fill lacks; minimised.

        The second term is 1 − Σ (load / capacity)² / bins, Falkenauer's fill term (1996, doi:10.1007/BF00226291) turned round: below 1,
        and 0 if all bins are full.

        Args:
            instance: The instance.
            solution: Bin of each item as a list of whole numbers in 0..items-1; bins may be numbered in any order.

        Raises:
            Infeasible: It is no such list, or a bin is overfull.
        """
        items = instance.items
        loads = np.zeros(items.size, dtype=np.int64)
        np.add.at(loads, whole_numbers(solution, length=items.size, low=0, high=items.size - 1, what="bin of item"), items)
        fullest = int(loads.argmax())
        if loads[fullest] > instance.capacity:
            raise Infeasible(f"bin {fullest} holds {loads[fullest]} of {instance.capacity}")
        bins = int(np.count_nonzero(loads))
        squares = sum(load * load for load in loads.tolist())  # whole numbers, so the order of the bins changes nothing
        return bins + TIE_BREAKER * (1.0 - squares / (bins * instance.capacity**2))

    def reference(self, instance: OfflineInstance) -> float:
        """The bound L2, or a file's optimum.

        For our instances the bound, which no packing can beat; for files the optimum that lies beside them, if any.
        """
        if instance.name in self._read:
            return self._read[instance.name]
        return float(self.trusted("splits").lower_bound(instance))

    def textbook_rules(self) -> Mapping[str, Callable[[OfflineInstance], Any]]:
        """First fit decreasing, best fit decreasing, minimum bin slack."""
        rules: Mapping[str, Callable[[OfflineInstance], Any]] = self.trusted("textbook_rules").RULES
        return rules

    def read_instances(self, path: Path) -> Sequence[OfflineInstance]:
        """Read a file or a folder, with the optima beside.

        Files have the forms in `formats`.
        """
        read = self.trusted("files").read_instances(path)
        self._read.update(read.references)
        instances: list[OfflineInstance] = read.complete()
        return instances

    def write_solution(self, instance: OfflineInstance, solution: Json) -> str:  # noqa: ARG002 - the text has the bins only
        """Write a packing as text, a line per bin.

        A line has the numbers of the bin's items; the number of bins follows. See `solution_file`.
        """
        return packing_text(solution)

    def warm_up(self) -> None:
        """Compile the textbook rules on three items.

        On the trusted side only: the frame is plain Python.
        """
        if in_guest():
            return
        tiny = OfflineInstance(name="warm-up", family="warm-up", capacity=10, items=np.array([6, 5, 4], dtype=np.int64))
        for solver in self.textbook_rules().values():
            solver(tiny)
