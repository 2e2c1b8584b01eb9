"""Places of nodes on a drawn map."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["map_places"]

_LATITUDE_FIRST = {"GEO"}  # TSPLIB's geographical coordinates are latitude, longitude; a map has the longitude to the right


def map_places(points: NDArray[np.float64], metric: str) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Where nodes lie on a drawn map.

    Args:
        points: Coordinates, shape (nodes, 2), or (nodes, 3) in space, which is seen from above.
        metric: What their distances are computed by, a key of `METRICS`, perhaps with a factor.

    Returns:
        To the right, and upwards, each of shape (nodes,).
    """
    right, up = (1, 0) if metric.partition("*")[0] in _LATITUDE_FIRST else (0, 1)
    return tuple(points[:, right].tolist()), tuple(points[:, up].tolist())
