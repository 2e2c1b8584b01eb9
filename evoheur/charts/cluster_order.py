"""An order of rows in which those that are alike stand side by side."""

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import leaves_list, linkage, optimal_leaf_ordering
from scipy.spatial.distance import pdist

__all__ = ["clustered"]

_MOST_SORTED = 300  # rows; the best order of the leaves takes time in proportion to their number cubed


def clustered(rows: NDArray[np.float64]) -> list[int]:
    """Order rows by average linkage, neighbours as alike as the clusters allow (Bar-Joseph, Gifford and Jaakkola 2001).

    Args:
        rows: Shape (rows, columns), finite.

    Returns:
        Places of the rows in the new order, the first row in its upper half; as they came where there are no two to choose from.
    """
    count = len(rows)
    if count < 3 or rows.shape[1] == 0:
        return list(range(count))
    distances = pdist(rows)
    tree = linkage(distances, method="average")
    if count <= _MOST_SORTED:
        tree = optimal_leaf_ordering(tree, distances)
    order = [int(place) for place in leaves_list(tree)]
    return order if order.index(0) < count / 2 else order[::-1]
