"""Textbook rules written as heuristics of the problem, with which a search can begin.

Sweep and savings cannot be told: they look at all customers at once.
"""

from collections.abc import Mapping

__all__ = ["EXPRESSED"]

EXPRESSED: Mapping[str, Mapping[str, str]] = {
    "nearest_feasible": {
        "select_next_node": "int(unvisited_nodes[np.argmin(distance_matrix[current_node, unvisited_nodes])])",
    },
}
"""Textbook rule → function → the expression that it returns."""
