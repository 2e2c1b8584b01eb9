"""Textbook rules written as heuristics of the problem, with which a search can begin.

The others do not go from city to city.
"""

from collections.abc import Mapping

__all__ = ["EXPRESSED"]

EXPRESSED: Mapping[str, Mapping[str, str]] = {
    "nearest_neighbour": {
        "select_next_node": "int(unvisited_nodes[np.argmin(distance_matrix[current_node, unvisited_nodes])])",
    },
}
"""Textbook rule → function → the expression that it returns."""
