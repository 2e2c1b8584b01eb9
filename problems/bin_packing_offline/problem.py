"""Offline one-dimensional bin packing."""

import ast
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evoheur.errors import ConfigError
from evoheur.problem import Heuristic, Infeasible, Json, Problem, Split, TextbookRule, in_guest, scaled, whole_numbers
from evoheur.problems.flat_heuristics.flat_values import NotFlat
from evoheur.problems.flat_heuristics.written_formula import written_formula
from evoheur.problems.packing.formats import FORMATS
from evoheur.problems.packing.packing_file import packing_text
from evoheur.source_solver import SourceSolver

from .bin_completion import ARGUMENTS, FlatCompletion, complete_bins
from .flat_completing import flat_completing, warm_up_flat_completing
from .instance import OfflineInstance
from .offline_packing import pack
from .order_and_fit import fit_scores, order_scores

__all__ = ["TIE_BREAKER", "OfflineBinPacking", "completing"]

TIE_BREAKER = 0.01
"""Weight of the fill term in the cost, in bins: too small to outweigh a bin, even summed over a hundred instances."""

_FLAT = {"path": "flat"}  # what is noted of a heuristic that is a formula


def completing(
    free: float,
    inside: float,
    left: float,
    mean: float,
    spare: float,
    size: NDArray[np.float64],
    rest: NDArray[np.float64],
    slack: NDArray[np.float64],
    following: NDArray[np.float64],
    alike: NDArray[np.float64],
    smaller: NDArray[np.float64],
    beside: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Score the sizes that could go into the open bin next; an item of the size with the highest score goes in, the larger one on ties.

    One bin is filled after the other, each from larger items to smaller ones: shown are the sizes of waiting items that fit and are not
    larger than the last item that went in, in falling order. When none is left, the bin is closed and the next one is opened. All sizes
    and spaces are shares of the capacity, from 0 to 1.

    Args:
        free: Free space of the open bin, 1 while it is empty.
        inside: How many items are in the open bin.
        left: Share of all items that still wait, 1 at first.
        mean: Mean size of the items that wait.
        spare: How much of every bin stays free on average, the open one included, if as few are used as there must be, by the volume and by
            the number of items that are larger than half a bin.
        size: Sizes of waiting items that fit, falling, shape (sizes,).
        rest: What is free after such an item went in, `free - size`, shape (sizes,).
        slack: What stays free at least after such an item went in, if the best of the waiting items that are not larger follow, at most
            `rest`, shape (sizes,).
        following: The largest waiting item that could follow it, 0 if there is none, shape (sizes,).
        alike: Share of the waiting items that have this size, shape (sizes,).
        smaller: Share of the waiting items that are smaller, shape (sizes,).
        beside: Share of the waiting items that could follow it, each for itself, shape (sizes,).

    Returns:
        One real number per size, shape (sizes,); not NaN.
    """
    return size - 1000 * slack


class OfflineBinPacking(Problem[OfflineInstance]):
    """Pack items of known sizes into as few bins of equal capacity as possible.

    All items are known beforehand, and an item is never moved again. Of two packings with as many bins, the one whose bins are more
    unequally filled is better, because an emptier bin is nearer to being saved. Bins that are full or nearly so matter, but so does what
    is left for later bins: large items and sizes that combine badly should not be left to the end.
    """

    heuristic = staticmethod(completing)
    aggregate = "mean_of_gaps"
    references_are_bounds = True
    only_order_counts = True
    formats = FORMATS
    solution_suffix = ".sol"

    def __init__(self, *, item_by_item: bool = False) -> None:
        """Choose what a heuristic is asked for.

        Args:
            item_by_item: Whether two functions choose the order of the items, and the bin of each one; else one function chooses what goes
                into a bin next, and sees what could still fill it.

        Raises:
            ConfigError: It is neither true nor false.
        """
        if not isinstance(item_by_item, bool):
            raise ConfigError(f"bin_packing_offline: item_by_item is {item_by_item!r}; give true or false.")
        self.item_by_item = item_by_item
        self._read: dict[str, float] = {}
        # The last candidate, which all instances share: its heuristic, if it is flat, and what is noted of it.
        self._flat: tuple[Callable[..., Any], FlatCompletion | None, dict[str, str]] | None = None
        if item_by_item:
            self.interface = "sizes in the instance's own units; items are put in order, then packed one by one"
            return
        self.interface = (
            "sizes as shares of the capacity; bins are filled one after the other, with a view of what could still fill each"
        )
        self.symmetries = (scaled("items", "capacity", by=10),)

    def functions(self) -> tuple[Callable[..., Any], ...]:
        """The function that fills bins, or those that choose the order and the bin of each item."""
        return (order_scores, fit_scores) if self.item_by_item else super().functions()

    def instances(self, split: Split) -> Sequence[OfflineInstance]:
        """Seeded instances of published classes and others."""
        made: list[OfflineInstance] = self.trusted("splits").instances(split)
        return made

    def resampled(self, seed: int) -> Sequence[OfflineInstance]:
        """Instances of the training families, drawn from other seeds."""
        made: list[OfflineInstance] = self.trusted("splits").instances("train", resampled=seed)
        return made

    def decode(self, data: Mapping[str, Json]) -> OfflineInstance:
        """Rebuild an instance in the guest."""
        return OfflineInstance(
            name=data["name"],
            family=data["family"],
            capacity=data["capacity"],
            items=np.array(data["items"], dtype=np.int64),
        )

    def heuristic_calls(self, instance: OfflineInstance) -> int:
        """One for every item, and one for their order where they are packed one by one."""
        return instance.items.size + self.item_by_item

    def solve(
        self,
        heuristic: Heuristic,
        instance: OfflineInstance,
        rng: np.random.Generator,  # noqa: ARG002 - nothing here is drawn
    ) -> NDArray[np.int64]:
        """Let the heuristic pack the items.

        One that is a formula is computed by compiled code; "path" in the notes is then "flat", else "plain".

        Returns:
            Bin of each item, shape (items,), counted from 0.

        Raises:
            BadAnswer: Scores are unusable.
        """
        with np.errstate(all="ignore"):  # dividing by zero is a heuristic's own business; what it makes of it counts
            if self.item_by_item:
                return pack(heuristic.functions["order_scores"], heuristic.functions["fit_scores"], instance)
            flat = self._flat_heuristic(heuristic)
            assignment = None if flat is None else flat.packed(instance.table)
            return complete_bins(heuristic.entry, instance) if assignment is None else assignment

    def solver_in_source(self, tree: ast.Module) -> SourceSolver[OfflineInstance] | None:
        """Packs by the formula that the source is, if it is one."""
        if self.item_by_item:
            return None
        try:
            flat = FlatCompletion(written_formula(tree, completing.__name__, ARGUMENTS))
        except NotFlat:
            return None
        return SourceSolver(solve=lambda instance: flat.packed(instance.table), notes=_FLAT)

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
        bin_of = whole_numbers(solution, length=items.size, low=0, high=items.size - 1, what="bin of item")
        loads = np.zeros(items.size, dtype=np.int64)
        np.add.at(loads, bin_of, items)
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
        """First fit decreasing, best fit decreasing, minimum bin slack.

        What minimum bin slack searches for, heuristics are shown, but for those that pack item by item.
        """
        rules: Mapping[str, Callable[[OfflineInstance], Any]] = self.trusted("textbook_rules").RULES
        if not self.item_by_item:
            return rules
        return {
            name: TextbookRule(solve=rule, work="search") if name.startswith("minimum_bin_slack") else rule
            for name, rule in rules.items()
        }

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
        """Compile the kernels of this side on three items."""
        tiny = OfflineInstance(name="warm-up", family="warm-up", capacity=10, items=np.array([6, 5, 4], dtype=np.int64))
        if not self.item_by_item:
            complete_bins(completing, tiny)
            warm_up_flat_completing()
        if not in_guest():
            for solver in self.textbook_rules().values():
                solver(tiny)

    def _flat_heuristic(self, heuristic: Heuristic) -> FlatCompletion | None:
        if self._flat is None or self._flat[0] is not heuristic.entry:
            try:
                self._flat = (heuristic.entry, FlatCompletion(flat_completing(heuristic)), dict(_FLAT))
            except NotFlat as reason:
                self._flat = (heuristic.entry, None, {"path": "plain", "plain_because": str(reason)})
        heuristic.notes.update(self._flat[2])
        return self._flat[1]
