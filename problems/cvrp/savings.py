"""The savings method with any matrix of savings, and the savings of the literature."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from . import kernels
from .tours import linked_routes

__all__ = ["merged", "ordered_pairs", "savings_matrix"]


def savings_matrix(
    distances: NDArray[np.float64],
    demands: NDArray[np.int64],
    *,
    shape: float = 1.0,
    asymmetry: float = 0.0,
    load: float = 0.0,
) -> NDArray[np.float64]:
    """The saving of joining customers i and j: d_i0 + d_0j − λ d_ij + μ |d_i0 − d_0j| + ν (q_i + q_j) / mean demand.

    λ = 1, μ = ν = 0 is Clarke & Wright (1964, doi:10.1287/opre.12.4.568); λ is Yellow's shape (1970, doi:10.1057/jors.1970.52) and, at 2,
    Gaskell's π (1967, doi:10.1057/jors.1967.44); μ is Paessens's (1988, doi:10.1016/0377-2217(88)90154-3), ν Altınel & Öncan's
    (2005, doi:10.1057/palgrave.jors.2601916).

    Args:
        distances: Between nodes, shape (customers + 1, customers + 1).
        demands: Of the nodes, shape (customers + 1,).
        shape: λ.
        asymmetry: μ.
        load: ν, in units of distance.

    Returns:
        Shape (customers + 1, customers + 1); the row and column of the depot mean nothing.
    """
    home = distances[:, 0]
    savings = home[:, None] + home[None, :] - shape * distances
    if asymmetry:
        savings += asymmetry * np.abs(home[:, None] - home[None, :])
    if load:
        savings += load * (demands[:, None] + demands[None, :]) / max(float(demands[1:].mean()), 1e-9)
    return savings


def merged(savings: NDArray[np.float64], demands: NDArray[np.int64], capacity: int) -> list[list[int]]:
    """Join routes in the order of falling savings while these are positive, starting with one route per customer.

    Args:
        savings: Entry [i, j] is read for customers i < j, shape (customers + 1, customers + 1); no NaN.
        demands: Of the nodes, shape (customers + 1,).
        capacity: Of every vehicle.

    Returns:
        Routes as lists of customers.
    """
    return linked_routes(kernels.merge_pairs(*ordered_pairs(savings), demands, capacity))


def ordered_pairs(savings: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pairs of customers i < j whose saving is positive, largest saving first; ties in the order of i, then j."""
    first, second = _pairs(len(savings))
    values = savings[first, second]
    worth = np.flatnonzero(values > 0.0)
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
