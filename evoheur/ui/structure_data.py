"""Structures of strategies as plain JSON values, a large tree cut down to what was visited most."""

from typing import Any

from evoheur.charts.search_structure import ElitesInGrid, PortfolioShares, SearchIslands, SearchTree, Structure
from evoheur.charts.tree_layout import placed

__all__ = ["MOST_SPOTS", "plain_structure"]

MOST_SPOTS = 800
"""So many spots of a tree are shown."""


def plain_structure(structure: Structure) -> dict[str, Any]:
    """A structure with its `kind`: "tree", "islands", "grid" or "portfolio"."""
    match structure:
        case SearchTree():
            return _tree(structure)
        case SearchIslands():
            return _islands(structure)
        case ElitesInGrid():
            return {
                "kind": "grid",
                "axes": {name: list(edges) for name, edges in structure.axes.items()},
                "elites": [[list(elite.cell), elite.candidate, elite.objective] for elite in structure.elites],
            }
        case PortfolioShares():
            return {
                "kind": "portfolio",
                "members": [
                    {
                        "name": member.name,
                        "asked": member.asked,
                        "earned": member.earned,
                        "structure": None if member.structure is None else plain_structure(member.structure),
                    }
                    for member in structure.members
                ],
            }


def _tree(tree: SearchTree) -> dict[str, Any]:
    """The spots that were visited most, which hang together.

    The spot above another one was visited as often at least, and is older.
    """
    by_visits = sorted(tree.spots, key=lambda spot: (-spot.visits, spot.number))[:MOST_SPOTS]
    kept = {spot.number for spot in by_visits} | {0}
    spots = [spot for spot in tree.spots if spot.number in kept]
    across = placed({spot.number: spot.parent for spot in spots})
    row = {spot.number: index for index, spot in enumerate(spots)}
    return {
        "kind": "tree",
        "total": len(tree.spots),
        "spots": [
            [
                spot.candidate,
                None if spot.parent is None else row[spot.parent],
                spot.depth,
                across[spot.number],
                spot.objective,
                spot.value,
                spot.visits,
                spot.pending,
            ]
            for spot in spots
        ],
    }


def _islands(islands: SearchIslands) -> dict[str, Any]:
    return {
        "kind": "islands",
        "islands": [
            {
                "number": island.number,
                "resets": island.resets,
                "registered": island.registered,
                "best": island.best,
                "best_objective": island.best_objective,
                "clusters": [[cluster.objective, cluster.programs, cluster.shortest] for cluster in island.clusters],
            }
            for island in islands.islands
        ],
    }
