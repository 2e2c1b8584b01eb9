"""What is known of the places that tie for a job."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from evoheur.problems.flow_shop.kernels import idle_growth, span_at, spare_time

__all__ = ["tied_places"]


@njit(cache=True, nogil=True)
def tied_places(
    times: NDArray[np.int64],
    order: NDArray[np.int64],
    job: int,
    heads: NDArray[np.int64],
    tails: NDArray[np.int64],
    found: NDArray[np.int64],
) -> int:
    """Find the places where the makespan grows least with a job put in.

    Args:
        times: Shape (jobs, machines).
        order: The jobs that are placed.
        job: One that waits.
        heads: Of the partial order.
        tails: Likewise.
        found: Written: place, growth of idle time and spare time of each, in rising order of place; shape (3, at least places).

    Returns:
        How many there are, at least one.
    """
    count, least, ties = len(order), -1, 0
    for place in range(count + 1):
        span = span_at(times, job, heads, tails, place)
        if least < 0 or span < least:
            least, ties = span, 0
        if span == least:
            found[0, ties] = place
            ties += 1
    for number in range(ties):
        place = found[0, number]
        found[1, number] = idle_growth(times, order, count, heads, job, place)
        found[2, number] = spare_time(times, job, heads, tails, place)
    return ties
