"""Sets of heuristics that complement each other, as pure functions over candidates; worths are minimised.

Source: Fei Liu et al. 2025, "EoH-S: Evolution of Heuristic Set using LLMs for Automated Heuristic Design", AAAI 2026 (arXiv 2508.03082),
for the complementary performance index and the greedy choice; DyCA for weights by cluster. The gain of a set is monotone with diminishing
returns, so the greedy one has at least 1 - 1/e of the largest possible gain over its first member.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Literal, TypeAlias

from evoheur.candidate import Candidate, InstanceResult

__all__ = [
    "InstanceWeights",
    "complementary_set",
    "distance",
    "instance_weights",
    "performance_index",
    "result_worths",
    "worths",
]

InstanceWeights: TypeAlias = Literal["instances", "families", "clusters"]
"""What counts alike: every instance, as published; every family, however many instances it has; or every cluster of instances on which the
same heuristic is the best of all that are compared, so that a crowd of like instances does not decide alone."""


def worths(candidate: Candidate) -> tuple[float, ...] | None:
    """What a candidate is worth on each instance: the gap in percent where there is a reference, else the cost.

    Returns:
        One number an instance, in the order of the split, or the objective alone where no results by instance are known; None for a
        candidate that failed.
    """
    if candidate.objective is None or candidate.evaluation.behaviour is None:
        return None
    if not candidate.evaluation.results:
        return (candidate.objective,)
    return result_worths(candidate.evaluation.results)


def result_worths(results: Iterable[InstanceResult]) -> tuple[float, ...]:
    """What a heuristic that did not fail is worth on each instance.

    The gap in percent where there is a reference, else the cost.
    """
    return tuple([result.cost or 0.0 if result.gap is None else result.gap for result in results])


def distance(first: Sequence[float], second: Sequence[float]) -> float:
    """The L1 distance of two vectors of worths."""
    return math.fsum([abs(one - other) for one, other in zip(first, second, strict=True)])


def performance_index(vectors: Iterable[Sequence[float]], weights: Sequence[float]) -> float:
    """The complementary performance index of a set: the weighted mean of the best worth on each instance.

    Args:
        vectors: The worths of its members, at least one.
        weights: One for each instance; they add up to 1.
    """
    best = [min(column) for column in zip(*vectors, strict=True)]
    return math.fsum([weight * worth for weight, worth in zip(weights, best, strict=True)])


def instance_weights(candidates: Sequence[Candidate], kind: InstanceWeights) -> list[float]:
    """How much every instance counts, at least 0 each and 1 together.

    Args:
        candidates: All that are compared, at least one; each with worths on the same instances.
        kind: What counts alike.
    """
    columns = list(zip(*[worths(candidate) or () for candidate in candidates], strict=True))
    if kind == "instances":
        return [1.0 / len(columns)] * len(columns)
    if kind == "families":
        labels: list[str | int] = [result.family for result in candidates[0].evaluation.results] or [""]
    else:
        labels = [min(range(len(column)), key=column.__getitem__) for column in columns]
    size = Counter(labels)
    return [1.0 / (len(size) * size[label]) for label in labels]


def complementary_set(candidates: Iterable[Candidate], size: int, *, weights: InstanceWeights = "instances") -> list[Candidate]:
    """Choose a set greedily: first the best mean, then whatever lowers the set's index most.

    Of candidates that lower it equally, in particular of those that do not, the one with the better mean is taken, then the earlier.
    Failures are left out, and so is a candidate that is worth the same as an earlier one on every instance.

    Args:
        candidates: In order of age.
        size: How many may be chosen.
        weights: How instances count.

    Returns:
        At most `size` candidates, in the order they were chosen.
    """
    first_with: dict[tuple[float, ...], Candidate] = {}
    length = None
    for candidate in candidates:
        vector = worths(candidate)
        if vector is not None and length in {None, len(vector)}:  # nothing compares with what was scored on other instances
            length = len(vector)
            first_with.setdefault(vector, candidate)
    if not first_with:
        return []
    each = instance_weights(list(first_with.values()), weights)
    weighted = [tuple([weight * worth for weight, worth in zip(each, vector, strict=True)]) for vector in first_with]
    left = sorted(zip(map(math.fsum, weighted), range(len(weighted)), weighted, first_with.values(), strict=True))
    _, _, best, chosen = left.pop(0)
    picked = [chosen]
    while left and len(picked) < size:
        place = min(range(len(left)), key=lambda at: (math.fsum(map(min, best, left[at][2])), at))
        _, _, vector, chosen = left.pop(place)
        best = tuple(map(min, best, vector))
        picked.append(chosen)
    return picked
