"""A heuristic's scores as a table on the trusted side.

It is read from what came out of the guest, and followed item by item.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evoheur.problem import Infeasible, Json

from .kernels import pack_levels

__all__ = ["LARGEST_CAPACITY", "Table", "read_table"]

LARGEST_CAPACITY = 1000
"""Of bins whose heuristics are tabulated: half a million scores, 4 MB, which take longer to ask for than a stream of as many items does."""


@dataclass(frozen=True, slots=True)
class Table:
    """Scores of levels (free spaces of bins) for sizes of items.

    Attributes:
        scores: By size and level, shape (capacity + 1, capacity + 1); those of levels below the size mean nothing.
        missing: Whether a size has no scores, shape (capacity + 1,).
    """

    scores: NDArray[np.float64]
    missing: NDArray[np.bool_]

    def pack(self, items: NDArray[np.int64], *, nan_wins: bool) -> NDArray[np.int64] | None:
        """Pack a stream as the protocol would.

        Args:
            items: Sizes in order of arrival, each in 1..capacity.
            nan_wins: Whether the first NaN wins; else it is a fault of the heuristic.

        Returns:
            Bin of each item; None if an item has a size without scores, or NaN would win and must not.
        """
        if self.missing[items].any():
            return None
        assignment, unscored = pack_levels(items, len(self.scores) - 1, self.scores)
        return assignment if nan_wins or unscored < 0 else None


def read_table(answer: Json, capacity: int) -> Table:
    """Read a table from an untrusted answer.

    Args:
        answer: Anything; {"scores", "missing"} if it is what `tabulate.tabulated` gave: the scores of size 1 for levels 1..capacity, of
            size 2 for levels 2..capacity, and so on, as the bytes of float64, and a list of sizes.
        capacity: Of every bin.

    Raises:
        Infeasible: It is no such table.
    """
    if not isinstance(answer, dict) or not isinstance(answer.get("scores"), bytes) or not isinstance(answer.get("missing"), list):
        raise Infeasible(f"the answer is no table of scores: {answer!r:.60}")
    length, expected = len(answer["scores"]), capacity * (capacity + 1) // 2
    if length != 8 * expected:
        raise Infeasible(f"the table has {length} bytes of scores, expected {8 * expected}")
    rows, columns = np.triu_indices(capacity)
    scores = np.zeros((capacity + 1, capacity + 1))
    scores[rows + 1, columns + 1] = np.frombuffer(answer["scores"], dtype=np.float64)
    missing = np.zeros(capacity + 1, dtype=np.bool_)
    for size in answer["missing"]:
        if type(size) is not int or not 1 <= size <= capacity:
            raise Infeasible(f"{size!r:.60} is no size of an item, expected 1..{capacity}")
        missing[size] = True
    return Table(scores, missing)
