"""What strategies hold while they search: a tree, islands, a grid, or members with their shares."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Optional, TypeAlias

__all__ = [
    "ElitesInGrid",
    "GridElite",
    "IslandPopulation",
    "PortfolioMember",
    "PortfolioShares",
    "ProgramCluster",
    "SearchIslands",
    "SearchTree",
    "Structure",
    "TreeSpot",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeSpot:
    """A heuristic's place in a search tree.

    Attributes:
        number: Its place in `SearchTree.spots`; 0 for the virtual root.
        candidate: Number of the heuristic; None for the root.
        parent: Number of the spot above; None for the root.
        depth: Steps to the root.
        objective: Of the heuristic, minimised; None for the root.
        value: Q, the objective that it stands for in the search, minimised; None for a root without children.
        visits: N, requests in flight included.
        pending: Requests in flight that may become children.
    """

    number: int
    candidate: int | None
    parent: int | None
    depth: int
    objective: float | None
    value: float | None
    visits: int
    pending: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchTree:
    """The tree of a tree search; parents come before their children."""

    spots: tuple[TreeSpot, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramCluster:
    """Programs of an island that cost the same on every instance.

    Attributes:
        objective: What they have in common, minimised.
        programs: How many there are.
        shortest: Number of the shortest one.
    """

    objective: float
    programs: int
    shortest: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IslandPopulation:
    """A population that is bred apart from others.

    Attributes:
        number: Of the island, from 0.
        resets: How often it began anew.
        registered: Programs since then.
        best: Number of its best candidate.
        best_objective: Of that one, minimised; None where it has none.
        clusters: Best first.
    """

    number: int
    resets: int
    registered: int
    best: int
    best_objective: float | None
    clusters: tuple[ProgramCluster, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchIslands:
    """Populations that are bred apart, by number."""

    islands: tuple[IslandPopulation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GridElite:
    """The best candidate of an occupied cell.

    Attributes:
        cell: Its place, a number from 0 for every axis.
        candidate: Number of the candidate.
        objective: Of that one, minimised.
    """

    cell: tuple[int, ...]
    candidate: int
    objective: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ElitesInGrid:
    """The best candidate of every kind.

    Attributes:
        axes: Measure → the edges of its cells, ascending, one more than there are cells; in the order of a cell's numbers.
        elites: Of the occupied cells, in the order of their places.
    """

    axes: Mapping[str, tuple[float, ...]]
    elites: tuple[GridElite, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PortfolioMember:
    """A strategy among others that share a budget.

    Attributes:
        name: Its kind; with its place where others are of that kind.
        asked: Requests that it was given so far.
        earned: What a request of its earned lately, on average, from 0 to 1.
        structure: What it holds itself; None where it has no structure.
    """

    name: str
    asked: int
    earned: float
    structure: Optional["Structure"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PortfolioShares:
    """Strategies that share a budget, in the order of the configuration."""

    members: tuple[PortfolioMember, ...]


Structure: TypeAlias = SearchTree | SearchIslands | ElitesInGrid | PortfolioShares
"""Whatever a strategy may show of itself."""
