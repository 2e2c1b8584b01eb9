"""Streams that begin like another one and go on otherwise, to see whether a rule knows what is to come."""

import numpy as np
from numpy.typing import NDArray

from evoheur.problem import Twin

from .instance import BinPackingInstance

__all__ = ["EARLIEST_CUT", "LONGEST_TAIL", "draw"]

EARLIEST_CUT = 20
"""Items before the first cut, where the stream is long enough: before that few bins are open, and rules have little to choose from."""

LONGEST_TAIL = 64
"""Items after a cut: enough to be a future, and cheap."""


def draw(instance: BinPackingInstance, count: int, rng: np.random.Generator) -> list[Twin[BinPackingInstance]]:
    """Cut a stream at many places and give it another tail at each.

    The number of bins stays the original's, because rules are offered all of them. All else that comes after the cut changes: the next
    item always, and with it length, sum, and the multiset of sizes, for tails are short and drawn anew. A short tail is as good as
    a long one against rules that know a total or what is left, since both differ from the original's, and costs less.

    A rule that peeks at the next item only shows at a cut in one decision, whether the cut is early or late. So many cuts are needed,
    and early ones are cheap: from one to the next doubling of the beginning's length there are 0.7 times as many cuts, which makes the
    mean length the geometric mean of the shortest and the longest. Sixty twins of streams of 5,000 items have fewer items than four
    originals, and five of them are cut in the last four fifths.

    Args:
        instance: The original.
        count: How many twins.
        rng: For cuts and tails.

    Returns:
        The twins, latest cut first, since a rule that is tabulated is then tabulated once; none for a stream of one item.
    """
    items = instance.items
    if items.size < 2:
        return []
    sizes = np.unique(items)
    early, late = min(EARLIEST_CUT, items.size // 2) ** -0.5, (items.size - 1) ** -0.5
    places = (np.arange(count, 0, -1) - rng.random(count)) / count
    cuts = ((early + places * (late - early)) ** -2).astype(np.int64)
    return [_twin(instance, cut, _tail(sizes, items[cut:], rng)) for cut in cuts.tolist()]


def _twin(instance: BinPackingInstance, cut: int, tail: NDArray[np.int64]) -> Twin[BinPackingInstance]:
    return Twin(
        instance=_with(instance, np.concatenate((instance.items[:cut], tail))),
        decisions=cut,
        stump=_with(instance, instance.items[:cut]),
    )


def _with(instance: BinPackingInstance, items: NDArray[np.int64]) -> BinPackingInstance:
    bins = instance.items.size if instance.bins is None else instance.bins
    return BinPackingInstance(name=instance.name, family=instance.family, capacity=instance.capacity, items=items, bins=bins)


def _tail(sizes: NDArray[np.int64], real: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.int64]:
    # Only sizes that the stream has: an honest rule may fail at others. Half of the tails begin with the smallest, which fits in more
    # bins than any other and so changes the minds of most rules that peek.
    length = min(real.size, int(LONGEST_TAIL ** rng.random()))
    tail = rng.choice(sizes if rng.random() < 0.5 else sizes[:1], size=length)
    others = sizes[sizes != real[0]]
    if others.size and tail[0] == real[0]:
        tail[0] = rng.choice(others)
    return tail
