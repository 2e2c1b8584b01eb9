"""What a search by views keeps, as a few arrays that compiled loops hand on.

To hand on one array costs as much as to look at ten customers, so whole numbers are in one, the `table`, a row for each kind, shape
(TABLE_ROWS, columns); the columns are twice as many as nodes. The first rows are the routes of this iteration, as in `kernels`; the others:

- by route: its customers (`SIZE`), and the one nearest to the seed (`ANCHOR`);
- by node: how many customers had come back with it last time (`SINCE`), and its `DEMAND`;
- the routes in use from near to far (`USED`), and the customers that left, in the order in which they come back (`LEAVING`);
- of the places that are shown: the node `BEFORE`, 0 at the beginning of a route, and the route (`WHOSE`), 0 for a new one;
- which rows of what is shown are to be filled, 0 or 1: of customers (`CUSTOMER_READS`) and of places (`PLACE_READS`);
- numbers (`COUNTS`): customers that came back, and how many are to; the seed, which is the customer around which this iteration goes; how
  many left in it, and how many of these are back; routes in `USED`.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from evoheur.problems.cvrp.instance import Terms

from .kernels import draw

__all__ = [
    "ANCHOR",
    "BACK",
    "BEFORE",
    "COUNTS",
    "CURRENT",
    "CUSTOMER_READS",
    "CUSTOMER_ROWS",
    "CUSTOMER_SCALARS",
    "DEMAND",
    "KEPT_ROWS",
    "LEAVING",
    "LEFT",
    "MOST_LEAVING",
    "PLACED",
    "PLACE_READS",
    "PLACE_ROWS",
    "PLACE_SCALARS",
    "RECORD",
    "SEED",
    "SINCE",
    "SIZE",
    "SPACING",
    "TABLE_ROWS",
    "USED",
    "USED_ROUTES",
    "WANTED",
    "WHOSE",
    "SearchArrays",
    "at_least_zero",
    "noise",
    "noise_key",
]

SIZE, ANCHOR, USED, SINCE, DEMAND, LEAVING, BEFORE, WHOSE, CUSTOMER_READS, PLACE_READS, COUNTS = range(6, 17)
KEPT_ROWS, TABLE_ROWS = 7, 17
BACK, WANTED, SEED, LEFT, PLACED, USED_ROUTES = range(6)
CURRENT, RECORD = range(2)

CUSTOMER_SCALARS, CUSTOMER_ROWS = 4, 15
"""Shown with customers: progress, lot, spacing, per_route; then a view per row, distance to noise, as the heuristic names them."""

PLACE_SCALARS, PLACE_ROWS = 3, 8
"""Shown with places: progress, demand, home; then a view per row, added to noise."""

SPACING = 2
"""The row of customers that is the same throughout a search."""

MOST_LEAVING = 40
"""Customers that leave at once, at most. String removal takes out 10 on average, and never more than 36."""


class SearchArrays(NamedTuple):
    """A search on one instance.

    Attributes:
        table: See the module.
        kept: The routes to go on with (`CURRENT`), and the best (`RECORD`): the first rows of a table, shape (2, KEPT_ROWS, nodes).
        lengths: Of these two, with the price of vehicles beyond the fleet.
        distances: Between nodes, row from and column to, shape (nodes, nodes).
        reverse: The same, row to and column from.
        near: All customers from near to far for every customer, the lower number first on ties; a row is filled when it is first wanted,
            and is 0 before; shape (nodes, customers).
        terms: Limits of vehicles and fleet.
        source: State of `draw`.
    """

    table: NDArray[np.int64]
    kept: NDArray[np.int64]
    lengths: NDArray[np.float64]
    distances: NDArray[np.float64]
    reverse: NDArray[np.float64]
    near: NDArray[np.int32]
    terms: Terms
    source: NDArray[np.uint64]


@njit(cache=True, nogil=True)
def noise_key(source: NDArray[np.uint64]) -> np.uint64:
    """Draw the key of some noise."""
    draw(source)
    return np.uint64(source[0])


@njit(cache=True, nogil=True)
def noise(key: np.uint64, number: int) -> float:
    """A random number in [0, 1) by key and number, so that it does not matter which others are asked for.

    SplitMix (Steele, Lea & Flood 2014, doi:10.1145/2660193.2660195).
    """
    bits = key + (np.uint64(number) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    bits = bits ^ (bits >> np.uint64(31))
    return float(np.int64(bits >> np.uint64(11)) * (1.0 / 9007199254740992.0))


@njit(cache=True, nogil=True)
def at_least_zero(length: float) -> float:
    """A difference of lengths, 0 where it is below 0 by rounding alone, so that roots can be taken of it."""
    return 0.0 if -1e-8 < length < 0.0 else length
