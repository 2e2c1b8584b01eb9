"""MAP-Elites' grid over measures, with the best of every cell.

It is the method's archive; the measures are those of candidates.
"""

import math
import random
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from itertools import pairwise
from types import MappingProxyType
from typing import Annotated, Literal, TypeAlias

from pydantic import AfterValidator, Field, model_validator

from evoheur.candidate import Candidate
from evoheur.components import Config
from evoheur.strategies.structure import ElitesInGrid, GridElite

__all__ = ["CPU_SECONDS", "DEFAULT_GRID", "MEASURE_BINS", "Bins", "Cell", "Edges", "EqualCells", "Grid", "edges_of", "measure_of"]

CPU_SECONDS = "cpu_seconds"
"""The one measure that is not of the code: the processor time of the evaluation, which no two runs have in common."""

Cell: TypeAlias = tuple[int, ...]
"""The place of a cell, a number from 0 for every measure."""


def _ascending(edges: tuple[float, ...]) -> tuple[float, ...]:
    if any(edge >= following for edge, following in pairwise(edges)):
        raise ValueError(f"edges {list(edges)} do not ascend; each must be above the one before it")
    return edges


Edges: TypeAlias = Annotated[
    tuple[Annotated[float, Field(allow_inf_nan=False)], ...], Field(min_length=2), AfterValidator(_ascending)
]
"""Where the cells of a measure begin, and where the last one ends; ascending. A cell holds its lower edge and not its upper one."""


class EqualCells(Config):
    """Cells of equal width."""

    low: float = Field(allow_inf_nan=False)
    """Where the first cell begins."""

    high: float = Field(allow_inf_nan=False)
    """Where the last cell ends."""

    cells: int = Field(ge=1, le=1000)
    """How many cells there are in between."""

    scale: Literal["linear", "log2"] = "linear"
    """Whether their widths are equal as they are or in logarithms, where each cell's upper edge is the same multiple of its lower one."""

    @model_validator(mode="after")
    def _has_room(self) -> "EqualCells":
        if self.low >= self.high:
            raise ValueError(f"low: {self.low:g} is not below high: {self.high:g}")
        if self.scale == "log2" and self.low <= 0:
            raise ValueError(f"low: {self.low:g} has no logarithm; give scale: log2 a low above 0")
        return self


Bins: TypeAlias = Edges | EqualCells

MEASURE_BINS: Mapping[str, Bins] = MappingProxyType(
    {
        "branches": (0.0, 1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0),
        "calls": (0.0, 2.0, 4.0, 6.0, 8.0, 12.0, 16.0, 24.0),
        "constants": (0.0, 2.0, 4.0, 6.0, 8.0, 12.0, 16.0, 24.0),
        "lines": EqualCells(low=4, high=128, cells=10, scale="log2"),
        "loops": (0.0, 1.0, 2.0, 3.0, 4.0, 6.0),
        "nodes": EqualCells(low=32, high=1024, cells=10, scale="log2"),
        "operations": EqualCells(low=4, high=1024, cells=10, scale="log2"),
        CPU_SECONDS: EqualCells(low=1 / 64, high=64, cells=12, scale="log2"),
    }
)
"""Cells for the measures that every candidate has."""

DEFAULT_GRID: Mapping[str, Bins] = MappingProxyType({name: MEASURE_BINS[name] for name in ("nodes", "calls")})
"""How large the code is, and how many calls it makes: heuristics over arrays distinguish cases by `np.where`, without branches and
loops."""


def edges_of(bins: Bins) -> tuple[float, ...]:
    """The edges, written out."""
    if not isinstance(bins, EqualCells):
        return bins
    logarithmic = bins.scale == "log2"
    low, high = (math.log2(bins.low), math.log2(bins.high)) if logarithmic else (bins.low, bins.high)
    inner = (low + (high - low) * number / bins.cells for number in range(1, bins.cells))
    return (bins.low, *(2.0**edge if logarithmic else edge for edge in inner), bins.high)


def measure_of(candidate: Candidate, name: str) -> float:
    """One number that describes a candidate.

    Of its evaluation's measures, or "cpu_seconds"; 0 where it has none of that name.
    """
    return candidate.evaluation.cpu_seconds if name == CPU_SECONDS else candidate.evaluation.measures.get(name, 0.0)


class Grid:
    """The best candidate of every cell.

    Attributes:
        edges: Measure → edges of its cells, measures in alphabetical order; a `Cell` has its numbers in the same order.
    """

    def __init__(self, bins: Mapping[str, Bins]) -> None:
        """Make an empty grid.

        Args:
            bins: Measure → its cells; their order is of no consequence, as a database may not keep it.
        """
        self.edges = {name: edges_of(bins[name]) for name in sorted(bins)}
        self._elites: dict[Cell, Candidate] = {}
        self._occupied: list[Cell] = []  # its keys, to draw from

    @property
    def size(self) -> int:
        """How many cells there are, empty ones included."""
        return math.prod(len(edges) - 1 for edges in self.edges.values())

    @property
    def elites(self) -> Mapping[Cell, Candidate]:
        """Cell → its best candidate, in the order in which the cells were first occupied."""
        return MappingProxyType(self._elites)

    @property
    def coverage(self) -> float:
        """The share of cells that are occupied."""
        return len(self._elites) / self.size

    def cell_of(self, candidate: Candidate) -> Cell:
        """The cell that a candidate belongs to.

        What is out of range belongs to the cell at that border.
        """
        return tuple(bisect_right(edges[1:-1], measure_of(candidate, name)) for name, edges in self.edges.items())

    def add(self, candidate: Candidate) -> bool:
        """Keep a candidate that is its cell's first or best.

        To be best it has to be strictly better than the elite there. Tells whether it was kept.
        """
        if candidate.objective is None:
            return False
        cell = self.cell_of(candidate)
        elite = self._elites.get(cell)
        if elite is None:
            self._occupied.append(cell)
        elif elite.objective is not None and candidate.objective >= elite.objective:
            return False
        self._elites[cell] = candidate
        return True

    def structure(self) -> ElitesInGrid:
        """What it holds, in numbers."""
        occupied = sorted(self._elites.items(), key=lambda entry: entry[0])
        return ElitesInGrid(
            axes=self.edges,
            elites=tuple(GridElite(cell=cell, candidate=elite.id, objective=elite.objective) for cell, elite in occupied),
        )

    def draw(self, count: int, rng: random.Random) -> tuple[Candidate, ...]:
        """The elites of so many different cells.

        Each is as likely as any other; at most `len(elites)`.
        """
        return tuple(self._elites[cell] for cell in rng.sample(self._occupied, count))

    def mates_of(self, first: Candidate) -> Sequence[Candidate]:  # noqa: ARG002 - niches tell apart who may be one
        """The elites that a first parent may be united with."""
        return list(self._elites.values())

    def refile(self, elites: Sequence[Candidate]) -> None:
        """Hold these, each in its cell.

        Args:
            elites: Older ones first; those that failed are left out.
        """
        self._elites.clear()
        self._occupied.clear()
        for elite in elites:
            self.add(elite)
