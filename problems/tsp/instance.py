"""The data of a travelling salesman instance."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from evoheur.problem import Instance, Json
from evoheur.problems.routing.distances import (
    ENCODED_METRIC,
    EXPLICIT,
    LARGEST_AT_ONCE,
    distance_matrix,
    pair_lengths,
    row_blocks,
)

__all__ = ["TspInstance", "decoded", "read_only"]

Number = TypeVar("Number", np.float64, np.int64)


@dataclass(frozen=True, kw_only=True, eq=False)
class TspInstance(Instance):
    """Cities and the metric of their distances, which are symmetric.

    Attributes:
        metric: TSPLIB's EDGE_WEIGHT_TYPE: a key of `evoheur.problems.routing.distances.METRICS`, or `EXPLICIT`.
        data: Coordinates, shape (cities, 2), or (cities, 3) in space; for `EXPLICIT` the matrix, shape (cities, cities). float64.
    """

    metric: str
    data: NDArray[np.float64]

    @cached_property
    def distances(self) -> NDArray[np.float64]:
        """All distances, symmetric, shape (cities, cities); computed once, not to be changed."""
        return self.data if self.metric == EXPLICIT else distance_matrix(self.data, self.metric)

    @property
    def is_large(self) -> bool:
        """Whether the matrix of distances is better not made, since it takes hundreds of megabytes."""
        return self.metric != EXPLICIT and self.cities > LARGEST_AT_ONCE

    def lengths(self, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.float64]:
        """Distances of pairs of cities, shape (pairs,); of a large instance without its matrix."""
        if self.is_large:
            return pair_lengths(self.data, self.metric, starts, ends)
        return self.distances[starts, ends]

    def rows(self) -> Iterator[tuple[slice, NDArray[np.float64]]]:
        """The distances, some rows at a time; of a large instance without its matrix.

        Yields:
            Which rows, and their distances, shape (rows, cities), which are the caller's own.
        """
        if self.is_large:
            yield from row_blocks(self.data, self.metric)
        else:
            yield slice(0, self.cities), self.distances.copy()

    def shown(self) -> NDArray[np.float64]:
        """The distances, as a view that cannot be written.

        Heuristics that are asked many times get it.
        """
        return read_only(self.distances)

    def divisible(self) -> NDArray[np.float64]:
        """A copy of the distances without zeros.

        It may be divided by and ranked: the largest distance is on the diagonal, 1e-9 of it where it is 0.
        """
        largest = self.distances.max()
        distances: NDArray[np.float64] = np.maximum(self.distances, 1e-9 * largest)
        np.fill_diagonal(distances, largest)
        return distances

    @property
    def cities(self) -> int:
        """The number of cities."""
        return len(self.data)


def read_only(array: NDArray[Number]) -> NDArray[Number]:
    """A view that cannot be written through."""
    view = array.view()
    view.flags.writeable = False
    return view


def decoded(data: Mapping[str, Json]) -> TspInstance:
    """Rebuild an instance in the guest."""
    return TspInstance(
        name=data["name"], family=data["family"], metric=data[ENCODED_METRIC], data=np.array(data["data"], dtype=np.float64)
    )
