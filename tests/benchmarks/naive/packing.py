"""Bin packing, on and off line."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

__all__ = ["levels", "offline", "online"]


def online(rules: Mapping[str, Callable[..., Any]], instance: Mapping[str, Any], _source: Any, _effort: int) -> float:
    """As many bins as items; the highest score wins."""
    free = np.full(len(instance["items"]), instance["capacity"])
    for item in instance["items"]:
        offered = np.nonzero(free >= item)[0]
        free[offered[np.argmax(rules["priority"](item, free[offered]))]] -= item
    return float((free < instance["capacity"]).sum())


def levels(rules: Mapping[str, Callable[..., Any]], instance: Mapping[str, Any], _source: Any, _effort: int) -> float:
    """Distinct free spaces with room and a new bin; the highest score wins."""
    capacity, free, past = instance["capacity"], [], []  # type: ignore[var-annotated]
    for item in instance["items"]:
        space = sum(free)
        past.append(item)
        shown = [*sorted({each for each in free if each >= item}), capacity]
        rows = [
            (
                level,
                level - item,
                free.count(level) if level < capacity else 0,
                free.count(level - item) if level > item else 0,
                past.count(level - item) / len(past),
                (sum(each <= level for each in past) + 1) / (len(past) + 1),
                (sum(each <= level - item for each in past) + 1) / (len(past) + 1),
            )
            for level in shown
        ]
        numbers = [np.float64(number) for number in (item, capacity, len(past), sum(past) / len(past), space)]
        chosen = shown[int(np.argmax(rules["priority"](*numbers, *np.array(rows, dtype=float).T.copy())))]
        if chosen < capacity:
            free.remove(chosen)
        free.append(chosen - item)
    return float(len(free))


def offline(rules: Mapping[str, Callable[..., Any]], instance: Mapping[str, Any], _source: Any, _effort: int) -> float:
    """Items in the order of their scores, each into the bin with the highest score, a new one among them."""
    capacity, items = instance["capacity"], np.array(instance["items"])
    order = np.argsort(-rules["order_scores"](items.copy(), capacity), kind="stable")
    free: list[int] = []
    for position, item in enumerate(items[order]):
        spaces = [*free, capacity]
        offered = [number for number, space in enumerate(spaces) if space >= item]
        scores = rules["fit_scores"](
            int(item), np.array([spaces[number] for number in offered]), items[order][position:], capacity
        )
        chosen = offered[int(np.argmax(scores))]
        if chosen == len(free):
            free.append(capacity)
        free[chosen] -= int(item)
    fill: float = sum((capacity - space) ** 2 for space in free) / (len(free) * capacity**2)
    return len(free) + 0.01 * (1.0 - fill)
