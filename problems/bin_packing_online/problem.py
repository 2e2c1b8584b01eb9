"""Online one-dimensional bin packing."""

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from evoheur.errors import ConfigError
from evoheur.online import OnlineProblem
from evoheur.problem import Aggregate, Heuristic, Infeasible, Json, Split, in_guest, whole_numbers
from evoheur.problems.packing.formats import FORMATS
from evoheur.problems.packing.packing_file import packing_text

from . import strict_scores
from .instance import BinPackingInstance
from .kernels import bin_loads
from .level_grid import NotByLevel
from .offer_formula import MOST_BINS, formulas_bytes, read_formulas
from .offer_program import OfferPacking
from .offered_heuristic import formulas_of
from .protocol import NanHandling, open_bins
from .table import LARGEST_CAPACITY, Table, read_table
from .tabulate import Irregular, tabulated

__all__ = ["BinPackingInstance", "OnlineBinPacking", "priority"]


def priority(item: int, bins: NDArray[np.int64]) -> NDArray[np.float64]:
    """Score the bins for the item that has just arrived; it goes into the bin with the highest score, the first one on ties.

    Args:
        item: Size of the item, a whole number of at least 1.
        bins: Free space of every bin that has room for the item, each at least `item`, in the order of the bins. Bins that were never
            opened are among them, with the full capacity free; there is always at least one. The length differs from call to call.

    Returns:
        One real number per bin, in the same order and of the same length as `bins`. NaN counts as more than any number, as NumPy's argmax
        takes it, and the first of several wins.
    """
    return -(bins - item).astype(float)


class OnlineBinPacking(OnlineProblem[BinPackingInstance]):
    """Pack items that arrive one by one into as few bins of equal capacity as possible.

    Each item must be put into a bin with enough free space when it arrives, without knowing the items to come, and is never moved.
    Opening a bin costs one; good rules leave free space that later items can use well.
    """

    heuristic: ClassVar[Callable[..., Any]] = staticmethod(priority)
    aggregate: ClassVar[Aggregate] = "ratio_of_sums"
    references_are_bounds = True
    only_order_counts = True
    formats = FORMATS
    solution_suffix = ".sol"

    def __init__(self, *, nan: NanHandling = "highest") -> None:
        """Choose what a score of NaN means.

        This is the protocol's one choice.

        Args:
            nan: What a score of NaN means: "highest" lets the first NaN win, as NumPy's argmax does, which is what the published systems
                do (FunSearch, EoH); how often is noted beside the score. "error" fails the candidate.

        Raises:
            ConfigError: `nan` is another word.
        """
        if nan not in {"error", "highest"}:
            raise ConfigError(f"bin_packing_online: nan is {nan!r}; it is 'error' or 'highest'.")
        self.nan: NanHandling = nan
        # The last answer with the table or the formulas in it, which the streams of a candidate share.
        self._read: tuple[Any, Table | OfferPacking] | None = None

    def functions(self) -> tuple[Callable[..., Any], ...]:
        """The heuristic, which is told what NaN means."""
        return (strict_scores.priority,) if self.nan == "error" else (priority,)

    def instances(self, split: Split) -> Sequence[BinPackingInstance]:
        """Five seeded streams per family.

        "train" and "validation" differ in nothing but their seeds.
        """
        streams: Sequence[BinPackingInstance] = self.trusted("generate").streams(split)
        return streams

    def resampled(self, seed: int) -> Sequence[BinPackingInstance]:
        """Streams of the training families, drawn from other seeds."""
        streams: Sequence[BinPackingInstance] = self.trusted("generate").streams("train", seed)
        return streams

    def decode(self, data: Mapping[str, Json]) -> BinPackingInstance:
        """Rebuild a stream in the guest."""
        return BinPackingInstance(
            name=data["name"],
            family=data["family"],
            capacity=data["capacity"],
            items=np.array(data["items"], dtype=np.int64),
            bins=data["bins"],
        )

    def known(self, instance: BinPackingInstance) -> dict[str, Json]:
        """The capacity and the number of bins."""
        return {"capacity": instance.capacity, "bins": instance.items.size if instance.bins is None else instance.bins}

    def arrivals(self, instance: BinPackingInstance) -> list[int]:
        """Sizes in order of arrival."""
        sizes: list[int] = instance.items.tolist()
        return sizes

    def heuristic_calls(self, instance: BinPackingInstance) -> int:
        """One for every item."""
        return instance.items.size

    def start(
        self,
        heuristic: Heuristic,
        known: Mapping[str, Json],
        rng: np.random.Generator,  # noqa: ARG002 - nothing here is drawn
    ) -> Callable[[Json], Json]:
        """Let the heuristic score the bins for every item.

        A decision is the item's bin, counted from 0. "path" in the notes is then "plain", and "nan" says how many items NaN decided.

        Returns:
            A function from size to bin, which raises `BadScores` where the heuristic's answer for an item is unusable.
        """
        counted = itertools.count(1)

        def nan_won() -> None:
            heuristic.notes["nan"] = f"decided {next(counted)} items"

        place = open_bins(heuristic.entry, known["capacity"], known["bins"], nan=self.nan, nan_won=nan_won)
        heuristic.notes["path"] = "plain"

        def decide(arrival: Json) -> Json:
            with np.errstate(all="ignore"):  # dividing by zero is a heuristic's own business; what it makes of it counts
                return place(arrival)

        return decide

    def with_arrivals(self, instance: BinPackingInstance, arrivals: Sequence[Json]) -> BinPackingInstance:
        """The stream of other sizes.

        The number of bins stays, since heuristics are offered all of them.
        """
        items = np.array(arrivals, dtype=np.int64)
        return replace(instance, items=items, bins=self.known(instance)["bins"])

    def table_scope(self, instance: BinPackingInstance) -> Json | None:
        """The capacity, if a table is not too large.

        The table is of all sizes and levels.
        """
        return {"capacity": instance.capacity} if instance.capacity <= LARGEST_CAPACITY else None

    def answer_bytes(self, instance: BinPackingInstance) -> int:
        """The largest answer: a list of bins, a table of half of (capacity + 1)² scores, or formulas."""
        formulas = 0 if self.table_scope(instance) is None else formulas_bytes(instance.capacity)
        return max(16 * instance.items.size, formulas)

    def tabulate(self, heuristic: Heuristic, scope: Json) -> Any:
        """The scores of all levels for all sizes, or a formula for every size.

        There is a table if the heuristic scores levels; "path" in the notes is then "levels", and "nan" says how many scores are NaN. There
        are formulas if it also looks at places in the row, or at sums and extremes of all bins; "path" is then "places".
        """
        with np.errstate(all="ignore"):
            try:
                table = tabulated(heuristic, scope["capacity"])
            except Irregular:
                try:
                    table = formulas_of(heuristic, scope["capacity"])
                except NotByLevel as reason:
                    heuristic.notes.update(path="plain", plain_because=str(reason))
                    return None
                heuristic.notes["path"] = "places"
                return table
        heuristic.notes["path"] = "levels"
        return table

    def follow(self, instance: BinPackingInstance, table: Any) -> list[Json] | None:
        """Pack the stream by a table of scores, or by formulas; see `table.Table.pack` and `offer_program.OfferPacking.pack`."""
        bins = self.known(instance)["bins"]
        read = self._read
        if read is None or read[0] is not table or (isinstance(read[1], OfferPacking) and read[1].bins != bins):
            if isinstance(table, dict) and "structures" in table:
                if bins > MOST_BINS:
                    return None
                read = self._read = (table, OfferPacking(read_formulas(table, instance.capacity), bins))
            else:
                read = self._read = (table, read_table(table, instance.capacity))
        assignment = read[1].pack(instance.items, nan_wins=self.nan == "highest")
        return None if assignment is None else assignment.tolist()

    def cost(self, instance: BinPackingInstance, solution: Json) -> float:
        """Number of bins used, minimised; bins may be opened in any order.

        Args:
            instance: The stream.
            solution: Bin of each item as a list of whole numbers in 0..items-1.

        Raises:
            Infeasible: It is no such list, or a bin is overfull.
        """
        items = instance.items
        loads = bin_loads(whole_numbers(solution, length=items.size, low=0, high=items.size - 1, what="bin of item"), items)
        fullest = int(loads.argmax())
        if loads[fullest] > instance.capacity:
            raise Infeasible(f"bin {fullest} holds {loads[fullest]} of {instance.capacity}")
        return float(np.count_nonzero(loads))

    def reference(self, instance: BinPackingInstance) -> float:
        """The bound L1: sum of sizes over capacity, rounded up.

        From it the literature measures online heuristics.
        """
        return float(-(-int(instance.items.sum()) // instance.capacity))

    def textbook_rules(self) -> Mapping[str, Callable[[BinPackingInstance], Any]]:
        """First fit, best fit, worst fit, harmonic and sum of squares."""
        rules: Mapping[str, Callable[[BinPackingInstance], Any]] = self.trusted("textbook_rules").RULES
        return rules

    def read_instances(self, path: Path) -> Sequence[BinPackingInstance]:
        """Read a file of streams, or a folder of them; see `files.read_streams`."""
        streams: Sequence[BinPackingInstance] = self.trusted("files").read_streams(path)
        return streams

    def write_solution(self, instance: BinPackingInstance, solution: Json) -> str:  # noqa: ARG002 - the text has the bins only
        """Write a packing as text, a line per bin.

        A line has the numbers of the bin's items; the number of bins follows. See `solution_file`.
        """
        return packing_text(solution)

    def warm_up(self) -> None:
        """Compile every kernel on three items.

        The guest needs those of formulas only.
        """
        placed = Heuristic(
            code="import numpy as np\ndef priority(item, bins): return np.arange(len(bins)) - bins",
            functions={"priority": lambda _item, bins: np.arange(len(bins)) - bins},
        )
        formulas = self.tabulate(placed, {"capacity": 10})
        if in_guest():
            return
        reduced = Heuristic(
            code="def priority(item, bins): return bins.min() - bins",
            functions={"priority": lambda _item, bins: bins.min() - bins},
        )
        heuristic = Heuristic(code="def priority(item, bins): return -bins", functions={"priority": lambda _item, bins: -bins})
        instance = BinPackingInstance(name="warm-up", family="warm-up", capacity=10, items=np.array([6, 5, 4], dtype=np.int64))
        for solver in self.textbook_rules().values():
            self.cost(instance, solver(instance).tolist())
        self.follow(instance, self.tabulate(heuristic, self.table_scope(instance)))
        self.follow(instance, formulas)
        self.follow(instance, self.tabulate(reduced, {"capacity": 10}))
