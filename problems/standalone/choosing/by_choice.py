"""Solving with one of several heuristics, where instances are known as a whole."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from .chosen_heuristics import HEURISTICS, WAY, choose

__all__ = ["by_choice"]

Whole = TypeVar("Whole")
Solution = TypeVar("Solution")


def by_choice(
    whole: Whole,
    *,
    features: Callable[[Whole], Mapping[str, float]],
    smaller: Callable[[Whole], Whole],
    solved: Callable[[int, Whole], Solution],
    price: Callable[[Whole, Solution], float],
) -> Solution:
    """Solve an instance with the heuristic that is chosen for it.

    Args:
        whole: The instance.
        features: What the decision tree asks for.
        smaller: The instance on which heuristics are tried.
        solved: Place of a heuristic and an instance → solution.
        price: Of a solution of an instance, minimised.
    """
    if WAY == "tree":
        return solved(choose(features(whole)), whole)
    tried = whole if WAY == "all" else smaller(whole)
    solutions = [solved(place, tried) for place in range(len(HEURISTICS))]
    prices = [price(tried, solution) for solution in solutions]
    best = prices.index(min(prices))
    return solutions[best] if WAY == "all" else solved(best, whole)
