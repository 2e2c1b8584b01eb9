"""Bin packing, one bin after the other."""

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

__all__ = ["filled", "packed"]


def filled(rules: Mapping[str, Callable[..., Any]], instance: Mapping[str, Any], _source: Any, _effort: int) -> float:
    """The size with the highest score goes in, until no waiting item that is not larger fits."""
    capacity = instance["capacity"]
    bins = packed(rules["completing"], list(instance["items"]), capacity)
    fill: float = sum(sum(each) ** 2 for each in bins) / (len(bins) * capacity**2)
    return len(bins) + 0.01 * (1.0 - fill)


def packed(completing: Callable[..., Any], items: list[int], capacity: int) -> list[list[int]]:
    """Bins as lists of sizes, in the order in which they are filled."""
    unit = math.gcd(*items)
    waiting, whole = sorted(each // unit for each in items), capacity // unit
    bins: list[list[int]] = [[]]
    while waiting:
        inside = [each // unit for each in bins[-1]]
        scalars, rows = _shown(waiting, inside, whole, len(items))
        if not rows:
            bins.append([])
            continue
        best = int(np.argmax(completing(*map(np.float64, scalars), *np.array(rows, dtype=float).T.copy())))
        size = round(rows[best][0] * whole)
        waiting.remove(size)
        bins[-1].append(size * unit)
    return bins


def _shown(waiting: list[int], inside: list[int], whole: int, items: int) -> tuple[tuple[float, ...], list[tuple[float, ...]]]:
    # Waiting items rise; the views are of falling sizes.
    free, volume = whole - sum(inside), sum(waiting) + sum(inside)
    large = sum(2 * each > whole for each in waiting) + bool(inside)  # each takes a bin of its own
    bins = max(-(-volume // whole), large)
    scalars = (
        free / whole,
        len(inside),
        len(waiting) / items,
        sum(waiting) / (len(waiting) * whole),
        (bins * whole - volume) / (bins * whole),
    )
    rows: list[tuple[float, ...]] = []
    sums = 1  # bit i of the sums is set if items so far reach i
    for size in sorted(set(waiting)):
        for _ in range(waiting.count(size) - 1):
            sums |= sums << size
        rest = free - size
        if rest >= 0 and size <= min(inside, default=whole):
            others = [each for each in waiting if each <= size]
            others.remove(size)
            following = [each for each in others if each <= rest]
            slack = rest - ((sums & ((1 << (rest + 1)) - 1)).bit_length() - 1)
            smaller = sum(each < size for each in waiting)
            shares = (size / whole, rest / whole, slack / whole, max(following, default=0) / whole)
            rows.append((*shares, *(number / len(waiting) for number in (waiting.count(size), smaller, len(following)))))
        sums |= sums << size
    return scalars, rows[::-1]
