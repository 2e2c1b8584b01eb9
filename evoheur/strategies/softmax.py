"""Draws from a softmax without looking at every place."""

import math
import random
from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise

__all__ = ["softmax_choice"]


def softmax_choice(costs: Sequence[float], temperature: float, rng: random.Random) -> int:
    """Draw a place with a probability proportional to exp(-cost / temperature).

    It takes time logarithmic in the number of places. The draw is exact, by rejection. Bisection cuts the places into bands, the n-th of
    those whose cost exceeds the smallest by n to n + 1 temperatures. A band is drawn as if all its places had the largest weight that they
    may have, a place in it evenly, and the place is kept with the share of that weight that it really has. What is in no band, being far
    off, is one last band. With ln(places) bands this takes fewer than e + 1 tries on average.

    Args:
        costs: Ascending, at least one.
        temperature: At least 0, in units of costs; 0 is the limit, an even draw among the smallest costs.
        rng: Source of randomness.
    """
    if temperature == 0:
        return rng.randrange(bisect_right(costs, costs[0]))
    count = math.ceil(math.log(len(costs))) + 1
    ends = [0, *(bisect_right(costs, costs[0] + band * temperature) for band in range(1, count)), len(costs)]
    weights = [(end - start) * math.exp(-band) for band, (start, end) in enumerate(pairwise(ends))]
    while True:
        [band] = rng.choices(range(count), weights)
        place = rng.randrange(ends[band], ends[band + 1])
        if rng.random() < math.exp(band - (costs[place] - costs[0]) / temperature):
            return place
