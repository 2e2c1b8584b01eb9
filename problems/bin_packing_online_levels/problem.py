"""Online one-dimensional bin packing, by the levels of the bins."""

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from evoheur.problem import Aggregate, Heuristic, Json, Split, in_guest
from evoheur.problems.bin_packing_online.instance import BinPackingInstance
from evoheur.problems.bin_packing_online.problem import OnlineBinPacking
from evoheur.problems.flat_heuristics.flat_heuristic import FlatHeuristic, read_flat_heuristic
from evoheur.problems.flat_heuristics.flat_values import NotFlat
from evoheur.problems.flat_heuristics.written_formula import written_formula
from evoheur.source_solver import SourceSolver

from . import semi_online
from .flat_levels import flat_levels, warm_up_flat_levels
from .open_levels import ARGUMENTS, LEFT, open_levels, pack_by_flat_heuristic
from .stream_checksum import checksum

__all__ = ["OnlineBinPackingByLevels", "priority"]

_LARGEST_CAPACITY = 10_000  # with more levels than that, a rule needs room for millions of numbers
_FLAT_RULE_BYTES = 60_000


def priority(
    item: float,
    capacity: float,
    arrived: float,
    mean: float,
    space: float,
    free: NDArray[np.float64],
    rest: NDArray[np.float64],
    here: NDArray[np.float64],
    there: NDArray[np.float64],
    fill_there: NDArray[np.float64],
    fit_here: NDArray[np.float64],
    fit_there: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Score the levels for the item that has just arrived; it goes into a bin of the level with the highest score.

    A level is a free space that open bins with room for the item have; a bin that was never opened is the last level. Levels come in
    order of rising free space, and the first one wins ties. Sizes and spaces are whole numbers, given as floats.

    Args:
        item: Size of the item, at least 1.
        capacity: Size of every bin.
        arrived: How many items have arrived, this one included.
        mean: Mean size of the items that have arrived.
        space: Sum of the free spaces of all open bins.
        free: Free space of each level, at least `item`, rising; the last is `capacity`; shape (levels,).
        rest: What would stay free, `free - item`; shape (levels,).
        here: How many open bins have `free` now, 0 for the bin that was never opened; shape (levels,).
        there: How many open bins have `rest` now, 0 where nothing would stay free; shape (levels,).
        fill_there: Share of the items so far whose size is `rest`, which would fill the bin; shape (levels,).
        fit_here: Smoothed share of the items so far of size at most `free`: (how many + 1) / (arrived + 1); shape (levels,).
        fit_there: The same for `rest`: what would still fit afterwards; shape (levels,).

    Returns:
        One real number per level, shape (levels,); not NaN.
    """
    return np.where(free < capacity, 2 * here - 1, 0) - np.where(rest > 0, 2 * there + 1, 0)


class OnlineBinPackingByLevels(OnlineBinPacking):
    """Pack items that arrive one by one into as few bins of equal capacity as possible.

    Each item must be put into a bin with enough free space when it arrives, and is never moved. Opening a bin costs one. What matters
    is how many bins have each free space: good rules keep spaces open for which items are likely to come, and do not let many bins
    pile up at a space that hardly any item fills.
    """

    heuristic: ClassVar[Callable[..., Any]] = staticmethod(priority)
    aggregate: ClassVar[Aggregate] = "mean_of_gaps"

    def __init__(self, *, horizon: bool = False, further: bool = False) -> None:
        """Choose what a rule is told, and what it is bred on.

        Args:
            horizon: Whether it is told how many items are to come. Such rules are a class of their own, semi-online, and are not to be
                compared with online ones.
            further: Whether training and validation have two further families, one in other units and one of small items, so that rules
                do not rely on bins of about 100 that hold two or three items; and validation three that training lacks.
        """
        super().__init__()
        self.horizon = horizon
        self.further = further
        self.information = "horizon known" if horizon else "online"
        self._flat: tuple[Json, FlatHeuristic] | None = (
            None  # the last answer with the rule in it, which the streams of a candidate share
        )

    def functions(self) -> tuple[Callable[..., Any], ...]:
        """The rule, which is told the items to come or not."""
        return (semi_online.priority,) if self.horizon else (priority,)

    def instances(self, split: Split) -> Sequence[BinPackingInstance]:
        """Three to five seeded streams per family, of several kinds; smallest first."""
        streams: Sequence[BinPackingInstance] = self.trusted("generate").streams(split, further=self.further)
        return streams

    def resampled(self, seed: int) -> Sequence[BinPackingInstance]:
        """Streams of the training families, drawn from other seeds."""
        streams: Sequence[BinPackingInstance] = self.trusted("generate").streams("train", seed, further=self.further)
        return streams

    def variations(self) -> Mapping[str, tuple[float, float]]:
        """Mean size of an item as a share of a bin, and deviation of sizes as a share of that."""
        return {"mean": (0.05, 0.6), "spread": (0.05, 0.8)}

    def varied(self, parameters: Mapping[str, float], *, family: str, seed: int, count: int) -> Sequence[BinPackingInstance]:
        """Streams of normal sizes with this mean and spread."""
        streams: Sequence[BinPackingInstance] = self.trusted("generate").varied_streams(parameters, family, seed, count)
        return streams

    def known(self, instance: BinPackingInstance) -> dict[str, Json]:
        """The capacity and, if that is told, the number of items."""
        return {"capacity": instance.capacity, **({"items": _announced(instance)} if self.horizon else {})}

    def start(
        self,
        heuristic: Heuristic,
        known: Mapping[str, Json],
        rng: np.random.Generator,  # noqa: ARG002 - nothing here is drawn
    ) -> Callable[[Json], Json]:
        """Let the rule score the levels for every item.

        A decision is the item's bin, counted from 0. "path" in the notes is then "plain".

        Returns:
            A function from size to bin, which raises `BadScores` where the rule's answer for an item is unusable.
        """
        decide = open_levels(heuristic.entry, known["capacity"], known.get("items", 0), horizon=self.horizon)
        heuristic.notes["path"] = "plain"

        def decided(arrival: Json) -> Json:
            with np.errstate(all="ignore"):  # dividing by zero is a rule's own business; what it makes of it counts
                return decide(arrival)

        return decided

    def with_arrivals(self, instance: BinPackingInstance, arrivals: Sequence[Json]) -> BinPackingInstance:
        """The stream of other sizes, of which as many are announced."""
        return replace(instance, items=np.array(arrivals, dtype=np.int64), bins=_announced(instance))

    def table_scope(self, instance: BinPackingInstance) -> Json | None:
        """Nothing: a flat heuristic serves all streams, unless there may be too many levels."""
        return {} if instance.capacity <= _LARGEST_CAPACITY else None

    def answer_bytes(self, instance: BinPackingInstance) -> int:
        """The largest answer: a list of bins, or a flat heuristic."""
        return max(16 * instance.items.size, _FLAT_RULE_BYTES)

    def tabulate(self, heuristic: Heuristic, scope: Json) -> Json | None:  # noqa: ARG002 - the same for every stream
        """The rule itself as data, if it is flat; "path" in the notes is then "flat".

        A table of all decisions cannot be had, since they depend on everything that came before. But a formula can be computed by
        whoever knows it: trusted code packs by it, and the candidate's process never holds an arrival.
        """
        try:
            rule = flat_levels(heuristic, horizon=self.horizon)
        except NotFlat as reason:
            heuristic.notes.update(path="plain", plain_because=str(reason))
            return None
        heuristic.notes["path"] = "flat"
        return rule.document()

    def solver_in_source(self, tree: ast.Module) -> SourceSolver[BinPackingInstance] | None:
        """Packs by the formula that the source is, if it is one."""
        try:
            rule = written_formula(tree, "priority", ARGUMENTS, hidden=() if self.horizon else (LEFT,))
        except NotFlat:
            return None
        return SourceSolver(solve=lambda instance: self._packed(rule, instance), notes={"path": "flat"})

    def follow(self, instance: BinPackingInstance, table: Json) -> list[Json] | None:
        """Pack the stream by a flat heuristic; None where a score is NaN."""
        read = self._flat
        if read is None or read[0] is not table:
            read = self._flat = (table, read_flat_heuristic(table, len(ARGUMENTS)))
        assignment = self._packed(read[1], instance)
        return None if assignment is None else assignment.tolist()

    def _packed(self, rule: FlatHeuristic, instance: BinPackingInstance) -> NDArray[np.int64] | None:
        if self.table_scope(instance) is None:
            return None
        return pack_by_flat_heuristic(rule, instance.items, instance.capacity, _announced(instance) if self.horizon else 0)

    def reference(self, instance: BinPackingInstance) -> float:
        """The sum of sizes over capacity, rounded up, or a stored bound by linear programming where that is larger.

        There is one for the seeded streams whose items do not combine well.
        """
        bounds: Mapping[int, int] = self.trusted("cutting_stock_bounds").BOUNDS
        return max(super().reference(instance), float(bounds.get(checksum(instance.items), 0)))

    def warm_up(self) -> None:
        """Compile the kernels of this side on three items."""
        rule = Heuristic(code="def priority(*_): ...", functions={"priority": lambda *shown: -shown[-1]})
        instance = BinPackingInstance(name="warm-up", family="warm-up", capacity=10, items=np.array([6, 5, 4], dtype=np.int64))
        self.solve(rule, instance, np.random.default_rng(0))
        warm_up_flat_levels()
        if not in_guest():
            for solver in self.textbook_rules().values():
                self.cost(instance, solver(instance).tolist())
            self.follow(instance, {"constants": [], "steps": [[0, len(ARGUMENTS) - 1, 0, 0]]})


def _announced(instance: BinPackingInstance) -> int:
    return int(instance.items.size) if instance.bins is None else instance.bins
