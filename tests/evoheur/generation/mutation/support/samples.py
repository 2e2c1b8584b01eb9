"""Parents in the styles that language models write, and a second problem, for the tests of the offline generator."""

import numpy as np
from numpy.typing import NDArray

from evoheur.generation.mutation.breeding import Breeder, Parent
from evoheur.generation.mutation.typed_signature import Signature, baseline_source, read_signature

__all__ = ["BASELINE", "PARENTS", "PRIORITY", "STYLES", "breeder", "discount", "priority"]


def priority(item: int, bins: NDArray[np.int64]) -> NDArray[np.float64]:
    """Score bins.

    Args:
        item: Size of the item.
        bins: Free space of every bin, shape (bins,).

    Returns:
        One score per bin, shape (bins,).
    """
    return -(bins - item).astype(float)


def discount(price: float, stock: NDArray[np.int64], demand: NDArray[np.float64]) -> NDArray[np.float64]:
    """Score goods: a problem with other parameters than packing has.

    Args:
        price: Price of all goods.
        stock: How much is left of each.
        demand: How much is wanted of each.

    Returns:
        One score per good.
    """
    return (price * demand / (stock + 1)).astype(np.float64)


STYLES = {
    "formula": """
import numpy as np

def priority(item, bins):
    return 2.5 * (bins - item) ** 2 / (bins + 1) - np.where(bins - item < 3, 10, 0)
""",
    "statements": '''
import numpy as np
from numpy.typing import NDArray

def priority(item: int, bins: NDArray[np.int64]) -> NDArray[np.float64]:
    """Prefers tight fits. A docstring that an edit would make lie."""
    gap = bins - item  # what would be left
    tight = gap <= 2
    score = -gap / (np.max(bins) + 1.0)
    score[tight] += 5
    score[gap == 0] = 100.0
    return score
''',
    "loop": """
import math

def priority(item, bins):
    scores = []
    for free in bins:
        gap = free - item
        if gap == 0:
            scores.append(10.0)
        else:
            scores.append(1.0 / gap + math.log(free + 1))
    return scores
""",
    "comprehension": """
def priority(item, bins):
    return [1.0 / (free - item + 0.5) for free in bins]
""",
    "helpers": """
import numpy as np

SCALE = 12.0

def utilisation(item, bins):
    return item / (bins + SCALE)

def penalty(gap, limit=3):
    return np.exp(-gap / SCALE) * (gap > limit)

def priority(item, bins):
    gap = bins - item
    return utilisation(item, bins) - penalty(gap, limit=4)
""",
    "branches": """
import numpy as np

def priority(item, bins):
    if item > 50:
        return -np.sqrt(bins - item + 0.25)
    elif item > 20:
        return np.power(bins - item, 2) - 3.0 * bins
    scores = np.zeros_like(bins, dtype=float)
    for level in range(3):
        scores += (bins - item > 10 * level) * 1.5
    return scores
""",
    "integers in place": """
import numpy as np

def priority(free, room):
    scores = room - free
    scores *= 2
    scores[room > 50] -= 7
    order = np.argsort(room)
    best = room[order[0]]
    return -scores + best
""",
    "infinite": """
import numpy as np

def priority(item, bins):
    gap = bins - item
    return np.where(gap == 0, np.inf, -np.log(gap + 1) * 3.0)
""",
}

PRIORITY: Signature = read_signature(priority, nonnegative=True)
BASELINE = baseline_source([priority])
PARENTS = [Parent(f"parent {number}", code) for number, code in enumerate(STYLES.values(), start=1)]


def breeder(max_nodes: int = 60) -> Breeder:
    """A breeder for bin packing."""
    return Breeder([PRIORITY], BASELINE, max_nodes=max_nodes, order_terms=False)
