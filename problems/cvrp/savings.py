"""The savings method, and the savings of the literature.

The method takes any matrix of savings.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from . import kernels
from .instance import CvrpInstance
from .tours import following_routes, linked_routes

__all__ = ["joined_arcs", "joined_pairs", "merged", "ordered_pairs", "savings_matrix"]


def savings_matrix(
    distances: NDArray[np.float64],
    demands: NDArray[np.int64],
    *,
    shape: float = 1.0,
    asymmetry: float = 0.0,
    load: float = 0.0,
) -> NDArray[np.float64]:
    """The savings of joining customers, with three parameters.

    For customers i and j: d_i0 + d_0j − λ d_ij + μ |d_i0 − d_0j| + ν (q_i + q_j) / mean demand. λ = 1, μ = ν = 0 is Clarke & Wright
    (1964, doi:10.1287/opre.12.4.568); λ is Yellow's shape (1970, doi:10.1057/jors.1970.52) and, at 2, Gaskell's π (1967,
    doi:10.1057/jors.1967.44); μ is Paessens's (1988, doi:10.1016/0377-2217(88)90154-3), ν Altınel & Öncan's (2005,
    doi:10.1057/palgrave.jors.2601916).

    Args:
        distances: Between nodes, shape (customers + 1, customers + 1).
        demands: Of the nodes, shape (customers + 1,).
        shape: λ.
        asymmetry: μ.
        load: ν, in units of distance.

    Returns:
        Shape (customers + 1, customers + 1); the row and column of the depot mean nothing.
    """
    home, out = distances[:, 0, None], distances[0]
    savings: NDArray[np.float64] = home + out - shape * distances
    if asymmetry:
        savings += asymmetry * np.abs(home - out)
    if load:
        savings += load * (demands[:, None] + demands[None, :]) / max(float(demands[1:].mean()), 1e-9)
    return savings


def merged(savings: NDArray[np.float64], instance: CvrpInstance) -> list[list[int]]:
    """Join routes in the order of falling savings.

    Routes are joined while savings are positive, starting with one route per customer. Beyond that, routes are joined while there are
    more of them than vehicles, where the fleet is limited.

    Args:
        savings: Entry [i, j] is read for customers i < j, or for all i and j where distances depend on the direction, shape
            (customers + 1, customers + 1); no NaN.
        instance: Whose limits the routes keep.

    Returns:
        Routes as lists of customers.
    """
    if instance.limits.one_way:
        return following_routes(joined_arcs(savings, instance))
    return linked_routes(joined_pairs(savings, instance))


def joined_pairs(savings: NDArray[np.float64], instance: CvrpInstance) -> NDArray[np.int64]:
    """Two neighbours of every node after joining; see `kernels.merge_pairs`."""
    first, second = ordered_pairs(savings)
    worth = first.size
    if instance.max_vehicles is not None:
        first, second = ordered_pairs(savings, losses=True)
    return kernels.merge_pairs(first, second, instance.demands, instance.limits, worth)


def joined_arcs(savings: NDArray[np.float64], instance: CvrpInstance) -> NDArray[np.int64]:
    """The customer after every node after joining; see `kernels.merge_arcs`."""
    first, second = np.nonzero(~np.eye(len(savings), dtype=np.bool_))
    between = (first > 0) & (second > 0)
    first, second = first[between], second[between]
    values = savings[first, second]
    order = np.argsort(-values, kind="stable")
    worth = int(np.count_nonzero(values > 0.0))
    return kernels.merge_arcs(first[order], second[order], instance.demands, instance.limits, worth)


def ordered_pairs(savings: NDArray[np.float64], *, losses: bool = False) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pairs of customers with a saving, largest first.

    Pairs i < j whose saving is positive; ties in the order of i, then j.

    Args:
        savings: Shape (customers + 1, customers + 1).
        losses: Whether the pairs that save nothing follow.
    """
    first, second = _pairs(len(savings))
    values = savings[first, second]
    worth = np.arange(values.size) if losses else np.flatnonzero(values > 0.0)
    order = worth[_falling(values[worth])]
    return first[order], second[order]


def _falling(values: NDArray[np.float64]) -> NDArray[np.int64]:
    # Stable sorting takes four times as long, and is only needed where there are ties.
    order = np.argsort(-values)
    ordered = values[order]
    tied = bool((ordered[1:] == ordered[:-1]).any())
    return np.argsort(-values, kind="stable") if tied else order


@lru_cache(maxsize=4)
def _pairs(nodes: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    # The same for all instances of a size; a child computes them once.
    first, second = np.triu_indices(nodes - 1, k=1)
    return first + 1, second + 1
