"""Dominance, fronts, crowding and hypervolume, as pure functions over points; every objective is minimised.

Sources: Kalyanmoy Deb, Amrit Pratap, Sameer Agarwal and T. Meyarivan 2002, "A fast and elitist multiobjective genetic algorithm: NSGA-II"
(doi:10.1109/4235.996017), for fronts and crowding; Eckart Zitzler and Lothar Thiele 1999, "Multiobjective evolutionary algorithms"
(doi:10.1109/4235.797969), for the hypervolume; Indraneel Das 1999, "On characterizing the 'knee' of the Pareto curve"
(doi:10.1007/s001580050111), for the knee.
"""

import math
from collections.abc import Sequence
from typing import TypeAlias

__all__ = ["Point", "crowding", "dominates", "fronts", "hypervolume", "knee"]

Point: TypeAlias = tuple[float, ...]
"""The objectives of a solution."""


def dominates(first: Point, second: Point) -> bool:
    """Whether the first is nowhere worse and somewhere better."""
    return first != second and all(one <= other for one, other in zip(first, second, strict=True))


def fronts(points: Sequence[Point]) -> list[list[int]]:
    """Sort points into fronts.

    Returns:
        Places of the points that none dominates; then of those that only these dominate; and so on. In each, places ascend.
    """
    dominated = [[other for other, point in enumerate(points) if dominates(this, point)] for this in points]
    above = [0] * len(points)
    for places in dominated:
        for place in places:
            above[place] += 1
    found = []
    front = [place for place, count in enumerate(above) if not count]
    while front:
        found.append(front)
        below = []
        for place in front:
            for other in dominated[place]:
                above[other] -= 1
                if not above[other]:
                    below.append(other)
        front = sorted(below)
    return found


def crowding(points: Sequence[Point]) -> list[float]:
    """How much room every point of a front has: the normalised sides of the box between its neighbours, added up.

    Points at an end of an objective have infinite room; an objective in which all are equal adds nothing.
    """
    room = [0.0] * len(points)
    for axis in range(len(points[0]) if points else 0):
        order = sorted(range(len(points)), key=lambda place: (points[place][axis], place))
        low, high = points[order[0]][axis], points[order[-1]][axis]
        room[order[0]] = room[order[-1]] = math.inf
        if low == high:
            continue
        for before, place, after in zip(order, order[1:], order[2:], strict=False):
            room[place] += (points[after][axis] - points[before][axis]) / (high - low)
    return room


def hypervolume(points: Sequence[Point], reference: Point) -> float:
    """The area that points dominate below a reference; for two objectives.

    Args:
        points: In any order; those that are not below the reference in both objectives add nothing.
        reference: A point that is worse than all that should count.

    Returns:
        The area in units of the one objective times those of the other; larger is better.
    """
    area, ceiling = 0.0, reference[1]
    for first, second in sorted(points):
        if first < reference[0] and second < ceiling:
            area += (reference[0] - first) * (ceiling - second)
            ceiling = second
    return area


def knee(points: Sequence[Point]) -> int | None:
    """The point of a front that is farthest below the line between its ends.

    For two objectives, both scaled to 0 … 1.

    Args:
        points: None dominates another.

    Returns:
        Its place; None where no point is below the line, as with fewer than three points.
    """
    if len(points) < 3:
        return None
    (left, top), (right, bottom) = min(points), max(points)
    if left == right or top == bottom:
        return None
    depth = [1.0 - (first - left) / (right - left) - (second - bottom) / (top - bottom) for first, second in points]
    deepest = max(range(len(points)), key=lambda place: (depth[place], -place))
    return deepest if depth[deepest] > 1e-12 else None
